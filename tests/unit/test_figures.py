from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import FigureError
from kg.figures import COMPARATORS, Figure, Interval, interval, kind

F = Fraction
numbers = st.fractions(min_value=0, max_value=10**6, max_denominator=100)
POINTED = [c for c in COMPARATORS if c != "between"]


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    comparator = draw(st.sampled_from(COMPARATORS))
    if comparator == "between":
        low, high = sorted((draw(numbers), draw(numbers)))
        return Figure("between", low=low, high=high)
    return Figure(comparator, point=draw(numbers.filter(lambda n: n > 0)))


@pytest.mark.parametrize(
    ("comparator", "expected"),
    [
        ("exactly", Interval(F(100), F(100))),
        ("about", Interval(F(90), F(110))),
        ("nearly", Interval(F(90), F(100), high_open=True)),
        ("reached", Interval(F(100), None)),
        ("atLeast", Interval(F(100), None)),
        ("moreThan", Interval(F(100), None, low_open=True)),
        ("upTo", Interval(None, F(100))),
        ("lessThan", Interval(None, F(100), high_open=True)),
    ],
)
def test_the_rule_of_each_comparator(comparator: str, expected: Interval) -> None:
    assert interval(Figure(comparator, point=F(100))) == expected


def test_a_range_keeps_its_ends() -> None:
    assert interval(Figure("between", low=F(19000), high=F(22000))) == Interval(F(19000), F(22000))


def test_the_asker_sets_the_width_of_about() -> None:
    about = Figure("about", point=F(100))
    assert interval(about, about=F(0)) == Interval(F(100), F(100))
    assert interval(about, about=F(1, 4)) == Interval(F(75), F(125))


@pytest.mark.parametrize(
    "figure",
    [
        Figure("roughly", point=F(1)),
        Figure("between", point=F(1)),
        Figure("between", low=F(2), high=F(1)),
        Figure("exactly", low=F(1), high=F(2)),
        Figure("about"),
    ],
)
def test_ends_that_do_not_fit_are_refused(figure: Figure) -> None:
    with pytest.raises(FigureError):
        interval(figure)


@pytest.mark.parametrize("width", [F(-1, 10), F(1), F(2)])
def test_a_width_is_a_share(width: Fraction) -> None:
    with pytest.raises(FigureError):
        interval(Figure("about", point=F(1)), about=width)


def between(low: int, high: int) -> Figure:
    return Figure("between", low=F(low), high=F(high))


def one(comparator: str, point: int) -> Figure:
    return Figure(comparator, point=F(point))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # the article's own figures
        (between(19000, 22000), between(60000, 70000), "disjoint"),
        (one("about", 15000), between(20000, 25000), "disjoint"),
        (one("moreThan", 6000), one("about", 10000), "compatible-bound"),
        (one("moreThan", 17000), one("reached", 20000), "compatible-bound"),
        # the edges of each rule
        (one("moreThan", 6000), one("moreThan", 6000), "same"),
        (one("atLeast", 10), one("upTo", 10), "compatible-bound"),
        (one("moreThan", 10), one("upTo", 10), "disjoint"),
        (one("lessThan", 10), one("atLeast", 10), "disjoint"),
        (one("nearly", 100), one("exactly", 100), "disjoint"),
        (one("exactly", 10), between(10, 10), "same"),
        (one("exactly", 12), between(10, 20), "nested"),
        (between(10, 20), between(15, 25), "overlapping"),
        (between(90, 100), one("nearly", 100), "nested"),
    ],
)
def test_kinds(first: Figure, second: Figure, expected: str) -> None:
    assert kind(first, second) == expected


@given(figures(), figures())
def test_kind_is_symmetric(first: Figure, second: Figure) -> None:
    assert kind(first, second) == kind(second, first)


@given(figures())
def test_a_figure_is_the_same_as_itself(figure: Figure) -> None:
    assert kind(figure, figure) == "same"


@given(figures(), figures(), st.integers(min_value=1, max_value=1000))
def test_kind_does_not_depend_on_the_scale(first: Figure, second: Figure, scale: int) -> None:
    def scaled(figure: Figure) -> Figure:
        ends = (None if n is None else n * scale for n in (figure.point, figure.low, figure.high))
        return Figure(figure.comparator, *ends)

    assert kind(scaled(first), scaled(second)) == kind(first, second)


def holds(inside: Interval, number: Fraction) -> bool:
    above = (
        inside.low is None or number > inside.low or (number == inside.low and not inside.low_open)
    )
    below = (
        inside.high is None
        or number < inside.high
        or (number == inside.high and not inside.high_open)
    )
    return above and below


@given(figures(), figures())
def test_disjoint_means_that_no_number_satisfies_both(first: Figure, second: Figure) -> None:
    a, b = interval(first), interval(second)
    ends = sorted({e for e in (a.low, a.high, b.low, b.high) if e is not None} | {F(0)})
    # Between two neighbouring ends nothing changes, so ends, middles and one beyond are enough.
    probes = [*ends, ends[-1] + 1, *((x + y) / 2 for x, y in pairwise(ends))]
    common = any(holds(a, n) and holds(b, n) for n in probes)
    assert (kind(first, second) == "disjoint") == (not common and first != second)
