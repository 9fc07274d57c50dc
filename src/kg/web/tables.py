"""Lists for pages: disputed questions, things by kind, the terms of the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from kg.web.records import records
from kg.web.site import Site
from kg.web.view import View, neighbourhood

__all__ = [
    "KINDS",
    "PREFIXES",
    "disputed",
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


def doors(site: Site) -> list[dict[str, Any]]:
    """The kinds of things with how many there are of each; empty kinds are left out."""
    parts = " UNION ".join(
        f'{{ SELECT ("{name}" AS ?kind) (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ {pattern} }} }}'
        for name, (_, pattern) in KINDS.items()
    )
    counts = {
        row["kind"]: int(row["n"])
        for row in site.rows(f"{PREFIXES} SELECT ?kind ?n WHERE {{ {parts} }}")
    }
    return [
        {"path": f"list/{name}", "title": title, "count": counts[name]}
        for name, (title, _) in KINDS.items()
        if counts.get(name)
    ]


def disputed(site: Site) -> list[dict[str, Any]]:
    """The questions that two or more figures answer, with these claims, most claims first."""
    rows = site.rows(
        f"""{PREFIXES} SELECT ?question (COUNT(DISTINCT ?claim) AS ?n) WHERE {{
          ?claim con:answers ?question ; con:comparator ?comparator .
          FILTER NOT EXISTS {{ ?claim con:modality ?m }}
        }} GROUP BY ?question HAVING(COUNT(DISTINCT ?claim) > 1)
        ORDER BY DESC(?n) ?question LIMIT 12"""
    )
    questions = [row["question"] for row in rows]
    if not questions:
        return []
    view = View(site.records(neighbourhood(questions)), site.names)
    claims = view.claims()
    return [
        {"question": view.thing(iri), "claims": [c for c in claims if c.question.iri == iri]}
        for iri in questions
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
    view = View(records(vocabulary_triples(site, name)), site.names)
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
    view = View(
        site.records(
            f"""{PREFIXES} CONSTRUCT {{ ?s ?p ?o }} WHERE {{
            VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty
              owl:AnnotationProperty skos:ConceptScheme }}
            ?s a ?kind ; ?p ?o }}"""
        ),
        site.names,
    )
    kinds = {
        "Classes": "http://www.w3.org/2002/07/owl#Class",
        "Properties that lead to things": "http://www.w3.org/2002/07/owl#ObjectProperty",
        "Properties with literal values": "http://www.w3.org/2002/07/owl#DatatypeProperty",
        "Annotations": "http://www.w3.org/2002/07/owl#AnnotationProperty",
    }
    return {
        "title": "The model",
        "view": view,
        "groups": [(title, view.instances(kind)) for title, kind in kinds.items()],
        "lists": [
            view.thing(iri)
            for iri in view.instances("http://www.w3.org/2004/02/skos/core#ConceptScheme")
        ],
    }


def plain(name: str) -> bool:
    """Whether a name can be that of a list or concept."""
    return name.replace("-", "").isalnum() and name.isascii()
