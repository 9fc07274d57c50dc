from __future__ import annotations

import json
import re
from collections import Counter
from random import Random

import pyoxigraph as ox
import pytest

from kg.dataset import Dataset
from kg.engine import Engine, Request
from kg.formats import GRAPHS, RESULTS

from .differential import Both, TooMany, alike
from .queries import Queries, Vocabulary

# rdflib warns of its own use of its own names.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

_CLAIM = re.compile(r"claim/[a-z]+-\d+/[1-6]$")
_SAID = re.compile(
    r"[#/](type|answers|point|low|high|page|note|wording|contrastedWith|statedIn|stance)$"
)
SEEDS = 110


@pytest.fixture(scope="module")
def both(invented: Dataset) -> Both:
    """A dozen claims in two named graphs, with one statement in both, and their merge."""
    named = [
        quad
        for quad in invented.quads()
        if "/source/" in str(quad.graph_name)
        and isinstance(quad.subject, ox.NamedNode)
        and _CLAIM.search(quad.subject.value)
        and _SAID.search(quad.predicate.value)
    ]
    first, last = named[0], named[-1]
    assert first.graph_name != last.graph_name
    named.append(ox.Quad(first.subject, first.predicate, first.object, last.graph_name))
    merged = {ox.Quad(q.subject, q.predicate, q.object) for q in named}
    return Both((*named, *merged), invented.names)


def test_random_queries_have_the_same_answers_in_both_engines(both: Both) -> None:
    vocabulary = Vocabulary.of(both.quads)
    told = asked = 0
    for seed in range(SEEDS):
        text = Queries(Random(seed), vocabulary, exact=True).query()
        try:
            ours = both.ours(text)
        except TooMany:
            continue
        theirs = both.theirs(text)
        assert alike(text, ours, theirs), f"seed {seed}: {text}\n{ours}\n{theirs}"
        asked += 1
        told += bool(ours)
    assert asked >= SEEDS - 5
    assert told >= SEEDS // 5, "queries without answers compare nothing"


def test_what_stands_in_two_graphs_counts_once(both: Both) -> None:
    graphs = " ".join(f"FROM {name}" for name in Vocabulary.of(both.quads).graphs)
    text = f"SELECT (COUNT(*) AS ?n) {graphs} {{ ?s ?p ?o }}"
    assert alike(text, both.ours(text), both.theirs(text))


@pytest.mark.parametrize(
    "clauses",
    [
        "FROM 0",
        "FROM NAMED 0",
        "FROM 0 FROM 1 FROM NAMED 0",
        "FROM 1 FROM NAMED 0",
        "FROM 0 FROM 1",
    ],
)
def test_clauses_name_the_dataset(both: Both, clauses: str) -> None:
    graphs = Vocabulary.of(both.quads).graphs
    named = re.sub(r"[01]", lambda match: graphs[int(match[0])], clauses)
    for body in ("{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }"):
        text = f"SELECT * {named} WHERE {body}"
        assert alike(text, both.ours(text), both.theirs(text)), text


FORMS = [
    "SELECT ?a ?c { ?a ?p ?c } ORDER BY ?a ?p ?c",
    "SELECT * { ?a ?p ?c } ORDER BY ?a ?p ?c",
    "ASK { ?a ?p ?c }",
]


@pytest.mark.parametrize("text", FORMS)
def test_every_format_tells_the_same(both: Both, text: str) -> None:
    """Each table is read back by the engine itself and has the rows of every other."""
    seen = []
    for form in RESULTS:
        answer = both.engine.answer(Request(text, results=form))
        assert answer.format is form
        if form.name in ("csv", "tsv"):
            if not text.startswith("ASK"):
                lines = answer.body.decode().split("\r\n" if form.name == "csv" else "\n")
                seen.append(len([line for line in lines if line]) - 1)
            continue
        read = ox.parse_query_results(answer.body, form.serializer)
        seen.append(bool(read) if isinstance(read, ox.QueryBoolean) else len(list(read)))
    assert len(set(seen)) == 1 and len(seen) >= 2


@pytest.mark.parametrize("form", GRAPHS)
def test_every_graph_format_tells_the_same(both: Both, form) -> None:
    text = "CONSTRUCT { ?a ?p ?c } { ?a ?p ?c }"
    body = both.engine.answer(Request(text, graph=form)).body
    told = {q.triple for q in ox.parse(body, form.serializer)}
    assert told == {q.triple for q in both.quads}


def test_the_comparison_bites(both: Both) -> None:
    """Answers that differ in one row, in how often, or in a term are not alike."""
    text = FORMS[0]
    ours = both.ours(text)
    row = next(iter(ours))
    assert not alike(text, ours, ours - Counter([row]))
    assert not alike(text, ours, ours + Counter([row]))
    assert not alike(text, ours, ours - Counter([row]) + Counter([frozenset()]))
    assert not alike("ASK {}", True, False)


def test_the_first_answer_is_what_json_says(invented_engine: Engine) -> None:
    """The comparison reads JSON; so JSON itself is held against the engine below."""
    body = invented_engine.answer(Request("SELECT (1 AS ?x) {}")).body
    assert json.loads(body)["results"]["bindings"][0]["x"]["value"] == "1"
