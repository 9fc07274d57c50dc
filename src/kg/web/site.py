"""What every route needs, gathered once: the dataset, its engine, its public address."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kg import store
from kg.dataset import Dataset
from kg.derive import derive
from kg.engine import Engine, Request
from kg.exports import read_context
from kg.formats import by_name

__all__ = ["Site"]


@dataclass(frozen=True)
class Site:
    """One dataset as it is served. `base_iri` ends in a slash; `counts` are triples by graph IRI,
    with ``""`` for the default graph.
    """

    dataset: Dataset
    engine: Engine
    base_iri: str
    counts: dict[str, int]
    context: dict[str, Any] | None

    @classmethod
    def open(cls, dataset: Dataset, base_iri: str) -> Site:
        """Build the store and the derived graphs of a dataset."""
        quads = store.build(dataset, derive(dataset))
        counts: dict[str, int] = {"": 0}
        for quad in quads:
            name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            counts[name] = counts.get(name, 0) + 1
        engine = Engine(quads, dataset.names)
        return cls(dataset, engine, base_iri, counts, read_context(dataset))

    def rows(self, text: str) -> list[dict[str, str]]:
        """The solutions of one of our own SELECT queries: values by variable, unbound left out."""
        answer = self.engine.answer(Request(text, results=by_name("json")))
        bindings = json.loads(answer.body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    def triples(self, text: str) -> Iterable[ox.Quad]:
        """The triples of one of our own CONSTRUCT queries."""
        answer = self.engine.answer(Request(text, graph=by_name("ntriples")))
        return ox.parse(answer.body, format=ox.RdfFormat.N_TRIPLES)

    def holds(self, iri: str) -> bool:
        """Whether the merged graph says anything about an IRI."""
        answer = self.engine.answer(Request(f"ASK {{ <{iri}> ?p ?o }}", results=by_name("json")))
        return bool(json.loads(answer.body)["boolean"])

    def url(self, path: str) -> str:
        """The public address of a path (which begins without a slash)."""
        return self.base_iri + quote(path, safe="/-._~#?=&:")

    def page_of(self, iri: str) -> str | None:
        """The path of the page that shows an IRI here; None when we have none for it."""
        names = self.dataset.names
        identifier = names.identifier(iri)
        if identifier is not None:
            return f"page/{identifier}"
        for root in ("https://w3id.org/contested/vocab/", f"{names.root}vocab/"):
            if iri.startswith(root):
                name, _, concept = iri[len(root) :].partition("/")
                return f"vocab/{name}#{concept}" if concept else f"vocab/{name}"
        if iri.startswith("https://w3id.org/contested/ontology#"):
            return "ontology#" + iri.partition("#")[2]
        return None
