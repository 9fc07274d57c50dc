"""Choices in addresses, points, and bars on the axis of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg.errors import ParameterError
from kg.names import Names
from kg.web.choosing import AUTHOR, LAYERS, Choice, map_query, timeline_query
from kg.web.happenings import Happening, Place, point
from kg.web.timeline import Bar, drawn
from kg.web.times import Time
from kg.web.view import Label, Value
from kg.web.ways import joined

NAMES = Names("https://example.org/")


def happening(*times: str, layer: str = "event", name: str = "x") -> Happening:
    return Happening(
        claims=(f"https://example.org/id/claim/{name}",),
        layer=layer,
        thing=Value(Label(name)),
        property=Value(Label("date")),
        answer=None,
        place=None,
        times=tuple(Time(edtf) for edtf in times),
        modality=None,
        side=None,
        source=None,
    )


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("POINT(47.5 40.25)", (40.25, 47.5)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Point (-3 4)", (4.0, -3.0)),
        ("POINT(200 0)", None),
        ("POINT(0 91)", None),
        ("LINESTRING(0 0, 1 1)", None),
        ("", None),
    ],
)
def test_points_are_read_longitude_first(text: str, degrees: tuple[float, float] | None) -> None:
    assert point(text) == degrees


def test_a_choice_goes_into_an_address_and_back() -> None:
    values = {"uprising": "a-rising", "side": "soviet", "source": "a-book", "first": "1920"}
    choice = Choice.of(values, ["hands", "uprising"], NAMES)
    assert choice.uprising == "https://example.org/id/a-rising"
    assert choice.layers == ("uprising", "hands")
    assert choice.parameters(NAMES) == {**values, "last": None}
    assert Choice.of({}, [], NAMES).layers == tuple(LAYERS)
    assert Choice.of({"side": AUTHOR}, [], NAMES).parameters(NAMES)["side"] == AUTHOR


@pytest.mark.parametrize(
    ("values", "shown", "where"),
    [
        ({"uprising": "a> } DROP ALL #"}, [], "uprising"),
        ({"side": "Soviet"}, [], "side"),
        ({"source": "../x"}, [], "source"),
        ({"first": "-5"}, [], "first"),
        ({"last": "19200"}, [], "last"),
        ({}, ["everything"], "show"),
    ],
)
def test_what_is_no_choice_is_refused(values: dict[str, str], shown: list[str], where: str) -> None:
    with pytest.raises(ParameterError) as error:
        Choice.of(values, shown, NAMES)
    assert error.value.where == where


def test_a_query_asks_for_no_more_than_is_shown() -> None:
    every = map_query(Choice())
    some = map_query(Choice(layers=("movement",)))
    assert "property:controlled-by" in every
    assert "property:moved-to" in some
    assert "property:controlled-by }" not in some and "property:place" not in some
    assert "con:earliest" not in timeline_query(Choice())
    assert '"1920-01-01"' in timeline_query(Choice(first=1920))


def bar(text: str, first: int = 1920, last: int = 1920) -> Bar:
    (rows,) = drawn([happening(text)], first, last).layers.values()
    return rows[0].bars[0]


def test_a_bar_lies_between_the_earliest_and_the_latest_day() -> None:
    june = bar("1920-06")  # days 153 to 182 of 366
    assert june.look == "within"
    assert june.start == pytest.approx(100 * 152 / 366, abs=0.001)
    assert june.width == pytest.approx(100 * 30 / 366, abs=0.001)
    assert bar("[1920-06-01..1920-06-30]") == june
    lasted = bar("1920-06-01/1920-06-30")
    assert (lasted.look, lasted.start, lasted.width) == ("lasting", june.start, june.width)
    assert bar("1920-06-10").look == "day"


def test_open_ends_and_what_goes_beyond_the_axis() -> None:
    since = bar("1920-06-11/..")
    assert (since.opens, since.closes, since.look) == (False, True, "lasting")
    assert since.start + since.width == pytest.approx(100)
    until = bar("../1920-06-13")
    assert (until.start, until.opens, until.closes) == (0, True, False)
    beyond = bar("1919/1922")
    assert (beyond.start, beyond.width, beyond.opens, beyond.closes) == (0, 100, True, True)


def test_a_bar_too_short_to_see_is_widened_within_the_axis() -> None:
    assert bar("1920-01-01/1920-01-02", 1900, 1999).width == 1
    last = bar("1999-12-30/1999-12-31", 1900, 1999)
    assert last.start + last.width <= 100


def test_rows_stand_in_order_of_time_within_their_layer() -> None:
    found = drawn(
        [
            happening("1921", name="late"),
            happening("1920-05", layer="uprising", name="rising"),
            happening("../1919", name="before"),
            happening("1920", name="early"),
            happening(name="undated"),
            happening("no date", name="unread"),
        ]
    )
    assert list(found.layers) == ["uprising", "event"]
    assert [r.happening.thing.label.text for r in found.layers["event"]] == [
        "before",
        "early",
        "late",
    ]
    assert [h.thing.label.text for h in found.undated] == ["undated", "unread"]
    assert found.count == 4
    assert [t.text for t in found.ticks] == ["1919", "1920", "1921"]


def test_nothing_to_draw_is_an_empty_timeline() -> None:
    assert drawn([]).count == 0
    assert drawn([happening("1920")], 1900, 1901).count == 0


def test_two_years_have_their_months_on_the_axis() -> None:
    ticks = drawn([happening("1920-01-05")], 1920, 1921).ticks
    assert len(ticks) == 24
    assert ticks[0].text == "1920" and ticks[12].text == "1921"
    begin = date(1920, 1, 1)
    assert ticks[2].at == pytest.approx(100 * (date(1920, 3, 1) - begin).days / 731, abs=0.001)


def stop(where: str, time: str, *, who: str = "https://example.org/id/x") -> Happening:
    east = {"a": 1.0, "b": 2.0, "c": 3.0}.get(where)
    return replace(
        happening(*[time] if time else (), layer="movement", name=f"{where}-{time}"),
        thing=Value(Label("x"), who),
        place=Place(Value(Label(where)), None if east is None else (0.0, east)),
    )


def ways(*stops: Happening) -> list[str]:
    """The ways between stops, as "from to"."""
    return [
        " ".join(mark.place.thing.label.text for mark in (way.start, way.end) if mark.place)
        for way in joined(stops)
    ]


def after(later: Happening, *earlier: Happening) -> Happening:
    """A stop that is stated to come after others."""
    return replace(later, later_than=frozenset(claim for e in earlier for claim in e.claims))


def test_ways_join_what_follows_without_doubt() -> None:
    a, b, c = stop("a", "1920-04"), stop("b", "1920-05"), stop("c", "1920-06-20/1920-07")
    assert ways(c, b, a) == ["a b", "b c"]


def test_a_stop_without_coordinates_breaks_a_way() -> None:
    a, b = stop("a", "1919"), stop("b", "1921")
    assert ways(a, b) == ["a b"]
    assert ways(a, stop("nowhere", "1920"), b) == []
    assert ways(a, stop("nowhere", "1918"), stop("nowhere", "1922"), b) == ["a b"]


def test_a_stop_that_may_fall_between_breaks_a_way() -> None:
    a, b = stop("a", "1920-04"), stop("b", "1920-05")
    assert ways(a, b, stop("c", "1920-05-20/1920-06")) == []  # at c before b, perhaps
    assert ways(a, b, stop("c", "1920")) == []
    assert ways(a, b, stop("c", "1919/1920")) == ["a b"]  # a stay that had begun before
    assert ways(a, b, stop("a", "1920")) == ["a b"]  # there and back is the same way
    assert ways(a, b, stop("a", "1920-04-30")) == ["a b"]


def test_a_stated_order_is_taken_as_one() -> None:
    a, b = stop("a", "1920-04-15"), stop("b", "1920-04")
    assert ways(a, b) == []
    assert ways(a, after(b, a)) == ["a b"]
    undated = after(stop("nowhere", ""), a)
    assert ways(a, undated, after(b, undated)) == []  # it lies between, though nobody says when
    assert ways(a, stop("nowhere", ""), after(b, a)) == ["a b"]
    c = stop("c", "1920")
    assert ways(a, after(b, a), c) == []
    assert ways(after(a, c), after(b, a), c) == ["c a", "a b"]


def test_an_order_that_contradicts_the_times_is_none() -> None:
    b = stop("b", "1921")
    assert ways(after(stop("a", "1920"), b), b) == []


@pytest.mark.parametrize(
    "stops",
    [
        [stop("a", "1919"), stop("a", "1920")],  # it stayed
        [stop("a", "1919"), stop("nowhere", "1920")],  # no coordinates
        [stop("a", "1919"), stop("b", "")],  # no time
        [stop("a", "1919"), stop("b", "1920", who="https://example.org/id/y")],
        [stop("a", "1919"), replace(stop("b", "1920"), layer="order")],  # only planned
    ],
)
def test_no_way_is_made_up(stops: list[Happening]) -> None:
    assert joined(stops) == []
