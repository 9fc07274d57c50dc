"""What tests/invented/EXPECTED.md works out by hand from the model's rules is what we compute."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.dataset import Dataset
from kg.derive import derive, pair_kind
from kg.figures import interval, kind
from kg.lineage import support
from kg.model import Facts
from kg.names import con

EXPECTED = Path(__file__).resolve().parents[1] / "invented" / "EXPECTED.md"


def table(heading: str) -> list[dict[str, str]]:
    """The first table below a heading of EXPECTED.md; code marks taken off."""
    text = EXPECTED.read_text(encoding="utf-8")
    match = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    assert match, f"EXPECTED.md has no heading {heading!r}"
    rows = [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in match.group(1).splitlines()
        if line.startswith("|")
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


@pytest.fixture(scope="module")
def facts(invented: Dataset) -> Facts:
    return Facts(invented.quads())


@pytest.fixture(scope="module")
def claims(facts: Facts, invented: Dataset):
    return {invented.names.compact(c.iri): c for c in facts.claims()}


def number(text: str) -> Fraction | None:
    return None if text == "unknown" else Fraction(text)


def test_intervals(claims) -> None:
    rows = table("Intervals")
    assert len(rows) > 30
    for row in rows:
        found = interval(claims[row["claim"]].figure)
        assert (found.low, found.high) == (number(row["low"]), number(row["high"])), row
        if found.low is not None:
            assert found.low_open == (row["low end"] == "open"), row
        if found.high is not None:
            assert found.high_open == (row["high end"] == "open"), row


def test_pairs_of_figures(claims, invented: Dataset) -> None:
    rows = table("Pairs of figures")
    assert {r["kind"] for r in rows} >= {
        "successive", "same", "disjoint", "compatible-bound", "nested", "overlapping",
    }  # fmt: skip
    for row in rows:
        assert pair_kind(claims[row["a"]], claims[row["b"]]) == row["kind"], row


def test_the_derived_graph_holds_just_these_pairs(invented: Dataset) -> None:
    compact = invented.names.compact
    derived = Facts(derive(invented))
    found = {
        (
            frozenset(compact(c) for c in derived.values(pair, con.betweenClaim)),
            (derived.value(pair, con.disagreementKind) or "").rpartition("/")[2],
        )
        for pair in derived.instances(con.Disagreement)
    }
    rows = table("Pairs of figures")
    assert found == {(frozenset((r["a"], r["b"])), r["kind"]) for r in rows}


def test_independent_lines(facts: Facts, claims, invented: Dataset) -> None:
    citations = facts.citations()
    for row in table("Independent lines"):
        question = invented.names.expand(row["question"])
        answering = [c for c in claims.values() if c.question == question and not c.withdrawn]
        assert support(answering, citations).independent == int(row["lines"]), row


def test_derived_quads_are_reproducible(either: Dataset) -> None:
    assert [str(q) for q in derive(either)] == [str(q) for q in derive(either)]
    assert all(isinstance(q.graph_name, ox.NamedNode) for q in derive(either))


def test_kind_at_other_widths(claims) -> None:
    for row in table("Pairs of figures at another width"):
        a, b = claims[row["a"]].figure, claims[row["b"]].figure
        widths = [name for name in row if name.endswith("%")]
        assert len(widths) > 2
        for name in widths:
            share = Fraction(name.rstrip(" %")) / 100
            assert kind(a, b, about=share) == row[name], (row, name)
