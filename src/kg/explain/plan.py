"""What there is to say of a question or a claim, before any language says it.

A plan is a list of paragraphs, each a list of clauses. Every clause names the claims that it rests
on; all of them are computed from the claims, citations and attributions of the dataset.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kg.disputes import Chosen, Dispute, apart
from kg.figures import STRENGTH, Kind
from kg.model import Claim, natural
from kg.policies import Dropped, Envelope, envelope
from kg.rivals import Pair
from kg.sums import Sum

__all__ = [
    "Across",
    "Clause",
    "Contradicts",
    "Counts",
    "LeftOut",
    "OfClaim",
    "OneOf",
    "Opens",
    "Plan",
    "SameFile",
    "Says",
    "SecondLook",
    "SetAgainst",
    "Spans",
    "Stands",
    "Sums",
    "Supplied",
    "Supported",
    "Width",
    "of_claim",
    "of_question",
]


@dataclass(frozen=True)
class Clause:
    """One thing to be said, and the claims behind it."""

    claims: tuple[str, ...]


@dataclass(frozen=True)
class Opens(Clause):
    """The question itself."""

    question: str


@dataclass(frozen=True)
class Counts(Clause):
    """How many claims, of how many works, answer the question."""

    works: int


@dataclass(frozen=True)
class OneOf(Clause):
    """The claim is one of so many answers."""

    answers: int


@dataclass(frozen=True)
class Says(Clause):
    """Who says what, where; `number` tells the claim from others."""

    claim: Claim
    number: int | None


@dataclass(frozen=True)
class OfClaim(Clause):
    """More on one claim: ``modality``, ``certainty``, ``date-rule``, ``reason``, ``withdrawn``,
    ``hearsay``, ``cites`` or ``cite-as``.
    """

    claim: Claim
    what: str


@dataclass(frozen=True)
class Supplied(Clause):
    """Claims of which the reader supplied `what` from the context: their ``time`` or ``answer``."""

    what: str


@dataclass(frozen=True)
class Stands(Clause):
    """Claims that stand to each other, every two of them, in one way."""

    kind: Kind


@dataclass(frozen=True)
class SetAgainst(Clause):
    """Claims that the author sets against each other, every two of them."""


@dataclass(frozen=True)
class Contradicts(Clause):
    """Two claims that exclude each other, though they are one voice's own word."""

    holder: str


@dataclass(frozen=True)
class Across(Clause):
    """The figures of a related question, and in what the two questions differ."""

    question: str
    answers: tuple[Claim, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Sums(Clause):
    """What the parts of the question add up to by one work."""

    question: str
    found: Sum


@dataclass(frozen=True)
class Supported(Clause):
    """The independent lines behind the claims, by the works where they end; how many break off."""

    lines: tuple[str, ...]
    broken: int


@dataclass(frozen=True)
class SameFile(Clause):
    """Two claims that cite one archival file, perhaps one leaf of it."""

    record: str
    leaf: bool


@dataclass(frozen=True)
class SecondLook(Clause):
    """Cited works that deserve a second look, each with the reasons."""

    works: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Spans(Clause):
    """How far figures reach together; of a `modality` where they are not said to have happened."""

    question: str
    held: Envelope
    modality: str | None


@dataclass(frozen=True)
class Width(Clause):
    """How far ``about`` was taken to reach."""

    share: Fraction


@dataclass(frozen=True)
class LeftOut(Clause):
    """A claim that a policy leaves out."""

    dropped: Dropped


Plan = list[list[Clause]]
_NOT_SAID = {"broken", "presumed"}  # the citation itself says these


def of_question(chosen: Chosen, iri: str, *, pairs: bool = True) -> Plan:
    """All that the claims on one question amount to; without `pairs`, whose number grows with the
    square of that of the claims, what each says and what they say together.
    """
    found = chosen.dispute(iri)
    claims = tuple(sorted(found.claims, key=lambda c: natural(c.iri)))
    works = {claim.stated_in for claim in claims}
    plan: Plan = [[Opens(_ids(claims), iri)], [Counts(_ids(claims), len(works))]]
    numbers = len(claims) > 1
    for number, claim in enumerate(claims, 1):
        plan.append(list(_said(chosen, claim, number if numbers else None)))
    if pairs:
        plan.append(_relations(chosen, found, found.pairs, found.contradictions))
        plan += [[clause] for clause in _across(chosen, found, claims)]
    plan += [[Sums(_behind(found, s), iri, s)] for s in found.sums]
    plan.append(_behind_them(chosen, found, claims, pairs=pairs))
    plan += [[LeftOut((d.claim.iri,), d)] for d in found.dropped]
    plan.append(_supplied(plan))
    return [paragraph for paragraph in plan if paragraph]


def of_claim(chosen: Chosen, claim: Claim, *, pairs: bool = True) -> Plan:
    """One claim: who says it on whose authority, and, with `pairs`, how it stands to its rivals."""
    if not pairs:
        said = list(_said(chosen, claim, None))
        return [[Opens((claim.iri,), claim.question)], [*said, *_supplied([said])]]
    found = chosen.dispute(claim.question)
    kept = claim in found.claims
    answers = len(found.claims) + len(found.dropped)
    plan: Plan = [[Opens((claim.iri,), claim.question)]]
    if not claim.withdrawn:
        plan.append([OneOf((claim.iri,), answers)])
    mine = [p for p in found.pairs if claim in (p.a, p.b)]
    others = {c for pair in mine for c in (pair.a, pair.b)} - {claim}
    plan.append(list(_said(chosen, claim, 1 if others else None)))
    for number, other in enumerate(sorted(others, key=lambda c: natural(c.iri)), 2):
        plan.append([Says((other.iri,), other, number), *_by_rule(other)])
    contradictions = [p for p in found.contradictions if claim in (p.a, p.b)]
    plan.append(_relations(chosen, found, mine, contradictions))
    if kept:
        plan += [[clause] for clause in _across(chosen, found, (claim,))]
    plan.append(_lines(chosen, (claim,)))
    shared = chosen.lineage.same_file(found.claims)
    plan.append([SameFile((a, b), f, leaf) for a, b, f, leaf in shared if claim.iri in (a, b)])
    plan += [[LeftOut((d.claim.iri,), d)] for d in found.dropped if d.claim == claim]
    plan.append(_supplied(plan))
    plan.append([OfClaim((claim.iri,), claim, "cite-as")])
    return [paragraph for paragraph in plan if paragraph]


def _said(chosen: Chosen, claim: Claim, number: int | None) -> Iterator[Clause]:
    """What one claim says, and all that stands on the claim itself."""
    ids = (claim.iri,)
    yield Says(ids, claim, number)
    if claim.modality:
        yield OfClaim(ids, claim, "modality")
    if claim.certainty:
        yield OfClaim(ids, claim, "certainty")
    yield from _by_rule(claim)
    if claim.withdrawn:
        yield OfClaim(ids, claim, "withdrawn")
    elif claim.stance in ("doubts", "rejects"):
        yield OfClaim(ids, claim, "reason")
    if len(chosen.lineage.voices(claim)) > 1:
        yield OfClaim(ids, claim, "hearsay")
    if claim.cites:
        yield OfClaim(ids, claim, "cites")


def _by_rule(claim: Claim) -> list[Clause]:
    """By which rule its time was read."""
    return [OfClaim((claim.iri,), claim, "date-rule")] if claim.date_rule else []


def _supplied(plan: Plan) -> list[Clause]:
    """What the square brackets mean in which some answers or times of a plan stand."""
    found: dict[str, list[str]] = {"time": [], "answer": []}
    for clause in (clause for paragraph in plan for clause in paragraph):
        for claim in _answering(clause):
            if claim.supplied & {"date", "holdsDuring"}:
                found["time"].append(claim.iri)
            if "object" in claim.supplied:
                found["answer"].append(claim.iri)
    return [Supplied(tuple(dict.fromkeys(ids)), what) for what, ids in found.items() if ids]


def _answering(clause: Clause) -> tuple[Claim, ...]:
    """The claims whose answers a clause gives in words."""
    match clause:
        case Says():
            return (clause.claim,)
        case Across():
            return clause.answers
        case LeftOut():
            return (clause.dropped.claim,)
        case _:
            return ()


def _relations(
    chosen: Chosen, found: Dispute, pairs: Sequence[Pair], contradictions: Sequence[Pair]
) -> list[Clause]:
    """How claims stand to each other: computed kinds first, then what the author does."""
    by_kind: dict[Kind, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_kind[pair.kind].append(pair)
    clauses: list[Clause] = [
        Stands(group, kind) for kind in STRENGTH for group in together(by_kind.get(kind, ()))
    ]
    clauses += [SetAgainst(group) for group in together(p for p in pairs if p.set_against)]
    for pair in contradictions:
        both = chosen.lineage.holders(pair.a) & chosen.lineage.holders(pair.b)
        holder = pair.a.stated_in if pair.a.stated_in in both else min(both)
        clauses.append(Contradicts(_pair(pair), holder))
    return clauses


def together(pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    """Pairs as groups in which every two are paired: one sentence for (1), (2) and (3).

    Claims join the first group with all of whose members they are paired, in the order of their
    names; each pair is covered, and a claim may stand in several groups.
    """
    edges: set[frozenset[str]] = {frozenset((p.a.iri, p.b.iri)) for p in pairs}
    groups: list[list[str]] = []
    covered: set[frozenset[str]] = set()
    order = sorted({iri for edge in edges for iri in edge}, key=natural)
    for first in order:
        for second in order:
            edge = frozenset((first, second))
            if natural(second) <= natural(first) or edge not in edges or edge in covered:
                continue
            group = [first, second]
            for other in order:
                if other not in group and all(frozenset((other, m)) in edges for m in group):
                    group.append(other)
            group.sort(key=natural)
            covered |= {frozenset((a, b)) for a in group for b in group if a != b}
            groups.append(group)
    return [tuple(group) for group in groups]


def _across(chosen: Chosen, found: Dispute, mine: Sequence[Claim]) -> Iterator[Clause]:
    for others in found.related:
        pairs = list(chosen.rivals.across(mine, others))
        if not pairs:
            continue
        theirs = {c.iri: c for p in pairs for c in (p.a, p.b) if c.question != found.question.iri}
        answers = tuple(theirs[iri] for iri in sorted(theirs, key=natural))
        behind = {c.iri for p in pairs for c in (p.a, p.b)}
        yield Across(
            tuple(sorted(behind, key=natural)), answers[0].question, answers, pairs[0].differs
        )


def _behind(found: Dispute, added: Sum) -> tuple[str, ...]:
    """The claims that a sum adds up."""
    parts = {*added.numbered, *added.subtotals}
    ids = {
        claim.iri
        for claim in found.rivals.claims
        if claim.question in parts
        and claim.stated_in == added.work
        and claim.modality == added.modality
        and claim.figure
    }
    return tuple(sorted(ids, key=natural))


def _lines(chosen: Chosen, claims: Sequence[Claim]) -> list[Clause]:
    if not claims:
        return []
    support = chosen.lineage.support(claims)
    clauses: list[Clause] = [Supported(_ids(claims), tuple(support.lines), len(support.broken))]
    works: dict[str, list[str]] = defaultdict(list)
    behind: set[str] = set()
    for suspect in chosen.lineage.suspects(claims):
        if suspect.why not in _NOT_SAID:
            work = chosen.lineage.citations[suspect.citation].work
            if suspect.why not in works[work]:
                works[work].append(suspect.why)
            behind |= {c.iri for c in claims if suspect.citation in c.cites}
    if works:
        looks = tuple((work, tuple(why)) for work, why in sorted(works.items()))
        clauses.append(SecondLook(tuple(sorted(behind, key=natural)), looks))
    return clauses


def _behind_them(
    chosen: Chosen, found: Dispute, claims: Sequence[Claim], *, pairs: bool
) -> list[Clause]:
    """What stands behind the claims of a question together, and how far they reach."""
    clauses = _lines(chosen, claims)
    shared = chosen.lineage.same_file(claims) if pairs else []
    clauses += [SameFile((a, b), file, leaf) for a, b, file, leaf in shared]
    # What was planned or ordered is never taken together with what is said to have happened.
    figures = [c for c in claims if c.figure]
    for some in apart(figures).values():
        # Figures of different times are a course of events: one envelope round them says nothing.
        if chosen.rivals.strongest(some) not in ("successive", "same", None):
            held = envelope(some, about=chosen.about)
            clauses.append(Spans(_ids(some), found.question.iri, held, some[0].modality))
    if len(figures) < 2:
        return clauses
    wide = [c for c in figures if c.figure and c.figure.comparator in ("about", "nearly")]
    if wide:
        clauses.append(Width(_ids(wide), chosen.about))
    return clauses


def _ids(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(claim.iri for claim in claims)


def _pair(pair: Pair) -> tuple[str, ...]:
    return tuple(sorted((pair.a.iri, pair.b.iri), key=natural))
