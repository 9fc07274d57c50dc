"""Second reading as a tool: which sentences of a text carry claims, and which carry none.

Only a claim's own anchor counts, and an anchor that is too wide counts for nothing. Notes at the
foot of a page are left out: they carry citations, not claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kg.anchors import LONGEST, Anchor, Text

__all__ = ["Page", "Sentence", "coverage"]

# A full stop (or its kin) and a space before a capital: not after a single letter or a digit that
# is followed by a small letter, so that initials and ordinals do not end a sentence.
_END = re.compile(r"(?<=[.!?…])(?:\d{1,2})?[\"”’)]*\s+(?=[“\"'(]*[A-ZÇĞİÖŞÜƏА-Я0-9])")
_LEAST = 10
"""Code points of a sentence that an anchor must hold to count for it."""


@dataclass(frozen=True)
class Sentence:
    """A sentence, where it stands in the normalised text, and the claims anchored in it."""

    text: str
    start: int
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """The sentences of one page."""

    name: str
    sentences: tuple[Sentence, ...]

    @property
    def covered(self) -> int:
        """How many of its sentences carry a claim."""
        return sum(bool(s.claims) for s in self.sentences)


def coverage(text: Text, anchors: Iterable[Anchor]) -> list[Page]:
    """The pages of a text with their sentences.

    Pages are those that the text marks; in a text without marks they are worked out from the
    pages of the anchored claims.
    """
    good = [a for a in anchors if 0 <= a.start < a.end and a.end - a.start <= LONGEST]
    bounds = list(text.pages) or _inferred(good)
    if not bounds or bounds[0][0] > 0:
        bounds.insert(0, (0, "before the first page"))
    ends = [start for start, _ in bounds[1:]] + [len(text.text)]
    note = 0
    pages = []
    for (start, name), end in zip(bounds, ends, strict=True):
        body, note = _without_notes(text.text[start:end], note)
        pages.append(Page(name, tuple(_sentences(body, start, good))))
    return pages


def _inferred(anchors: list[Anchor]) -> list[tuple[int, str]]:
    """Where pages seem to begin: at the first passage of a claim that names that page alone."""
    first: dict[str, int] = {}
    for anchor in anchors:
        if "-" not in anchor.page:
            first[anchor.page] = min(anchor.start, first.get(anchor.page, anchor.start))
    bounds: list[tuple[int, str]] = []
    for name, start in sorted(first.items(), key=lambda item: item[1]):
        if not bounds or start > bounds[-1][0]:
            bounds.append((start, name))
    return bounds


def _without_notes(page: str, last: int) -> tuple[str, int]:
    """The page without its notes, which begin with the number after the `last` one; and the
    number of its last note.
    """
    start = re.search(rf"(?<=\s){last + 1} ?(?=[A-ZÇĞİÖŞÜ“\"])", page)
    if start is None:
        return page, last
    number = last
    at = start.start()
    while match := re.compile(rf"(?<=\s){number + 1} ?(?=[A-ZÇĞİÖŞÜ“\"])").search(page, at):
        number += 1
        at = match.end()
    return page[: start.start()], number


def _sentences(body: str, offset: int, anchors: list[Anchor]) -> Iterable[Sentence]:
    at = 0
    for end in [*(m.end() for m in _END.finditer(body)), len(body)]:
        sentence = body[at:end].strip()
        begin, stop = offset + at, offset + end
        at = end
        if len(re.findall(r"\w{2,}", sentence)) < 3:  # a page number, a running head
            continue
        claims = tuple(
            a.claim
            for a in anchors
            if min(a.end, stop) - max(a.start, begin) >= min(_LEAST, len(sentence))
        )
        yield Sentence(sentence, begin, claims)
