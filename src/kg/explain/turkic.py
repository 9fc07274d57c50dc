"""What Turkish and Azerbaijani share: vowel harmony, and how a number is spoken at its end.

A suffix takes its vowel from the last vowel of the word before it. A number is read aloud for
this: its last spoken word decides, so that 6.000 takes the suffix of *bin* and 2022 that of *iki*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["Harmony"]


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
        return self._low(word)[-1:] in _VOWELS

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
        return self._low(word)[-1:] in "fstkçşhp"

    def word(self, text: str) -> str | None:
        """The word by which a suffix is chosen: the last of a text, a number as it is spoken.

        None where a text ends in something that no suffix can follow, like a bracket.
        """
        number = _NUMBER.search(text)
        if number:
            return self.spoken(re.sub(r"\D", "", number.group()))
        return text.rsplit(maxsplit=1)[-1] if text[-1:].isalpha() else None

    def _last_vowel(self, word: str) -> str:
        return next((c for c in reversed(self._low(word)) if c in _VOWELS), "i")

    @staticmethod
    def _low(word: str) -> str:
        low = word.replace("I", "ı").replace("İ", "i").lower()
        return low.translate(_FOLDED)


# The digits at the end of a text: thousands are set off, decimals are read by their own digits.
_NUMBER = re.compile(r"\d+(?:[.\u00a0]\d{3})*$")
_VOWELS = "aeıioöuüə"
_FOLDED = str.maketrans("âîûáéíóúàèìòù", "aiuaeiouaeiou")
