"""Pages for people: a home page, a page per resource, lists, search, queries, vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from kg import describe, formats
from kg.errors import ParameterError, UnknownQuery
from kg.names import con, rdf
from kg.web import search, tables
from kg.web.resources import known
from kg.web.site import Site
from kg.web.view import CLAIMS_PER_PAGE, View, neighbourhood

__all__ = ["blueprint"]


def blueprint(site: Site) -> Blueprint:
    """The routes that answer HTML."""
    routes = Blueprint("pages", __name__)
    names = site.names

    def view(things: list[str], offset: int = 0) -> View:
        return View(site.triples(neighbourhood(things, offset=offset)), names)

    @routes.context_processor
    def helpers() -> dict[str, Callable[..., Any]]:
        return {"href": lambda iri: _href(site, iri)}

    @routes.get("/")
    def home() -> str:
        return render_template(
            "home.html",
            disputed=tables.disputed(site),
            doors=tables.doors(site),
            neutrality=describe.NEUTRALITY,
        )

    @routes.get("/page/<path:identifier>")
    def page(identifier: str) -> str:
        iri = known(site, identifier)
        offset = _offset()
        shown = view([iri], offset)
        claims = shown.claims()
        kinds = set(shown.iris(iri, rdf["type"]))
        return render_template(
            "resource.html",
            iri=iri,
            identifier=identifier,
            view=shown,
            label=shown.label(iri),
            is_question=con.Question.value in kinds,
            is_claim=con.Claim.value in kinds,
            claims=claims,
            offset=offset,
            more=len(claims) >= CLAIMS_PER_PAGE,
            size=CLAIMS_PER_PAGE,
            downloads=formats.GRAPHS,
        )

    @routes.get("/list/<name>")
    def listing(name: str) -> str:
        found = tables.listing(site, name, _offset())
        if found is None:
            raise NotFound("There is no such list; the front page names them all.")
        return render_template("list.html", **found)

    @routes.get("/search")
    def searching() -> str:
        text = request.args.get("q", "").strip()
        hits = search.find(site, text)
        questions = [hit.iri for hit in hits if hit.kind == "question"][:5]
        shown = view(questions) if questions else None
        answers = shown.claims() if shown else []
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

    @routes.get("/queries/")
    def queries() -> str:
        return render_template("queries.html", catalogue=site.catalogue)

    @routes.get("/queries/<path:name>")
    def query(name: str) -> str:
        catalogue = site.catalogue
        if name not in catalogue.queries:
            raise UnknownQuery(f"there is no stored query {name!r}", hint="see /queries/")
        stored = catalogue.queries[name]
        arguments = {k: v for k, v in request.args.items() if v}
        return render_template(
            "query.html", query=stored, text=stored.fill(arguments, names), arguments=arguments
        )

    @routes.get("/queries")
    def queries_without_slash() -> WerkzeugResponse:
        return redirect(site.url("queries/"), 308)

    @routes.get("/ontology")
    def ontology() -> str:
        return render_template("terms.html", **tables.ontology(site))

    @routes.get("/vocab/<name>")
    def vocabulary(name: str) -> str:
        found = tables.vocabulary(site, name)
        if found is None:
            raise NotFound("There is no such list of the model; the ontology page names them all.")
        return render_template("terms.html", **found)

    return routes


def _offset() -> int:
    text = request.args.get("from", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ParameterError(f"{text!r} is no position", where="from", hint="a whole number")
    return int(text)


def _href(site: Site, iri: str | None) -> str | None:
    """Where an IRI leads: to our page for it, else to itself when it is an http address."""
    if iri is None:
        return None
    path = site.page_of(iri)
    if path is not None:
        return site.url(path)
    return iri if iri.startswith(("http://", "https://", "mailto:")) else None
