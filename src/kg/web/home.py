"""The front page."""

from __future__ import annotations

from flask import Blueprint, render_template

from kg import describe
from kg.web import tables
from kg.web.site import Site

__all__ = ["add_to"]


def add_to(routes: Blueprint, site: Site) -> None:
    """The route of the front page."""

    @routes.get("/")
    def home() -> str:
        return render_template(
            "home.html",
            disputed=tables.disputed(site),
            doors=tables.doors(site),
            neutrality=describe.NEUTRALITY,
        )
