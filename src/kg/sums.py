"""Wholes and the sums of their parts, by the work that numbers the parts.

A listed part without a number is counted and never taken as 0: the sum is then a lower bound.
A question that may or may not be part of the whole (con:mayContain) gives two readings: counted
apart and added, or contained in the parts and left out. What was planned or ordered is summed by
itself, never together with what is said to have happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kg.figures import ABOUT, Interval, Kind, stand
from kg.model import Claim, Question
from kg.rivals import standing

__all__ = ["Sum", "sums"]


@dataclass(frozen=True)
class Sum:
    """The parts of one whole as one work numbers them.

    `parts` is the sum of the numbered parts, an end unknown where that of a part is; `apart` the
    same with what may be a subtotal added, and equal to it where the work does not number that.
    `unnumbered` parts have no figure in this work. `against` says how each claim on the whole, of
    any work, stands to what the parts admit.
    """

    question: str
    work: str
    modality: str | None
    numbered: tuple[str, ...]
    unnumbered: tuple[str, ...]
    subtotals: tuple[str, ...]
    parts: Interval
    apart: Interval
    against: tuple[tuple[str, Kind], ...]

    @property
    def at_most(self) -> Fraction | None:
        """The high end of the parts: unknown as long as a part has no number."""
        return None if self.unnumbered else self.parts.high


def sums(
    question: Question,
    claims: Mapping[str, Iterable[Claim]],
    *,
    about: Fraction = ABOUT,
) -> list[Sum]:
    """The sums of the parts of a question, one for each work that numbers any of them.

    `claims` are those to be counted (what a policy leaves), by question.
    """
    if not question.parts:
        return []
    by_voice: dict[tuple[str, str], dict[str, list[Claim]]] = {}
    for iri in (*question.parts, *question.may_contain):
        for claim in claims.get(iri, ()):
            if claim.figure and not claim.withdrawn:
                voice = by_voice.setdefault((claim.stated_in, claim.modality or ""), {})
                voice.setdefault(iri, []).append(claim)
    whole = [c for c in claims.get(question.iri, ()) if c.figure and not c.withdrawn]
    found = []
    for (work, modality), told in sorted(by_voice.items()):
        numbered = [iri for iri in question.parts if iri in told]
        if not numbered:
            continue
        unnumbered = [iri for iri in question.parts if iri not in told]
        subtotals = [iri for iri in question.may_contain if iri in told]
        spans = [_hull(told[iri], about) for iri in numbered]
        parts = _added(spans)
        apart = _added([parts, *(_hull(told[iri], about) for iri in subtotals)])
        admitted = Interval(parts.low, None if unnumbered else apart.high, parts.low_open)
        against = tuple(
            (c.iri, stand(standing(c, about=about), admitted))
            for c in sorted(whole, key=lambda c: c.iri)
            if (c.modality or "") == modality
        )
        found.append(
            Sum(
                question.iri,
                work,
                modality or None,
                tuple(numbered),
                tuple(unnumbered),
                tuple(subtotals),
                parts,
                apart,
                against,
            )
        )
    return found


def _hull(claims: list[Claim], about: Fraction) -> Interval:
    """What the claims of one work on one part admit together."""
    spans = [standing(claim, about=about) for claim in claims]
    lows = [(s.low, s.low_open) for s in spans if s.low is not None]
    highs = [(s.high, not s.high_open) for s in spans if s.high is not None]
    low = min(lows) if len(lows) == len(spans) else None
    high = max(highs) if len(highs) == len(spans) else None
    return Interval(
        low[0] if low else None,
        high[0] if high else None,
        bool(low and low[1]),
        bool(high and not high[1]),
    )


def _added(spans: list[Interval]) -> Interval:
    """The sum of intervals; an unknown end of one leaves that of the sum unknown."""
    lows = [s.low for s in spans if s.low is not None]
    highs = [s.high for s in spans if s.high is not None]
    low = sum(lows, Fraction(0)) if len(lows) == len(spans) else None
    high = sum(highs, Fraction(0)) if len(highs) == len(spans) else None
    return Interval(
        low,
        high,
        low is not None and any(s.low_open for s in spans),
        high is not None and any(s.high_open for s in spans),
    )
