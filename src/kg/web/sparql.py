"""``/sparql``: the SPARQL 1.1 Protocol for queries, and a form for people."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import UnsupportedMediaType

from kg import describe, exports
from kg.engine import Request
from kg.errors import KgError, ParameterError, QueryRefused
from kg.formats import by_name
from kg.web.negotiate import best, not_acceptable, wants_html
from kg.web.site import Site

__all__ = ["blueprint"]

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"


def blueprint(site: Site) -> Blueprint:
    """The routes of the endpoint (SPARQL 1.1 Protocol, 2.1)."""
    routes = Blueprint("sparql", __name__)

    @routes.route("/sparql", methods=["GET", "POST", "OPTIONS"])
    def sparql() -> Response:
        if request.method == "OPTIONS":
            response = Response(status=204)
            response.headers["Allow"] = "GET, HEAD, POST, OPTIONS"
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
            return _open(response)
        asked = _asked()
        if asked is None:
            return _open(_description(site))
        if wants_html(request):
            return _open(_page(site, asked))
        answer = site.engine.answer(asked)
        response = Response(answer.body, content_type=answer.format.content_type)
        return _open(response)

    return routes


def _open(response: Response) -> Response:
    """Any web page may ask this endpoint: it is public and keeps no state."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept")
    return response


def _asked() -> Request | None:
    """The query of this request; None when there is none at all (a bare GET)."""
    names = request.args
    text: str | None
    if request.method == "POST":
        if request.mimetype == _QUERY:
            text = request.get_data().decode("utf-8", "strict") if _utf8() else None
            _single(names, "query", absent=True)
        elif request.mimetype == _FORM:
            if "update" in request.form:
                raise QueryRefused("this endpoint only reads", hint="send query=, not update=")
            names = request.form
            text = _single(names, "query")
        else:
            raise UnsupportedMediaType(f"Send {_QUERY} or {_FORM}.")
    else:
        text = _single(names, "query")
    if text is None:
        if request.method == "POST":
            raise ParameterError("there is no query", where="query", hint="send query=SELECT …")
        return None
    return Request(
        text,
        results=best(request, "results"),
        graph=best(request, "graph"),
        default_graphs=tuple(names.getlist("default-graph-uri")) or _named(names),
        named_graphs=tuple(names.getlist("named-graph-uri")) or None,
    )


def _named(names: Any) -> tuple[str, ...] | None:
    """No default graph is an empty one as soon as the protocol names a dataset."""
    return () if names.getlist("named-graph-uri") else None


def _utf8() -> bool:
    try:
        request.get_data().decode("utf-8")
    except UnicodeDecodeError:
        raise ParameterError("the query is not UTF-8", hint="send UTF-8") from None
    return True


def _single(names: Any, name: str, *, absent: bool = False) -> str | None:
    values: list[str] = names.getlist(name)
    if len(values) > 1 or (absent and values):
        raise ParameterError(
            f"the parameter {name!r} is given more than once", where=name, hint="send one query"
        )
    return values[0] if values else None


def _description(site: Site) -> Response:
    """A bare GET: a form for a person, the service description for a program."""
    if wants_html(request):
        return Response(render_template("sparql.html", text=_example(site), answer=None))
    form = best(request, "graph")
    if form is None:
        raise not_acceptable("graph")
    quads = describe.service_description(site.dataset, site.counts, site.url("sparql"))
    body = exports.export(quads, form, site.dataset.names)
    return Response(body, content_type=form.content_type)


def _example(site: Site) -> str:
    first = next(iter(site.dataset.catalogue), None)
    return first.text if first else "SELECT * WHERE { ?s ?p ?o } LIMIT 10\n"


def _page(site: Site, asked: Request) -> Response:
    """The same answer inside the form, errors at their line."""
    status = 200
    answer: dict[str, Any] | None = None
    problem: KgError | None = None
    try:
        given = site.engine.answer(
            Request(
                asked.text,
                by_name("json"),
                by_name("turtle"),
                asked.default_graphs,
                asked.named_graphs,
            )
        )
        if given.format.kind == "graph":
            answer = {"graph": given.body.decode()}
        else:
            answer = json.loads(given.body)
    except KgError as error:
        status, problem = error.status, error
    page = render_template("sparql.html", text=asked.text, answer=answer, problem=problem)
    return Response(page, status)
