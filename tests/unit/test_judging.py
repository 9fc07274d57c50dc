"""A change is judged the same by what the owner keeps of the data as by all of it read anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.changes import Delta
from kg.engine import judging
from kg.engine.change import Changer
from kg.engine.holdings import MemoryHoldings, Opening
from kg.errors import InvalidUpdate
from kg.shacl import Problem, ShapesError

INVENTED = Path(__file__).resolve().parents[1] / "invented"


def opened(journal: Path) -> Iterator[MemoryHoldings]:
    found = MemoryHoldings.open(Opening(INVENTED, writable=True, journal=journal))
    yield found
    assert found.journal is not None
    found.journal.close()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[MemoryHoldings]:
    yield from opened(tmp_path / "journal")


def objections(checker: judging.Checker, delta: Delta) -> list[tuple[str, str, str]]:
    try:
        judging.judge(checker, list(delta.added), list(delta.removed))
    except InvalidUpdate as error:
        found = error.report or []
        return sorted((each["focus"], each["shape"], each["value"]) for each in found)
    return []


def anew(held: MemoryHoldings) -> judging.Checker:
    quads = judging.judged(held.store, held.rules.names, merged=held.rules.merged)
    return judging.Checker(held.rules.shapes, quads, judge=False)


def pieces(held: MemoryHoldings, chance: random.Random, number: int) -> list[ox.Quad]:
    quads = list(judging.judged(held.store, held.rules.names, merged=True))
    quads.sort(key=str)
    return chance.sample(quads, number)


def test_what_follows_changes_judges_as_what_is_read_anew(held: MemoryHoldings) -> None:
    assert held.prepared is not None
    chance, gone, objected = random.Random(7), [], 0
    for turn in range(6):
        removed = pieces(held, chance, 20)
        added, gone = [q for q in gone if chance.random() < 0.7], removed
        added = [q for q in added if q not in held.store]
        if turn % 2:  # the same said in one graph more
            graph = ox.NamedNode("https://example.org/graph/again")
            added += [ox.Quad(q.subject, q.predicate, q.object, graph) for q in removed[:5]]
        held._keep(Delta(tuple(added), tuple(removed)))
        trial = Delta(tuple(gone[5:]), tuple(pieces(held, chance, 5)))
        trial = Delta(tuple(q for q in trial.added if q not in held.store), trial.removed)
        expected = objections(anew(held), trial)
        found = objections(held.prepared.checker, trial)
        assert found == expected
        objected += bool(expected)
        # The owner's own was spent by that; a worker's is a copy of its process.
        held.prepared._read()
    assert objected, "something has to be objected to"


def test_what_the_owner_keeps_follows_each_change(held: MemoryHoldings) -> None:
    assert held.prepared is not None
    chance = random.Random(11)
    for _ in range(5):
        removed = pieces(held, chance, 30)
        held._keep(Delta((), tuple(removed)))
        held._keep(Delta(tuple(removed[:10]), ()))
    ours = held.prepared.checker._checker
    read = anew(held)._checker
    assert set(ours._graph.triples()) == set(read._graph.triples())

    def repeats(checker: object) -> dict[tuple[str, ...], int]:
        terms = checker._graph.terms
        return {tuple(str(terms[n]) for n in t): k for t, k in checker._repeats.items() if k}

    assert repeats(ours) == repeats(read)


def test_a_change_is_refused_by_what_is_kept(held: MemoryHoldings) -> None:
    assert held.prepared is not None
    graph = next(q.graph_name for q in judging.judged(held.store, held.rules.names, merged=True))
    text = f"INSERT DATA {{ GRAPH {graph} {{ <https://w3id.org/contested/id/x> a <urn:any> , " \
           "<https://w3id.org/contested/ontology#Claim> } }"  # fmt: skip
    header = {"verb": "update", "base": "https://example.org/update"}
    changer = Changer(held.store, held.rules, held.digest, held.prepared.checker)
    with pytest.raises(InvalidUpdate):
        changer.change(header, text.encode())


def test_terms_that_nothing_names_any_more_do_not_pile_up(
    held: MemoryHoldings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert held.prepared is not None
    monkeypatch.setattr(judging, "_MORE", 0)
    held.prepared._read()
    size = held.prepared.checker.size
    graph, label = ox.NamedNode("https://example.org/graph/mill"), ox.NamedNode("urn:label")
    for turn in range(8):
        mill = [
            ox.Quad(ox.NamedNode(f"urn:{turn}:{n}"), label, ox.Literal(f"{turn} {n}"), graph)
            for n in range(size // 2)
        ]
        held._keep(Delta(tuple(mill), ()))
        held._keep(Delta((), tuple(mill)))
    assert held.prepared.checker.size < 5 * size, "eight times as many have come"


def test_malformed_shapes_do_not_keep_a_server_from_its_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def malformed(*_: object, **__: object) -> None:
        raise ShapesError([Problem(ox.NamedNode("urn:shape"), "it is malformed")])

    monkeypatch.setattr("kg.engine.holdings.Prepared", malformed)
    for found in opened(tmp_path / "journal"):
        assert found.prepared is None
        assert len(found.store) > 0
