"""Citations and voices that no claim needs."""

from __future__ import annotations

from collections.abc import Iterator

from kg.names import con
from kg.rules.model import Material, Rule
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="unused-note",
    severity="warning",
    problem="A citation that no claim cites, or a voice that neither a claim nor another voice "
    "leads to.",
    why="What a work cites without need here was mostly left over from a claim that was moved; or "
    "the claim that rests on it was never written.",
    solution="Let the claim that it belongs to name it (con:cites, con:attribution, "
    "con:conveyedBy), write that claim, or take it out.",
    valid="minecite:n1 a con:Citation . mine:1 a con:Claim ; con:cites minecite:n1 .",
    invalid="minecite:n1 a con:Citation . mine:1 a con:Claim .",
)


def find(material: Material) -> Iterator[Finding]:
    """Citations and attributions to which nothing points."""
    facts = material.facts
    for kind, what, by in (
        (con.Citation, "citation", (con.cites,)),
        (con.Attribution, "voice", (con.attribution, con.conveyedBy)),
    ):
        used = {
            value for subject in facts.subjects() for p in by for value in facts.values(subject, p)
        }
        for iri in facts.instances(kind):
            if iri not in used:
                message = f"Nothing uses this {what}: name it where it belongs, or take it out."
                yield RULE.about(material, iri, message)
