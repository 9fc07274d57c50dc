"""Dates that are none, or that can't be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pyoxigraph as ox

from kg.dates import bounds
from kg.errors import DateError
from kg.names import edtf
from kg.rules.model import Material, Rule
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="edtf-date",
    severity="violation",
    problem="A literal of the datatype edtf:EDTF is no text of the Extended Date/Time Format, "
    "names a day that does not exist, or is an interval that ends before it begins.",
    why="A date that can't be read drops out of every timeline and comparison.",
    solution="Write the date as ISO 8601-2 has it: 1920, 1920-06, 1920-06-11, 1920-06/1920-08 "
    "(lasted from, to), [1920-06-11..1920-06-16] (at some time between), 1920-06~ (about).",
    valid='mine:1 a con:Claim ; con:date "1920-06-11/1920-08"^^edtf:EDTF .',
    invalid='mine:1 a con:Claim ; con:date "1920-08/1920-06-11"^^edtf:EDTF .',
)


def find(material: Material) -> Iterator[Finding]:
    """EDTF literals of the authored files that are no dates, or that can't be."""
    datatype = edtf.EDTF
    for file, number, quad in material.stated():
        node = quad.object
        if not isinstance(node, ox.Literal) or node.datatype != datatype:
            continue
        try:
            bounds(node.value)
        except DateError as error:
            focus = quad.subject
            assert isinstance(focus, ox.NamedNode | ox.BlankNode)
            yield RULE.finding(
                focus.value,
                f"{error.message[0].upper()}{error.message[1:]}: {error.hint}.",
                partial(file.place, number),
                path=quad.predicate,
                value=node,
            )
