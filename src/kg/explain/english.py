"""English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from kg.explain.labels import Forms, Name
from kg.explain.language import Language, Voice
from kg.explain.when import Moment, When
from kg.figures import Figure, Kind

__all__ = ["English"]


class English(Language):
    """Plain British English."""

    code = "en"
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

    def figure(self, figure: Figure, unit: Forms | None, *, hedged: bool = False) -> str:
        if figure.point is None:
            assert figure.low is not None and figure.high is not None
            high = self._counted(figure.high, unit)
            if hedged:
                return f"about {self.number(figure.low)} to {high}"
            return f"from {self.number(figure.low)} to {high}"
        counted = self._counted(figure.point, unit)
        return {
            "exactly": counted,
            "about": f"about {counted}",
            "nearly": f"nearly {counted}",
            "reached": f"a number that reached {counted}",
            "atLeast": f"at least {counted}",
            "moreThan": f"more than {counted}",
            "upTo": f"up to {counted}",
            "lessThan": f"fewer than {counted}",
        }[figure.comparator]

    def _counted(self, number: Fraction, unit: Forms | None) -> str:
        if unit is None:
            return self.number(number)
        form = unit.of(self.category(number))
        return f"{self.number(number)} {form}" if form else f"{self.number(number)} ({unit.name})"

    def moment(self, moment: Moment) -> str:
        if moment.season is not None:
            season = ("spring", "summer", "autumn", "winter")[moment.season]
            text = f"{season} {moment.year}"
        elif moment.month is None:
            text = str(moment.year)
        else:
            day = f"{moment.day} " if moment.day else ""
            text = f"{day}{self.month(moment.month)} {moment.year}"
        return f"perhaps {text}" if moment.hedged else text

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

    def count(self, claims: int, works: int) -> str:
        if not claims:
            return "No claim answers this question."
        noun, verb = ("claim", "answers") if claims == 1 else ("claims", "answer")
        read = "work" if works == 1 else "works"
        who = f"{self.words(claims)} {noun} in {self.words(works)} {read}"
        return self.capital(f"{who} {verb} this question.")

    def one_of(self, claims: int) -> str:
        if claims == 1:
            return "This claim is the only answer to the question."
        return f"This claim is one of {self.words(claims)} answers to the question."

    def says(self, work: Name, stance: str, voice: Voice | None) -> str:
        if voice is None:
            alone = {
                "endorses": "states",
                "reports": "reports",
                "doubts": "mentions, with doubt",
                "rejects": "mentions and rejects",
            }[stance]
            return f"{work} {alone}:"
        if voice.described:
            verb = {
                "endorses": "states, after",
                "reports": "reports, after",
                "doubts": "doubts what it gives after",
                "rejects": "rejects what it gives after",
            }[stance]
            details = "; ".join(map(str, voice.details))
            more = f", {details}" if voice.name.text.endswith(")") else f" ({details})"
            return f"{work} {verb} {self._inside(str(voice.name))}{more if details else ''}:"
        verb = {
            "endorses": "states, relying on others",
            "reports": "reports at second hand",
            "doubts": "doubts what it has at second hand",
            "rejects": "rejects what it has at second hand",
        }[stance]
        return f"{work} {verb} ({voice}):"

    def _inside(self, text: str) -> str:
        """A name inside a sentence: an article at its beginning is not written large."""
        return re.sub(r"^(An?|The|Another|Some)\b", lambda m: m.group().lower(), text)

    def page(self, page: str) -> str:
        if not page[:1].isdigit():
            return page
        return f"pp. {page.replace('-', '–')}" if "-" in page else f"p. {page}"

    def notes(self, notes: str) -> str:
        return f"notes {notes}" if "," in notes else f"note {notes}"

    def cites(self, works: Sequence[str], notes: int) -> str:
        who = ("It cites", "The note cites", "The notes cite")[min(notes, 2)]
        return f"{who} {'; '.join(works)}."

    def reason(self, text: str) -> str:
        return f"The reason given: {text}"

    def withdrawn(self, reason: str) -> str:
        return f"The claim was withdrawn: {reason}"

    def modality(self, label: str) -> str:
        return f"Only {label}: it is not said to have happened."

    def certainty(self, label: str) -> str:
        return f"The work calls it {label}."

    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        named = [f"{name} ({kind})" if kind else str(name) for name, kind in chain]
        return f"The word passed from {' to '.join(named)}, and on to {work}."

    def standing(self, kind: Kind, refs: Sequence[str]) -> str:
        all_ = self.listed(refs)
        return {
            "disjoint": f"{all_} exclude each other.",
            "overlapping": f"{all_} overlap in part.",
            "nested": f"{all_} are nested: one lies within the other.",
            "compatible-bound": f"{all_} can both be true: an end is not known.",
            "successive": f"{all_} follow one another in time and are no rivals.",
            "same": f"{all_} say the same.",
            "not-comparable": f"{all_} can not be compared.",
        }[kind]

    def set_against(self, refs: Sequence[str]) -> str:
        return f"The author sets {self.listed(refs)} against each other."

    def contradiction(self, refs: Sequence[str], holder: Name) -> str:
        both = self.listed(refs)
        return f"{both} are both the word of {holder}, which here contradicts itself."

    def not_comparable(self, title: str, answers: str, differs: Sequence[str]) -> str:
        what = f"Not comparable: {self.quote(title)} ({answers})."
        return f"{what} The two questions differ in {self.listed(differs)}."

    def sum(
        self,
        work: Name,
        amount: str,
        subtotal: str | None,
        numbered: int,
        unnumbered: int,
        modality: str | None,
    ) -> str:
        plan = f" ({modality})" if modality else ""
        text = f"The parts that {work} numbers{plan} add up to {amount}"
        if subtotal:
            text += f", or to {subtotal} if what may be a subtotal is one"
        some = f"{self.words(numbered)} part{'s have' if numbered > 1 else ' has'} a number"
        none = f", {self.words(unnumbered)} {'have' if unnumbered > 1 else 'has'} none"
        return f"{text}. {self.capital(some)}{none if unnumbered else ''}."

    def support(self, claims: int, works: Sequence[str]) -> str:
        these = "these answers" if claims > 1 else "this answer"
        if not works:
            return f"No line behind {these} can be followed."
        lines = "lines stand" if len(works) > 1 else "line stands"
        count = self.capital(self.words(len(works)))
        return f"{count} independent {lines} behind {these}: {'; '.join(works)}."

    def broken(self, lines: int) -> str:
        verb = "breaks" if lines == 1 else "break"
        noun = "line" if lines == 1 else "lines"
        count = self.capital(self.words(lines))
        return f"{count} {noun} {verb} off at a short form that nothing resolves."

    def same_file(self, refs: Sequence[str], record: str, *, leaf: bool) -> str:
        same = "one file and a leaf in common" if leaf else "one file"
        return f"{self.listed(refs)} cite {same}: {record}."

    def second_look(self, works: Sequence[str]) -> str:
        return f"Worth a second look: {'; '.join(works)}."

    def envelope(self, low: Fraction | None, high: Fraction | None, unit: Forms | None) -> str:
        if low is not None and high is not None:
            end = self._counted(high, unit)
            return f"Taken together the figures run from {self.number(low)} to {end}."
        if low is not None:
            start = self._counted(low, unit)
            return f"Taken together the figures start at {start}; the upper end is not known."
        if high is not None:
            end = self._counted(high, unit)
            return f"Taken together the figures reach {end}; the lower end is not known."
        return "It is not known how far down or up the figures reach together."

    def width(self, share: Fraction) -> str:
        return f"“About” is taken to reach {self.percent(share)} % to either side."

    def left_out(self, policy: str, what: str, why: str) -> str:
        return f"Left out by the policy {policy}: {what}: {why}."

    def cite_as(self, citation: str, address: str) -> str:
        return f"Cite as: {citation}, {address}"

    def borrowed(self, code: str) -> str:
        language = self.languages.get(code, code)
        return f"[{code}]: the data hold no English for this; it is given in {language}."
