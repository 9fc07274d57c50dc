"""English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from kg.explain.labels import Forms, Name
from kg.explain.language import Language, Voice
from kg.explain.when import Moment, When

__all__ = ["English"]


class English(Language):
    """Plain British English."""

    code = "en"
    describes = True
    quotes = ("“", "”")
    conjunction = "and"
    small = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    languages: ClassVar[dict[str, str]] = {
        "en": "English",
        "tr": "Turkish",
        "az": "Azerbaijani",
        "ru": "Russian",
    }
    differences: ClassVar[dict[str, str]] = {
        "unit": "unit",
        "population": "population",
        "count mode": "way of counting",
        "time": "time",
        "property": "property",
        "thing": "subject",
    }
    doubts: ClassVar[dict[str, str]] = {
        "web page": "a web page",
        "cites itself": "it cites itself",
        "same author as the citing work": "by the author who cites it",
        "later than the citing work": "it came out after the work that cites it",
    }
    reasons: ClassVar[dict[str, str]] = {
        "doubts": "the author doubts it",
        "rejects": "the author rejects it",
        "not-unconfirmed": "the work calls it unconfirmed",
        "happened-only": "it is not said to have happened",
        "archival-only": "no archival record stands behind it",
        "full-citation-only": "it has no citation in full",
        "one-voice-per-line": "it rests on what an earlier claim rests on",
        "side": "neither its voice nor a work it cites is of that side",
        "without-side": "its voice or a work it cites is of that side",
    }

    pages = ("p.", "pp.")
    note_words = ("note", "notes")
    phrases: ClassVar[dict[str, str]] = {
        "exactly": "{counted}",
        "about": "about {counted}",
        "nearly": "nearly {counted}",
        "reached": "a number that reached {counted}",
        "atLeast": "at least {counted}",
        "moreThan": "more than {counted}",
        "upTo": "up to {counted}",
        "lessThan": "fewer than {counted}",
        "range": "from {low} to {high}",
        "range, hedged": "about {low} to {high}",
        "count, none": "No claim answers this question.",
        "count": "{claims} in {works} this question.",
        "one of, alone": "This claim is the only answer to the question.",
        "one of": "This claim is one of {answers} answers to the question.",
        "endorses": "states",
        "reports": "reports",
        "doubts": "mentions, with doubt",
        "rejects": "mentions and rejects",
        "endorses, of others": "states, relying on others",
        "reports, of others": "reports at second hand",
        "doubts, of others": "doubts what it has at second hand",
        "rejects, of others": "rejects what it has at second hand",
        "endorses, after": "states, after",
        "reports, after": "reports, after",
        "doubts, after": "doubts what it gives after",
        "rejects, after": "rejects what it gives after",
        "cites, text": "It cites",
        "cites, note": "The note cites",
        "cites, notes": "The notes cite",
        "cites, one": "{where} {works}.",
        "cites, more": "{where} {works}.",
        "reason": "The reason given: {text}",
        "withdrawn": "The claim was withdrawn: {reason}",
        "modality": "Only {label}: it is not said to have happened.",
        "certainty": "The work calls it {label}.",
        "date rule": "The time is read by the rule {rule}.",
        "supplied, time": "A time in square brackets is ours, from the context.",
        "supplied, answer": "An answer in square brackets is ours, from the context.",
        "hearsay": "The word passed from {path}, and on to {work}.",
        "disjoint": "{all} exclude each other.",
        "overlapping": "{all} overlap in part.",
        "nested": "{all} are nested: one lies within the other.",
        "compatible-bound": "{all} can both be true: an end is not known.",
        "successive": "{all} follow one another in time and are no rivals.",
        "same": "{all} say the same.",
        "not-comparable": "{all} can not be compared.",
        "set against": "The author sets {all} against each other.",
        "contradiction": "{all} are both the word of {holder}; as read here, they exclude each"
        " other.",
        "beside": "Not comparable: {title} ({answers}).",
        "differ, one": "The two questions differ in {what}.",
        "differ, more": "The two questions differ in {what}.",
        "sum": "The parts that {work} numbers{plan} add up to {amount}",
        "sum, subtotal": ", or to {amount} if what may be a subtotal is one",
        "these, one": "this answer",
        "these, more": "these answers",
        "support, none": "No line behind {these} can be followed.",
        "support": "{lines} behind {these}: {works}.",
        "same file": "{all} cite one file: {record}.",
        "same leaf": "{all} cite one file and a leaf in common: {record}.",
        "second look": "Worth a second look: {works}.",
        "envelope, low to high": "Taken together the figures{plan} run from {low} to {high}.",
        "envelope, low to ?": "Taken together the figures{plan} start at {low}; "
        "the upper end is not known.",
        "envelope, ? to high": "Taken together the figures{plan} reach {high}; "
        "the lower end is not known.",
        "envelope, ? to ?": "It is not known how far down or up the figures{plan} reach together.",
        "width": "“About” a single figure is taken to reach {share} % to either side; "
        "a hedged range keeps its printed ends.",
        "left out": "Left out by the policy {policy}: {what}: {why}.",
        "cite as": "Cite as: {citation}, {address}",
        "borrowed": "[{code}]: the data hold no English for this; it is given in {language}.",
    }

    def forms(self, number: Fraction, unit: Forms | None) -> dict[str, str]:
        return {"counted": self.counted(number, unit)}

    def upper_end(self, number: Fraction, unit: Forms | None) -> str:
        return self.counted(number, unit)

    def moment(self, moment: Moment) -> str:
        if moment.season is not None:
            season = ("spring", "summer", "autumn", "winter")[moment.season]
            text = f"{season} {moment.year}"
        elif moment.month is None:
            text = str(moment.year)
        else:
            day = f"{moment.day} " if moment.day else ""
            text = f"{day}{self.month(moment.month)} {moment.year}"
        text = f"about {text}" if moment.approximate else text
        return f"perhaps {text}" if moment.uncertain else text

    def time(self, when: When) -> str:
        first = self.moment(when.first) if when.first else ""
        last = self.moment(when.last) if when.last else ""
        return {
            "at": first,
            "lasting": f"from {first} to {last}",
            "within": f"between {first} and {last}",
            "until": f"until {last}",
            "from": f"from {first} on",
            "raw": when.raw,
        }[when.span]

    def agreed(self, claims: int, works: int) -> dict[str, str]:
        noun, verb = ("claim", "answers") if claims == 1 else ("claims", "answer")
        read = "work" if works == 1 else "works"
        return {
            "claims": f"{self.words(claims)} {noun}",
            "works": f"{self.words(works)} {read} {verb}",
        }

    def says(self, work: Name, stance: str, voice: Voice | None) -> str:
        if voice is None or not voice.described:
            return super().says(work, stance, voice)
        details = "; ".join(map(str, voice.details))
        more = f", {details}" if voice.name.text.endswith(")") else f" ({details})"
        after = f"{self._inside(str(voice.name))}{more if details else ''}"
        return f"{work} {self.phrase(f'{stance}, after')} {after}:"

    def _inside(self, text: str) -> str:
        """A name inside a sentence: an article at its beginning is not written large."""
        return re.sub(r"^(An?|The|Another|Some)\b", lambda m: m.group().lower(), text)

    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        named = [f"{name} ({kind})" if kind else str(name) for name, kind in chain]
        return self.phrase("hearsay", path=" to ".join(named), work=work)

    def numbered(self, parts: int) -> str:
        return f"{self.words(parts)} part{'s have' if parts > 1 else ' has'} a number"

    def unnumbered(self, parts: int) -> str:
        return f", {self.words(parts)} {'have' if parts > 1 else 'has'} none"

    def lines(self, count: int) -> str:
        return f"{self.words(count)} independent {'lines stand' if count > 1 else 'line stands'}"

    def broken(self, lines: int) -> str:
        noun, verb = ("line", "breaks") if lines == 1 else ("lines", "break")
        count = self.capital(self.words(lines))
        return f"{count} {noun} {verb} off at a short form that nothing resolves."

    def start(self, number: Fraction, unit: Forms | None) -> str:
        return self.counted(number, unit)

    def end(self, number: Fraction, unit: Forms | None) -> str:
        return self.counted(number, unit)
