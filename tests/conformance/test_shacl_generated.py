"""Our SHACL engine against the reference, and the kept validation against a new one, on shapes and
data made up by chance.
"""

# ruff: noqa: E501  tables read better on one line each

from __future__ import annotations

import random
from collections import Counter

import pytest
from generated_data import case, edits, named, read
from generated_shapes import ON_PATH, SIMPLE, make
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.reference import difference, results
from kg.shacl import DEPARTURES, Checker, ShapesError, validate
from kg.shapes import results_of_quads

PROPERTY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=list(HealthCheck),
)


@st.composite
def shapes_and_data(draw):
    shapes, data = make(lambda options: draw(st.sampled_from(options)))
    return read(shapes), named(read(data), 0)


@PROPERTY
@given(shapes_and_data())
def test_the_results_are_those_of_the_reference(made) -> None:
    found = difference(*made)
    assert not found, (found.extra, found.missing)
    assert {name for _, names in found.excused for name in names} <= set(DEPARTURES)


SEEDS = range(400)


@pytest.mark.parametrize("block", range(5))
def test_seeded_shapes_too(block: int) -> None:
    """Larger shapes than hypothesis likes to draw."""
    for seed in SEEDS[block::5]:
        found = difference(*case(seed))
        assert not found, (seed, found.extra, found.missing)


def test_the_generator_makes_everything() -> None:
    """All components, targets, paths and switches occur, and most of them in some result."""
    words = Counter()
    components = Counter()
    for seed in SEEDS:
        shapes, data = case(seed)
        for triple in shapes:
            words[triple.predicate.value.rpartition("#")[2]] += 1
        try:
            found = validate(shapes, data, lambda left, data=data: results(left, data)).results
        except Exception:
            continue
        components.update({r.component.value.rpartition("#")[2] for r in found})
    names = {
        name for name in (*SIMPLE, *ON_PATH) if name not in ("range", "length", "sparqlOnPath")
    }
    names |= set(
        """targetClass targetNode targetSubjectsOf targetObjectsOf severity message deactivated closed
        ignoredProperties node property and or xone not qualifiedValueShape qualifiedMinCount
        qualifiedMaxCount qualifiedValueShapesDisjoint inversePath alternativePath zeroOrMorePath
        oneOrMorePath zeroOrOnePath minInclusive maxInclusive minExclusive maxExclusive minLength
        maxLength flags select""".split()
    )
    assert names <= set(words), names - set(words)
    quiet = {"PropertyConstraintComponent"}  # its results are those of the property shape
    wanted = {
        f"{word[0].upper()}{word[1:]}ConstraintComponent"
        for word in names
        if word[0].islower() and not word.startswith(("target", "qualifiedValue"))
    }
    present = {name for name in wanted if name in components}
    assert len(present) >= 27, sorted(present)
    assert components["SPARQLConstraintComponent"] > 20
    assert not quiet & set(components)


class _Left(Exception):
    """A shape went to the reference: that is tested by the others."""


def _refuse(*_: object):
    raise _Left


@pytest.mark.parametrize("block", range(4))
def test_a_change_is_judged_as_the_whole_would_be(block: int) -> None:
    """After each edit the kept results are those of a new run; what appeared and went are the
    differences of two runs; and what is told of the change holds all that differs.
    """
    steps = spared = 0
    for seed in range(block, 200, 4):
        shapes, data = case(seed)
        _, more = case(seed + 100_000)
        data = list(dict.fromkeys(data))
        chance = random.Random(seed)
        try:
            kept = Checker(shapes, data, _refuse)
            old = validate(shapes, data, _refuse).results
            assert Counter(kept.results) == Counter(old)
            for _ in range(4):
                added, removed = edits(data, more, chance)
                added = [t for t in added if t not in data]
                blind = Checker(shapes, data, _refuse, judge=False)
                would = kept.would(added, removed)
                assert Counter(kept.results) == Counter(old)
                data = [t for t in data if t not in removed] + added
                new = validate(shapes, data, _refuse).results
                update = kept.update(added, removed)
                assert Counter(kept.results) == Counter(new), seed
                assert Counter(update.appeared) == Counter(new) - Counter(old), seed
                assert Counter(update.gone) == Counter(old) - Counter(new), seed
                assert not Counter(update.results) - Counter(new), seed
                assert blind.update(added, removed).results == update.results, seed
                assert would == update, seed
                steps += 1
                spared += len(new) - len(update.results)
                old = new
        except _Left:
            continue
    assert steps > 120
    assert spared > 200  # or it judges everything again


def test_a_triple_that_two_graphs_state_goes_with_the_second() -> None:
    shapes, data = case(3)
    kept = Checker(shapes, [*data, *data], results)
    before = kept.results
    assert kept.update(removed=data).appeared == ()
    assert kept.results == before
    kept.update(removed=data)
    assert kept.results == Checker(shapes, [], results).results


def test_shapes_left_to_the_reference_are_judged_with_each_change() -> None:
    shapes = read(
        """@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        : sh:declare [ sh:prefix "e" ; sh:namespace "http://e/" ] .
        :S sh:targetSubjectsOf :p ; sh:path :p ; :least 2 .
        :own a sh:ConstraintComponent ; sh:parameter [ sh:path :least ] ;
            sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes : ;
                sh:select "SELECT $this WHERE { $this $PATH ?v . FILTER (?v < $least) }" ] .
        """
    )
    (low, high) = read("@prefix : <http://e/> . :a :p 1 . :b :p 3 .")
    kept = Checker(shapes, [high], results)
    assert kept.results == ()
    update = kept.update([low])
    assert [r.component.value for r in update.appeared] == ["http://e/own"]
    assert [node.value for node, _ in update.left] == ["http://e/S"]
    assert len(kept.update(removed=[low]).gone) == 1
    notes: list[str] = []
    assert len(results_of_quads(shapes, [low, high], note=notes.append)) == 1
    assert notes == [
        "<http://e/S> is left to pySHACL: <http://e/own> is a constraint component of its own"
    ]
    with pytest.raises(ShapesError):
        Checker(shapes, [high])
