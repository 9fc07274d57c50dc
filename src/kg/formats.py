"""The one table of formats: name, media types, suffix, and the engine's serializer.

Everything that reads or writes RDF or query results looks here: the command line's ``--format``,
the server's content negotiation, the suffixes of ``/data/…`` and of the files in data/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pyoxigraph import QueryResultsFormat, RdfFormat

from kg.errors import FormatError

__all__ = ["FORMATS", "GRAPHS", "RESULTS", "Format", "by_name", "by_suffix"]

Kind = Literal["graph", "results"]


@dataclass(frozen=True)
class Format:
    """One way to write an answer.

    `media_types` has the registered type first, then the other names a client may ask by.
    `quads` says whether named graphs survive.
    """

    name: str
    kind: Kind
    media_types: tuple[str, ...]
    suffix: str
    serializer: RdfFormat | QueryResultsFormat
    quads: bool = False

    @property
    def media_type(self) -> str:
        """The registered media type."""
        return self.media_types[0]

    @property
    def content_type(self) -> str:
        """The value of a Content-Type header."""
        if self.media_type.startswith("text/"):
            return f"{self.media_type}; charset=utf-8"
        return self.media_type


FORMATS: tuple[Format, ...] = (
    # The first of each kind is what a client gets that does not care.
    Format(
        "json",
        "results",
        ("application/sparql-results+json", "application/json"),
        "srj",
        QueryResultsFormat.JSON,
    ),
    Format(
        "xml",
        "results",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        "srx",
        QueryResultsFormat.XML,
    ),
    Format("csv", "results", ("text/csv",), "csv", QueryResultsFormat.CSV),
    Format("tsv", "results", ("text/tab-separated-values",), "tsv", QueryResultsFormat.TSV),
    Format("turtle", "graph", ("text/turtle", "application/x-turtle"), "ttl", RdfFormat.TURTLE),
    Format("trig", "graph", ("application/trig",), "trig", RdfFormat.TRIG, quads=True),
    Format("ntriples", "graph", ("application/n-triples", "text/plain"), "nt", RdfFormat.N_TRIPLES),
    Format("nquads", "graph", ("application/n-quads",), "nq", RdfFormat.N_QUADS, quads=True),
    Format("jsonld", "graph", ("application/ld+json",), "jsonld", RdfFormat.JSON_LD, quads=True),
    Format("rdfxml", "graph", ("application/rdf+xml",), "rdf", RdfFormat.RDF_XML),
)
RESULTS: tuple[Format, ...] = tuple(f for f in FORMATS if f.kind == "results")
GRAPHS: tuple[Format, ...] = tuple(f for f in FORMATS if f.kind == "graph")


def by_name(name: str, *, kind: Kind | None = None) -> Format:
    """The format called `name` (``turtle``) or with that suffix (``ttl``).

    Raises FormatError with the list of names when there is none.
    """
    choice = FORMATS if kind is None else tuple(f for f in FORMATS if f.kind == kind)
    for candidate in choice:
        if name in (candidate.name, candidate.suffix):
            return candidate
    names = ", ".join(f.name for f in choice)
    raise FormatError(f"there is no format {name!r} here", hint=f"one of: {names}")


def by_suffix(suffix: str) -> Format | None:
    """The graph format of files that end in ``.suffix``; None when it is not one of ours."""
    return next((f for f in GRAPHS if f.suffix == suffix), None)
