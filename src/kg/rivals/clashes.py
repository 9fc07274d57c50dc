"""The pairs that exclude each other among many claims with times: no more steps than pairs.

Sweeps through time like those of `sweep`, which say what kinds there are: these name the pairs.
Claims come in as their times begin and go out as they end, and each finds those inside that it
excludes without a look at the others. A pair is given by its two places in what was given; with
`sides` (0 or 1 for each) those across alone are found.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from kg.dates import Bounds
from kg.figures import Interval
from kg.sweep import Present, Thing, begins

__all__ = ["against", "figures", "things"]

Pairs = Iterator[tuple[int, int]]
Sides = Sequence[int] | None


def figures(timed: Sequence[tuple[Bounds, Interval]], sides: Sides = None) -> Pairs:
    """The pairs of intervals that no number can satisfy, at times that overlap."""
    spans = [span for _, span in timed]
    lows = sorted((s.low, s.low_open, n) for n, s in enumerate(spans) if s.low is not None)
    highs = sorted((s.high, not s.high_open, n) for n, s in enumerate(spans) if s.high is not None)
    low_ends, high_ends = [end[:2] for end in lows], [end[:2] for end in highs]
    places = (
        {n: place for place, (_, _, n) in enumerate(lows)},
        {n: place for place, (_, _, n) in enumerate(highs)},
    )
    halves = [(_Row(len(lows)), _Row(len(highs))) for _ in (0, 1)]

    def put(n: int, there: bool) -> None:
        for row, place in zip(halves[sides[n] if sides else 0], places, strict=True):
            if n in place:
                row.put(place[n], there)

    for n, over in _in_time([time for time, _ in timed]):
        for other in over:
            put(other, False)
        by_low, by_high = halves[1 - sides[n] if sides else 0]
        span = spans[n]
        if span.high is not None:
            find = bisect_left if span.high_open else bisect_right
            for place in by_low.between(find(low_ends, (span.high, False)), len(lows)):
                yield lows[place][2], n
        if span.low is not None:
            find = bisect_right if span.low_open else bisect_left
            for place in by_high.between(0, find(high_ends, (span.low, True))):
                yield highs[place][2], n
        put(n, True)


def things(
    claims: Sequence[tuple[Bounds, Thing]],
    around: Callable[[str], AbstractSet[str]] | None,
    sides: Sides = None,
) -> Pairs:
    """The pairs that name things which exclude each other, at times that overlap: one thing on two
    sides; and, with `around` (in what a thing lies), two things of which neither lies in the other.
    """
    halves: list[dict[str, dict[str | None, set[int]]]] = [{}, {}]
    for n, over in _in_time([time for time, _ in claims]):
        for other in over:
            name, _, side = claims[other][1]
            inside = halves[sides[other] if sides else 0]
            inside[name][side].remove(other)
            if not inside[name][side]:
                del inside[name][side]
            if not inside[name]:
                del inside[name]
        name, _, side = claims[n][1]
        inside = halves[1 - sides[n] if sides else 0]
        for other_side, those in inside.get(name, {}).items():
            if side and other_side and side != other_side:
                yield from ((other, n) for other in those)
        for rival, sided in inside.items() if around else ():
            if around and rival not in {name, *around(name)} and name not in around(rival):
                yield from ((other, n) for those in sided.values() for other in those)
        mine = halves[sides[n] if sides else 0].setdefault(name, defaultdict(set))
        mine[side].add(n)


def against(some: Sequence[Bounds], others: Sequence[Bounds]) -> Pairs:
    """The pairs of one of `some` and one of `others` whose times overlap."""
    inside: tuple[set[int], set[int]] = (set(), set())
    first = len(some)
    for n, over in _in_time([*some, *others]):
        for other in over:
            inside[other >= first].remove(other)
        for other in inside[n < first]:
            yield min(n, other), max(n, other) - first
        inside[n >= first].add(n)


def _in_time(times: Sequence[Bounds]) -> Iterator[tuple[int, list[int]]]:
    """Each as it comes in, with those whose time is over by then."""
    present = Present()
    for n in sorted(range(len(times)), key=lambda n: begins(times[n])):
        yield n, list(present.leave(times[n]))
        present.enter(times[n], n)


class _Row:
    """A row of places that are filled and emptied: those filled are found without the others."""

    def __init__(self, size: int) -> None:
        self._leaves = 1 << max(size - 1, 0).bit_length()
        self._filled = [0] * (2 * self._leaves)

    def put(self, place: int, there: bool) -> None:
        node, step = place + self._leaves, 1 if there else -1
        while node:
            self._filled[node] += step
            node //= 2

    def between(self, start: int, end: int) -> Iterator[int]:
        """The filled places from `start` up to, not with, `end`."""
        waiting = [(1, 0, self._leaves)] if start < end else []
        while waiting:
            node, first, last = waiting.pop()
            if not self._filled[node] or last <= start or end <= first:
                continue
            if last - first == 1:
                yield first
            else:
                middle = (first + last) // 2
                waiting += [(2 * node, first, middle), (2 * node + 1, middle, last)]
