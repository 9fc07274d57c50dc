"""The queries of what policies leave give what ``kg disputes --policy`` gives, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
from stored import Asked, Row

from kg.disputes import Chosen, apart
from kg.model import Facts
from kg.policies import ONE_VOICE, POLICIES, SIDED, envelope

ASKED = {"whole": ["soviet", "british"], "invented": ["insurgent", "other", "unknown", "soviet"]}
HEARD = {"whole": {"soviet"}, "invented": {"insurgent", "other", "unknown"}}


def figures(facts: Facts, of: Asked, policy: str, about: Fraction) -> Iterator[tuple[object, ...]]:
    """Question, modality, figures, dropped, low and high, as the room of policies has them."""
    chosen = Chosen(facts, policy=policy, about=about)
    for question, claims in chosen.rivals.by_question().items():
        found = chosen.dispute(question)
        left = {claim.iri for claim in found.claims}
        for modality, some in apart(claim for claim in claims if claim.figure).items():
            if len(some) > 1:
                kept = [claim for claim in some if claim.iri in left]
                ends = envelope(kept, about=about)
                shown = found.modal.get(modality) if modality else found.envelope
                assert not kept or shown == ends
                yield (
                    of.dataset.names.compact(question),
                    f"modality:{modality}" if modality else None,
                    len(kept),
                    len(some) - len(kept),
                    ends.low,
                    ends.high,
                )


def shown(rows: list[Row]) -> list[tuple[object, ...]]:
    columns = ("question", "modality", "figures", "dropped", "low", "high")
    return [
        tuple(Fraction(v) if c in ("low", "high") and v is not None else v for c, v in of)
        for of in ([(c, row[c]) for c in columns] for row in rows)
    ]


def by_name(rows: Iterator[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return sorted(rows, key=str)


@pytest.fixture(scope="session")
def facts_of(asked_of: Mapping[str, Asked]) -> Mapping[str, Facts]:
    return {key: Facts(asked_of[key].dataset.quads()) for key in ("whole", "invented")}


@pytest.mark.parametrize(
    ("key", "width"), [("whole", "0.1"), ("invented", "0.1"), ("invented", "0.25")]
)
def test_policies_leave_what_the_rooms_leave(
    key: str, width: str, asked_of: Mapping[str, Asked], facts_of: Mapping[str, Facts]
) -> None:
    of, effective = asked_of[key], set()
    everything = of.rows("disagreement/effect-of-policies", {"width": width})
    for policy in (*POLICIES, ONE_VOICE):
        rows = [row for row in everything if row["policy"] == policy]
        found = by_name(figures(facts_of[key], of, policy, Fraction(width)))
        assert by_name(shown(rows)) == found, policy
        effective |= {policy for row in rows if row["dropped"]}
    assert {row["policy"] for row in everything} == {*POLICIES, ONE_VOICE}
    assert effective >= {"archival-only", "full-citation-only", ONE_VOICE}


@pytest.mark.parametrize("key", ["whole", "invented"])
def test_a_side_leaves_what_the_rooms_leave(
    key: str, asked_of: Mapping[str, Asked], facts_of: Mapping[str, Facts]
) -> None:
    of, heard = asked_of[key], set()
    for side in ASKED[key]:
        rows = of.rows("disagreement/effect-of-sides", {"side": f"side:{side}"})
        assert {row["side"] for row in rows} == {f"side:{side}"}
        for policy in SIDED:
            some = [row for row in rows if row["policy"] == policy]
            found = by_name(figures(facts_of[key], of, f"{policy}:{side}", Fraction(1, 10)))
            assert by_name(shown(some)) == found, (policy, side)
            heard |= {side for row in some if policy == "side" and row["figures"]}
    assert heard == HEARD[key]
