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
FEW, MANY = 48, 768  # fewer than 40 are paired, which is cheaper


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
    return claim(n, figure=ranges(n % 20).figure, during=f"{1000 + n % 20}")


def dates(n: int) -> Claim:
    return claim(n, date=f"{1000 + n * 7 % 30}/{1400 + n * 13 % 40}")


def places(n: int) -> Claim:
    return claim(n, object=f"urn:{n % 10}", during=f"{1700 + n % 50}/1799" if n % 3 else None)


def absences(n: int) -> Claim:
    return claim(n, no_value=f"urn:absence/{n % 3}", during=f"{1000 + n % 90}")


def one_after_another(n: int) -> Claim:
    """A band that grows: each figure later than the one before."""
    return claim(n, figure=ranges(n).figure, later_than=(f"urn:claim/{n - 1}",) if n else ())


def after_the_first(n: int) -> Claim:
    return claim(n, figure=ranges(n).figure, later_than=("urn:claim/0",) if n else ())


def two_orders(n: int) -> Claim:
    return claim(n, figure=ranges(n).figure, later_than=(f"urn:claim/{n - 2}",) if n > 1 else ())


def places_one_after_another(n: int) -> Claim:
    return claim(n, object=f"urn:{n % 10}", later_than=(f"urn:claim/{n - 1}",) if n else ())


def strongest_and_envelope(compared: Rivals, crowd: list[Claim]) -> str | None:
    envelope(crowd)
    return compared.strongest(crowd)


def calls(
    crowd: list[Claim],
    facts: Facts,
    work: Callable[[Rivals, list[Claim]], object] = strongest_and_envelope,
) -> tuple[int, object]:
    """How many functions are called, Python's own and those in C; and what is found."""
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
        found = work(compared, crowd)
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
        (one_after_another, "successive"),
        (after_the_first, "overlapping"),
        (two_orders, "overlapping"),
        (places_one_after_another, "successive"),
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
    swept = 2 if made(9).later_than else 1  # with orders twice: within them and across
    assert many <= swept * 130 * MANY * math.log2(MANY)


def branching(n: int) -> Claim:
    """A tree: two claims after each."""
    return claim(n, figure=ranges(n).figure, later_than=(f"urn:claim/{(n - 1) // 2}",) if n else ())


def ring(n: int) -> Claim:
    return claim(n, figure=ranges(n).figure, later_than=(f"urn:claim/{(n or MANY // 2) - 1}",))


@pytest.mark.parametrize(
    ("made", "expected"),
    [(branching, "overlapping"), (ring, "successive")],
)
def test_an_order_that_branches_is_not_paired(made: Callable[[int], Claim], expected: str) -> None:
    """Eight times as many claims cost eight times as much and the growth of three logarithms;
    pairing would cost 64 times as much.
    """
    facts, some, eightfold = world("single"), FEW, MANY // 2
    few, _ = calls([made(n) for n in range(some)], facts)
    many, kind = calls([made(n) for n in range(eightfold)], facts)
    assert kind == expected
    assert many / few <= 8 * (math.log2(eightfold) / math.log2(some)) ** 3


def figures_that_clash(n: int) -> Claim:
    """One in a hundred says less than all others do."""
    return claim(n, figure=Figure("exactly", point=Fraction(1))) if n == 7 else ranges(n)


def grows_and_clashes(n: int) -> Claim:
    """Of one work that orders its figures; only the first has a rival."""
    return claim(n, figure=Figure("exactly", point=Fraction(n)), later_than=(
        (f"urn:claim/{n - 1}",) if n > 1 else ()
    ))  # fmt: skip


def places_that_clash(n: int) -> Claim:
    during = f"{1000 + n % 90}" if n > 1 else "0900"
    return claim(n, object="urn:elsewhere" if n == 1 else f"urn:{n % 10}", during=during)


def absence_that_clashes(n: int) -> Claim:
    if n < 2:
        return claim(n, no_value="urn:absence/none", during="1731")
    return claim(n, object=f"urn:{n % 10}", during="1731" if n == 2 else "1732")


@pytest.mark.parametrize(
    "made", [figures_that_clash, grows_and_clashes, places_that_clash, absence_that_clashes]
)
def test_pairs_that_clash_cost_no_more_than_there_are(made: Callable[[int], Claim]) -> None:
    """Few pairs exclude each other, and the others are not looked at."""
    facts = world("single")

    def clashing(compared: Rivals, crowd: list[Claim]) -> int:
        return len(compared.disjoint(crowd))

    few, found = calls([made(n) for n in range(FEW)], facts, clashing)
    many, of_many = calls([made(n) for n in range(MANY)], facts, clashing)
    assert 1 <= found < FEW and 1 <= of_many < MANY
    assert many / few <= MANY * math.log2(MANY) / (FEW * math.log2(FEW))
