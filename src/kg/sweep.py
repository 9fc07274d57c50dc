"""The kinds of disagreement among many claims with times, without pairing them.

A sweep through time: claims come in as their times begin and go out as they end, and each is held
against those that are in by what these have at their outermost, or by how many there are of what.
It costs k log k.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from fractions import Fraction
from heapq import heappop, heappush

from kg.dates import Bounds, cannot_overlap
from kg.figures import Interval, Kind, apart

__all__ = ["Present", "Thing", "Timed", "against", "begins", "kinds", "things"]

Timed = tuple[Bounds, Hashable, Interval]
Thing = tuple[str, str | None, str | None]
End = tuple[Fraction, bool]


def kinds(figures: Sequence[Timed], sides: Sequence[int] | None = None) -> set[Kind]:
    """The kinds of all pairs of some figures; of those with a disjoint pair, just ``disjoint``.

    Each is given as its time, what it says (equal if two say the same), and its interval. With
    `sides` (0 or 1 for each) those of the pairs across alone.
    """
    order = sorted(range(len(figures)), key=lambda n: begins(figures[n][0]))
    timed = [figures[n] for n in order]
    found: set[Kind] = set()
    halves = [_Inside(timed) for _ in ((0, 1) if sides else (0,))]
    for n, (time, figure, span) in enumerate(timed):
        side = sides[order[n]] if sides else 0
        inside = halves[side - 1]
        if inside.leave(time):
            found.add("successive")
        if inside.any_apart(figure, span):
            return {"disjoint"}
        found |= inside.against(n, figure, span)
        halves[side].enter(n)
    return found


def things(
    claims: Sequence[tuple[Bounds, Thing]],
    around: Callable[[str], AbstractSet[str]],
    sides: Sequence[int] | None = None,
) -> set[Kind]:
    """The kinds of all pairs of claims that name things; of those with a disjoint pair, just
    ``disjoint``. With `sides` (0 or 1 for each) those of the pairs across alone.

    Each is given as its time, and the thing with its role and its side. Two things are nested where
    one lies in the other, else disjoint; one thing on two sides is disjoint, and in one role on one
    side the same. `around` tells in what a thing lies, all the way up: what lies in a thing also
    lies in all that this lies in.
    """
    found: set[Kind] = set()
    halves = [(_Named(around), _Named(around), Present()) for _ in ((0, 1) if sides else (0,))]
    order = sorted(range(len(claims)), key=lambda n: begins(claims[n][0]))
    named = [claims[n] for n in order]
    for n, (time, thing) in enumerate(named):
        side = sides[order[n]] if sides else 0
        inside, gone, present = halves[side - 1]
        for over in present.leave(time):
            inside.count(named[over][1], -1)
            gone.count(named[over][1], 1)
        if gone.kinds(thing):
            found.add("successive")
        found |= inside.kinds(thing)
        if "disjoint" in found:
            return {"disjoint"}
        inside, _, present = halves[side]
        inside.count(thing, 1)
        present.enter(time, n)
    return found


def against(some: Iterable[Bounds], others: Iterable[Bounds]) -> set[Kind]:
    """The kinds of all pairs of one of `some` and one of `others`, which exclude each other."""
    timed = [*((time, 0) for time in some), *((time, 1) for time in others)]
    timed.sort(key=lambda item: begins(item[0]))
    found: set[Kind] = set()
    inside, gone, present = [0, 0], [0, 0], Present()
    for n, (time, which) in enumerate(timed):
        for over in present.leave(time):
            inside[timed[over][1]] -= 1
            gone[timed[over][1]] += 1
        if inside[1 - which]:
            return {"disjoint"}
        if gone[1 - which]:
            found.add("successive")
        inside[which] += 1
        present.enter(time, n)
    return found


class Present:
    """The numbers of those whose time is not over, as the sweep goes on."""

    def __init__(self) -> None:
        self._leaving: list[tuple[date, date, int, Bounds]] = []

    def enter(self, time: Bounds, n: int) -> None:
        """One more, with its time."""
        heappush(self._leaving, (time.latest or date.max, time.earliest or date.min, n, time))

    def leave(self, time: Bounds) -> Iterator[int]:
        """Those whose time is over when this time begins; they go."""
        while self._leaving and cannot_overlap(self._leaving[0][3], time):
            yield heappop(self._leaving)[2]


class _Named:
    """How many claims name which thing, in which role and on which side."""

    def __init__(self, around: Callable[[str], AbstractSet[str]]) -> None:
        self._around = around
        self._names: Counter[str] = Counter()
        self._sided: Counter[tuple[str, str | None]] = Counter()
        self._alike: Counter[Thing] = Counter()
        self._below: Counter[str] = Counter()  # of what is named, how much lies in a thing

    def count(self, thing: Thing, step: int) -> None:
        """Count one claim more (1) or one less (-1)."""
        name, _, side = thing
        before = self._names[name]
        self._names[name] += step
        self._alike[thing] += step
        if side:
            self._sided[name, side] += step
            self._sided[name, None] += step
        if 0 in (before, self._names[name]):
            for wider in self._around(name):
                self._below[wider] += step
        if not self._names[name]:
            del self._names[name]

    def kinds(self, thing: Thing) -> set[Kind]:
        """The kinds of a claim with those that are counted."""
        name, _, side = thing
        found: set[Kind] = set()
        if side and self._sided[name, None] > self._sided[name, side]:
            return {"disjoint"}
        if self._alike[thing]:
            found.add("same")
        others = len(self._names) - (name in self._names)
        if others:
            # What is inside excludes nothing else inside. So if this very thing is inside, or one
            # of a ring with it, none is against it, and it does no harm that such count twice.
            wider = sum(x in self._names for x in self._around(name))
            nested = wider + self._below[name]
            if nested < others:
                return {"disjoint"}
            found.add("nested")
        return found


class _Inside:
    """The figures that could hold at the present moment of the sweep, by their numbers."""

    def __init__(self, timed: Sequence[Timed]) -> None:
        self.timed = timed
        self.figures: Counter[Hashable] = Counter()
        self.spans: Counter[Interval] = Counter()
        self.unknown = self.everyone = 0
        self._present = Present()
        self._gone: set[int] = set()
        self._empty: dict[Hashable, Interval] = {}  # nearly 0, which excludes even itself
        self._highs: list[tuple[Fraction, bool, int]] = []
        self._lows: list[tuple[Fraction, bool, int]] = []
        known = [n for n, (_, _, span) in enumerate(timed) if _known(span)]
        known.sort(key=lambda n: _low(timed[n][2]))
        self._place = {n: place for place, n in enumerate(known)}
        lows = [_low(timed[n][2]) for n in known]
        self._first: dict[End, int] = {}
        self._last: dict[End, int] = {}
        for place, low in enumerate(lows):
            self._first.setdefault(low, place)
            self._last[low] = place
        self._lowest = _Tree(len(known), min)
        self._highest = _Tree(len(known), max)

    def leave(self, time: Bounds) -> bool:
        """Let those go whose time is over; whether any has ever gone."""
        for n in self._present.leave(time):
            _, figure, span = self.timed[n]
            self._gone.add(n)
            self._count(figure, span, -1)
            if n in self._place:
                self._lowest.put(self._place[n], None)
                self._highest.put(self._place[n], None)
        return bool(self._gone)

    def enter(self, n: int) -> None:
        time, figure, span = self.timed[n]
        self._present.enter(time, n)
        self._count(figure, span, 1)
        if apart(span, span):
            self._empty[figure] = span
        elif span.high is not None:
            heappush(self._highs, (span.high, not span.high_open, n))
        if span.low is not None and figure not in self._empty:
            heappush(self._lows, (-span.low, not span.low_open, n))
        if n in self._place:
            self._lowest.put(self._place[n], _high(span))
            self._highest.put(self._place[n], _high(span))

    def any_apart(self, figure: Hashable, span: Interval) -> bool:
        """Whether one of those inside excludes this figure: the one that ends first, or the one
        that begins last, does so if any does.
        """
        for heap in (self._highs, self._lows):
            while heap and heap[0][2] in self._gone:
                heappop(heap)
            if heap and apart(span, self.timed[heap[0][2]][2]):
                return True
        for rival, other in self._empty.items():
            if self.figures[rival] and rival != figure and apart(span, other):
                return True
        return False

    def against(self, n: int, figure: Hashable, span: Interval) -> set[Kind]:
        """The kinds of this figure with those inside, none of which it excludes."""
        found: set[Kind] = set()
        everyone = self.everyone
        if self.figures[figure] or (n in self._place and self.spans[span]):
            found.add("same")
        if n not in self._place:
            if everyone > self.figures[figure]:
                found.add("compatible-bound")
            return found
        if self.unknown:
            found.add("compatible-bound")
        if everyone - self.unknown > self.spans[span]:
            found.add("nested")  # or overlapping, which is stronger
        below = self._lowest.best(0, self._first[_low(span)])
        above = self._highest.best(self._last[_low(span)] + 1, len(self._place))
        if (below and below < _high(span)) or (above and above > _high(span)):
            found.add("overlapping")
        return found

    def _count(self, figure: Hashable, span: Interval, step: int) -> None:
        self.everyone += step
        self.figures[figure] += step
        if _known(span):
            self.spans[span] += step
        else:
            self.unknown += step


class _Tree:
    """The best of a stretch of places that are filled and emptied: a tree of the best of two."""

    def __init__(self, size: int, best: Callable[[End, End], End]) -> None:
        self._size, self._best = size, best
        self._nodes: list[End | None] = [None] * (2 * size)

    def put(self, place: int, value: End | None) -> None:
        node = place + self._size
        self._nodes[node] = value
        while node > 1:
            node //= 2
            self._nodes[node] = self._of(self._nodes[2 * node], self._nodes[2 * node + 1])

    def best(self, start: int, end: int) -> End | None:
        """The best from `start` up to, not with, `end`; None where all are empty."""
        found: End | None = None
        start, end = start + self._size, end + self._size
        while start < end:
            if start % 2:
                found = self._of(found, self._nodes[start])
                start += 1
            if end % 2:
                end -= 1
                found = self._of(found, self._nodes[end])
            start, end = start // 2, end // 2
        return found

    def _of(self, a: End | None, b: End | None) -> End | None:
        return self._best(a, b) if a and b else a or b


def begins(time: Bounds) -> tuple[date, date]:
    """A key that sorts times as they begin."""
    return time.earliest or date.min, time.latest or date.max


def _known(span: Interval) -> bool:
    return span.low is not None and span.high is not None


def _low(span: Interval) -> End:
    assert span.low is not None
    return span.low, span.low_open


def _high(span: Interval) -> End:
    assert span.high is not None
    return span.high, not span.high_open
