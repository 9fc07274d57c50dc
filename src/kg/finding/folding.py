"""Spellings of one name are made one: letters without marks, in Latin; and, more coarsely, sound.

`fold` takes case, marks and scripts away (Hüseyin, HÜSEYİN, Гусейн in Latin letters); `sound` takes
away what transcriptions differ in (Huseyn, Gusein and Hüseyin are one). Both work word by word, so
that what was found can be shown in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Word", "fold", "sound", "words"]

# A number with its thousands apart is one word; marks that stand alone belong to their letter, and
# apostrophe-like letters to the word around them.
_WORD = re.compile(
    r"\d+(?:[.,\u00a0\u202f]\d{3})+(?!\d)"
    r"|[^\W_](?:[^\W_]|[\u0300-\u036f\u064b-\u0652\u02b0-\u02ff])*"
)

# Letters that decomposition leaves alone.
_LATIN = {"ı": "i", "ə": "e", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe"}
_LATIN |= {"đ": "d", "ð": "d", "þ": "th", "ŋ": "n", "ħ": "h"}
_LATIN |= dict.fromkeys("ʹʺʻʼʽʾʿˈ", "")

# й and ё have lost their marks by then. The second row: Azerbaijani and Ukrainian.
_CYRILLIC = dict(
    zip(
        "а б в г д е ж з и к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я".split(),
        "a b v g d e zh z i k l m n o p r s t u f kh ts ch sh shch _ i _ e yu ya".split(),
        strict=True,
    )
) | dict(
    zip(
        "ә ғ ҝ ҹ һ ө ү ј қ ң і є ґ ѣ ѳ ѵ".split(),
        "e g g c h o u y q n i e g e f i".split(),
        strict=True,
    )
)
_GEORGIAN = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h".split(),
        strict=True,
    )
)
_ARMENIAN = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
        "a b g d e z e e t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o "
        "f".split(),
        strict=True,
    )
)
_LETTERS = str.maketrans(
    {
        letter: "" if latin == "_" else latin
        for table in (_LATIN, _CYRILLIC, _GEORGIAN, _ARMENIAN)
        for letter, latin in table.items()
    }
)

# What one language writes with two letters and another with one, longest first; then vowels, which
# transcription treats most freely.
_SOUNDS = (
    ("shch", "s"),
    ("dzh", "c"),
    ("sh", "s"),
    ("ch", "c"),
    ("zh", "c"),
    ("dj", "c"),
    ("kh", "h"),
    ("gh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("j", "c"),
    ("q", "k"),
    ("x", "h"),
    ("g", "h"),
    ("w", "v"),
    ("y", "i"),
    ("e", "a"),
    ("o", "u"),
)
_GLIDE = re.compile(r"i(?=[au])")
_TWICE = re.compile(r"(.)\1+")
_LAST = {"b": "p", "d": "t"}


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, and where it stands in the text as written."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text in order. ``22.000`` is one; what folds to nothing is none."""
    found = []
    for match in _WORD.finditer(text):
        folded = fold(match.group())
        if folded:
            found.append(Word(folded, match.start(), match.end()))
    return found


def fold(text: str) -> str:
    """Lower case, Latin, without marks: ``Hüseyin`` and ``HÜSEYİN`` are ``huseyin``.

    Of a number only the digits are left. Arabic and Hebrew letters stay as they are.
    """
    if text[:1].isdigit():
        text = re.sub(r"[.,\u00a0\u202f](?=\d{3})", "", text)
    text = unicodedata.normalize("NFKD", text.casefold()).replace("ու", "u")
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """What is left of a folded word when spellings of the same sound are one; ``""`` where that
    is too little to tell names apart.
    """
    if not word.isalpha():
        return ""
    for letters, one in _SOUNDS:
        word = word.replace(letters, one)
    word = _TWICE.sub(r"\1", _GLIDE.sub("", word))
    word = word[:-1] + _LAST.get(word[-1:], word[-1:])
    return word if len(word) > 2 else ""
