"""Things without a name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pyoxigraph as ox

from kg.names import con, dcterms, oa, rdf, rdfs, sh, skos
from kg.rules.model import Material, Rule
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="missing-label",
    severity="warning",
    problem="A thing that has a type has no rdfs:label, skos:prefLabel or dcterms:title in any "
    "language, and no shape demands one of it. Claims and citations, which are called by their "
    "numbers, need none; neither do voices, which are called by who speaks.",
    why="Pages, tables and reports would show a bare address where readers expect a name.",
    solution="Give the thing an rdfs:label with a language tag, or take out the type if the thing "
    "is only an address.",
    valid='id:mill a crm:E22_Human-Made_Object ; rdfs:label "Mill"@en .',
    invalid="id:mill a crm:E22_Human-Made_Object .",
)

_NAMELESS = {
    con.Attribution, con.Citation, con.Claim, oa.SpecificResource, oa.TextPositionSelector,
}  # fmt: skip
_LABELS = {rdfs.label, skos.prefLabel, dcterms.title}


def find(material: Material) -> Iterator[Finding]:
    """Typed subjects of the authored files without any label."""
    demanded = _demanded(material) | _NAMELESS
    named = {quad.subject for _, _, quad in material.stated() if quad.predicate in _LABELS}
    type_ = rdf["type"]
    looked_at: set[object] = set()
    for file, number, quad in material.stated():
        focus = quad.subject
        if quad.predicate != type_ or focus in named or focus in looked_at:
            continue
        if not isinstance(focus, ox.NamedNode) or not material.names.owns(focus.value):
            continue
        looked_at.add(focus)
        if demanded.isdisjoint(material.facts.terms(focus.value, type_)):
            yield RULE.finding(
                focus.value,
                f"Give {material.names.compact(focus.value)} an rdfs:label.",
                partial(file.place, number, "subject"),
            )


def _demanded(material: Material) -> set[object]:
    """The classes, with those below them, of which a shape demands a label."""
    dataset = material.dataset
    shapes = [quad for file in dataset.shapes for quad in file.quads]
    labels = {q.subject for q in shapes if q.predicate == sh.path and q.object in _LABELS}
    holders = {q.subject for q in shapes if q.predicate == sh.property and q.object in labels}
    found: set[object] = {
        q.object for q in shapes if q.predicate == sh.targetClass and q.subject in holders | labels
    }
    below = [
        (q.subject, q.object)
        for file in dataset.ontology
        for q in file.quads
        if q.predicate == rdfs.subClassOf
    ]
    while wider := {low for low, high in below if high in found} - found:
        found |= wider
    return found
