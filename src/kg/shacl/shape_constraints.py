"""Constraints that refer to other shapes (SHACL 4.6, 4.7): set by set, each shape once per node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set

from kg.names import sh
from kg.shacl.change import Change, union
from kg.shacl.model import Constraint, Fault, Nodes, Run, Shape, ValueConstraint, Values

__all__ = [
    "AndConstraint",
    "NodeConstraint",
    "NotConstraint",
    "OrConstraint",
    "PropertyConstraint",
    "QualifiedConstraint",
    "XoneConstraint",
]


class NotConstraint(ValueConstraint):
    """sh:not (4.6.1)."""

    component = sh.NotConstraintComponent

    def __init__(self, other: Shape) -> None:
        self.other = other

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        return values - run.failing(self.other, values)

    def stale_values(self, change: Change) -> Nodes:
        return change.shape(self.other)

    def says(self) -> str:
        return f"The value conforms to {self.other.node}, and must not."


class _Members(ValueConstraint):
    def __init__(self, members: Iterable[Shape]) -> None:
        self.members = tuple(members)

    def stale_values(self, change: Change) -> Nodes:
        return union(change.shape(member) for member in self.members)

    def names(self) -> str:
        """The shapes of the list, for messages."""
        return ", ".join(str(member.node) for member in self.members)


class AndConstraint(_Members):
    """sh:and (4.6.2)."""

    component = sh.AndConstraintComponent

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        bad: Set[int] = frozenset()
        for member in self.members:
            bad = bad | run.failing(member, values - bad)
        return bad

    def says(self) -> str:
        return f"The value does not conform to all of {self.names()}."


class OrConstraint(_Members):
    """sh:or (4.6.3)."""

    component = sh.OrConstraintComponent

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        for member in self.members:
            values = run.failing(member, values)
        return values

    def says(self) -> str:
        return f"The value conforms to none of {self.names()}."


class XoneConstraint(_Members):
    """sh:xone (4.6.4); a shape that stands twice in the list counts twice."""

    component = sh.XoneConstraintComponent

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        fits = Counter[int]()
        for member in self.members:
            fits.update(values - run.failing(member, values))
        return {value for value in values if fits[value] != 1}

    def says(self) -> str:
        return f"The value does not conform to exactly one of {self.names()}."


class NodeConstraint(ValueConstraint):
    """sh:node (4.7.1): one result for a value that does not conform, whatever is wrong with it."""

    component = sh.NodeConstraintComponent

    def __init__(self, other: Shape) -> None:
        self.other = other

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        return run.failing(self.other, values)

    def stale_values(self, change: Change) -> Nodes:
        return change.shape(self.other)

    def says(self) -> str:
        return f"The value does not conform to {self.other.node}."


class PropertyConstraint(Constraint):
    """sh:property (4.7.2): the results are those of the property shape on each value node."""

    component = sh.PropertyConstraintComponent

    def __init__(self, other: Shape) -> None:
        self.other = other

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        found = run.faults(self.other, values.distinct())
        if values.column is None or not found:
            yield from found
            return
        by_node: dict[int, list[Fault]] = {}
        for fault in found:
            by_node.setdefault(fault.origin, []).append(fault)
        for focus, node in values.pairs(by_node.keys()):
            for fault in by_node[node]:
                yield fault._replace(asked=focus)

    def stale_values(self, change: Change) -> Nodes:
        return change.shape(self.other)

    def failing(self, run: Run, shape: Shape, values: Values) -> Set[int]:
        bad = run.failing(self.other, values.distinct())
        return {focus for focus, _ in values.pairs(bad)}


class QualifiedConstraint(Constraint):
    """sh:qualifiedValueShape with its counts (4.7.3).

    A value that conforms to a sibling shape too does not count; there are siblings only under
    sh:qualifiedValueShapesDisjoint.
    """

    component = sh.QualifiedMinCountConstraintComponent

    def __init__(
        self, other: Shape, least: int | None, most: int | None, siblings: Iterable[Shape] = ()
    ) -> None:
        self.other = other
        self.least = least
        self.most = most
        self.siblings = tuple(siblings)

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        nodes = values.distinct()
        fitting = nodes - run.failing(self.other, nodes)
        for sibling in self.siblings:
            fitting = fitting & run.failing(sibling, fitting)
        for focus in values.focus:
            count = sum(value in fitting for value in values.of(focus))
            if self.most is not None and count > self.most:
                yield Fault(shape, self, sh.QualifiedMaxCountConstraintComponent, focus)
            if self.least is not None and count < self.least:
                yield Fault(shape, self, sh.QualifiedMinCountConstraintComponent, focus)

    def stale_values(self, change: Change) -> Nodes:
        return union(change.shape(shape) for shape in (self.other, *self.siblings))

    def says(self) -> str:
        bounds = [f"at least {self.least}"] if self.least is not None else []
        bounds += [f"at most {self.most}"] if self.most is not None else []
        return f"Not {' and '.join(bounds)} of the values conform to {self.other.node}."
