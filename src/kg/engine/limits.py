"""What a query or update may be at most, and why; each figure was measured on the engine.

`docs/limits.md` gives the measurements; a test holds the figures there against these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from kg.errors import QueryTooComplex

__all__ = ["LIMITS", "Limits", "rows", "too_complex"]


@dataclass(frozen=True)
class Limits:
    """What the guard lets pass. The reasons are the text of the service description.

    length: Characters of the text. The parser holds Python's global lock while it reads, so a
        longer text would keep everything else in its process waiting.
    nesting: Brackets of any kind inside one another. The parser takes a piece of the native
        stack for each and kills the process when there is none left: after some 2,000 groups on
        a stack of 8 MiB.
    operators: Operators, functions, variables and brackets of expressions, FILTER, BIND, UNION,
        MINUS and their like, and what SELECT, DESCRIBE, FROM, GROUP BY and ORDER BY list. The
        planner walks them by recursion: DESCRIBE with 20,000 names kills the process, 20,000
        variables in one IN take eleven seconds.
    patterns: Triple patterns, groups, inline tables and steps of a path sequence that are joined
        with one another. The planner orders them in a time that grows with the fourth power: 64
        take at most half a second of processor time, 150 six seconds and more.
    path_steps: Operators of property paths. The parser and the planner walk them by recursion.
    rereadings: Tokens that the parser reads anew. It tries the forms of REGEX, SUBSTR, REPLACE
        and GROUP_CONCAT one after the other, so that each of them inside another doubles the
        work: nine inside one another pass, 32 (250 characters) would take hours.
    """

    length: int = 200_000
    nesting: int = 100
    operators: int = 1_000
    patterns: int = 64
    path_steps: int = 200
    rereadings: int = 10_000


LIMITS = Limits()


def rows(limits: Limits = LIMITS) -> list[tuple[str, int, str]]:
    """Name, value and reason of each limit, for the docs and the service description."""
    text = re.sub(r"\s+", " ", Limits.__doc__ or "")
    names = [field.name for field in fields(Limits)]
    found = re.split(rf" ({'|'.join(names)}): ", text)
    reasons = dict(zip(found[1::2], found[2::2], strict=True))
    return [(name, getattr(limits, name), reasons[name].strip()) for name in names]


_HINTS = {
    "length": "send a long list of values in several queries",
    "nesting": "join patterns with dots in one group",
    "operators": "put alternatives into one VALUES list, or ask in several queries",
    "patterns": "ask in several queries, or put alternatives into one VALUES list",
    "path_steps": "name the steps as triple patterns, or ask in several queries",
    "rereadings": "take the inner calls out with BIND, one at a time",
}


def too_complex(
    name: str, limits: Limits, what: str, place: tuple[int, int] | None = None
) -> QueryTooComplex:
    """The error for a text that is beyond the limit `name`; `what` it does or has."""
    row, column = place or (None, None)
    return QueryTooComplex(
        f"the query {what}; the limit of {name} is {getattr(limits, name):,}",
        hint=_HINTS[name],
        row=row,
        column=column,
    )
