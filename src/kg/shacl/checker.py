"""A validation that is kept: the data in memory with its results, and only what a change can alter
judged again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.shacl.change import Change
from kg.shacl.engine import Validator, narrowed, order
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
)
from kg.shacl.read import Reader

__all__ = ["Checker", "Update"]

_FEW = 64
_Triple = tuple[int, int, int]


@dataclass(frozen=True)
class Update:
    """What a change did.

    `results` are all that now stand where the change could alter anything, old ones included;
    `appeared` and `gone` what is new there and what is no more. `left` names the shapes that the
    reference judged as a whole, with why.
    """

    results: tuple[Result, ...]
    appeared: tuple[Result, ...]
    gone: tuple[Result, ...]
    left: tuple[tuple[Term, str], ...] = ()


class Checker:
    """Holds one data graph under one shapes graph.

    `data` are quads or triples; what is validated is the union of their graphs, and a triple that
    was given twice stays until it is taken out twice. With ``judge=False`` nothing is judged at the
    start: `update` then tells only what stands where a change could alter anything. `fallback`
    judges shapes that are not compiled, as in `kg.shacl.validate`, on triples that it is given.
    """

    def __init__(
        self,
        shapes: Iterable[ox.Quad | ox.Triple],
        data: Iterable[ox.Quad | ox.Triple],
        fallback: Callable[[list[ox.Triple], list[ox.Triple]], Iterable[Result]] | None = None,
        *,
        judge: bool = True,
        at: Callable[[Shape, Constraint], None] | None = None,
    ) -> None:
        reader = Reader(ShapesGraph(shapes))
        self._read = reader.read()
        self._classes = {s.node: reader.is_class(s.node) for s in self._read.targeted}
        self._repeats: Counter[_Triple] = Counter()
        self._graph = DataGraph(data, self._repeats)
        self._validator = Validator(self._read, self._graph, few=_FEW, at=at)
        self._fallback = fallback
        self._going: set[_Triple] = set()
        self._judged: dict[Term, dict[int, list[Fault]]] = {}
        self._left: dict[Term, str] = {}
        self._by_reference: Counter[Result] = Counter()
        for shape in self._read.all:
            for constraint in shape.constraints:
                constraint.ready()
        if judge:
            for shape in self._read.targeted:
                self._judge(shape, None)
            self._ask_reference()

    @property
    def results(self) -> tuple[Result, ...]:
        """All results as they stand, in the order of `kg.shacl.validate`."""
        found = [self._validator.result(fault) for fault in self._faults()]
        return tuple(sorted([*found, *self._by_reference.elements()], key=order))

    def update(
        self,
        added: Iterable[ox.Quad | ox.Triple] = (),
        removed: Iterable[ox.Quad | ox.Triple] = (),
    ) -> Update:
        """Take quads out and put quads in, and judge again what that can alter.

        Removing what is not there does nothing. Raises ShapesError as `kg.shacl.validate` does.
        """
        graph = self._graph
        gone = self._taken_out(removed)
        came = self._put_in(added)
        both = set(gone) & set(came)
        changed = [triple for triple in (*gone, *came) if triple not in both]
        change = Change(graph, changed)
        # Both states stand in the graph while the reach of the change is found.
        stale = {s.node: change.shape(s) for s in self._read.targeted}
        targets = {
            s.node: change.targets(self._read.graph, s, self._classes[s.node])
            for s in self._read.targeted
        }
        for triple in gone:
            if triple not in both:
                graph.discard(*triple)
        self._validator.forget(change.shapes)
        self._validator.stored(
            [t for t in came if t not in both], [t for t in gone if t not in both]
        )
        before, now = Counter[Result](), Counter[Result]()
        for shape in self._read.targeted:
            nodes = stale[shape.node]
            looked = None if nodes is None else nodes | targets[shape.node]
            if looked is None or looked:
                before.update(self._standing(shape, looked))
                self._judge(shape, looked)
                now.update(self._standing(shape, looked))
        if changed:
            before.update(self._by_reference)
            self._ask_reference()
            now.update(self._by_reference)
        return Update(
            tuple(sorted(now.elements(), key=order)),
            tuple(sorted((now - before).elements(), key=order)),
            tuple(sorted((before - now).elements(), key=order)),
            tuple(self._left.items()),
        )

    def would(
        self,
        added: Iterable[ox.Quad | ox.Triple] = (),
        removed: Iterable[ox.Quad | ox.Triple] = (),
    ) -> Update:
        """What an update would do; the data stays as it is."""
        added, removed = list(added), [q for q in removed if self._has(q)]
        found = self.update(added, removed)
        self.update(removed, added)
        return found

    def follow(
        self,
        added: Iterable[ox.Quad | ox.Triple] = (),
        removed: Iterable[ox.Quad | ox.Triple] = (),
    ) -> None:
        """Take a change over, and judge nothing. Only for a checker that has judged nothing yet."""
        gone = self._taken_out(removed)
        both = set(gone) & set(self._put_in(added))
        for triple in gone:
            if triple not in both:
                self._graph.discard(*triple)

    @property
    def size(self) -> int:
        """Terms that are held: those that came, whether they have gone or not."""
        return len(self._graph.terms)

    # The data

    def _numbers(self, quad: ox.Quad | ox.Triple) -> _Triple:
        number = self._graph.number
        return number(quad.subject), number(quad.predicate), number(quad.object)

    def _has(self, quad: ox.Quad | ox.Triple) -> bool:
        subject, predicate, value = self._numbers(quad)
        return self._graph.column(predicate).has(subject, value)

    def _put_in(self, quads: Iterable[ox.Quad | ox.Triple]) -> list[_Triple]:
        """Add quads; those whose triple is new to the union of the graphs."""
        found = []
        for triple in map(self._numbers, quads):
            subject, predicate, value = triple
            if triple in self._going:
                self._going.discard(triple)
                found.append(triple)
            elif self._graph.column(predicate).has(subject, value):
                self._repeats[triple] += 1
            else:
                self._graph.add(*triple)
                found.append(triple)
        return found

    def _taken_out(self, quads: Iterable[ox.Quad | ox.Triple]) -> list[_Triple]:
        """Note quads that go; those whose triple no other graph states. It stays in for now."""
        self._going = set()
        found = []
        for triple in map(self._numbers, quads):
            subject, predicate, value = triple
            if self._repeats[triple] > 0:
                self._repeats[triple] -= 1
            elif self._graph.column(predicate).has(subject, value) and triple not in self._going:
                self._going.add(triple)
                found.append(triple)
            if not self._repeats[triple]:
                del self._repeats[triple]
        return found

    # The results

    def _faults(self) -> Iterator[Fault]:
        for by_node in self._judged.values():
            for faults in by_node.values():
                yield from faults

    def _standing(self, shape: Shape, nodes: Nodes) -> Iterator[Result]:
        by_node = self._judged.get(shape.node, {})
        chosen = by_node if nodes is None or len(by_node) < len(nodes) else nodes
        for node in chosen:
            if nodes is None or node in nodes:
                for fault in by_node.get(node, ()):
                    yield self._validator.result(fault)

    def _judge(self, shape: Shape, nodes: Nodes) -> None:
        """Judge these nodes of the shape anew, as far as they are focus nodes."""
        by_node = self._judged.setdefault(shape.node, {})
        validator = self._validator
        if nodes is None:
            by_node.clear()
            focus = validator.focus(shape)
        else:
            for node in nodes & by_node.keys() if len(nodes) > len(by_node) else nodes:
                by_node.pop(node, None)
            focus = {n for n in nodes if validator.is_focus(shape, n, self._classes[shape.node])}
        if shape.node in self._left:
            return
        try:
            if shape.unsupported:
                raise Unsupported(shape.unsupported)
            for fault in validator.faults(shape, focus):
                by_node.setdefault(fault.origin, []).append(fault)
        except Unsupported as reason:
            by_node.clear()
            self._left[shape.node] = str(reason)

    def _ask_reference(self) -> None:
        """What the reference says of the shapes that were left to it."""
        if not self._left:
            return
        if self._fallback is None:
            raise ShapesError(Problem(node, why) for node, why in self._left.items())
        shapes = narrowed(self._read.graph, set(self._left))
        self._by_reference = Counter(self._fallback(shapes, list(self._graph.triples())))
