"""Many claims under one question: what kinds there are, and which pairs exclude each other, found
by sweeps and never by pairing.

Claims that con:laterThan sets one after another have places in an order (`succession`). Of two
orders, or of one and none, the binary numbers differ in some digit; so the pairs between them are
found among the claims that are on two sides in one digit. That costs one logarithm more; within an
order that branches, where two claims follow each other or not by two sequences, it costs two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from fractions import Fraction

from kg import sweep
from kg.figures import Interval, Kind, strongest
from kg.model import Claim
from kg.rivals import clashes
from kg.rivals.answers import ByValue, alike, branches, days, standing, thing, time
from kg.rivals.succession import Place, blocks

__all__ = ["Crowd"]

Sides = Sequence[int] | None


class Crowd:
    """Claims of one modality under one question, which takes a single value where it is `limited`.

    `apart` are those that no sweep takes: claims in an order without places, and claims with
    answers of several kinds. Whoever asks holds each of them against all others, and looks at the
    pairs that are `near`.
    """

    def __init__(
        self,
        claims: Sequence[Claim],
        places: Mapping[str, Place | None],
        *,
        limited: bool,
        about: Fraction,
        around: Callable[[str], AbstractSet[str]],
        branch: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._limited, self._about, self._around = limited, about, around
        self._branch = branch
        tangled = [c for c in claims if c.iri in places and places[c.iri] is None]
        odd = {claim.iri for claim in tangled}
        self.apart = [*tangled, *ByValue(c for c in claims if c.iri not in odd).mixed]
        odd = {claim.iri for claim in self.apart}
        self._claims = [c for c in claims if c.iri not in odd]
        self._steps: dict[Place, list[Claim]] = defaultdict(list)
        self._branches: dict[int, list[tuple[Claim, tuple[int, int]]]] = defaultdict(list)
        for claim in self._claims:
            place = places.get(claim.iri)
            if place and place.branch:
                self._branches[place.order].append((claim, place.branch))
            elif place:
                self._steps[place].append(claim)
        self._loose = [c for c in self._claims if c.iri not in places]

    def kinds(self) -> set[Kind]:
        """The kinds of all pairs; of those with a disjoint pair, perhaps just ``disjoint``."""
        found: set[Kind] = set()
        for some, sides in self._parts():
            found |= self._swept(some, sides)
            if "disjoint" in found:
                return found
        return found | ({"successive"} if self._follow() else set())

    def clashing(self) -> Iterator[tuple[Claim, Claim]]:
        """The pairs whose answers exclude each other, at times that overlap, neither later by
        con:laterThan; some of them more than once.
        """
        for some, sides in self._parts():
            yield from self._clashing(some, sides)

    def near(self) -> Iterator[tuple[Claim, Claim, bool]]:
        """Pairs of an order that branches which are cheaper looked at than swept, and whether one
        of the two is later.
        """
        for some, others, follow in self._blocks():
            if len(some) == len(others) == 1:
                yield some[0], others[0], follow

    def _blocks(self) -> Iterator[tuple[list[Claim], list[Claim], bool]]:
        for told in self._branches.values():
            claims = [claim for claim, _ in told]
            for some, others, follow in blocks([branch for _, branch in told]):
                yield [claims[n] for n in some], [claims[n] for n in others], follow

    def _parts(self) -> Iterator[tuple[list[Claim], Sides]]:
        """Claims of which no two are in one order at different places; or, with sides, in which no
        two on different sides are. Each pair of the kind is in some part.
        """
        yield from ((some, None) for some in (self._loose, *self._steps.values()) if len(some) > 1)
        for some, others, follow in self._blocks():
            if not follow and len(some) + len(others) > 2:
                yield [*some, *others], [0] * len(some) + [1] * len(others)
        ordered: dict[int, list[Claim]] = defaultdict(list)
        for place, some in self._steps.items():
            ordered[place.order] += some
        for order, told in self._branches.items():
            ordered[order] += [claim for claim, _ in told]
        number = {c.iri: n for n, order in enumerate(sorted(ordered), 1) for c in ordered[order]}
        for digit in range(len(ordered).bit_length()):
            yield self._claims, [number.get(c.iri, 0) >> digit & 1 for c in self._claims]

    def _follow(self) -> bool:
        """Whether a rule speaks of two claims of one order of which one is later; of those that are
        near whoever asks looks.
        """
        orders: dict[int, list[list[Claim]]] = defaultdict(list)
        for place, some in sorted(self._steps.items()):
            orders[place.order].append([replace(claim, during=None) for claim in some])
        for steps in orders.values():
            told = [(claim, rank) for rank, some in enumerate(steps) for claim in some]
            claims = [claim for claim, _ in told]
            for digit in range((len(steps) - 1).bit_length()):
                if self._swept(claims, [rank >> digit & 1 for _, rank in told]):
                    return True
        for some, others, follow in self._blocks():
            if follow and len(some) + len(others) > 2:
                claims = [replace(claim, during=None) for claim in (*some, *others)]
                if self._swept(claims, [0] * len(some) + [1] * len(others)):
                    return True
        return False

    def _swept(self, claims: list[Claim], sides: Sides) -> set[Kind]:
        """The kinds of the pairs of some claims; with `sides` of those across alone."""
        kinds: set[Kind] = set()
        by_value = ByValue(claims)
        side = dict(zip((c.iri for c in claims), sides, strict=True)) if sides else {}

        def of(some: list[Claim]) -> list[int] | None:
            return [side[c.iri] for c in some] if sides else None

        if any(c.during for c in by_value.figures) or sides:
            timed = [(time(c), c.figure, standing(c, about=self._about)) for c in by_value.figures]
            kinds |= sweep.kinds(timed, of(by_value.figures))
        else:
            found = strongest((c.figure for c in by_value.figures if c.figure), about=self._about)
            kinds |= {found} if found else set()
        if self._limited:
            dated = [(time(c), c.date, days(c)) for c in by_value.dates]
            kinds |= sweep.kinds(dated, of(by_value.dates))
        for same in (*([] if self._limited else alike(by_value.dates)), *alike(by_value.absences)):
            kinds |= sweep.kinds([(time(c), None, Interval(None, None)) for c in same], of(same))
        for some, others in _across(by_value.nothing, by_value.valued, side):
            kinds |= sweep.against(map(time, some), map(time, others))
        for named in (
            branches(by_value.objects, self._branch) if self._limited else alike(by_value.objects)
        ):
            kinds |= sweep.things([thing(c) for c in named], self._around, of(named))
        return kinds

    def _clashing(self, claims: list[Claim], sides: Sides) -> Iterator[tuple[Claim, Claim]]:
        """The pairs of some claims whose answers exclude each other, at times that overlap; with
        `sides` those across alone.
        """
        by_value = ByValue(claims)
        side = dict(zip((c.iri for c in claims), sides, strict=True)) if sides else {}

        def of(some: list[Claim]) -> list[int] | None:
            return [side[c.iri] for c in some] if sides else None

        told = by_value.figures
        timed = [(time(c), standing(c, about=self._about)) for c in told]
        yield from ((told[a], told[b]) for a, b in clashes.figures(timed, of(told)))
        told = by_value.dates if self._limited else []
        timed = [(time(c), days(c)) for c in told]
        yield from ((told[a], told[b]) for a, b in clashes.figures(timed, of(told)))
        for some, others in _across(by_value.nothing, by_value.valued, side):
            found = clashes.against([time(c) for c in some], [time(c) for c in others])
            yield from ((some[a], others[b]) for a, b in found)
        around = self._around if self._limited else None
        for told in branches(by_value.objects, self._branch):
            pairs = clashes.things([thing(c) for c in told], around, of(told))
            yield from ((told[a], told[b]) for a, b in pairs)


def _across(
    some: list[Claim], others: list[Claim], side: Mapping[str, int]
) -> Iterator[tuple[list[Claim], list[Claim]]]:
    """What to hold against what: all, or with sides each side against the other."""
    if not side:
        yield some, others
    for mine in (0, 1) if side else ():
        yield (
            [c for c in some if side[c.iri] == mine],
            [c for c in others if side[c.iri] != mine],
        )
