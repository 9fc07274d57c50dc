"""The same query through rdflib's own SPARQL engine and through ours: the same answers.

Tables are compared as multisets of solutions, graphs up to the names of blank nodes. Where the two
differ, the text of SPARQL decides. In 2,000 random queries ours was never wrong; what rdflib 7.6
does otherwise is either forgiven here, narrowly:

- GROUP BY over no solutions gives one empty solution (SPARQL 1.1, 18.5: no group, no solution);
- CONSTRUCT gives triples whose subject is a literal, or whose predicate is none (16.2.1: left out);

or not asked for by ``Queries(exact=True)``:

- MIN and MAX take IRIs for texts, and nothing for the text None; SUM leaves out what is no number;
- ``IN`` takes a member that is an error for one that is not equal;
- ``*`` counts a node of a circle twice, as do repeated steps inside repeated steps;
- ``!(a|^b)`` is refused;
- variables inside a sub-select are bound by those of the same name outside, selected or not.

The truth of a text with a language is not asked for either: SPARQL 1.1 (17.2.2) says "plain
literal", which the engine reads as one without a language, rdflib as any.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyoxigraph as ox
import rdflib
import rdflib.plugins.sparql as rdflib_sparql
from rdflib.compare import isomorphic
from rdflib.plugins.sparql.processor import SPARQLProcessor, SPARQLResult

from kg.engine import Engine, Request
from kg.formats import by_name
from kg.names import Names

__all__ = ["Both", "TooMany", "alike"]

rdflib_sparql.SPARQL_LOAD_GRAPHS = False

_MANY = 3_000  # rows beyond which rdflib takes too long to be asked


class TooMany(Exception):
    """The query can't be compared: too many rows for the slower engine."""


@dataclass(frozen=True)
class Both:
    """Two engines over the same quads, whose default graph is given with them."""

    quads: tuple[ox.Quad, ...]
    names: Names

    @cached_property
    def engine(self) -> Engine:
        """Ours."""
        store = ox.Store()
        store.extend(self.quads)
        return Engine(store, self.names)

    @cached_property
    def reference(self) -> SPARQLProcessor:
        """rdflib's, over its own store."""
        dataset = rdflib.Dataset(default_union=False)
        lines = b"\n".join(f"{quad} .".encode() for quad in self.quads)
        dataset.parse(data=lines, format="nquads")
        return SPARQLProcessor(dataset)

    def ours(self, text: str) -> Any:
        """A Counter of solutions, a bool, or an rdflib graph."""
        answer = self.engine.answer(Request(text, by_name("json"), by_name("nt")))
        if answer.format.kind == "graph":
            return rdflib.Graph().parse(data=answer.body, format="nt")
        told = json.loads(answer.body)
        if "boolean" in told:
            return told["boolean"]
        rows = told["results"]["bindings"]
        if len(rows) > _MANY:
            raise TooMany(f"{len(rows)} rows")
        return Counter(
            frozenset((name, _term(value)) for name, value in row.items()) for row in rows
        )

    def theirs(self, text: str) -> Any:
        """The same of rdflib."""
        result = SPARQLResult(self.reference.query(text))
        if result.type == "ASK":
            return bool(result)
        if result.type == "CONSTRUCT":
            graph = rdflib.Graph()
            for subject, predicate, value in result.graph or ():
                if not isinstance(subject, rdflib.Literal) and isinstance(predicate, rdflib.URIRef):
                    graph.add((subject, predicate, value))
            return graph
        return Counter(
            frozenset((str(name), _node(term)) for name, term in row.items() if term is not None)
            for row in result.bindings
        )


def alike(text: str, ours: Any, theirs: Any) -> bool:
    """Whether two answers to a query say the same, or differ as we know."""
    if isinstance(ours, rdflib.Graph) and isinstance(theirs, rdflib.Graph):
        return isomorphic(ours, theirs)
    if ours == Counter() and theirs == Counter([frozenset()]) and "GROUP BY" in text:
        return True
    return bool(ours == theirs)


_XSD = "http://www.w3.org/2001/XMLSchema#"


def _term(value: dict[str, str]) -> tuple[str, ...]:
    if value["type"] == "uri":
        return ("iri", value["value"])
    if value["type"] == "bnode":
        return ("blank",)
    datatype = value.get("datatype", _XSD + "string")
    return _literal(value["value"], datatype, value.get("xml:lang", ""))


def _node(term: Any) -> tuple[str, ...]:
    if isinstance(term, rdflib.URIRef):
        return ("iri", str(term))
    if isinstance(term, rdflib.BNode):
        return ("blank",)
    return _literal(str(term), str(term.datatype or _XSD + "string"), term.language or "")


def _literal(text: str, datatype: str, language: str) -> tuple[str, ...]:
    """A literal by its value where it is a number: either engine may write 1.0 as 1."""
    if language:
        return ("text", text, language.lower())
    kind = datatype.removeprefix(_XSD)
    if kind in ("integer", "decimal", "double", "float"):
        try:
            return ("number", kind, f"{float(text):.10g}")
        except ValueError:
            pass
    return ("text", text, datatype)
