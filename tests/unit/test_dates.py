from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import dates
from kg.dates import Bounds, bounds, cannot_overlap
from kg.errors import DateError


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1920", date(1920, 1, 1), date(1920, 12, 31)),
        ("1920-02", date(1920, 2, 1), date(1920, 2, 29)),
        ("1920-06-11", date(1920, 6, 11), date(1920, 6, 11)),
        ("1920-06~", date(1920, 6, 1), date(1920, 6, 30)),
        ("1920-06~/1920-06-11", date(1920, 6, 1), date(1920, 6, 11)),
        ("1920-06-11/..", date(1920, 6, 11), None),
        ("../1920", None, date(1920, 12, 31)),
        ("/1920", None, date(1920, 12, 31)),
        ("1920/", date(1920, 1, 1), None),
        ("[1921-01..1921-04]", date(1921, 1, 1), date(1921, 4, 30)),
        ("[..1920-05]", None, date(1920, 5, 31)),
        ("1921-22", date(1921, 6, 1), date(1921, 8, 31)),
        ("192X", date(1920, 1, 1), date(1929, 12, 31)),
    ],
)
def test_outer_days(text: str, earliest: date | None, latest: date | None) -> None:
    assert bounds(text) == Bounds(earliest, latest)


@pytest.mark.parametrize(
    "text",
    ["", "early 1920", "1920-02-30", "1920-13", "1920-4", "11.06.1920", "-0044", "1920-05/1919"],
)
def test_what_is_no_date_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(DateError) as caught:
        bounds(text)
    assert repr(text) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("1920-06~/1920-06-11", "1920-06-11/..", True),  # the day of a handover
        ("1920-06-11", "1920-06-11", False),
        ("1920", "1921", True),
        ("1921", "1920", True),
        ("1920-05", "1920-05-30/1920-06-02", False),
        ("1920/..", "1925", False),
        ("../1920", "../1921", False),
    ],
)
def test_times_apart(first: str, second: str, apart: bool) -> None:
    assert cannot_overlap(bounds(first), bounds(second)) is apart
    assert cannot_overlap(bounds(second), bounds(first)) is apart


def _texts() -> st.SearchStrategy[str]:
    year = st.sampled_from(["0000", "0001", "1900", "1919", "1920", "2000", "9999", "12", "1920x"])
    month = st.sampled_from(["", "-00", "-01", "-02", "-06", "-12", "-13", "-21", "-22", "-24"])
    day = st.sampled_from(["", "-00", "-01", "-28", "-29", "-30", "-31", "-32"])
    mark = st.sampled_from(["", "", "", "?", "~", "%", "?~"])
    plain = st.builds(lambda *parts: "".join(parts), year, month, day, mark)
    end = st.one_of(plain, plain, st.sampled_from(["..", ""]))
    interval = st.builds("{}/{}".format, end, end)
    return st.one_of(plain, interval, st.builds("[{}..{}]".format, end, end))


@settings(max_examples=400, derandomize=True, deadline=None)
@given(_texts())
def test_what_is_read_at_once_is_what_the_library_says(text: str) -> None:
    at_once = dates._plain(text)
    if at_once is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_plain", lambda _: None)
        assert bounds.__wrapped__(text) == at_once


def test_the_plainest_texts_are_read_at_once() -> None:
    for text in ("1920", "1920-06~", "1920-06-11/..", "../1920", "1920/1921-05", "[1920..1921]",
                 "1920-22", "[1920-06-16..]"):  # fmt: skip
        assert dates._plain(text) is not None
