"""The page of a search."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from kg.web import search
from kg.web.site import Site
from kg.web.view import look

__all__ = ["add_to"]


def add_to(routes: Blueprint, site: Site) -> None:
    """The route of the search."""

    @routes.get("/search")
    def searching() -> str:
        text = request.args.get("q", "").strip()
        hits = search.find(site, text)
        questions = [hit.iri for hit in hits if hit.kind == "question"][:5]
        answers = look(site, questions).claims() if questions else []
        return render_template(
            "search.html",
            text=text,
            hits=hits,
            answered=[
                (hit, [c for c in answers if c.question.iri == hit.iri])
                for hit in hits
                if hit.iri in questions
            ],
        )
