"""Whether two servers give the same answer: as a multiset of rows, or as a set of triples."""

from __future__ import annotations

import json
from collections import Counter

import pyoxigraph as ox

from bench.generate import Made
from bench.servers import Server
from bench.templates import Template

__all__ = ["Different", "canonical", "same_everywhere"]

_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Different(Exception):
    """Two servers disagree on the answer to a query."""


def canonical(body: bytes, *, graph: bool) -> Counter[tuple[object, ...]]:
    """An answer without the order of its rows and the freedoms of its syntax."""
    if graph:
        triples = {q.triple for q in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}
        return Counter((str(t),) for t in triples)
    return Counter(
        tuple(sorted((name, *_term(term)) for name, term in row.items()))
        for row in json.loads(body)["results"]["bindings"]
    )


def _term(term: dict[str, str]) -> tuple[str, str, str, str]:
    kind = "literal" if term["type"] == "typed-literal" else term["type"]
    datatype = term.get("datatype", "")
    language = term.get("xml:lang", "").lower()
    return kind, term["value"], "" if datatype == _STRING else datatype, language


def same_everywhere(
    template: Template, servers: list[Server], made: Made, patience: float = 300.0
) -> int:
    """Ask all servers the first queries of a template; the number of rows compared.

    Raises Different with the query and the first rows that only one of them has, and TimeoutError
    when a server needs more than `patience` seconds.
    """
    rows = 0
    for query in template.queries(made)[: template.compared]:
        first: Counter[tuple[object, ...]] | None = None
        for server in servers:
            status, _, body = server.ask(query, template.accept, patience=patience)
            if status != 200:
                raise Different(f"{server.name} answers {status} to:\n{query}\n{body[:300]!r}")
            found = canonical(body, graph=template.graph)
            if first is None:
                first = found
                rows += first.total()
            elif found != first:
                lost, gained = list(first - found)[:3], list(found - first)[:3]
                raise Different(
                    f"{servers[0].name} and {server.name} differ on:\n{query}\n"
                    f"only {servers[0].name}: {lost}\nonly {server.name}: {gained}"
                )
    if not rows:
        raise Different(f"the queries of {template.name!r} have no rows: nothing was compared")
    return rows
