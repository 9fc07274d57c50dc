"""What a query or update may be at most, and why; each figure was measured on the engine.

`docs/limits.md` gives the measurements; a test holds the figures there against these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

__all__ = ["LIMITS", "Limits", "rows"]


@dataclass(frozen=True)
class Limits:
    """What the guard lets pass. The reasons are the text of the service description.

    length: Characters of the text. The parser holds Python's global lock while it reads, so a
        longer text would keep everything else in its process waiting.
    nesting: Brackets of any kind inside one another. The parser takes a piece of the native
        stack for each and kills the process when there is none left: after some 2,000 groups on
        a stack of 8 MiB.
    operators: Operators, functions and brackets of expressions, BIND, FILTER, UNION, MINUS and
        their like. The planner walks them by recursion and compares them pair by pair.
    patterns: Triple patterns, groups, inline tables and steps of a path sequence. The planner
        orders what it can join in a time that grows with the fourth power: 64 take at most half
        a second, 150 six seconds and more.
    path_steps: Operators of property paths. Each ``/`` is a join more; the others nest.
    rereadings: Tokens that the parser reads anew. It tries the forms of REGEX, SUBSTR, REPLACE
        and GROUP_CONCAT one after the other, so that each of them inside another doubles the
        work: 32 nested REPLACE, 250 characters, take minutes.
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
