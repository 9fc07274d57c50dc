"""Invented claims of this model's kind, as many as asked for, the same ones each time.

Small: what the bench of disputes grows with. A question has so many claims, read in works that
cite one another and records; every fifth question is about a day, every fifth about a place, every
tenth about who took part; each tenth figure question has a related one.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pyoxigraph as ox

from kg.figures import COMPARATORS
from kg.names import CONTESTED, con, dcterms, edtf, rdf, rdfs, rico, skos, xsd

ROOT = "https://example.org/bench/"
LISTS = f"{CONTESTED}vocab/"
PLACES, WORKS, SPEAKERS = 200, 50, 40
TIMES = ("1920", "1920-05", "1921", "1920/1921", "1920-11/..", "1921-03-02")
LIMITS = {"strength": "many", "date": "single", "place": "single-at-a-time", "participant": "many"}
DIRECT = {"date": "date", "place": "place", "participant": "participant"}
_TYPE = rdf["type"]


def iri(path: str) -> ox.NamedNode:
    return ox.NamedNode(ROOT + path)


def listed(path: str) -> ox.NamedNode:
    return ox.NamedNode(LISTS + path)


def number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=xsd.integer)


def claims(count: int, *, per_question: int = 4, seed: int = 5) -> Iterator[ox.Quad]:
    """The quads of so many claims, and of the questions, works, places and voices they speak of."""
    source, entities = iri("graph/source/bench"), iri("graph/entities")
    for s, p, o in _scene():
        yield ox.Quad(s, p, o, entities)
    questions = -(-count // per_question)
    for n in range(questions):
        for s, p, o in _question(n):
            yield ox.Quad(s, p, o, entities)
    random = Random(seed)
    for n in range(count):
        for s, p, o in _claim(n, n // per_question, random):
            yield ox.Quad(s, p, o, source)


def kind_of(question: int) -> str:
    if question % 5 == 1:
        return "date"
    if question % 5 == 3:
        return "place"
    return "participant" if question % 10 == 4 else "strength"


def _scene() -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    for name, limit in LIMITS.items():
        concept = iri(f"vocab/property/{name}")
        yield concept, _TYPE, skos.Concept
        yield concept, con.valueLimit, listed(f"value-limit/{limit}")
        if name in DIRECT:
            yield concept, con.directProperty, con[DIRECT[name]]
    for n in range(PLACES):
        place = iri(f"id/place-{n}")
        yield place, _TYPE, con.Place
        yield place, rdfs.label, ox.Literal(f"Place {n}", language="en")
        if n:
            yield place, dcterms.isPartOf, iri(f"id/place-{n // 7}")
    for n in range(WORKS):
        work = iri(f"id/work-{n}")
        yield work, _TYPE, rico.Record if n % 3 == 0 else con.Work
        yield work, rdfs.label, ox.Literal(f"Work {n}", language="en")
    for n in range(SPEAKERS):
        voice = iri(f"id/voice-{n}")
        yield voice, _TYPE, con.Attribution
        yield voice, con.side, listed("side/" + ("ottoman", "russian", "soviet")[n % 3])
        if n % 4:
            yield voice, con.conveyedBy, iri(f"id/voice-{n - 1}")
        else:
            yield voice, con.speaksIn, iri(f"id/work-{n % WORKS}")


def _question(n: int) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    question, kind = iri(f"id/question/{n}"), kind_of(n)
    yield question, _TYPE, con.Question
    yield question, rdfs.label, ox.Literal(f"Question {n}", language="en")
    yield question, con.about, iri(f"id/event-{n // 2}")
    yield question, con.property, iri(f"vocab/property/{kind}")
    if kind == "strength":
        yield question, con.unitCounted, listed("unit/persons")
        if n % 10 == 0:
            yield question, con.population, iri("id/prisoners")
            yield question, con.relatedQuestion, iri(f"id/question/{n + 2}")


def _claim(
    n: int, q: int, random: Random
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    claim, kind = iri(f"id/claim/bench/{n}"), kind_of(q)
    yield claim, _TYPE, con.Claim
    yield claim, con.answers, iri(f"id/question/{q}")
    if kind == "strength":
        comparator = random.choice(COMPARATORS)
        value = random.randrange(10, 1000) * 10
        yield claim, con.comparator, listed(f"comparator/{comparator}")
        if comparator == "between":
            yield claim, con.low, number(value)
            yield claim, con.high, number(value + random.randrange(1, 500))
        else:
            yield claim, con.point, number(value)
    elif kind == "date":
        text = f"19{random.randrange(18, 22)}-{random.randrange(1, 13):02}"
        yield claim, con.date, ox.Literal(text, datatype=edtf.EDTF)
    else:
        yield claim, con.object, iri(f"id/place-{random.randrange(PLACES)}")
        if kind == "participant":
            yield claim, con.role, listed("role/" + random.choice(("attacker", "supplier")))
            yield claim, con.onSide, listed("side/" + random.choice(("ottoman", "russian")))
    if random.random() < 0.1:
        yield claim, con.holdsDuring, ox.Literal(random.choice(TIMES), datatype=edtf.EDTF)
    yield claim, con.statedIn, iri(f"id/work-{random.randrange(WORKS)}")
    yield claim, con.page, ox.Literal(str(random.randrange(1, 400)))
    yield claim, con.wording, ox.Literal(f"some words {n}", language="en")
    stance = random.choices(("endorses", "reports", "doubts"), (5, 4, 1))[0]
    yield claim, con.stance, listed(f"stance/{stance}")
    yield claim, con.reviewStatus, listed("review/read")
    if stance != "endorses":
        yield claim, con.attribution, iri(f"id/voice-{random.randrange(SPEAKERS)}")
    if random.random() < 0.7:
        citation = iri(f"id/citation/bench/{n}")
        yield claim, con.note, number(n % 90 + 1)
        yield claim, con.cites, citation
        yield citation, _TYPE, con.Citation
        yield citation, con.work, iri(f"id/work-{random.randrange(WORKS)}")
        resolution = random.choices(("full", "resolved", "dangling"), (7, 2, 1))[0]
        yield citation, con.resolution, listed(f"resolution/{resolution}")
