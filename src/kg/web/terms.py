"""The model as pages and as data: classes, properties, lists of concepts, shapes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from kg import dataset as datasets
from kg.names import CONTESTED, sh
from kg.web import tables
from kg.web.linked import document, split
from kg.web.negotiate import best, not_acceptable, wants_html
from kg.web.records import Record, records
from kg.web.site import Site
from kg.web.view import View

__all__ = ["add_to"]

_ONTOLOGY = f"""CONSTRUCT {{{{ ?s ?p ?o }}}} WHERE {{{{ GRAPH <{{graph}}> {{{{ ?s ?p ?o
  FILTER(isIRI(?s) && STRSTARTS(STR(?s), "{CONTESTED}ontology")) }}}} }}}}"""
_CONCEPT = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {concepts} }} ?s ?p ?o }}"


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of the model."""

    @routes.get("/ontology")
    @routes.get("/ontology.<suffix>")
    def ontology(suffix: str = "") -> Response:
        _, form = _suffix("ontology", suffix)
        text = _ONTOLOGY.format(graph=site.names.graph("ontology"))
        return document(
            site,
            "ontology",
            form,
            lambda: render_template("terms.html", path="ontology", **tables.ontology(site)),
            lambda: site.triples(text),
        )

    @routes.get("/ontology/<version>")
    def versions(version: str) -> WerkzeugResponse:
        iri = f"{CONTESTED}ontology/{version}"
        if not all(c.isalnum() or c in ".-" for c in version) or not site.rows(
            f"SELECT ?s WHERE {{ ?s ?p <{iri}> }} LIMIT 1"
        ):
            raise NotFound("There is no such version of the model.")
        return redirect(site.url("ontology"), 303)

    @routes.get("/vocab/<name>")
    def vocabulary(name: str) -> Response:
        name, form = split(name)
        found = tables.vocabulary(site, name)
        if found is None:
            raise NotFound("There is no such list of the model; the ontology page names them all.")
        path = f"vocab/{name}"
        return document(
            site,
            path,
            form,
            lambda: render_template("terms.html", path=path, **found),
            lambda: tables.vocabulary_triples(site, name),
        )

    @routes.get("/vocab/<name>/<concept>")
    def concept(name: str, concept: str) -> Response:
        concept, form = split(concept)
        if not (tables.plain(name) and tables.plain(concept)):
            raise NotFound("There is no such concept.")
        roots = sorted({f"{CONTESTED}vocab/", f"{site.names.root}vocab/"})
        iris = " ".join(f"<{root}{name}/{concept}>" for root in roots)
        triples = list(site.triples(_CONCEPT.format(concepts=iris)))
        if not triples:
            raise NotFound("There is no such concept; the page of its list names them all.")
        path = f"vocab/{name}/{concept}"
        if form is not None:
            return document(site, path, form, str, lambda: triples)
        response = Response(status=303)
        if wants_html(request):
            response.headers["Location"] = site.url(f"vocab/{name}#{concept}")
        else:
            chosen = best(request, "graph")
            if chosen is None:
                raise not_acceptable("graph")
            response.headers["Location"] = site.url(f"{path}.{chosen.suffix}", lang=None)
        response.vary.add("Accept")
        return response

    @routes.get("/shapes")
    @routes.get("/shapes.<suffix>")
    def shapes(suffix: str = "") -> Response:
        _, form = _suffix("shapes", suffix)
        return document(
            site,
            "shapes",
            form,
            lambda: render_template("terms.html", path="shapes", **_shown(site)),
            lambda: [quad for _, quads in _shapes(site.folders) for quad in quads],
        )


def _suffix(path: str, suffix: str) -> tuple[str, Any]:
    name, form = split(f"{path}.{suffix}" if suffix else path)
    if suffix and form is None:
        raise NotFound("There is no such format.")
    return name, form


@lru_cache(maxsize=4)
def _shapes(folders: tuple[Path, ...]) -> list[tuple[str, list[ox.Quad]]]:
    """The shapes by the name of their file. They are about the data and in no graph of it, so they
    are read from the folder that the server was started with.
    """
    files = [file for folder in folders for file in sorted((folder / "shapes").glob("*.ttl"))]
    return [(file.stem, list(datasets.read_file(file, "").quads)) for file in files]


@lru_cache(maxsize=4)
def _records(folders: tuple[Path, ...]) -> dict[str, Record]:
    return records(quad for _, quads in _shapes(folders) for quad in quads)


def _shown(site: Site) -> dict[str, Any]:
    found = _shapes(site.folders)
    view = View(_records(site.folders), site.names)
    return {
        "title": gettext("Shapes"),
        "view": view,
        "groups": [(name, _named(quads)) for name, quads in found],
        "lists": [],
    }


def _named(quads: Iterable[ox.Quad]) -> list[str]:
    """The shapes of a file, those of whole things before those of their properties."""
    nodes: dict[str, bool] = {}
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode):
            iri = quad.subject.value
            nodes[iri] = nodes.get(iri, False) or quad.object == sh.NodeShape
    return sorted(nodes, key=lambda iri: (not nodes[iri], iri))
