"""Queries of shapes that are answered without a store: the same rows as the store gives, and
nothing is read that is no SPARQL.
"""

from __future__ import annotations

import random
import re

import pyoxigraph as ox
import pytest

from kg.shacl import plans
from kg.shacl.graph import DataGraph
from kg.shacl.queries import Query, tokenized

E = "http://e/"
PREFIXES = {"": E, "e": E, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
NODES = [ox.NamedNode(E + name) for name in "abcdefg"]
LINKS = [*(ox.NamedNode(E + name) for name in "pqr"), ox.NamedNode(PREFIXES["rdf"] + "type")]

READ = [
    "SELECT $this WHERE { $this :p ?x }",
    "SELECT $this ?x { $this :p ?x . ?x :q $this }",
    "SELECT $this ?x { ?x :p $this ; :q ?y . ?y :r ?x. }",
    "SELECT DISTINCT $this { $this :p|:q ?x }",
    "SELECT * WHERE { $this :p/^:q ?x . }",
    "SELECT $this WHERE { $this (:p|:q)+ $this }",
    "SELECT $this ?x WHERE { ?x ^:p+ $this }",
    "SELECT $this ?x WHERE { $this ^(:p/:q) ?x , :a ; a ?y }",
    "SELECT $this ?link ?x WHERE { $this :p ?link . $this ?link ?x }",
    "SELECT $this ?link ?x WHERE { $this :p ?link . ?x ?link $this }",
    "SELECT $this ?x WHERE { $this :p ?x FILTER NOT EXISTS { ?x :q ?y } }",
    "SELECT $this ?x WHERE { $this :p ?x FILTER EXISTS { ?y :q ?x . ?y :r $this } . $this :q ?z }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this :p ?x . ?x :q :b } }",
    "SELECT $this ?x WHERE { $this :p ?x FILTER (?x IN (:a, <http://e/b>)) }",
    "SELECT $this ?x WHERE { $this :p ?x FILTER (?x NOT IN (:a, e:b)) }",
    "SELECT $this ?x WHERE { $this :p ?x . FILTER (?x = :a) FILTER ($this != :b) . }",
    "prefix x: <http://e/> select $this where { $this x:p x:a.}",
    "SELECT $this ?none WHERE { $this :p ?x ; ; rdf:type ?y ; . # a comment\n }",
]
LEFT = [  # to the store
    "SELECT $this WHERE { $this :p* ?x }",
    "SELECT $this WHERE { $this :p? ?x }",
    "SELECT $this WHERE { $this !:p ?x }",
    "SELECT $this WHERE { $this :p 1 }",
    'SELECT $this WHERE { $this :p "x" }',
    "SELECT $this WHERE { $this :p [ :q ?x ] }",
    "SELECT $this WHERE { $this :p _:b }",
    "SELECT $this WHERE { $this :p ?x . ?y :q ?z }",
    "SELECT $this WHERE { $this ?link ?x }",
    "SELECT $this WHERE { $this :p ?x FILTER (?x > 1) }",
    "SELECT $this WHERE { $this :p ?x FILTER (?y = :a) }",
    "SELECT $this WHERE { $this :p ?x OPTIONAL { ?x :q ?y } }",
    "SELECT $this WHERE { { $this :p ?x } UNION { $this :q ?x } }",
    "SELECT $this (?x AS ?value) WHERE { $this :p ?x }",
    "SELECT $this WHERE { $this :p ?x FILTER NOT EXISTS { :a :q ?y } }",
    "SELECT $this WHERE { $this :p ?x FILTER NOT EXISTS { ?x :q ?y FILTER (?y = :a) } }",
    "SELECT $this WHERE { $this :p ?x } LIMIT 1",
    "SELECT $this WHERE { $this no:p ?x }",
    "SELECT $this WHERE { $this <p> ?x }",
    r"SELECT $this WHERE { $this <http://e/\u0070> ?x }",
    "BASE <http://e/> SELECT $this WHERE { $this :p ?x }",
]


def data(seed: int) -> list[ox.Quad]:
    chance = random.Random(seed)
    ends = [*NODES, *LINKS]
    found = {ox.Quad(chance.choice(NODES), chance.choice(LINKS), chance.choice(ends))
             for _ in range(chance.randrange(1, 40))}  # fmt: skip
    return sorted(found, key=str)


@pytest.mark.parametrize("text", READ)
@pytest.mark.parametrize("at_once", [1, 10_000])
def test_the_rows_are_those_of_the_store(
    text: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_AT_ONCE", at_once)
    plan = plans.compiled(Query.read(text), PREFIXES)
    assert plan is not None
    some = 0
    for seed in range(60):
        quads = data(seed)
        graph, store = DataGraph(quads), ox.Store()
        store.extend(quads)
        numbers = {graph.number(node): node for node in NODES}
        ours: dict[ox.NamedNode, list] = {node: [] for node in NODES}
        for number, row in plan.rows(graph, numbers):
            ours[numbers[number]].append(tuple(sorted(dict(row).items())))
        for node in NODES:
            answer = store.query(PROLOGUE + Query.read(text).bound({"this": str(node)}))
            names = [variable.value for variable in answer.variables]
            rows = {
                tuple(sorted((n, t) for n, t in zip(names, row, strict=True) if t is not None))
                for row in answer
            }
            rows = {
                tuple(sorted({n: t for n, t in (*row, ("this", node)) if n != "bound1"}.items()))
                for row in rows
            }
            found = [tuple(sorted({**dict(row), "this": node}.items())) for row in ours[node]]
            assert len(found) == len(set(found))
            assert set(found) == rows, (seed, node)
            some += bool(rows)
    assert some


@pytest.mark.parametrize("text", LEFT)
def test_whatever_else_is_said_is_left_to_the_store(text: str) -> None:
    assert plans.compiled(Query.read(text), PREFIXES) is None


def test_literals_are_matched_as_written() -> None:
    plan = plans.compiled(Query.read("SELECT $this { $this :p ?x ; :q ?x }"), PREFIXES)
    written = [("01", "1"), ("1", "1")]
    whole = "http://www.w3.org/2001/XMLSchema#integer"
    for left, right in written:
        pair = [ox.Literal(text, datatype=ox.NamedNode(whole)) for text in (left, right)]
        graph = DataGraph(
            ox.Triple(NODES[0], link, value) for link, value in zip(LINKS, pair, strict=False)
        )
        found = list(plan.rows(graph, [graph.number(NODES[0])]))
        assert len(found) == (left == right)


def test_what_is_read_is_sparql() -> None:
    """A text that the store would refuse is never answered."""
    chance = random.Random(6)
    words = [token.text for text in READ for token in tokenized(text)]
    read = 0
    for _ in range(6_000):
        pieces = [token.text for token in tokenized(chance.choice(READ))]
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(pieces))
            match chance.randrange(4):
                case 0:
                    del pieces[at]
                case 1:
                    pieces.insert(at, chance.choice(words))
                case 2:
                    pieces[at] = chance.choice(words)
                case 3:
                    pieces.insert(at, pieces[at])
        text = "".join(pieces)
        try:
            plan = plans.compiled(Query.read(text), PREFIXES)
        except ValueError:  # SHACL forbids what was made of it
            continue
        if plan is not None:
            read += 1
            ox.Store().query(PROLOGUE + text)
            assert not re.search(r"\b(OPTIONAL|UNION|VALUES|BIND)\b", text)
    assert read > 500
