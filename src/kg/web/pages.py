"""Pages for people: each area adds its routes, and ``/page/<id>`` shows a thing by its kind."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response

from kg.names import con
from kg.web import (
    about,
    claim,
    dataset,
    editor,
    entity,
    home,
    linked,
    lists,
    map,
    queries,
    question,
    searching,
    sitemap,
    terms,
    timeline,
)
from kg.web.resources import known
from kg.web.site import Site

__all__ = ["blueprint"]

_AREAS = (
    about,
    home,
    question,
    claim,
    dataset,
    editor,
    linked,
    lists,
    map,
    queries,
    searching,
    sitemap,
    terms,
    timeline,
)
_BY_KIND = ((con.Question.value, question.page), (con.Claim.value, claim.page))


def blueprint(site: Site) -> Blueprint:
    """The routes that answer HTML."""
    routes = Blueprint("pages", __name__)
    for area in _AREAS:
        area.add_to(routes, site)

    @routes.get("/page/<path:identifier>")
    def page(identifier: str) -> Response:
        iri, kinds = known(site, identifier)
        g.kinds = kinds  # what the page says of itself in schema.org's words depends on them
        show = next((show for kind, show in _BY_KIND if kind in kinds), None)
        body = show(site, iri, identifier) if show else entity.page(site, iri, identifier, kinds)
        return linked.announce(
            make_response(body), site, f"page/{identifier}", f"data/{identifier}"
        )

    return routes
