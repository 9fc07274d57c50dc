"""Citations that can't be right as they stand."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.names import con, dcterms
from kg.rules.model import Material, Rule
from kg.rules.order import read
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="suspect-citation",
    severity="warning",
    problem="A claim cites a work that certainly came out after the work in which the claim was "
    "read, or cites that work itself.",
    why="Such a citation lends a claim support that it does not have: nobody can cite what was not "
    "yet printed, and a work is no witness for itself.",
    solution="Look at the note again: another edition or another work of the author may be meant. "
    "A note that points to another page of its own work is con:page of a claim, no citation.",
    valid="""
id:my-book dcterms:issued "1990"^^edtf:EDTF . id:memoir dcterms:issued "1935"^^edtf:EDTF .
minecite:n1 a con:Citation ; con:work id:memoir .
mine:1 a con:Claim ; con:statedIn id:my-book ; con:cites minecite:n1 .
""",
    invalid="""
id:my-book dcterms:issued "1990"^^edtf:EDTF . id:memoir dcterms:issued "1995"^^edtf:EDTF .
minecite:n1 a con:Citation ; con:work id:memoir .
mine:1 a con:Claim ; con:statedIn id:my-book ; con:cites minecite:n1 .
""",
)


def find(material: Material) -> Iterator[Finding]:
    """Citations of later works and of the citing work, each once for each work that cites."""
    facts = material.facts
    seen: set[tuple[str, str]] = set()
    for claim in material.claims:
        citing = facts.value(claim, con.statedIn)
        for citation in facts.values(claim, con.cites):
            if citing is None or (citation, citing) in seen:
                continue
            seen.add((citation, citing))
            for work in facts.values(citation, con.work):
                said = _suspicion(material, work, citing)
                if said:
                    yield RULE.about(
                        material, citation, said, path=con.work, value=ox.NamedNode(work)
                    )


def _suspicion(material: Material, work: str, citing: str) -> str | None:
    facts, compact = material.facts, material.names.compact
    if work == citing:
        return f"{compact(citing)} cites itself: look at the note again."
    issued = [facts.value(iri, dcterms.issued) for iri in (work, citing)]
    cited, by = map(read, issued)
    if cited and by and cited.earliest and by.latest and cited.earliest > by.latest:
        return (
            f"{compact(work)} came out in {issued[0]}, after {compact(citing)}, which cites it "
            f"({issued[1]}): look at the note again."
        )
    return None
