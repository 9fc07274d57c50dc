"""The columns of ``SELECT *``."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.engine import columns


def answered(text: str) -> list[str]:
    store = ox.Store()
    return [v.value for v in store.query(columns.named(text)).variables]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", "s p o"),
        ("SELECT*{?z ?y ?x}", "z y x"),
        ("select distinct * where { ?z ?y ?x . ?x ?y ?a }", "z y x a"),
        ("SELECT REDUCED * { ?z ?y ?x }", "z y x"),
        ("PREFIX select: <x:> SELECT * { ?z select:a ?a }", "z a"),
        ("# SELECT * ?a\nSELECT * # ?a\n{ ?z <x:?y> '?a', ?b , ?a }", "z b a"),
        ("SELECT * { $z ?p ?a OPTIONAL { ?a ?p ?0 } }", "z p a 0"),
        ("SELECT * { ?z ?y ?x FILTER(?u = 1) MINUS { ?z ?t ?x } }", "z y x"),
        ("SELECT * { ?z ?y ?x FILTER EXISTS { ?z ?t ?v } }", "z y x"),
        ("SELECT * { { SELECT ?m ?k { ?m ?hidden ?k } } ?z ?m ?a }", "m k z a"),
        ("SELECT * { { SELECT * { ?m ?l ?k } } }", "m l k"),
        ("SELECT * { BIND(1 + 1 AS ?z) VALUES (?y ?x) { (1 2) } }", "z y x"),
        ("SELECT * { GRAPH ?z { ?a <x:b> [ <x:c> ?A ] } }", "z a A"),
        ("SELECT * FROM <x:g> { ?z ?y ?x } ORDER BY ?x LIMIT 3", "z y x"),
        ("SELECT ?b ?a { ?a ?b ?c }", "b a"),
        ("SELECT ?b { { SELECT * { ?b ?a ?c } } }", "b"),
        ("SELECT (COUNT(*) AS ?n) { ?b ?a ?c }", "n"),
        ("SELECT (2 * 3 AS ?n) ?a { ?a ?c ?b }", "n a"),
        ("SELECT * { ?only <x:p> 1 }", "only"),
    ],
)
def test_columns_come_as_the_query_names_them(text: str, expected: str) -> None:
    assert answered(text) == expected.split()


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?z ?y ?x }",
        "CONSTRUCT { ?z ?y ?x } WHERE { ?z ?y ?x }",
        "DESCRIBE * { ?z ?y ?x }",
        "SELECT ?z { ?z ?y ?x }",
        "SELECT * { }",
        "SELECT * { ?s ?p",
        "SELECT * { ?s nope:p ?o }",
        "SELECT",
        "SELECT DISTINCT",
        "",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert columns.named(text) == text


def test_rows_stay_the_same() -> None:
    store = ox.Store()
    store.update("INSERT DATA { <x:a> <x:b> 1, 2 . <x:c> <x:d> <x:a> }")
    text = "SELECT * { ?s ?p ?o OPTIONAL { ?o ?q ?r } }"
    plain, ordered = store.query(text), store.query(columns.named(text))
    names = ["s", "p", "o", "q", "r"]
    assert [v.value for v in ordered.variables] == names
    assert {tuple(map(str, row)) for row in ordered} == {
        tuple(str(row[name]) for name in names) for row in plain
    }
