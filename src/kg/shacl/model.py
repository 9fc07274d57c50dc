"""What a validation is made of: shapes, constraints, results, and what can be wrong with shapes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pyoxigraph as ox

from kg.errors import DatasetError
from kg.names import sh
from kg.shacl.graph import Column, DataGraph, Term
from kg.shacl.paths import Path

if TYPE_CHECKING:
    from kg.shacl.change import Change
    from kg.shacl.stores import QueryStore

__all__ = [
    "Constraint",
    "Fault",
    "Nodes",
    "Problem",
    "Result",
    "Run",
    "Shape",
    "ShapesError",
    "Unsupported",
    "ValueConstraint",
    "Values",
]


Nodes = Set[int] | None
"""Nodes by number; None stands for all there are."""


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL 3.6.2).

    `path` is a node of the shapes graph, or the predicate that a closed shape or a query names;
    `constraint` is the SPARQL-based constraint behind it, where there is one.
    """

    focus: Term
    path: Term | None
    value: Term | None
    component: ox.NamedNode
    shape: Term
    severity: Term
    messages: tuple[ox.Literal, ...] = ()
    constraint: Term | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with one shape of the shapes graph."""

    shape: Term
    says: str

    def __str__(self) -> str:
        return f"{self.shape}: {self.says}"


class ShapesError(DatasetError):
    """The shapes graph is not well-formed, or a query in it may not run; `problems` names each."""

    code = "shapes"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        more = len(self.problems) - 1
        first = self.problems[0]
        self.excerpt = "\n".join(f"    {problem}" for problem in self.problems) if more else None
        super().__init__(
            first.says + (f" (and {more} more)" if more else ""),
            where=str(first.shape),
            hint="mend the shape; its data can't be judged until then",
        )


class Unsupported(Exception):
    """A shape that this engine leaves to the reference; says why."""


class Fault(NamedTuple):
    """A result in numbers, before it is written out.

    `asked` is the node of the shape that was asked, from which the focus node was reached through
    property shapes; None where it is the focus node itself.
    """

    shape: Shape
    constraint: Constraint
    component: ox.NamedNode
    focus: int
    value: int | None = None
    path: int | None = None
    messages: tuple[ox.Literal, ...] | None = None
    asked: int | None = None

    @property
    def origin(self) -> int:
        """The node that the shape was asked about."""
        return self.focus if self.asked is None else self.asked


class Values:
    """The value nodes of some focus nodes (SHACL 3.6.1 and 2.3): those of a path, or themselves."""

    def __init__(self, focus: Set[int], column: Column | None) -> None:
        self.focus = focus
        self.column = column
        self._distinct: Set[int] | None = None

    def of(self, focus: int) -> Collection[int]:
        """The value nodes of one focus node."""
        return (focus,) if self.column is None else self.column.of(focus)

    def fewer(self, count: int) -> Iterator[int]:
        """The focus nodes with fewer value nodes than that; of a path."""
        assert self.column is not None
        if count < 1:
            return
        first, more = self.column.first, self.column.more
        for focus in self.focus:
            if focus not in first or (
                count > 1 and (focus not in more or len(more[focus]) < count)
            ):
                yield focus

    def more(self, count: int) -> Iterator[int]:
        """The focus nodes with more value nodes than that; of a path."""
        assert self.column is not None
        if count < 1:
            yield from (focus for focus in self.focus if focus in self.column.first)
            return
        for focus, several in self.column.more.items():
            if len(several) > count and focus in self.focus:
                yield focus

    def distinct(self) -> Set[int]:
        """All value nodes, each once."""
        if self._distinct is None:
            self._distinct = self._all()
        return self._distinct

    def _all(self) -> Set[int]:
        if self.column is None:
            return self.focus
        first, more = self.column.first, self.column.more
        found = {first[f] for f in self.focus if f in first}
        if more:
            for focus in self.focus:
                if focus in more:
                    found.update(more[focus])
        return found

    def pairs(self, wanted: Set[int]) -> Iterator[tuple[int, int]]:
        """The focus nodes with those value nodes that are `wanted`."""
        if not wanted:
            return
        if self.column is None:
            for focus in self.focus & wanted:
                yield focus, focus
            return
        for focus in self.focus:
            for value in self.column.of(focus):
                if value in wanted:
                    yield focus, value


class Run(Protocol):
    """What a constraint may ask while it is checked."""

    graph: DataGraph
    few: int
    """Up to so many nodes a query is asked about one by one, even if it could be asked at once."""

    @property
    def store(self) -> QueryStore:
        """The data for queries."""

    def failing(self, shape: Shape, nodes: Set[int]) -> Set[int]:
        """Those of the nodes that do not conform to the shape (SHACL 3.5)."""

    def faults(self, shape: Shape, nodes: Set[int]) -> list[Fault]:
        """What the shape objects to in the nodes, results of its property shapes included."""


class Constraint(ABC):
    """One constraint of a shape: a component with its parameters (SHACL 2.2)."""

    component: ox.NamedNode
    node: Term | None = None

    @abstractmethod
    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        """The results of the constraint on these focus nodes."""

    def failing(self, run: Run, shape: Shape, values: Values) -> Set[int]:
        """The focus nodes that the constraint objects to."""
        return {fault.focus for fault in self.faults(run, shape, values)}

    def reads(self) -> Set[ox.NamedNode] | None:
        """The predicates that it reads in the store; None where it may read any."""
        return frozenset()

    def ready(self) -> None:
        """Make now what is asked for with each change."""
        return None

    def stale_focus(self, change: Change, shape: Shape) -> Nodes:
        """The focus nodes about which it may say something else after a change.

        Those whose values a changed path gives are found without it.
        """
        return frozenset()

    def stale_values(self, change: Change) -> Nodes:
        """The value nodes about which it may say something else after a change."""
        return frozenset()

    def says(self) -> str:
        """The message of a result where the shape brings none."""
        return f"This breaks {self.component.value.removeprefix(sh.iri)}."


class ValueConstraint(Constraint):
    """A constraint that judges each value node by itself."""

    @abstractmethod
    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        """Those of the value nodes that break it."""

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        for focus, value in values.pairs(self.wrong(run, values.distinct())):
            yield Fault(shape, self, self.component, focus, value)

    def failing(self, run: Run, shape: Shape, values: Values) -> Set[int]:
        return {focus for focus, _ in values.pairs(self.wrong(run, values.distinct()))}


@dataclass(eq=False)
class Shape:
    """A node shape, or a property shape if it has a path (SHACL 2.2, 2.3)."""

    node: Term
    path_node: Term | None = None
    path: Path | None = None
    severity: Term = field(default_factory=lambda: sh.Violation)
    messages: tuple[ox.Literal, ...] = ()
    deactivated: bool = False
    constraints: list[Constraint] = field(default_factory=list)
    references: list[Shape] = field(default_factory=list)
    unsupported: str = ""
    departs: set[str] = field(default_factory=set)
    """The names of `kg.shacl.DEPARTURES` that its results may show."""
