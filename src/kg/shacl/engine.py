"""Validation: focus nodes, conformance and results (SHACL 3), set by set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import pyoxigraph as ox

from kg.names import rdf, rdfs, sh
from kg.shacl.graph import DataGraph, ShapesGraph, Term
from kg.shacl.model import (
    Constraint,
    Fault,
    Nodes,
    Problem,
    Result,
    Shape,
    ShapesError,
    Unsupported,
    Values,
)
from kg.shacl.paths import Predicate
from kg.shacl.read import Reader, Shapes
from kg.shacl.stores import QueryStore

__all__ = ["Fallback", "Validation", "Validator", "narrowed", "order", "validate"]

_Triple = tuple[int, int, int]
_MUCH = 20_000
"""From so many terms on, reading the queries is quicker than storing what they do not ask for."""

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

    def __init__(
        self,
        shapes: Shapes,
        graph: DataGraph,
        *,
        few: int = 0,
        at: Callable[[Shape, Constraint], None] | None = None,
    ) -> None:
        """`at` is told of each constraint before it is looked at."""
        self.shapes = shapes
        self.graph = graph
        self.few = few
        self.at = at
        self._known: dict[int, tuple[set[int], set[int]]] = {}

    @cached_property
    def store(self) -> QueryStore:
        """The data for queries; of much data only what the queries read."""
        graph, only = self.graph, None
        if len(graph.terms) > _MUCH:
            only = self._read_by_queries()
        triples = list(graph.triples(only))
        return QueryStore(
            triples,
            graph.terms if only is None else _objects(triples),
            self.shapes.graph.triples(),
            only,
        )

    def _read_by_queries(self) -> set[int] | None:
        """The predicates that the queries of all shapes read; None where they may read any."""
        found: set[int] = set()
        for shape in self.shapes.all:
            for constraint in shape.constraints:
                predicates = constraint.reads()
                if predicates is None:
                    return None
                found |= {self.graph.number(iri) for iri in predicates}
        return found

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

    def is_focus(self, shape: Shape, node: int, is_class: bool) -> bool:
        """Whether one node is a focus node of a shape."""
        graph, values, number = self.graph, self.shapes.graph.objects, self.graph.number
        if graph.terms[node] in values(shape.node, sh.targetNode):
            return True
        classes = [*values(shape.node, sh.targetClass), *([shape.node] if is_class else [])]
        return (
            any(node in graph.instances(number(each)) for each in classes)
            or any(
                node in graph.column(number(each)).first
                for each in values(shape.node, sh.targetSubjectsOf)
            )
            or any(
                node in graph.inverse(number(each)).first
                for each in values(shape.node, sh.targetObjectsOf)
            )
        )

    def forget(self, stale: Mapping[int, Nodes]) -> None:
        """Forget what was found of nodes that may be judged otherwise now, by id() of shapes."""
        for shape, nodes in stale.items():
            if nodes is None:
                self._known.pop(shape, None)
            elif shape in self._known:
                seen, bad = self._known[shape]
                seen -= nodes
                bad -= nodes

    def stored(self, came: Iterable[_Triple], gone: Iterable[_Triple]) -> None:
        """Carry a change of the graph over to the store, if one was made."""
        if "store" in self.__dict__:
            self.store.update(self.graph, came, gone)

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
        found: list[Fault] = []
        for constraint in shape.constraints:
            if self.at is not None:
                self.at(shape, constraint)
            found += constraint.faults(self, shape, values)
        return found

    def failing(self, shape: Shape, nodes: Set[int]) -> Set[int]:
        """Those of the nodes that do not conform to the shape (3.5); each is looked at once."""
        if shape.deactivated or not nodes:
            return frozenset()
        seen, bad = self._known.setdefault(id(shape), (set(), set()))
        new = nodes - seen
        if new:
            values = self.values(shape, new)
            for constraint in shape.constraints:
                if self.at is not None:
                    self.at(shape, constraint)
                bad |= constraint.failing(self, shape, values)
            seen |= new
        return nodes & bad

    def results(self, shape: Shape) -> list[Result]:
        """The results of one shape on its targets. Raises Unsupported."""
        if shape.unsupported:
            raise Unsupported(shape.unsupported)
        return [self.result(fault) for fault in self.faults(shape, self.focus(shape))]

    def result(self, fault: Fault) -> Result:
        """A fault written out."""
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
    *,
    at: Callable[[Shape, Constraint], None] | None = None,
) -> Validation:
    """Validate the union of the data's graphs against the shapes.

    A shape that can't be compiled goes to `fallback`, alone with those that it names. `at` is told
    of each constraint before it is looked at, so that one that never ends can be named. Raises
    ShapesError for malformed shapes, and for such a shape where there is no fallback.
    """
    read = Reader(ShapesGraph(shapes)).read()
    validator = Validator(read, DataGraph(data), at=at)
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
    return Validation(tuple(sorted(found, key=order)), tuple(left.items()))


def _objects(triples: list[ox.Triple]) -> Iterator[Term]:
    for triple in triples:
        if not isinstance(triple.object, ox.Triple):
            yield triple.object


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
                and any(p.value.startswith(sh.iri) for p in graph.out[cast("Term", triple.subject)])
            )
        )
    ]


def order(result: Result) -> tuple[str, ...]:
    """The fixed order of results."""
    parts = (result.shape, result.focus, result.path, result.value, result.component)
    return tuple(str(part) for part in (*parts, *result.messages))
