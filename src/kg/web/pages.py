"""Pages for people: each area adds its routes, and ``/page/<id>`` shows a thing by its kind."""

from __future__ import annotations

from flask import Blueprint

from kg.names import con
from kg.web import (
    about,
    claim,
    editor,
    entity,
    home,
    lists,
    map,
    queries,
    question,
    searching,
    terms,
    timeline,
)
from kg.web.resources import known
from kg.web.site import Site

__all__ = ["blueprint"]

_AREAS = (about, home, question, claim, editor, lists, map, searching, queries, terms, timeline)
_BY_KIND = ((con.Question.value, question.page), (con.Claim.value, claim.page))


def blueprint(site: Site) -> Blueprint:
    """The routes that answer HTML."""
    routes = Blueprint("pages", __name__)
    for area in _AREAS:
        area.add_to(routes, site)

    @routes.get("/page/<path:identifier>")
    def page(identifier: str) -> str:
        iri, kinds = known(site, identifier)
        for kind, show in _BY_KIND:
            if kind in kinds:
                return show(site, iri, identifier)
        return entity.page(site, iri, identifier, kinds)

    return routes
