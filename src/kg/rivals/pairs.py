"""Claims under one question, and under related ones: the kind of disagreement of each pair.

The order of the rules is that of ontology/vocab/disagreement.ttl. Figures are compared by their
intervals, dates by their earliest and latest days. Things (entities, concepts, dates) exclude each
other only where the property takes a single value, or a single one at a time, and no branch of a
list (con:excludesOnlyItsOwn) holds one of them alone; the same agent on two sides of one event
excludes itself; ``absence:none`` excludes any value. What was planned or ordered is never compared
with what is said to have happened. A pair for which no rule speaks (two participants of one battle,
two descriptions in words) has no kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations, product

from kg.dates import cannot_overlap
from kg.figures import ABOUT, STRENGTH, Kind, kind, stand
from kg.model import Claim, Facts, Question
from kg.rivals.answers import ByValue, alike, branches, days, groups, nothing, time
from kg.rivals.crowds import Crowd
from kg.rivals.succession import Place, places

__all__ = ["DIFFERENCES", "Pair", "Rivals"]

DIFFERENCES: Mapping[str, Callable[[Question], str | None]] = {
    "unit": lambda q: q.unit,
    "population": lambda q: q.population,
    "count mode": lambda q: q.mode,
    "time": lambda q: q.during,
    "property": lambda q: q.property,
    "thing": lambda q: q.about,
}
"""What two related questions can differ in, and where each stands."""

LIMITED = ("single", "single-at-a-time")
_FEW = 40  # below so many claims, pairs cost less than sorting


@dataclass(frozen=True)
class Pair:
    """Two claims and how they stand to each other; `a` comes first by IRI.

    `set_against` is what the author does, `kind` what follows from the answers. Where the two
    answer related questions, `differs` says in what these differ.
    """

    a: Claim
    b: Claim
    kind: Kind
    set_against: bool
    differs: tuple[str, ...] = ()


class Rivals:
    """Compares the claims of a dataset, at one width of ``about``; or of some `questions` of it,
    with all the `claims` that answer these or are linked to such a one by con:laterThan.
    """

    def __init__(
        self,
        facts: Facts,
        *,
        about: Fraction = ABOUT,
        questions: Mapping[str, Question] | None = None,
        claims: Iterable[Claim] | None = None,
    ) -> None:
        self.about = about
        self.questions = facts.questions() if questions is None else questions
        everything = facts.claims() if claims is None else claims
        self.claims = tuple(claim for claim in everything if not claim.withdrawn)
        self._around, self._branch = cache(facts.around), cache(facts.branch)
        self._before: dict[str, set[str]] = {}
        self._later = {c.iri: c.later_than for c in self.claims if c.later_than}
        related: dict[str, set[str]] = defaultdict(set)
        for question in self.questions.values():
            for other in question.related:
                if other in self.questions and other != question.iri:
                    related[question.iri].add(other)
                    related[other].add(question.iri)
        self.related = {iri: tuple(sorted(others)) for iri, others in related.items()}

    def by_question(self, claims: Iterable[Claim] | None = None) -> dict[str, list[Claim]]:
        """Claims under their questions; both sorted by IRI."""
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in sorted(self.claims if claims is None else claims, key=lambda c: c.iri):
            found[claim.question].append(claim)
        return dict(sorted(found.items()))

    def kind(self, a: Claim, b: Claim) -> Kind | None:
        """How two claims under one question stand to each other; None where no rule speaks."""
        if a.question != b.question or a.modality != b.modality or a.withdrawn or b.withdrawn:
            return None
        found = self._values(a, b)
        if found is not None and self._successive(a, b):
            return "successive"
        return found

    def pairs(self, claims: Iterable[Claim]) -> Iterator[Pair]:
        """Every pair of claims under one question that a rule speaks of, sorted by IRI."""
        rivals = sorted(claims, key=lambda c: c.iri)
        numbers = {claim.iri: n for n, claim in enumerate(rivals)}
        found = {(numbers[a.iri], numbers[b.iri]) for a, b in self._candidates(rivals)}
        for first, second in sorted((min(pair), max(pair)) for pair in found):
            a, b = rivals[first], rivals[second]
            name = self.kind(a, b)
            if name is not None:
                yield Pair(a, b, name, _set_against(a, b))

    def across(self, claims: Iterable[Claim], others: Iterable[Claim]) -> Iterator[Pair]:
        """The figures of two related questions: never compared, but said in what they differ."""
        here = sorted((c for c in claims if c.figure), key=lambda c: c.iri)
        there: dict[str | None, list[Claim]] = defaultdict(list)
        for other in sorted((c for c in others if c.figure), key=lambda c: c.iri):
            there[other.modality].append(other)
        for claim in here:
            for other in there[claim.modality]:
                a, b = (claim, other) if claim.iri < other.iri else (other, claim)
                differs = self.differs(a.question, b.question)
                yield Pair(a, b, "not-comparable", _set_against(a, b), differs)

    def crosses(self, claims: Iterable[Claim], others: Iterable[Claim]) -> bool:
        """Whether `across` would find any pair."""
        here, there = ({c.modality for c in some if c.figure} for some in (claims, others))
        return not here.isdisjoint(there)

    def differs(self, first: str, second: str) -> tuple[str, ...]:
        """In what two questions differ, in the order of DIFFERENCES."""
        a, b = self.questions[first], self.questions[second]
        return tuple(name for name, of in DIFFERENCES.items() if of(a) != of(b))

    def strongest(self, claims: Iterable[Claim]) -> Kind | None:
        """The strongest kind in any pair of claims under one question; None where there is none.

        Many claims are sorted, or with times swept through, never paired: k log k, with one log
        more where con:laterThan sets some one after another, and two where such an order branches.
        Only those in an order so tangled that it has no places are held against each other claim.
        """
        kinds: set[Kind] = set()
        for group in groups(claims, lambda c: c.modality or ""):
            if len(group) < _FEW:
                kinds |= {k for a, b in self._candidates(group) if (k := self.kind(a, b))}
            else:
                crowd = self._crowd(group)
                kinds |= {
                    k for a in crowd.apart for b in group if a is not b and (k := self.kind(a, b))
                }
                for a, b, follow in crowd.near():
                    if (found := self._values(a, b)) is not None:
                        kinds.add("successive" if follow or _apart(a, b) else found)
                kinds |= crowd.kinds()
            if STRENGTH[0] in kinds:
                break
        return next((name for name in STRENGTH if name in kinds), None)

    def disjoint(self, claims: Iterable[Claim]) -> list[Pair]:
        """The pairs of claims under one question that exclude each other, sorted by IRI: found
        without pairing the others, as in `strongest`.
        """
        found: dict[tuple[str, str], Pair] = {}
        for group in groups(claims, lambda c: c.modality or ""):
            if len(group) < _FEW:
                clashes = [p for p in combinations(group, 2) if self.kind(*p) == "disjoint"]
            else:
                crowd = self._crowd(group)
                pairs = ((a, b) for a in crowd.apart for b in group if a is not b)
                clashes = [p for p in pairs if self.kind(*p) == "disjoint"]
                clashes += [(a, b) for a, b, f in crowd.near() if not f and not _apart(a, b)]
                clashes += crowd.clashing()
                clashes = [p for p in clashes if self._values(*p) == "disjoint"]
            for a, b in clashes:
                a, b = (a, b) if a.iri < b.iri else (b, a)
                found[a.iri, b.iri] = Pair(a, b, "disjoint", _set_against(a, b))
        return [found[key] for key in sorted(found)]

    @cached_property
    def _places(self) -> dict[str, Place | None]:
        return places(self._later)

    def _crowd(self, group: list[Claim]) -> Crowd:
        return Crowd(
            group,
            self._places,
            limited=self._limit(group[0]) in LIMITED,
            about=self.about,
            around=self._around,
            branch=self._branch,
        )

    def before(self, iri: str) -> set[str]:
        """The claims that a claim comes after, by con:laterThan link upon link."""
        if iri not in self._before:
            found: set[str] = set()
            waiting = list(self._later.get(iri, ()))
            while waiting:
                here = waiting.pop()
                if here not in found:
                    found.add(here)
                    waiting.extend(self._later.get(here, ()))
            self._before[iri] = found
        return self._before[iri]

    def _successive(self, a: Claim, b: Claim) -> bool:
        if b.iri in self.before(a.iri) or a.iri in self.before(b.iri):
            return True
        return _apart(a, b)

    def _candidates(self, rivals: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
        """The pairs of which a rule speaks; others are never looked at, so that this costs no more
        than what it finds.
        """
        for group in groups(rivals, lambda c: c.modality or ""):
            by_value = ByValue(group)
            limited = self._limit(group[0]) in LIMITED
            yield from combinations(by_value.figures, 2)
            for same in [by_value.dates] if limited else alike(by_value.dates):
                yield from combinations(same, 2)
            for branch in branches(by_value.objects, self._branch) if limited else ():
                for first, second in combinations(alike(branch), 2):
                    yield from product(first, second)
            for same in alike(by_value.objects):
                roles = groups(same, lambda c: f"{c.role} {c.on_side}")
                for equal in roles:
                    yield from combinations(equal, 2)
                sides = groups((c for c in same if c.on_side), lambda c: c.on_side or "")
                for first, second in combinations(sides, 2):
                    yield from product(first, second)
            yield from product(by_value.nothing, by_value.valued)
            for same in alike(by_value.absences):
                yield from combinations(same, 2)
            for claim in by_value.mixed:
                yield from ((claim, other) for other in group if other is not claim)

    def _limit(self, claim: Claim) -> str:
        question = self.questions.get(claim.question)
        return question.limit if question else ""

    def _values(self, a: Claim, b: Claim) -> Kind | None:
        """How two answers stand to each other, their times left aside."""
        if a.no_value or b.no_value:
            if a.no_value == b.no_value:
                return "same"
            against = (nothing(a) and _has_value(b)) or (nothing(b) and _has_value(a))
            return "disjoint" if against else None
        if a.figure and b.figure:
            return kind(a.figure, b.figure, about=self.about)
        limited = self._limit(a) in LIMITED
        if a.date and b.date:
            if a.date == b.date:
                return "same"
            return stand(days(a), days(b)) if limited else None
        if not (a.object and b.object):
            return None
        if a.object == b.object:
            if a.on_side and b.on_side and a.on_side != b.on_side:
                return "disjoint"
            return "same" if (a.role, a.on_side) == (b.role, b.on_side) else None
        if not limited or self._branch(a.object) != self._branch(b.object):
            return None
        within = b.object in self._around(a.object) or a.object in self._around(b.object)
        return "nested" if within else "disjoint"


def _apart(a: Claim, b: Claim) -> bool:
    return bool(a.during and b.during) and cannot_overlap(time(a), time(b))


def _set_against(a: Claim, b: Claim) -> bool:
    return b.iri in a.contrasted_with or a.iri in b.contrasted_with


def _has_value(claim: Claim) -> bool:
    return bool(claim.figure or claim.object or claim.date or claim.text)
