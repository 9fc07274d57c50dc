"""A linear scan of a query's text before anything parses it.

The engine has no switch against federation and its parser can overflow the native stack, so what
must never reach it is found by a scan over tokens: code point escapes first (SPARQL 1.1, 19.2),
strings, IRIs and comments skipped. A well-formed query of a person never meets these limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import QueryRefused, QueryTooComplex

__all__ = ["LIMITS", "Limits", "admit"]


@dataclass(frozen=True)
class Limits:
    """What a query may be at most.

    `length` in characters; `nesting` of brackets of any kind; `operators`: UNION, OPTIONAL,
    MINUS, FILTER, BIND, path and expression operators together. Beyond some two thousand nested
    groups the parser kills the process; well below that its planner takes seconds.
    """

    length: int = 200_000
    nesting: int = 100
    operators: int = 1_000


LIMITS = Limits()
UPDATE_LIMITS = Limits(length=64_000_000, operators=100_000)


@dataclass(frozen=True)
class Counts:
    """What was counted."""

    length: int = 0


def count(text: str) -> Counts:
    """Interim."""
    return Counts(len(text))


def rows() -> list[tuple[str, float, str]]:
    """Interim."""
    return [("length", LIMITS.length, "x"), ("nesting", LIMITS.nesting, "x")]


_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|\#[^\n\r]*)
  | (?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
      |\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[^<>\"{}|^`\\\x00-\x20]*>)
  | (?P<variable>[?$]\w+)
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:\w(?:[\w.-]*[\w-])?)?:(?:[\w:%.-]|\\.)*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<open>[({\[])
  | (?P<close>[)}\]])
  | (?P<operator>\|\||&&|!=|<=|>=|\^\^|[!+*/|^=<>-])
  | (?P<other>.)
""",
    re.VERBOSE | re.DOTALL,
)
_OPERATOR_WORDS = frozenset(
    "UNION OPTIONAL MINUS FILTER BIND EXISTS IN GRAPH SELECT VALUES".split()
)
_UPDATE_WORDS = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split())


def admit(text: str, limits: Limits = LIMITS, *, update: bool = False) -> None:
    """Let a query pass, or raise QueryRefused (SERVICE, LOAD, update) or QueryTooComplex."""
    if len(text) > limits.length:
        raise QueryTooComplex(
            f"the query has {len(text):,} characters",
            hint=f"the limit is {limits.length:,}: send a long list of values in several queries",
        )
    depth = operators = 0
    in_prologue = True
    skip_next_name = False
    for kind, token in _tokens(_unescape(text)):
        if kind == "open":
            depth += 1
            in_prologue = False
            if depth > limits.nesting:
                raise QueryTooComplex(
                    f"the query nests brackets more than {limits.nesting} deep",
                    hint="join patterns with dots in one group",
                )
        elif kind == "close":
            depth -= 1
        elif kind == "operator":
            operators += 1
        elif kind == "word":
            word = token.upper()
            if in_prologue and word in ("PREFIX", "BASE"):
                skip_next_name = word == "PREFIX"
            elif word == "SERVICE":
                raise QueryRefused(
                    "this endpoint never calls other endpoints (SERVICE)",
                    hint="ask each endpoint by itself and join the answers",
                )
            elif in_prologue and not update and word in _UPDATE_WORDS:
                raise QueryRefused(
                    f"this endpoint only reads; {word} is an update",
                    hint="ask with SELECT, ASK, CONSTRUCT or DESCRIBE",
                )
            else:
                in_prologue = False
                operators += word in _OPERATOR_WORDS
        elif kind == "name" and skip_next_name:
            skip_next_name = False
        if operators > limits.operators:
            raise QueryTooComplex(
                f"the query has more than {limits.operators:,} operators",
                hint="put alternatives into one VALUES list, or ask in several queries",
            )


def _unescape(text: str) -> str:
    def char(match: re.Match[str]) -> str:
        point = int(match.group(1) or match.group(2), 16)
        return chr(point) if point <= 0x10FFFF else match.group()

    return _ESCAPE.sub(char, text)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield match.lastgroup or "other", match.group()


def spans(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text with its code point escapes resolved, and its tokens: kind, start and end."""
    text = _unescape(text)
    return text, [
        (match.lastgroup or "other", match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "skip"
    ]


def undeclared_prefix(text: str) -> str | None:
    """The first prefix that the query uses and does not declare, for a better error."""
    declared: set[str] = set()
    expects = False
    for kind, token in _tokens(_unescape(text)):
        if kind == "word" and token.upper() == "PREFIX":
            expects = True
        elif kind == "name":
            prefix = token.partition(":")[0]
            if expects:
                declared.add(prefix)
            elif prefix not in declared and prefix != "_":
                return prefix
            expects = False
    return None
