"""The stored questions: a gallery, and a page for each with its form, its answer and its text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from kg import formats
from kg.catalogue import RESERVED, StoredQuery
from kg.engine import Request
from kg.errors import KgError, ParameterError
from kg.finding import Index
from kg.finding.folding import words
from kg.finding.listing import names_of
from kg.names import Names
from kg.web import openapi
from kg.web.addresses import address, whole
from kg.web.asked import Asked, asked, by_topic
from kg.web.finder import finder_of
from kg.web.parameters import fields, meant, short
from kg.web.records import Label
from kg.web.searching import label_of
from kg.web.site import Site

__all__ = ["add_to", "listed"]

_ROWS = 50
_FURTHEST = 10**8
_NUMBERS = ("integer", "decimal", "double", "float")


@dataclass(frozen=True)
class Cell:
    """One value of a row: its text, where it leads, and whether it is a number."""

    label: Label
    iri: str | None = None
    number: bool = False


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of the stored questions, and the description that has them all."""
    openapi.add_to(routes, site)
    finder = finder_of(routes, site)

    @routes.get("/queries/")
    def queries() -> str:
        text = request.args.get("q", "").strip()[:200]
        every = (asked(site.catalogue, query) for query in site.catalogue)
        found = [query for query in every if _fits(query, text)]
        return render_template(
            "queries.html", topics=by_topic(found), words=text, number=len(found)
        )

    @routes.get("/queries/<path:name>")
    def query(name: str) -> Response:
        stored = site.catalogue.named(name)
        index = finder.index()
        given = {n: v.strip() for n, v in request.args.items() if v.strip() and n not in RESERVED}
        start = whole("offset", 0, 0, _FURTHEST)
        values, near = meant(stored, given, index, site.names)
        text, table, problem = stored.text, None, None
        try:
            if near:
                raise _unclear(near)
            text = stored.fill(values, site.names)
            table = _answer(site, index, stored, text, start)
        except KgError as error:
            problem = error
        page = render_template(
            "query.html",
            query=stored,
            asked_for=asked(site.catalogue, stored),
            written=_bare(text),
            fields=fields(stored, values, near, index, site.names),
            table=table,
            problem=problem,
            start=start,
            size=_ROWS,
            given=values,
            forms=_forms(site, stored, values),
            editor=address(site, "sparql", query=_bare(text)),
            pages=_pages(site, stored, values, start, table),
            api=address(site, f"api/queries/{stored.name}", **values),
            page_with=lambda **more: address(site, f"queries/{stored.name}", **{**values, **more}),
        )
        response = make_response(page, problem.status if problem else 200)
        return response

    @routes.get("/queries")
    def queries_without_slash() -> WerkzeugResponse:
        return redirect(site.url("queries/"), 308)

    @routes.get("/api/queries")
    def queries_for_programs() -> Response:
        body = {"queries": [listed(site, query) for query in site.catalogue]}
        response = Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        response.add_etag()
        response.make_conditional(request)
        return response

    @routes.get("/api/queries/")
    def queries_for_programs_with_slash() -> WerkzeugResponse:
        return redirect(site.url("api/queries"), 308)


def listed(site: Site, query: StoredQuery) -> dict[str, Any]:
    """A stored query as the list of the API tells it."""
    return {
        "name": query.name,
        "topic": query.topic,
        "question": query.question,
        "description": " ".join(query.description.split()),
        "url": site.url(f"api/queries/{query.name}"),
        "page": site.url(f"queries/{query.name}"),
        "parameters": [
            {
                "name": p.name,
                "type": p.type,
                "of": p.of or None,
                "choices": list(p.choices) or None,
                "description": p.description,
                "default": None if p.optional else p.default,
            }
            for p in query.params
        ],
        "columns": dict(query.returns),
    }


def _bare(text: str) -> str:
    """A query without its header, which the page tells in its own way."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")) + "\n"


def _fits(query: Asked, text: str) -> bool:
    """Whether every word that is asked for begins a word of what the query says of itself, in the
    reader's language or its own.
    """
    own = query.query
    said = " ".join(
        (
            query.name.replace("/", " "),
            *(label.text for label in (query.topic, query.question, query.description)),
            own.question,
            own.description,
        )
    )
    have = {word.text for word in words(said)}
    return all(any(h.startswith(w.text) for h in have) for w in words(text))


def _unclear(near: Mapping[str, object]) -> ParameterError:
    name = next(iter(near))
    return ParameterError("this name tells no single thing", where=f"parameter {name}")


def _answer(
    site: Site, index: Index, stored: StoredQuery, text: str, start: int
) -> dict[str, Any] | None:
    """One page of the answer as a table; None for an answer that is no table."""
    if not stored.pageable:
        return None
    page = stored.page(text, _ROWS + 1, start)
    found = json.loads(site.ask(Request(page, results=formats.by_name("json"))).body)
    rows = found["results"]["bindings"]
    terms = [term for row in rows[:_ROWS] for term in row.values() if term["type"] == "uri"]
    labels = {
        iri: label_of(names)
        for iri, names in names_of(index, (term["value"] for term in terms)).items()
    }
    columns = found["head"]["vars"]
    return {
        "columns": columns,
        "rows": [
            [_cell(row.get(column), labels, site.names) for column in columns]
            for row in rows[:_ROWS]
        ],
        "more": len(rows) > _ROWS,
    }


def _cell(
    term: Mapping[str, str] | None, labels: Mapping[str, Label | None], names: Names
) -> Cell | None:
    if term is None:
        return None
    value = term["value"]
    if term["type"] == "uri":
        label = labels.get(value) or Label(short(value, names).removeprefix("claim/").strip("<>"))
        return Cell(label, value)
    kind = urlsplit(term.get("datatype", "")).fragment
    return Cell(Label(value, term.get("xml:lang", "")), number=kind in _NUMBERS)


def _forms(site: Site, stored: StoredQuery, values: Mapping[str, str]) -> list[tuple[str, str]]:
    choice = formats.RESULTS if stored.pageable else formats.FORMATS
    path = f"api/queries/{stored.name}"
    return [(form.name, address(site, path, **{**values, "format": form.name})) for form in choice]


def _pages(
    site: Site, stored: StoredQuery, values: Mapping[str, str], start: int, table: Any
) -> dict[str, str]:
    path, found = f"queries/{stored.name}", {}
    if start:
        found["prev"] = address(site, path, **values, offset=max(0, start - _ROWS) or "")
    if table and table["more"]:
        found["next"] = address(site, path, **values, offset=start + _ROWS)
    return found
