"""Events that ended before they began."""

from __future__ import annotations

from collections.abc import Iterator

from kg.names import con
from kg.rules.model import Material, Rule
from kg.rules.order import before
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="end-before-start",
    severity="warning",
    problem="By the claims of one work an event ended before it began, whatever the exact days "
    "were. Claims of two works may contradict each other so, and are then a dispute, no finding.",
    why="Who asks what went on at a time finds such an event never, or always.",
    solution="Look at the page again: a year is soon mistaken, and a rising that broke out twice "
    "is two events. Where the work truly says so, give con:reason.",
    valid="""
q:rising--began a con:Question ; con:about id:rising ; con:property property:began .
q:rising--ended a con:Question ; con:about id:rising ; con:property property:ended .
mine:1 a con:Claim ; con:answers q:rising--began ;
  con:statedIn id:my-book ; con:date "1920-05"^^edtf:EDTF .
mine:2 a con:Claim ; con:answers q:rising--ended ;
  con:statedIn id:my-book ; con:date "1920-05-31"^^edtf:EDTF .
""",
    invalid="""
q:rising--began a con:Question ; con:about id:rising ; con:property property:began .
q:rising--ended a con:Question ; con:about id:rising ; con:property property:ended .
mine:1 a con:Claim ; con:answers q:rising--began ;
  con:statedIn id:my-book ; con:date "1921-05"^^edtf:EDTF .
mine:2 a con:Claim ; con:answers q:rising--ended ;
  con:statedIn id:my-book ; con:date "1920-05-31"^^edtf:EDTF .
""",
)


def find(material: Material) -> Iterator[Finding]:
    """Claims of an end that came before the beginning which the same work gives."""
    for thing, began, ended, literal in before(material, "began", "ended"):
        if material.facts.value(ended[0], con.reason):
            continue
        compact = material.names.compact
        message = (
            f"{compact(thing)} ended in {ended[1]}, before it began in {began[1]} "
            f"({compact(began[0])}): look at the page again."
        )
        yield RULE.about(material, ended[0], message, path=con.date, value=literal)
