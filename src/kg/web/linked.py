"""Linked data for what is no thing: graphs, what was derived, the model, its lists and shapes.

A document (``/ontology``, ``/vocab/side``, ``/shapes``) answers with itself in the form that is
accepted, or by its suffix (``/ontology.ttl``). What is a thing and not a document (a concept, a
derived statement, the dataset) is described elsewhere: 303.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyoxigraph as ox
from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from kg import exports, formats
from kg.errors import ResultTooLarge
from kg.formats import GRAPHS, Format
from kg.web.around import names_in, pointing
from kg.web.negotiate import best, not_acceptable, wants_html
from kg.web.records import Label, records
from kg.web.site import Site
from kg.web.view import View

__all__ = ["about", "add_to", "announce", "document", "other", "split", "written"]

_ANYWHERE = """CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ SELECT DISTINCT ?s ?p ?o WHERE {{ GRAPH ?g {{
  {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }} UNION {{ VALUES ?o {{ <{iri}> }} ?s ?p ?o }}
}} }} LIMIT {most} }} }}"""
_MOST = 2_000
_LINKED = 100

Triples = Callable[[], Iterable[ox.Quad]]


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of graphs and of what was derived."""

    @routes.get("/graph/<path:name>")
    def graph(name: str) -> Response:
        name, form = split(name)
        iri = site.names.graph(name)
        if iri not in site.state().get("counts", {}):
            raise NotFound("There is no such graph; /sparql lists them.")
        if form is None and wants_html(request):
            return announce(make_response(_page(site, f"graph/{name}", iri)), site, f"graph/{name}")
        form = form or best(request, "graph")
        if form is None:
            raise not_acceptable("graph")
        return other(site.url("graph-store", graph=iri, format=form.name))

    @routes.get("/derived/<path:name>")
    def derived(name: str) -> Response:
        return described(f"derived/{name}")

    def described(path: str) -> Response:
        if path.endswith(".html"):
            path = path.removesuffix(".html")
            iri = site.names.root + path
            return announce(make_response(_page(site, path, iri)), site, path)
        path, form = split(path)
        iri = site.names.root + path
        triples = list(about(site, iri))
        if not triples:
            raise NotFound("Nothing here has that address.")
        if form is not None:
            return written(site, path, triples, form)
        if wants_html(request):
            return other(site.url(f"{path}.html"))
        form = best(request, "graph")
        if form is None:
            raise not_acceptable("graph")
        return other(site.url(f"{path}.{form.suffix}"))


def document(
    site: Site, path: str, form: Format | None, page: Callable[[], str], data: Triples
) -> Response:
    """A document in the form of its suffix, else in the one that is accepted."""
    if form is None and wants_html(request):
        return announce(make_response(page()), site, path)
    chosen = form or best(request, "graph")
    if chosen is None:
        raise not_acceptable("graph")
    response = written(site, path, data(), chosen)
    if form is None:
        response.vary.add("Accept")
        response.headers["Content-Location"] = site.url(f"{path}.{chosen.suffix}", lang=None)
    return response


def split(path: str) -> tuple[str, Format | None]:
    """A path without the suffix of one of our formats, and that format."""
    name, dot, suffix = path.rpartition(".")
    form = formats.by_suffix(suffix) if dot else None
    return (name, form) if form else (path, None)


def announce(response: Response, site: Site, path: str, data: str = "") -> Response:
    """Say in the header fields of a page where the same stands as data (RFC 8288): at its own path
    with a suffix, or at the one below `data`.
    """
    stem = data or path
    links = [
        f'<{site.url(f"{stem}.{form.suffix}", lang=None)}>; rel="alternate"; '
        f'type="{form.media_type}"'
        for form in GRAPHS
    ]
    turtle = site.url(f"{stem}.{GRAPHS[0].suffix}", lang=None)
    links.append(f'<{turtle}>; rel="describedby"; type="{GRAPHS[0].media_type}"')
    response.headers["Link"] = ", ".join(links)
    if not data:
        response.vary.add("Accept")
    return response


def written(site: Site, path: str, triples: Iterable[ox.Quad], form: Format) -> Response:
    """Triples as the document of a path, in one format."""
    body = exports.export(triples, form, site.names, site.context)
    response = Response(body, content_type=form.content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    others = [
        f'<{site.url(f"{path}.{f.suffix}", lang=None)}>; rel="alternate"; type="{f.media_type}"'
        for f in GRAPHS
        if f is not form
    ]
    response.headers["Link"] = ", ".join(
        [f'<{site.url(path, lang=None)}>; rel="describedby"; type="text/html"', *others]
    )
    response.add_etag()
    response.make_conditional(request)
    return response


def other(address: str) -> Response:
    """What is a thing is described elsewhere (303)."""
    response = Response(status=303)
    response.headers["Location"] = address
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept")
    return response


def about(site: Site, iri: str) -> Iterable[ox.Quad]:
    """What any graph says of an IRI, or with it. Raises ResultTooLarge."""
    if not _is_iri(iri):
        return []
    found = list(site.triples(_ANYWHERE.format(iri=iri, most=_MOST + 1)))
    if len(found) > _MOST:
        raise ResultTooLarge(
            f"more than {_MOST:,} triples have this in them",
            where=iri,
            hint="ask /sparql for those that you need",
        )
    return found


def _is_iri(iri: str) -> bool:
    """Whether a text can stand between angle brackets in a query."""
    return not any(c in iri for c in '<>"{}|\\^`') and all(c > " " for c in iri)


def _page(site: Site, path: str, iri: str) -> str:
    """A page for something that no graph of the default one describes."""
    triples = list(about(site, iri))
    count = site.state().get("counts", {}).get(iri)
    if not triples and count is None:
        raise NotFound("Nothing here has that address.")
    table = records(triples)
    view = View(table, site.names, names_in(site, table))
    label = view.label(iri)
    return render_template(
        "linked.html",
        iri=iri,
        path=path,
        view=view,
        label=label if label.language or label.text != iri else Label(path),
        count=count,
        linked=[
            (view.thing(predicate), [view.thing(s) for s in subjects[:_LINKED]])
            for predicate, subjects in pointing(table, iri).items()
        ],
    )
