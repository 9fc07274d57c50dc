"""Figures to intervals, and pairs of intervals to a kind of disagreement. Pure functions.

The rules are those that ontology/vocab/comparator.ttl and ontology/vocab/disagreement.ttl state
for readers. Numbers are exact (`fractions.Fraction`): whether two figures can both be true must
not hang on rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from heapq import nlargest, nsmallest
from itertools import pairwise
from typing import Literal

from kg.errors import FigureError

__all__ = [
    "ABOUT",
    "COMPARATORS",
    "STRENGTH",
    "Figure",
    "Interval",
    "Kind",
    "apart",
    "interval",
    "kind",
    "stand",
    "strongest",
]

ABOUT = Fraction(1, 10)
"""The share by which ``about`` widens a figure to both sides, unless the asker sets another."""

Kind = Literal[
    "successive", "same", "disjoint", "compatible-bound", "nested", "overlapping", "not-comparable"
]
STRENGTH: tuple[Kind, ...] = (
    "disjoint",
    "overlapping",
    "nested",
    "compatible-bound",
    "successive",
    "same",
    "not-comparable",
)
"""The kinds from the strongest disagreement to none; not-comparable is between questions."""
COMPARATORS = (
    "exactly",
    "about",
    "nearly",
    "reached",
    "atLeast",
    "moreThan",
    "upTo",
    "lessThan",
    "between",
)


@dataclass(frozen=True)
class Figure:
    """A number as a claim states it: `point`, or `low` and `high`, under a comparator.

    Two equal figures say the same thing, however the width of ``about`` is set.
    """

    comparator: str
    point: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Interval:
    """The numbers that a figure allows. None is an end that is not known; open ends are strict."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    def holds(self, other: Interval) -> bool:
        """Whether every number of `other` lies in this interval; both need two known ends."""
        if None in (self.low, self.high, other.low, other.high):
            return False
        assert self.low is not None and self.high is not None
        assert other.low is not None and other.high is not None
        low = (self.low, self.low_open) <= (other.low, other.low_open)
        high = (self.high, not self.high_open) >= (other.high, not other.high_open)
        return low and high


def interval(figure: Figure, *, about: Fraction = ABOUT) -> Interval:
    """The interval of a figure by the rule of its comparator.

    ``about`` n: from n less the share to n plus the share. ``nearly`` n: below n, but not by more
    than the share. ``reached`` and ``atLeast`` n: n or more, the high end unknown. ``moreThan``:
    the same, without n itself. ``upTo``, ``lessThan``: the mirror of these. ``between``: both ends
    as printed, also when the range itself is hedged. A one-sided bound gets no other end.

    `about` is a share, at least 0 and less than 1. Raises FigureError for an unknown comparator
    or ends that do not fit it.
    """
    if not 0 <= about < 1:
        raise FigureError(f"a width of {float(about):g} is no share", hint="0 or more, less than 1")
    if figure.comparator == "between" or figure.point is None:
        if figure.comparator != "between" or figure.low is None or figure.high is None:
            raise FigureError(
                f"the comparator {figure.comparator!r} does not fit these ends",
                hint="a point for every comparator but between, which takes a low and a high end",
            )
        if figure.low > figure.high:
            raise FigureError("the low end is above the high end", hint="swap them")
        return Interval(figure.low, figure.high)
    n = figure.point
    share = abs(n) * about
    rules = {
        "exactly": Interval(n, n),
        "about": Interval(n - share, n + share),
        "nearly": Interval(n - share, n, high_open=True),
        "reached": Interval(n, None),
        "atLeast": Interval(n, None),
        "moreThan": Interval(n, None, low_open=True),
        "upTo": Interval(None, n),
        "lessThan": Interval(None, n, high_open=True),
    }
    try:
        return rules[figure.comparator]
    except KeyError:
        raise FigureError(
            f"there is no comparator {figure.comparator!r}", hint="one of " + ", ".join(COMPARATORS)
        ) from None


def kind(first: Figure, second: Figure, *, about: Fraction = ABOUT) -> Kind:
    """How two figures under one question, about one time, stand to each other.

    In this order: equal comparator and figures are the ``same``; ``disjoint`` when no number can
    satisfy both; ``compatible-bound`` when an end of either is unknown; equal intervals are the
    ``same``; ``nested`` when one lies inside the other; else ``overlapping``. (Whether their times
    exclude each other, which comes before all of these, is not seen from the figures.)
    """
    if first == second:
        return "same"
    return stand(interval(first, about=about), interval(second, about=about))


def stand(a: Interval, b: Interval) -> Kind:
    """How two intervals stand to each other; the figures behind them are not equal."""
    if apart(a, b):
        return "disjoint"
    if None in (a.low, a.high, b.low, b.high):
        return "compatible-bound"
    if a == b:
        return "same"
    if a.holds(b) or b.holds(a):
        return "nested"
    return "overlapping"


def apart(a: Interval, b: Interval) -> bool:
    """Whether no number lies in both."""
    return _before(a, b) or _before(b, a)


def _before(below: Interval, above: Interval) -> bool:
    """Whether `below` ends before `above` begins."""
    if below.high is None or above.low is None:
        return False
    if below.high == above.low:
        return below.high_open or above.low_open
    return below.high < above.low


def strongest(figures: Iterable[Figure], *, about: Fraction = ABOUT) -> Kind | None:
    """The strongest kind in any pair of figures about one time; None for fewer than two.

    It costs k log k: figures are sorted, never paired.
    """
    given = list(figures)
    spans = [interval(figure, about=about) for figure in dict.fromkeys(given)]
    if len(given) < 2:
        return None
    if len(spans) == 1:
        return "same"
    # If any two are apart, the two that end first and the two that begin last show it. (Two of
    # each, since `nearly 0` holds no number and would be apart from itself.)
    ending = nsmallest(2, (s for s in spans if s.high is not None), key=_high)
    beginning = nlargest(2, (s for s in spans if s.low is not None), key=_low)
    if any(_before(a, b) for a in ending for b in beginning if a is not b):
        return "disjoint"
    known = [s for s in spans if s.low is not None and s.high is not None]
    # From the lowest beginning up, the widest first: where a later one ends higher, they cross.
    known.sort(key=_high, reverse=True)
    known.sort(key=_low)
    if any(_high(a) < _high(b) for a, b in pairwise(known)):
        return "overlapping"
    if len(set(known)) > 1:
        return "nested"
    return "compatible-bound" if len(known) < len(spans) else "same"


def _low(span: Interval) -> tuple[Fraction, bool]:
    assert span.low is not None
    return span.low, span.low_open


def _high(span: Interval) -> tuple[Fraction, bool]:
    assert span.high is not None
    return span.high, not span.high_open
