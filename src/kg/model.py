"""The claims of a dataset as Python values: what figures, lineage and derive compute on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TypeGuard

import pyoxigraph as ox

from kg.errors import FigureError
from kg.figures import Figure
from kg.names import con, dcterms, prov, rdf, rdfs, skos

__all__ = ["Citation", "Claim", "Facts", "Question", "StoredFacts", "natural", "tail"]

Term = ox.NamedNode | ox.Literal

_TYPE = rdf["type"].value
_LONGEST = 300
"""Digits of a figure: 1E999999999 is a short text, and a number that fills the memory."""


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
    """One answer to one question. Times and dates are EDTF texts, values the terms as stored.

    `supplied` names what the work does not print there and the reader supplied from the context:
    ``holdsDuring``, ``date``, ``object``; `date_rule` is the rule that made days of a loose word.
    """

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
    supplied: frozenset[str] = frozenset()
    date_rule: str | None = None


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
        table: dict[str, dict[str, list[Term]]] = {}
        # Each predicate, and each thing that is pointed to, is kept once, not once a quad.
        predicates: dict[ox.NamedNode, str] = {}
        things: dict[ox.NamedNode, ox.NamedNode] = {}
        for quad in quads:
            subject, value = quad.subject, quad.object
            if isinstance(value, ox.NamedNode):
                value = things.setdefault(value, value)
            elif not isinstance(value, ox.Literal):
                continue
            if not isinstance(subject, ox.NamedNode):
                continue
            predicate = predicates.get(quad.predicate)
            if predicate is None:
                predicate = predicates.setdefault(quad.predicate, quad.predicate.value)
            objects = table.setdefault(subject.value, {}).setdefault(predicate, [])
            if value not in objects:
                objects.append(value)
        self._table = table
        self._claims: dict[str, Claim | None] = {}
        self._pointing: dict[str, dict[str, list[str]]] = {}

    def row(self, subject: str) -> Mapping[str, Sequence[Term]]:
        """What is said of a subject: its objects by predicate."""
        return self._table.get(subject, {})

    def values(self, subject: str, predicate: ox.NamedNode) -> list[str]:
        """The objects of a subject under a predicate, as texts (IRIs or lexical forms), sorted."""
        return _texts(self.row(subject), predicate)

    def value(self, subject: str, predicate: ox.NamedNode) -> str | None:
        """The first of `values`, or None."""
        return _first(self.row(subject), predicate)

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

    def thing(self, subject: str, predicate: ox.NamedNode) -> str | None:
        """The IRI that a subject points to by a predicate, the first of several; None for text."""
        return _thing(self.row(subject), predicate)

    def subjects(self) -> list[str]:
        """Everything that the quads say something about, sorted."""
        return sorted(self._table)

    def instances(self, kind: ox.NamedNode) -> list[str]:
        """The subjects of that rdf:type, sorted."""
        return self.pointing(rdf["type"], kind.value)

    def pointing(self, predicate: ox.NamedNode, iri: str) -> list[str]:
        """The subjects that point to something by a predicate, sorted."""
        known = self._pointing.get(predicate.value)
        if known is None:
            known = self._pointing[predicate.value] = defaultdict(list)
            for subject, said in self._table.items():
                for value in said.get(predicate.value, ()):
                    if isinstance(value, ox.NamedNode):
                        known[value.value].append(subject)
        return sorted(known.get(iri, ()))

    def is_a(self, iri: str, kind: ox.NamedNode) -> bool:
        """Whether something is of that rdf:type."""
        return kind in self.row(iri).get(_TYPE, ())

    def claims(self, iris: Iterable[str] | None = None) -> list[Claim]:
        """The claims that answer a question, sorted by IRI; withdrawn ones too. With `iris`, those
        of them that are claims.
        """
        found = []
        for iri in self._those(iris, con.Claim):
            if iri not in self._claims:
                self._claims[iri] = self._claim(iri)
            claim = self._claims[iri]
            if claim is not None:
                found.append(claim)
        return found

    def citations(self, iris: Iterable[str] | None = None) -> Mapping[str, Citation]:
        """All citations by IRI, or those among `iris`."""
        return {iri: self._citation(iri) for iri in self._those(iris, con.Citation)}

    def questions(self, iris: Iterable[str] | None = None) -> Mapping[str, Question]:
        """All questions by IRI, or those among `iris`."""
        return {iri: self._question(iri) for iri in self._those(iris, con.Question)}

    def _those(self, iris: Iterable[str] | None, kind: ox.NamedNode) -> list[str]:
        if iris is None:
            return self.instances(kind)
        return [iri for iri in sorted(set(iris)) if self.is_a(iri, kind)]

    def label(self, iri: str) -> str:
        """A name for people: in English where there is one; empty where there is none."""
        found = self.row(iri)
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

    def branch(self, iri: str) -> tuple[str, ...]:
        """Of what a thing is and lies in, that which excludes only its own, sorted. Two answers of
        different branches (a title and a rank) answer a question beside each other.
        """
        own = ("true", "1")
        around = {iri, *self.around(iri)}
        return tuple(sorted(t for t in around if self.value(t, con.excludesOnlyItsOwn) in own))

    def _question(self, iri: str) -> Question:
        concept = self.thing(iri, con.property) or ""
        return Question(
            iri=iri,
            label=self.label(iri),
            about=self.thing(iri, con.about) or "",
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

    def _citation(self, iri: str) -> Citation:
        said = self.row(iri)
        return Citation(iri, _thing(said, con.work) or "", tail(_first(said, con.resolution)))

    def _claim(self, iri: str) -> Claim | None:
        said = self.row(iri)
        question = _thing(said, con.answers)
        if question is None:
            return None
        return Claim(
            iri=iri,
            question=question,
            stated_in=_thing(said, con.statedIn) or "",
            stance=tail(_first(said, con.stance)),
            modality=tail(_first(said, con.modality)) or None,
            figure=_figure(iri, said),
            object=_thing(said, con.object),
            date=_first(said, con.date),
            no_value=_first(said, con.noValue),
            during=_first(said, con.holdsDuring),
            later_than=tuple(_texts(said, con.laterThan)),
            contrasted_with=tuple(_texts(said, con.contrastedWith)),
            cites=tuple(_texts(said, con.cites)),
            withdrawn=bool(_texts(said, prov.wasInvalidatedBy)),
            role=_first(said, con.role),
            on_side=_first(said, con.onSide),
            text=_first(said, con.text),
            certainty=tail(_first(said, con.certainty)) or None,
            attribution=_thing(said, con.attribution),
            page=_first(said, con.page) or _first(said, con.section),
            notes=tuple(sorted(int(n) for n in _texts(said, con.note) if n.isdecimal())),
            supplied=frozenset(p.rpartition("#")[2] for p in _texts(said, con.supplied)),
            date_rule=_thing(said, con.dateRule),
        )


class StoredFacts(Facts):
    """The same look-ups straight in a store, for who needs a few: those of its named graphs whose
    IRIs do not begin with `without` (the default graph holds copies).

    What was read is kept: the store must not change while this is in use.
    """

    def __init__(self, store: ox.Store, without: str) -> None:
        self._store, self._without = store, without
        self._rows: dict[str, dict[str, list[Term]]] = {}
        self._claims = {}

    def row(self, subject: str) -> Mapping[str, Sequence[Term]]:
        """What is said of a subject: its objects by predicate."""
        found = self._rows.get(subject)
        if found is None:
            found = self._rows[subject] = {}
            node = _node(subject)
            for quad in self._quads(node, None, None) if node else ():
                if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
                    objects = found.setdefault(quad.predicate.value, [])
                    if quad.object not in objects:
                        objects.append(quad.object)
        return found

    def subjects(self) -> list[str]:
        """Everything that the quads say something about, sorted."""
        return _named(self._quads(None, None, None))

    def pointing(self, predicate: ox.NamedNode, iri: str) -> list[str]:
        """The subjects that point to something by a predicate, sorted."""
        node = _node(iri)
        return _named(self._quads(None, predicate, node)) if node else []

    def _quads(
        self, subject: ox.NamedNode | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterator[ox.Quad]:
        for quad in self._store.quads_for_pattern(subject, predicate, value):
            graph = quad.graph_name
            if isinstance(graph, ox.NamedNode) and not graph.value.startswith(self._without):
                yield quad


def _node(text: str) -> ox.NamedNode | None:
    """The node of an IRI; None for a text that is none, as may stand where an IRI should."""
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


def _named(quads: Iterable[ox.Quad]) -> list[str]:
    return sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)})


def _texts(said: Mapping[str, Sequence[Term]], predicate: ox.NamedNode) -> list[str]:
    return sorted(o.value for o in said.get(predicate.value, ()))


def _first(said: Mapping[str, Sequence[Term]], predicate: ox.NamedNode) -> str | None:
    found = said.get(predicate.value)
    return min(o.value for o in found) if found else None


def _thing(said: Mapping[str, Sequence[Term]], predicate: ox.NamedNode) -> str | None:
    found = (o.value for o in said.get(predicate.value, ()) if isinstance(o, ox.NamedNode))
    return min(found, default=None)


def _figure(iri: str, said: Mapping[str, Sequence[Term]]) -> Figure | None:
    comparator = _first(said, con.comparator)
    if comparator is None:
        return None
    point, low, high = (_number(iri, _first(said, p)) for p in (con.point, con.low, con.high))
    return Figure(tail(comparator), point, low, high)


def _literal(term: Term) -> TypeGuard[ox.Literal]:
    return isinstance(term, ox.Literal)


def _number(iri: str, text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        number = Decimal(text[: _LONGEST + 1])
        if len(text) > _LONGEST or (number and abs(number.adjusted()) > _LONGEST):
            raise FigureError(
                f"{text[:20]}… is a number that no history counts",
                where=f"<{iri}>",
                hint=f"at most {_LONGEST} digits, before the point and behind it",
            )
        return Fraction(number)
    except (InvalidOperation, ValueError, OverflowError):
        raise FigureError(
            f"{text[:100]!r} is no number", where=f"<{iri}>", hint="write it with digits: 2000"
        ) from None
