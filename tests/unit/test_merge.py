"""A default graph of several graphs states each thing once."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.engine import merge

A, B, C, D = (f"https://example.org/{name}" for name in "abcd")
DATA = f"""INSERT DATA {{
  GRAPH <{A}> {{ <x:s> <x:p> 1, 2, 3 . _:n <x:q> 1 }}
  GRAPH <{B}> {{ <x:s> <x:p> 2, 3, 4 . _:n <x:q> 2 }}
  GRAPH <{C}> {{ <x:s> <x:p> 4 }}
  GRAPH <{D}> {{ <x:t> <x:p> 9 }}
}}"""
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def filled(place: Path | None = None) -> ox.Store:
    store = ox.Store(place) if place else ox.Store()
    store.update(DATA)
    return store


def count(store: ox.Store, default: list[ox.NamedNode], text: str = COUNT, **more) -> int:
    return int(next(store.query(text, default_graph=default, **more))["n"].value)


@pytest.mark.parametrize(
    ("graphs", "statements"),
    [
        ([A], 4),
        ([A, A], 4),
        ([A, B], 6),
        ([B, A], 6),
        ([A, B, C], 6),
        ([C, B], 4),
        ([A, D], 5),
        ([A, B, C, D], 7),
        ([C, D], 2),
        (["https://example.org/none", A], 4),
        ([], 0),
    ],
)
@pytest.mark.parametrize("disk", [False, True], ids=["writable", "read-only"])
def test_each_statement_is_found_once(
    tmp_path: Path, disk: bool, graphs: list[str], statements: int
) -> None:
    store = filled(tmp_path / "store" if disk else None)
    before = sorted(map(str, store))
    if disk:
        store.flush()
        del store
        store = ox.Store.read_only(str(tmp_path / "store"))
    with merge.once(store, graphs, [C]) as (used, nodes):
        assert count(used, nodes) == statements
        among = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
        assert count(used, nodes, among, named_graphs=[ox.NamedNode(C)]) == 1
    assert sorted(map(str, store)) == before
    assert {g.value for g in store.named_graphs()} == {A, B, C, D}


def test_nothing_is_left_behind_when_a_query_fails() -> None:
    store = filled()
    with pytest.raises(ZeroDivisionError), merge.once(store, [A, B], []):
        raise ZeroDivisionError
    assert {g.value for g in store.named_graphs()} == {A, B, C, D}


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        (f"SELECT * FROM <{A}> FROM <{B}> {{ ?s ?p ?o }}", [A, B], []),
        (f"ask from <{A}> from named <{B}> from <{C}> {{}}", [A, C], [B]),
        ("PREFIX e: <https://example.org/> ASK FROM e:a FROM e:b FROM NAMED e:c {}", [A, B], [C]),
        ("BASE <https://example.org/> ASK FROM <a> FROM <x/../b> {}", [A, B], []),
        ("ASK FROM <a> FROM <b> {}", [A, B], []),
        (
            "PREFIX : <https://example.org/> CONSTRUCT { ?s :from 1 } FROM :a FROM :b WHERE {}",
            [A, B],
            [],
        ),
        ("CONSTRUCT FROM <a> FROM <b> WHERE { ?s ?p ?o }", [A, B], []),
        ("DESCRIBE <x:a> FROM <a> FROM <b>", [A, B], []),
        ("PREFIX from: <https://example.org/> ASK FROM from:a FROM from:b {}", [A, B], []),
        ("# FROM <x:no>\nASK FROM <a> # FROM <x:no>\nFROM <b> { ?s ?p 'FROM <x:no>' }", [A, B], []),
    ],
)
def test_the_clauses_of_a_query_are_read(text: str, default: list[str], named: list[str]) -> None:
    assert merge.named_in(text, "https://example.org/") == (tuple(default), tuple(named))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "ASK FROM <x:a> {}",
        "ASK FROM <x:a> FROM NAMED <x:b> FROM NAMED <x:c> {}",
        "ASK FROM <x:a> FROM nope:b {}",
        "ASK FROM <x:a> FROM",
        "SELECT ?from ?FROM { ?from <x:from> ?FROM }",
        "nonsense FROM <x:a> FROM <x:b>",
        "",
    ],
)
def test_other_queries_are_left_to_the_engine(text: str) -> None:
    assert merge.named_in(text, "https://example.org/") is None


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("ASK { ?s ?p ?o }", False),
        ("SELECT DISTINCT ?s { ?s ?p ?o }", False),
        ("PREFIX : <x:> select distinct ?s { ?s :count ?o } ORDER BY ?s", False),
        ("SELECT ?s { ?s ?p ?o }", True),
        ("SELECT DISTINCT (COUNT(*) AS ?n) { ?s ?p ?o }", True),
        ("SELECT DISTINCT ?s { { SELECT ?s { ?s ?p ?o } } }", True),
        ("SELECT DISTINCT ?s { ?s ?p ?o } LIMIT 2", True),
        ("ASK { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } FILTER(?n = 3) }", True),
        ("CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }", True),
        ("DESCRIBE ?s { ?s ?p ?o }", True),
    ],
)
def test_what_can_tell_twice_from_once(text: str, tells: bool) -> None:
    assert merge.tells_twice_from_once(text) is tells
