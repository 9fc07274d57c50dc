"""What the engine's parser says of a text, in words that help the one who wrote it."""

from __future__ import annotations

import re

from kg.engine import mistakes
from kg.engine.misspelt import cut
from kg.engine.places import excerpt, place
from kg.engine.scan import CLOSE, UNCLOSED, pieces
from kg.errors import QuerySyntaxError
from kg.names import Names

__all__ = ["syntax_error"]

_PROLOGUE = ("PREFIX", "BASE", "VERSION")
_QUERIES = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
# What the parser says of a text that has the form of SPARQL and no meaning.
_MEANINGS = {
    "The SELECT contains a variable that is unbound": (
        "with GROUP BY, SELECT shows what is grouped and what is computed, and no other variable",
        "add the variable to GROUP BY, or write (SAMPLE(?x) AS ?one)",
    ),
    "The SELECT overrides an existing variable using an expression": (
        "the variable behind AS has a value already",
        "take another name behind AS",
    ),
    "BIND is overriding an existing variable": (
        "the variable behind AS has a value already",
        "take another name behind AS",
    ),
    "IRI parsing failed": (
        "this is no address",
        "write it in full, as <https://…>, without spaces",
    ),
}
_MEANING = re.compile("|".join(map(re.escape, _MEANINGS)))
_SHARED = re.compile(r"[Bb]lank node (_:\S+)")


def syntax_error(text: str, said: str, names: Names, *, update: bool = False) -> QuerySyntaxError:
    """The error for a text that the parser refused with the words `said`.

    It has line, column and the line itself: of the first mistake that can be told for certain
    (`kg.engine.mistakes`), where it is not after the place at which the parser stopped; else of
    that place.
    """
    match = re.match(r"error at (\d+):(\d+): (.*)", said, re.DOTALL)
    row = int(match.group(1)) if match else None
    column = int(match.group(2)) if match else None
    kind = "SPARQL 1.1 Update" if update else "SPARQL 1.1"
    tokens = pieces(text)
    stopped = _offset(text, row, column)
    message, hint, at = _unexpected(text, tokens, stopped, kind)
    meant = _MEANING.search(said)
    mistake = mistakes.first(text, tokens, names, update=update)
    plainer = _plainer(text, tokens, said, update=update)
    if plainer is not None:
        message, hint, at = plainer
    elif mistake is not None and mistake.seen <= stopped:
        message, hint, at = mistake.message, mistake.hint, mistake.at
    elif meant is not None:
        message, hint = _MEANINGS[meant[0]]
        at = stopped
    row, column = place(text, at)
    return QuerySyntaxError(
        message, hint=hint, row=row, column=column, excerpt=excerpt(text, row, column)
    )


def _offset(text: str, row: int | None, column: int | None) -> int:
    """Where in the text a line and column are; its end where they are not known."""
    if row is None or column is None:
        return len(text)
    start = 0
    for _ in range(row - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _unexpected(
    text: str, tokens: list[tuple[str, str, int]], stopped: int, kind: str
) -> tuple[str, str, int]:
    """What stands where the parser stopped. What it would have taken instead is not said: it names
    what it tried last, of all that it tried.
    """
    ahead = [(piece, at) for _, piece, at in tokens if at + len(piece) > stopped]
    if not ahead:
        end = len(text.rstrip())
        hint = "look for what is missing or too much, and try it without its last lines"
        return f"not {kind}: read to the end, it is not whole", hint, end
    piece, at = ahead[0]
    hint = "look at this place and just before it: a missing bracket, dot or quote"
    return f"not {kind} here: {cut(piece)} is not expected", hint, at


def _plainer(
    text: str, found: list[tuple[str, str, int]], said: str, *, update: bool
) -> tuple[str, str, int] | None:
    """What is wrong, what to do, and where, where a text is no query at all, or a quote is open."""
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
