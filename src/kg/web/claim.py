"""The page of one claim: what it says, where, on whose word, against whom, and how to cite it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, render_template
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from kg.disputes import Chosen
from kg.explain import Explanation, told
from kg.figures import ABOUT, STRENGTH
from kg.model import Claim, natural
from kg.names import CONTESTED, bibo, con, dcterms, prov, rdf, rdfs, skos, void
from kg.web import languages, lineages, tree
from kg.web.answers import Answers
from kg.web.cite import FORMS, Reference, Work
from kg.web.gathering import Gathered, gather, kept, kinds, source_graph
from kg.web.question import FEW, sentences
from kg.web.records import Label, Value
from kg.web.site import Site
from kg.web.view import ClaimView, View

__all__ = ["add_to", "page"]

_BEHIND = ("hearsay", "supported", "second-look", "same-file", "contradicts")
_TRACKER = ox.NamedNode("http://usefulinc.com/ns/doap#bug-database")
_MAIL = ox.NamedNode("http://xmlns.com/foaf/0.1/mbox")
_KINDS = {
    "Chapter": "chapter",
    "BookSection": "chapter",
    "Book": "book",
    "EditedBook": "book",
    "Article": "article-journal",
    "AcademicArticle": "article-journal",
    "Thesis": "thesis",
    "Webpage": "webpage",
    "Newspaper": "article-newspaper",
}


@dataclass(frozen=True)
class Rival:
    """Another answer to the same question, and how it stands to this one."""

    claim: ClaimView
    kind: Value | None
    set_against: bool


def add_to(routes: Blueprint, site: Site) -> None:
    """The citations of a claim as files."""

    @routes.get("/cite/<path:name>")
    def cite(name: str) -> Response:
        identifier, _, suffix = name.partition(".")
        iri = site.names.thing(identifier)
        gathered = None
        if suffix in FORMS and site.names.identifier(iri):
            gathered = gather(site, [iri])
        if gathered is None or kinds(gathered, iri) != "claim":
            raise NotFound(f"There is no such citation; a claim has one in {', '.join(FORMS)}.")
        media_type, method = FORMS[suffix]
        claim = gathered.facts.claims([iri])[0]
        text = getattr(_reference(gathered, claim), method)()
        response = Response(text.rstrip("\n") + "\n", content_type=media_type)
        response.headers["Access-Control-Allow-Origin"] = "*"
        filename = f"{_key(site, iri).replace(':', '-')}.{suffix}"
        response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
        return response


def page(site: Site, iri: str, identifier: str) -> str:
    """The page of a claim that the graph holds."""
    gathered = gather(site, [iri])
    view, facts = gathered.view, gathered.facts
    claim = facts.claims([iri])[0]
    chosen = gathered.chosen("all", ABOUT)
    language = languages.current()
    said = _said(chosen, claim, site, language)
    answers = Answers(facts, language)
    few = len(chosen.rivals.by_question().get(claim.question, ())) <= FEW
    story = told(chosen, iri, site.names, language=language, pairs=few)
    root = lineages.nodes(gathered, chosen.lineage.tree(claim), site)
    label = view.label(iri)
    return render_template(
        "claim.html",
        whole=gathered.whole,
        answers=answers,
        language_name=lambda code: _language_name(code, language),
        iri=iri,
        identifier=identifier,
        view=view,
        label=label,
        claim=view.claim(iri),
        key=_key(site, iri),
        sentence=said,
        behind=_more(story, _BEHIND),
        across=_more(story, {"across"}),
        notes=view.texts(iri, skos.note),
        texts=view.worded_all(iri, con.text),
        printed=view.texts(iri, con.printed),
        calendar=view.first(iri, con.calendar),
        relative=view.first(iri, con.relativeTo),
        read=claim.date or claim.during or "",
        supplied=[
            view.thing(p) for p in view.iris(iri, con.supplied) if p != con.holdsDuring.value
        ],
        run=bool(view.iris(iri, con.noteScope)),
        tree=tree.picture(
            root,
            title=gettext("What this claim rests on"),
            description=gettext("A tree. Each line leads to a thing that stands behind the claim."),
            ident="tree",
        ),
        root=root,
        rivals=_rivals(gathered, chosen, claim),
        status=view.first(iri, con.reviewStatus),
        status_means=_means(gathered, iri),
        history=_history(gathered, claim),
        reference=_reference(gathered, claim),
        objection=_objection(gathered, claim, said),
    )


def _said(chosen: Chosen, claim: Claim, site: Site, language: str) -> str:
    """The claim in a sentence, with those on its modality and certainty."""
    said = told(chosen, claim.iri, site.names, language=language, pairs=False)
    return sentences(said).get(claim.iri, "")


def _more(said: Explanation, kinds_of: Container[str]) -> list[str]:
    """What sentences of some kinds say."""
    return [s.text for s in said.sentences if s.kind in kinds_of]


def _language_name(code: str, language: str) -> str:
    """The name of a language in the reader's; its tag where none is known."""
    try:
        return Locale.parse(code, sep="-").get_display_name(language) or code
    except (ValueError, UnknownLocaleError):
        return code


def _rivals(gathered: Gathered, chosen: Chosen, claim: Claim) -> list[Rival]:
    """The other answers, the strongest disagreement first."""
    found = []
    for other in kept(chosen.dispute(claim.question)):
        if other.iri == claim.iri:
            continue
        kind = chosen.rivals.kind(claim, other)
        against = other.iri in claim.contrasted_with or claim.iri in other.contrasted_with
        rank = STRENGTH.index(kind) if kind else len(STRENGTH)
        found.append((rank, natural(other.iri), other, kind, against))
    found.sort(key=lambda entry: entry[:2])
    return [
        Rival(
            gathered.view.claim(other.iri),
            gathered.view.thing(f"{CONTESTED}vocab/disagreement/{kind}") if kind else None,
            against,
        )
        for _, _, other, kind, against in found[:FEW]
    ]


def _means(gathered: Gathered, iri: str) -> Label | None:
    status = gathered.facts.thing(iri, con.reviewStatus)
    found = gathered.view.texts(status, skos.definition) if status else []
    return next(iter(found), None)


def _history(gathered: Gathered, claim: Claim) -> list[dict[str, Any]]:
    """What is known of how the claim came to stand as it does, the earliest first."""
    view, iri = gathered.view, claim.iri
    graph = source_graph(gathered.site, iri) or ""
    events: list[dict[str, Any]] = []
    who = view.things(graph, prov.wasAttributedTo)
    when = view.text(graph, dcterms.created)
    if who or when:
        events.append({"what": "entered", "who": who, "when": when})
    for earlier in gathered.facts.pointing(dcterms.isReplacedBy, iri):
        events.append({"what": "replaces", "things": [view.thing(earlier)]})
    for activity in view.iris(iri, prov.wasInvalidatedBy):
        events.append(
            {
                "what": "withdrawn",
                "things": [view.thing(activity)],
                "who": view.things(activity, prov.wasAssociatedWith),
                "when": view.text(activity, prov.endedAtTime) or view.text(activity, prov.atTime),
                "why": view.worded_all(iri, con.reason),
            }
        )
    for later in view.things(iri, dcterms.isReplacedBy):
        events.append({"what": "replaced", "things": [later]})
    return events


def _key(site: Site, iri: str) -> str:
    """A short name for a claim: ``sul:6``, else the last two parts of its id."""
    short = site.names.compact(iri)
    return short if not short.startswith("<") else iri.rpartition("/claim/")[2].replace("/", ":")


def _dataset(gathered: Gathered) -> str:
    """The IRI of what describes the dataset; empty where nothing does."""
    space = gathered.site.names.root
    return next(
        (s for s in gathered.view.subjects() if gathered.facts.value(s, void.uriSpace) == space), ""
    )


def _english(view: View, iri: str, *more: ox.NamedNode) -> str:
    """The English name of a thing, by its labels and what else may name it; else the first that it
    has, which is the same for every reader; empty where nothing names it.
    """
    named = [n for p in (rdfs.label, skos.prefLabel, *more) for n in view.texts(iri, p)]
    return next(
        (name.text for name in named if name.language == "en"), named[0].text if named else ""
    )


def _reference(gathered: Gathered, claim: Claim) -> Reference:
    """What is cited, in English, whatever the reader's language: it goes into other texts."""
    view, facts, site = gathered.view, gathered.facts, gathered.site
    answers = Answers(facts, "en")
    answer = answers.figure(claim) or answers.short(claim)
    said = ", ".join(filter(None, (answer, answers.during(claim))))
    work = claim.stated_in
    described = _dataset(gathered)
    known = described and _english(view, described, dcterms.title)
    title = next(iter(view.texts(work, dcterms.title)), view.label(work))
    pages = [facts.value(work, p) or "" for p in (bibo.pageStart, bibo.pageEnd)]
    kinds_of = {iri.rpartition("/")[2] for iri in view.iris(work, rdf["type"])}
    publisher = [label.text for label in view.texts(work, dcterms.publisher)]

    def names(iris: list[str]) -> tuple[str, ...]:
        return tuple(_english(view, iri) or view.label(iri).text for iri in iris)

    publisher += names(view.iris(work, dcterms.publisher))
    return Reference(
        iri=claim.iri,
        key=_key(site, claim.iri),
        says=f"{facts.label(claim.question) or _key(site, claim.question)} {said}",
        page=claim.page or "",
        notes=", ".join(map(str, claim.notes)),
        dataset=known or "Contested",
        version=site.digest,
        work=Work(
            iri=work,
            label=_english(view, work) or view.label(work).text,
            title=title.text,
            kind=next((kind for name, kind in _KINDS.items() if name in kinds_of), "document"),
            authors=names(view.iris(work, dcterms.creator)),
            container="".join(names(view.iris(work, dcterms.isPartOf)[:1])),
            volume=view.text(work, bibo.volume),
            issue=view.text(work, bibo.issue),
            issued=view.text(work, dcterms.issued),
            pages="-".join(filter(None, pages)),
            publisher=", ".join(publisher),
            place=view.text(work, con.placeOfPublication),
            url=view.text(work, bibo.uri),
        ),
    )


def _objection(gathered: Gathered, claim: Claim, says: str) -> dict[str, str]:
    """A text to object with: nothing is sent or stored by this site."""
    site = gathered.site
    described = _dataset(gathered)
    tracker, mail = (gathered.facts.value(described, p) or "" for p in (_TRACKER, _MAIL))
    subject = gettext("Objection to claim %(claim)s", claim=_key(site, claim.iri))
    body = "\n\n".join(
        (
            f"{gathered.view.label(claim.question).text}\n{says}",
            claim.iri,
            gettext("Version of the data: %(version)s", version=site.digest[:12]),
            gettext("What is wrong (figure, words, page, note, who speaks, what is cited):"),
            gettext("What the page says, with the edition you have:"),
        )
    )
    address = quote(mail.removeprefix("mailto:"), safe="@")
    fields = f"subject={quote(subject)}&body={quote(body)}"
    return {
        "subject": subject,
        "body": body,
        "mailto": f"mailto:{address}?{fields}",
        "tracker": tracker if tracker.startswith(("https://", "http://")) else "",
    }
