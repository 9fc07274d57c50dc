"""What claims answer, sorted by kind, and as what rules and sweeps compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction

from kg import sweep
from kg.dates import Bounds, bounds
from kg.errors import DateError
from kg.figures import ABOUT, Interval, interval
from kg.model import Claim, tail

__all__ = ["ByValue", "alike", "branches", "days", "groups", "nothing", "standing", "thing", "time"]


def standing(claim: Claim, *, about: Fraction = ABOUT) -> Interval:
    """The numbers that a claim allows; for one without a figure, both ends unknown."""
    return interval(claim.figure, about=about) if claim.figure else Interval(None, None)


def nothing(claim: Claim) -> bool:
    """Whether a claim says that there was none."""
    return tail(claim.no_value) == "none"


class ByValue:
    """Claims by the kind of their answer; `mixed` are those with several, which are no good claims
    but may be read all the same.
    """

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.figures: list[Claim] = []
        self.dates: list[Claim] = []
        self.objects: list[Claim] = []
        self.absences: list[Claim] = []
        self.mixed: list[Claim] = []
        texts: list[Claim] = []
        for claim in claims:
            fitting = [
                where
                for where, held in (
                    (self.figures, claim.figure),
                    (self.dates, claim.date),
                    (self.objects, claim.object),
                    (self.absences, claim.no_value),
                    (texts, claim.text),
                )
                if held
            ]
            if fitting:
                (fitting[0] if len(fitting) == 1 else self.mixed).append(claim)
        self.nothing = [c for c in self.absences if nothing(c)]
        self.valued = [*self.figures, *self.dates, *self.objects, *texts]


def alike(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Claims by their answer, a date, a thing or an absence."""
    return groups(claims, lambda c: c.date or c.object or c.no_value or "")


def groups(claims: Iterable[Claim], key: Callable[[Claim], str]) -> list[list[Claim]]:
    """Claims in groups by a text, in its order."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[key(claim)].append(claim)
    return [found[name] for name in sorted(found)]


def branches(
    claims: Iterable[Claim], branch: Callable[[str], tuple[str, ...]]
) -> list[list[Claim]]:
    """Claims that name things, by the branch of what they name: none excludes one of another."""
    return groups(claims, lambda c: " ".join(branch(c.object or "")))


def _bounds(claim: Claim, text: str) -> Bounds:
    try:
        return bounds(text)
    except DateError as error:
        where = error.where or f"<{claim.iri}>"
        raise DateError(error.message, where=where, hint=error.hint) from None


def thing(claim: Claim) -> tuple[Bounds, sweep.Thing]:
    """When a claim names which thing, in which role and on which side."""
    return time(claim), (claim.object or "", claim.role, claim.on_side)


def time(claim: Claim) -> Bounds:
    """When a claim holds. Raises DateError, with the claim, for a text that is no date."""
    return _bounds(claim, claim.during) if claim.during else Bounds(None, None)


def days(claim: Claim) -> Interval:
    """The days on which a dated claim can lie, counted as numbers."""
    days = _bounds(claim, claim.date or "")
    low, high = (Fraction(d.toordinal()) if d else None for d in (days.earliest, days.latest))
    return Interval(low, high)
