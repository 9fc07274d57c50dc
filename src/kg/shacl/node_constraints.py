"""Constraints on the value nodes together: counts, pairs of properties, closed shapes (SHACL 4.2,
4.5, 4.8.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.names import rdf, rdfs, sh
from kg.shacl.literals import before
from kg.shacl.model import Constraint, Fault, Nodes, Run, Shape, Values

if TYPE_CHECKING:
    from kg.shacl.change import Change

__all__ = [
    "ClosedConstraint",
    "DisjointConstraint",
    "EqualsConstraint",
    "LessThanConstraint",
    "MaxCountConstraint",
    "MinCountConstraint",
]


class MinCountConstraint(Constraint):
    """sh:minCount (4.2.1)."""

    component = sh.MinCountConstraintComponent

    def __init__(self, count: int) -> None:
        self.count = count

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        for focus in values.fewer(self.count):
            yield Fault(shape, self, self.component, focus)

    def says(self) -> str:
        return f"There are fewer than {self.count} values."


class MaxCountConstraint(Constraint):
    """sh:maxCount (4.2.2)."""

    component = sh.MaxCountConstraintComponent

    def __init__(self, count: int) -> None:
        self.count = count

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        for focus in values.more(self.count):
            yield Fault(shape, self, self.component, focus)

    def says(self) -> str:
        return f"There are more than {self.count} values."


class EqualsConstraint(Constraint):
    """sh:equals (4.5.1): the value nodes are the values of the other property."""

    component = sh.EqualsConstraintComponent

    def __init__(self, other: ox.NamedNode) -> None:
        self.other = other

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        column = run.graph.column(run.graph.number(self.other))
        for focus in values.focus:
            for value in set(values.of(focus)) ^ set(column.of(focus)):
                yield Fault(shape, self, self.component, focus, value)

    def stale_focus(self, change: Change, shape: Shape) -> Nodes:
        return change.subjects(self.other)

    def says(self) -> str:
        return f"The value is not in both: here and in {self.other}."


class DisjointConstraint(Constraint):
    """sh:disjoint (4.5.2): no value node is a value of the other property."""

    component = sh.DisjointConstraintComponent

    def __init__(self, other: ox.NamedNode) -> None:
        self.other = other

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        column = run.graph.column(run.graph.number(self.other))
        for focus in values.focus:
            if focus in column.first:
                for value in set(values.of(focus)) & set(column.of(focus)):
                    yield Fault(shape, self, self.component, focus, value)

    def stale_focus(self, change: Change, shape: Shape) -> Nodes:
        return change.subjects(self.other)

    def says(self) -> str:
        return f"The value is in {self.other} too."


class LessThanConstraint(Constraint):
    """sh:lessThan and sh:lessThanOrEquals (4.5.3, 4.5.4): a result for each pair out of order."""

    def __init__(self, parameter: ox.NamedNode, other: ox.NamedNode) -> None:
        self.or_equal = parameter == sh.lessThanOrEquals
        self.component = (
            sh.LessThanOrEqualsConstraintComponent
            if self.or_equal
            else sh.LessThanConstraintComponent
        )
        self.other = other

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        column = run.graph.column(run.graph.number(self.other))
        for focus in values.focus:
            if focus in column.first:
                for value in values.of(focus):
                    for bound in column.of(focus):
                        if not self.in_order(run, value, bound):
                            yield Fault(shape, self, self.component, focus, value)

    def in_order(self, run: Run, value: int, bound: int) -> bool:
        """Whether the two values stand in the order that is asked for; blank nodes have none."""
        left, right = run.graph.terms[value], run.graph.terms[bound]
        if isinstance(left, ox.BlankNode) or isinstance(right, ox.BlankNode):
            return False
        return before(left, right, self.or_equal)

    def stale_focus(self, change: Change, shape: Shape) -> Nodes:
        return change.subjects(self.other)

    def says(self) -> str:
        return f"The value is not {'at most' if self.or_equal else 'below'} that of {self.other}."


class ClosedConstraint(Constraint):
    """sh:closed with sh:ignoredProperties (4.8.1): no other properties than those of the shape.

    The reference lets ``rdf:type rdfs:Resource`` pass, which says nothing; so does this.
    """

    component = sh.ClosedConstraintComponent

    def __init__(self, allowed: Iterable[ox.NamedNode]) -> None:
        self.allowed = frozenset(allowed)

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        graph = run.graph
        allowed = {graph.number(iri) for iri in self.allowed}
        typed, resource = graph.number(rdf.type), graph.number(rdfs.Resource)
        nodes = values.distinct()
        for predicate, column in list(graph.columns.items()):
            if predicate in allowed:
                continue
            hit = {node for node in nodes if node in column.first}
            for focus, node in values.pairs(hit):
                for value in column.of(node):
                    if (predicate, value) != (typed, resource):
                        yield Fault(shape, self, self.component, focus, value, predicate)

    def stale_values(self, change: Change) -> Nodes:
        return change.subjects()

    def says(self) -> str:
        return "The node has a property that its shape does not allow."
