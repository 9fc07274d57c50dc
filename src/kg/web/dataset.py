"""The dataset itself: what it is, what is in it, under which licence, and how to have all of it.

``/dataset`` is a thing: it leads to its page or to its description as data (303), which is what a
bare GET of ``/sparql`` says of it, and beside it what only the data can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from kg import describe, formats
from kg.names import CONTESTED, dcterms
from kg.web import linked
from kg.web.graphs import graphs
from kg.web.naming import named
from kg.web.negotiate import best, not_acceptable, wants_html
from kg.web.records import Value, records
from kg.web.site import Site
from kg.web.view import View

__all__ = ["add_to"]

_EXAMPLES = 12
_CLASSES = """SELECT ?kind (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ ?thing a ?kind
  FILTER(isIRI(?thing) && STRSTARTS(STR(?thing), "{root}id/")) }} GROUP BY ?kind"""
_ENTITIES = """SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ ?thing a ?kind
  FILTER(isIRI(?thing) && STRSTARTS(STR(?thing), "{root}id/")) }}"""
_SOURCES = f"SELECT DISTINCT ?work WHERE {{ ?claim <{CONTESTED}ontology#statedIn> ?work }}"


@dataclass(frozen=True)
class _Counted:
    """What only the data can tell; counted once for a version."""

    classes: dict[str, int]
    entities: int
    sources: tuple[str, ...]


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of the dataset, and the one by which programs find it (VoID, 7.2)."""

    @routes.get("/dataset")
    def dataset() -> Response:
        if wants_html(request):
            return linked.other(site.url("dataset.html"))
        form = best(request, "graph")
        if form is None:
            raise not_acceptable("graph")
        return linked.other(site.url(f"dataset.{form.suffix}"))

    @routes.get("/dataset.<suffix>")
    def as_(suffix: str) -> Response:
        if suffix == "html":
            return linked.announce(make_response(_page(site)), site, "dataset")
        form = formats.by_suffix(suffix)
        if form is None or form.kind != "graph":
            raise NotFound("Nothing here has that address.")
        return linked.written(site, "dataset", _description(site), form)

    @routes.get("/.well-known/void")
    def well_known() -> Response:
        response = linked.other(site.url("dataset", lang=None))
        response.status_code = 302
        return response


def _description(site: Site) -> Iterable[ox.Quad]:
    """What is stated of the dataset in any graph of it, and what can be counted."""
    counted = _counted(site)
    iri = ox.NamedNode(f"{site.names.root}dataset")
    queries = [site.url(f"queries/{q.name}", lang=None) for q in site.catalogue]
    yield from (quad for quad in linked.about(site, iri.value) if quad.subject == iri)
    yield from describe.dataset_description(
        site.names,
        site.state().get("counts", {}),
        site.url("sparql", lang=None),
        digest=site.digest,
        classes=counted.classes,
        entities=counted.entities,
        sources=counted.sources,
        examples=queries[:_EXAMPLES],
    )


def _counted(site: Site) -> _Counted:
    key = "the dataset"
    known: Any = site.kept.many(site.digest, {key: key}).get(key)
    if known is None:
        root = site.names.root
        rows = site.rows(_CLASSES.format(root=root))
        classes = {row["kind"]: int(row["n"]) for row in rows if "kind" in row}
        entities = int(site.rows(_ENTITIES.format(root=root))[0]["n"])
        sources = tuple(sorted(row["work"] for row in site.rows(_SOURCES)))
        known = _Counted(classes, entities, sources)
        site.kept.put(site.digest, key, known, 100 * len(classes))
    return known  # type: ignore[no-any-return]


def _page(site: Site) -> str:
    counted = _counted(site)
    iri = f"{site.names.root}dataset"
    stated = records(q for q in linked.about(site, iri) if q.subject == ox.NamedNode(iri))
    view = View(stated, site.names, named(site, [*counted.classes, *counted.sources]))
    kinds: list[tuple[Value, int]] = [
        (view.thing(kind), count)
        for kind, count in sorted(counted.classes.items(), key=lambda one: (-one[1], one[0]))
    ]
    return render_template(
        "dataset.html",
        iri=iri,
        title=view.label(iri) if view.label(iri).language else None,
        licences=[v for v in stated.get(iri, {}).get(dcterms.license.value, []) if v],
        works=[view.thing(work) for work in counted.sources],
        kinds=kinds,
        entities=counted.entities,
        graphs=graphs(site),
        triples=site.state().get("counts", {}).get("", 0),
    )
