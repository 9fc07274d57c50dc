"""No rule of figures and sweeps can be changed unseen: each change of one breaks a property."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from figure_rules import OF_FIGURES, OF_SWEEPS, Property

from kg import figures, sweep

OF_THE_FIGURES = [
    ("n + share", "n"),
    ('"about": Interval(n - share,', '"about": Interval(n,'),
    ('"nearly": Interval(n - share, n, high_open=True)',
     '"nearly": Interval(n - share, n)'),
    ('"nearly": Interval(n - share,', '"nearly": Interval(n - share / 2,'),
    ('"exactly": Interval(n, n)', '"exactly": Interval(n, None)'),
    ('"reached": Interval(n, None)', '"reached": Interval(n, n)'),
    ('"atLeast": Interval(n, None)', '"atLeast": Interval(n, None, low_open=True)'),
    ('"moreThan": Interval(n, None, low_open=True)', '"moreThan": Interval(n, None)'),
    ('"upTo": Interval(None, n)', '"upTo": Interval(Fraction(0), n)'),
    ('"lessThan": Interval(None, n, high_open=True)', '"lessThan": Interval(None, n)'),
    ("return Interval(figure.low, figure.high)", "return Interval(figure.low, figure.low)"),
    ("if not 0 <= about < 1:", "if not 0 <= about <= 1:"),
    ("if not 0 <= about < 1:", "if not about < 1:"),
    ("if figure.low > figure.high:", "if False:"),
    ('if figure.comparator != "between" or figure.low', "if figure.low"),
    ('if first == second:\n        return "same"', "if False: pass"),
    ("return stand(interval(first, about=about), interval(second, about=about))",
     "return stand(interval(first), interval(second, about=about))"),
    ("    if apart(a, b):\n", "    if False:\n"),
    ("if None in (a.low, a.high, b.low, b.high):", "if None in (a.low, a.high):"),
    ("if None in (a.low, a.high, b.low, b.high):", "if False:"),
    ("    if a == b:", "    if False:"),
    ("if a.holds(b) or b.holds(a):", "if a.holds(b):"),
    ("if a.holds(b) or b.holds(a):", "if False:"),
    ("(self.low, self.low_open) <= (other.low, other.low_open)", "self.low <= other.low"),
    ("(self.high, not self.high_open) >= (other.high, not other.high_open)",
     "self.high >= other.high"),
    ("return low and high", "return low or high"),
    ("return _before(a, b) or _before(b, a)", "return _before(a, b)"),
    ("return below.high_open or above.low_open", "return False"),
    ("return below.high_open or above.low_open", "return True"),
    ("return below.high < above.low", "return below.high <= above.low + 1"),
    ("nsmallest(2,", "nsmallest(1,"),
    ("nlargest(2,", "nlargest(1,"),
    ("for figure in dict.fromkeys(given)]", "for figure in given[:-1]]"),
    ("if len(spans) == 1:\n", "if False:\n"),
    ("known.sort(key=_high, reverse=True)", "known.sort(key=_high)"),
    ("    known.sort(key=_low)\n", ""),
    ("if any(_high(a) < _high(b) for a, b in pairwise(known)):", "if False:"),
    ("if len(set(known)) > 1:", "if len(known) > 1:"),
    ("return \"compatible-bound\" if len(known) < len(spans) else \"same\"", "return \"same\""),
    ("return span.low, span.low_open", "return span.low, not span.low_open"),
    ("return span.high, not span.high_open", "return span.high, span.high_open"),
]  # fmt: skip
OF_THE_SWEEPS = [
    ('            found.add("successive")\n        if inside.any_apart',
     "            pass\n        if inside.any_apart"),
    ("if inside.any_apart(figure, span):", "if False:"),
    ("if heap and apart(span, self.timed[heap[0][2]][2]):", "if False:"),
    ("rival != figure and apart(span, other):", "apart(span, other):"),
    ("if self.figures[rival] and rival", "if rival"),
    ("self._empty[figure] = span", "pass"),
    ("for heap in (self._highs, self._lows):", "for heap in (self._highs,):"),
    ("for heap in (self._highs, self._lows):", "for heap in (self._lows,):"),
    ("while heap and heap[0][2] in self._gone:", "while False:"),
    ("self._count(figure, span, -1)", "pass"),
    ("if self.figures[figure] or (n in self._place and self.spans[span]):",
     "if self.figures[figure]:"),
    ("if everyone > self.figures[figure]:", "if False:"),
    ("        if self.unknown:\n", "        if False:\n"),
    ("if everyone - self.unknown > self.spans[span]:", "if False:"),
    ("if (below and below < _high(span)) or (above and above > _high(span)):",
     "if above and above > _high(span):"),
    ("if (below and below < _high(span)) or (above and above > _high(span)):",
     "if below and below < _high(span):"),
    ("self._last[_low(span)] + 1", "self._first[_low(span)]"),
    ("self._lowest = _Tree(len(known), min)", "self._lowest = _Tree(len(known), max)"),
    ("self._highest = _Tree(len(known), max)", "self._highest = _Tree(len(known), min)"),
    ("        if gone.kinds(thing):\n", "        if False:\n"),
    ("inside.count(named[over][1], -1)", "pass"),
    ("gone.count(named[over][1], 1)", "pass"),
    ("if side and self._sided[name, None] > self._sided[name, side]:", "if False:"),
    ("        if side:\n", "        if True:\n"),
    ("if self._alike[thing]:", "if self._names[name]:"),
    ("if nested < others:", "if False:"),
    ("            found.add(\"nested\")\n        return found", "        return found"),
    ("wider + self._below[name]", "wider"),
    ("wider + self._below[name]", "self._below[name]"),
    ("if 0 in (before, self._names[name]):", "if True:"),
    ("        if not self._names[name]:\n            del", "        if False:\n            del"),
    ("inside[timed[over][1]] -= 1", "pass"),
    ("gone[timed[over][1]] += 1", "pass"),
    ("if inside[1 - which]:", "if inside[which]:"),
    ("if gone[1 - which]:", "if gone[which]:"),
    ("inside = halves[side - 1]", "inside = halves[side]"),
    ("halves[side].enter(n)", "halves[0].enter(n)"),
    ("inside, gone, present = halves[side - 1]", "inside, gone, present = halves[side]"),
    ("inside, _, present = halves[side]", "inside, _, present = halves[0]"),
]  # fmt: skip


def changed(module: ModuleType, old: str, new: str) -> ModuleType:
    """The module with one place of its text changed, loaded beside the true one."""
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    assert source.count(old) == 1, f"{module.__name__} has {old!r} {source.count(old)} times"
    name = f"{module.__name__}_changed"
    copy = sys.modules[name] = ModuleType(name)
    try:
        exec(compile(source.replace(old, new), "changed", "exec"), copy.__dict__)
    finally:
        del sys.modules[name]
    return copy


def broken(module: ModuleType, rules: Sequence[Property]) -> Property | None:
    for rule in rules:
        try:
            rule.holds(module)
        except Exception:
            return rule
    return None


@pytest.mark.parametrize(("module", "rules"), [(figures, OF_FIGURES), (sweep, OF_SWEEPS)])
def test_the_rules_as_they_are_hold(module: ModuleType, rules: Sequence[Property]) -> None:
    assert broken(changed(module, "__future__", "__future__"), rules) is None


@pytest.mark.parametrize(("old", "new"), OF_THE_FIGURES)
def test_a_changed_rule_of_figures_is_caught(old: str, new: str) -> None:
    assert broken(changed(figures, old, new), OF_FIGURES), f"nobody sees {old!r} become {new!r}"


@pytest.mark.parametrize(("old", "new"), OF_THE_SWEEPS)
def test_a_changed_sweep_is_caught(old: str, new: str) -> None:
    assert broken(changed(sweep, old, new), OF_SWEEPS), f"nobody sees {old!r} become {new!r}"
