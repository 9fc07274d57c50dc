"""Text anchors: where a claim was read, checkable by whoever holds the text.

An anchor gives start and end of a passage in the normalised text (Unicode code points) and the
SHA-256 of the passage; the graph never republishes the passage itself. `normalise` is version
"1" of the function that con:normalisation names.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.errors import DatasetError, ParameterError
from kg.model import Facts
from kg.names import con, oa

__all__ = [
    "LONGEST",
    "VERSION",
    "Anchor",
    "Failure",
    "Text",
    "anchors_of",
    "overlaps",
    "verify",
    "write",
]

VERSION = "1"
LONGEST = 400
"""Code points that a passage may have: a wide anchor says nothing."""
OVERLAP = 13
"""Consecutive words of the text that no literal of the graph may share."""

_MARK = re.compile(r"\[\[page ([^\]]*)\]\]")


@dataclass(frozen=True)
class Text:
    """A text in its normalised form, with the offsets at which its marked pages begin."""

    text: str
    pages: tuple[tuple[int, str], ...] = ()

    @classmethod
    def normalise(cls, raw: str) -> Text:
        """Version 1: NFC; page marks ``[[page N]]`` taken out and remembered; every run of white
        space (no-break spaces and line ends too) one space; none at either end.
        """
        parts = _MARK.split(unicodedata.normalize("NFC", raw.removeprefix("\ufeff")))
        pieces: list[str] = []
        pages = []
        length = 0
        for number, part in enumerate(parts):
            if number % 2:  # the name in a page mark
                pages.append((length + 1 if length else 0, part))
                continue
            words = " ".join(part.split())
            if words:
                length += len(words) + (1 if length else 0)
                pieces.append(words)
        return cls(" ".join(pieces), tuple(pages))

    def passage(self, start: int, end: int) -> str:
        """The code points from `start` to before `end`."""
        return self.text[start:end]


@dataclass(frozen=True)
class Anchor:
    """One claim's place in the text of one work."""

    claim: str
    page: str
    work: str
    start: int
    end: int
    sha256: str
    version: str


@dataclass(frozen=True)
class Failure:
    """An anchor that does not hold, or a claim without one: which, on which page, and why."""

    claim: str
    page: str
    reason: str


def anchors_of(facts: Facts, work: str) -> list[Anchor]:
    """The anchors of the claims stated in a work, by start. Values that are missing or no numbers
    become -1 or "" and fail when verified.
    """

    def number(text: str | None) -> int:
        return int(text) if text and text.isascii() and text.isdigit() else -1

    found = []
    for claim in _claims(facts, work):
        for anchor in facts.values(claim, con.anchor):
            position = facts.value(anchor, oa.hasSelector) or ""
            found.append(
                Anchor(
                    claim=claim,
                    page=_page(facts, claim),
                    work=facts.value(anchor, oa.hasSource) or "",
                    start=number(facts.value(position, oa.start)),
                    end=number(facts.value(position, oa.end)),
                    sha256=facts.value(anchor, con.passageSha256) or "",
                    version=facts.value(anchor, con.normalisation) or "",
                )
            )
    return sorted(found, key=lambda a: (a.start, a.end, a.claim))


def verify(facts: Facts, work: str, text: Text) -> tuple[int, list[Failure]]:
    """How many claims of a work hold by their anchors, and the failures of the others."""
    anchored = {anchor.claim: anchor for anchor in anchors_of(facts, work)}
    failures = []
    for claim in _claims(facts, work):
        anchor = anchored.get(claim)
        reason = "it has no anchor" if anchor is None else _fault(anchor, work, text)
        if reason:
            failures.append(Failure(claim, _page(facts, claim), reason))
    return len(_claims(facts, work)) - len(failures), failures


def _fault(anchor: Anchor, work: str, text: Text) -> str:
    if anchor.version != VERSION:
        return f"its normalisation is version {anchor.version!r}, this program knows {VERSION!r}"
    if anchor.work != work:
        return "its anchor lies in another work than the one it was read in"
    if not 0 <= anchor.start < anchor.end:
        return "its start and end are no passage"
    if anchor.end > len(text.text):
        return f"its passage ends at {anchor.end}, after the end of the text ({len(text.text)})"
    if anchor.end - anchor.start > LONGEST:
        return f"its passage has {anchor.end - anchor.start} characters, more than {LONGEST}"
    if _digest(text.passage(anchor.start, anchor.end)) != anchor.sha256:
        return "the text at its place is not the passage that was read"
    return ""


def overlaps(quads: Iterable[ox.Quad], text: Text, words: int = OVERLAP) -> Iterator[str]:
    """The literals that share so many consecutive words with the text, as N-Triples terms."""
    spoken = _words(text.text)
    runs = {tuple(spoken[i : i + words]) for i in range(len(spoken) - words + 1)}
    literals = {q.object for q in quads if isinstance(q.object, ox.Literal)}
    for literal in sorted(literals, key=str):
        said = _words(literal.value)
        if any(tuple(said[i : i + words]) in runs for i in range(len(said) - words + 1)):
            yield str(literal)


def write(dataset: Dataset, work: str, text: Text, passages: Iterable[tuple[str, str]]) -> str:
    """Turtle for anchors.ttl: one anchor for each (claim IRI, passage as it stands in the text).

    Raises ParameterError for a passage that the text does not hold just once, that is too long,
    or whose claim the dataset does not have.
    """
    facts = Facts(dataset.quads())
    claims = set(_claims(facts, work))
    compact = dataset.names.compact
    blocks = []
    for claim, raw in sorted(passages, key=lambda p: (len(p[0]), p[0])):
        if claim not in claims:
            raise ParameterError("there is no such claim in this work", where=compact(claim))
        passage = Text.normalise(raw).text
        start = text.text.find(passage)
        if start < 0 or not passage:
            raise ParameterError("the text does not hold this passage", where=compact(claim))
        if text.text.find(passage, start + 1) >= 0:
            raise ParameterError(
                "the text holds this passage more than once",
                where=compact(claim),
                hint="make it longer",
            )
        if len(passage) > LONGEST:
            raise ParameterError(f"the passage is longer than {LONGEST}", where=compact(claim))
        name = compact(claim)
        blocks.append(
            f"{name} con:anchor {name}-anchor .\n\n"
            f"{name}-anchor a oa:SpecificResource ;\n"
            f"    oa:hasSource {compact(work)} ; oa:hasSelector {name}-anchor-position ;\n"
            f'    con:passageSha256 "{_digest(passage)}" ; con:normalisation "{VERSION}" .\n\n'
            f"{name}-anchor-position a oa:TextPositionSelector ;\n"
            f"    oa:start {start} ; oa:end {start + len(passage)} .\n"
        )
    used = {"con", "oa", compact(work).partition(":")[0]}
    used |= {block.partition(":")[0] for block in blocks}
    head = "".join(
        f"@prefix {p}: <{i}> .\n" for p, i in sorted(dataset.names.prefixes.items()) if p in used
    )
    return f"# Written by `kg anchors --write`; do not edit.\n\n{head}\n" + "\n".join(blocks)


def work_of(dataset: Dataset, source: str | None) -> str:
    """The work whose text is meant: the one that the claims of a source are stated in.

    Without `source`, the only one of the dataset. Raises DatasetError where that is not one.
    """
    sources = [source] if source else dataset.sources
    if len(sources) != 1 or sources[0] not in dataset.sources:
        raise DatasetError(
            f"there is no source {source!r}" if source else "the dataset has not just one source",
            where="--source",
            hint="name one of: " + (", ".join(dataset.sources) or "none"),
        )
    graph = ox.NamedNode(dataset.names.graph(f"source/{sources[0]}"))
    works = {
        q.object.value
        for q in dataset.authored()
        if q.graph_name == graph
        and q.predicate == con.statedIn
        and isinstance(q.object, ox.NamedNode)
    }
    if len(works) != 1:
        raise DatasetError(
            f"the claims of {sources[0]} were read in {len(works)} works",
            hint="anchors need one text for a source",
        )
    return works.pop()


def _claims(facts: Facts, work: str) -> list[str]:
    return [c for c in facts.instances(con.Claim) if work in facts.values(c, con.statedIn)]


def _page(facts: Facts, claim: str) -> str:
    return facts.value(claim, con.page) or facts.value(claim, con.section) or ""


def _digest(passage: str) -> str:
    return hashlib.sha256(passage.encode()).hexdigest()


def _words(text: str) -> list[str]:
    # Python's casefold makes two code points of İ; a word must not break there.
    return re.findall(r"\w+", text.replace("İ", "i").casefold())
