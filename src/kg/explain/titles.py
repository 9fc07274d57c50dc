"""A question's title out of what it is made of, for languages in which nobody has worded it.

The pieces are names that the data give; what stands between them is the same in all languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from kg.names import CONTESTED

__all__ = ["MEASURE", "OPEN", "pieces"]

OPEN = f"{CONTESTED}vocab/property-group/acts-and-meaning"
"""The group of properties under which a question asks more than it is made of: what somebody did,
or how somebody stood to something. A title leaves that out, so its wording is given with it.
"""

MEASURE = f"{CONTESTED}vocab/count-mode/measure"
"""The count mode of what is no count (an age, a price): a title leaves it out."""

T = TypeVar("T")


def pieces(about: T, asked: T, details: Sequence[T]) -> list[T | str]:
    """The pieces of a title in order: what the question is about and what of it is asked; in
    brackets whom it counts, how, and when.
    """
    found: list[T | str] = [about, ": ", asked]
    for number, detail in enumerate(details):
        found += ["; " if number else " (", detail]
    return [*found, ")"] if details else found
