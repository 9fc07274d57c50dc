"""What the strongest kind of a crowd costs, counted and not timed: k log k calls, never k²."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction

import pyoxigraph as ox
import pytest

from kg.dates import bounds
from kg.figures import Figure
from kg.model import Claim, Facts
from kg.names import con, dcterms, rdf
from kg.policies import envelope
from kg.rivals import Rivals

LIMIT = "https://w3id.org/contested/vocab/value-limit/"
FEW, MANY = 250, 4000


def world(limit: str) -> Facts:
    """A question whose property takes values up to `limit`, and places each in the next."""
    question, concept = ox.NamedNode("urn:q"), ox.NamedNode("urn:property")
    return Facts(
        [
            ox.Quad(question, rdf["type"], con.Question),
            ox.Quad(question, con.property, concept),
            ox.Quad(concept, con.valueLimit, ox.NamedNode(LIMIT + limit)),
            *(
                ox.Quad(ox.NamedNode(f"urn:{n}"), dcterms.isPartOf, ox.NamedNode(f"urn:{n + 1}"))
                for n in range(9)
            ),
        ]
    )


def claim(n: int, **answer: object) -> Claim:
    empty: dict[str, object] = dict.fromkeys(
        ("modality", "figure", "object", "date", "no_value", "during")
    )
    return Claim(
        **{
            **empty, "iri": f"urn:claim/{n}", "question": "urn:q", "stated_in": "urn:work",
            "stance": "endorses", "later_than": (), "contrasted_with": (), "cites": (),
            "withdrawn": False, **answer,
        }
    )  # fmt: skip


def ranges(n: int) -> Claim:
    """Of these all overlap or are nested, so that no disjoint pair ends the search early."""
    low, high = 10_000 - n * 7919 % 7001, 10_001 + n * 104_729 % 5003
    return claim(n, figure=Figure("between", low=Fraction(low), high=Fraction(high)))


def ranges_in_time(n: int) -> Claim:
    return claim(n, figure=ranges(n).figure, during=f"{1700 + n % 50}/1799" if n % 3 else None)


def ranges_one_after_another(n: int) -> Claim:
    return claim(n, figure=ranges(n % 90).figure, during=f"{1000 + n % 90}")


def dates(n: int) -> Claim:
    return claim(n, date=f"{1000 + n * 7 % 30}/{1400 + n * 13 % 40}")


def places(n: int) -> Claim:
    return claim(n, object=f"urn:{n % 10}", during=f"{1700 + n % 50}/1799" if n % 3 else None)


def absences(n: int) -> Claim:
    return claim(n, no_value=f"urn:absence/{n % 3}", during=f"{1000 + n % 90}")


def calls(crowd: list[Claim], facts: Facts) -> tuple[int, str | None]:
    """How many functions are called, Python's own and those in C; and the kind that is found."""
    counted = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    for one in crowd:  # a date is read once, which is no part of comparing
        bounds(one.during or one.date or "1731")
    before = sys.getprofile()
    compared = Rivals(facts, claims=crowd)
    sys.setprofile(count)
    try:
        found = compared.strongest(crowd)
        envelope(crowd)
    finally:
        sys.setprofile(before)
    return counted, found


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (ranges, "overlapping"),
        (ranges_in_time, "overlapping"),
        (ranges_one_after_another, "successive"),
        (dates, "overlapping"),
        (places, "nested"),
        (absences, "successive"),
    ],
)
def test_the_cost_grows_as_k_log_k(made: Callable[[int], Claim], expected: str) -> None:
    """Sixteen times as many claims cost at most sixteen times as much and the growth of the
    logarithm; pairing would cost 256 times as much.
    """
    facts = world("single")
    few, kind = calls([made(n) for n in range(FEW)], facts)
    many, of_many = calls([made(n) for n in range(MANY)], facts)
    assert (kind, of_many) == (expected, expected)
    assert many / few <= MANY * math.log2(MANY) / (FEW * math.log2(FEW))
    assert many <= 120 * MANY * math.log2(MANY)
