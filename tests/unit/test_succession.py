"""Orders by con:laterThan: a place tells what following every link tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rivals import any_answer, claim, times, world

from kg.figures import STRENGTH
from kg.model import Claim
from kg.rivals import Rivals, pairs, succession
from kg.rivals.succession import Place, blocks, places

Later = dict[str, set[str]]


@pytest.fixture(autouse=True, scope="module", params=["as shipped", "small"])
def sizes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Once with limits so small that a few claims go every way."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "small":
            patch.setattr(succession, "_CLOSE", 2)
            patch.setattr(succession, "_AT_ONCE", 3)
            patch.setattr(pairs, "_FEW", 2)
        yield


def links(draw: st.DrawFn, count: int) -> Later:
    """What each of so many things comes after: trees, turned trees, or whatever may be."""
    ids = [f"urn:claim/{n}" for n in range(count)]
    shape = draw(st.sampled_from(["tree", "turned tree", "no ring", "any"]))
    later: Later = {i: set() for i in ids}
    for n, i in enumerate(ids):
        below = ids[:n] if shape != "any" else ids
        most = 1 if "tree" in shape else 3
        earlier = draw(st.sets(st.sampled_from(below), max_size=most)) if below else set()
        for other in earlier:
            if shape == "turned tree":
                later[other].add(i)
            else:
                later[i].add(other)
    return later


@st.composite
def relations(draw: st.DrawFn) -> Later:
    return links(draw, draw(st.integers(min_value=1, max_value=12)))


@st.composite
def crowds(draw: st.DrawFn) -> list[Claim]:
    answers = draw(st.lists(any_answer, min_size=4, max_size=14))
    later = links(draw, len(answers))
    told = [claim(n, **{"during": draw(times), **answer}) for n, answer in enumerate(answers)]
    return [replace(c, later_than=tuple(sorted(later[c.iri]))) for c in told]


def reached(later: Later, start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(later[start])
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(later[here])
    return found


def follow(a: Place | None, b: Place | None) -> bool:
    """Whether one of two is later, as their places have it."""
    if a is None or b is None or a.order != b.order:
        return False
    if a.branch and b.branch:
        return (a.branch[0] < b.branch[0]) == (a.branch[1] < b.branch[1])
    return a.step != b.step


@settings(max_examples=200, deadline=None)
@given(relations())
def test_places_tell_what_the_links_tell(later: Later) -> None:
    found = places(later)
    known = {thing for thing in later if later[thing]} | {o for e in later.values() for o in e}
    assert set(found) == known
    for a, b in combinations(sorted(found), 2):
        if found[a] and found[b]:
            said = b in reached(later, a) or a in reached(later, b)
            assert follow(found[a], found[b]) == said, (a, b)


def shaped(text: str) -> Later:
    """``b>a`` says that b comes after a."""
    later: Later = {}
    for link in text.split():
        thing, _, earlier = link.partition(">")
        later.setdefault(thing, set()).add(earlier)
        later.setdefault(earlier, set())
    return later


@pytest.mark.parametrize(
    "text",
    [
        "b>a c>b d>c",
        "b>a c>b d>a",
        "b>a c>b d>a c>a",  # what follows from other links is said once more
        "c>a c>b d>c e>b2 d>e",
        "b>a c>b e>c d>a e>d",  # two branches that meet again
        "b>a c>b a>c",
        "b>a a>b c>a d>c e>b f>e",  # a ring, and two branches after it
        "c>a d>a d>b",
    ],
)
def test_usual_orders_have_places(text: str) -> None:
    later = shaped(text)
    found = places(later)
    assert None not in found.values()
    for a, b in combinations(sorted(found), 2):
        assert follow(found[a], found[b]) == (b in reached(later, a) or a in reached(later, b))


def test_an_order_that_no_two_sequences_tell_has_no_places() -> None:
    """Each of three but one comes before each of three: two sequences can't say that."""
    later = shaped("x>b x>c y>a y>c z>a z>b")
    assert set(places(later).values()) == {None}


@given(st.permutations(range(40)), st.permutations(range(40)))
def test_blocks_hold_each_pair_once(first: list[int], second: list[int]) -> None:
    branches = list(zip(first, second, strict=True))
    found: dict[frozenset[int], bool] = {}
    for some, others, together in blocks(branches):
        for a, b in product(some, others):
            assert frozenset((a, b)) not in found
            found[frozenset((a, b))] = together
    assert len(found) == 40 * 39 // 2
    for (a, b), together in ((sorted(pair), f) for pair, f in found.items()):
        assert together == (follow(Place(1, 0, branches[a]), Place(1, 0, branches[b])))


@settings(max_examples=200, deadline=None)
@given(crowds(), st.sampled_from(["single", "many"]))
def test_sweeps_find_what_pairing_finds(crowd: list[Claim], limit: str) -> None:
    compared = Rivals(world(limit), claims=crowd)
    found = list(compared.pairs(crowd))
    kinds = {pair.kind for pair in found}
    assert compared.strongest(crowd) == next((kind for kind in STRENGTH if kind in kinds), None)
    assert compared.disjoint(crowd) == [pair for pair in found if pair.kind == "disjoint"]
