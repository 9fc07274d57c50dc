"""What the engine's parser says of a text, in words that help the one who wrote it."""

from __future__ import annotations

import re

from kg.engine import guard
from kg.engine.places import excerpt, place
from kg.engine.scan import CLOSE, UNCLOSED, pieces
from kg.errors import QuerySyntaxError
from kg.names import Names

__all__ = ["syntax_error"]

_PROLOGUE = ("PREFIX", "BASE", "VERSION")
_QUERIES = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_SHARED = re.compile(r"[Bb]lank node (_:\S+)")


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
    known = expected not in ("expected", "expected <unreported>")
    message = f"not {kind} here: {expected}" if known else f"not {kind} here"
    hint = "look at this place and just before it: a missing bracket, dot or quote"
    prefix = guard.undeclared_prefix(text)
    plainer = _plainer(text, said, update=update)
    if plainer is not None:
        message, hint, at = plainer
        row, column = place(text, at)
    elif prefix is not None:
        message = f"the prefix {prefix}: is not declared"
        hint = f"begin with: PREFIX {prefix}: <{names.prefixes.get(prefix, '…')}>"
    return QuerySyntaxError(
        message, hint=hint, row=row, column=column, excerpt=excerpt(text, row, column)
    )


def _plainer(text: str, said: str, *, update: bool) -> tuple[str, str, int] | None:
    """What is wrong, what to do, and where, for mistakes that can be told without a parser."""
    found = pieces(text)
    if found and found[-1][0] == "other" and found[-1][1] in "\"'":
        return UNCLOSED, CLOSE, found[-1][2]
    words = ((piece.upper(), at) for kind, piece, at in found if kind == "words")
    word, at = next(((w, at) for w, at in words if w not in _PROLOGUE), ("", 0))
    if update and word in _QUERIES:
        return f"{word} is a query, and updates are made here", "send it to /sparql", at
    if not word and not update:
        what = ", only comments and declarations" if text.strip() else ""
        return f"there is no query here{what}", "write one of " + ", ".join(_QUERIES), 0
    shared = _SHARED.search(said)
    if shared:
        hint = "a blank node is of one block: join the two, or write an IRI"
        return f"{shared[1]} stands in more than one block", hint, _again(found, shared[1])
    return None


def _again(found: list[tuple[str, str, int]], label: str) -> int:
    """Where a blank node stands in a block that is not that of the first time; else the last."""
    blocks: list[int] = [0]
    first: int | None = None
    last = number = 0
    for _, piece, at in found:
        if piece == "{":
            number += 1
            blocks.append(number)
        elif piece == "}" and len(blocks) > 1:
            blocks.pop()
        elif piece == label:
            last = at
            if first is None:
                first = blocks[-1]
            elif blocks[-1] != first:
                return at
    return last


def _expected(said: str) -> str:
    """What the parser expected, without its lists of code point ranges."""
    words = re.sub(r"\[[^\]]*\](?:\n\|\s*\[[^\]]*\])*", "", said, flags=re.DOTALL)
    words = re.sub(r"(?:,\s*)+", ", ", words.replace("\n", " ")).strip(" ,")
    return words if len(words) <= 200 else words[:200].rpartition(",")[0] + ", …"
