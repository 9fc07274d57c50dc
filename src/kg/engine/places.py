"""Places in a text of SPARQL, as errors show them."""

from __future__ import annotations

__all__ = ["excerpt", "place"]

_WIDEST = 500  # a line longer than this is shown to nobody


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at an offset."""
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")


def excerpt(text: str, row: int | None, column: int | None) -> str | None:
    """The line with a caret below the column; None where there is none to be shown."""
    lines = text.split("\n")
    if row is None or column is None or row > len(lines) or len(lines[row - 1]) > _WIDEST:
        return None
    return f"{lines[row - 1]}\n{' ' * (column - 1)}^"
