"""The chart of one question: which kind fits its claims, and what each mark says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from babel.dates import format_skeleton
from flask_babel import gettext, ngettext

from kg.dates import bounds
from kg.disputes import Chosen, Dispute
from kg.errors import DateError
from kg.figures import Interval
from kg.model import Claim
from kg.rivals import standing
from kg.web import chart
from kg.web.answers import Answers
from kg.web.chart import Band, Mark, Words
from kg.web.scales import Scale, days, figures

__all__ = ["Drawn", "Pen"]


@dataclass(frozen=True)
class Drawn:
    """A chart, and what its legend has to explain: sides by notation, signs by name, whether
    brackets stand in it.
    """

    svg: str
    sides: tuple[str, ...]
    signs: tuple[str, ...]
    logarithmic: bool
    count: int
    bracketed: bool


@dataclass(frozen=True)
class Pen:
    """Draws questions in one language; `href` gives the address of a claim's page."""

    chosen: Chosen
    language: str
    href: Callable[[str], str]

    @cached_property
    def answers(self) -> Answers:
        """The words of the language."""
        return Answers(self.chosen.facts, self.language)

    def draw(
        self,
        dispute: Dispute,
        claims: Sequence[Claim],
        titles: Mapping[str, str],
        *,
        name: str,
        ident: str,
    ) -> Drawn | None:
        """The chart of some claims of a question, numbered in their order; None for no claims.

        `titles` are the sentences that say each claim, `name` is the question in words.
        """
        if not claims:
            return None
        measured = self._measured(claims)
        if measured is None:
            marks = [self._mark(c, n, None, titles) for n, c in enumerate(claims, 1)]
            svg = chart.things(marks, self._words(name, len(claims), None), ident=ident)
            return self._drawn(svg, marks, claims, None, None)
        spans, scale, days_of = measured
        marks = [self._mark(c, n, spans.get(c.iri), titles) for n, c in enumerate(claims, 1)]
        band = None
        if not days_of and len(spans) > 1 and dispute.kind not in ("successive", "same", None):
            held = dispute.envelope
            band = Band(held.low, held.high)
        words = self._words(name, len(claims), scale)
        svg = chart.intervals(marks, scale, words, ident=ident, band=band)
        return self._drawn(svg, marks, claims, scale, band)

    def _measured(self, claims: Iterable[Claim]) -> tuple[dict[str, Interval], Scale, bool] | None:
        """What each claim allows, where that has a place on an axis, with the axis; whether it is
        one of days.
        """
        given = list(claims)
        numbers = {c.iri: standing(c, about=self.chosen.about) for c in given if c.figure}
        if numbers:
            ends = [e for s in numbers.values() for e in (s.low, s.high) if e is not None]
            below, above = _arrows(numbers.values())
            written = self.answers.number
            return numbers, figures(ends, written, below=below, above=above), False
        dated = [(c.iri, c.date) for c in given if c.date]
        if not dated and len(given) <= chart.ROOMY:
            dated = [(c.iri, c.during) for c in given if c.object and c.during]
            if len(dated) * 2 < len(given):
                return None
        spans = {iri: span for iri, text in dated if (span := _days(text))}
        ends = [e for s in spans.values() for e in (s.low, s.high) if e is not None]
        if not ends:
            return None
        below, above = _arrows(spans.values())
        return spans, days(ends, self._tick, below=below, above=above), True

    def _tick(self, year: int, month: int | None, day: int | None) -> str:
        if month is None:
            return str(year)
        skeleton = "yMMM" if day is None else "yMMMd"
        locale = "en_GB" if self.language == "en" else self.language  # day before month
        return format_skeleton(skeleton, date(year, month, day or 1), locale=locale)

    def _mark(
        self, claim: Claim, number: int, span: Interval | None, titles: Mapping[str, str]
    ) -> Mark:
        value = self.answers.short(claim)
        timed = bool(span and claim.during and not claim.figure and not claim.date)
        said = self.answers.during(claim) if timed else ""
        return Mark(
            key=str(number),
            href=self.href(claim.iri),
            label=f"{value}, {said}" if said else value,
            title=titles.get(claim.iri, value),
            side=self.side(claim),
            low=span.low if span else None,
            high=span.high if span else None,
            low_open=bool(span and span.low_open),
            high_open=bool(span and span.high_open),
            doubted=claim.stance in ("doubts", "rejects") or claim.certainty == "unconfirmed",
            modal=claim.modality is not None,
            value=self.answers.bare(claim),
        )

    def side(self, claim: Claim) -> str:
        """The side from which the voice of a claim speaks, by notation; empty where it has none."""
        if claim.attribution is None:
            return ""
        return min(self.chosen.lineage.side(claim.attribution), default="")

    def _words(self, name: str, count: int, scale: Scale | None) -> Words:
        parts = [
            ngettext(
                "%(num)s claim. The mark leads to the page of its claim.",
                "%(num)s claims. Each mark leads to the page of its claim.",
                count,
            )
        ]
        if scale and scale.logarithmic:
            parts.append(gettext("The scale is logarithmic."))
        return Words(
            title=gettext("Chart: %(question)s", question=name),
            description=" ".join(parts),
            modal=gettext("Only planned, ordered or expected"),
            unplaced=gettext("Without a place on the scale"),
        )

    def _drawn(
        self,
        svg: str,
        marks: Sequence[Mark],
        claims: Sequence[Claim],
        scale: Scale | None,
        band: Band | None,
    ) -> Drawn:
        on_axis = [m for m in marks if scale and m.placed]
        points = [m for m in on_axis if m.low == m.high]
        ranges = [m for m in on_axis if m.low != m.high]
        known = [m for m in ranges if m.low is not None and m.high is not None]
        found = {
            "point": bool(points),
            "range": bool(known),
            "closed": any(
                end is not None and not is_open
                for m in ranges
                for end, is_open in ((m.low, m.low_open), (m.high, m.high_open))
            ),
            "open": any(m.low_open or m.high_open for m in ranges),
            "unknown": len(known) < len(ranges),
            "doubted": any(m.doubted for m in marks),
            "modal": any(m.modal for m in marks),
            "band": band is not None and (band.low is not None or band.high is not None),
        }
        order = list(chart.SIDES)
        sides = {m.side if m.side in chart.SIDES else "other" for m in marks}
        return Drawn(
            svg,
            tuple(sorted(sides, key=order.index)),
            tuple(sign for sign, there in found.items() if there),
            bool(scale and scale.logarithmic),
            len(marks),
            bracketed=bool(scale)
            and any(c.supplied and "[" in m.label for c, m in zip(claims, marks, strict=True)),
        )


def _arrows(spans: Iterable[Interval]) -> tuple[bool, bool]:
    """Whether a low end, and whether a high end, is unknown."""
    given = list(spans)
    return any(s.low is None for s in given), any(s.high is None for s in given)


def _days(text: str | None) -> Interval | None:
    """The days of an EDTF text as numbers; None for one that can't be read."""
    try:
        found = bounds(text or "")
    except DateError:
        return None
    low, high = (Fraction(d.toordinal()) if d else None for d in (found.earliest, found.latest))
    return Interval(low, high)
