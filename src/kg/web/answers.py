"""Answers of claims in the reader's language: figures with their unit, dates and times in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from kg.explain import LANGUAGES
from kg.explain.labels import Labels
from kg.explain.when import when
from kg.figures import Figure
from kg.model import Claim, Facts
from kg.names import con

__all__ = ["Answers"]


@dataclass(frozen=True)
class Answers:
    """Puts the answers of claims into one language."""

    facts: Facts
    language: str

    @cached_property
    def _claims(self) -> dict[str, Claim]:
        return {claim.iri: claim for claim in self.facts.claims()}

    def figure(self, claim: Claim, *, unit: bool = True) -> str:
        """A figure as its comparator bounds it; empty for a claim without one."""
        if claim.figure is None:
            return ""
        counted = self.facts.value(claim.question, con.unitCounted) if unit else None
        forms = Labels(self.facts, self.language).unit(counted) if counted else None
        hedged = self.facts.value(claim.iri, con.approximate) in ("true", "1")
        given = claim.figure
        if given.low is None or given.high is None:
            return LANGUAGES[self.language].figure(given, forms, hedged=hedged)
        # A range as tables write it: as one number is said, and then with both ends.
        one = Figure("about" if hedged else "exactly", given.high)
        said = LANGUAGES[self.language].figure(one, forms)
        high = self.number(given.high)
        return said.replace(high, f"{self.number(given.low)}–{high}", 1)

    def short(self, claim: Claim) -> str:
        """The answer in few words, without a unit or time."""
        said = self.bare(claim)
        if claim.figure:
            return said
        return self._ours(claim, "date" if claim.date else "object", said)

    def bare(self, claim: Claim) -> str:
        """The same without the brackets of what is ours."""
        if claim.figure:
            return self.figure(claim, unit=False)
        if claim.date:
            return self.time(claim.date)
        labels = Labels(self.facts, self.language)
        text = labels.text(claim.iri, "text")
        return text.text if text else labels.name(claim.object or claim.no_value or "").text

    def words(self, iri: str) -> str:
        """The answer of a claim, by its IRI, where it is a figure or a date; else nothing: names
        and texts carry their language and are shown with it.
        """
        claim = self._claims.get(iri)
        if claim is None:
            return ""
        return self.figure(claim) or (self.short(claim) if claim.date else "")

    def during(self, claim: Claim) -> str:
        """When a claim holds; empty where it does not say."""
        return self._ours(claim, "holdsDuring", self.time(claim.during)) if claim.during else ""

    def _ours(self, claim: Claim, what: str, said: str) -> str:
        return LANGUAGES[self.language].supplied(said) if what in claim.supplied else said

    def time(self, edtf: str) -> str:
        """An EDTF date in words; one of a form that has none stays as it is."""
        return LANGUAGES[self.language].time(when(edtf))

    def page(self, page: str) -> str:
        """A page or pages with the abbreviation of the language; a section as it is called."""
        return LANGUAGES[self.language].page(page)

    def notes(self, notes: str) -> str:
        """The notes, with the word of the language."""
        return LANGUAGES[self.language].notes(notes)

    def number(self, number: Fraction) -> str:
        """A number with the separators of the language."""
        return LANGUAGES[self.language].number(number)
