"""Policies: whom the asker trusts. Each leaves claims out, and says why; none finds a best one.

A policy is chosen when a question is asked, by its name; names joined by commas apply together,
in the order in which they stand: ``not-doubted,archival-only``. What is left gets its envelope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from kg.errors import ParameterError
from kg.figures import ABOUT
from kg.lineage import Lineage
from kg.model import Claim, natural
from kg.rivals import standing

__all__ = ["ONE_VOICE", "POLICIES", "SIDED", "Dropped", "Envelope", "Kept", "Policy", "envelope"]

Reason = Callable[[Claim, Lineage], str | None]


@dataclass(frozen=True)
class Dropped:
    """A claim that a policy left out, which policy, and why."""

    claim: Claim
    policy: str
    why: str


@dataclass(frozen=True)
class Kept:
    """The claims that a policy leaves, and those that it left out."""

    survivors: tuple[Claim, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True)
class Envelope:
    """The lowest low and the highest high end of some figures.

    `low` and `high` are None as soon as one end is unknown: then nobody knows how far they go.
    `known_low` and `known_high` are the outermost ends that are known all the same.
    """

    low: Fraction | None
    high: Fraction | None
    known_low: Fraction | None
    known_high: Fraction | None

    @property
    def spread(self) -> Fraction | None:
        """How far the ends lie apart; None where one is unknown."""
        return None if self.low is None or self.high is None else self.high - self.low


def envelope(claims: Iterable[Claim], *, about: Fraction = ABOUT) -> Envelope:
    """The envelope of the figures among some claims; all unknown where there is none."""
    spans = [standing(claim, about=about) for claim in claims if claim.figure]
    lows = [span.low for span in spans if span.low is not None]
    highs = [span.high for span in spans if span.high is not None]
    low, high = min(lows, default=None), max(highs, default=None)
    return Envelope(
        low if len(lows) == len(spans) else None,
        high if len(highs) == len(spans) else None,
        low,
        high,
    )


def _stance(claim: Claim, _: Lineage) -> str | None:
    return f"the author {claim.stance} it" if claim.stance in ("doubts", "rejects") else None


def _certainty(claim: Claim, _: Lineage) -> str | None:
    return "the work calls it unconfirmed" if claim.certainty == "unconfirmed" else None


def _modality(claim: Claim, _: Lineage) -> str | None:
    return f"it was {claim.modality}, not said to have happened" if claim.modality else None


def _archival(claim: Claim, lineage: Lineage) -> str | None:
    cited = [*lineage.works(claim), claim.stated_in]
    return None if any(map(lineage.is_record, cited)) else "no archival record stands behind it"


def _full(claim: Claim, lineage: Lineage) -> str | None:
    found = (lineage.citations.get(iri) for iri in claim.cites)
    if any(citation and citation.resolution == "full" for citation in found):
        return None
    return "it has no citation in full" if claim.cites else "it has no citation"


def _sides(claim: Claim, lineage: Lineage) -> tuple[set[str], set[str]]:
    voices = {side for iri in lineage.voices(claim) for side in lineage.side(iri)}
    works = {side for iri in lineage.works(claim) for side in lineage.side(iri)}
    return voices, works


def _only_side(side: str) -> Reason:
    def reason(claim: Claim, lineage: Lineage) -> str | None:
        if side in set().union(*_sides(claim, lineage)):
            return None
        return f"neither its voice nor a work it cites is of the side {side}"

    return reason


def _no_side(side: str) -> Reason:
    def reason(claim: Claim, lineage: Lineage) -> str | None:
        voices, works = _sides(claim, lineage)
        if side in voices:
            return f"its voice is of the side {side}"
        return f"a work it cites is of the side {side}" if side in works else None

    return reason


POLICIES: dict[str, Reason] = {
    "all": lambda claim, lineage: None,
    "not-doubted": _stance,
    "not-unconfirmed": _certainty,
    "happened-only": _modality,
    "archival-only": _archival,
    "full-citation-only": _full,
}
SIDED: dict[str, Callable[[str], Reason]] = {"side": _only_side, "without-side": _no_side}
ONE_VOICE = "one-voice-per-line"


@dataclass(frozen=True)
class Policy:
    """Policies by name, applied one after the other."""

    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str, sides: Iterable[str] = ()) -> Policy:
        """Read names joined by commas; `sides` are those that a side can be, none: any.

        Raises ParameterError for a name that is no policy.
        """
        names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
        known = set(sides)
        for name in names:
            kind, colon, side = name.partition(":")
            if name in POLICIES or name == ONE_VOICE:
                continue
            if colon and kind in SIDED and side and (not known or side in known):
                continue
            wrong_side = colon and kind in SIDED
            raise ParameterError(
                f"there is no side {side!r}" if wrong_side else f"there is no policy {name!r}",
                where="--policy",
                hint="one of " + ", ".join(sorted(known) if wrong_side else _names()),
            )
        return cls(tuple(n for n in names if n != "all") or ("all",))

    def __str__(self) -> str:
        return ",".join(self.names)

    def apply(self, claims: Iterable[Claim], lineage: Lineage) -> Kept:
        """What the policy leaves of the claims of one question."""
        left = sorted(claims, key=lambda claim: natural(claim.iri))
        dropped: list[Dropped] = []
        for name in self.names:
            before = left
            if name == ONE_VOICE:
                reasons = _repeats(before, lineage)
            else:
                kind, _, side = name.partition(":")
                reason = SIDED[kind](side) if side else POLICIES[name]
                reasons = {c.iri: why for c in before if (why := reason(c, lineage))}
            dropped += [Dropped(c, name, reasons[c.iri]) for c in before if c.iri in reasons]
            left = [c for c in before if c.iri not in reasons]
        return Kept(tuple(left), tuple(dropped))


def _repeats(claims: list[Claim], lineage: Lineage) -> dict[str, str]:
    """Claims all of whose lines are spoken for by claims before them, in the order of their names;
    a claim whose lines all break off is not known to repeat another.
    """
    taken: dict[str, str] = {}
    repeats: dict[str, str] = {}
    for claim in claims:
        lines = lineage.support([claim]).lines
        if lines and all(line in taken for line in lines):
            first = taken[min(lines)]
            repeats[claim.iri] = f"it rests on what claim {first.rpartition('/')[2]} rests on"
        else:
            for line in lines:
                taken.setdefault(line, claim.iri)
    return repeats


def _names() -> list[str]:
    return [*POLICIES, *(f"{name}:<side>" for name in SIDED), ONE_VOICE]
