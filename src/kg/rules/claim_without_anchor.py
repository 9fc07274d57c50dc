"""Claims that nobody can find again in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

import pyoxigraph as ox

from kg.names import con
from kg.rules.model import Material, Rule
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="claim-without-anchor",
    severity="info",
    problem="A claim has no anchor, though other claims of its source have one. Of a source "
    "without any anchor one finding says so.",
    why="An anchor lets whoever holds the text check that the claim was read there, to the "
    "letter; a page number leaves them to search.",
    solution="Give con:wording as printed and run kg anchors TEXTFILE --write with a copy of the "
    "text.",
    valid="""
mine:1 a con:Claim ; con:anchor mine:1-anchor .
mine:2 a con:Claim ; con:anchor mine:2-anchor .
""",
    invalid="""
mine:1 a con:Claim ; con:anchor mine:1-anchor .
mine:2 a con:Claim .
""",
)


def find(material: Material) -> Iterator[Finding]:
    """Claims without anchor, or one of them for a source that has none at all."""
    facts = material.facts
    sources: dict[str, list[str]] = defaultdict(list)
    standing = set(material.claims)
    first_in: dict[str, str] = {}
    for file, _, quad in material.stated():
        if quad.object == con.Claim and isinstance(quad.subject, ox.NamedNode):
            claim = quad.subject.value
            if claim in standing and claim not in first_in:
                first_in[claim] = file.graph
                sources[file.graph].append(claim)
    for graph, claims in sources.items():
        without = [claim for claim in claims if not facts.values(claim, con.anchor)]
        if len(without) < len(claims):
            for claim in without:
                yield RULE.about(material, claim, "Give the claim an anchor (kg anchors --write).")
        else:
            key = graph.rpartition("/")[2]
            message = (
                f"None of the {len(claims)} claims of {key} has an anchor: "
                f"run kg anchors TEXTFILE --source {key} --write."
            )
            place = partial(material.dataset.place, ox.NamedNode(claims[0]))
            yield RULE.finding(graph, message, place)
