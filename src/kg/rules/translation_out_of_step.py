"""Translations that do not fit the wording that they render."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.names import con
from kg.rules.model import Material, Rule
from kg.shapes import Finding

__all__ = ["RULE", "find", "left_behind", "lost"]

RULE = Rule(
    id="translation-out-of-step",
    severity="warning",
    problem="A translation lacks a number that the wording gives in digits, or only one of the two "
    "marks words left out (…). Separators between digits and words for thousand and million are "
    "understood (15 bin, 15.000 and 15,000 are one number); numbers in words are not looked at. "
    "Withdrawn claims are left out. kg check --changed also names, as info, each translation that "
    "stayed as it was while its wording changed.",
    why="Readers who do not know the language of the work have nothing but the translation; a slip "
    "in it, or a wording mended without it, gives them what the work does not say.",
    solution="Read con:translation against con:wording again and mend whichever is wrong: digits "
    "stay digits, and what is left out is left out of both.",
    valid="""
mine:1 a con:Claim ; con:wording "19.000 ile 22.000 … esir"@tr ;
  con:translation "between 19,000 and 22,000 … prisoners"@en .
mine:2 a con:Claim ; con:wording "15 bin kadar"@tr ; con:translation "около 15 000"@ru .
""",
    invalid="""
mine:1 a con:Claim ; con:wording "19.000 ile 22.000 … esir"@tr ;
  con:translation "between 19,000 and 20,000 … prisoners"@en .
mine:2 a con:Claim ; con:wording "20 bine … ulaştı"@tr ; con:translation "reached 20,000"@en .
""",
)

# A number whose digits stand in groups of three; a plain space may also part two numbers.
_GROUPED, _SPACED = (
    re.compile(rf"\d{{1,3}}(?:([{between}])\d{{3}})(?:\1\d{{3}})*(?!\d)|\d+")
    for between in (".,'’\u00a0\u202f\u2009", ".,'’\u00a0\u202f\u2009 ")
)
# How words for thousand, million and thousand million begin.
_SCALES = {
    "az": {"min": 10**3, "milyon": 10**6, "milyard": 10**9},
    "en": {"thousand": 10**3, "million": 10**6, "billion": 10**9},
    "ru": {"тыс": 10**3, "миллион": 10**6, "млн": 10**6, "миллиард": 10**9, "млрд": 10**9},
    "tr": {"bin": 10**3, "milyon": 10**6, "milyar": 10**9},
}
_ANY = frozenset({10**3, 10**6, 10**9})


def find(material: Material) -> Iterator[Finding]:
    """Translations without a number of their wording, or with other gaps."""
    facts = material.facts
    for claim in material.claims:
        wordings = [t for t in facts.terms(claim, con.wording) if isinstance(t, ox.Literal)]
        translations = [t for t in facts.terms(claim, con.translation) if isinstance(t, ox.Literal)]
        if len(wordings) != 1:
            continue  # a shape objects to several
        for translation in translations:
            for message in _faults(wordings[0], translation):
                yield RULE.about(material, claim, message, path=con.translation, value=translation)


def left_behind(
    dataset: Dataset, before: AbstractSet[ox.Quad], now: AbstractSet[ox.Quad]
) -> Iterator[Finding]:
    """Translations that stand as they stood `before`, though the wording of their claim was
    changed since. They may be right all the same, so these are no warnings.
    """
    changed = [
        {quad.subject for quad in quads if quad.predicate == con.wording}
        for quads in (before - now, now - before)
    ]
    reworded = changed[0] & changed[1]
    if not reworded:
        return
    rule = replace(RULE, severity="info")
    message = "The wording was changed, this translation of it was not: read the two again."
    for file in dataset.files:
        for number, quad in enumerate(file.quads):
            if (
                quad.predicate == con.translation
                and quad.subject in reworded
                and quad in before
                and isinstance(quad.subject, ox.NamedNode)
            ):
                yield rule.finding(
                    quad.subject.value,
                    message,
                    partial(file.place, number),
                    path=con.translation,
                    value=quad.object,
                )


def _faults(wording: ox.Literal, translation: ox.Literal) -> Iterator[str]:
    missing = lost(wording, translation)
    if missing:
        yield (
            f"The wording has {' and '.join(missing)}, this translation has not: "
            "read the two again."
        )
    if ("…" in wording.value) != ("…" in translation.value):
        one, other = ("wording", "translation")[:: 1 if "…" in wording.value else -1]
        yield f"The {one} marks words left out (…), the {other} does not: read the two again."


def lost(wording: ox.Literal, translation: ox.Literal) -> list[str]:
    """The numbers in digits of a wording that are not in its translation, as printed."""
    there = {
        value
        for pattern in (_GROUPED, _SPACED)
        for values in _numbers(translation, pattern).values()
        for value in values
    }
    readings = [
        [text for text, values in _numbers(wording, pattern).items() if values.isdisjoint(there)]
        for pattern in (_GROUPED, _SPACED)
    ]
    return min(readings, key=len)


def _numbers(literal: ox.Literal, pattern: re.Pattern[str]) -> dict[str, set[int]]:
    """Each number in digits with what it may stand for: in "20-25 bin" 20 may be 20,000."""
    scales = _scales(literal)
    found = {}
    for match in pattern.finditer(literal.value):
        number = int("".join(filter(str.isdecimal, match[0])))
        found[match[0]] = {number, *(number * scale for scale in scales)}
    return found


def _scales(literal: ox.Literal) -> frozenset[int]:
    """The factors that words of a text give its numbers; any, in a language not known here."""
    known = _SCALES.get((literal.language or "").partition("-")[0])
    if known is None:
        return _ANY
    words = re.findall(r"[^\W\d_]+", literal.value.lower())
    return frozenset(
        scale for stem, scale in known.items() if any(word.startswith(stem) for word in words)
    )
