"""What each language has to know to say the clauses of an explanation.

A language is given names and figures, never IRIs, and puts them into its own sentences. Number
formats, plural categories and the names of months are those of CLDR, by Babel; sentences and
inflection are ours.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import format_decimal

from kg.explain.labels import Forms, Name
from kg.explain.when import Moment, When
from kg.figures import Figure, Kind

__all__ = ["Language", "Voice"]


class Voice:
    """Who is said to speak: a name, and what else is known of the voice.

    It is `described` where the data word it in the language; else its name is that of the speaker,
    or of the kind of voice.
    """

    def __init__(self, name: Name, details: Sequence[Name] = (), *, described: bool) -> None:
        self.name = name
        self.details = tuple(details)
        self.described = described

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.name, *self.details))


class Language(ABC):
    """One language: its numbers, its dates, its sentences. Every method gives finished text."""

    code: ClassVar[str]
    quotes: ClassVar[tuple[str, str]]
    conjunction: ClassVar[str]
    small: ClassVar[tuple[str, ...]]
    """The numbers from one to ten as words, as they stand before a noun."""
    languages: ClassVar[dict[str, str]]
    """The names of languages in this one, as the notice on borrowed names needs them."""
    differences: ClassVar[dict[str, str]]
    """In what two questions can differ, by the names of `rivals`."""
    doubts: ClassVar[dict[str, str]]
    """Why a citation deserves a second look, by the reasons of `lineage`."""
    reasons: ClassVar[dict[str, str]]
    """Why a policy leaves a claim out, by the name of the policy (or stance)."""

    # --- Numbers, dates, lists

    def number(self, number: Fraction) -> str:
        """Digits with the separators of the language."""
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        return format_decimal(exact, locale=self.code)

    def category(self, number: Fraction) -> str:
        """The plural category of a number: one, few, many, other."""
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        return str(Locale.parse(self.code).plural_form(exact))

    def words(self, count: int) -> str:
        """A small count as a word, a larger one in digits."""
        return self.small[count - 1] if 0 < count <= len(self.small) else str(count)

    def month(self, number: int, *, alone: bool = False) -> str:
        """The name of a month, as it stands in a date or alone."""
        names = get_month_names("wide", "stand-alone" if alone else "format", locale=self.code)
        return str(names[number])

    def quote(self, text: str) -> str:
        """A text between the quotation marks of the language."""
        return f"{self.quotes[0]}{text}{self.quotes[1]}"

    def listed(self, items: Sequence[str]) -> str:
        """Items with commas, and a conjunction before the last."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.conjunction} {items[-1]}"

    def capital(self, text: str) -> str:
        """The text with a capital at its beginning."""
        return text[:1].upper() + text[1:]

    def percent(self, share: Fraction) -> str:
        """A share as a number of hundredths."""
        return self.number(share * 100)

    @abstractmethod
    def figure(self, figure: Figure, unit: Forms | None, *, hedged: bool = False) -> str:
        """A figure with its unit, as its comparator bounds it; `hedged` is a hedged range."""

    @abstractmethod
    def moment(self, moment: Moment) -> str:
        """A day, month, season or year."""

    @abstractmethod
    def time(self, when: When) -> str:
        """When something was so, as an adverb: “until 31 March 1915”."""

    # --- Sentences: who says what

    @abstractmethod
    def count(self, claims: int, works: int) -> str:
        """How many claims of how many works answer the question."""

    @abstractmethod
    def one_of(self, claims: int) -> str:
        """That this claim is one of so many answers."""

    @abstractmethod
    def says(self, work: Name, stance: str, voice: Voice | None) -> str:
        """Who says what follows, and how the work stands to it; up to the colon."""

    @abstractmethod
    def page(self, page: str) -> str:
        """A page or pages, by the abbreviation of the language."""

    @abstractmethod
    def notes(self, notes: str) -> str:
        """The notes."""

    @abstractmethod
    def cites(self, works: Sequence[str], notes: int) -> str:
        """What the note, or the notes, or a text without a note point to."""

    @abstractmethod
    def reason(self, text: str) -> str:
        """Why the author doubts or rejects it."""

    @abstractmethod
    def withdrawn(self, reason: str) -> str:
        """That a claim was withdrawn, and why."""

    @abstractmethod
    def modality(self, label: str) -> str:
        """That something was only planned, ordered and so on."""

    @abstractmethod
    def certainty(self, label: str) -> str:
        """How certain the work calls it."""

    @abstractmethod
    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        """From whom to whom the word passed: voices with their kinds, from the origin on."""

    # --- Sentences: how claims stand to each other

    @abstractmethod
    def standing(self, kind: Kind, refs: Sequence[str]) -> str:
        """How claims stand to each other, each pair of them in the same way."""

    @abstractmethod
    def set_against(self, refs: Sequence[str]) -> str:
        """That the author sets claims against each other."""

    @abstractmethod
    def contradiction(self, refs: Sequence[str], holder: Name) -> str:
        """That one voice contradicts itself."""

    @abstractmethod
    def not_comparable(self, title: str, answers: str, differs: Sequence[str]) -> str:
        """That figures of a related question are no rivals, and in what the questions differ."""

    @abstractmethod
    def sum(
        self,
        work: Name,
        amount: str,
        subtotal: str | None,
        numbered: int,
        unnumbered: int,
        modality: str | None,
    ) -> str:
        """What the parts add up to; `subtotal` if what may be a subtotal is one."""

    # --- Sentences: what stands behind them, and what is left out

    @abstractmethod
    def support(self, claims: int, works: Sequence[str]) -> str:
        """The independent lines behind the answers."""

    @abstractmethod
    def broken(self, lines: int) -> str:
        """The lines that break off at a short form which nothing resolves."""

    @abstractmethod
    def same_file(self, refs: Sequence[str], record: str, *, leaf: bool) -> str:
        """That claims cite one archival file, perhaps one leaf of it."""

    @abstractmethod
    def second_look(self, works: Sequence[str]) -> str:
        """The cited works that deserve a second look."""

    @abstractmethod
    def envelope(self, low: Fraction | None, high: Fraction | None, unit: Forms | None) -> str:
        """How far the figures reach together; None is an end that is not known."""

    @abstractmethod
    def width(self, share: Fraction) -> str:
        """How far “about” was taken to reach."""

    @abstractmethod
    def left_out(self, policy: str, what: str, why: str) -> str:
        """A claim that a policy leaves out."""

    @abstractmethod
    def cite_as(self, citation: str, address: str) -> str:
        """How to quote a claim."""

    @abstractmethod
    def borrowed(self, code: str) -> str:
        """That what is marked with this code has no name in the language."""
