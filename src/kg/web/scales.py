"""Where figures and days lie on the axis of a chart, and which ticks it has. Pure functions.

Positions are shares of the width of the plot, in percent. An axis is logarithmic when the figures
lie so far apart that the small ones would fall together on an even one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor, log10

__all__ = ["Scale", "days", "figures"]

APART = 40
"""An axis turns logarithmic when the highest end is so many times the lowest."""
_MOST = 5  # tick labels that fit at 360 px
_MARGIN = 0.04
_ARROW = 0.18


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high` (both in its own measure) with its ticks and their labels."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    logarithmic: bool = False

    def at(self, value: Fraction) -> float:
        """Where a value lies, in percent; what lies outside is held at the edge."""
        place = _log(value) if self.logarithmic else _float(value)
        share = (place - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)


def figures(
    values: Iterable[Fraction],
    written: Callable[[Fraction], str],
    *,
    below: bool = False,
    above: bool = False,
) -> Scale:
    """The axis for some figures, at least one; `written` puts a figure into words for its tick.

    `below` and `above` leave room for the arrows of ends that are not known.
    """
    known = sorted(set(values))
    least, most = known[0], known[-1]
    margins = (_ARROW if below else _MARGIN, _ARROW if above else _MARGIN)
    if least > 0 and most >= APART * least:
        return _logarithmic(least, most, written, margins)
    low, high = _float(least), _float(most)
    if low == high:
        low, high = (0.0, high * 1.25) if high > 0 else (low - 1, high + 1)
    elif 0 <= low <= 0.4 * high:
        low = 0.0
    step = _step((high - low) / (_MOST - 1))
    first = floor(low / step) if low > 0 and low - step * floor(low / step) else ceil(low / step)
    first = max(first, 0) if least >= 0 else first
    last = ceil(high / step)
    marks = [Fraction(n) * Fraction(step) for n in range(first, last + 1)]
    wide = float(marks[-1]) - float(marks[0])
    return Scale(
        float(marks[0]) - wide * (margins[0] if below or marks[0] != 0 else 0),
        float(marks[-1]) + wide * margins[1],
        tuple((float(m), written(m)) for m in _thinned(marks)),
    )


def _logarithmic(
    low: Fraction,
    high: Fraction,
    written: Callable[[Fraction], str],
    margins: tuple[float, float],
) -> Scale:
    first, last = floor(_log(low)), ceil(_log(high))
    powers = [Fraction(10) ** n for n in range(first, last + 1)]
    return Scale(
        first - (last - first) * margins[0],
        last + (last - first) * margins[1],
        tuple((_log(p), written(p)) for p in _thinned(powers)),
        logarithmic=True,
    )


def _float(value: Fraction) -> float:
    """The nearest float; what is too large for any is held at the largest that can be drawn."""
    try:
        return float(value)
    except OverflowError:
        return 1e300 if value > 0 else -1e300


def _log(value: Fraction) -> float:
    """The logarithm of a positive number of any size."""
    return log10(value.numerator) - log10(value.denominator)


def _thinned(marks: list[Fraction]) -> list[Fraction]:
    """At most so many of them as labels fit, evenly spread."""
    return marks[:: max(1, ceil(len(marks) / _MOST))]


def _step(rough: float) -> float:
    """The next of 1, 2, 5, 10, 20 … above a rough step."""
    power = 10.0 ** floor(log10(rough))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= rough * 0.999)
    return round(step, 12)


def days(
    values: Iterable[Fraction],
    written: Callable[[int, int | None, int | None], str],
    *,
    below: bool = False,
    above: bool = False,
) -> Scale:
    """The axis for some days (ordinals of the calendar), at least one; `written` puts a year, or
    one with its month, or with month and day, into words. `below` and `above` as in `figures`.
    """
    known = sorted(set(values))
    first, last = date.fromordinal(int(known[0])), date.fromordinal(int(known[-1]))
    span = (last - first).days
    if span > 3 * 365:
        step = int(_step(span / 365 / (_MOST - 1)) + 0.999)
        start, end = first.year - first.year % step, last.year + 1
        years = [y for y in range(start, end + step, step) if 1 <= y <= 9999]
        ticks = [(date(y, 1, 1), written(y, None, None)) for y in years]
    elif span > 60:
        step = next(n for n in (1, 2, 3, 6, 12) if span / 30 / n <= _MOST or n == 12)
        begin = first.year * 12 + (first.month - 1) // step * step
        end = last.year * 12 + last.month
        months = [divmod(n, 12) for n in range(begin, end + step, step) if 12 <= n < 120000]
        ticks = [(date(y, m + 1, 1), written(y, m + 1, None)) for y, m in months]
    else:
        step = next(n for n in (1, 2, 5, 10, 15) if span / n <= _MOST or n == 15)
        begin = first.toordinal() - (step if span == 0 else 0)
        some = [date.fromordinal(n) for n in range(begin, last.toordinal() + step + 1, step)]
        ticks = [(d, written(d.year, d.month, d.day)) for d in some]
    most = _MOST if span > 60 else _MOST - 1  # a day with its month and year is long
    shown = ticks[:: max(1, ceil(len(ticks) / most))]
    low, high = ticks[0][0].toordinal(), ticks[-1][0].toordinal()
    low, high = min(low, first.toordinal()), max(high, last.toordinal())
    wide = max(high - low, 1)
    return Scale(
        low - wide * (_ARROW if below else _MARGIN),
        high + wide * (_ARROW if above else _MARGIN),
        tuple((float(d.toordinal()), w) for d, w in shown),
    )
