"""What must hold of the rules of figures, whatever the figures: asked of the true module by
test_figures.py, and of changed ones by test_changed_rules.py, where each change must break one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from random import Random
from types import ModuleType
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kg.dates import Bounds, bounds, cannot_overlap
from kg.errors import FigureError
from kg.figures import COMPARATORS, STRENGTH, Figure, Interval, interval, kind

F = Fraction
# Few numbers, so that ends meet; and fine ones, so that nothing hangs on whole numbers.
numbers = st.one_of(
    st.integers(1, 12).map(lambda n: F(n * 10)),
    st.fractions(min_value=0, max_value=10**6, max_denominator=100),
)
# Not 0, at which ``nearly`` holds no number at all.
widths = st.fractions(min_value=F(1, 20), max_value=F(9, 10), max_denominator=20)
times = st.sampled_from([None, "1731", "1732", "1731/1732", "1731-06/..", "1732-03-01", "../1731",
                         "1731-04-01/1731-04-09", "1731-04-09/1731-05", "1731-04-09"])  # fmt: skip


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    comparator = draw(st.sampled_from(COMPARATORS))
    if comparator == "between":
        low, high = sorted((draw(numbers), draw(numbers)))
        return Figure("between", low=low, high=high)
    return Figure(comparator, point=draw(numbers.filter(lambda n: n > 0)))


def holds(inside: Interval, number: Fraction) -> bool:
    """Whether a number satisfies both ends, by their meaning."""
    low, high = inside.low, inside.high
    above = low is None or number > low or (number == low and not inside.low_open)
    below = high is None or number < high or (number == high and not inside.high_open)
    return above and below


def meaning(figure: Figure, width: Fraction) -> Callable[[Fraction], bool]:
    """Which numbers satisfy a figure, from the words of the comparator list."""
    if figure.comparator == "between":
        return lambda x: figure.low <= x <= figure.high
    n = figure.point or F(0)
    return {
        "exactly": lambda x: x == n,
        "about": lambda x: abs(x - n) <= n * width,
        "nearly": lambda x: n - n * width <= x < n,
        "reached": lambda x: x >= n,
        "atLeast": lambda x: x >= n,
        "moreThan": lambda x: x > n,
        "upTo": lambda x: x <= n,
        "lessThan": lambda x: x < n,
    }[figure.comparator]


def probes(*found: Interval) -> list[Fraction]:
    """Numbers enough: between two neighbouring ends nothing changes."""
    ends = sorted({e for i in found for e in (i.low, i.high) if e is not None} | {F(0)})
    return [*ends, ends[-1] + 1, ends[0] - 1, *((x + y) / 2 for x, y in pairwise(ends))]


def scaled(figure: Figure, by: Fraction) -> Figure:
    ends = (None if n is None else n * by for n in (figure.point, figure.low, figure.high))
    return Figure(figure.comparator, *ends)


def known(figure: Figure, width: Fraction) -> bool:
    """Whether both ends of a figure are known: by its comparator alone."""
    return figure.comparator in ("exactly", "about", "nearly", "between")


# --- The properties. Each takes the module that is asked, then what hypothesis draws.


def interval_means_its_words(m: ModuleType, a: Figure, b: Figure, width: Fraction) -> None:
    found, other = m.interval(a, about=width), m.interval(b, about=width)
    told = meaning(a, width)
    true = interval(a, about=width), interval(b, about=width)
    assert all(holds(found, n) == told(n) for n in probes(found, other, *true))
    assert (found.low is not None and found.high is not None) == known(a, width)


def kind_is_symmetric(m: ModuleType, a: Figure, b: Figure, width: Fraction) -> None:
    assert m.kind(a, b, about=width) == m.kind(b, a, about=width)


def kind_is_reflexive(m: ModuleType, a: Figure, width: Fraction) -> None:
    assert m.kind(a, a, about=width) == "same"


def kind_is_free_of_scale(m: ModuleType, a: Figure, b: Figure, by: Fraction) -> None:
    assert m.kind(scaled(a, by), scaled(b, by)) == m.kind(a, b)
    one, many = m.interval(a), m.interval(scaled(a, by))
    ends = [None if end is None else end * by for end in (one.low, one.high)]
    assert ends == [many.low, many.high]
    assert (one.low_open, one.high_open) == (many.low_open, many.high_open)


def kind_means_its_words(m: ModuleType, a: Figure, b: Figure, width: Fraction) -> None:
    """Each kind by what the list of kinds says of it, tried out on numbers."""
    first, second = meaning(a, width), meaning(b, width)
    tried = probes(interval(a, about=width), interval(b, about=width))
    both = [n for n in tried if first(n) and second(n)]
    only_a = [n for n in tried if first(n) and not second(n)]
    only_b = [n for n in tried if second(n) and not first(n)]
    if a == b:
        expected = "same"
    elif not both:
        expected = "disjoint"
    elif not (known(a, width) and known(b, width)):
        expected = "compatible-bound"
    elif not only_a and not only_b:
        expected = "same"
    elif not only_a or not only_b:
        expected = "nested"
    else:
        expected = "overlapping"
    assert m.kind(a, b, about=width) == expected


def a_wider_about_parts_no_figures(m: ModuleType, a: Figure, b: Figure, width: Fraction) -> None:
    if m.kind(a, b, about=width) != "disjoint":
        assert m.kind(a, b, about=(width + 1) / 2) != "disjoint"


def the_strongest_is_that_of_all_pairs(
    m: ModuleType, crowd: list[Figure], random: Random, width: Fraction
) -> None:
    """Found by sorting what pairing finds, in whatever order they come."""
    kinds = {kind(a, b, about=width) for a, b in combinations(crowd, 2)}
    expected = next((name for name in STRENGTH if name in kinds), None)
    assert m.strongest(crowd, about=width) == expected
    shuffled = list(crowd)
    random.shuffle(shuffled)
    assert m.strongest(shuffled, about=width) == expected


def bad_figures_are_refused(m: ModuleType, n: Fraction, width: Fraction) -> None:
    bad = [
        (Figure("roughly", point=n), width),
        (Figure("between", point=n), width),
        (Figure("between", low=n + 1, high=n), width),
        (Figure("exactly", low=n, high=n), width),
        (Figure("about"), width),
        (Figure("about", point=n), F(1)),
        (Figure("about", point=n), F(-1, 100)),
    ]
    for figure, about in bad:
        try:
            m.interval(figure, about=about)
        except FigureError:
            continue
        raise AssertionError(f"{figure} at {about} is not refused")


def sweeping_finds_what_pairing_finds(
    m: ModuleType, crowd: list[tuple[Figure, str | None]], random: Random
) -> None:
    timed = [(time_of(when), figure, interval(figure)) for figure, when in crowd]
    kinds = set()
    for (time, a, _), (other, b, _) in combinations(timed, 2):
        kinds.add("successive" if cannot_overlap(time, other) else kind(a, b))
    random.shuffle(timed)
    found = m.kinds(timed)
    assert strongest_of(found) == strongest_of(kinds)
    assert found <= kinds
    assert ("successive" in kinds and "disjoint" not in kinds) <= ("successive" in found)


LIES_IN = {"town": {"district", "land"}, "hill": {"district", "land"}, "district": {"land"},
           "ring a": {"ring a", "ring b"}, "ring b": {"ring a", "ring b"}}  # fmt: skip
named = st.tuples(
    times,
    st.sampled_from(["town", "hill", "district", "land", "ring a", "ring b", "isle"]),
    st.sampled_from([None, "attacker", "defender"]),
    st.sampled_from([None, "left", "right"]),
)


def around(name: str) -> set[str]:
    return LIES_IN.get(name, set())


def kind_of_things(a: Any, b: Any) -> str | None:
    (_, first, role, side), (_, second, other_role, other_side) = a, b
    if first != second:
        return "nested" if second in around(first) or first in around(second) else "disjoint"
    if side and other_side and side != other_side:
        return "disjoint"
    return "same" if (role, side) == (other_role, other_side) else None


def sweeping_things_finds_what_pairing_finds(
    m: ModuleType, crowd: list[Any], random: Random
) -> None:
    kinds = set()
    for a, b in combinations(crowd, 2):
        if found := kind_of_things(a, b):
            late = cannot_overlap(time_of(a[0]), time_of(b[0]))
            kinds.add("successive" if late else found)
    random.shuffle(crowd)
    found = m.things([(time_of(when), tuple(thing)) for when, *thing in crowd], around)
    assert found == ({"disjoint"} if "disjoint" in kinds else kinds)


def sweeping_absences_finds_what_pairing_finds(
    m: ModuleType, some: list[str | None], others: list[str | None]
) -> None:
    late = {cannot_overlap(time_of(a), time_of(b)) for a in some for b in others}
    expected = {"disjoint"} if False in late else {"successive"} if late else set()
    assert m.against(map(time_of, some), map(time_of, others)) == expected


def time_of(text: str | None) -> Bounds:
    return bounds(text) if text else Bounds(None, None)


def strongest_of(kinds: set[str]) -> str | None:
    return next((name for name in STRENGTH if name in kinds), None)


@dataclass(frozen=True)
class Property:
    check: Callable[..., None]
    drawn: tuple[st.SearchStrategy[Any], ...]

    def __str__(self) -> str:
        return self.check.__name__

    def holds(self, module: ModuleType, examples: int = 60) -> None:
        """Raises what the check raises for the first example that breaks it."""
        how = settings(max_examples=examples, phases=[Phase.explicit, Phase.generate])
        how(given(st.tuples(*self.drawn))(lambda drawn: self.check(module, *drawn)))()


shuffled = st.randoms(use_true_random=False)
OF_FIGURES = [
    Property(kind_means_its_words, (figures(), figures(), widths)),
    Property(interval_means_its_words, (figures(), figures(), widths)),
    Property(kind_is_symmetric, (figures(), figures(), widths)),
    Property(kind_is_reflexive, (figures(), widths)),
    Property(kind_is_free_of_scale, (figures(), figures(), numbers.filter(bool))),
    Property(a_wider_about_parts_no_figures, (figures(), figures(), widths)),
    Property(the_strongest_is_that_of_all_pairs,
             (st.lists(figures(), max_size=7), shuffled, widths)),
    Property(bad_figures_are_refused, (numbers.filter(bool), widths)),
]  # fmt: skip
OF_SWEEPS = [
    Property(sweeping_finds_what_pairing_finds,
             (st.lists(st.tuples(figures(), times), max_size=8), shuffled)),
    Property(sweeping_things_finds_what_pairing_finds, (st.lists(named, max_size=6), shuffled)),
    Property(sweeping_absences_finds_what_pairing_finds,
             (st.lists(times, max_size=4), st.lists(times, max_size=4))),
]  # fmt: skip
