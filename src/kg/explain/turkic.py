"""What Turkish and Azerbaijani share: vowel harmony, how a number is spoken at its end, and
sentences whose words bear the endings of cases.

A suffix takes its vowel from the last vowel of the word before it. A number is read aloud for
this: its last spoken word decides, so that 6.000 takes the suffix of *bin* and 2022 that of *iki*.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

from kg.explain.labels import Forms, Name
from kg.explain.language import Language, Voice
from kg.explain.when import Moment, When

__all__ = ["Harmony", "Turkic", "common"]


class Harmony:
    """Vowel harmony over one alphabet and one set of number words."""

    def __init__(self, front_open: str, numbers: Mapping[int, str]) -> None:
        self.front_open = front_open  # e in Turkish, ə in Azerbaijani
        self._numbers = numbers

    def spoken(self, digits: str) -> str:
        """The last word of a whole number read aloud: ``6000`` gives the word for thousand."""
        value = int(digits)
        if value == 0:
            return self._numbers[0]
        for step in (10, 100):
            if value % step:
                return self._numbers[value % step]
        for power in (10**9, 10**6, 10**3):
            if value % power == 0:
                return self._numbers[power]
        return self._numbers[100]

    def ends_in_vowel(self, word: str) -> bool:
        """Whether a word ends in a vowel."""
        return self.low(word)[-1:] in _VOWELS

    def two(self, word: str) -> str:
        """The open vowel that follows: a, or e/ə."""
        return "a" if self._last_vowel(word) in "aıou" else self.front_open

    def four(self, word: str) -> str:
        """The close vowel that follows: ı, i, u or ü."""
        last = self._last_vowel(word)
        for vowels, close in (("aı", "ı"), ("ou", "u"), ("öü", "ü")):
            if last in vowels:
                return close
        return "i"

    def hard(self, word: str) -> bool:
        """Whether a word ends in a voiceless consonant (which hardens d to t in Turkish)."""
        return self.low(word)[-1:] in "fstkçşhp"

    def word(self, text: str) -> str | None:
        """The word by which a suffix is chosen: the last of a text, a number as it is spoken.

        None where a text ends in something that no suffix can follow, like a bracket.
        """
        number = _NUMBER.search(text)
        if number:
            return self.spoken(re.sub(r"\D", "", number.group()))
        return text.rsplit(maxsplit=1)[-1] if text[-1:].isalpha() else None

    def _last_vowel(self, word: str) -> str:
        return next((c for c in reversed(self.low(word)) if c in _VOWELS), "i")

    @staticmethod
    def low(word: str) -> str:
        """A word in small letters, its i with and without a dot kept apart; no circumflex."""
        low = word.replace("I", "ı").replace("İ", "i").lower()
        return low.translate(_FOLDED)


class Turkic(Language):
    """What the sentences of both have in common: names and figures bear the endings of cases."""

    harmony: ClassVar[Harmony]
    mark: ClassVar[str]
    """What stands between a figure and its ending."""
    with_: ClassVar[str]
    """The word between two that are named together."""
    bodies: ClassVar[frozenset[str]]
    """Last words of names of bodies, which bear the suffix of possession: *Ordusu*, its army."""

    @abstractmethod
    def suffix(self, case: str, word: str, *, possessed: bool = False) -> str:
        """The ending of a case on a word: ``dative``, ``ablative``, ``accusative``, ``genitive``.

        A `possessed` word already bears its suffix and takes an n before the case.
        """

    @abstractmethod
    def stem(self, word: str) -> str:
        """A word before a suffix that begins with a vowel."""

    @abstractmethod
    def name_in(self, case: str, name: Name) -> str | None:
        """A name with the ending of a case; None where no suffix can follow it."""

    @abstractmethod
    def moment_in(self, case: str, moment: Moment) -> str:
        """A day, month or year with the ending of a case."""

    def capital(self, text: str) -> str:
        return ("İ" + text[1:]) if text.startswith("i") else super().capital(text)

    def number_in(self, case: str, number: Fraction) -> str:
        """A figure with the ending of a case."""
        text = self.number(number)
        return f"{text}{self.mark}{self.suffix(case, self.harmony.word(text) or '')}"

    def counted_in(self, case: str, number: Fraction, unit: Forms | None) -> str:
        """A figure with its unit, the unit with the ending."""
        if unit is None:
            return self.number_in(case, number)
        if unit.name.mark:
            return f"{self.number_in(case, number)} ({unit.name})"
        word = unit.name.text
        ending = self.suffix(case, word, possessed=_owned(word))
        before_vowel = case == "dative" and not self.harmony.ends_in_vowel(word)
        return f"{self.number(number)} {self.stem(word) if before_vowel else word}{ending}"

    def counted(self, number: Fraction, unit: Forms | None, category: str | None = None) -> str:
        """A figure with its unit, which stays in the singular."""
        if unit is None:
            return self.number(number)
        return f"{self.number(number)} {f'({unit.name})' if unit.name.mark else unit.name.text}"

    def forms(self, number: Fraction, unit: Forms | None) -> dict[str, str]:
        counted = self.counted(number, unit)
        return {
            "counted": counted,
            "unit": counted.removeprefix(self.number(number)),
            "to_number": self.number_in("dative", number),
            "from_number": self.number_in("ablative", number),
            "to": self.counted_in("dative", number, unit),
            "from_": self.counted_in("ablative", number, unit),
        }

    def upper_end(self, number: Fraction, unit: Forms | None) -> str:
        return self.counted(number, unit)

    def time(self, when: When) -> str:
        first, last = when.first, when.last
        if when.span == "at" and first:
            return self.moment(first)
        if when.span == "from" and first:
            return self.phrase("from", first=self.moment_in("ablative", first))
        if when.span == "until" and last:
            return self.phrase("until", last=self.moment_in("dative", last))
        if first and last and when.span == "lasting":
            since, until = self.moment_in("ablative", first), self.moment_in("dative", last)
            return f"{since} {self.phrase('until', last=until)}"
        if first and last:
            return self.phrase("range", low=self.moment(first), high=self.moment(last))
        return when.raw

    def says(self, work: Name, stance: str, voice: Voice | None) -> str:
        after = self.name_in("dative", work) if stance == "endorses" and voice is None else None
        return (
            f"{self.phrase('after', work=after)}:" if after else super().says(work, stance, voice)
        )

    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        def at(case: str, name: Name, kind: str) -> str:
            inflected = self.name_in(case, name) or str(name)
            return f"{inflected} ({kind})" if kind else inflected

        steps = [at("ablative", *chain[0]), *(at("dative", *link) for link in chain[1:])]
        path = f"{steps[0]} {', ondan '.join(steps[1:])}"
        return self.phrase("hearsay", path=path, work=self.name_in("dative", work) or work)

    def together(self, refs: Sequence[str]) -> str:
        return f" {self.with_} ".join(refs) if len(refs) == 2 else self.listed(refs)

    def set_against(self, refs: Sequence[str]) -> str:
        last = self.suffix("accusative", self.harmony.word(refs[-1].strip("()")) or "")
        return self.phrase("set against", all=f"{self.together(refs)}{self.mark}{last}")

    def contradiction(self, refs: Sequence[str], holder: Name) -> str:
        of = self.name_in("genitive", holder) or str(holder)
        return self.phrase("contradiction", all=self.together(refs), holder=of)

    def by(self, work: Name) -> str:
        after = self.name_in("dative", work)
        return self.phrase("after", work=after) if after else self.phrase("in the work", work=work)

    def numbered(self, parts: int) -> str:
        return self.phrase("numbered", parts=self.words(parts))

    def unnumbered(self, parts: int) -> str:
        return self.phrase("unnumbered", parts=self.words(parts))

    def lines(self, count: int) -> str:
        return self.words(count)

    def broken(self, lines: int) -> str:
        return self.phrase("broken", lines=self.capital(self.words(lines)))

    def start(self, number: Fraction, unit: Forms | None) -> str:
        return self.counted_in("ablative", number, unit)

    def end(self, number: Fraction, unit: Forms | None) -> str:
        return self.counted_in("dative", number, unit)

    def owned(self, name: str) -> bool:
        """Whether a name bears the suffix of possession: *Türk askeri*, *Ali Osman oğlu*.

        A last word with a capital is a family name (*Hacı Ali*), but for those of `bodies`.
        """
        last = name.rsplit(maxsplit=1)[-1]
        return last in self.bodies or (common(last) and last not in _TITLES and _owned(name))


def common(word: str) -> bool:
    """Whether a word is written as no proper name."""
    return word[:1].islower()


def _owned(unit: str) -> bool:
    """Whether a unit is a compound that bears the suffix of possession: *telefon hattı*."""
    words = unit.split()
    return len(words) > 1 and words[-1][-1:] in "ıiuü"


# The digits at the end of a text: thousands are set off, decimals are read by their own digits.
_NUMBER = re.compile(r"\d+(?:[.\u00a0]\d{3})*$")
_VOWELS = "aeıioöuüə"
_TITLES = frozenset({"efendi", "əfəndi"})
_FOLDED = str.maketrans("âîûáéíóúàèìòù", "aiuaeiouaeiou")
