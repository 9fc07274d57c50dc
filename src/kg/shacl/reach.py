"""What a query of a shape reads of the data: its triple patterns, and the way from each to $this.

A changed triple can alter the answer for a focus node only as a match of some pattern of the query,
within a solution of everything that must hold beside that pattern. So the way from the pattern to
$this over such companions finds every focus node that may be concerned. Where there is no way, or
the query says something that is not read here, the reach is without bounds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
from pyparsing import ParseException
from rdflib import Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.paths import Path as QueryPath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.shacl.change import Change
from kg.shacl.model import Nodes
from kg.shacl.paths import Alternative, Inverse, Path, Predicate, Repeated, Sequence

__all__ = ["Reach"]

_THIS = "this"


class _Unread(Exception):
    """Something in a query whose reach this room does not know."""


@dataclass(frozen=True)
class _Pattern:
    """One triple pattern; `path` is None for a variable in the middle."""

    subject: str | ox.NamedNode | ox.Literal
    path: Path | None
    value: str | ox.NamedNode | ox.Literal

    def other(self, variable: str) -> Iterator[tuple[str, bool]]:
        """The variable at the other end, and whether the way there is against the path."""
        if self.subject == variable and isinstance(self.value, str):
            yield self.value, False
        if self.value == variable and isinstance(self.subject, str):
            yield self.subject, True

    def follow(self, change: Change, nodes: Set[int], back: bool) -> set[int]:
        """The nodes at the other end."""
        graph = change.graph
        if self.path is not None:
            return {end for _, end in self.path.follow(graph, nodes, back).pairs()}
        columns = [graph.inverse(p) if back else graph.column(p) for p in list(graph.columns)]
        return {end for column in columns for node in nodes for end in column.of(node)}

    def ends(self, change: Change) -> list[tuple[str, Set[int]]]:
        """The variables of the pattern with the nodes that changed matches may bind them to."""
        graph, here = change.graph, change.nodes
        starts: Set[int]
        ends: Set[int]
        if self.path is None or isinstance(self.path, Predicate):
            predicate = graph.number(self.path.iri) if self.path else None
            pairs = change.pairs(predicate)
            if not isinstance(self.subject, str):
                pairs = [(s, o) for s, o in pairs if s == graph.number(self.subject)]
            if isinstance(self.value, ox.NamedNode):  # a literal may be written in other ways
                pairs = [(s, o) for s, o in pairs if o == graph.number(self.value)]
            starts, ends = {s for s, _ in pairs}, {o for _, o in pairs}
        else:
            starts = self.path.stale(change, False, here)
            ends = self.path.stale(change, True, here)
        found: list[tuple[str, Set[int]]] = []
        if isinstance(self.subject, str):
            found.append((self.subject, starts))
        if isinstance(self.value, str):
            found.append((self.value, ends))
        if not found and (starts or ends):
            found.append(("", starts | ends))  # a triple without variables: concerns every node
        return found


@dataclass(frozen=True)
class Reach:
    """The patterns of a query, each with those that hold in every solution beside it."""

    patterns: tuple[tuple[_Pattern, tuple[_Pattern, ...]], ...]

    @classmethod
    def read(cls, text: str) -> Reach | None:
        """The reach of a SELECT, or None where it is without bounds."""
        return _read(text)

    @classmethod
    def _parsed(cls, text: str) -> Reach | None:
        try:
            query = translateQuery(parseQuery(text)).algebra
            return cls(tuple(_Reader().walk(query, ())))
        except (_Unread, ParseException, RecursionError):
            return None
        except Exception as error:  # the library raises bare Exception for unknown prefixes
            if type(error) is not Exception:
                raise
            return None

    @property
    def predicates(self) -> frozenset[ox.NamedNode] | None:
        """The predicates that it reads; None where it may read any, or the nodes of any triple."""
        found: set[ox.NamedNode] = set()
        for pattern, _ in self.patterns:
            named = _named(pattern.path)
            if named is None:
                return None
            found |= named
        return frozenset(found)

    def stale(self, change: Change) -> Nodes:
        """The focus nodes for which the answer may be another after a change."""
        found: set[int] = set()
        for pattern, beside in self.patterns:
            ends = [(name, nodes) for name, nodes in pattern.ends(change) if nodes]
            if not ends:
                continue
            reached = _to_this(change, ends, [p for p in beside if p is not pattern])
            if reached is None:
                return None
            found |= reached
        return found


def _named(path: Path | None) -> set[ox.NamedNode] | None:
    if isinstance(path, Predicate):
        return {path.iri}
    if isinstance(path, Inverse):
        return _named(path.inner)
    if isinstance(path, Repeated) and path.mark == "+":
        return _named(path.inner)
    if isinstance(path, Sequence | Alternative):
        found: set[ox.NamedNode] = set()
        for part in path.steps if isinstance(path, Sequence) else path.choices:
            named = _named(part)
            if named is None:
                return None
            found |= named
        return found
    return None  # a variable, or a path of no length, which stands on any node


@lru_cache(maxsize=512)
def _read(text: str) -> Reach | None:
    """Parsing is slow, and the same shapes are read again with every load."""
    return Reach._parsed(text)


def _to_this(change: Change, ends: list[tuple[str, Set[int]]], beside: Iterable[_Pattern]) -> Nodes:
    """Walk the shortest way from the ends of a pattern to $this; None where there is none."""
    known: dict[str, Set[int]] = dict(ends)
    todo = deque(known)
    while todo:
        variable = todo.popleft()
        if variable == _THIS:
            return known[variable]
        for pattern in beside:
            for other, back in pattern.other(variable):
                if other not in known:
                    known[other] = pattern.follow(change, known[variable], back)
                    todo.append(other)
    return None


class _Reader:
    """Walks the algebra of one query."""

    def __init__(self) -> None:
        self._scopes = 0

    def walk(
        self, node: Any, beside: tuple[_Pattern, ...], inside: str = ""
    ) -> Iterator[tuple[_Pattern, tuple[_Pattern, ...]]]:
        """Each pattern with its companions; `inside` marks the variables of a sub-select."""
        name = node.name
        if name == "BGP":
            own = self._patterns(node, inside)
            yield from ((pattern, (*own, *beside)) for pattern in own)
        elif name == "Join":
            yield from self.walk(node.p1, (*beside, *self._needed(node.p2, inside)), inside)
            yield from self.walk(node.p2, (*beside, *self._needed(node.p1, inside)), inside)
        elif name in ("LeftJoin", "Minus"):
            left = (*beside, *self._needed(node.p1, inside))
            yield from self.walk(node.p1, beside, inside)
            yield from self.walk(node.p2, left, inside)
            yield from self._exists(node.get("expr"), left, inside)
        elif name == "Union":
            yield from self.walk(node.p1, beside, inside)
            yield from self.walk(node.p2, beside, inside)
        elif name in ("Filter", "Extend"):
            yield from self.walk(node.p, beside, inside)
            yield from self._exists(node.expr, (*beside, *self._needed(node.p, inside)), inside)
        elif name == "Project" and beside:
            raise _Unread  # reached through ToMultiSet, which begins anew
        elif name in ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy", "Slice"):
            yield from self.walk(node.p, beside, inside)
        elif name in ("AggregateJoin", "Group"):
            yield from self.walk(node.p, beside, inside)
            self._plain(node.get("expr"))
            self._plain(node.get("A"))
        elif name == "ToMultiSet":
            # What holds outside of a sub-select need not hold where its groups and limits count.
            yield from self.walk(node.p, (), f"{inside}/{id(node)}")
        elif name == "values":
            return
        else:
            raise _Unread(name)

    def _patterns(self, node: Any, inside: str) -> list[_Pattern]:
        return [_Pattern(_end(s, inside), _path(p), _end(o, inside)) for s, p, o in node.triples]

    def _needed(self, node: Any, inside: str) -> tuple[_Pattern, ...]:
        """The patterns that hold in every solution of a part."""
        name = node.name
        if name == "BGP":
            return tuple(self._patterns(node, inside))
        if name == "Join":
            return (*self._needed(node.p1, inside), *self._needed(node.p2, inside))
        if name in ("LeftJoin", "Minus"):
            return self._needed(node.p1, inside)
        if name in ("Filter", "Extend", "Distinct", "Reduced", "OrderBy"):
            return self._needed(node.p, inside)
        return ()

    def _exists(
        self, expression: Any, beside: tuple[_Pattern, ...], inside: str
    ) -> Iterator[tuple[_Pattern, tuple[_Pattern, ...]]]:
        """The patterns inside EXISTS and NOT EXISTS of an expression."""
        if isinstance(expression, CompValue):
            if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                graph = expression.graph
                if graph.name == "GroupGraphPatternSub":
                    graph = translateGroupGraphPattern(graph)
                yield from self.walk(graph, beside, inside)
                return
            for key, part in expression.items():
                if key != "_vars":
                    yield from self._exists(part, beside, inside)
        elif isinstance(expression, list | tuple):
            for part in expression:
                yield from self._exists(part, beside, inside)

    def _plain(self, expression: Any) -> None:
        """An expression over groups may not look into the data."""
        if any(True for _ in self._exists(expression, (), "")):
            raise _Unread


def _end(term: Any, inside: str) -> str | ox.NamedNode | ox.Literal:
    if isinstance(term, Variable):
        return str(term) if str(term) == _THIS or not inside else f"{term}{inside}"
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
        return ox.Literal(str(term), datatype=datatype)
    return f"_:{term}{inside}"  # a blank node of a query is a variable


def _path(term: Any) -> Path | None:
    if isinstance(term, Variable):
        return None
    if isinstance(term, URIRef):
        return Predicate(ox.NamedNode(str(term)))
    if isinstance(term, InvPath):
        return Inverse(_whole(term.arg))
    if isinstance(term, SequencePath):
        return Sequence(tuple(_whole(arg) for arg in term.args))
    if isinstance(term, AlternativePath):
        return Alternative(tuple(_whole(arg) for arg in term.args))
    if isinstance(term, MulPath):
        return Repeated(_whole(term.path), str(term.mod))
    raise _Unread(term)


def _whole(term: URIRef | QueryPath) -> Path:
    path = _path(term)
    assert path is not None
    return path
