"""The order of names in the reader's language, for lists.

Babel has no collation and the standard library's follows the system's locale, so this is a key of
our own, after the alphabets of the four languages (the same choices as CLDR's tailorings): in
Turkish and Azerbaijani ç, ğ, ı, ö, ş and ü are letters of their own (ı stands before i; in
Azerbaijani ə follows e, x follows h, q follows k); in Russian Cyrillic stands before Latin and ё
counts as е; in English marks count only between names that are alike without them. Digits come
first and by their number (2nd before 11th); punctuation and quotes do not count.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["Key", "key"]

Key = tuple[tuple[tuple[int, int], ...], str]

_ALPHABETS = {
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
}
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_PLAIN = str.maketrans({"ı": "i", "ə": "e", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
_RUNS = re.compile(r"\d+|[^\W\d_]+|[^\w]+|_+")
_DIGITS, _OWN, _OTHER = 0, 1, 3


def key(text: str, language: str) -> Key:
    """What to sort a name by: its letters in the alphabet of the language, then its marks."""
    ranks = _ranks(language)
    letters: list[tuple[int, int]] = []
    for run in _RUNS.findall(_lower(text, language)):
        if run[0].isdecimal():
            letters.append((_DIGITS, int(run[:18])))
        elif run[0].isalpha():
            for letter in unicodedata.normalize("NFC", run):
                if letter in ranks:
                    letters.append((_OWN, ranks[letter]))
                else:
                    letters.extend(_foreign(letter, ranks))
        elif letters and letters[-1] != (_DIGITS, -1) and any(map(str.isspace, run)):
            letters.append((_DIGITS, -1))  # the end of a word comes before any letter
    while letters and letters[-1] == (_DIGITS, -1):
        letters.pop()
    return tuple(letters), unicodedata.normalize("NFC", text)


def _lower(text: str, language: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if language in ("tr", "az"):
        text = text.replace("I", "ı").replace("İ", "i")
    return text.casefold() if "ß" not in text else text.lower()


def _foreign(letter: str, ranks: dict[str, int]) -> list[tuple[int, int]]:
    """A letter outside of the alphabet: as the letters it is made of, else by its code point."""
    found: list[tuple[int, int]] = []
    for part in unicodedata.normalize("NFD", letter.translate(_PLAIN)):
        if unicodedata.combining(part):
            continue
        if part in ranks:
            found.append((_OWN, ranks[part]))
        else:
            found.append((_OTHER, ord(part)))
    return found


@cache
def _ranks(language: str) -> dict[str, int]:
    return {letter: rank for rank, letter in enumerate(_ALPHABETS.get(language, _LATIN))}
