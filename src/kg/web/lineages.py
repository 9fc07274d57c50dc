"""The chains behind a claim, as `kg.lineage` follows them, put into the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from kg.explain import LANGUAGES
from kg.lineage import Link
from kg.names import bibo, con
from kg.web import languages
from kg.web.gathering import Gathered
from kg.web.site import Site
from kg.web.tree import Node

__all__ = ["nodes"]


def nodes(gathered: Gathered, link: Link, site: Site, above: str = "") -> Node:
    """A link of a chain, and all that follow from it, as nodes of a picture; `above` is what leads
    to it.
    """
    view = gathered.view
    label = view.label(link.to)
    path = site.page_of(link.to)
    return Node(
        by=_by(link.by),
        name=label.text,
        kind=_kind(gathered, link),
        href=site.url(path) if path else None,
        note=_note(gathered, link, above),
        lang=label.language,
        nodes=tuple(nodes(gathered, further, site, link.to) for further in link.links),
    )


def _by(by: str) -> str:
    words: dict[str, str] = {
        "read in": gettext("read in"),
        "said by": gettext("said by"),
        "conveyed by": gettext("conveyed by"),
        "speaks in": gettext("speaks in"),
        "cites": gettext("cites"),
        "which says": gettext("which says"),
        "part of": gettext("kept or printed in"),
    }
    return words.get(by, by)


def _kind(gathered: Gathered, link: Link) -> str:
    facts = gathered.facts
    if link.ends == "broken":
        return "broken"
    if facts.is_a(link.to, con.Claim):
        return "claim"
    if facts.is_a(link.to, con.Attribution):
        return "voice"
    if link.by == "part of":
        return "whole"
    return {"record": "record", "web page": "page"}.get(link.ends or "", "work")


def _note(gathered: Gathered, link: Link, above: str) -> str:
    """What stands on the way: the place, the short form, the kind of voice, doubts."""
    view = gathered.view
    if link.by == "read in":
        language = LANGUAGES[languages.current()]
        claim = next(iter(gathered.facts.claims([above])), None)
        page = language.page(claim.page) if claim and claim.page else ""
        notes = ", ".join(map(str, claim.notes)) if claim else ""
        return ", ".join(filter(None, (page, language.notes(notes) if notes else "")))
    if link.citation is not None:
        locator, short = (view.text(link.citation, p) for p in (bibo.locator, con.shortForm))
        resolution = view.first(link.citation, con.resolution)
        parts = [locator, short, resolution.label.text if resolution else ""]
        return "; ".join(part for part in (*parts, *map(_doubt, link.doubts), _end(link)) if part)
    if gathered.facts.is_a(link.to, con.Attribution):
        speakers = view.things(link.to, con.speaker)
        told = [view.first(link.to, p) for p in (con.attributionKind, con.side)]
        return "; ".join(value.label.text for value in (*told, *speakers) if value)
    return _end(link)


def _doubt(why: str) -> str:
    words: dict[str, str] = {
        "presumed": "",  # the resolution says it
        "cites itself": gettext("it cites itself"),
        "same author as the citing work": gettext("by the author who cites it"),
        "later than the citing work": gettext("it came out after the work that cites it"),
    }
    return words.get(why, why)


def _end(link: Link) -> str:
    """How a chain ends, where the sign alone does not say it."""
    words: dict[str, str] = {
        "broken": gettext("here the chain breaks off"),
        "cycle": gettext("here the chain comes back to itself"),
        "cut": gettext("the chain goes on, too far for this page"),
        "voice": gettext("no work of this voice is named"),
        "record": gettext("an archival record"),
        "web page": gettext("a web page"),
    }
    return words.get(link.ends or "", "")
