"""Linked data: ``/id/<x>`` sends on to ``/page/<x>`` or ``/data/<x>.<suffix>`` (303).

Only the table in `kg.formats` says which suffixes there are. An id that the graph does not hold is
404 on ``/id/…`` itself.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from kg import exports, formats
from kg.names import ID_PATTERN
from kg.web.negotiate import best, not_acceptable, wants_html
from kg.web.site import Site

__all__ = ["blueprint", "known"]

_DESCRIBE = """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }}
  UNION
  {{ VALUES ?o {{ <{iri}> }} ?s ?p ?o }}
}}"""


def blueprint(site: Site) -> Blueprint:
    """The routes below /id/ and /data/."""
    routes = Blueprint("resources", __name__)

    @routes.get("/id/<path:identifier>")
    def identity(identifier: str) -> Response:
        known(site, identifier)
        if wants_html(request):
            path = f"page/{identifier}"
        else:
            form = best(request, "graph")
            if form is None:
                raise not_acceptable("graph")
            path = f"data/{identifier}.{form.suffix}"
        response = Response(status=303)
        response.headers["Location"] = site.url(path)
        response.vary.add("Accept")
        return response

    @routes.get("/data/<path:name>")
    def data(name: str) -> Response:
        identifier, dot, suffix = name.rpartition(".")
        form = formats.by_suffix(suffix) if dot else None
        if form is None:
            suffixes = ", ".join(f".{f.suffix}" for f in formats.GRAPHS)
            raise NotFound(f"There is no such format; the name ends in one of {suffixes}.")
        iri, _ = known(site, identifier)
        triples = site.triples(_DESCRIBE.format(iri=iri))
        body = exports.export(triples, form, site.names, site.context)
        response = Response(body, content_type=form.content_type)
        response.headers["Access-Control-Allow-Origin"] = "*"
        links = [
            f'<{site.url(f"page/{identifier}", lang=None)}>; rel="describedby"; type="text/html"',
            f'<{iri}>; rel="describes"',
        ]
        links += [
            f'<{site.url(f"data/{identifier}.{f.suffix}")}>; rel="alternate"; type="{f.media_type}"'
            for f in formats.GRAPHS
            if f is not form
        ]
        response.headers["Link"] = ", ".join(links)
        response.add_etag()
        response.make_conditional(request)
        return response

    return routes


def known(site: Site, identifier: str) -> tuple[str, frozenset[str]]:
    """The IRI of an id that the graph holds, and its classes with those above them.

    Raises NotFound for any other id.
    """
    if ID_PATTERN.fullmatch(identifier):
        iri = site.names.thing(identifier)
        kinds = site.kinds(iri)
        if kinds is not None:
            return iri, kinds
    raise NotFound("Nothing here has that id. The search on the front page may find it.")
