"""What each language has to know to say the clauses of an explanation.

A language is given names and figures, never IRIs. Its sentences are `phrases`, templates by the
name of the clause; the frame here fills them. Where words agree or bend, a language has a method
of its own. Number formats, plural categories and the names of months are those of CLDR, by Babel;
sentences and inflection are ours.
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

    It is `described` where the data word it and the language takes that over; else its name is that
    of the speaker, or of the kind of voice.
    """

    def __init__(self, name: Name, details: Sequence[Name] = (), *, described: bool) -> None:
        self.name = name
        self.details = tuple(details)
        self.described = described

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.name, *self.details))


class Language(ABC):
    """One language: its numbers, its dates, its sentences. Methods give finished text."""

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
    pages: ClassVar[tuple[str, str]]
    """The abbreviation before one page, and before several."""
    note_words: ClassVar[tuple[str, str]]
    """The word before one note, and before several."""
    phrases: ClassVar[dict[str, str]]
    """The templates of sentences; every language has those that the frame names."""
    describes: ClassVar[bool] = False
    """Whether a voice is named as the data describe it, where they do; else by speaker and kind,
    which can be inflected and stand in brackets."""

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

    def supplied(self, text: str) -> str:
        """What the work does not print at that place, between the brackets of editors."""
        return f"[{text}]"

    def listed(self, items: Sequence[str]) -> str:
        """Items with commas, and a conjunction before the last."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.conjunction} {items[-1]}"

    def capital(self, text: str) -> str:
        """The text with a capital at its beginning."""
        return text[:1].upper() + text[1:]

    def phrase(self, name: str, **parts: object) -> str:
        """A template filled."""
        return self.phrases[name].format(**parts)

    def one_or_more(self, name: str, count: int, **parts: object) -> str:
        """The template for one thing, or for more."""
        return self.phrase(f"{name}, {'more' if count > 1 else 'one'}", **parts)

    def figure(self, figure: Figure, unit: Forms | None, *, hedged: bool = False) -> str:
        """A figure with its unit, as its comparator bounds it; `hedged` is a hedged range."""
        if figure.point is None:
            assert figure.low is not None and figure.high is not None
            low, high = self.number(figure.low), self.upper_end(figure.high, unit)
            return self.phrase("range, hedged" if hedged else "range", low=low, high=high)
        return self.phrase(figure.comparator, **self.forms(figure.point, unit))

    @abstractmethod
    def forms(self, number: Fraction, unit: Forms | None) -> dict[str, str]:
        """A figure with its unit in the forms that the templates of comparators ask for; among
        them ``counted``, as it stands alone.
        """

    @abstractmethod
    def upper_end(self, number: Fraction, unit: Forms | None) -> str:
        """The upper end of a range, with the unit."""

    def counted(self, number: Fraction, unit: Forms | None, category: str | None = None) -> str:
        """A figure with its unit in the form of a plural category, its own unless told."""
        if unit is None:
            return self.number(number)
        form = unit.of(category or self.category(number))
        return f"{self.number(number)} {form}" if form else f"{self.number(number)} ({unit.name})"

    @abstractmethod
    def moment(self, moment: Moment) -> str:
        """A day, month, season or year."""

    @abstractmethod
    def time(self, when: When) -> str:
        """When something was so, as an adverb: “until 31 March 1915”."""

    # --- Sentences: who says what

    def count(self, claims: int, works: int) -> str:
        """How many claims of how many works answer the question."""
        if not claims:
            return self.phrase("count, none")
        return self.capital(self.phrase("count", **self.agreed(claims, works)))

    def agreed(self, claims: int, works: int) -> dict[str, str]:
        """Counts of claims and works, as the template of `count` asks for them."""
        return {"claims": self.words(claims), "works": self.words(works)}

    def one_of(self, claims: int) -> str:
        """That this claim is one of so many answers."""
        if claims == 1:
            return self.phrase("one of, alone")
        return self.phrase("one of", answers=self.answers(claims))

    def answers(self, count: int) -> str:
        """So many answers, of which there is one."""
        return self.words(count)

    def says(self, work: Name, stance: str, voice: Voice | None) -> str:
        """Who says what follows, and how the work stands to it; up to the colon."""
        if voice is None:
            return f"{work} {self.phrase(stance)}:"
        return f"{work} {self.phrase(f'{stance}, of others')} ({voice}):"

    def page(self, page: str) -> str:
        """A page or pages, by the abbreviation of the language."""
        if not page[:1].isdigit():
            return page
        return f"{self.pages['-' in page]} {page.replace('-', '–')}"

    def notes(self, notes: str) -> str:
        """The notes."""
        return f"{self.note_words[',' in notes]} {notes}"

    def cites(self, works: Sequence[str], notes: int) -> str:
        """What the note, or the notes, or a text without a note point to."""
        where = self.phrase(("cites, text", "cites, note", "cites, notes")[min(notes, 2)])
        return self.one_or_more("cites", len(works), where=where, works="; ".join(works))

    def reason(self, text: str) -> str:
        """Why the author doubts or rejects it."""
        return self.phrase("reason", text=text)

    def withdrawn(self, reason: str) -> str:
        """That a claim was withdrawn, and why."""
        return self.phrase("withdrawn", reason=reason)

    def modality(self, label: str) -> str:
        """That something was only planned, ordered and so on."""
        return self.phrase("modality", label=label)

    def certainty(self, label: str) -> str:
        """How certain the work calls it."""
        return self.phrase("certainty", label=label)

    def date_rule(self, rule: Name) -> str:
        """By which rule a loose word for a time was read."""
        return self.phrase("date rule", rule=self.quote(str(rule)))

    @abstractmethod
    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        """From whom to whom the word passed: voices with their kinds, from the origin on."""

    # --- Sentences: how claims stand to each other

    def together(self, refs: Sequence[str]) -> str:
        """Claims by their numbers."""
        return self.listed(refs)

    def standing(self, kind: Kind, refs: Sequence[str]) -> str:
        """How claims stand to each other, each pair of them in the same way."""
        return self.phrase(kind, all=self.together(refs))

    def set_against(self, refs: Sequence[str]) -> str:
        """That the author sets claims against each other."""
        return self.phrase("set against", all=self.together(refs))

    def contradiction(self, refs: Sequence[str], holder: Name) -> str:
        """That one voice says two things which, as read here, exclude each other."""
        return self.phrase("contradiction", all=self.together(refs), holder=holder)

    def not_comparable(self, title: str, answers: str, differs: Sequence[str]) -> str:
        """That figures of a related question are no rivals, and in what the questions differ."""
        what = self.phrase("beside", title=self.quote(title), answers=answers)
        return f"{what} {self.one_or_more('differ', len(differs), what=self.listed(differs))}"

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
        text = self.phrase("sum", work=self.by(work), plan=_plan(modality), amount=amount)
        if subtotal:
            text += self.phrase("sum, subtotal", amount=subtotal)
        some = self.capital(self.numbered(numbered))
        return f"{text}. {some}{self.unnumbered(unnumbered) if unnumbered else ''}."

    def by(self, work: Name) -> str:
        """A work, as the template of `sum` asks for it."""
        return str(work)

    @abstractmethod
    def numbered(self, parts: int) -> str:
        """That so many parts have a number."""

    @abstractmethod
    def unnumbered(self, parts: int) -> str:
        """That so many have none, after what `numbered` says."""

    # --- Sentences: what stands behind them, and what is left out

    def support(self, claims: int, works: Sequence[str]) -> str:
        """The independent lines behind the answers."""
        these = self.one_or_more("these", claims)
        if not works:
            return self.phrase("support, none", these=these)
        lines = self.lines(len(works))
        text = self.phrase("support", these=these, lines=lines, works="; ".join(works))
        return self.capital(text)

    @abstractmethod
    def lines(self, count: int) -> str:
        """So many independent lines, with their verb where the template of `support` has none."""

    @abstractmethod
    def broken(self, lines: int) -> str:
        """The lines that break off at a short form which nothing resolves."""

    def same_file(self, refs: Sequence[str], record: str, *, leaf: bool) -> str:
        """That claims cite one archival file, perhaps one leaf of it."""
        name = "same leaf" if leaf else "same file"
        return self.phrase(name, all=self.together(refs), record=record)

    def second_look(self, works: Sequence[str]) -> str:
        """The cited works that deserve a second look."""
        return self.phrase("second look", works="; ".join(works))

    def envelope(
        self,
        low: Fraction | None,
        high: Fraction | None,
        unit: Forms | None,
        modality: str | None = None,
    ) -> str:
        """How far the figures reach together; None is an end that is not known."""
        name = f"envelope, {'?' if low is None else 'low'} to {'?' if high is None else 'high'}"
        return self.phrase(
            name,
            plan=_plan(modality),
            low="" if low is None else self.start(low, unit if high is None else None),
            high="" if high is None else self.end(high, unit),
        )

    @abstractmethod
    def start(self, number: Fraction, unit: Forms | None) -> str:
        """The lower end, as the templates of `envelope` ask for it."""

    @abstractmethod
    def end(self, number: Fraction, unit: Forms | None) -> str:
        """The upper end, as the templates of `envelope` ask for it."""

    def width(self, share: Fraction) -> str:
        """How far “about” was taken to reach."""
        return self.phrase("width", share=self.number(share * 100))

    def left_out(self, policy: str, what: str, why: str) -> str:
        """A claim that a policy leaves out."""
        return self.phrase("left out", policy=policy, what=what, why=why)

    def cite_as(self, citation: str, address: str) -> str:
        """How to quote a claim."""
        return self.phrase("cite as", citation=citation, address=address)

    def borrowed(self, code: str) -> str:
        """That what is marked with this code has no name in the language."""
        return self.phrase("borrowed", code=code, language=self.languages.get(code, code))


def _plan(modality: str | None) -> str:
    return f" ({modality})" if modality else ""
