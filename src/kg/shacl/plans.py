"""Queries of triple patterns, answered on the columns of the data graph: no store is needed.

What most queries of shapes say is a few triple patterns beside $this, and that something does not
exist. Such a query becomes steps, each of which takes solutions along one column; terms are matched
as they were written. Whatever else a query says is left to the store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg.shacl.graph import Column, DataGraph, Term
from kg.shacl.paths import Path, Predicate
from kg.shacl.patterns import (
    Among,
    End,
    Exists,
    OtherQuery,
    Patterns,
    TriplePattern,
    read_patterns,
)
from kg.shacl.queries import Query

__all__ = ["Plan", "compiled"]

_AT_ONCE = 10_000
"""So many solutions are carried from step to step at once: memory does not grow with the data."""

Row = tuple[int, ...]


@dataclass(frozen=True)
class _Step:
    """One triple pattern whose subject (or with `back` its object) stands in the solution.

    `other` is the place of its other end, None where that is found here. `path` may be the place of
    a predicate.
    """

    known: int
    path: Path | int
    other: int | None
    back: bool = False


@dataclass(frozen=True)
class Plan:
    """A query as steps. A solution holds the focus node, the query's IRIs, then what was found."""

    columns: tuple[tuple[str, int], ...]
    iris: tuple[ox.NamedNode, ...]
    steps: tuple[_Step, ...]
    among: tuple[tuple[int, frozenset[ox.NamedNode], bool], ...]
    exists: tuple[tuple[tuple[_Step, ...], bool], ...]

    def rows(
        self, graph: DataGraph, focus: Iterable[int]
    ) -> Iterator[tuple[int, tuple[tuple[str, Term], ...]]]:
        """Each focus node with each solution, once."""
        fixed = tuple(graph.number(iri) for iri in self.iris)
        among = [(at, {graph.number(i) for i in iris}, want) for at, iris, want in self.among]
        terms = graph.terms
        todo = iter(focus)
        while batch := list(islice(todo, _AT_ONCE)):
            seen: set[Row] = set()
            for rows in _walk(graph, [(node, *fixed) for node in batch], self.steps):
                for at, allowed, wanted in among:
                    rows = [row for row in rows if (row[at] in allowed) == wanted]
                for steps, wanted in self.exists:
                    rows = _existing(graph, rows, steps, wanted)
                for row in rows:
                    shown = (row[0], *(row[at] for _, at in self.columns))
                    if shown not in seen:
                        seen.add(shown)
                        yield row[0], tuple((name, terms[row[at]]) for name, at in self.columns)


def _walk(graph: DataGraph, rows: list[Row], steps: tuple[_Step, ...]) -> Iterator[list[Row]]:
    """Solutions with what the steps add to them, some at a time."""
    if not rows:
        return
    if not steps:
        yield rows
        return
    step, rest = steps[0], steps[1:]
    found: list[Row] = []
    for row in _taken(graph, rows, step):
        found.append(row)
        if len(found) >= _AT_ONCE:
            yield from _walk(graph, found, rest)
            found = []
    yield from _walk(graph, found, rest)


def _taken(graph: DataGraph, rows: list[Row], step: _Step) -> Iterator[Row]:
    """Solutions taken along one step."""
    known, other = step.known, step.other
    if isinstance(step.path, int):
        place = step.path
        for row in rows:
            column = (graph.inverse if step.back else graph.column)(row[place])
            yield from _onward(row, column.of(row[known]), other)
        return
    column = _column(graph, step.path, {row[known] for row in rows}, step.back)
    first, more = column.first, column.more
    for row in rows:
        node = row[known]
        if node in more:
            yield from _onward(row, more[node], other)
        elif node in first:
            value = first[node]
            if other is None:
                yield (*row, value)
            elif row[other] == value:
                yield row


def _onward(row: Row, values: Collection[int], other: int | None) -> Iterator[Row]:
    if other is None:
        for value in values:
            yield (*row, value)
    elif row[other] in values:
        yield row


def _column(graph: DataGraph, path: Path, nodes: Set[int], back: bool) -> Column:
    if isinstance(path, Predicate):
        number = graph.number(path.iri)
        return graph.inverse(number) if back else graph.column(number)
    return path.follow(graph, nodes, back)


def _existing(
    graph: DataGraph, rows: list[Row], steps: tuple[_Step, ...], wanted: bool
) -> list[Row]:
    """The solutions beside which the steps lead somewhere, or beside which they do not."""
    numbered = [(*row, number) for number, row in enumerate(rows)]
    if not numbered:
        return rows
    at = len(rows[0])
    there = {row[at] for found in _walk(graph, numbered, steps) for row in found}
    return [row for number, row in enumerate(rows) if (number in there) == wanted]


def compiled(query: Query, prefixes: Mapping[str, str]) -> Plan | None:
    """A query as a plan; None for one that says more than such a plan can."""
    try:
        return _planned(read_patterns(query, prefixes))
    except OtherQuery:
        return None


def _planned(patterns: Patterns) -> Plan:
    names, triples, filters = patterns.names, patterns.triples, patterns.filters
    inside = [t for f in filters if isinstance(f, Exists) for t in f.triples]
    iris = dict.fromkeys(
        end
        for triple in (*triples, *inside)
        for end in (triple.subject, triple.value)
        if isinstance(end, ox.NamedNode)
    )
    places: dict[End, int] = {"this": 0}
    places.update((iri, number) for number, iri in enumerate(iris, 1))
    steps = _ordered(triples, places, len(places))
    bound = {name: at for name, at in places.items() if isinstance(name, str)}
    if names is None:
        names = tuple(bound)
    among, exists = [], []
    for each in filters:
        if isinstance(each, Among):
            if each.variable not in bound:
                raise OtherQuery
            among.append((bound[each.variable], each.iris, each.wanted))
        else:  # the number of the solution stands before what is found inside
            exists.append((_ordered(each.triples, dict(places), len(places) + 1), each.wanted))
    columns = tuple((name, bound[name]) for name in names if name in bound)
    return Plan(columns, tuple(iris), steps, tuple(among), tuple(exists))


def _ordered(
    triples: Iterable[TriplePattern], places: dict[End, int], width: int
) -> tuple[_Step, ...]:
    """Steps for the patterns, each from an end that is known by then; `places` learns the rest."""
    left = list(triples)
    steps: list[_Step] = []
    while left:
        ranked = [(rank, t) for t in left if (rank := _rank(t, places)) is not None]
        if not ranked:
            raise OtherQuery
        triple = min(ranked, key=lambda pair: pair[0])[1]
        left.remove(triple)
        path = places[triple.path] if isinstance(triple.path, str) else triple.path
        start, end = places.get(triple.subject), places.get(triple.value)
        if start is None:
            assert end is not None
            steps.append(_Step(end, path, None, back=True))
            places[triple.subject] = width
            width += 1
        else:
            steps.append(_Step(start, path, end))
            if end is None:
                places[triple.value] = width
                width += 1
    return tuple(steps)


def _rank(triple: TriplePattern, places: Mapping[End, int]) -> int | None:
    """How soon a pattern is walked: what only narrows first; None where no variable leads to it.

    An IRI of the query may lead to half of the data, and would for every solution.
    """
    if isinstance(triple.path, str) and triple.path not in places:
        return None
    if triple.subject in places and triple.value in places:
        return 0
    for rank, end in ((1, triple.subject), (2, triple.value)):
        if isinstance(end, str) and end in places:
            return rank
    return None
