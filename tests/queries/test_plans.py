"""What was planned or ordered is held against its like alone, and told from what happened.

Claims of the invented dataset are given a modality, and the answers change as they must, worked out
by hand.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
import pytest
from stored import Asked
from test_changed_claims import KILLED, REGISTER, adding, of

from kg.names import con

MISSING = "q:battle-of-tushkel--missing--soldiers"


def unlike_what_happened(before: Asked, *modalities: tuple[str, str]) -> Asked:
    """The dataset in which each of some claims has a modality."""
    for claim, modality in modalities:
        concept = ox.NamedNode(f"https://w3id.org/contested/vocab/modality/{modality}")
        before = adding(before, claim, con.modality, concept)
    return before


def registered(of_what: Asked, question: str) -> list[tuple[object, ...]]:
    return of(of_what.rows("disagreement/register", {"question": question}), *REGISTER)


@pytest.mark.parametrize(("second", "planned"), [("planned", 1), ("ordered", 0)])
def test_the_register_counts_a_plan_against_a_plan_by_itself(
    second: str, planned: int, asked_of: Mapping[str, Asked]
) -> None:
    """Fewer than 50 against 50 at least, as plans: they exclude each other as plans do. What
    happened is held against neither, nor a plan against an order.
    """
    before = asked_of["invented"]
    assert registered(before, MISSING) == [(3, 2, 0, 0, 1, 0, 1, 0, 2)]
    after = unlike_what_happened(before, ("vt:4", "planned"), ("vt:5", second))
    assert registered(after, MISSING) == [(3, 0, 0, 0, 0, 0, 0, planned, 2)]


def test_the_register_counts_what_happened_beside_plans(asked_of: Mapping[str, Asked]) -> None:
    """412 and 360 to 440 were planned. Of six pairs one is of plans, four are no pairs any more;
    what is left is about 400 against more than 900.
    """
    before = asked_of["invented"]
    assert registered(before, KILLED) == [(4, 3, 0, 2, 0, 1, 1, 0, 3)]
    after = unlike_what_happened(before, ("eq:1", "planned"), ("eq:2", "planned"))
    assert registered(after, KILLED) == [(4, 1, 0, 0, 0, 0, 0, 1, 3)]


@pytest.mark.parametrize(
    ("name", "question", "pair"),
    [
        ("disagreement/kinds", MISSING, ("vt:4", "vt:5", "disagreement:disjoint")),
        ("disagreement/of-one-question", MISSING, ("vt:4", "vt:5", "disagreement:disjoint")),
        ("disagreement/compatible-rivals", KILLED, ("eq:1", "eq:2", "disagreement:nested")),
    ],
)
def test_a_pair_of_plans_is_told_from_what_happened(
    name: str, question: str, pair: tuple[str, ...], asked_of: Mapping[str, Asked]
) -> None:
    before = asked_of["invented"]
    after = unlike_what_happened(before, (pair[0], "planned"), (pair[1], "planned"))

    def stand(of_what: Asked) -> list[tuple[object, ...]]:
        rows = of_what.rows(name, {"question": question})
        return of(rows, "first", "second", "kind", "modality")

    assert (*pair, None) in stand(before)
    assert {row[3] for row in stand(before)} == {None}
    assert stand(after) == [(*pair, "modality:planned")]


def test_plans_that_are_not_comparable_are_told_from_what_happened(
    asked_of: Mapping[str, Asked],
) -> None:
    """The officers and one figure for the soldiers were planned: with what happened to the other
    soldiers that plan has nothing to do. With one of the two ordered, there is no pair.
    """
    before = asked_of["invented"]

    def stand(of_what: Asked) -> list[tuple[object, ...]]:
        rows = of_what.rows("disagreement/not-comparable", {"question": KILLED})
        return of(rows, "first", "second", "differs", "modality")

    assert stand(before) == [
        ("eq:1", "eq:20", "population", None),
        ("eq:2", "eq:20", "population", None),
        ("eq:20", "vt:1", "population", None),
        ("eq:20", "vt:2", "population", None),
    ]
    after = unlike_what_happened(before, ("eq:1", "planned"), ("eq:20", "planned"))
    assert stand(after) == [("eq:1", "eq:20", "population", "modality:planned")]
    assert stand(unlike_what_happened(before, ("eq:1", "ordered"), ("eq:20", "planned"))) == []
