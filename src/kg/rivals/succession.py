"""Orders of claims that leave no two in doubt: where every pair of con:laterThan is told at a look.

A work that orders claims mostly does so one after another, or in steps. Then each claim has a
place, and two of one order follow each other as soon as their places differ. An order that
branches, or runs in a ring, has no places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

__all__ = ["Place", "places"]

Place = tuple[int, int]
"""The number of an order, from 1 on, and the place in it, from 0 on."""


def places(later: Mapping[str, Iterable[str]]) -> dict[str, Place | None]:
    """The place of each thing that is said to be later than others, or earlier; None in an order
    without places. `later` gives what each is said to come after.
    """
    edges = {thing: set(earlier) for thing, earlier in later.items() if earlier}
    found: dict[str, Place | None] = {}
    for number, members in enumerate(_together(edges), 1):
        steps = _steps({thing: edges.get(thing, set()) for thing in members})
        for thing in members:
            found[thing] = None
        for place, step in enumerate(steps or ()):
            found.update(dict.fromkeys(step, (number, place)))
    return found


def _together(edges: Mapping[str, set[str]]) -> list[list[str]]:
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


def _steps(edges: Mapping[str, set[str]]) -> list[set[str]] | None:
    """The things in steps, each said to be later than all of the step before; else None."""
    try:
        order = list(TopologicalSorter(edges).static_order())
    except CycleError:
        return None
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
