"""Answers for a time of which nobody asked."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.dates import cannot_overlap
from kg.names import con
from kg.rules.model import Material, Rule
from kg.rules.order import read
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="time-outside-question",
    severity="warning",
    problem="The time for which a claim holds (con:holdsDuring) can't overlap the time to which "
    "its question is bounded (con:during).",
    why="A strength of 1918 under a question about 1915 is set against figures that it has "
    "nothing to do with.",
    solution="Put the claim under the question of its own time, or mend one of the two dates.",
    valid="""
q:camp--prisoners-held--1915 a con:Question ; con:during "1915"^^edtf:EDTF .
mine:1 a con:Claim ; con:answers q:camp--prisoners-held--1915 ;
  con:holdsDuring "1915-03"^^edtf:EDTF .
""",
    invalid="""
q:camp--prisoners-held--1915 a con:Question ; con:during "1915"^^edtf:EDTF .
mine:1 a con:Claim ; con:answers q:camp--prisoners-held--1915 ;
  con:holdsDuring "1918-03"^^edtf:EDTF .
""",
)


def find(material: Material) -> Iterator[Finding]:
    """Claims that hold at a time which their question leaves out."""
    facts = material.facts
    for claim in material.claims:
        question = facts.value(claim, con.answers)
        asked = read(facts.value(question, con.during)) if question else None
        if question is None or asked is None:
            continue
        for term in facts.terms(claim, con.holdsDuring):
            held = read(term.value)
            if held and isinstance(term, ox.Literal) and cannot_overlap(asked, held):
                message = (
                    f"This holds during {term.value}, and {material.names.compact(question)} asks "
                    f"for {facts.value(question, con.during)}: move the claim or mend a date."
                )
                yield RULE.about(material, claim, message, path=con.holdsDuring, value=term)
