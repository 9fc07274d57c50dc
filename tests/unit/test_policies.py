"""What each policy leaves of the claims of the invented dataset, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg.dataset import Dataset
from kg.errors import ParameterError
from kg.lineage import Lineage
from kg.model import Facts
from kg.policies import Kept, Policy, envelope

KILLED = "q:battle-of-tushkel--killed--soldiers"
CAPTURED = "q:siege-of-kazhvar--captured--soldiers"
WOUNDED = "q:battle-of-tushkel--wounded--soldiers"
PARTICIPANT = "q:siege-of-kazhvar--participant"
EXECUTED = "q:reed-war--executed--civilians"
SIDES = ("insurgent", "other", "unknown")
Ask = Callable[[str, str], Kept]


@pytest.fixture(scope="module")
def ask(invented: Dataset) -> Ask:
    facts = Facts(invented.quads())
    lineage = Lineage(facts)
    claims = [claim for claim in facts.claims() if not claim.withdrawn]

    def apply(question: str, policy: str) -> Kept:
        iri = invented.names.expand(question)
        return Policy.parse(policy, SIDES).apply([c for c in claims if c.question == iri], lineage)

    return apply


def names(claims) -> list[str]:
    keys = {"quillfeather-2001": "eq", "trostnikov-1998": "vt"}
    parts = (claim.iri.split("/")[-2:] for claim in claims)
    return [f"{keys[key]}:{number}" for key, number in parts]


@pytest.mark.parametrize(
    ("question", "policy", "left"),
    [
        (KILLED, "all", ["eq:1", "eq:2", "vt:1", "vt:2"]),
        (KILLED, "", ["eq:1", "eq:2", "vt:1", "vt:2"]),
        (KILLED, "not-doubted", ["eq:1", "eq:2", "vt:1"]),
        (KILLED, "archival-only", ["eq:1", "vt:1"]),
        (KILLED, "side:insurgent", ["vt:2"]),
        # The voice of eq:2 and the newspaper it cites, the record of eq:1 and vt:1.
        (KILLED, "without-side:other", ["vt:2"]),
        (KILLED, "without-side:insurgent", ["eq:1", "eq:2", "vt:1"]),
        (KILLED, "one-voice-per-line", ["eq:1", "eq:2", "vt:2"]),
        (KILLED, "not-doubted,one-voice-per-line", ["eq:1", "eq:2"]),
        (KILLED, "archival-only,one-voice-per-line", ["eq:1"]),
        (WOUNDED, "not-doubted", ["eq:3", "vt:3"]),
        (WOUNDED, "full-citation-only", ["vt:3"]),
        # A line that breaks off is not known to repeat another.
        (WOUNDED, "one-voice-per-line", ["eq:3", "eq:4", "vt:3"]),
        (CAPTURED, "not-unconfirmed", ["eq:9"]),
        (CAPTURED, "full-citation-only", ["eq:9"]),
        (CAPTURED, "one-voice-per-line", ["eq:9"]),
        (PARTICIPANT, "happened-only", ["eq:22", "eq:24", "eq:26", "vt:21"]),
        (PARTICIPANT, "full-citation-only", []),
        (EXECUTED, "not-unconfirmed", ["eq:6", "eq:7", "vt:6"]),  # probable is not unconfirmed
        # vt:6 cites what nobody knows; eq:6 cites nothing.
        (EXECUTED, "side:insurgent", ["eq:7"]),
    ],
)
def test_what_a_policy_leaves(ask: Ask, question: str, policy: str, left: list[str]) -> None:
    found = ask(question, policy)
    assert names(found.survivors) == left
    everything = names(ask(question, "all").survivors)
    assert sorted(left + names(d.claim for d in found.dropped)) == sorted(everything)
    assert all(d.why and d.policy in policy.split(",") for d in found.dropped)


def test_the_reasons(ask: Ask) -> None:
    reasons = {names([d.claim])[0]: d.why for d in ask(KILLED, "one-voice-per-line").dropped}
    assert reasons == {"vt:1": "it rests on what claim 1 rests on"}
    reasons = {names([d.claim])[0]: d.why for d in ask(KILLED, "without-side:other").dropped}
    assert reasons == {
        "eq:1": "a work it cites is of the side other",
        "eq:2": "its voice is of the side other",
        "vt:1": "a work it cites is of the side other",
    }


@pytest.mark.parametrize(
    ("question", "policy", "ends"),
    [
        # 412; 360-440; about 400; more than 900: the high end of the last is not known.
        (KILLED, "all", (360, None, 360, 440)),
        (KILLED, "not-doubted", (360, 440, 360, 440)),
        (KILLED, "side:insurgent", (900, None, 900, None)),
        (CAPTURED, "all", (None, 280, 200, 280)),
        (CAPTURED, "not-unconfirmed", (200, 250, 200, 250)),
        (PARTICIPANT, "all", (None, None, None, None)),
    ],
)
def test_the_envelope_of_what_is_left(ask: Ask, question: str, policy: str, ends) -> None:
    found = envelope(ask(question, policy).survivors)
    assert (found.low, found.high, found.known_low, found.known_high) == ends
    known = found.low is not None and found.high is not None
    assert found.spread == (found.high - found.low if known else None)


@pytest.mark.parametrize("bad", ["best", "side:", "side:martian", "not-doubted,best", "all:x"])
def test_a_policy_that_does_not_exist_is_refused(bad: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Policy.parse(bad, SIDES)
    assert caught.value.hint


def test_the_name_of_a_policy_is_written_one_way() -> None:
    assert str(Policy.parse("")) == "all"
    assert str(Policy.parse("all, not-doubted ,not-doubted")) == "not-doubted"
