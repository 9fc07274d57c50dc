"""EDTF texts taken apart into what words can say of them; the days are those of `dates`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["Moment", "When", "when"]

Span = Literal["at", "lasting", "within", "until", "from", "raw"]
SEASONS = range(21, 25)


@dataclass(frozen=True)
class Moment:
    """A year, a month, a day, or a season of a year (0 spring, 1 summer, 2 autumn, 3 winter);
    `uncertain` where EDTF marks it with ``?``, `approximate` with ``~``, both with ``%``.
    """

    year: int
    month: int | None = None
    day: int | None = None
    season: int | None = None
    uncertain: bool = False
    approximate: bool = False


@dataclass(frozen=True)
class When:
    """One moment, a time that lasted, one at some unknown moment within bounds, or an open one.

    `raw` keeps an EDTF text of a form that has no words here: it is shown as it stands.
    """

    span: Span
    first: Moment | None = None
    last: Moment | None = None
    raw: str = ""


_MOMENT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([?~%])?")


def when(text: str) -> When:
    """What an EDTF text says: ``a/b`` lasted, ``[a..b]`` fell within, ``../b`` and ``a/..`` are
    open at one end.
    """
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else None
    parts = inner.split("..") if inner is not None else text.split("/")
    first, last = (_moment(parts[0]), _moment(parts[-1]))
    if len(parts) == 1:
        return When("at", first) if first else When("raw", raw=text)
    if len(parts) == 2:
        if first and last:
            return When("within" if inner is not None else "lasting", first, last)
        if last and parts[0] in ("", ".."):
            return When("until", last=last)
        if first and parts[1] in ("", ".."):
            return When("from", first)
    return When("raw", raw=text)


def _moment(text: str) -> Moment | None:
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.group(1, 2, 3))
    assert year is not None
    mark = match.group(4)
    uncertain, approximate = mark in ("?", "%"), mark in ("~", "%")
    if month is not None and month in SEASONS and day is None:
        season = month - SEASONS.start
        return Moment(year, None, None, season, uncertain, approximate)
    return Moment(year, month, day, None, uncertain, approximate)
