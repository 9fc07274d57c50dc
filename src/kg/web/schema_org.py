"""What a page says of its thing in schema.org's words, for programs that read pages.

Only what nobody disputes is said so: names, what kind of thing it is, where it stands in a work.
What sources claim (dates, places, sides) is left to the claims; an answer to a question carries
the place where it was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from flask import g
from markupsafe import Markup

from kg.names import bibo, con, crm, dcterms, owl, rdf, rico, skos
from kg.web.site import Site
from kg.web.view import ClaimView, View

__all__ = ["script", "thing"]

_GEO = ox.NamedNode("http://www.opengis.net/ont/geosparql#asWKT")
_ANSWERS = 20

# The first kind that fits; what fits none is a Thing.
_TYPES = (
    (con.Question.value, "Question"),
    (con.Claim.value, "Claim"),
    (crm["E21_Person"].value, "Person"),
    (crm["E53_Place"].value, "Place"),
    (con.Event.value, "Event"),
    (crm["E5_Event"].value, "Event"),
    (con.Act.value, "CreativeWork"),
    (crm["E74_Group"].value, "Organization"),
    (bibo.AcademicArticle.value, "ScholarlyArticle"),
    (bibo.Article.value, "Article"),
    (bibo.Chapter.value, "Chapter"),
    (bibo.Book.value, "Book"),
    (bibo.EditedBook.value, "Book"),
    (bibo.Journal.value, "Periodical"),
    (bibo.Newspaper.value, "Newspaper"),
    (bibo.Webpage.value, "WebPage"),
    (rico.Record.value, "ArchiveComponent"),
    (rico.RecordSet.value, "ArchiveComponent"),
    (skos.Concept.value, "DefinedTerm"),
)


def script(site: Site, view: View, iri: str) -> Markup:
    """The JSON-LD of a page as a data block. No character of it can end the element."""
    text = json.dumps(thing(site, view, iri, g.get("kinds", ())), ensure_ascii=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # noqa: S704


def thing(site: Site, view: View, iri: str, kinds: Iterable[str]) -> dict[str, Any]:
    """A thing as a schema.org node; `kinds` are its classes and those above them."""
    known = {*kinds, *view.iris(iri, rdf["type"])}
    kind = next((name for type_, name in _TYPES if type_ in known), "Thing")
    node: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": iri,
        "name": [_text(label.text, label.language) for label in view.names_of(iri)]
        or view.label(iri).text,
    }
    if site.names.identifier(iri):
        node["url"] = site.url(f"page/{site.names.identifier(iri)}", lang=None)
    node |= {
        name: values
        for name, values in {
            "alternateName": [_text(t.text, t.language) for t in view.texts(iri, skos.altLabel)],
            "description": [_text(t.text, t.language) for t in view.texts(iri, con.identityNote)],
            "sameAs": [*view.iris(iri, owl.sameAs), *view.iris(iri, skos.exactMatch)],
        }.items()
        if values
    }
    if kind == "Place":
        node |= _geo(view.text(iri, _GEO))
    elif kind == "Claim":
        node |= _claim(view.claim(iri))
    elif kind == "Question":
        answers = [c for c in view.claims() if c.question.iri == iri]
        node["answerCount"] = len(answers)
        node["suggestedAnswer"] = [_answer(c) for c in answers[:_ANSWERS]]
    else:
        people = [view.label(who).text for who in view.iris(iri, dcterms.creator)]
        if people:
            node["author"] = [{"@type": "Person", "name": name} for name in people]
    return node


def _text(text: str, language: str) -> Any:
    return {"@language": language, "@value": text} if language else text


def _geo(wkt: str) -> dict[str, Any]:
    """The coordinates of a point in Well-Known Text, longitude first."""
    numbers = wkt.rpartition("(")[2].rstrip(") ").split()
    if "POINT" not in wkt.upper() or len(numbers) != 2:
        return {}
    longitude, latitude = numbers
    try:
        pair = {"latitude": float(latitude), "longitude": float(longitude)}
    except ValueError:
        return {}
    return {"geo": {"@type": "GeoCoordinates", **pair}}


def _read_in(claim: ClaimView) -> dict[str, Any] | None:
    if claim.source is None:
        return None
    found = {"@type": "CreativeWork", "@id": claim.source.iri, "name": claim.source.label.text}
    return {**found, "pagination": claim.page} if claim.page else found


def _claim(claim: ClaimView) -> dict[str, Any]:
    node: dict[str, Any] = {
        "text": f"{claim.question.label.text} {claim.answer.label.text}",
        "about": {
            "@type": "Question",
            "@id": claim.question.iri,
            "name": claim.question.label.text,
        },
    }
    where = _read_in(claim)
    return {**node, "appearance": where} if where else node


def _answer(claim: ClaimView) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": "Answer",
        "@id": claim.iri,
        "text": claim.answer.label.text,
    }
    where = _read_in(claim)
    return {**node, "citation": where} if where else node
