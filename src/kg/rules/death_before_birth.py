"""People who died before they were born."""

from __future__ import annotations

from collections.abc import Iterator

from kg.names import con
from kg.rules.model import Material, Rule
from kg.rules.order import before
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="death-before-birth",
    severity="warning",
    problem="By the claims of one work a person died before being born, whatever the exact days "
    "were. Claims of two works may contradict each other so, and are then a dispute, no finding.",
    why="Such a pair is a slip of ours or of the print, or two namesakes under one name; each of "
    "them spoils every timeline of the person.",
    solution="Look at the page again. Mend the date, part the namesakes, or keep what is printed "
    "in con:printed beside the emended date; where the work truly says so, give con:reason.",
    valid="""
q:ali--birth-date a con:Question ; con:about id:ali ; con:property property:birth-date .
q:ali--death-date a con:Question ; con:about id:ali ; con:property property:death-date .
mine:1 a con:Claim ; con:answers q:ali--birth-date ;
  con:statedIn id:my-book ; con:date "1882"^^edtf:EDTF .
mine:2 a con:Claim ; con:answers q:ali--death-date ;
  con:statedIn id:my-book ; con:date "1921-05"^^edtf:EDTF .
""",
    invalid="""
q:ali--birth-date a con:Question ; con:about id:ali ; con:property property:birth-date .
q:ali--death-date a con:Question ; con:about id:ali ; con:property property:death-date .
mine:1 a con:Claim ; con:answers q:ali--birth-date ;
  con:statedIn id:my-book ; con:date "1928"^^edtf:EDTF .
mine:2 a con:Claim ; con:answers q:ali--death-date ;
  con:statedIn id:my-book ; con:date "1921-05"^^edtf:EDTF .
""",
)


def find(material: Material) -> Iterator[Finding]:
    """Claims of a death that came before the birth which the same work gives."""
    for thing, born, died, literal in before(material, "birth-date", "death-date"):
        if material.facts.value(died[0], con.reason):
            continue
        compact = material.names.compact
        message = (
            f"{compact(thing)} died in {died[1]}, before the birth in {born[1]} "
            f"({compact(born[0])}): look at the page again."
        )
        yield RULE.about(material, died[0], message, path=con.date, value=literal)
