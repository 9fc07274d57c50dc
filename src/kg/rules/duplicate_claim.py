"""Claims that stand twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kg.model import natural
from kg.names import con, dcterms, oa, prov, skos
from kg.rules.model import Material, Rule
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="duplicate-claim",
    severity="warning",
    problem="Two claims say the same: one answer to one question, in the same words at the same "
    "place of one work. Their notes, reviews, translations and anchors are not compared, save that "
    "anchors on different passages show that the work says it twice.",
    why="What a work says once would count twice, in lists and in every count of claims.",
    solution="Withdraw the later one (prov:wasInvalidatedBy, with con:reason), or give each the "
    "words of its own passage where the work does say it twice.",
    valid="""
mine:1 a con:Claim ; con:answers q:camp--prisoners-held ; con:point 7000 ;
  con:page "12" ; con:wording "7,000"@en .
mine:2 a con:Claim ; con:answers q:camp--prisoners-held ; con:point 7000 ;
  con:page "90" ; con:wording "7,000"@en .
""",
    invalid="""
mine:1 a con:Claim ; con:answers q:camp--prisoners-held ; con:point 7000 ;
  con:page "12" ; con:wording "7,000"@en .
mine:2 a con:Claim ; con:answers q:camp--prisoners-held ; con:point 7000 ;
  con:page "12" ; con:wording "7,000"@en .
""",
)

_NOT_COMPARED = {
    con.anchor, con.noteScope, con.reviewStatus, con.translation, dcterms.created,
    prov.wasAttributedTo, skos.editorialNote, skos.note,
}  # fmt: skip


def find(material: Material) -> Iterator[Finding]:
    """The later claim of each pair; the claims are numbered in the order of their work."""
    facts = material.facts
    alike: dict[frozenset[tuple[str, object]], list[str]] = {}
    ignored = {p.value for p in _NOT_COMPARED}
    for claim in material.claims:
        said = frozenset(
            (p, o) for p, values in facts.statements(claim) if p not in ignored for o in values
        )
        if facts.value(claim, con.answers):
            alike.setdefault(said, []).append(claim)
    for claims in alike.values():
        for first, second in pairwise(sorted(claims, key=natural)):
            if _apart(material, first, second):
                continue
            name = material.names.compact(first)
            yield RULE.about(
                material, second, f"This says what {name} says: withdraw it, or tell them apart."
            )


def _apart(material: Material, first: str, second: str) -> bool:
    """Whether both claims have anchors, and on passages that have nothing in common."""
    ends = []
    for claim in (first, second):
        for anchor in material.facts.values(claim, con.anchor):
            for position in material.facts.values(anchor, oa.hasSelector):
                texts = [material.facts.value(position, p) or "" for p in (oa.start, oa.end)]
                if all(text.isdecimal() for text in texts):
                    ends.append((int(texts[0]), int(texts[1])))
    return len(ends) == 2 and (ends[0][1] <= ends[1][0] or ends[1][1] <= ends[0][0])
