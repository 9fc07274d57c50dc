"""The page of a question: who answers it, how the answers stand, and what stands behind them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template
from werkzeug.exceptions import NotFound

from kg.disputes import Chosen, Dispute, Register
from kg.errors import ResultTooLarge
from kg.explain import LANGUAGES, Explanation, told
from kg.explain.telling import Sentence
from kg.figures import STRENGTH
from kg.model import Claim
from kg.names import CONTESTED, con
from kg.web import gathering, languages, trust
from kg.web.chart import symbol
from kg.web.drawing import Pen
from kg.web.gathering import Gathered, gather, kept, kinds
from kg.web.records import Value
from kg.web.site import Site
from kg.web.trust import Choice
from kg.web.view import ClaimView

__all__ = ["FEW", "Kinds", "add_to", "left_out", "page", "sentences"]

FEW = 60
"""So many claims are set against each other by pairs; of more the strongest kind alone is said."""


_BEHIND = """PREFIX con: <https://w3id.org/contested/ontology#>
SELECT ?claim ?comparator ?point ?low ?high ?object ?date ?text ?during ?stance ?modality
  ?work ?page WHERE {{
  ?claim con:answers <{iri}> ; con:statedIn ?work .
  OPTIONAL {{ ?claim con:comparator ?comparator }}
  OPTIONAL {{ ?claim con:point ?point }}
  OPTIONAL {{ ?claim con:low ?low ; con:high ?high }}
  OPTIONAL {{ ?claim con:object ?object }}
  OPTIONAL {{ ?claim con:date ?date }}
  OPTIONAL {{ ?claim con:text ?text }}
  OPTIONAL {{ ?claim con:holdsDuring ?during }}
  OPTIONAL {{ ?claim con:stance ?stance }}
  OPTIONAL {{ ?claim con:modality ?modality }}
  OPTIONAL {{ ?claim con:page ?page }}
}} ORDER BY ?claim"""


@dataclass(frozen=True)
class Kinds:
    """One kind of disagreement: its name, how many pairs are of it, and the sentences about it.

    `modality` is that of both claims of such a pair, None for what is said to have happened.
    """

    concept: Value
    pairs: int
    sentences: tuple[str, ...]
    modality: Value | None


def add_to(routes: Blueprint, site: Site) -> None:
    """The dispute of one question as JSON."""

    @routes.get("/disputes/<path:identifier>.json")
    def dispute(identifier: str) -> Response:
        choice = trust.read()
        iri = site.names.thing(identifier)
        gathered = gather(site, [iri]) if site.names.identifier(iri) else None
        if gathered is None or kinds(gathered, iri) != "question":
            raise NotFound("There is no question of that id; /list/questions names them all.")
        if not gathered.whole:
            raise ResultTooLarge(
                f"this question and those near it have more than {gathering.MOST:,} claims",
                where=iri,
                hint="kg disputes has no such limit",
            )
        chosen = gathered.chosen(_checked(gathered, choice), choice.about)
        found = Register(chosen.policy, choice.about, (chosen.dispute(iri),))
        response = jsonify(found.as_json())
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response


def page(site: Site, iri: str, identifier: str) -> str:
    """The page of a question that the graph holds."""
    choice = trust.read()
    gathered = gather(site, [iri])
    chosen = gathered.chosen(_checked(gathered, choice), choice.about)
    dispute = chosen.dispute(iri)
    claims = kept(dispute)
    few = len(claims) <= FEW
    language = languages.current()
    said = told(chosen, iri, site.names, language=language, pairs=few)
    by_claim = sentences(said)
    view = gathered.view
    label = view.label(iri)
    pen = Pen(chosen, language, lambda claim: site.url(site.page_of(claim) or ""))
    numbers = {claim.iri: n for n, claim in enumerate(claims, 1)}
    query = _BEHIND.format(iri=iri)
    return render_template(
        "question.html",
        whole=gathered.whole,
        iri=iri,
        identifier=identifier,
        view=view,
        label=label,
        worded=[name for name in view.names_of(iri) if name.text not in label.text],
        question=dispute.question,
        facets=_facets(gathered, dispute),
        choice=choice,
        policies=trust.PLAIN,
        sides=_sides(gathered),
        lead=said.summary,
        story=_paragraphs(said, [s for s in said.sentences if s.kind != "opens"]),
        answers=pen.answers,
        symbol=symbol,
        side_label=lambda side: view.label(f"{CONTESTED}vocab/side/{side}"),
        chart=pen.draw(dispute, claims, by_claim, name=label.text, ident="chart"),
        rows=[(numbers[c.iri], view.claim(c.iri)) for c in claims],
        left_out=left_out(dispute, gathered, language),
        withdrawn=[view.claim(c.iri) for c in gathered.withdrawn(iri)],
        kinds=_kinds(gathered, dispute, said, few=few),
        few=few,
        lines=_lines(gathered, dispute, numbers),
        broken=len(dispute.support.broken),
        notes=[s.text for s in said.sentences if s.kind in ("same-file", "second-look")],
        related=_related(gathered, chosen, dispute, language),
        sums=[s.text for s in said.sentences if s.kind == "sums"],
        parts=_parts(gathered, dispute.question.parts),
        contained=_parts(gathered, dispute.question.may_contain),
        wholes=[view.thing(q) for q in gathered.facts.pointing(con.hasPart, iri)],
        query=query,
        run=site.url("sparql", query=query),
    )


def sentences(said: Explanation) -> dict[str, str]:
    """What says each claim, by its IRI, without its number: also that it was only planned, how
    sure the work is, and what of it is ours: no claim may sound surer than its work.
    """
    found: dict[str, str] = {}
    for sentence in said.sentences:
        if sentence.kind == "says":
            found[sentence.claims[0]] = sentence.text
        elif sentence.kind in ("modality", "certainty", "date-rule", "supplied"):
            for iri in found.keys() & sentence.claims:
                found[iri] += f" {sentence.text}"
    return found


def left_out(
    dispute: Dispute, gathered: Gathered, language: str
) -> list[tuple[ClaimView, str, str]]:
    """What the policy leaves out: each claim, the policy that drops it, and why, in words."""
    reasons = LANGUAGES[language].reasons
    return [
        (
            gathered.view.claim(d.claim.iri),
            d.policy,
            reasons.get(d.policy)
            or reasons.get(d.policy.partition(":")[0])
            or _stance(d.claim, reasons),
        )
        for d in dispute.dropped
    ]


def _stance(claim: Claim, reasons: Mapping[str, str]) -> str:
    return reasons.get(claim.stance, "")


def _checked(gathered: Gathered, choice: Choice) -> str:
    sides = [_notation(value) for value in _sides(gathered)]
    return trust.named(choice.policy, sides)


def _sides(gathered: Gathered) -> list[Value]:
    """The sides that a policy can name."""
    space = f"{CONTESTED}vocab/side/"
    found = [iri for iri in gathered.view.subjects() if iri.startswith(space)]
    return [gathered.view.thing(iri) for iri in found]


def _notation(value: Value) -> str:
    return (value.iri or "").rpartition("/")[2]


def _facets(gathered: Gathered, dispute: Dispute) -> list[Value]:
    """What the question is made of: its subject, property, unit, population, way of counting."""
    q = dispute.question
    parts = (q.about, q.property, q.unit, q.population, q.mode)
    return [gathered.view.thing(iri) for iri in parts if iri]


def _paragraphs(said: Explanation, chosen: Sequence[Sentence]) -> list[list[Sentence]]:
    found: dict[int, list[Sentence]] = {}
    for sentence in chosen:
        found.setdefault(sentence.paragraph, []).append(sentence)
    return list(found.values())


def _kinds(gathered: Gathered, dispute: Dispute, said: Explanation, *, few: bool) -> list[Kinds]:
    """The kinds of the pairs under the question, strongest first: of what is said to have happened,
    then of what was planned, of what was ordered and so on.
    """
    counted: Counter[tuple[str, str]] = Counter()
    told_of: dict[tuple[str, str], list[str]] = defaultdict(list)
    if few:
        kinds_of = {
            frozenset((p.a.iri, p.b.iri)): (p.a.modality or "", p.kind) for p in dispute.pairs
        }
        counted.update(kinds_of.values())
        for sentence in said.sentences:
            if sentence.kind == "stands" and (of := kinds_of.get(frozenset(sentence.claims[:2]))):
                told_of[of].append(sentence.text)
    else:
        counted.update(dispute.modal_kinds.items())
        counted.update([("", dispute.kind)] if dispute.kind else ())
    return [
        Kinds(
            _listed(gathered, "disagreement", kind),
            counted[modality, kind],
            tuple(told_of[modality, kind]),
            _listed(gathered, "modality", modality) if modality else None,
        )
        for modality in sorted({modality for modality, _ in counted})
        for kind in STRENGTH
        if (modality, kind) in counted
    ]


def _listed(gathered: Gathered, name: str, concept: str) -> Value:
    return gathered.view.thing(f"{CONTESTED}vocab/{name}/{concept}")


def _lines(
    gathered: Gathered, dispute: Dispute, numbers: Mapping[str, int]
) -> list[tuple[Value, list[int]]]:
    """The works and records where the lines behind the claims end, with the claims they carry."""
    lines = dispute.support.lines.items()
    found = [(gathered.view.thing(w), sorted(numbers[i] for i in ids)) for w, ids in lines]
    return sorted(found, key=lambda line: (line[1], line[0].label.text))


def _related(
    gathered: Gathered, chosen: Chosen, dispute: Dispute, language: str
) -> list[dict[str, Any]]:
    """Related questions, in what they differ, and who answers them."""
    rivals = chosen.rivals
    names = LANGUAGES[language].differences
    found = []
    for iri in rivals.related.get(dispute.question.iri, ()):
        claims = kept(chosen.dispute(iri))
        found.append(
            {
                "question": gathered.view.thing(iri),
                "differs": [names[n] for n in rivals.differs(dispute.question.iri, iri)],
                "compared": rivals.crosses(dispute.claims, claims),
                "claims": [gathered.view.claim(c.iri) for c in claims],
            }
        )
    return found


def _parts(gathered: Gathered, iris: Sequence[str]) -> list[tuple[Value, list[ClaimView]]]:
    """Parts of the whole that the question asks for, each with the answers to it."""
    claims = [c for c in gathered.facts.claims() if not c.withdrawn]
    return [
        (
            gathered.view.thing(iri),
            [gathered.view.claim(c.iri) for c in claims if c.question == iri],
        )
        for iri in iris
    ]
