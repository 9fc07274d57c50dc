"""The page of anything that is neither a question nor a claim."""

from __future__ import annotations

from collections.abc import Set

from flask import render_template

from kg.web import paging
from kg.web.site import Site
from kg.web.view import look

__all__ = ["page"]


def page(site: Site, iri: str, identifier: str, kinds: Set[str]) -> str:
    """The page of a thing that the graph holds; `kinds` are its classes and those above them."""
    offset = paging.offset()
    view = look(site, [iri], offset=offset)
    claims = view.claims()
    return render_template(
        "resource.html",
        iri=iri,
        identifier=identifier,
        view=view,
        label=view.label(iri),
        claims=claims,
        **paging.pages(offset, len(claims)),
    )
