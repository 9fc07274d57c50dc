"""Who went from where to where: places of one thing that follow on one another in time.

Two claims are joined only when their times cannot overlap, so that no order is made up; what lay
between them is not known, and neither is the road.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kg import dates
from kg.errors import DateError
from kg.web.happenings import Happening

__all__ = ["Way", "joined"]

_LAYERS = ("movement", "presence")


@dataclass(frozen=True)
class Way:
    """From the place of one claim to that of a later one, of the same thing."""

    start: Happening
    end: Happening


def joined(happenings: Iterable[Happening]) -> list[Way]:
    """The ways between marks that have coordinates and one time each, by thing and time."""
    by_thing: dict[str, list[tuple[dates.Bounds, Happening]]] = defaultdict(list)
    for happening in happenings:
        place = happening.place
        if happening.layer not in _LAYERS or place is None or place.degrees is None:
            continue
        if place.thing.iri == happening.thing.iri:  # a place that was reinforced went nowhere
            continue
        bounds = _bounds(happening)
        if bounds is not None:
            by_thing[happening.thing.iri or ""].append((bounds, happening))
    ways = []
    for _, stops in sorted(by_thing.items()):
        stops.sort(key=lambda stop: (_first(stop[0]), _last(stop[0]), stop[1].claims))
        for (earlier, start), (later, end) in pairwise(stops):
            here, there = start.place, end.place
            assert here and there
            if here.degrees != there.degrees and dates.cannot_overlap(earlier, later):
                ways.append(Way(start, end))
    return ways


def _bounds(happening: Happening) -> dates.Bounds | None:
    if len(happening.times) != 1:
        return None
    try:
        return dates.bounds(happening.times[0])
    except DateError:
        return None


def _first(bounds: dates.Bounds) -> date:
    return bounds.earliest or date.min


def _last(bounds: dates.Bounds) -> date:
    return bounds.latest or date.max
