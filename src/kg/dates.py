"""EDTF texts to their earliest and latest possible day.

The only room that knows the date library. EDTF is the Extended Date/Time Format of the Library
of Congress (part of ISO 8601-2:2019). ``a/b`` lasted from a to b; ``[a..b]`` fell at some time
between; both have the earliest day of a and the latest day of b as outer bounds. An open or
unknown end has no bound: it is unknown, not infinite.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import struct_time

from kg.errors import DateError

__all__ = ["Bounds", "bounds", "cannot_overlap"]


@dataclass(frozen=True)
class Bounds:
    """The outer days of a date: None where an end is open or unknown."""

    earliest: date | None
    latest: date | None


_DAY = re.compile(r"(\d{4})(?:-(2[1-4])|(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?[?~%]?)")
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}


@lru_cache(maxsize=4096)  # few dates are said only once
def bounds(text: str) -> Bounds:
    """The earliest and latest possible day of an EDTF text (levels 0 to 2, years 1 to 9999).

    Marks of doubt (``?``, ``~``, ``%``) do not move the bounds. Seasons are those of the northern
    hemisphere, by whole months (``1921-22`` is June to August 1921).

    Raises DateError for a text that is not EDTF, for a day that does not exist (``1920-02-30``)
    and for an interval that ends before it begins.
    """
    plain = _plain(text)
    if plain is not None:
        return plain
    import edtf  # with its grammar it takes longer to load than most data to date

    try:
        parsed = edtf.parse_edtf(text)
    except edtf.parser.edtf_exceptions.EDTFParseException:
        raise DateError(
            f"{text!r} is no date of the Extended Date/Time Format",
            hint="write 1920, 1920-06, 1920-06-11, 1920-06/1920-08, [1920-06-11..1920-06-16], "
            "1920-06~ or 1920-06-11/..; and look whether that day exists",
        ) from None
    # The library pads an unknown end ("/1920") by ten years; unknown is no bound for us.
    earliest = None if text.startswith("/") else _day(parsed.lower_strict(), text)
    latest = None if text.endswith("/") else _day(parsed.upper_strict(), text)
    if earliest and latest and earliest > latest:
        raise DateError(
            f"{text!r} ends before it begins",
            hint="the part before the slash or the dots must be the earlier one",
        )
    return Bounds(earliest, latest)


def _plain(text: str) -> Bounds | None:
    """The bounds of the plainest texts, which are nearly all: a year, month or day, with a mark of
    doubt or without, a season, an interval (``a/b``) or a choice (``[a..b]``) between two of them,
    and a choice without an end (``[a..]``); None for whatever else there is.

    The library takes milliseconds for each and says the same.
    """
    first, mark, last = text.partition("/")
    if text[:1] == "[" and text[-1:] == "]" and not mark:
        first, mark, last = text[1:-1].partition("..")
        if mark and not last and first.replace("-", "").isdecimal():
            begins = _span(first)
            return Bounds(begins.earliest, None) if begins else None
        if len(first) != len(last) or not (first + last).replace("-", "").isdecimal():
            return None  # marks of doubt, ends of two precisions: the library's business
    if not mark:
        return _span(text)
    begins = Bounds(None, None) if first == ".." else _span(first)
    ends = Bounds(None, None) if last == ".." else _span(last)
    if begins is None or ends is None or (first == ".." and last == ".."):
        return None
    if begins.earliest and ends.latest and begins.earliest > ends.latest:
        return None
    return Bounds(begins.earliest, ends.latest)


def _span(text: str) -> Bounds | None:
    match = _DAY.fullmatch(text)
    if match is None or match[1] == "0000" or not text.isascii():
        return None
    year, month = int(match[1]), int(match[2] or match[3] or 0)
    if month > 12:  # the library ends winter with its year
        begins, ends = _SEASONS[month]
        return Bounds(date(year, begins, 1), date(year, ends, monthrange(year, ends)[1]))
    if match[4]:
        try:
            day = date(year, month, int(match[4]))
        except ValueError:
            return None
        return Bounds(day, day)
    last = monthrange(year, month or 12)[1]
    return Bounds(date(year, month or 1, 1), date(year, month or 12, last))


def _day(moment: struct_time | float, text: str) -> date | None:
    if isinstance(moment, float):  # plus or minus infinity stands for an open end
        return None
    try:
        return date(moment.tm_year, moment.tm_mon, moment.tm_mday)
    except ValueError:
        raise DateError(
            f"{text!r} lies outside the years 1 to 9999", hint="write a year of four digits"
        ) from None


def cannot_overlap(first: Bounds, second: Bounds) -> bool:
    """Whether two times lie one after the other, whatever their exact days were.

    The shared day of a handover ("held until the 11th", "held from the 11th") is no overlap; two
    times that are one and the same day are.
    """

    def before(a: Bounds, b: Bounds) -> bool:
        if a.latest is None or b.earliest is None or a.latest > b.earliest:
            return False
        one_day = a.earliest == a.latest == b.earliest == b.latest
        return not one_day

    return before(first, second) or before(second, first)
