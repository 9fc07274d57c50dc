"""The register of disputes: every question with rival claims, and what remains under a policy.

It brings together what the rooms below compute: kinds of disagreement, independent lines, the
envelope of what a policy leaves, contradictions of one voice with itself, sums of parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from kg.dataset import Dataset
from kg.derive import VERSIONS
from kg.errors import ParameterError
from kg.figures import ABOUT, STRENGTH, Kind
from kg.lineage import Lineage, Link, Support
from kg.model import Claim, Facts, Question
from kg.names import CONTESTED, skos
from kg.policies import Dropped, Envelope, Policy, envelope
from kg.rivals import Pair, Rivals, standing
from kg.sums import Sum, sums

__all__ = [
    "KINDS",
    "Chosen",
    "Dispute",
    "Register",
    "apart",
    "by_name",
    "chain",
    "chain_as_json",
    "register",
    "self_contradictions",
    "share",
]

KINDS: dict[Kind, str] = {
    kind: "".join(w.capitalize() if n else w for n, w in enumerate(kind.split("-")))
    for kind in STRENGTH
}
"""The kinds by the names that people and programs read: ``compatibleBound``, ``notComparable``."""


@dataclass(frozen=True)
class Dispute:
    """One question: the claims that a policy leaves, how they stand, and what stands behind them.

    The `envelope` and the `kind` are those of what is said to have happened; what was planned,
    ordered and so on has an envelope of its own in `modal`, and a kind in `modal_kinds`, by
    modality. What costs as much as there are pairs is worked out when it is asked for.
    """

    question: Question
    claims: tuple[Claim, ...]
    dropped: tuple[Dropped, ...]
    related: tuple[tuple[Claim, ...], ...]
    envelope: Envelope
    modal: Mapping[str, Envelope]
    sums: tuple[Sum, ...]
    rivals: Rivals = field(repr=False, compare=False)
    lineage: Lineage = field(repr=False, compare=False)

    @cached_property
    def kind(self) -> Kind | None:
        """The strongest kind of any pair of what is said to have happened; None where no rule
        speaks of any. No pairs are made.
        """
        return self._strongest("")

    @cached_property
    def modal_kinds(self) -> Mapping[str, Kind]:
        """The strongest kind of what was planned, of what was ordered and so on, by modality: a
        plan against a plan is a disagreement about the plan.
        """
        modalities = sorted({c.modality for c in self.claims if c.modality})
        found = {modality: self._strongest(modality) for modality in modalities}
        return {modality: kind for modality, kind in found.items() if kind}

    def _strongest(self, modality: str) -> Kind | None:
        own = [c for c in self.claims if (c.modality or "") == modality]
        crosses = any(self.rivals.crosses(own, others) for others in self.related)
        return self.rivals.strongest(own) or ("not-comparable" if crosses else None)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs under this question of which a rule speaks."""
        return tuple(self.rivals.pairs(self.claims))

    @cached_property
    def across(self) -> tuple[Pair, ...]:
        """The pairs of figures with those of related questions."""
        return tuple(p for others in self.related for p in self.rivals.across(self.claims, others))

    def has(self, kind: Kind, *, modal: bool = False) -> bool:
        """Whether any pair of what is said to have happened is of this kind; with `modal` also any
        of what was planned, ordered and so on.
        """
        if kind == self.kind or (modal and kind in self.modal_kinds.values()):
            return True
        pairs = self.across if kind == "not-comparable" else self.pairs
        return any(pair.kind == kind for pair in pairs if modal or not pair.a.modality)

    @cached_property
    def support(self) -> Support:
        """The independent lines behind the claims."""
        return self.lineage.support(self.claims)

    @cached_property
    def contradictions(self) -> tuple[Pair, ...]:
        """The pairs that exclude each other though one author, or one work, says both."""
        return tuple(self_contradictions(self.claims, self.rivals, self.lineage))

    @property
    def set_against(self) -> int:
        """How many pairs the author sets against each other, whatever their kind."""
        here = {claim.iri for claim in self.claims}
        pairs = ((c.iri, other) for c in self.claims for other in c.contrasted_with)
        return len({frozenset(pair) for pair in pairs if pair[1] in here})


@dataclass(frozen=True)
class Register:
    """The disputes of a dataset, under one policy and at one width of ``about``."""

    policy: Policy
    about: Fraction
    disputes: tuple[Dispute, ...]

    def only(self, kind: Kind | None, *, modal: bool = False) -> Register:
        """The same with the questions alone that have a pair of this kind (as `Dispute.has` says);
        None: all.
        """
        if kind is None:
            return self
        kept = tuple(d for d in self.disputes if d.has(kind, modal=modal))
        return Register(self.policy, self.about, kept)

    def has(self, kind: Kind, *, modal: bool = False) -> bool:
        """Whether any question has a pair of this kind, as `Dispute.has` says."""
        return any(dispute.has(kind, modal=modal) for dispute in self.disputes)

    def as_json(self) -> dict[str, Any]:
        """The register as ``kg disputes --format json`` gives it; null is "not known"."""
        return {
            "policy": str(self.policy),
            "about_width": _number(self.about),
            "rule": f"disagreements/{VERSIONS['disagreements']}",
            "disputes": [_dispute(dispute, self.about) for dispute in self.disputes],
        }


def by_name(name: str | None) -> Kind | None:
    """The kind that a name of KINDS, or of the list itself, stands for."""
    return next((kind for kind, shown in KINDS.items() if name in (kind, shown)), None)


def share(text: str) -> Fraction:
    """A share as people write it: ``0.2``, ``1/5`` or ``20%``.

    Raises ParameterError for what is none, or not at least 0 and less than 1.
    """
    try:
        number = text.strip()
        found = Fraction(number.rstrip("% ")) / 100 if "%" in number else Fraction(number)
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if not 0 <= found < 1:
        raise ParameterError(
            f"{text!r} is no share", where="--about", hint="write 0.1 or 10%; less than 1"
        )
    return found


def register(
    dataset: Dataset,
    *,
    policy: str = "all",
    side: str | None = None,
    about: Fraction = ABOUT,
) -> Register:
    """Every question with two or more claims, or with figures beside those of a related question.

    `side` adds the policy ``side:<side>``. What a policy leaves out is still listed, with the
    reason. Raises ParameterError for a policy or side that does not exist.
    """
    chosen = Chosen(dataset, policy=policy, side=side, about=about)
    disputes = []
    for iri in sorted(chosen.rivals.questions):
        found = chosen.dispute(iri)
        crosses = any(chosen.rivals.crosses(found.claims, others) for others in found.related)
        if len(found.claims) + len(found.dropped) >= 2 or crosses or found.sums:
            disputes.append(found)
    return Register(chosen.policy, about, tuple(disputes))


class Chosen:
    """The claims of a dataset that a policy leaves, and how they stand at one width of ``about``.

    For some questions it takes their `Facts`, which then need to hold these questions with those
    related to them and their parts, the claims on all of them, and what these claims rest on.
    Raises ParameterError for a policy or side that does not exist.
    """

    def __init__(
        self,
        dataset: Dataset | Facts,
        *,
        policy: str = "all",
        side: str | None = None,
        about: Fraction = ABOUT,
    ) -> None:
        self.facts = dataset if isinstance(dataset, Facts) else Facts(dataset.quads())
        sides = (
            iri.rpartition("/")[2]
            for iri in self.facts.instances(skos.Concept)
            if iri.startswith(f"{CONTESTED}vocab/side/")
        )
        self.policy = Policy.parse(f"{policy},side:{side}" if side else policy, sides)
        self.about = about
        self.rivals = Rivals(self.facts, about=about)
        self.lineage = Lineage(self.facts, self.rivals.claims)
        self._kept = {
            q: self.policy.apply(c, self.lineage) for q, c in self.rivals.by_question().items()
        }
        self._left = {q: found.survivors for q, found in self._kept.items()}

    def dispute(self, iri: str) -> Dispute:
        """One question, whether its claims are rivals or not."""
        question = self.rivals.questions[iri]
        claims = self._left.get(iri, ())
        dropped = self._kept[iri].dropped if iri in self._kept else ()
        related = tuple(self._left.get(o, ()) for o in self.rivals.related.get(iri, ()))
        added = tuple(sums(question, self._left, about=self.about))
        figures = apart(claim for claim in claims if claim.figure)
        held = {modality: envelope(some, about=self.about) for modality, some in figures.items()}
        happened = held.pop("", envelope((), about=self.about))
        return Dispute(
            question, claims, dropped, related, happened, held, added, self.rivals, self.lineage
        )


def apart(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Claims by their modality, first, under an empty name, what is said to have happened: what
    was planned or ordered is never taken together with that.
    """
    found: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda c: c.modality or ""):
        found.setdefault(claim.modality or "", []).append(claim)
    return found


def self_contradictions(claims: Iterable[Claim], rivals: Rivals, lineage: Lineage) -> list[Pair]:
    """The pairs under one question that exclude each other though one author, or one work, says
    both.

    Two reports that an author sets side by side are nobody's contradiction; nor is what he
    doubts or rejects.
    """
    voices: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for holder in lineage.holders(claim):
            voices[holder].append(claim)
    found = {
        (pair.a.iri, pair.b.iri): pair for said in voices.values() for pair in rivals.disjoint(said)
    }
    return [found[key] for key in sorted(found)]


def chain(dataset: Dataset, name: str) -> Link:
    """The chains behind one claim, named by its IRI, ``prefix:local`` or minted id.

    Raises ParameterError when the dataset has no such claim.
    """
    lineage = Lineage(Facts(dataset.quads()))
    names = dataset.names
    for iri in (names.expand(name), names.thing(name), names.thing(f"claim/{name}")):
        if iri in lineage.claims:
            return lineage.tree(lineage.claims[iri])
    raise ParameterError(
        f"there is no claim {name!r}", where="CLAIM", hint="write for instance sul:6"
    )


def chain_as_json(link: Link) -> dict[str, Any]:
    """One link of a chain and all that follow from it."""
    return {
        "by": link.by or None,
        "to": link.to,
        "label": link.label or None,
        "detail": link.detail or None,
        "ends": link.ends,
        "links": [chain_as_json(further) for further in link.links],
    }


def _dispute(dispute: Dispute, about: Fraction) -> dict[str, Any]:
    held = dispute.envelope
    return {
        "question": dispute.question.iri,
        "label": dispute.question.label,
        "kind": KINDS[dispute.kind] if dispute.kind else None,
        "claims": [_claim(claim, about) for claim in dispute.claims],
        "pairs": [
            *(_pair(pair) for pair in dispute.pairs),
            *(_pair(pair, dispute.question.iri) for pair in dispute.across),
        ],
        "envelope": {"low": _number(held.low), "high": _number(held.high)},
        "known_ends": {"low": _number(held.known_low), "high": _number(held.known_high)},
        "spread": _number(held.spread),
        "modal_envelopes": [
            {"modality": modality, "low": _number(own.low), "high": _number(own.high)}
            for modality, own in dispute.modal.items()
        ],
        "modal_kinds": [
            {"modality": modality, "kind": KINDS[kind]}
            for modality, kind in dispute.modal_kinds.items()
        ],
        "independent_lines": dispute.support.independent,
        "broken_lines": len(dispute.support.broken),
        "same_file": [
            {"a": a, "b": b, "file": file, "shared_leaf": shared}
            for a, b, file, shared in dispute.lineage.same_file(dispute.claims)
        ],
        "cycles": [list(ring) for ring in dispute.support.cycles],
        "suspect_citations": [
            {"citation": s.citation, "why": s.why} for s in dispute.lineage.suspects(dispute.claims)
        ],
        "self_contradictions": [
            {"a": pair.a.iri, "b": pair.b.iri} for pair in dispute.contradictions
        ],
        "sums": [_sum(found) for found in dispute.sums],
        "dropped": [{"id": d.claim.iri, "policy": d.policy, "why": d.why} for d in dispute.dropped],
    }


def _claim(claim: Claim, about: Fraction) -> dict[str, Any]:
    span = standing(claim, about=about)
    return {
        "id": claim.iri,
        "low": _number(span.low),
        "high": _number(span.high),
        "low_open": span.low_open,
        "high_open": span.high_open,
        "comparator": claim.figure.comparator if claim.figure else None,
        "value": claim.object or claim.date or claim.text or claim.no_value,
        "modality": claim.modality,
        "stance": claim.stance,
        "page": claim.page,
        "note": _notes(claim.notes),
    }


def _notes(notes: Sequence[int]) -> int | list[int] | None:
    return list(notes) if len(notes) > 1 else next(iter(notes), None)


def _pair(pair: Pair, question: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "a": pair.a.iri,
        "b": pair.b.iri,
        "kind": KINDS[pair.kind],
        "modality": pair.a.modality,
        "set_against_by_author": pair.set_against,
        "differs": list(pair.differs),
    }
    if question is not None:
        found["question"] = next(c.question for c in (pair.a, pair.b) if c.question != question)
    return found


def _sum(found: Sum) -> dict[str, Any]:
    return {
        "work": found.work,
        "modality": found.modality,
        "numbered": list(found.numbered),
        "unnumbered": list(found.unnumbered),
        "subtotals": list(found.subtotals),
        "parts": {"low": _number(found.parts.low), "high": _number(found.parts.high)},
        "apart": {"low": _number(found.apart.low), "high": _number(found.apart.high)},
        "at_most": _number(found.at_most),
        "against": [{"id": iri, "kind": KINDS[kind]} for iri, kind in found.against],
    }


def _number(number: Fraction | None) -> int | float | None:
    if number is None:
        return None
    return number.numerator if number.denominator == 1 else float(number)
