"""Who went from where to where: places of one thing that follow on one another in time.

Two claims are joined only when their order is certain, by their times or because con:laterThan
states it, and when no third stop of the thing can have lain between them, be its place on the map
or not. What else lay between them is not known, and neither is the road. A stop without a time
lies between two others only where con:laterThan puts it there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kg import dates
from kg.errors import DateError
from kg.web.happenings import Happening

__all__ = ["STOPS", "Way", "joined"]

STOPS = frozenset({"movement", "presence"})
"""The layers whose marks are stops of a thing."""


@dataclass(frozen=True)
class Way:
    """From the place of one claim to that of a later one, of the same thing."""

    start: Happening
    end: Happening


@dataclass(frozen=True)
class _Stop:
    """A mark with its days, None for one without a time; their outer ends, and the latest day on
    which it began.
    """

    mark: Happening
    place: tuple[float, float] | None
    days: dates.Bounds | None
    first: date
    last: date
    begun: date


def joined(happenings: Iterable[Happening]) -> list[Way]:
    """The ways between marks that have coordinates and one time each, by thing and time."""
    by_thing: dict[str, list[_Stop]] = defaultdict(list)
    for happening in happenings:
        place = happening.place
        if happening.layer not in STOPS or place is None:
            continue
        if place.thing.iri == happening.thing.iri:  # a place that was reinforced went nowhere
            continue
        by_thing[happening.thing.iri or ""].append(_stop(happening))
    ways = []
    for _, stops in sorted(by_thing.items()):
        ways += _of_one(stops)
    return ways


def _of_one(stops: list[_Stop]) -> list[Way]:
    """The ways of one thing. Sets of stops are bits of a number: there are pairs by the million
    where all that a page draws is of one thing.
    """
    stops.sort(key=lambda stop: (stop.first, stop.last, stop.mark.claims))
    later, earlier = _order(stops)
    timed = _bits(n for n, stop in enumerate(stops) if stop.days is not None)
    at: dict[tuple[float, float] | None, int] = defaultdict(int)
    for n, stop in enumerate(stops):
        at[stop.place] |= 1 << n
    ends = [n for n, stop in enumerate(stops) if stop.days is not None and stop.place is not None]
    ways = []
    for a in ends:
        start = stops[a]
        # A stay that had begun before is no stop on the way from here.
        begun = _bits(n for n, stop in enumerate(stops) if stop.begun < start.first)
        elsewhere = timed & ~(earlier[a] | begun | at[start.place])
        for b in ends:
            if not later[a] >> b & 1 or at[start.place] >> b & 1:
                continue
            between = later[a] & earlier[b]
            if not between and not elsewhere & ~(later[b] | at[stops[b].place]):
                ways.append(Way(start.mark, stops[b].mark))
    return ways


def _order(stops: list[_Stop]) -> tuple[list[int], list[int]]:
    """For each stop those that certainly came after it, and those that came before it; a pair whose
    times and con:laterThan contradict each other has no order.
    """
    links = {claim: stop.mark.later_than for stop in stops for claim in stop.mark.claims}
    number = {claim: n for n, stop in enumerate(stops) for claim in stop.mark.claims}
    ahead = [
        _bits(n for n, other in enumerate(stops) if _days_before(other, stop))
        | _bits(number[claim] for claim in _before(stop, links) if claim in number)
        for stop in stops
    ]
    behind = _turned(ahead)
    earlier = [its & ~others for its, others in zip(ahead, behind, strict=True)]
    return _turned(earlier), earlier


def _turned(sets: list[int]) -> list[int]:
    """For each stop those in whose sets it is."""
    turned = [0] * len(sets)
    for n, its in enumerate(sets):
        while its:
            lowest = its & -its
            turned[lowest.bit_length() - 1] |= 1 << n
            its ^= lowest
    return turned


def _bits(numbers: Iterable[int]) -> int:
    found = 0
    for n in numbers:
        found |= 1 << n
    return found


def _before(stop: _Stop, links: Mapping[str, frozenset[str]]) -> set[str]:
    """The claims that a stop comes after, by con:laterThan link upon link."""
    found: set[str] = set()
    waiting = list(stop.mark.later_than)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += links.get(here, ())
    return found


def _days_before(a: _Stop, b: _Stop) -> bool:
    if a.last > b.first or a.days is None or b.days is None:
        return False
    return dates.cannot_overlap(a.days, b.days) and (a.first, a.last) < (b.first, b.last)


def _stop(happening: Happening) -> _Stop:
    time = happening.times[0].edtf if len(happening.times) == 1 else ""
    begins, lasted, _ = time.partition("/")
    days = _bounds(time)
    begun = _bounds(begins) if lasted else days
    return _Stop(
        happening,
        happening.place.degrees if happening.place else None,
        days,
        (days and days.earliest) or date.min,
        (days and days.latest) or date.max,
        (begun and begun.latest) or date.max,
    )


def _bounds(time: str) -> dates.Bounds | None:
    try:
        return dates.bounds(time) if time else None
    except DateError:
        return None
