"""The page of anything that is neither a question nor a claim: a person, a place, a work, ..."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from flask import render_template

from kg.names import con, crm, skos
from kg.web import about, happenings, paging, timeline
from kg.web.around import LINKS_PER_PAGE, SHOWN, Around, look_around
from kg.web.records import Label
from kg.web.sections import sections, words
from kg.web.site import Site
from kg.web.view import View

__all__ = ["page"]

_NAMED_ABOVE = (con.identityNote, skos.altLabel)
_ENTITIES = frozenset(
    node.value
    for node in (crm["E21_Person"], crm["E53_Place"], crm["E74_Group"], crm["E5_Event"], con.Act)
)


def page(site: Site, iri: str, identifier: str, kinds: Set[str]) -> str:
    """The page of a thing that the graph holds; `kinds` are its classes and those above them."""
    offset, links_from = paging.offset(), paging.offset("links")
    around = look_around(site, iri, kinds, offset=offset, links_from=links_from)
    view = around.view
    label = view.label(iri)
    return render_template(
        "thing.html",
        iri=iri,
        identifier=identifier,
        view=view,
        label=label,
        names=_other_names(view, iri, label),
        note=view.texts(iri, con.identityNote),
        is_entity=bool(kinds & _ENTITIES),
        sections=sections(view, iri),
        words=words(),
        pages=_pages(around),
        linked=[
            (view.thing(predicate), [view.thing(s) for s in subjects])
            for predicate, subjects in around.links.items()
        ],
        links_from=links_from,
        more_links=around.more_links,
        links_size=LINKS_PER_PAGE,
        total=around.total,
        offset=offset,
        size=SHOWN,
        more=offset + SHOWN < around.total,
        **{"bracketed": view.bracketed, **(_where_and_when(view) if kinds & _ENTITIES else {})},
    )


def _where_and_when(view: View) -> dict[str, Any]:
    """What a small map and a small timeline of the page's claims show."""
    found = happenings.of_view(view)
    return {
        "marks": [h for h in found if h.place and h.place.degrees],
        "timeline": timeline.drawn(h for h in found if not any(t.elsewhere for t in h.times)),
        "drawable": about.has("leaflet"),
        "bracketed": view.bracketed or happenings.bracketed(found),
    }


def _other_names(view: View, iri: str, label: Label) -> list[Label]:
    """The names in other languages and spellings, each once, in the order of the languages."""
    found = [*view.names_of(iri), *view.texts(iri, skos.altLabel)]
    return [name for name in dict.fromkeys(found) if name.text != label.text]


def _pages(around: Around) -> list[tuple[str, int, int]]:
    """The pages of a work that claims were read from: page, claims, and how many stand before."""
    rows = []
    before = 0
    if around.pages:
        before = around.total - sum(n for _, n in around.pages)
    for text, count in around.pages:
        rows.append((text, count, before))
        before += count
    return rows
