"""Validation: focus nodes, conformance and results (SHACL 3), set by set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.names import rdf, rdfs, sh
from kg.shacl.graph import DataGraph, ShapesGraph, Term
from kg.shacl.model import Fault, Problem, Result, Shape, ShapesError, Unsupported, Values
from kg.shacl.paths import Predicate
from kg.shacl.read import Reader, Shapes
from kg.shacl.stores import QueryStore

__all__ = ["Fallback", "Validation", "Validator", "validate"]

Fallback = Callable[[list[ox.Triple]], Iterable[Result]]
"""The reference: the results of a shapes graph on the same data."""


@dataclass(frozen=True)
class Validation:
    """The results, in a fixed order, and the shapes that were left to the reference, with why."""

    results: tuple[Result, ...]
    left: tuple[tuple[Term, str], ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there are no results (3.6.1.1)."""
        return not self.results


class Validator:
    """One data graph under one shapes graph."""

    def __init__(self, shapes: Shapes, graph: DataGraph) -> None:
        self.shapes = shapes
        self.graph = graph
        self._known: dict[int, tuple[set[int], set[int]]] = {}

    @cached_property
    def store(self) -> QueryStore:
        """The data for queries."""
        return QueryStore(self.graph.triples(), self.graph.terms, self.shapes.graph.triples())

    def focus(self, shape: Shape) -> set[int]:
        """The nodes that the targets of a shape find in the data (2.1.3)."""
        found: set[int] = set()
        graph, values, number = self.graph, self.shapes.graph.objects, self.graph.number
        found.update(number(term) for term in values(shape.node, sh.targetNode))
        classes = values(shape.node, sh.targetClass)
        if self.shapes.graph.subclasses(rdfs.Class) & {*values(shape.node, rdf.type)}:
            classes.append(shape.node)
        for each in classes:
            found |= graph.instances(number(each))
        for each in values(shape.node, sh.targetSubjectsOf):
            found.update(graph.column(number(each)).first)
        for each in values(shape.node, sh.targetObjectsOf):
            found.update(graph.inverse(number(each)).first)
        return found

    def values(self, shape: Shape, focus: Set[int]) -> Values:
        """The value nodes of focus nodes under a shape (2.2, 2.3)."""
        if shape.path is None:
            return Values(focus, None)
        if isinstance(shape.path, Predicate):
            return Values(focus, self.graph.column(self.graph.number(shape.path.iri)))
        return Values(focus, shape.path.follow(self.graph, focus))

    def faults(self, shape: Shape, nodes: Set[int]) -> list[Fault]:
        """What the shape objects to in the nodes, results of its property shapes included."""
        if shape.deactivated or not nodes:
            return []
        values = self.values(shape, nodes)
        return [
            fault
            for constraint in shape.constraints
            for fault in constraint.faults(self, shape, values)
        ]

    def failing(self, shape: Shape, nodes: Set[int]) -> Set[int]:
        """Those of the nodes that do not conform to the shape (3.5); each is looked at once."""
        if shape.deactivated or not nodes:
            return frozenset()
        seen, bad = self._known.setdefault(id(shape), (set(), set()))
        new = nodes - seen
        if new:
            values = self.values(shape, new)
            for constraint in shape.constraints:
                bad |= constraint.failing(self, shape, values)
            seen |= new
        return nodes & bad

    def results(self, shape: Shape) -> list[Result]:
        """The results of one shape on its targets. Raises Unsupported."""
        if shape.unsupported:
            raise Unsupported(shape.unsupported)
        return [self._result(fault) for fault in self.faults(shape, self.focus(shape))]

    def _result(self, fault: Fault) -> Result:
        terms, shape = self.graph.terms, fault.shape
        messages = fault.messages or shape.messages or (ox.Literal(fault.constraint.says()),)
        return Result(
            focus=terms[fault.focus],
            path=shape.path_node if fault.path is None else terms[fault.path],
            value=None if fault.value is None else terms[fault.value],
            component=fault.component,
            shape=shape.node,
            severity=shape.severity,
            messages=tuple(sorted(messages, key=str)),
            constraint=fault.constraint.node,
        )


def validate(
    shapes: Iterable[ox.Quad | ox.Triple],
    data: Iterable[ox.Quad | ox.Triple],
    fallback: Fallback | None = None,
) -> Validation:
    """Validate the union of the data's graphs against the shapes.

    A shape that can't be compiled goes to `fallback`, alone with those that it names. Raises
    ShapesError for malformed shapes, and for such a shape where there is no fallback.
    """
    read = Reader(ShapesGraph(shapes)).read()
    validator = Validator(read, DataGraph(data))
    found: list[Result] = []
    left: dict[Term, str] = {}
    for shape in read.targeted:
        try:
            found += validator.results(shape)
        except Unsupported as reason:
            left[shape.node] = str(reason)
    if left:
        if fallback is None:
            raise ShapesError(Problem(node, why) for node, why in left.items())
        found += fallback(narrowed(read.graph, set(left)))
    return Validation(tuple(sorted(found, key=_order)), tuple(left.items()))


def narrowed(graph: ShapesGraph, shapes: Set[Term]) -> list[ox.Triple]:
    """The shapes graph in which only these shapes have targets; the others can still be named."""
    targets = {sh.targetClass, sh.targetNode, sh.targetObjectsOf, sh.targetSubjectsOf}
    classes = graph.subclasses(rdfs.Class)
    return [
        triple
        for triple in graph.triples()
        if triple.subject in shapes
        or not (
            triple.predicate in targets
            or (
                triple.predicate == rdf.type
                and triple.object in classes
                and any(p.value.startswith(sh.iri) for p in graph.out[triple.subject])  # type: ignore[index]
            )
        )
    ]


def _order(result: Result) -> tuple[str, ...]:
    parts = (result.shape, result.focus, result.path, result.value, result.component)
    return tuple(str(part) for part in (*parts, *result.messages))
