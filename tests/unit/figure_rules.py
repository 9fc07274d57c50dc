"""What must hold of the rules of figures, whatever the figures: asked of the true module by
test_figures.py, and of changed ones by test_changed_rules.py, where each change must break one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import (
    combinations,
    combinations_with_replacement,
    pairwise,
    permutations,
    product,
)
from random import Random
from types import ModuleType
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kg.dates import Bounds, bounds, cannot_overlap
from kg.errors import FigureError
from kg.figures import COMPARATORS, STRENGTH, Figure, Interval, interval
from kg.figures import kind as kind_of

F = Fraction
kind = cache(kind_of)
# Few numbers, so that ends meet; and fine ones, so that nothing hangs on whole numbers.
numbers = st.one_of(
    st.integers(1, 12).map(lambda n: F(n * 10)),
    st.fractions(min_value=0, max_value=10**6, max_denominator=100),
)
widths = st.one_of(
    st.just(F(1, 10)), st.fractions(min_value=F(1, 20), max_value=F(9, 10), max_denominator=20)
)
# At 0 ``nearly`` holds no number at all (its low end is its high end, which is left out), so there
# a kind has no meaning that could be tried out on numbers. All else must hold there too.
any_width = st.one_of(st.just(F(0)), widths)
times = st.sampled_from([None, "1731", "1732", "1731/1732", "1731-06/..", "1732-03-01", "../1731",
                         "1731-04-01/1731-04-09", "1731-04-09/1731-05", "1731-04-09"])  # fmt: skip


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    comparator = draw(st.sampled_from(COMPARATORS))
    if comparator == "between":
        low, high = sorted((draw(numbers), draw(numbers)))
        return Figure("between", low=low, high=high)
    return Figure(comparator, point=draw(numbers.filter(lambda n: n > 0)))


ROUND_TEN = [
    *(Figure(c, point=F(10)) for c in COMPARATORS if c != "between"),
    *(Figure("between", low=F(a), high=F(b)) for a in (8, 9, 10) for b in (10, 11, 12)),
    Figure("nearly", point=F(11)), Figure("moreThan", point=F(9)), Figure("lessThan", point=F(11)),
]  # fmt: skip
"""Figures whose ends meet, so that they differ by what is strict and by what is known."""

any_figure = st.one_of(st.sampled_from(ROUND_TEN), figures())
SPANS = [figure for figure in ROUND_TEN if figure.comparator in ("between", "about", "nearly")]
crowds_of = [
    st.sampled_from(ROUND_TEN),
    st.sampled_from(SPANS),  # most of them hold ten
    st.sampled_from([f for f in ROUND_TEN if f.low != f.high and f.comparator == "between"]),
    st.sampled_from([f for f in ROUND_TEN if f.point == 10]),
    st.sampled_from([Figure(c, point=F(0)) for c in COMPARATORS if c != "between"]),
    figures(),
]


@st.composite
def spans(draw: st.DrawFn) -> Interval:
    """Any interval that holds a number, also such as a sum may give."""
    low, high = sorted((draw(st.integers(0, 4)), draw(st.integers(0, 4))))
    is_open = st.booleans() if low < high else st.just(False)
    low_open, high_open = draw(is_open), draw(is_open)
    ends = draw(st.sampled_from(["both", "both", "both", "low", "high"]))
    return Interval(
        None if ends == "high" else F(low),
        None if ends == "low" else F(high),
        low_open and ends != "high",
        high_open and ends != "low",
    )


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
    told = told_of(first, second, tried, known(a, width) and known(b, width))
    expected = "same" if a == b else told
    assert m.kind(a, b, about=width) == expected


def stand_means_its_words(m: ModuleType, a: Interval, b: Interval) -> None:
    first, second = (m.Interval(i.low, i.high, i.low_open, i.high_open) for i in (a, b))
    assert m.stand(first, second) == told_of(
        lambda n: holds(a, n), lambda n: holds(b, n), probes(a, b), None not in (*ends(a), *ends(b))
    )


def ends(of: Interval) -> tuple[Fraction | None, Fraction | None]:
    return of.low, of.high


def told_of(
    first: Callable[[Fraction], bool],
    second: Callable[[Fraction], bool],
    tried: list[Fraction],
    ends_known: bool,
) -> str:
    """The kind of two that are not stated alike, by trying out numbers."""
    if not any(first(n) and second(n) for n in tried):
        return "disjoint"
    if not ends_known:
        return "compatible-bound"
    only_a = any(first(n) and not second(n) for n in tried)
    only_b = any(second(n) and not first(n) for n in tried)
    return {0: "same", 1: "nested", 2: "overlapping"}[only_a + only_b]


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
    if "disjoint" not in kinds:
        assert ("successive" in kinds) == ("successive" in found)
    sides = [random.randrange(2) for _ in timed]
    across = {
        "successive" if cannot_overlap(time, other) else kind(a, b)
        for ((time, a, _), x), ((other, b, _), y) in combinations(zip(timed, sides, strict=True), 2)
        if x != y
    }
    assert strongest_of(m.kinds(timed, sides)) == strongest_of(across)


LIES_IN = {"town": {"district", "land", "estate"}, "hill": {"district", "land"},
           "district": {"land"}, "ring a": {"ring a", "ring b"},
           "ring b": {"ring a", "ring b"}}  # fmt: skip
named = st.tuples(
    times,
    st.sampled_from(["town", "hill", "estate", "district", "land", "ring a", "ring b", "isle"]),
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
    sides = [random.randrange(2) for _ in crowd]
    across = set()
    for (a, x), (b, y) in combinations(zip(crowd, sides, strict=True), 2):
        if x != y and (found := kind_of_things(a, b)):
            late = cannot_overlap(time_of(a[0]), time_of(b[0]))
            across.add("successive" if late else found)
    found = m.things([(time_of(when), tuple(thing)) for when, *thing in crowd], around, sides)
    assert found == ({"disjoint"} if "disjoint" in across else across)


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
    small: Callable[[], Iterable[tuple[Any, ...]]] = lambda: ()

    def __str__(self) -> str:
        return self.check.__name__

    def holds(self, module: ModuleType, examples: int = 5) -> None:
        """Raises what the check raises for the first example that breaks it: of all small ones,
        then of those that are drawn.
        """
        for example in self.small():
            self.check(module, *example)
        how = settings(max_examples=examples, phases=[Phase.explicit, Phase.generate])
        how(given(st.tuples(*self.drawn))(lambda drawn: self.check(module, *drawn)))()


def small_pairs() -> Iterable[tuple[Any, ...]]:
    found = ((a, b, F(1, 10)) for a, b in product(ROUND_TEN, repeat=2))
    about = [figure for figure in ROUND_TEN if figure.comparator in ("about", "nearly")]
    return (*found, *((a, b, F(1, 4)) for a, b in product(about, ROUND_TEN)))


def small_spans() -> Iterable[tuple[Any, ...]]:
    found = [
        Interval(F(low), F(high), low_open, high_open)
        for low, high in ((0, 0), (0, 1), (0, 2), (1, 2))
        for low_open, high_open in product((False, True), repeat=2)
        if low < high or not (low_open or high_open)
    ]
    return product(found, repeat=2)


NOTHING = [Figure(c, point=F(0)) for c in ("nearly", "lessThan", "exactly", "atLeast", "upTo")]


def small_crowds() -> Iterable[list[Figure]]:
    """Two, three and some more figures that meet, each kind beside each other."""
    for pool in (SPANS, ROUND_TEN[:8], NOTHING):
        for size in (2, 3):
            yield from (list(some) for some in combinations_with_replacement(pool, size))
    random = Random(1)
    yield from (random.choices(ROUND_TEN, k=random.randint(3, 6)) for _ in range(300))


SOME_TIMES = [None, "1731", "1732"]


def small_times() -> Iterable[tuple[Any, ...]]:
    random, when = Random(2), [None, "1731", "1732", "1731/1732", "1732/.."]
    # A figure that no number fits excludes what comes after it no longer.
    passed = [(Figure("nearly", point=F(0)), "1731"), (Figure("exactly", point=F(5)), "1732")]
    yield passed, Random(3)
    for crowd in small_crowds():
        yield [(figure, None) for figure in crowd], Random(3)
        yield [(figure, random.choice(when)) for figure in crowd], Random(3)
        yield [(figure, random.choice(when)) for figure in crowd], Random(3)


def small_things() -> Iterable[tuple[Any, ...]]:
    random, when = Random(4), [None, "1731", "1732", "1731/1732"]
    names = [*LIES_IN, "land", "isle"]
    for some in combinations_with_replacement(names, 3):
        yield [(None, name, None, None) for name in some], Random(5)
    for some in permutations(("town", "town", "district", "estate")):
        yield [(None, name, None, None) for name in some], Random(5)
    for _ in range(1500):
        pool = random.choice((["town", "hill", "district", "land"], ["ring a", "ring b"], ["isle"]))
        yield [(random.choice(when), random.choice(pool), random.choice((None, "attacker")),
                random.choice((None, None, "left", "right")))
               for _ in range(random.randint(2, 5))], Random(5)  # fmt: skip


def small_absences() -> Iterable[tuple[Any, ...]]:
    when = [[], *([a] for a in SOME_TIMES), *map(list, product(SOME_TIMES, repeat=2))]
    return product(when, repeat=2)


shuffled = st.randoms(use_true_random=False)
OF_FIGURES = [
    Property(kind_means_its_words, (any_figure, any_figure, widths), small_pairs),
    Property(interval_means_its_words, (any_figure, any_figure, widths), small_pairs),
    Property(kind_is_symmetric, (any_figure, any_figure, any_width), small_pairs),
    Property(kind_is_reflexive, (any_figure, any_width)),
    Property(kind_is_free_of_scale, (any_figure, any_figure, numbers.filter(bool))),
    Property(a_wider_about_parts_no_figures, (any_figure, any_figure, any_width)),
    Property(the_strongest_is_that_of_all_pairs,
             (st.sampled_from(crowds_of).flatmap(lambda f: st.lists(f, max_size=7)), shuffled,
              any_width), lambda: ((c, Random(3), F(1, 10)) for c in small_crowds())),
    Property(stand_means_its_words, (spans(), spans()), small_spans),
    Property(bad_figures_are_refused, (numbers.filter(bool), widths)),
]  # fmt: skip
OF_SWEEPS = [
    Property(sweeping_finds_what_pairing_finds,
             (st.sampled_from(crowds_of).flatmap(
                 lambda f: st.lists(st.tuples(f, times), max_size=8)), shuffled), small_times),
    Property(sweeping_things_finds_what_pairing_finds, (st.lists(named, max_size=6), shuffled),
             small_things),
    Property(sweeping_absences_finds_what_pairing_finds,
             (st.lists(times, max_size=4), st.lists(times, max_size=4)), small_absences),
]  # fmt: skip
