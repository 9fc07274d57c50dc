"""The timeline: what claims date, as bars between the earliest and the latest day.

A time that lasted is a full bar; one of which only the bounds are known is a bar that fades; an
end that is open ends in an arrow. Bars are measured in shares of the width, so that their page is
read at any width, and in print, without a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from babel.dates import format_date
from flask import Blueprint, render_template

from kg import dates
from kg.errors import DateError
from kg.explain.when import when
from kg.web import languages
from kg.web.choosing import LAYERS, Choice, timeline_query
from kg.web.happenings import Happening, asked_for
from kg.web.site import Site

__all__ = ["Bar", "Row", "Tick", "Timeline", "add_to", "drawn"]

Look = Literal["day", "lasting", "within"]
_DAY = timedelta(days=1)
_LEAST = 1.0


@dataclass(frozen=True)
class Bar:
    """One time on the axis: where it begins and how long it is, in hundredths of the width.

    `look` says whether one day is known, a time that lasted, or bounds within which it fell;
    `opens` and `closes` whether an end is open or lies beyond the axis.
    """

    start: float
    width: float
    look: Look
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True)
class Row:
    """One mark with its bars (one for each of its times that touch the axis)."""

    happening: Happening
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Tick:
    """A line of the axis: its place in hundredths of the width, and its text (empty for a line
    between two texts). `minor` ones may be left out where there is little room.
    """

    at: float
    text: str
    minor: bool = False


@dataclass(frozen=True)
class Timeline:
    """Rows by layer, in order of time, on one axis; and what has no time."""

    layers: dict[str, list[Row]]
    ticks: list[Tick]
    undated: list[Happening]

    @property
    def count(self) -> int:
        """Rows that are drawn."""
        return sum(map(len, self.layers.values()))


def drawn(
    happenings: Iterable[Happening], first: int | None = None, last: int | None = None
) -> Timeline:
    """The timeline of some happenings, from the year `first` to the year `last`; without them,
    from the first year to the last that any of them needs.
    """
    dated = []
    undated = []
    for happening in happenings:
        spans = [span for t in happening.times if (span := _span(t.edtf)) is not None]
        if spans:
            dated.append((happening, spans))
        else:
            undated.append(happening)
    days = [day for _, spans in dated for _, *ends in spans for day in ends if day is not None]
    begin = date(first or min((d.year for d in days), default=last or 1), 1, 1)
    final = max(last or max((d.year for d in days), default=begin.year), begin.year)
    axis = begin, date(final, 12, 31)
    layers: dict[str, list[Row]] = {name: [] for name in LAYERS}
    for happening, spans in sorted(dated, key=lambda pair: _order(pair[0], pair[1])):
        bars = tuple(bar for span in spans if (bar := _bar(span, *axis)) is not None)
        if bars:
            layers[happening.layer].append(Row(happening, bars))
    return Timeline({n: rows for n, rows in layers.items() if rows}, _ticks(*axis), undated)


_Span = tuple[Look, date | None, date | None]


def _span(text: str) -> _Span | None:
    """How an EDTF text is drawn, and its outer days; None for one that can't be drawn."""
    try:
        bounds = dates.bounds(text)
    except DateError:
        return None
    if bounds.earliest is None and bounds.latest is None:
        return None
    said = when(text)
    if bounds.earliest == bounds.latest:
        return "day", bounds.earliest, bounds.latest
    lasted = said.span in ("lasting", "from", "until")
    return "lasting" if lasted else "within", bounds.earliest, bounds.latest


def _order(happening: Happening, spans: Sequence[_Span]) -> tuple[date, date, str, str]:
    starts = [first or last or date.max for _, first, last in spans]
    ends = [last or date.max for _, _, last in spans]
    return min(starts), max(ends), happening.thing.label.text, happening.claims[0]


def _bar(span: _Span, begin: date, end: date) -> Bar | None:
    look, first, last = span
    if (last is not None and last < begin) or (first is not None and first > end):
        return None
    whole = (end - begin + _DAY).days
    start = 100 * (max(first or begin, begin) - begin).days / whole
    width = 100 * (min(last or end, end) - begin + _DAY).days / whole - start
    if width < _LEAST and look != "day":  # so short that it would not be seen
        start = min(max(start - (_LEAST - width) / 2, 0), 100 - _LEAST)
        width = _LEAST
    return Bar(
        start=round(start, 3),
        width=round(width, 3),
        look=look,
        opens=first is None or first < begin,
        closes=last is None or last > end,
    )


def _ticks(begin: date, end: date) -> list[Tick]:
    """Years, or months where there are at most two years; every `step`-th year where many."""
    whole = (end - begin + _DAY).days
    years = range(begin.year, end.year + 1)
    ticks = []
    if len(years) <= 2:
        locale = languages.current()
        for year in years:
            for month in range(1, 13):
                day = date(year, month, 1)
                minor = month % 3 != 1
                text = str(year) if month == 1 else format_date(day, "LLL", locale=locale)
                if minor and len(years) == 2:  # no room for all
                    text = ""
                ticks.append(Tick(round(100 * (day - begin).days / whole, 3), text, minor))
    else:
        step = next((n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if len(years) <= 12 * n), 1000)
        for year in years:
            if year % step == 0 or step == 1:
                at = round(100 * (date(year, 1, 1) - begin).days / whole, 3)
                ticks.append(Tick(at, str(year), minor=bool(year % (2 * step))))
    return ticks


def add_to(routes: Blueprint, site: Site) -> None:
    """The route of the timeline."""

    @routes.get("/timeline")
    def timeline() -> str:
        choice, found, shown = asked_for(site, timeline_query)
        line = drawn(found, choice.first, choice.last)
        return render_template(
            "timeline.html",
            timeline=line,
            years=_years(found, choice),
            **shown,
        )


def _years(happenings: Iterable[Happening], choice: Choice) -> list[int]:
    """The years in which some of the times fall, for links; none when one year is shown."""
    if choice.first and choice.first == choice.last:
        return []
    spans = [span for h in happenings for t in h.times if (span := _span(t.edtf)) is not None]
    return sorted({day.year for _, *ends in spans for day in ends if day is not None})
