"""Property paths (SHACL 2.3.1): read from the shapes graph, followed in the data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.names import rdf, sh
from kg.shacl.graph import Column, DataGraph, ShapesGraph, Term

if TYPE_CHECKING:
    from kg.shacl.change import Change

__all__ = [
    "Alternative",
    "IllTypedPath",
    "Inverse",
    "Path",
    "Predicate",
    "Repeated",
    "Sequence",
    "departures_of",
    "read_path",
]


class IllTypedPath(ValueError):
    """A value of sh:path that is no well-formed property path; says why."""


class Path(ABC):
    """A well-formed property path."""

    @abstractmethod
    def follow(self, graph: DataGraph, nodes: Iterable[int], back: bool = False) -> Column:
        """From each of the nodes to the nodes that the path leads to; `back` walks it backwards."""

    @abstractmethod
    def stale(self, change: Change, back: bool = False, here: Set[int] = frozenset()) -> set[int]:
        """The nodes from which the path may lead elsewhere after a change.

        `here` are nodes that may have come into the data or gone from it, for a reader to whom a
        path of no length leads only at a node of the data.
        """

    @abstractmethod
    def sparql(self) -> str:
        """The path in SPARQL syntax, in parentheses where it has parts."""


@dataclass(frozen=True)
class Predicate(Path):
    """One predicate (2.3.1.1)."""

    iri: ox.NamedNode

    def follow(self, graph: DataGraph, nodes: Iterable[int], back: bool = False) -> Column:
        number = graph.number(self.iri)
        whole = graph.inverse(number) if back else graph.column(number)
        part = Column()
        for node in nodes:
            if node in whole.first:
                part.first[node] = whole.first[node]
                if node in whole.more:
                    part.more[node] = whole.more[node]
        return part

    def stale(self, change: Change, back: bool = False, here: Set[int] = frozenset()) -> set[int]:
        return set(change.objects(self.iri) if back else change.subjects(self.iri))

    def sparql(self) -> str:
        return str(self.iri)


@dataclass(frozen=True)
class Sequence(Path):
    """One path after the other (2.3.1.2)."""

    steps: tuple[Path, ...]

    def follow(self, graph: DataGraph, nodes: Iterable[int], back: bool = False) -> Column:
        steps = reversed(self.steps) if back else iter(self.steps)
        reached = next(steps).follow(graph, nodes, back)
        for step in steps:
            ends = {value for _, value in reached.pairs()}
            onward = step.follow(graph, ends, back)
            reached = Column((n, end) for n, middle in reached.pairs() for end in onward.of(middle))
        return reached

    def stale(self, change: Change, back: bool = False, here: Set[int] = frozenset()) -> set[int]:
        found: set[int] = set()
        steps = self.steps if back else self.steps[::-1]
        for step in steps:  # from the last step to the first
            before = step.follow(change.graph, found, not back)
            found = {node for _, node in before.pairs()} | step.stale(change, back, here)
        return found

    def sparql(self) -> str:
        return "(" + "/".join(step.sparql() for step in self.steps) + ")"


@dataclass(frozen=True)
class Alternative(Path):
    """Any of several paths (2.3.1.3)."""

    choices: tuple[Path, ...]

    def follow(self, graph: DataGraph, nodes: Iterable[int], back: bool = False) -> Column:
        nodes = list(nodes)
        return Column(
            pair for each in self.choices for pair in each.follow(graph, nodes, back).pairs()
        )

    def stale(self, change: Change, back: bool = False, here: Set[int] = frozenset()) -> set[int]:
        return {node for each in self.choices for node in each.stale(change, back, here)}

    def sparql(self) -> str:
        return "(" + "|".join(choice.sparql() for choice in self.choices) + ")"


@dataclass(frozen=True)
class Inverse(Path):
    """A path walked backwards (2.3.1.4)."""

    inner: Path

    def follow(self, graph: DataGraph, nodes: Iterable[int], back: bool = False) -> Column:
        return self.inner.follow(graph, nodes, not back)

    def stale(self, change: Change, back: bool = False, here: Set[int] = frozenset()) -> set[int]:
        return self.inner.stale(change, not back, here)

    def sparql(self) -> str:
        return f"(^{self.inner.sparql()})"


@dataclass(frozen=True)
class Repeated(Path):
    """Zero or more, one or more, zero or one times (2.3.1.5 to 2.3.1.7)."""

    inner: Path
    mark: str

    def follow(self, graph: DataGraph, nodes: Iterable[int], back: bool = False) -> Column:
        start = list(nodes)
        if self.mark == "?":
            once = self.inner.follow(graph, start, back)
            return Column([*((n, n) for n in start), *once.pairs()])
        steps: dict[int, tuple[int, ...]] = {}
        edge = set(start)
        while edge:
            found = self.inner.follow(graph, edge, back)
            steps.update((node, tuple(found.of(node))) for node in edge)
            edge = {value for _, value in found.pairs()} - steps.keys()
        reached = Column()
        for node in start:
            seen = {node} if self.mark == "*" else set()
            todo = [node] if self.mark == "*" else list(steps[node])
            if self.mark == "+":
                seen.update(todo)
            while todo:
                for value in steps[todo.pop()]:
                    if value not in seen:
                        seen.add(value)
                        todo.append(value)
            for value in seen:
                reached.add(node, value)
        return reached

    def stale(self, change: Change, back: bool = False, here: Set[int] = frozenset()) -> set[int]:
        found = self.inner.stale(change, back, here)
        if self.mark != "+":
            found |= here
        if self.mark == "?" or not found:
            return found
        before = Repeated(self.inner, "*").follow(change.graph, found, not back)
        return {node for _, node in before.pairs()}

    def sparql(self) -> str:
        return f"({self.inner.sparql()}{self.mark})"


_MARKS = {sh.zeroOrMorePath: "*", sh.oneOrMorePath: "+", sh.zeroOrOnePath: "?"}


def read_path(graph: ShapesGraph, node: Term, above: frozenset[Term] = frozenset()) -> Path:
    """The path that a node of the shapes graph stands for.

    Raises IllTypedPath. A node that is both a list and something else counts as the list.
    """
    if isinstance(node, ox.NamedNode):
        return Predicate(node)
    if isinstance(node, ox.Literal):
        raise IllTypedPath(f"a path can't be the literal {node}")
    if node in above:
        raise IllTypedPath("the path is part of itself")
    above |= {node}

    def members(head: Term, what: str, make: Callable[[tuple[Path, ...]], Path]) -> Path:
        found = graph.items(head)
        if found is None or len(found) < 2:
            raise IllTypedPath(f"{what} is a list of at least two paths")
        return make(tuple(read_path(graph, item, above) for item in found))

    if graph.objects(node, rdf.first) or graph.objects(node, rdf.rest):
        return members(node, "a sequence path", Sequence)
    for value in _only(graph, node, sh.inversePath):
        return Inverse(read_path(graph, value, above))
    for value in _only(graph, node, sh.alternativePath):
        return members(value, "an alternative path", Alternative)
    for predicate, mark in _MARKS.items():
        for value in _only(graph, node, predicate):
            return Repeated(read_path(graph, value, above), mark)
    raise IllTypedPath(
        "a blank node of a path is a list or has sh:inversePath, sh:alternativePath, "
        "sh:zeroOrMorePath, sh:oneOrMorePath or sh:zeroOrOnePath"
    )


def departures_of(path: Path) -> set[str]:
    """Where the reference follows a path otherwise (see `kg.shacl.DEPARTURES`)."""
    found: set[str] = set()
    match path:
        case Inverse(inner):
            found |= departures_of(inner)
            if _has_sequence(inner):
                found.add("inverseSequence")
            if isinstance(inner, Inverse):
                found.add("repeatedPath")
        case Repeated(inner, _):
            found |= departures_of(inner)
            if isinstance(inner, Repeated):
                found.add("repeatedPath")
        case Sequence(parts) | Alternative(parts):
            for part in parts:
                found |= departures_of(part)
    return found


def _has_sequence(path: Path) -> bool:
    match path:
        case Sequence(_):
            return True
        case Alternative(choices):
            return any(_has_sequence(choice) for choice in choices)
        case Inverse(inner) | Repeated(inner, _):
            return _has_sequence(inner)
    return False


def _only(graph: ShapesGraph, node: Term, predicate: ox.NamedNode) -> list[Term]:
    values = graph.objects(node, predicate)
    if len(values) > 1:
        raise IllTypedPath(f"the path has {len(values)} values of {predicate}")
    return values
