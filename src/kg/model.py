"""The claims of a dataset as Python values: what figures, lineage and derive compute on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import pyoxigraph as ox

from kg.errors import FigureError
from kg.figures import Figure
from kg.names import con, prov, rdf

__all__ = ["Citation", "Claim", "Facts"]


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
        )

    def _figure(self, iri: str) -> Figure | None:
        comparator = self.value(iri, con.comparator)
        if comparator is None:
            return None
        point, low, high = (
            _number(iri, self.value(iri, p)) for p in (con.point, con.low, con.high)
        )
        return Figure(comparator.rpartition("/")[2], point, low, high)


def _number(iri: str, text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        return Fraction(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        raise FigureError(
            f"{text!r} is no number", where=f"<{iri}>", hint="write it with digits: 2000"
        ) from None
