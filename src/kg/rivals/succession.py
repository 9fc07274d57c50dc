"""Orders of claims in which a look tells whether one of two comes after the other.

A work that orders claims mostly does so one after another, or in steps: then each claim has a step,
and two of one order follow each other as soon as their steps differ. An order that branches gets
two sequences instead, such that of two claims one is later just where it stands later in both; that
is so for trees, for branches that meet again, and for much besides. What runs in a ring is later
than itself, and is taken as a chain. An order for which no two sequences were found has no places.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Place", "blocks", "places"]

_CLOSE = 16  # so few are held against each other one by one
_AT_ONCE = 4096  # bits of a number that is handed from thing to thing

Edges = Mapping[str, set[str]]


class Place(NamedTuple):
    """A place in an order: the number of the order, from 1 on, and the step in it, from 0 on; or,
    in an order that branches, where it stands in two sequences.
    """

    order: int
    step: int
    branch: tuple[int, int] | None = None


def places(later: Mapping[str, Iterable[str]]) -> dict[str, Place | None]:
    """The place of each thing that is said to be later than others, or earlier; None in an order
    without places. `later` gives what each is said to come after.
    """
    edges = {thing: set(earlier) for thing, earlier in later.items() if earlier}
    found: dict[str, Place | None] = {}
    for number, members in enumerate(_together(edges), 1):
        own = _without_rings({thing: edges.get(thing, set()) for thing in members})
        order = _sequence(own, again=False)
        steps = _steps(own, order)
        if steps is not None:
            for step, those in enumerate(steps):
                found.update(dict.fromkeys(those, Place(number, step)))
            continue
        first = {thing: n for n, thing in enumerate(order)}
        second = {thing: n for n, thing in enumerate(_sequence(own, again=True))}
        told = _agreeing(order, second) == _later(own, order)
        for thing in members:
            found[thing] = Place(number, 0, (first[thing], second[thing])) if told else None
    return found


def blocks(
    branches: Sequence[tuple[int, int]],
) -> Iterator[tuple[list[int], list[int], bool]]:
    """All pairs of some places in two sequences, in blocks: two lists of numbers, each of the first
    with each of the second; and whether they follow each other, or neither is later.

    Halves of the first sequence are held against each other by halves of the second, so the blocks
    hold k log² k numbers. Where few are left a block is a single pair.
    """
    halves = [sorted(range(len(branches)), key=lambda n: branches[n][0])]
    while halves:
        some = halves.pop()
        if len(some) <= _CLOSE:
            for place, a in enumerate(some):
                for b in some[place + 1 :]:
                    yield [a], [b], branches[a][1] < branches[b][1]
            continue
        before, after = some[: len(some) // 2], some[len(some) // 2 :]
        halves += [before, after]
        both = sorted(
            [(branches[n][1], n, 0) for n in before] + [(branches[n][1], n, 1) for n in after]
        )
        parts = [both]
        while parts:
            part = parts.pop()
            early = [n for _, n, half in part if not half]
            late = [n for _, n, half in part if half]
            if len(part) <= _CLOSE:
                yield from (
                    ([a], [b], branches[a][1] < branches[b][1]) for a in early for b in late
                )
            elif early and late:
                low, high = part[: len(part) // 2], part[len(part) // 2 :]
                parts += [low, high]
                for follow in (True, False):
                    left = [n for _, n, half in (low if follow else high) if not half]
                    right = [n for _, n, half in (high if follow else low) if half]
                    if left and right:
                        yield left, right, follow


def _together(edges: Edges) -> list[list[str]]:
    """The things that any way joins, in parts."""
    beside: dict[str, set[str]] = defaultdict(set)
    for thing, earlier in edges.items():
        for other in earlier:
            beside[thing].add(other)
            beside[other].add(thing)
    parts: list[list[str]] = []
    seen: set[str] = set()
    for start in sorted(beside):
        part, waiting = [], [start]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                part.append(here)
                waiting.extend(beside[here])
        if part:
            parts.append(part)
    return parts


def _turned(edges: Edges) -> dict[str, set[str]]:
    """What each is said to come before."""
    found: dict[str, set[str]] = {thing: set() for thing in edges}
    for thing, earlier in edges.items():
        for other in earlier:
            found[other].add(thing)
    return found


def _finished(edges: Edges, starts: Iterable[str], *, turn: bool = False) -> Iterator[list[str]]:
    """What is newly reached from each of `starts`, each thing behind all that it leads to."""
    seen: set[str] = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        done: list[str] = []
        path = [(start, iter(sorted(edges[start], reverse=turn)))]
        while path:
            here, ways = path[-1]
            for other in ways:
                if other not in seen:
                    seen.add(other)
                    path.append((other, iter(sorted(edges[other], reverse=turn))))
                    break
            else:
                path.pop()
                done.append(here)
        yield done


def _without_rings(edges: Edges) -> dict[str, set[str]]:
    """The same with each ring as a chain: its members stay later than each other, whatever is
    later than one of them is later than all, and likewise what is earlier.
    """
    order = [thing for part in _finished(edges, sorted(edges)) for thing in part]
    chains = [sorted(ring) for ring in _finished(_turned(edges), reversed(order))]
    chain_of = {thing: n for n, chain in enumerate(chains) for thing in chain}
    found: dict[str, set[str]] = {thing: set() for thing in edges}
    for n, chain in enumerate(chains):
        for earlier, thing in pairwise(chain):
            found[thing].add(earlier)
        outside = {o for thing in chain for o in edges[thing] if chain_of[o] != n}
        found[chain[0]] |= {chains[chain_of[other]][-1] for other in outside}
    return found


def _sequence(edges: Edges, *, again: bool) -> list[str]:
    """The things, none before one that it comes after; `again`: with all turns the other way."""
    onward = _turned(edges)
    starts = sorted((thing for thing, earlier in edges.items() if not earlier), reverse=again)
    done = [thing for part in _finished(onward, starts, turn=again) for thing in part]
    return done[::-1]


def _steps(edges: Edges, order: Sequence[str]) -> list[set[str]] | None:
    """The things in steps, each said to be later than all of the step before; else None."""
    place: dict[str, int] = {}
    steps: list[set[str]] = []
    for thing in order:
        place[thing] = 1 + max((place[other] for other in edges[thing]), default=-1)
        if place[thing] == len(steps):
            steps.append(set())
        steps[place[thing]].add(thing)
    for thing, n in place.items():
        if n and not steps[n - 1] <= edges[thing]:
            return None
    return steps


def _agreeing(order: Sequence[str], second: Mapping[str, int]) -> int:
    """How many pairs stand the same way round in both sequences."""
    found = 0
    runs = [[second[thing]] for thing in order]
    while len(runs) > 1:
        merged = []
        for n in range(0, len(runs) - 1, 2):
            left, right = runs[n], runs[n + 1]
            found += sum(bisect_left(left, place) for place in right)
            merged.append(sorted(left + right))
        runs = merged + runs[len(runs) // 2 * 2 :]
    return found


def _later(edges: Edges, order: Sequence[str]) -> int:
    """How many pairs there are of which one is later, link upon link.

    What each comes after is a number with a bit for each thing, made for so many of them at a time:
    that costs as many steps as things, times things over 4,096.
    """
    found = 0
    for start in range(0, len(order), _AT_ONCE):
        bits = {thing: 1 << n for n, thing in enumerate(order[start : start + _AT_ONCE])}
        reached: dict[str, int] = {}
        for thing in order[start:]:
            below = 0
            for other in edges[thing]:
                below |= reached.get(other, 0)
            found += below.bit_count()
            reached[thing] = below | bits.get(thing, 0)
    return found
