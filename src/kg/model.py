"""The claims of a dataset as Python values: what figures, lineage and derive compute on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TypeGuard

import pyoxigraph as ox

from kg.errors import FigureError
from kg.figures import Figure
from kg.names import con, dcterms, prov, rdf, rdfs, skos

__all__ = ["Citation", "Claim", "Facts", "Question", "natural", "tail"]


def tail(iri: str | None) -> str:
    """The last part of an IRI: the notation of a concept; empty for None."""
    return (iri or "").rpartition("/")[2]


def natural(iri: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts claim 9 before claim 10."""
    parts = re.split(r"(\d+)", iri)
    return tuple((int(p), "") if i % 2 else (0, p) for i, p in enumerate(parts))


@dataclass(frozen=True)
class Citation:
    """One work at one place, as a note points to it."""

    iri: str
    work: str
    resolution: str


@dataclass(frozen=True)
class Claim:
    """One answer to one question. Times and dates are EDTF texts, values the terms as stored."""

    iri: str
    question: str
    stated_in: str
    stance: str
    modality: str | None
    figure: Figure | None
    object: str | None
    date: str | None
    no_value: str | None
    during: str | None
    later_than: tuple[str, ...]
    contrasted_with: tuple[str, ...]
    cites: tuple[str, ...]
    withdrawn: bool
    role: str | None = None
    on_side: str | None = None
    text: str | None = None
    certainty: str | None = None
    attribution: str | None = None
    page: str | None = None
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Question:
    """What makes claims comparable. `limit` is the value limit of its property, by notation."""

    iri: str
    label: str
    about: str
    property: str
    limit: str
    unit: str | None
    population: str | None
    mode: str | None
    during: str | None
    related: tuple[str, ...]
    parts: tuple[str, ...]
    may_contain: tuple[str, ...]


class Facts:
    """Look-ups over the quads of a dataset, whatever graph they stand in."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        table: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(
                quad.object, (ox.NamedNode, ox.Literal)
            ):
                objects = table[quad.subject.value][quad.predicate.value]
                if quad.object not in objects:
                    objects.append(quad.object)
        self._table = table

    def values(self, subject: str, predicate: ox.NamedNode) -> list[str]:
        """The objects of a subject under a predicate, as texts (IRIs or lexical forms), sorted."""
        if subject not in self._table:
            return []
        return sorted(o.value for o in self._table[subject].get(predicate.value, ()))

    def value(self, subject: str, predicate: ox.NamedNode) -> str | None:
        """The first of `values`, or None."""
        return next(iter(self.values(subject, predicate)), None)

    def terms(self, subject: str, predicate: ox.NamedNode) -> list[ox.NamedNode | ox.Literal]:
        """The objects of a subject under a predicate as terms, in the order of the files."""
        if subject not in self._table:
            return []
        return list(self._table[subject].get(predicate.value, ()))

    def statements(self, subject: str) -> Iterable[tuple[str, list[ox.NamedNode | ox.Literal]]]:
        """The predicates of a subject, each with its objects."""
        return self._table[subject].items() if subject in self._table else ()

    def texts(self, subject: str, predicate: ox.NamedNode) -> dict[str, str]:
        """The literals of a subject under a predicate, by language tag (empty for none). Of two in
        one language the first.
        """
        if subject not in self._table:
            return {}
        found = self._table[subject].get(predicate.value, ())
        literals = sorted((x.value, x.language or "") for x in found if _literal(x))
        return {language: text for text, language in reversed(literals)}

    def subjects(self) -> list[str]:
        """Everything that the quads say something about, sorted."""
        return sorted(self._table)

    def instances(self, kind: ox.NamedNode) -> list[str]:
        """The subjects of that rdf:type, sorted."""
        return sorted(s for s, p in self._table.items() if kind in p.get(rdf["type"].value, ()))

    def claims(self) -> list[Claim]:
        """All claims that answer a question, sorted by IRI; withdrawn ones too."""
        found = (self._claim(iri) for iri in self.instances(con.Claim))
        return [claim for claim in found if claim is not None]

    def citations(self) -> Mapping[str, Citation]:
        """All citations by IRI."""
        return {
            iri: Citation(
                iri,
                self.value(iri, con.work) or "",
                (self.value(iri, con.resolution) or "").rpartition("/")[2],
            )
            for iri in self.instances(con.Citation)
        }

    def questions(self) -> Mapping[str, Question]:
        """All questions by IRI."""
        return {iri: self._question(iri) for iri in self.instances(con.Question)}

    def label(self, iri: str) -> str:
        """A name for people: in English where there is one; empty where there is none."""
        found = self._table.get(iri, {})
        labels = found.get(rdfs.label.value) or found.get(skos.prefLabel.value) or []
        ranked = [(x.language != "en", x.value) for x in labels if _literal(x)]
        return min(ranked)[1] if ranked else ""

    def around(self, iri: str) -> set[str]:
        """What a place or concept lies in: dcterms:isPartOf and skos:broader, all the way up."""
        found: set[str] = set()
        waiting = [iri]
        while waiting:
            here = waiting.pop()
            for wider in (*self.values(here, dcterms.isPartOf), *self.values(here, skos.broader)):
                if wider not in found:
                    found.add(wider)
                    waiting.append(wider)
        return found

    def _question(self, iri: str) -> Question:
        concept = self.value(iri, con.property) or ""
        return Question(
            iri=iri,
            label=self.label(iri),
            about=self.value(iri, con.about) or "",
            property=concept,
            limit=tail(self.value(concept, con.valueLimit)),
            unit=self.value(iri, con.unitCounted),
            population=self.value(iri, con.population),
            mode=self.value(iri, con.countMode),
            during=self.value(iri, con.during),
            related=tuple(self.values(iri, con.relatedQuestion)),
            parts=tuple(self.values(iri, con.hasPart)),
            may_contain=tuple(self.values(iri, con.mayContain)),
        )

    def _claim(self, iri: str) -> Claim | None:
        question = self.value(iri, con.answers)
        if question is None:
            return None
        modality = self.value(iri, con.modality)
        return Claim(
            iri=iri,
            question=question,
            stated_in=self.value(iri, con.statedIn) or "",
            stance=(self.value(iri, con.stance) or "").rpartition("/")[2],
            modality=modality.rpartition("/")[2] if modality else None,
            figure=self._figure(iri),
            object=self.value(iri, con.object),
            date=self.value(iri, con.date),
            no_value=self.value(iri, con.noValue),
            during=self.value(iri, con.holdsDuring),
            later_than=tuple(self.values(iri, con.laterThan)),
            contrasted_with=tuple(self.values(iri, con.contrastedWith)),
            cites=tuple(self.values(iri, con.cites)),
            withdrawn=bool(self.values(iri, prov.wasInvalidatedBy)),
            role=self.value(iri, con.role),
            on_side=self.value(iri, con.onSide),
            text=self.value(iri, con.text),
            certainty=tail(self.value(iri, con.certainty)) or None,
            attribution=self.value(iri, con.attribution),
            page=self.value(iri, con.page) or self.value(iri, con.section),
            notes=tuple(sorted(int(n) for n in self.values(iri, con.note) if n.isdecimal())),
        )

    def _figure(self, iri: str) -> Figure | None:
        comparator = self.value(iri, con.comparator)
        if comparator is None:
            return None
        point, low, high = (
            _number(iri, self.value(iri, p)) for p in (con.point, con.low, con.high)
        )
        return Figure(comparator.rpartition("/")[2], point, low, high)


def _literal(term: ox.NamedNode | ox.Literal) -> TypeGuard[ox.Literal]:
    return isinstance(term, ox.Literal)


def _number(iri: str, text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        return Fraction(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        raise FigureError(
            f"{text!r} is no number", where=f"<{iri}>", hint="write it with digits: 2000"
        ) from None
