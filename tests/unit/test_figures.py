from __future__ import annotations

from fractions import Fraction

import pytest
from figure_rules import OF_FIGURES, OF_SWEEPS, Property

from kg import figures, sweep
from kg.errors import FigureError
from kg.figures import Figure, Interval, interval, kind

F = Fraction


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


@pytest.mark.parametrize("comparator", ["about", "nearly"])
def test_a_figure_below_nothing_is_widened_to_the_right_sides(comparator: str) -> None:
    span = interval(Figure(comparator, point=Fraction(-10)))
    assert span.low == -11
    assert span.high == (-9 if comparator == "about" else -10)


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


@pytest.mark.parametrize("rule", OF_FIGURES, ids=str)
def test_what_holds_of_any_figures(rule: Property) -> None:
    rule.holds(figures, examples=300)


@pytest.mark.parametrize("rule", OF_SWEEPS, ids=str)
def test_sweeping_finds_what_pairing_finds(rule: Property) -> None:
    rule.holds(sweep, examples=300)
