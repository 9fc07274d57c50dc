"""Lists of things by kind."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from kg.web import paging, tables
from kg.web.site import Site

__all__ = ["add_to"]


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of the lists."""

    @routes.get("/list/<name>")
    def listing(name: str) -> str:
        found = tables.listing(site, name, paging.offset())
        if found is None:
            raise NotFound("There is no such list; the front page names them all.")
        return render_template("list.html", **found)
