"""The default graph by itself: the same answers, and in step with every change."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import store
from kg.changes import Delta
from kg.dataset import Dataset
from kg.derive import derive
from kg.engine import Engine, Request
from kg.engine.holdings import MemoryHoldings, Opening
from kg.formats import by_name

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ox.DefaultGraph()


@pytest.fixture(scope="module")
def engines(invented: Dataset) -> tuple[Engine, Engine]:
    """An engine on the whole store, and one that also has the default graph by itself."""
    whole = store.build(invented, derive(invented))
    return (
        Engine(whole, invented.names),
        Engine(whole, invented.names, alone=store.default_alone(whole)),
    )


def rows(engine: Engine, text: str) -> list[bytes]:
    """The lines of an answer, in order."""
    lines = by_name("ntriples", kind="graph")
    body = engine.answer(Request(text, by_name("tsv", kind="results"), lines)).body
    return sorted(body.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s ?p ?o WHERE { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        "select ?g where { ?s ?p ?o . graph ?g { ?s ?p ?o } }",
        "SELECT ?s FROM <https://example.org/nothing> WHERE { ?s ?p ?o }",
        "ASK { ?s ?p ?o FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }",
        "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }",
        "DESCRIBE ?s WHERE { ?s a <https://w3id.org/contested/ontology#Claim> }",
    ],
)
def test_the_answers_are_the_same(engines: tuple[Engine, Engine], text: str) -> None:
    whole, with_alone = engines
    if text.startswith("ASK"):
        form = by_name("json", kind="results")
        assert whole.answer(Request(text, form)).body == with_alone.answer(Request(text, form)).body
        assert b"true" in whole.answer(Request(text, form)).body
        return
    assert rows(with_alone, text) == rows(whole, text)


def test_a_question_that_names_no_graph_is_asked_of_it(invented: Dataset) -> None:
    marked = ox.Store()
    marked.add(ox.Quad(*[ox.NamedNode("urn:x:here")] * 3))
    engine = Engine(store.build(invented), invented.names, alone=marked)
    assert rows(engine, "SELECT ?s WHERE { ?s ?p ?o }") == [b"<urn:x:here>", b"?s"]
    both = "SELECT ?s WHERE { { ?s ?p ?o } UNION { Graph ?g { ?s ?p ?o } } }"
    assert len(rows(engine, both)) > 99
    assert len(rows(engine, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")) > 2


def test_it_follows_every_change() -> None:
    held = MemoryHoldings.open(Opening(ROOT / "tests" / "invented"))
    assert held.alone is not None

    def in_step() -> bool:
        default = held.store.quads_for_pattern(None, None, None, DEFAULT)
        return set(default) == set(held.alone or ())

    assert in_step()
    a, b = (ox.NamedNode(f"urn:x:{name}") for name in "ab")
    quads = [ox.Quad(a, a, ox.Literal(str(n))) for n in range(3)]
    named = ox.Quad(a, b, a, b)
    old = next(iter(held.store.quads_for_pattern(None, None, None, DEFAULT)))
    held.commit(Delta(added=(*quads, named, ox.Quad(a, b, ox.BlankNode("x")))))
    assert in_step()
    held.commit(Delta(removed=(quads[0], old, named), graphs_added=("urn:x:empty",)))
    assert in_step()
    assert old not in held.alone
    assert quads[1] in held.alone
    assert named not in held.alone
    held.commit(Delta(removed=(ox.Quad(a, b, ox.BlankNode("x")),), graphs_removed=("urn:x:empty",)))
    assert in_step()


def test_without_a_merge_there_is_none() -> None:
    held = MemoryHoldings.open(Opening(ROOT / "tests" / "invented", merged=False))
    assert held.alone is None
