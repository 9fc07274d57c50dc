"""Validation reports (SHACL 3.6): written from results, read into results, compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox

from kg.names import rdf, sh, xsd
from kg.shacl.graph import ShapesGraph, Term
from kg.shacl.model import Result
from kg.shacl.paths import read_path

__all__ = ["compared", "read_report", "report"]


def report(results: Iterable[Result], shapes: ShapesGraph) -> list[ox.Triple]:
    """The validation report as triples, with the paths that it names copied from the shapes."""
    top = ox.BlankNode("report")
    found = list(results)
    conforms = ox.Literal("false" if found else "true", datatype=xsd.boolean)
    triples = [
        ox.Triple(top, rdf.type, sh.ValidationReport),
        ox.Triple(top, sh.conforms, conforms),
    ]
    copied: set[Term] = set()
    for number, result in enumerate(found):
        node = ox.BlankNode(f"result{number}")
        triples.append(ox.Triple(top, sh.result, node))
        triples.append(ox.Triple(node, rdf.type, sh.ValidationResult))
        for predicate, value in (
            (sh.focusNode, result.focus),
            (sh.resultPath, result.path),
            (sh.value, result.value),
            (sh.sourceConstraintComponent, result.component),
            (sh.sourceShape, result.shape),
            (sh.sourceConstraint, result.constraint),
            (sh.resultSeverity, result.severity),
        ):
            if value is not None:
                triples.append(ox.Triple(node, predicate, value))
        triples += [ox.Triple(node, sh.resultMessage, message) for message in result.messages]
        if isinstance(result.path, ox.BlankNode):
            triples += _copied(shapes, result.path, copied)
    return triples


def _copied(shapes: ShapesGraph, node: Term, copied: set[Term]) -> list[ox.Triple]:
    """What the shapes say of a blank node, and of those it leads to, each once."""
    if node in copied or not isinstance(node, ox.BlankNode):
        return []
    copied.add(node)
    found = []
    for predicate, values in shapes.out.get(node, {}).items():
        for value in values:
            found.append(ox.Triple(node, predicate, value))
            found += _copied(shapes, value, copied)
    return found


def read_report(graph: ShapesGraph) -> list[Result]:
    """The top results of a validation report; those of nested shapes hang below as sh:detail."""
    found = []
    for top in graph.instances(sh.ValidationReport):
        for node in graph.objects(top, sh.result):

            def one(predicate: ox.NamedNode, node: Term = node) -> Term | None:
                return next(iter(graph.objects(node, predicate)), None)

            component = one(sh.sourceConstraintComponent)
            focus, shape, severity = one(sh.focusNode), one(sh.sourceShape), one(sh.resultSeverity)
            assert isinstance(component, ox.NamedNode)
            assert focus is not None
            messages = graph.objects(node, sh.resultMessage)
            found.append(
                Result(
                    focus=focus,
                    path=one(sh.resultPath),
                    value=one(sh.value),
                    component=component,
                    shape=shape or ox.BlankNode(),
                    severity=severity or sh.Violation,
                    messages=tuple(m for m in messages if isinstance(m, ox.Literal)),
                    constraint=one(sh.sourceConstraint),
                )
            )
    return found


def compared(
    results: Iterable[Result], paths: ShapesGraph, shapes: ShapesGraph
) -> Counter[tuple[str, ...]]:
    """The results in a form in which two engines can be compared, each as often as it stands there.

    Blank nodes have no names; a path is its SPARQL text, read from the graph `paths`; a message
    counts only where the `shapes` bring one, because each engine has words of its own otherwise.
    """
    return Counter(_compared(result, paths, shapes) for result in results)


def _compared(result: Result, paths: ShapesGraph, shapes: ShapesGraph) -> tuple[str, ...]:
    def name(term: Term | None) -> str:
        return "_:" if isinstance(term, ox.BlankNode) else str(term)

    authored = any(
        shapes.objects(node, sh.message) for node in (result.shape, result.constraint) if node
    )
    path = read_path(paths, result.path).sparql() if result.path else ""
    return (
        name(result.focus),
        path,
        name(result.value),
        name(result.component),
        name(result.shape),
        name(result.severity),
        name(result.constraint),
        *(sorted(message.value for message in result.messages) if authored else ()),
    )
