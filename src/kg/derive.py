"""What follows from the claims by a stated rule, as quads in graphs of their own.

Three rules: ``date-bounds`` (earliest and latest day of each dated claim and question), ``plain``
(the direct properties, for plain questions, each traceable to its claims) and ``disagreements``
(the kind of each pair of rival figures). None of it is ever mixed with what was authored, and
running it again gives the same quads.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.dates import bounds, cannot_overlap
from kg.errors import DateError
from kg.figures import Kind, kind
from kg.model import Claim, Facts
from kg.names import CONTESTED, Names, con, prov, rdf, xsd

__all__ = ["RULES", "derive"]

RULES = ("date-bounds", "disagreements", "plain")


def derive(dataset: Dataset) -> Iterator[ox.Quad]:
    """The quads of all derived graphs of a dataset, with default policy and width of ``about``.

    Raises DateError or FigureError for a claim that no rule can read (``kg check`` names them all).
    """
    facts = Facts(dataset.quads())
    claims = [claim for claim in facts.claims() if not claim.withdrawn]
    rules = {
        "date-bounds": _date_bounds(dataset, facts, claims),
        "disagreements": _disagreements(claims, dataset.names),
        "plain": _plain(facts, claims, dataset.names),
    }
    for rule in RULES:
        graph = ox.NamedNode(dataset.names.graph(f"derived/{rule}"))
        for triple in rules[rule]:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _date_bounds(dataset: Dataset, facts: Facts, claims: Iterable[Claim]) -> Iterator[ox.Triple]:
    """con:earliest and con:latest on whatever carries a date; an open end gets none."""
    dated = [(claim.iri, claim.date or claim.during) for claim in claims]
    dated += [(q, facts.value(q, con.during)) for q in facts.instances(con.Question)]
    for iri, text in dated:
        if text is None:
            continue
        try:
            found = bounds(text)
        except DateError as error:
            raise DateError(error.message, where=dataset.place(iri), hint=error.hint) from None
        for name, day in (("earliest", found.earliest), ("latest", found.latest)):
            if day is not None:
                literal = ox.Literal(day.isoformat(), datatype=xsd.date)
                yield ox.Triple(ox.NamedNode(iri), con[name], literal)


def pair_kind(first: Claim, second: Claim) -> Kind:
    """How two claims with figures under one question stand to each other."""
    if second.iri in first.later_than or first.iri in second.later_than:
        return "successive"
    if (
        first.during
        and second.during
        and cannot_overlap(bounds(first.during), bounds(second.during))
    ):
        return "successive"
    assert first.figure is not None and second.figure is not None
    return kind(first.figure, second.figure)


def _disagreements(claims: Iterable[Claim], names: Names) -> Iterator[ox.Triple]:
    """One con:Disagreement for each pair of figures that answer one question."""
    questions: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.figure is not None and claim.modality is None:
            questions[claim.question].append(claim)
    for question, rivals in sorted(questions.items()):
        for a, b in combinations(rivals, 2):
            pair = _derived(names, "disagreements", a.iri, b.iri)
            name = pair_kind(a, b)
            concept = ox.NamedNode(f"{CONTESTED}vocab/disagreement/{name}")
            set_against = b.iri in a.contrasted_with or a.iri in b.contrasted_with
            yield ox.Triple(pair, rdf["type"], con.Disagreement)
            yield ox.Triple(pair, con.underQuestion, ox.NamedNode(question))
            yield ox.Triple(pair, con.betweenClaim, ox.NamedNode(a.iri))
            yield ox.Triple(pair, con.betweenClaim, ox.NamedNode(b.iri))
            yield ox.Triple(pair, con.disagreementKind, concept)
            yield ox.Triple(
                pair,
                con.setAgainstByAuthor,
                ox.Literal("true" if set_against else "false", datatype=xsd.boolean),
            )


def _plain(facts: Facts, claims: Iterable[Claim], names: Names) -> Iterator[ox.Triple]:
    """Direct properties, without doubted, rejected and modal claims; each as a reified statement
    too, with the claims that it was derived from.
    """
    grounds: dict[tuple[str, str, ox.NamedNode | ox.Literal], list[str]] = defaultdict(list)
    for claim in claims:
        if claim.modality or claim.stance in ("doubts", "rejects"):
            continue
        about = facts.value(claim.question, con.about)
        concept = facts.value(claim.question, con.property)
        direct = facts.value(concept, con.directProperty) if concept else None
        if not about or not direct:
            continue
        value: ox.NamedNode | ox.Literal
        if claim.object:
            value = ox.NamedNode(claim.object)
        elif claim.date:
            value = ox.Literal(claim.date, datatype=_EDTF)
        else:
            continue
        grounds[about, direct, value].append(claim.iri)
    for (about, direct, value), iris in sorted(
        grounds.items(), key=lambda item: (item[0][0], item[0][1], str(item[0][2]))
    ):
        subject, predicate = ox.NamedNode(about), ox.NamedNode(direct)
        statement = _derived(names, "plain", about, direct, str(value))
        yield ox.Triple(subject, predicate, value)
        yield ox.Triple(statement, rdf["type"], rdf.Statement)
        yield ox.Triple(statement, rdf.subject, subject)
        yield ox.Triple(statement, rdf.predicate, predicate)
        yield ox.Triple(statement, rdf.object, value)
        for iri in sorted(iris):
            yield ox.Triple(statement, prov.wasDerivedFrom, ox.NamedNode(iri))


_EDTF = ox.NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")


def _derived(names: Names, rule: str, *parts: str) -> ox.NamedNode:
    """An IRI for something derived: the same inputs give the same IRI. No claim is named so."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
    return ox.NamedNode(f"{names.root}derived/{rule}/{digest}")
