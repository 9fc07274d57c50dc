"""Where a file states what: the line and column of subject, predicate and object of each triple.

A scan by tokens, not a parser: the file has been parsed already, so it is known to be well formed.
The scan gives the places of the triples in the order in which the parser emits them (nested
brackets before what they stand in), so the n-th place belongs to the n-th triple: prefixes, base,
escapes and datatypes need no resolving, and blank nodes no names. Plain triples, nearly all of a
file, are taken by one regular expression each; what is left goes through a machine that follows
the grammars of Turtle, TriG, N-Triples and N-Quads (RDF 1.1, with the quoted triples of RDF 1.2).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

__all__ = ["SUFFIXES", "Part", "Place", "Positions"]

Part = Literal["subject", "predicate", "object"]

SUFFIXES = ("ttl", "trig", "nt", "nq")
"""The suffixes of the files that can be scanned."""

# The terminals of the Turtle grammar (https://www.w3.org/TR/turtle/#sec-grammar-grammar). All
# repetitions are possessive: a scan never goes back, whatever the text.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = _BASE + "0-9_\u00b7\u0300-\u036f\u203f\u2040\\-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\."
_SPACE = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_IRI = r"<[^<>\"{}|^`\x00-\x20]*+>"
_NAME = (
    rf"(?:[{_BASE}](?:\.*+[{_CHARS}]++)*+)?+:"
    rf"(?:(?:[{_CHARS}:]++|{_ESCAPED})(?:\.*+(?:[{_CHARS}:]++|{_ESCAPED}))*+)?+"
)
_LABEL = rf"_:[{_CHARS}]++(?:\.++[{_CHARS}]++)*+"
_STRING = (
    r"\"\"\"(?:[^\"\\]++|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    r"|\"(?:[^\"\\\n\r]++|\\.)*+\"|'(?:[^'\\\n\r]++|\\.)*+'"
)
_TAG = r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[a-z]++)?+"
_NUMBER = r"[+-]?(?:(?:\d+\.\d*|\.?\d+)[eE][+-]?\d+|\d*\.\d+|\d+)"
_WORD = rf"[A-Za-z]++(?![{_CHARS}:])"

_SUBJECT = rf"{_IRI}|{_NAME}|{_LABEL}"
_PREDICATE = rf"{_IRI}|{_NAME}|a(?![{_CHARS}:])"
_OBJECT = (
    rf"{_IRI}|{_NAME}|{_LABEL}|(?:{_STRING})(?:{_SPACE}(?:{_TAG}|\^\^{_SPACE}(?:{_IRI}|{_NAME})))?+"
    rf"|{_NUMBER}|(?:true|false)(?![{_CHARS}:])"
)
_END = rf"{_SPACE}([;,.]){_SPACE}"
_AFTER = {";": "verb", ",": "object", ".": "subject"}
_RETRY = frozenset(("[", "{", "}", ";", ",", ".", "{|"))


@cache  # compiled when a place is first asked for: a run without findings never pays for it
def _plain(state: str) -> re.Pattern[str]:
    """A plain triple, or the part of it that is left to say in this state, up to its mark."""
    graph = rf"(?:{_SPACE}(?:{_IRI}|{_LABEL}))?+"  # N-Quads name it behind the object
    before = {
        "subject": rf"({_SUBJECT}){_SPACE}({_PREDICATE}){_SPACE}",
        "verb": rf"({_PREDICATE}){_SPACE}",
        "object": "",
    }[state]
    return re.compile(rf"{before}({_OBJECT}){graph}{_SPACE}([;,.]){_SPACE}", re.DOTALL)


@cache
def _any() -> re.Pattern[str]:
    """One token."""
    return re.compile(
        rf"(?P<skip>[ \t\r\n]++|\#[^\r\n]*+)|(?P<string>{_STRING})"
        rf"|(?P<term>{_IRI}|{_LABEL}|{_NAME}|{_NUMBER})|(?P<tag>{_TAG})"
        rf"|(?P<mark>\^\^|<<\(|\)>>|<<|>>|\{{\||\|\}}|[\[\](){{}};,.~])|(?P<word>{_WORD})",
        re.DOTALL,
    )


@dataclass(frozen=True)
class Place:
    """A line and a column of a file, both from 1; columns count code points."""

    line: int
    column: int


@dataclass
class _Frame:
    """What a bracket holds: ``top``, ``[``, ``(``, ``<<``, ``<<(`` or ``{|``, opened at `at`.

    `state` is what comes next: ``subject``, ``verb``, ``object``, or ``after`` an object.
    """

    kind: str
    at: int
    state: str
    subject: int = 0
    predicate: int = 0
    object: int = 0
    items: int = 0
    reifier: str = ""


@dataclass
class _Machine:
    """Follows the tokens; `found` holds three offsets for each triple."""

    found: array[int]
    frames: list[_Frame] = field(default_factory=lambda: [_Frame("top", 0, "subject")])
    literal: int | None = None
    typed: bool = False
    directive: int = 0
    dotted: bool = False
    said: list[tuple[int, int, int]] = field(default_factory=list)

    def token(self, kind: str, text: str, at: int) -> None:
        """One token. What one token completes, the parser emits last first."""
        self._token(kind, text, at)
        for triple in reversed(self.said):
            self.found.extend(triple)
        self.said.clear()

    def _token(self, kind: str, text: str, at: int) -> None:
        if self.directive:
            self._directive(text)
            return
        if self.literal is not None and self._suffix(kind, text):
            return
        frame = self.frames[-1]
        if frame.reifier == "open" and kind not in ("term",) and text != "[":
            self._reify(frame)
        if kind == "mark":
            self._mark(text, at)
        elif kind == "string":
            self._begin(at)
            self.literal = at
        elif kind == "term" or frame.state == "verb" or text in ("true", "false"):
            self._begin(at)
            self._complete(at)
        elif text.upper() != "GRAPH":
            self.directive = 2 if text.lstrip("@").upper() == "PREFIX" else 1
            self.dotted = kind == "tag"

    def _directive(self, text: str) -> None:
        self.directive -= 1
        if self.directive == 0 and self.dotted:
            self.dotted = False
            self.directive = 1

    def _suffix(self, kind: str, text: str) -> bool:
        """Whether the token belongs to the string before it: its language or datatype."""
        assert self.literal is not None
        if text == "^^":
            self.typed = True
            return True
        at, suffix = self.literal, self.typed or kind == "tag"
        self.literal, self.typed = None, False
        self._complete(at)
        return suffix

    def _begin(self, at: int) -> None:
        """A term begins: in a list the cell that will hold it is stated now."""
        frame = self.frames[-1]
        if frame.kind != "(":
            return
        if frame.items:
            self.said.append((at, at, at))
        else:
            self._complete(frame.at, self.frames[-2])
        frame.items += 1

    def _complete(self, at: int, frame: _Frame | None = None) -> None:
        """A term that begins at this offset is complete."""
        frame = frame or self.frames[-1]
        if frame.kind == "(":
            self.said.append((at, at, at))
        elif frame.reifier == "open":
            self._reify(frame)
        elif frame.state == "subject":
            frame.subject, frame.state = at, "verb"
        elif frame.state == "verb":
            frame.predicate, frame.state = at, "object"
        elif frame.state == "object":
            frame.object, frame.state = at, "after"
            if frame.kind not in ("<<", "<<("):
                self.said.append((frame.subject, frame.predicate, at))

    def _reify(self, frame: _Frame) -> None:
        frame.reifier = "given"
        self.said.append((frame.subject, frame.predicate, frame.object))

    def _mark(self, text: str, at: int) -> None:
        frame = self.frames[-1]
        if text in ("[", "(", "<<", "<<("):
            self._begin(at)
            state = "verb" if text == "[" else "subject"
            self.frames.append(_Frame(text, at, state, subject=at))
        elif text == "{|":
            if frame.reifier != "given":
                self._reify(frame)
            frame.reifier = ""
            self.frames.append(_Frame(text, at, "verb", subject=at))
        elif text == "|}":
            self.frames.pop()
        elif text in ("]", ">>", ")>>"):
            self.frames.pop()
            if text == ">>" and frame.reifier != "given":
                self._reify(frame)
            self._complete(frame.at)
        elif text == ")":
            self.frames.pop()
            if frame.items:
                self.said.append((at, at, at))
            else:
                self._complete(frame.at)
        elif text == "~":
            frame.reifier = "open"
        else:
            frame.reifier = ""
            frame.state = _AFTER.get(text, "subject")


def _plain_triples(text: str, at: int, frame: _Frame, found: array[int]) -> int:
    """Take plain triples as long as there are any; the offset behind them."""
    if frame.state == "after" or frame.kind not in ("top", "[", "{|"):
        return at
    state, subject, predicate = frame.state, frame.subject, frame.predicate
    whole, verb, value = (_plain(s).match for s in ("subject", "verb", "object"))
    while True:
        if state == "verb":
            match = verb(text, at)
            if match is None:
                break
            predicate, here = match.start(1), match.start(2)
        elif state == "subject":
            match = whole(text, at)
            if match is None:
                break
            subject, predicate, here = match.start(1), match.start(2), match.start(3)
        else:
            match = value(text, at)
            if match is None:
                break
            here = match.start(1)
        found.extend((subject, predicate, here))
        state = _AFTER[match[match.lastindex]]  # type: ignore[index]  # the mark always matches
        at = match.end()
    frame.state, frame.subject, frame.predicate = state, subject, predicate
    return at


class Positions:
    r"""The places of one Turtle, TriG, N-Triples or N-Quads text, by the number of the triple.

    >>> text = "@prefix a: <http://a/> .\na:x a:p a:y ,\n  [ a:q 1 ] .\n"
    >>> Positions(text).place(2, "object")
    Place(line=3, column=3)
    """

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> array[int]:
        """Three offsets for each triple: of subject, predicate and object."""
        text, found = self._text, array("q")
        machine = _Machine(found)
        tokens = _any().match
        plain = True
        at, end = 0, len(text)
        while at < end:
            if plain and not machine.directive:
                at = _plain_triples(text, at, machine.frames[-1], found)
            token = tokens(text, at)
            if token is None:  # the end, or nothing that a well-formed file has: step over it
                at += 1
                continue
            at = token.end()
            if token.lastgroup != "skip":
                machine.token(token.lastgroup or "", token.group(), token.start())
                plain = token.group() in _RETRY
        return found

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", self._text))]

    def __len__(self) -> int:
        """The number of triples."""
        return len(self._found) // 3

    def place(self, number: int, part: Part = "object") -> Place:
        """The place of a part of the triple with this number (from 0). Raises IndexError."""
        at = self._found[3 * number + ("subject", "predicate", "object").index(part)]
        line = bisect_right(self._lines, at)
        return Place(line, at - self._lines[line - 1] + 1)
