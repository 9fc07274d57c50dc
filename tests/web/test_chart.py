"""The charts of claims and the pictures of lineage: a mark for each, and all of it escaped."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web import chart, scales, tree
from kg.web.chart import Band, Mark, Words
from kg.web.tree import Node

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("A title", "A description", "Planned", "Without a place")
HOSTILE = '"><script>alert(1)</script>\u202e & </svg>'


def written(value: Fraction) -> str:
    return f"{float(value):,.6g}"


def mark(key: str, low: int | None, high: int | None, **more: object) -> Mark:
    lo = None if low is None else Fraction(low)
    hi = None if high is None else Fraction(high)
    return Mark(
        key, f"/page/claim/x/{key}", f"label {key}", f"title {key}", low=lo, high=hi, **more
    )


def drawn(marks: list[Mark], band: Band | None = None) -> ET.Element:
    ends = [e for m in marks for e in (m.low, m.high) if e is not None]
    scale = scales.figures(ends, written)
    return ET.fromstring(chart.intervals(marks, scale, WORDS, ident="c", band=band))


def marks_of(svg: ET.Element) -> list[ET.Element]:
    return [a for a in svg.iter(f"{SVG}a") if a.get("class") == "mark"]


def with_class(element: ET.Element, name: str) -> list[ET.Element]:
    return [e for e in element.iter() if name in (e.get("class") or "").split()]


@pytest.mark.parametrize("count", [1, 2, 24, 25, 100])
def test_each_claim_has_one_mark_that_leads_to_it(count: int) -> None:
    given_marks = [mark(str(n), n, n + n % 3) for n in range(1, count + 1)]
    svg = drawn(given_marks)
    found = marks_of(svg)
    assert len(found) == count
    assert {a.get("href") for a in found} == {m.href for m in given_marks}
    assert all(a.findtext(f"{SVG}title") for a in found)
    assert len([e for e in svg.iter() if e.get("role") == "listitem"]) == count
    assert float(svg.get("height") or 0) <= 60 + 40 * min(count, 24) + 18 * count


def test_rows_do_not_cover_each_other() -> None:
    for count in (24, 100):
        svg = drawn([mark(str(n), n, n + 1) for n in range(1, count + 1)])
        hits = [
            (float(e.get("y") or 0), float(e.get("height") or 0)) for e in with_class(svg, "hit")
        ]
        hits.sort()
        assert all(y + height <= below for (y, height), (below, _) in pairwise(hits))


def test_the_signs_tell_points_ranges_and_ends_apart() -> None:
    svg = drawn(
        [
            mark("1", 5, 5),
            mark("2", 5, 10),
            mark("3", 5, None),
            mark("4", None, 10),
            mark("5", 5, None, low_open=True),
            mark("6", None, 10, high_open=True),
        ]
    )
    found = {a.findtext(f"{SVG}title"): a for a in marks_of(svg)}

    def signs(key: str) -> dict[str, int]:
        names = ("point", "bar", "unknown", "closed", "open")
        return {n: c for n in names if (c := len(with_class(found[f"title {key}"], n)))}

    assert signs("1") == {"point": 1}
    assert signs("2") == {"bar": 1, "closed": 2}
    assert signs("3") == {"unknown": 1, "closed": 1}
    assert signs("4") == {"unknown": 1, "closed": 1}
    assert signs("5") == {"unknown": 1, "open": 1}
    assert signs("6") == {"unknown": 1, "open": 1}

    def heads(key: str) -> str:
        arrow = with_class(found[f"title {key}"], "unknown")[0]
        return str(list(arrow)[1].get("d"))

    assert heads("3").startswith("M34") and heads("4").startswith("M-34")


def test_the_hatching_of_an_arrow_runs_the_way_it_points() -> None:
    svg = drawn([mark("1", 5, None, doubted=True), mark("2", None, 5, doubted=True)])
    found = {
        str(a.findtext(f"{SVG}title")): str(with_class(a, "unknown")[0][1].get("d"))
        for a in marks_of(svg)
    }
    assert found["title 1"].count("l4 10") == 4
    assert found["title 2"] == found["title 1"].replace("4", "-4")


def test_doubted_ones_are_hatched_and_planned_ones_stand_apart() -> None:
    svg = drawn([mark("1", 1, 3, doubted=True), mark("2", 2, 4), mark("3", 1, 2, modal=True)])
    text = ET.tostring(svg, encoding="unicode")
    hatched = [
        a.findtext(f"{SVG}title")
        for a in marks_of(svg)
        if any("hatch" in (e.get("fill") or "") for e in a.iter())
    ]
    assert hatched == ["title 1"]
    assert text.index("title 2") < text.index("Planned") < text.index("title 3")
    modal = next(a for a in marks_of(svg) if a.findtext(f"{SVG}title") == "title 3")
    assert with_class(modal, "bar")[0].get("fill") == "none"


def test_marks_without_a_place_are_shown_all_the_same() -> None:
    svg = drawn([mark("1", 1, 3), mark("2", None, None)])
    assert len(marks_of(svg)) == 2
    assert "Without a place" in ET.tostring(svg, encoding="unicode")


def test_the_side_is_told_by_letters_too() -> None:
    sides = list(chart.SIDES)
    letters = [letter for letter, _ in chart.SIDES.values()]
    assert len(set(letters)) == len(letters)
    svg = drawn([replace(mark(str(n), n + 1, n + 2), side=s) for n, s in enumerate(sides)])
    shown = [e.text for e in with_class(svg, "side")]
    assert sorted(str(text) for text in shown) == sorted(letters)
    strange = drawn([replace(mark("1", 1, 2), side='x" onload="')])
    assert [e.text for e in with_class(strange, "side")] == [chart.SIDES["other"][0]]


def test_no_label_can_be_markup() -> None:
    bad = replace(
        mark("1", 1, 2), label=HOSTILE, title=HOSTILE, href=f"/x?{HOSTILE}", value=HOSTILE
    )
    words = Words(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    scale = scales.figures([Fraction(1), Fraction(2)], lambda _: HOSTILE)
    for text in (
        chart.intervals([bad, replace(bad, modal=True)], scale, words, ident="c"),
        chart.things([bad, replace(bad, modal=True)], words, ident="c"),
        tree.picture(
            Node(HOSTILE, HOSTILE, "work", HOSTILE, HOSTILE, 'en"x'),
            title=HOSTILE,
            description=HOSTILE,
            ident="t",
        ),
    ):
        svg = ET.fromstring(text)
        assert not [e for e in svg.iter() if "script" in e.tag]
        assert not [k for e in svg.iter() for k in e.attrib if k.startswith("on") or k == "style"]
        assert "alert(1)" in "".join(svg.itertext())


def test_things_stand_under_their_answer() -> None:
    given_marks = [replace(mark(str(n), None, None), value=f"answer {n % 3}") for n in range(1, 21)]
    svg = ET.fromstring(chart.things(given_marks, WORDS, ident="c"))
    assert len(marks_of(svg)) == 20
    assert len(with_class(svg, "value")) == 3
    places = [(e.get("x"), e.get("y")) for e in with_class(svg, "badge")]
    assert len(set(places)) == 20


def test_charts_of_one_page_share_no_id() -> None:
    scale = scales.figures([Fraction(1)], written)
    pages = [chart.intervals([mark("1", 1, 1)], scale, WORDS, ident=f"c{n}") for n in (1, 2)]
    ids = [e.get("id") for page in pages for e in ET.fromstring(page).iter() if e.get("id")]
    assert len(ids) == len(set(ids)) > 4


@given(st.lists(st.fractions(min_value=0, max_value=10**12), min_size=1, max_size=8))
def test_an_axis_keeps_the_order_and_holds_all(values: list[Fraction]) -> None:
    scale = scales.figures(values, written)
    places = [scale.at(v) for v in sorted(values)]
    assert places == sorted(places)
    assert all(0 <= p <= 100 for p in places)
    assert 1 <= len(scale.ticks) <= 5
    assert all(scale.low <= at <= scale.high for at, _ in scale.ticks)
    least, most = min(values), max(values)
    assert scale.logarithmic == (least > 0 and most >= scales.APART * least)


@pytest.mark.parametrize(
    "values", [[0], [-5, 5], [-3, -1], [10**400], [1, 10**400], [-(10**400), 1]]
)
def test_an_axis_takes_any_number(values: list[int]) -> None:
    scale = scales.figures([Fraction(v) for v in values], str)
    assert all(0 <= scale.at(Fraction(v)) <= 100 for v in values)


def test_what_lies_far_apart_is_drawn_logarithmically() -> None:
    near = scales.figures([Fraction(7000), Fraction(60000)], written)
    far = scales.figures([Fraction(208), Fraction(20000)], written)
    assert (near.logarithmic, far.logarithmic) == (False, True)
    assert [label for _, label in far.ticks] == ["100", "1,000", "10,000", "100,000"]


@given(st.lists(st.dates(date(1200, 1, 1), date(2100, 1, 1)), min_size=1, max_size=6))
def test_an_axis_of_days_holds_all(some: list[date]) -> None:
    values = [Fraction(day.toordinal()) for day in some]
    scale = scales.days(values, lambda y, m, d: f"{y}-{m}-{d}")
    places = [scale.at(v) for v in sorted(values)]
    assert places == sorted(places)
    assert all(0 <= p <= 100 for p in places)
    assert 1 <= len(scale.ticks) <= 5


def test_the_tree_has_a_line_for_each_thing() -> None:
    root = Node(
        "",
        "claim",
        "claim",
        "/c",
        nodes=(
            Node("cites", "work", "work", "/w", nodes=(Node("part of", "fonds", "whole", "/f"),)),
            Node("said by", "voice", "voice", None),
            Node("cites", "lost", "broken", "/l"),
        ),
    )
    svg = ET.fromstring(tree.picture(root, title="t", description="d", ident="t"))
    assert [e.text for e in with_class(svg, "name")] == [
        f"\u2068{n}\u2069" for n in ("claim", "work", "fonds", "voice", "lost")
    ]
    assert len(with_class(svg, "branch")) == 4
    assert {a.get("href") for a in svg.iter(f"{SVG}a")} == {"/c", "/w", "/f", "/l"}


def test_a_long_chain_is_drawn_without_recursion() -> None:
    node = Node("", "end", "work")
    for n in range(3000):
        node = Node("cites", str(n), "work", nodes=(node,))
    assert (
        tree.picture(node, title="t", description="d", ident="t").count('<text class="name"')
        == 3001
    )
