"""The claims that bear on a thing, in sections: what is said of it, where it is the answer, ...

Within a section claims stand by property and question (by page or citation where a work is
meant), so that the answers to one question stand together with who gives them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_babel import gettext

from kg.names import bibo, con, skos
from kg.web import times
from kg.web.bearing import GROUPS
from kg.web.records import Label, Value
from kg.web.view import ClaimView, View

__all__ = ["Asked", "Group", "Section", "asked", "sections", "words"]

ORDER = ("about", "answer", "voice", "cited", "read", "counted", "other")


@dataclass
class Asked:
    """One question with the claims that answer it; `about` and `when` are of the other thing."""

    question: Value
    about: Value | None
    when: list[str]
    claims: list[ClaimView] = field(default_factory=list)

    @property
    def sides(self) -> list[tuple[Value, int]]:
        """The sides that speak in the claims, with how often, most often first."""
        seen = {c.voice_side.iri: c.voice_side for c in self.claims if c.voice_side}
        counts = Counter(c.voice_side.iri for c in self.claims if c.voice_side)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0] or ""))
        return [(seen[iri], n) for iri, n in ordered]


@dataclass
class Group:
    """The questions of one property, page or citation. `page` names a page of the work."""

    heading: Value | None
    page: str = ""
    asked: list[Asked] = field(default_factory=list)


@dataclass
class Section:
    """One way in which claims bear on the thing: `name` is one of `ORDER`."""

    name: str
    groups: list[Group] = field(default_factory=list)


def sections(view: View, iri: str) -> list[Section]:
    """The claims of a page about a thing, in the order of the page."""
    found: dict[str, list[ClaimView]] = {name: [] for name in ORDER}
    for claim in view.claims():
        found[_bearing(view, claim, iri)].append(claim)
    return [
        Section(name, _groups(view, name, claims, iri)) for name, claims in found.items() if claims
    ]


def words() -> dict[str, str]:
    """The small words between the parts of an answer, in the reader's language."""
    return {
        "side": gettext("on the side:"),
        "time": gettext("time:"),
        "withdrawn": gettext("withdrawn"),
        "says": gettext("says:"),
        "ours": gettext("in our translation:"),
        "own": gettext("the author’s own statement"),
        "author": gettext("the author:"),
        "worded": gettext("worded as:"),
        "cites": gettext("the note cites:"),
        "page": gettext("p. %(page)s"),
        "notes": gettext("note %(notes)s"),
    }


def asked(view: View, order: Iterable[str]) -> list[Asked]:
    """Some claims by question, each question where its first claim stands in `order`."""
    found: dict[str, Asked] = {}
    for claim in (view.claim(iri) for iri in order):
        question = claim.question.iri or ""
        found.setdefault(question, Asked(claim.question, None, [])).claims.append(claim)
    return list(found.values())


def _bearing(view: View, claim: ClaimView, iri: str) -> str:
    question = claim.question.iri or ""
    if iri in view.iris(question, con.about):
        return "about"
    if iri in view.iris(claim.iri, con.object):
        return "answer"
    if any(link.iri == iri or iri in _speakers(view, link.iri) for link in claim.voice):
        return "voice"
    cites = view.iris(claim.iri, con.cites)
    if iri in cites or any(work.work.iri == iri for work in claim.cited):
        return "cited"
    if claim.source is not None and claim.source.iri == iri:
        return "read"
    if iri in view.iris(question, con.population) + view.iris(question, con.unitCounted):
        return "counted"
    return "other"


def _speakers(view: View, voice: str | None) -> list[str]:
    return view.iris(voice or "", con.speaker) + view.iris(voice or "", con.speaksIn)


def _groups(view: View, name: str, claims: Iterable[ClaimView], iri: str) -> list[Group]:
    groups: dict[str, Group] = {}
    entries: dict[tuple[str, str], Asked] = {}
    for claim in claims:
        question = claim.question.iri or ""
        for key, group in _headings(view, name, claim, iri):
            groups.setdefault(key, group)
            if (key, question) not in entries:
                about = view.first(question, con.about)
                other = about if about and about.iri != iri else None
                when = _when(view, other.iri) if other and other.iri else []
                entry = Asked(claim.question, other, when)
                entries[key, question] = entry
                groups[key].asked.append(entry)
            entries[key, question].claims.append(claim)
    ordered = sorted(groups)
    return [groups[key] for key in ordered]


def _headings(view: View, name: str, claim: ClaimView, iri: str) -> list[tuple[str, Group]]:
    """The keys, in order of the page, and headings of the groups that a claim belongs to."""
    if name == "read":
        page = view.text(claim.iri, con.page)  # what has none, but a section, comes first
        return [(f"{len(page.partition('-')[0]):04} {claim.page}", Group(None, claim.page))]
    if name == "cited":
        cited = [
            cite
            for cite in view.iris(claim.iri, con.cites)
            if cite == iri or iri in view.iris(cite, con.work)
        ]
        return [(f"{len(cite):04} {cite}", Group(_place(view, cite, iri))) for cite in cited]
    prop = view.first(claim.question.iri or "", con.property)
    if prop is None or prop.iri is None:
        return [("~", Group(None))]
    return [(f"{_rank(view, prop.iri)} {prop.iri}", Group(prop))]


def _when(view: View, iri: str) -> list[str]:
    """The dates that claims give an event, in words, each once."""
    return list(dict.fromkeys(time.words for time in times.dated(view, iri)))


def _place(view: View, cite: str, iri: str) -> Value | None:
    """What tells one citation of a work from another: the place in it, else its whole name."""
    if cite == iri:
        return None
    locator = view.text(cite, bibo.locator)
    return Value(Label(locator), cite) if locator else view.thing(cite)


def _rank(view: View, prop: str) -> int:
    """The place of a property's group in the order of a page."""
    names = GROUPS.split()
    found = [iri.rpartition("/")[2] for iri in view.iris(prop, skos.broader)]
    return min((names.index(name) for name in found if name in names), default=len(names))
