"""Lists for pages: things by kind, the terms of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from kg.names import owl
from kg.web.around import names_in
from kg.web.records import Record, records
from kg.web.site import Site
from kg.web.view import View

__all__ = [
    "KINDS",
    "PREFIXES",
    "doors",
    "ontology",
    "plain",
    "vocabulary",
    "vocabulary_triples",
]

PREFIXES = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>
PREFIX rico: <https://www.ica.org/standards/RiC/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""

KINDS: dict[str, tuple[LazyString, str]] = {
    # path: (title, the pattern that a thing of this kind fits)
    "questions": (
        lazy_gettext("Questions"),
        "?thing a con:Question . FILTER EXISTS { ?c con:answers ?thing }",
    ),
    "people": (lazy_gettext("People"), "?thing a crm:E21_Person"),
    "units": (lazy_gettext("Military units"), "?thing a con:MilitaryUnit"),
    "groups": (
        lazy_gettext("Groups and bodies"),
        "?thing a ?g . VALUES ?g { con:ArmedGroup con:PoliticalBody con:PrisonCamp crm:E74_Group }",
    ),
    "events": (lazy_gettext("Events"), "?thing a/rdfs:subClassOf* con:Event"),
    "acts": (lazy_gettext("Orders, treaties, letters"), "?thing a/rdfs:subClassOf* con:Act"),
    "places": (lazy_gettext("Places"), "?thing a crm:E53_Place"),
    "works": (
        lazy_gettext("Works and records"),
        "{ ?claim con:statedIn ?thing } UNION { ?cite con:work ?thing }",
    ),
    "attributions": (lazy_gettext("Voices"), "?thing a con:Attribution"),
    "claims": (lazy_gettext("Claims"), "?thing a con:Claim"),
}


# Uprisings are events and have no list of their own, but they are what most readers come for. As in
# the list of events, a kind is what a thing is said to be, without what lies above it.
_UPRISINGS = "?thing a con:Uprising"


def doors(site: Site) -> list[dict[str, Any]]:
    """The uprisings, then the kinds of things, with how many there are of each; empty kinds are
    left out.
    """
    patterns = {"uprisings": _UPRISINGS} | {name: pattern for name, (_, pattern) in KINDS.items()}
    parts = " UNION ".join(
        f'{{ SELECT ("{name}" AS ?kind) (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ {pattern} }} }}'
        for name, pattern in patterns.items()
    )
    counts = {
        row["kind"]: int(row["n"])
        for row in site.rows(f"{PREFIXES} SELECT ?kind ?n WHERE {{ {parts} }}")
    }
    found = [("uprisings", gettext("Uprisings"), "list/events", {"kind": "Uprising"})] + [
        (name, title, f"list/{name}", {}) for name, (title, _) in KINDS.items()
    ]
    return [
        {"path": path, "query": query, "title": title, "count": counts[name]}
        for name, title, path, query in found
        if counts.get(name)
    ]


def vocabulary_triples(site: Site, name: str) -> Iterable[ox.Quad]:
    """What is stated of a list and of its concepts."""
    roots = {"https://w3id.org/contested/vocab/", f"{site.names.root}vocab/"}
    schemes = " ".join(f"<{root}{name}>" for root in sorted(roots))
    return site.triples(
        f"""{PREFIXES} CONSTRUCT {{ ?s ?p ?o }} WHERE {{
        {{ VALUES ?scheme {{ {schemes} }} ?s skos:inScheme ?scheme }}
        UNION {{ VALUES ?s {{ {schemes} }} }}
        ?s ?p ?o }}"""
    )


def vocabulary(site: Site, name: str) -> dict[str, Any] | None:
    """The concepts of one list, by IRI; None when there is no such list."""
    if not plain(name):
        return None
    view = _view(site, records(vocabulary_triples(site, name)))
    subjects = view.subjects()
    scheme = next((iri for iri in subjects if iri.endswith(f"/{name}")), None)
    if scheme is None:
        return None
    return {
        "title": view.label(scheme).text,
        "view": view,
        "groups": [("", [iri for iri in subjects if iri != scheme])],
        "lists": [],
    }


def ontology(site: Site) -> dict[str, Any]:
    """The classes and properties of the model, and its lists."""
    view = _view(
        site,
        site.records(
            f"""{PREFIXES} CONSTRUCT {{ ?s ?p ?o }} WHERE {{
            VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty
              owl:AnnotationProperty skos:ConceptScheme }}
            ?s a ?kind ; ?p ?o }}"""
        ),
    )
    kinds = {
        gettext("Classes"): "Class",
        gettext("Properties that lead to things"): "ObjectProperty",
        gettext("Properties with literal values"): "DatatypeProperty",
        gettext("Annotations"): "AnnotationProperty",
    }
    return {
        "title": gettext("The model"),
        "view": view,
        "groups": [(title, view.instances(owl[kind].value)) for title, kind in kinds.items()],
        "lists": [
            view.thing(iri)
            for iri in view.instances("http://www.w3.org/2004/02/skos/core#ConceptScheme")
        ],
    }


def _view(site: Site, table: Mapping[str, Record]) -> View:
    return View(table, site.names, names_in(site, table))


def plain(name: str) -> bool:
    """Whether a name can be that of a list or concept."""
    return name.replace("-", "").isalnum() and name.isascii()
