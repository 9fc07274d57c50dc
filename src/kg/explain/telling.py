"""A plan told in one language: names are looked up, figures and dates put into words."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatchmethod

from kg.disputes import Chosen
from kg.explain import plan as p
from kg.explain.labels import Forms, Labels, Name
from kg.explain.language import Language, Voice
from kg.explain.titles import MEASURE, pieces
from kg.explain.when import when
from kg.figures import Figure, Interval
from kg.model import Claim, Question, tail
from kg.names import CONTESTED, Names, bibo, con

__all__ = ["Sentence", "Teller"]


@dataclass(frozen=True)
class Sentence:
    """One clause in words: its kind, the claims behind it, and the paragraph in which it stands."""

    kind: str
    text: str
    claims: tuple[str, ...]
    paragraph: int


class Teller:
    """Tells plans in one language, and keeps which names had to be borrowed from another."""

    def __init__(self, chosen: Chosen, names: Names, language: Language) -> None:
        self.chosen = chosen
        self.names = names
        self.language = language
        self.facts = chosen.facts
        self.labels = Labels(chosen.facts, language.code)
        self._numbers: dict[str, int] = {}

    def tell(self, plan: p.Plan, *, only: Container[str] | None = None) -> Iterator[Sentence]:
        """The clauses of a plan, one sentence or more each. With `only`, those of some kinds, of a
        plan that was told before: names are marked anew, and numbers mean what they meant.
        """
        if only is not None:
            self.labels = Labels(self.facts, self.language.code)
        for paragraph, clauses in enumerate(plan):
            for clause in clauses:
                kind = clause.what if isinstance(clause, p.OfClaim) else type(clause).__name__
                if only is None or _dashed(kind) in only:
                    text = _STOPS.sub(".", self.say(clause))
                    yield Sentence(_dashed(kind), text, clause.claims, paragraph)
        for code, things in sorted(self.labels.borrowed.items()):
            text = self.language.borrowed(code)
            yield Sentence("borrowed", text, (), len(plan) + bool(things))

    @singledispatchmethod
    def say(self, clause: p.Clause) -> str:
        """One clause in words."""
        raise NotImplementedError(type(clause))

    @say.register
    def _(self, clause: p.Opens) -> str:
        question = self.chosen.rivals.questions[clause.question]
        title = self._title(question)
        if self.labels.has(question.iri) or not question.label:
            return title
        return f"{title} – {self.language.quote(question.label)}{self._mark(question.iri)}"

    @say.register
    def _(self, clause: p.Counts) -> str:
        return self.language.count(len(clause.claims), clause.works)

    @say.register
    def _(self, clause: p.OneOf) -> str:
        return self.language.one_of(clause.answers)

    @say.register
    def _(self, clause: p.Says) -> str:
        claim = clause.claim
        if clause.number is not None:
            self._numbers[claim.iri] = clause.number
        voice = self._voice(claim.attribution) if claim.attribution else None
        says = self.language.says(self.labels.name(claim.stated_in), claim.stance, voice)
        number = f"({clause.number}) " if clause.number is not None else ""
        answer, place = self._answer(claim), self._place(claim, words=True)
        return f"{number}{says} {answer} ({place})."

    @say.register
    def _(self, clause: p.OfClaim) -> str:
        claim = clause.claim
        language = self.language
        match clause.what:
            case "modality":
                return language.modality(self._concept("modality", claim.modality))
            case "certainty":
                return language.certainty(self._concept("certainty", claim.certainty))
            case "date-rule":
                return language.date_rule(self.labels.name(claim.date_rule or ""))
            case "reason":
                return language.reason(self._reason(claim))
            case "withdrawn":
                return language.withdrawn(self._reason(claim))
            case "hearsay":
                chain = [self._link(iri) for iri in self.chosen.lineage.voices(claim)]
                return language.hearsay(chain, self.labels.name(claim.stated_in))
            case "cites":
                works = [self._cited(iri) for iri in claim.cites]
                return language.cites(works, len(claim.notes))
            case _:
                place = self._place(claim, words=False)
                citation = f"{self.labels.name(claim.stated_in)}, {place}"
                return language.cite_as(citation, claim.iri)

    @say.register
    def _(self, clause: p.Supplied) -> str:
        return self.language.phrase(f"supplied, {clause.what}")

    @say.register
    def _(self, clause: p.Stands) -> str:
        return self.language.standing(clause.kind, self._refs(clause.claims))

    @say.register
    def _(self, clause: p.SetAgainst) -> str:
        return self.language.set_against(self._refs(clause.claims))

    @say.register
    def _(self, clause: p.Contradicts) -> str:
        holder = self.labels.name(clause.holder)
        return self.language.contradiction(self._refs(clause.claims), holder)

    @say.register
    def _(self, clause: p.Across) -> str:
        other = self.chosen.rivals.questions[clause.question]
        answers = "; ".join(self._answer(claim) for claim in clause.answers)
        differs = [self.language.differences[name] for name in clause.differs]
        return self.language.not_comparable(self._title(other), answers, differs)

    @say.register
    def _(self, clause: p.Sums) -> str:
        found = clause.found
        unit = self._unit(self.chosen.rivals.questions[clause.question])
        both = found.subtotals and found.apart.low is not None
        lower = Interval(found.parts.low, None) if found.unnumbered else found.parts
        apart = Interval(found.apart.low, None) if found.unnumbered else found.apart
        modality = self._concept("modality", found.modality) if found.modality else None
        return self.language.sum(
            self.labels.name(found.work),
            self._amount(apart if both else lower, unit),
            self._amount(lower, unit) if both else None,
            len(found.numbered),
            len(found.unnumbered),
            modality,
        )

    @say.register
    def _(self, clause: p.Supported) -> str:
        works = sorted((str(self.labels.name(iri)) for iri in clause.lines), key=str.casefold)
        text = self.language.support(len(clause.claims), works)
        return f"{text} {self.language.broken(clause.broken)}" if clause.broken else text

    @say.register
    def _(self, clause: p.SameFile) -> str:
        record = str(self.labels.name(clause.record))
        refs = self._refs(clause.claims)
        return self.language.same_file(refs, record, leaf=clause.leaf)

    @say.register
    def _(self, clause: p.SecondLook) -> str:
        works = [
            f"{self.labels.name(work)} ({'; '.join(self.language.doubts[why] for why in whys)})"
            for work, whys in clause.works
        ]
        return self.language.second_look(works)

    @say.register
    def _(self, clause: p.Spans) -> str:
        unit = self._unit(self.chosen.rivals.questions[clause.question])
        modality = self._concept("modality", clause.modality) if clause.modality else None
        return self.language.envelope(clause.held.low, clause.held.high, unit, modality)

    @say.register
    def _(self, clause: p.Width) -> str:
        return self.language.width(clause.share)

    @say.register
    def _(self, clause: p.LeftOut) -> str:
        claim, policy = clause.dropped.claim, clause.dropped.policy
        reasons = self.language.reasons
        why = reasons.get(policy) or reasons.get(policy.partition(":")[0]) or reasons[claim.stance]
        what = f"{self.labels.name(claim.stated_in)}, {self._place(claim, words=False)}"
        return self.language.left_out(policy, f"{what}, {self._answer(claim)}", why)

    # --- Parts of sentences

    def _title(self, question: Question) -> str:
        """The question in the language; where it has no wording there, what it is made of."""
        if self.labels.has(question.iri):
            return str(self.labels.name(question.iri))
        about, asked = str(self.labels.name(question.about)), self.labels.name(question.property)
        details = [
            str(self.labels.name(iri))
            for iri in (question.population, question.mode)
            if iri and iri != MEASURE
        ]
        if question.during:
            details.append(self.language.time(when(question.during)))
        return "".join(pieces(self.language.capital(about), str(asked), details))

    def _mark(self, iri: str) -> str:
        return self.labels.name(iri).mark

    def _concept(self, scheme: str, notation: str | None) -> str:
        return str(self.labels.name(f"{CONTESTED}vocab/{scheme}/{notation}"))

    def _unit(self, question: Question) -> Forms | None:
        return self.labels.unit(question.unit) if question.unit else None

    def _answer(self, claim: Claim) -> str:
        parts = [self._value(claim)]
        standing = [str(self.labels.name(iri)) for iri in (claim.role, claim.on_side) if iri]
        if standing:
            parts[0] += f" ({'; '.join(standing)})"
        if claim.during:
            time = self.language.time(when(claim.during))
            parts.append(self._ours(claim, "holdsDuring", time))
        return ", ".join(parts)

    def _value(self, claim: Claim) -> str:
        if claim.figure:
            hedged = self.facts.value(claim.iri, con.approximate) == "true"
            question = self.chosen.rivals.questions[claim.question]
            return self.language.figure(claim.figure, self._unit(question), hedged=hedged)
        if claim.date:
            time = self._ours(claim, "date", self.language.time(when(claim.date)))
            return f"{time}{self._as_printed(claim)}"
        text = self.labels.text(claim.iri, "text")
        if text:
            return str(Name(text.text.rstrip(". "), text.mark))
        name = str(self.labels.name(claim.object or claim.no_value or ""))
        return self._ours(claim, "object", name)

    def _ours(self, claim: Claim, what: str, text: str) -> str:
        """A part of the answer, marked where the reader supplied it."""
        return self.language.supplied(text) if what in claim.supplied else text

    def _as_printed(self, claim: Claim) -> str:
        """The date as the work prints it, where it dates by another calendar."""
        calendar = self.facts.value(claim.iri, con.calendar)
        printed = self.facts.value(claim.iri, con.printed)
        if not calendar or not printed:
            return ""
        return f" ({self.labels.name(calendar)}: {self.language.quote(printed)})"

    def _amount(self, found: Interval, unit: Forms | None) -> str:
        """What an interval allows, as a figure would say it."""
        if found.low is not None and found.high is not None:
            if found.low == found.high:
                return self.language.figure(Figure("exactly", found.low), unit)
            return self.language.figure(Figure("between", None, found.low, found.high), unit)
        if found.low is not None:
            return self.language.figure(
                Figure("moreThan" if found.low_open else "atLeast", found.low), unit
            )
        if found.high is not None:
            return self.language.figure(
                Figure("lessThan" if found.high_open else "upTo", found.high), unit
            )
        return "?"

    def _place(self, claim: Claim, *, words: bool) -> str:
        """Where a claim stands: page and note, and with `words` its words and its name."""
        parts = [self.language.page(claim.page)] if claim.page else []
        if claim.notes:
            parts.append(self.language.notes(", ".join(str(n) for n in claim.notes)))
        place = ", ".join(parts)
        if not words:
            return place
        wording = self.facts.value(claim.iri, con.wording)
        quoted = self.language.quote(wording) if wording else ""
        return "; ".join(filter(None, (place, quoted, self.names.compact(claim.iri))))

    def _voice(self, iri: str) -> Voice:
        speakers = self.facts.values(iri, con.speaker)
        kind = self.facts.value(iri, con.attributionKind)
        details = []
        described = self.language.describes and self.labels.has(iri)
        if described:
            name = self.labels.name(iri)
        elif speakers:
            name = Name(self.language.listed([str(self.labels.name(s)) for s in speakers]))
            details += [kind] if kind else []
        else:
            name = self.labels.name(kind or iri)
        sides = self.facts.values(iri, con.side)
        details += [side for side in sides if tail(side) != "unknown"]
        details += self.facts.values(iri, con.speaksIn)
        named = [self.labels.name(detail) for detail in details]
        return Voice(name, named, described=described)

    def _link(self, iri: str) -> tuple[Name, str]:
        """One link of a chain of hearsay: a speaker and the kind of voice, or the kind alone."""
        speakers = self.facts.values(iri, con.speaker)
        kind = self.labels.name(self.facts.value(iri, con.attributionKind) or iri)
        return (self.labels.name(speakers[0]), str(kind)) if speakers else (kind, "")

    def _cited(self, iri: str) -> str:
        citation = self.chosen.lineage.citations.get(iri)
        if citation is None or not citation.work:
            return str(self.labels.name(iri))
        locator = self.facts.value(iri, bibo.locator)
        text = ", ".join(filter(None, (str(self.labels.name(citation.work)), locator)))
        if citation.resolution in ("presumed", "dangling"):
            text += f" ({self._concept('resolution', citation.resolution)})"
        return text

    def _reason(self, claim: Claim) -> str:
        found = self.labels.text(claim.iri, "reason")
        return str(found) if found else "?"

    def _refs(self, claims: Sequence[str]) -> list[str]:
        """The numbers of claims told of before, in order; a claim without one by its name."""
        numbers = sorted(self._numbers[iri] for iri in claims if iri in self._numbers)
        named = [self.names.compact(iri) for iri in claims if iri not in self._numbers]
        return [f"({ref})" for ref in (*numbers, *named)]


# A sentence that ends in an abbreviation ends in its stop.
_STOPS = re.compile(r"(?<!\.)\.\.(?= |$)")


def _dashed(name: str) -> str:
    """OneOf gives one-of."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
