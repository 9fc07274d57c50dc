"""From claims to the works and records they rest on: chains, and independent lines of support.

Citations that lead to one work or archival record count once, however many notes repeat them. A
cited work that was itself read here, and that answers the same question, adds nothing: its own
citations are followed instead, to the earliest work or record reached. A claim without a citation
rests on the work in which its voice speaks, else on the work that states it. A citation whose
short form nothing resolves is a line that breaks off: it is counted apart, never as support.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from kg.dates import bounds
from kg.errors import DateError
from kg.model import Citation, Claim, Facts, tail
from kg.names import bibo, con, dcterms, rdf, rico

__all__ = ["SAME_AUTHOR", "Lineage", "Link", "Support", "Suspect", "support"]

SAME_AUTHOR = "same author as the citing work"
_MAX_LINKS = 500  # of one tree; beyond them it says that it was cut


@dataclass(frozen=True)
class Support:
    """What a set of claims rests on.

    `lines` maps each work or record to the claims that lead to it; `broken` maps each dangling
    citation to the claims that use it; `presumed` are the citations whose short form was resolved
    by a guess that the data states; `cycles` are works that cite each other in a ring.
    """

    lines: Mapping[str, tuple[str, ...]]
    broken: Mapping[str, tuple[str, ...]]
    presumed: tuple[str, ...]
    cycles: tuple[tuple[str, ...], ...] = ()

    @property
    def independent(self) -> int:
        """The number of independent lines."""
        return len(self.lines)


@dataclass(frozen=True)
class Suspect:
    """A citation that deserves a second look, and why."""

    citation: str
    why: str


@dataclass
class Link:
    """One link of a chain: what it leads to, by which property, and what follows from there.

    `ends` is set where the chain ends or breaks: ``work``, ``record``, ``web page``, ``broken``,
    ``cycle``, ``voice`` or ``cut``. `citation` is the one by which a work is cited, `doubts` why
    it deserves a second look; both are part of `detail`, in words.
    """

    by: str
    to: str
    label: str
    detail: str = ""
    ends: str | None = None
    links: list[Link] = field(default_factory=list)
    citation: str | None = None
    doubts: tuple[str, ...] = ()

    def all_ends(self) -> list[Link]:
        """The ends of all chains below and with this link, in order."""
        own = [self] if self.ends else []
        return own + [end for link in self.links for end in link.all_ends()]


def support(
    claims: Iterable[Claim],
    citations: Mapping[str, Citation],
    *,
    read: Mapping[tuple[str, str], Sequence[Claim]] | None = None,
    spoken: Mapping[str, str] | None = None,
) -> Support:
    """The independent lines behind some claims, each with the claims that it carries.

    A citation that `citations` does not hold is a broken line, like a dangling one. `read` are
    the claims of the works that were read, by work and question: through them a line is followed
    further. `spoken` gives the work in which the voice of an uncited claim speaks.
    """
    found = _Walk(citations, read or {}, spoken or {})
    lines: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        for end in found.ends(claim):
            if claim.iri not in lines[end]:
                lines[end].append(claim.iri)
    return Support(
        lines={work: tuple(sorted(ids)) for work, ids in sorted(lines.items())},
        broken={iri: tuple(sorted(ids)) for iri, ids in sorted(found.broken.items())},
        presumed=tuple(sorted(found.presumed)),
        cycles=tuple(sorted(found.cycles)),
    )


class _Walk:
    """Follows the citations of claims; keeps what breaks, what is presumed and what runs round."""

    def __init__(
        self,
        citations: Mapping[str, Citation],
        read: Mapping[tuple[str, str], Sequence[Claim]],
        spoken: Mapping[str, str],
    ) -> None:
        self.citations, self.read, self.spoken = citations, read, spoken
        self.broken: dict[str, set[str]] = defaultdict(set)
        self.presumed: set[str] = set()
        self.cycles: set[tuple[str, ...]] = set()

    def ends(self, claim: Claim) -> set[str]:
        """The works and records where the lines of a claim end. Each claim on the way is looked
        at once, so chains may be long, branch and run round.
        """
        ends: set[str] = set()
        seen = {claim.iri}
        waiting: list[tuple[Claim, tuple[str, ...]]] = [(claim, (claim.stated_in,))]
        while waiting:
            here, path = waiting.pop()
            if not here.cites:
                ends.add(self.spoken.get(here.attribution or "") or here.stated_in)
                ends.discard("")  # of a claim that stands nowhere
            for work in self._cited(here, claim.iri):
                if work in path:
                    ring = path[path.index(work) :]
                    self.cycles.add(tuple(sorted(ring)))
                    ends.add(min(ring))  # whoever is asked first, the ring is one line
                    continue
                further = self.read.get((work, here.question), ())
                if not further:
                    ends.add(work)
                new = [other for other in further if other.iri not in seen]
                seen |= {other.iri for other in new}
                waiting += [(other, (*path, work)) for other in new]
        return ends

    def _cited(self, claim: Claim, carried: str) -> Iterator[str]:
        for iri in claim.cites:
            citation = self.citations.get(iri)
            if citation is None or citation.resolution == "dangling" or not citation.work:
                self.broken[iri].add(carried)
                continue
            if citation.resolution == "presumed":
                self.presumed.add(iri)
            yield citation.work


class Lineage:
    """The chains behind the claims of a dataset, or behind those of its claims that are given."""

    def __init__(self, facts: Facts, claims: Iterable[Claim] | None = None) -> None:
        self._facts = facts
        everything = facts.claims() if claims is None else claims
        self.claims = {claim.iri: claim for claim in everything}
        cited = {iri for claim in self.claims.values() for iri in claim.cites}
        self.citations = facts.citations(None if claims is None else cited)
        self._read: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in self.claims.values():
            if not claim.withdrawn:
                self._read[claim.stated_in, claim.question].append(claim)
        voices = sorted({c.attribution for c in self.claims.values() if c.attribution})
        self._spoken = {
            iri: work
            for iri in voices
            if facts.is_a(iri, con.Attribution) and (work := self._speaks(iri))
        }

    def support(self, claims: Iterable[Claim]) -> Support:
        """The independent lines behind some claims of the dataset."""
        return support(claims, self.citations, read=self._read, spoken=self._spoken)

    def works(self, claim: Claim) -> list[str]:
        """The works and records that the notes of a claim cite, dangling ones left out."""
        cited = (self.citations.get(iri) for iri in claim.cites)
        return sorted({c.work for c in cited if c and c.work and c.resolution != "dangling"})

    def voices(self, claim: Claim) -> list[str]:
        """The attributions of a claim, from the origin towards us; a ring is walked once."""
        found: list[str] = []
        here = claim.attribution
        while here and here not in found:
            found.append(here)
            here = self._facts.value(here, con.conveyedBy)
        return found

    def is_record(self, work: str) -> bool:
        """Whether a work is an archival record or a set of them."""
        return not {rico.Record.value, rico.RecordSet.value}.isdisjoint(self._types(work))

    def side(self, iri: str) -> set[str]:
        """The sides of an attribution, a work or a record, by notation."""
        return {tail(value) for value in self._facts.values(iri, con.side)}

    def holders(self, claim: Claim) -> set[str]:
        """Whose word a claim is: of an endorsed one the authors of the work (the work itself where
        none is named); of another the speaker of its origin, and the work in which it speaks.
        """
        if claim.stance == "endorses" or not claim.attribution:
            if claim.stance in ("doubts", "rejects"):
                return set()
            return {claim.stated_in, *self._authors(claim.stated_in)}
        origin = claim.attribution
        said = (con.speaker, con.speaksIn)
        return {value for p in said for value in self._facts.values(origin, p)}

    def same_file(self, claims: Iterable[Claim]) -> list[tuple[str, str, str, bool]]:
        """Pairs of claims that cite one archival file: the two, the file, and whether the leaves
        that they cite have one in common.
        """
        files: dict[str, dict[str, set[int]]] = defaultdict(dict)
        for claim in claims:
            for citation in filter(None, map(self.citations.get, claim.cites)):
                if self.is_record(citation.work):
                    leaves = files[citation.work].setdefault(claim.iri, set())
                    leaves |= self._leaves(citation.iri)
        return sorted(
            (low, high, file, not cited[low].isdisjoint(cited[high]))
            for file, cited in files.items()
            for low, high in combinations(sorted(cited), 2)
        )

    def suspects(self, claims: Iterable[Claim]) -> list[Suspect]:
        """The citations of some claims that deserve a second look."""
        found: set[tuple[str, str]] = set()
        for claim in claims:
            for iri in claim.cites:
                found |= {(iri, why) for why in self._suspicions(claim, iri)}
        return [Suspect(*item) for item in sorted(found)]

    def tree(self, claim: Claim) -> Link:
        """The chains of one claim: where it is read, who says it, what its notes cite, and on."""
        self._left = _MAX_LINKS
        return self._tree(claim, "", ())

    def _tree(self, claim: Claim, by: str, path: tuple[str, ...]) -> Link:
        place = f"p. {claim.page}" if (claim.page or "")[:1].isdigit() else claim.page or ""
        notes = ", ".join(str(n) for n in claim.notes)
        root = self._link(by, claim.iri, self._facts.label(claim.question))
        if claim.iri in path:
            root.ends = "cycle"
            return root
        path = (*path, claim.iri)
        read = self._link("read in", claim.stated_in, detail=place + (notes and f", note {notes}"))
        root.links.append(read)
        voices = self.voices(claim)
        above = root
        for n, iri in enumerate(voices):
            voice = self._voice("conveyed by" if n else "said by", iri)
            above.links.append(voice)
            above = voice
        if voices:
            onward = self._facts.value(voices[-1], con.conveyedBy)
            if onward:
                above.links.append(self._link("conveyed by", onward, ends="cycle"))
            elif not self._spoken.get(claim.attribution or ""):
                above.ends = "voice"
        for iri in claim.cites:
            root.links.append(self._cited(claim, iri, path))
        if not claim.cites and not voices:
            read.ends = self._end(claim.stated_in)
        return root

    def _voice(self, by: str, iri: str) -> Link:
        speakers = [self._name(s) for s in self._facts.values(iri, con.speaker)]
        kind = tail(self._facts.value(iri, con.attributionKind))
        side = next(iter(sorted(self.side(iri))), "")
        detail = "; ".join(filter(None, (kind, side and f"side: {side}", *speakers)))
        link = self._link(by, iri, detail=detail)
        for work in self._facts.values(iri, con.speaksIn):
            link.links.append(self._link("speaks in", work, ends=self._end(work)))
        return link

    def _cited(self, claim: Claim, iri: str, path: tuple[str, ...]) -> Link:
        citation = self.citations.get(iri)
        work = citation.work if citation else ""
        texts = [self._facts.value(iri, p) or "" for p in (bibo.locator, con.shortForm)]
        why = [w for w in self._suspicions(claim, iri) if w not in ("broken", "web page")]
        detail = "; ".join(filter(None, (*texts, citation.resolution if citation else "", *why)))
        if citation is None or not work or citation.resolution == "dangling":
            broken = self._link("cites", work or iri, detail=detail, ends="broken")
            broken.citation = iri
            return broken
        link = self._link("cites", work, detail=detail)
        link.citation, link.doubts = iri, tuple(why)
        further = self._read.get((work, claim.question), [])
        for other in further if self._left > 0 else []:
            link.links.append(self._tree(other, "which says", path))
        containers = (dcterms.isPartOf, rico.isOrWasIncludedIn, con.holder)
        for wider in sorted({w for p in containers for w in self._facts.values(work, p)}):
            link.links.append(self._link("part of", wider))
        if self._left <= 0:
            link.ends = "cut"
        elif not further:
            link.ends = self._end(work)
        return link

    def _link(
        self, by: str, to: str, label: str = "", *, detail: str = "", ends: str | None = None
    ) -> Link:
        self._left -= 1
        return Link(by, to, label or self._facts.label(to), detail, ends)

    def _name(self, iri: str) -> str:
        return self._facts.label(iri) or tail(iri)

    def _types(self, iri: str) -> set[str]:
        return set(self._facts.values(iri, rdf["type"]))

    def _end(self, work: str) -> str:
        if self.is_record(work):
            return "record"
        return "web page" if self._is_page(work) else "work"

    def _is_page(self, work: str) -> bool:
        return bibo.Webpage.value in self._types(work)

    def _authors(self, work: str) -> set[str]:
        return set(self._facts.values(work, dcterms.creator))

    def _speaks(self, attribution: str) -> str | None:
        """The work in which the origin of a chain speaks, or the first link that has one."""
        seen: set[str] = set()
        here: str | None = attribution
        while here and here not in seen:
            seen.add(here)
            work = self._facts.thing(here, con.speaksIn)
            if work:
                return work
            here = self._facts.thing(here, con.conveyedBy)
        return None

    def _leaves(self, citation: str) -> set[int]:
        ends = (self._facts.value(citation, p) for p in (con.firstLeaf, con.lastLeaf))
        leaves = [int(text) for text in ends if text and text.isdecimal()]
        return set(range(leaves[0], leaves[-1] + 1)) if leaves else set()

    def _suspicions(self, claim: Claim, iri: str) -> list[str]:
        citation = self.citations.get(iri)
        if citation is None or not citation.work or citation.resolution == "dangling":
            return ["broken"]
        work = citation.work
        found = {
            "presumed": citation.resolution == "presumed",
            "web page": self._is_page(work),
            "cites itself": work == claim.stated_in,
            SAME_AUTHOR: work != claim.stated_in
            and bool(self._authors(work) & self._authors(claim.stated_in)),
            "later than the citing work": self._later(work, claim.stated_in),
        }
        return [why for why, true in found.items() if true]

    def _later(self, work: str, citing: str) -> bool:
        """Whether the cited work certainly came out after the one that cites it."""
        days = []
        for iri in (work, citing):
            issued = self._facts.value(iri, dcterms.issued)
            try:
                days.append(bounds(issued) if issued else None)
            except DateError:
                return False
        cited, by = days
        if cited is None or by is None or cited.earliest is None or by.latest is None:
            return False
        return cited.earliest > by.latest
