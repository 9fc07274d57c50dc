"""What a change of the data can alter: the nodes of which a shape may now judge otherwise.

Each answer is a superset that errs on the safe side, found by walking from the changed triples
against the shapes' paths, in the union of the data before and after. Every node outside of it is
judged as before. None stands for all nodes: a reach that can't be bounded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set

from kg.names import rdf, rdfs, sh
from kg.shacl.graph import DataGraph, ShapesGraph
from kg.shacl.model import Nodes, Shape
from kg.shacl.paths import Path

__all__ = ["Change", "union"]

_NONE: frozenset[int] = frozenset()


def union(parts: Iterable[Nodes]) -> Nodes:
    """All nodes of several answers; every part is asked, and one without bounds decides."""
    found: set[int] = set()
    whole = False
    for part in parts:
        if part is None:
            whole = True
        else:
            found |= part
    return None if whole else found


class Change:
    """Triples that came or went, in numbers, and the union graph in which both stand."""

    def __init__(self, graph: DataGraph, triples: Iterable[tuple[int, int, int]]) -> None:
        self.graph = graph
        self.by_predicate: dict[int, list[tuple[int, int]]] = {}
        self.nodes: set[int] = set()
        """Every subject and object of a changed triple."""
        self._subjects: set[int] = set()
        for subject, predicate, value in triples:
            self.by_predicate.setdefault(predicate, []).append((subject, value))
            self._subjects.add(subject)
            self.nodes.update((subject, value))
        self.shapes: dict[int, Nodes] = {}
        """What was found of each shape so far, by its id()."""

    def subjects(self, predicate: object = None) -> Set[int]:
        """The subjects of changed triples, or of those with this predicate."""
        if predicate is None:
            return self._subjects
        return {s for s, _ in self.by_predicate.get(self.graph.number(predicate), ())}

    def objects(self, predicate: object) -> Set[int]:
        """The objects of changed triples with this predicate."""
        return {o for _, o in self.by_predicate.get(self.graph.number(predicate), ())}

    def instances(self) -> Set[int]:
        """The nodes that may have become, or ceased to be, instances of some class."""
        found = set(self.subjects(rdf.type))
        for narrower in self.subjects(rdfs.subClassOf):
            found |= self.graph.instances(narrower)
        return found

    def shape(self, shape: Shape) -> Nodes:
        """The nodes of which the shape may say something else than before."""
        known = self.shapes
        if id(shape) not in known:
            known[id(shape)] = _NONE if shape.deactivated else self._shape(shape)
        return known[id(shape)]

    def _shape(self, shape: Shape) -> Nodes:
        parts: list[Nodes] = [_NONE if shape.path is None else shape.path.stale(self)]
        for constraint in shape.constraints:
            parts.append(constraint.stale_focus(self, shape))
            parts.append(self.back(shape.path, constraint.stale_values(self)))
        return union(parts)

    def back(self, path: Path | None, values: Nodes) -> Nodes:
        """The nodes from which a path leads to the values."""
        if path is None or values is None or not values:
            return values
        return {end for _, end in path.follow(self.graph, values, back=True).pairs()}

    def targets(self, shapes: ShapesGraph, shape: Shape, is_class: bool) -> Set[int]:
        """The nodes that may have become, or ceased to be, focus nodes of a shape."""
        found: set[int] = set()
        if is_class or shapes.objects(shape.node, sh.targetClass):
            found |= self.instances()
        for predicate in shapes.objects(shape.node, sh.targetSubjectsOf):
            found |= self.subjects(predicate)
        for predicate in shapes.objects(shape.node, sh.targetObjectsOf):
            found |= self.objects(predicate)
        return found

    def pairs(self, predicate: int | None) -> Collection[tuple[int, int]]:
        """Subject and object of the changed triples of a predicate, or of all."""
        if predicate is not None:
            return self.by_predicate.get(predicate, ())
        return [pair for pairs in self.by_predicate.values() for pair in pairs]

    @property
    def columns(self) -> Mapping[int, object]:
        """The predicates of the union graph."""
        return self.graph.columns
