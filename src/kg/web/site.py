"""What every page needs, gathered once: the names, the engine to ask, the public address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from flask import g, has_request_context, request

from kg.catalogue import Catalogue
from kg.dataset import Dataset, Outline
from kg.engine import Answer, Request
from kg.exports import read_context
from kg.formats import by_name
from kg.names import CONTESTED, Names
from kg.web import languages
from kg.web.keeping import Kept
from kg.web.records import Record, records

__all__ = ["Site"]

_NO_PAGES = (
    "static/", "data/", "id/", "api/", "cite/", "disputes/", "graph-store", "openapi.json",
    "robots.txt",
)  # fmt: skip

_PLAIN = re.compile(r"[A-Za-z0-9/._~:-]*")  # nothing to quote
_KEPT = 16 << 20  # bytes

_KINDS = """SELECT DISTINCT ?kind WHERE {
  { SELECT * WHERE { <%s> ?any ?other } LIMIT 1 }
  OPTIONAL { <%s> a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* ?kind }
}"""


@dataclass(frozen=True)
class Site:
    """One dataset as it is served. `ask` evaluates a query of ours, wherever the engine is.

    `base_iri` ends in a slash; a request that came through a trusted proxy brings its own.
    `folders` hold the ontology (and the shapes, which no graph has).
    `state` gives the version (``digest``) and the triples by graph (``counts``) as they are now.
    `kept` is what pages keep for a version.
    """

    names: Names
    catalogue: Catalogue
    context: dict[str, Any] | None
    base_iri: str
    ask: Callable[[Request], Answer]
    state: Callable[[], Mapping[str, Any]] = field(default=dict)
    folders: tuple[Path, ...] = ()
    kept: Kept = field(default_factory=lambda: Kept(_KEPT), compare=False, repr=False)

    @classmethod
    def of(
        cls,
        dataset: Dataset | Outline,
        base_iri: str,
        ask: Callable[[Request], Answer],
        state: Callable[[], Mapping[str, Any]],
    ) -> Site:
        """The site of a dataset, or of its outline."""
        context = read_context(dataset)
        folders = dataset.ontology_folders
        return cls(dataset.names, dataset.catalogue, context, base_iri, ask, state, folders)

    @property
    def digest(self) -> str:
        """The version of the data."""
        return str(self.state().get("digest") or "")

    def rows(self, text: str) -> list[dict[str, str]]:
        """The solutions of one of our own SELECT queries: values by variable, unbound left out.

        They are read one by one: `json.loads` would keep every other thread waiting until the last.
        """
        answer = self.ask(Request(text, results=by_name("json")))
        found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [
            {name: _value(term) for name, term in zip(names, row, strict=True) if term is not None}
            for row in found
        ]

    def triples(self, text: str) -> Iterable[ox.Quad]:
        """The triples of one of our own CONSTRUCT queries."""
        answer = self.ask(Request(text, graph=by_name("ntriples")))
        return ox.parse(answer.body, format=ox.RdfFormat.N_TRIPLES)

    def records(self, text: str) -> dict[str, Record]:
        """What the triples of one of our own CONSTRUCT queries say of each thing."""
        return records(self.triples(text))

    def kinds(self, iri: str) -> frozenset[str] | None:
        """The classes of a thing and those above them; None when the graph says nothing of it."""
        rows = self.rows(_KINDS % (iri, iri))
        return frozenset(row["kind"] for row in rows if "kind" in row) if rows else None

    def url(self, path: str, **query: object) -> str:
        """The public address of a path (which begins without a slash; it may end in a fragment).

        `query` becomes the query string; an underscore at the end of a name is dropped (``from_``),
        and so is a parameter that is None; a list gives its name several times. A page's address
        carries the language that the present address names; ``lang=…`` sets another.
        """
        path, hash_, fragment = path.partition("#")
        values = {name.rstrip("_"): value for name, value in query.items()} if query else {}
        if "lang" not in values and "format" not in values and not path.startswith(_NO_PAGES):
            spoken = languages.explicit()
            if spoken:
                values["lang"] = spoken
        given = {name: value for name, value in values.items() if value is not None}
        asked = "?" + urlencode(given, doseq=True, quote_via=quote, safe=":,") if given else ""
        if not _PLAIN.fullmatch(path):
            path = quote(path, safe="/-._~:")
        return self._base() + path + asked + hash_ + quote(fragment, safe="/-._~:")

    def _base(self) -> str:
        """The public address of this request, ending in a slash."""
        if has_request_context():
            return request.environ.get("kg.base") or self.base_iri
        return self.base_iri

    def here(self, **query: object) -> str:
        """The address of the present page with some parameters set anew; None takes one away."""
        kept = {name: request.args.getlist(name) for name in request.args}
        return self.url(request.path.lstrip("/"), **{**kept, **query})

    def page_of(self, iri: str) -> str | None:
        """The path of the page that shows an IRI here; None when we have none for it."""
        identifier = self.names.identifier(iri)
        if identifier is not None:
            return f"page/{identifier}"
        for root in ("https://w3id.org/contested/vocab/", f"{self.names.root}vocab/"):
            if iri.startswith(root):
                name, _, concept = iri[len(root) :].partition("/")
                return f"vocab/{name}#{concept}" if concept else f"vocab/{name}"
        for document in ("ontology", "shapes"):
            if iri.startswith(f"{CONTESTED}{document}#"):
                return f"{document}#" + iri.partition("#")[2]
        if iri.startswith(f"{CONTESTED}ontology"):
            return iri.removeprefix(CONTESTED)  # the model itself, or a version of it
        path = iri.removeprefix(self.names.root)
        if path != iri and (path == "dataset" or path.startswith(("graph/", "derived/"))):
            return path
        return None

    def href(self, iri: str | None) -> str | None:
        """Where an IRI leads: to our page for it, else to itself when it is a web address."""
        if iri is None:
            return None
        if not has_request_context():
            return self._leads_to(iri, "", "")
        known: dict[str, str | None] | None = g.get("known_addresses")
        if known is None:  # a page links to some hundred things, and to the same again and again
            known = g.known_addresses = {}
            g.around_paths = self.url("page/").rpartition("page/")[::2]
        if iri not in known:
            known[iri] = self._leads_to(iri, *g.around_paths)
        return known[iri]

    def _leads_to(self, iri: str, before: str, after: str) -> str | None:
        """See `href`; `before` and `after` are what stands around the path of a page, if known."""
        path = self.page_of(iri)
        if path is not None:
            if before and path.startswith("page/"):
                return before + path + after
            return self.url(path)
        return iri if iri.startswith(("http://", "https://", "mailto:")) else None


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
