"""The page of one claim, and its rivals."""

from __future__ import annotations

from flask import render_template

from kg.web import paging
from kg.web.site import Site
from kg.web.view import look

__all__ = ["page"]


def page(site: Site, iri: str, identifier: str) -> str:
    """The page of a claim that the graph holds."""
    offset = paging.offset()
    view = look(site, [iri], offset=offset)
    claims = view.claims()
    return render_template(
        "claim.html",
        iri=iri,
        identifier=identifier,
        view=view,
        label=view.label(iri),
        claims=claims,
        **paging.pages(offset, len(claims)),
    )
