"""What is searched: names, titles, wordings and their translations, short forms, each with the
thing it belongs to.

Everything comes in one graph (`GATHER` is its query), in whatever order the store gives it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.names import CONTESTED, bibo, con, crm, dcterms, owl, rdf, rdfs, rico, skos

__all__ = ["FIELDS", "GATHER", "KINDS", "Text", "Thing", "things"]

FIELDS: dict[str, str] = {
    # property: what its text is to the thing
    rdfs.label.value: "name",
    skos.prefLabel.value: "name",
    dcterms.title.value: "title",
    skos.altLabel.value: "other name",
    skos.hiddenLabel.value: "other name",
    dcterms.alternative.value: "other name",
    con.wording.value: "wording",
    con.printed.value: "wording",
    con.text.value: "wording",
    con.translation.value: "translation",
    con.shortForm.value: "short form",
}
"""The properties whose texts are searched."""

KINDS = (
    "question person group unit place event act work record concept term claim attribution "
    "citation other"
).split()
"""The kinds of things, those first that come first among equals."""

# The first class of a thing, or of a class above it, that stands here tells its kind.
_CLASSES: dict[str, str] = {
    con.Question.value: "question",
    con.Claim.value: "claim",
    con.Attribution.value: "attribution",
    con.Citation.value: "citation",
    con.MilitaryUnit.value: "unit",
    con.Act.value: "act",
    con.Event.value: "event",
    crm.E21_Person.value: "person",
    crm.E53_Place.value: "place",
    crm.E74_Group.value: "group",
    con.Office.value: "group",
    crm.E5_Event.value: "event",
    bibo.Document.value: "work",
    bibo.Collection.value: "work",
    rico.Record.value: "record",
    rico.RecordSet.value: "record",
    skos.Concept.value: "concept",
    skos.ConceptScheme.value: "concept",
    owl.Class.value: "term",
    owl.ObjectProperty.value: "term",
    owl.DatatypeProperty.value: "term",
    owl.AnnotationProperty.value: "term",
}
_FROM_ELSEWHERE = {
    "http://purl.org/ontology/bibo/": "work",
    "https://www.ica.org/standards/RiC/ontology#": "record",
}

_FACTS = (rdf["type"], rdfs.subClassOf, con.answers, con.countMode, con.about, con.object)
GATHER = (
    "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?p { "
    + " ".join(f"<{iri}>" for iri in (*FIELDS, *(f.value for f in _FACTS)))
    + " } ?s ?p ?o }"
)
"""The query whose triples `things` reads."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a thing: what it is to the thing, and its language tag, which may be empty."""

    field: str
    text: str
    language: str


@dataclass(slots=True)
class Thing:
    """One thing that can be found. `about` is the question of a claim; `counts` says that the
    question asks for a number, `claims` how many claims answer it; `spoken_of` is how many
    questions and claims are about the thing.
    """

    iri: str
    kind: str = "other"
    about: str = ""
    counts: bool = False
    claims: int = 0
    spoken_of: int = 0
    texts: list[Text] = field(default_factory=list)


def things(triples: Iterable[ox.Triple | ox.Quad], root: str) -> list[Thing]:
    """The things of the dataset at `root` and of the model that have a text, in order of IRI."""
    found: dict[str, Thing] = {}
    classes: dict[str, set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    claims: dict[str, int] = defaultdict(int)
    spoken_of: dict[str, int] = defaultdict(int)
    counted = set()
    about = {}
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if not isinstance(subject, ox.NamedNode):
            continue
        if predicate == rdf["type"].value and isinstance(value, ox.NamedNode):
            classes[subject.value].add(value.value)
        elif predicate == rdfs.subClassOf.value and isinstance(value, ox.NamedNode):
            above[subject.value].add(value.value)
        elif predicate == con.answers.value and isinstance(value, ox.NamedNode):
            claims[value.value] += 1
            about[subject.value] = value.value
        elif predicate in (con.about.value, con.object.value):
            if isinstance(value, ox.NamedNode):
                spoken_of[value.value] += 1
        elif predicate == con.countMode.value:
            counted.add(subject.value)
        elif isinstance(value, ox.Literal) and predicate in FIELDS:
            if not subject.value.startswith((root, CONTESTED)) or not value.value.strip():
                continue
            thing = found.setdefault(subject.value, Thing(subject.value))
            text = Text(FIELDS[predicate], value.value, value.language or "")
            if text not in thing.texts:
                thing.texts.append(text)
    for iri, thing in found.items():
        thing.kind = _kind(classes.get(iri, set()), above)
        thing.about, thing.counts = about.get(iri, ""), iri in counted
        thing.claims = claims.get(iri, 0)
        thing.spoken_of = spoken_of.get(iri, 0) + thing.claims
    return [found[iri] for iri in sorted(found)]


def _kind(classes: set[str], above: dict[str, set[str]]) -> str:
    """The kind by the nearest classes that tell one, the first of `KINDS` where two do."""
    seen: set[str] = set()
    layer = set(classes)
    while layer:
        kinds = {_CLASSES[iri] for iri in layer if iri in _CLASSES} | {
            kind
            for iri in layer
            for space, kind in _FROM_ELSEWHERE.items()
            if iri.startswith(space)
        }
        if kinds:
            return min(kinds, key=KINDS.index)
        seen |= layer
        layer = {up for iri in layer for up in above.get(iri, ())} - seen
    return "other"
