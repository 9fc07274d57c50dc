"""The model as pages: classes, properties, lists of concepts."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from kg.web import tables
from kg.web.site import Site

__all__ = ["add_to"]


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of the model."""

    @routes.get("/ontology")
    def ontology() -> str:
        return render_template("terms.html", **tables.ontology(site))

    @routes.get("/vocab/<name>")
    def vocabulary(name: str) -> str:
        found = tables.vocabulary(site, name)
        if found is None:
            raise NotFound("There is no such list of the model; the ontology page names them all.")
        return render_template("terms.html", **found)
