"""SHACL validation: a dataset's shapes on the union of its graphs, as findings with places.

The only room that knows the validator (pySHACL). It validates the triples of the files, not those
of the store, because a store rewrites literals; and the union, because a claim in one graph speaks
of things in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import pyshacl
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.plugins import sparql
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from kg.dataset import Dataset, File
from kg.terms import rdflib_term

__all__ = ["Finding", "Severity", "findings", "graph_of"]

Severity = Literal["violation", "warning", "info"]
# rdflib would fetch the graphs that a FROM clause inside a shape names; nothing here dials out.
sparql.SPARQL_LOAD_GRAPHS = False

_SEVERITIES: dict[Node, Severity] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}


@dataclass(frozen=True)
class Finding:
    """One thing that a rule objects to.

    `rule` is the IRI of the shape (or the name of a check that is no shape), `focus` the thing it
    is about, `path` the property and `value` the value at fault where there is one (as N3),
    `message` what to do, `reason` why, and `place` ``file:line:column``.
    """

    rule: str
    focus: str
    severity: Severity
    message: str
    reason: str = ""
    path: str = ""
    value: str = ""
    place: str = ""


class _Prepared(Graph):
    """A graph that parses and translates the text of a query once.

    The validator asks one SELECT per focus node with other bindings; parsing it anew each time is
    most of the work. A translated query may be evaluated again, a parsed one may not: translation
    changes its tree.
    """

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(query_object, str):
            names = tuple(sorted((p, str(n)) for p, n in (kwargs.get("initNs") or {}).items()))
            query_object = _translated(query_object, names)
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=512)
def _translated(text: str, names: tuple[tuple[str, str], ...]) -> Query:
    return prepareQuery(text, initNs=dict(names))


def graph_of(files: Iterable[File]) -> Graph:
    """The union of files as one rdflib graph."""
    graph = _Prepared(bind_namespaces="none")
    for file in files:
        for quad in file.quads:
            graph.add(
                (rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object))
            )
    return graph


class Report:
    """What the validator said of one union, read into findings."""

    def __init__(self, shapes: Graph, report: Graph, dataset: Dataset) -> None:
        self._shapes = shapes
        self._report = report
        self._dataset = dataset

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """In order of severity, shape and focus."""
        found = {self._finding(node) for node in self._results()}
        order = list(_SEVERITIES.values())
        return tuple(
            sorted(found, key=lambda f: (order.index(f.severity), f.rule, f.focus, f.value))
        )

    def _results(self) -> Iterator[Node]:
        """The top results; those of nested shapes hang below them as sh:detail."""
        for report in self._report.subjects(RDF.type, SH.ValidationReport):
            yield from self._report.objects(report, SH.result)

    def _finding(self, node: Node) -> Finding:
        value = self._report.value
        shape = value(node, SH.sourceShape)
        focus = value(node, SH.focusNode)
        path = value(node, SH.resultPath)
        wrong = value(node, SH.value)
        terms = [str(t) for t in (focus, path, wrong) if isinstance(t, URIRef)]
        reason = self._shapes.value(shape, RDFS.comment) if shape else None
        message = value(node, SH.resultMessage)
        severity = value(node, SH.resultSeverity)
        return Finding(
            rule=str(shape),
            focus=str(focus),
            severity=_SEVERITIES.get(severity, "violation") if severity else "violation",
            message=str(message or ""),
            reason=str(reason or ""),
            path=str(path) if isinstance(path, URIRef) else "",
            value=wrong.n3() if wrong is not None else "",
            place=self._dataset.place(*terms) or "" if terms else "",
        )


def findings(dataset: Dataset, extra: Iterable[File] = ()) -> tuple[Finding, ...]:
    """Validate the union of a dataset (and `extra` files) against the dataset's shapes."""
    shapes = graph_of(dataset.shapes)
    union = graph_of((*dataset.files, *dataset.ontology, *extra))
    if not len(shapes) or not len(union):
        return ()
    _, report, _ = pyshacl.validate(
        union, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False
    )
    return Report(shapes, report, dataset).findings
