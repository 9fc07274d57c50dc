"""Pairs of dates of one thing that must stand in order: for the rules on lives and events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from kg.dates import Bounds, bounds
from kg.errors import DateError
from kg.model import tail
from kg.names import con
from kg.rules.model import Material

__all__ = ["Dated", "before", "dated", "read"]

Dated = tuple[str, str, Bounds]
"""A claim, its date as written, and the bounds of that date."""


def read(text: str | None) -> Bounds | None:
    """The bounds of an EDTF text; None for none, and for a text that another rule objects to."""
    try:
        return bounds(text) if text else None
    except DateError:
        return None


def dated(material: Material, *properties: str) -> dict[str, dict[str, list[Dated]]]:
    """For each thing, by the notation of the property, the claims that date it."""
    facts = material.facts
    found: dict[str, dict[str, list[Dated]]] = defaultdict(lambda: defaultdict(list))
    for claim in material.claims:
        text = facts.value(claim, con.date)
        question = facts.value(claim, con.answers)
        days = read(text)
        if text is None or question is None or days is None or facts.value(claim, con.modality):
            continue
        notation = tail(facts.value(question, con.property))
        about = facts.value(question, con.about)
        if about and notation in properties:
            found[about][notation].append((claim, text, days))
    return found


def before(
    material: Material, first: str, second: str
) -> Iterator[tuple[str, Dated, Dated, ox.Literal]]:
    """Claims of one work by which `second` certainly came before `first`: the thing, the claim of
    the first, that of the second, and the literal of the second.
    """
    facts = material.facts
    for thing, by in dated(material, first, second).items():
        for late in by[second]:
            for early in by[first]:
                if facts.value(early[0], con.statedIn) != facts.value(late[0], con.statedIn):
                    continue  # two works may contradict each other: that is no slip
                begins, ends = early[2].earliest, late[2].latest
                if begins and ends and ends < begins:
                    literal = next(
                        term
                        for term in facts.terms(late[0], con.date)
                        if isinstance(term, ox.Literal) and term.value == late[1]
                    )
                    yield thing, early, late, literal
