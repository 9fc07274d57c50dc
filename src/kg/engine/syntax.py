"""What the engine's parser says of a text, in words that help the one who wrote it."""

from __future__ import annotations

import re

from kg.engine import guard
from kg.errors import QuerySyntaxError
from kg.names import Names

__all__ = ["syntax_error"]

_WIDEST = 500  # a line longer than this is shown to nobody


def syntax_error(text: str, said: str, names: Names, *, update: bool = False) -> QuerySyntaxError:
    """The error for a text that the parser refused with the words `said`.

    It has line, column and the line itself; the hint proposes a prefix that was forgotten, or says
    that the text belongs elsewhere.
    """
    match = re.match(r"error at (\d+):(\d+): (.*)", said, re.DOTALL)
    row = int(match.group(1)) if match else None
    column = int(match.group(2)) if match else None
    expected = _expected(match.group(3)) if match else said
    kind = "SPARQL 1.1 Update" if update else "SPARQL 1.1"
    message = f"not {kind} here: {expected}"
    hint = "look at this place and just before it: a missing bracket, dot or quote"
    prefix = guard.undeclared_prefix(text)
    if prefix is not None:
        message = f"the prefix {prefix}: is not declared"
        hint = f"begin with: PREFIX {prefix}: <{names.prefixes.get(prefix, '…')}>"
    return QuerySyntaxError(
        message, hint=hint, row=row, column=column, excerpt=_excerpt(text, row, column)
    )


def _excerpt(text: str, row: int | None, column: int | None) -> str | None:
    lines = text.split("\n")
    if row is None or column is None or row > len(lines) or len(lines[row - 1]) > _WIDEST:
        return None
    return f"{lines[row - 1]}\n{' ' * (column - 1)}^"


def _expected(said: str) -> str:
    """What the parser expected, without its lists of code point ranges."""
    words = re.sub(r"\[[^\]]*\](?:\n\|\s*\[[^\]]*\])*", "", said, flags=re.DOTALL)
    words = re.sub(r"(?:,\s*)+", ", ", words.replace("\n", " ")).strip(" ,")
    return words if len(words) <= 200 else words[:200].rpartition(",")[0] + ", …"
