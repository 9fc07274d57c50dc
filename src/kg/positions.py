"""Where a Turtle file states something: the line and column of subjects, predicates and objects.

A scan by tokens, not a parser: the file has already been parsed by the engine, so it is known to
be well formed. Files are scanned only when a finding needs a place in them, because a scan costs
nearly as much as the load itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Place", "Positions"]

_TOKEN = re.compile(
    r"""
    (?P<skip>\#[^\n\r]*|\s+)
  | (?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
      |\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[^<>\"{}|^`\x00-\x20]*>)
  | (?P<tag>@[A-Za-z][A-Za-z0-9-]*|\^\^)
  | (?P<mark>[\[\](){};,])
  | (?P<name>(?:[^\s<>\"'{}|^`\\\[\]();,.:#@]|\.(?=[^\s<>\"'{}|^`\\\[\]();,.#]))*
      :(?:[^\s<>\"'{}|^`\\\[\]();,.#]|\\.|\.(?=[^\s<>\"'{}|^`\\\[\]();,#.]|\.+[^\s;,\])]))*)
  | (?P<word>[+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?|[A-Za-z_][\w-]*)
  | (?P<dot>\.)
""",
    re.VERBOSE | re.DOTALL,
)
_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Place:
    """A line and a column of a file, both from 1; columns count code points."""

    line: int
    column: int


class Positions:
    r"""The places of one Turtle, TriG or N-Triples text.

    >>> text = "@prefix a: <http://a/> .\na:x a:p a:y ,\n  a:z .\n"
    >>> Positions(text).of("http://a/x", "http://a/p", "http://a/z")
    Place(line=3, column=3)
    """

    def __init__(self, text: str) -> None:
        self._prefixes: dict[str, str] = {}
        self._base = ""
        self._places: dict[tuple[str, ...], Place] = {}
        self._lines = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]
        self._read(_tokens(text))

    def of(self, *terms: str) -> Place | None:
        """The first place of a subject, a subject with predicate, or a whole triple (IRIs).

        For a triple the object's place is given, else the predicate's, else the subject's.
        """
        return self._places.get(terms)

    def nearest(self, *terms: str) -> Place | None:
        """The place of the longest beginning of `terms` that the text states."""
        for end in range(len(terms), 0, -1):
            place = self._places.get(terms[:end])
            if place:
                return place
        return None

    def _note(self, at: int, *terms: str | None) -> None:
        if None in terms:
            return
        low, high = 0, len(self._lines)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._lines[middle] <= at else (low, middle)
        key = tuple(t for t in terms if t is not None)
        self._places.setdefault(key, Place(low + 1, at - self._lines[low] + 1))

    def _iri(self, kind: str, text: str) -> str | None:
        """The IRI that a token names; a text of its own for literals; None for blank nodes."""
        if kind == "iri":
            iri = _UNICODE.sub(lambda m: chr(int(m.group(1) or m.group(2), 16)), text[1:-1])
            return iri if re.match(r"[A-Za-z][\w+.-]*:", iri) else self._base + iri
        if kind == "name":
            prefix, _, local = text.partition(":")
            if prefix in self._prefixes:
                return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
            return None
        if kind == "word" and text == "a":
            return _TYPE
        return None

    def _read(self, tokens: Iterator[tuple[str, str, int]]) -> None:
        subject: str | None = None
        predicate: str | None = None
        state = "subject"
        depth = 0  # of [ ] and ( ), whose inside is not looked at
        for kind, text, at in tokens:
            if kind == "mark" and text in "[(":
                depth += 1
                continue
            if kind == "mark" and text in "])":
                depth -= 1
                if depth == 0 and state == "subject":
                    subject, state = None, "predicate"
                continue
            if depth:
                continue
            if state == "subject" and (
                text in ("@prefix", "@base") or text.upper() in ("PREFIX", "BASE")
            ):
                self._directive(text.lstrip("@").lower(), tokens)
            elif kind == "dot" or text in "{}":
                state = "subject"
            elif text == ";":
                state = "predicate"
            elif text == ",":
                state = "object"
            elif state == "subject" and kind in ("iri", "name"):
                if text.upper() == "GRAPH":
                    continue
                subject, state = self._iri(kind, text), "predicate"
                self._note(at, subject)
            elif state == "predicate" and kind in ("iri", "name", "word"):
                predicate, state = self._iri(kind, text), "object"
                self._note(at, subject, predicate)
            elif state == "object" and kind in ("iri", "name"):
                self._note(at, subject, predicate, self._iri(kind, text))

    def _directive(self, what: str, tokens: Iterator[tuple[str, str, int]]) -> None:
        prefix = next(tokens)[1].rstrip(":") if what == "prefix" else ""
        iri = self._iri("iri", next(tokens)[1]) or ""
        if what == "prefix":
            self._prefixes[prefix] = iri
        else:
            self._base = iri


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """(kind, text, offset) of each token; spaces and comments are left out."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:  # nothing a well-formed file has; step over it
            at += 1
            continue
        if match.lastgroup != "skip":
            yield match.lastgroup or "", match.group(), at
        at = match.end()
