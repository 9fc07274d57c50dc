from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from kg.dataset import Dataset
from kg.engine import Engine, Request
from kg.engine.change import Changer
from kg.engine.guard import LIMITS, admit
from kg.engine.holdings import Rules
from kg.engine.spool import Spool
from kg.engine.syntax import syntax_error
from kg.errors import (
    NotAcceptable,
    ParameterError,
    QueryError,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTooComplex,
)
from kg.formats import GRAPHS, RESULTS, by_name
from kg.names import Names

PROLOGUE = "PREFIX con: <https://w3id.org/contested/ontology#>\n"


@pytest.mark.parametrize("form", RESULTS)
def test_every_format_of_results(invented_engine: Engine, form) -> None:
    select = "SELECT ?claim WHERE { ?claim a con:Claim } ORDER BY ?claim LIMIT 2"
    answer = invented_engine.answer(Request(PROLOGUE + select, results=form))
    assert answer.format is form
    assert b"claim/quillfeather-2001" in answer.body
    assert invented_engine.answer(Request("ASK {}", results=form)).body


@pytest.mark.parametrize("form", GRAPHS)
def test_every_format_of_graphs(invented_engine: Engine, form) -> None:
    text = PROLOGUE + "CONSTRUCT { ?c a con:Claim } WHERE { ?c a con:Claim }"
    assert b"quillfeather-2001" in invented_engine.answer(Request(text, graph=form)).body


def test_the_wrong_kind_of_format_is_not_acceptable(invented_engine: Engine) -> None:
    with pytest.raises(NotAcceptable, match="table"):
        invented_engine.answer(Request("ASK {}", results=None))
    with pytest.raises(NotAcceptable, match="graph"):
        invented_engine.answer(Request("DESCRIBE <a:b>", graph=None))


def test_datasets_of_the_protocol(invented_engine: Engine) -> None:
    entities = "https://example.org/invented/graph/entities"
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    def n(**dataset) -> int:
        body = invented_engine.answer(Request(count, by_name("json"), **dataset)).body
        return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])

    merged = n()
    assert 0 < n(default_graphs=(entities,)) < merged
    assert n(default_graphs=(), named_graphs=(entities,)) == 0
    assert n(default_graphs=("https://example.org/invented/graph/absent",)) == 0


def test_named_graphs_of_the_protocol(invented_engine: Engine) -> None:
    """Only those that it names are there, one or none, whatever the store holds."""
    text = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    graph = "https://example.org/invented/graph/entities"

    def graphs(**dataset) -> set[str]:
        body = invented_engine.answer(Request(text, by_name("json"), **dataset)).body
        return {row["g"]["value"] for row in json.loads(body)["results"]["bindings"]}

    assert len(graphs()) > 2
    assert graphs(default_graphs=(), named_graphs=(graph,)) == {graph}
    assert graphs(default_graphs=(graph,), named_graphs=()) == set()


@pytest.mark.parametrize("iri", ["http://a:b:c/", "a:%zz", "http://%5B/[", "relative"])
def test_a_graph_whose_name_is_no_iri_is_the_askers_error(
    invented_engine: Engine, iri: str
) -> None:
    whole = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    for default, named in (((iri,), None), (None, (iri,)), (("urn:x", iri), (iri,))):
        for text in ("ASK {}", whole):
            request = Request(text, default_graphs=default, named_graphs=named)
            with pytest.raises(ParameterError, match="no IRI"):
                invented_engine.answer(request)
    with pytest.raises(ParameterError, match="no IRI"):
        invented_engine.dump(iri, GRAPHS[0], Spool(1000))
    changer = Changer(ox.Store(), Rules(Names(), merged=False, validate=False), "")
    for verb in ("put", "post", "delete"):
        with pytest.raises(ParameterError, match="no IRI"):
            changer.change({"verb": verb, "iri": iri, "format": "turtle", "base": "x:y"}, b"")


def test_derived_graphs_are_reached_by_name_only(invented_engine: Engine) -> None:
    ask = PROLOGUE + "ASK { %s }"
    pair = "?pair a con:Disagreement"
    assert b"false" in invented_engine.answer(Request(ask % pair)).body
    assert b"true" in invented_engine.answer(Request(ask % f"GRAPH ?g {{ {pair} }}")).body


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [("SELECT * WHERE { ?s ?p \n }", 1, 22), ("SELEKT * {}", 1, None), ("", 1, None)],
)
def test_a_syntax_error_has_line_and_column(
    invented_engine: Engine, text: str, row: int, column: int | None
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        invented_engine.answer(Request(text))
    assert caught.value.row == row
    assert column is None or caught.value.column == column


def test_an_undeclared_prefix_is_named(invented_engine: Engine) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        invented_engine.answer(Request("SELECT * WHERE { ?s con:page ?o ; _:b ?x }"))
    assert "con:" in caught.value.message
    assert "PREFIX con: <https://w3id.org/contested/ontology#>" in caught.value.hint


def test_an_unknown_function_is_the_askers_error(invented_engine: Engine) -> None:
    with pytest.raises(QueryFailed):
        invented_engine.answer(Request("SELECT (<https://e.org/f>(1) AS ?x) WHERE {}"))


REFUSED = [
    "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * WHERE { SERVICE SILENT ?e { ?s ?p ?o } }",
    "SELECT * WHERE { ServIce <http://127.0.0.1:1/> {} }",
    "SELECT * WHERE { \\u0053ERVICE <http://127.0.0.1:1/> {} }",
    "SELECT * WHERE { <a:b> <a:c> 'x'# ' \n SERVICE <http://127.0.0.1:1/> {} }",
    r"PREFIX e: <a:> SELECT * WHERE { ?s e:a\' ?o . SERVICE <a:b> {} # '" + "\n}",
    "LOAD <http://127.0.0.1:1/>",
    "PREFIX a: <a:> INSERT DATA { a:a a:b a:c }",
    "BASE <a:> # comment\n DELETE WHERE { ?s ?p ?o }",
    "clear all",
    "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
]


@pytest.mark.parametrize("text", REFUSED)
def test_federation_and_updates_are_refused(invented_engine: Engine, text: str) -> None:
    with pytest.raises(QueryRefused):
        invented_engine.answer(Request(text))


PASSED = [
    "SELECT ?service WHERE { ?service <a:service> 'SERVICE' }",
    "PREFIX service: <a:> SELECT * WHERE { ?s service:load ?with }",
    "SELECT * WHERE { ?s ?p <http://e.org/SERVICE> } # SERVICE <a:b> {}",
    'SELECT * WHERE { ?s ?p """ LOAD " SERVICE <a:b> {} """ }',
    "SELECT (1 AS ?insert) WHERE { FILTER(?a<?b&&?c>?d) }",
]


@pytest.mark.parametrize("text", PASSED)
def test_words_that_only_look_like_it_pass(text: str) -> None:
    admit(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE " + "{" * (LIMITS.nesting + 1) + "}" * (LIMITS.nesting + 1),
        "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
        "ASK { FILTER(" + "!" * 5000 + "true) }",
        "ASK { ?s " + "/".join(["<a:p>"] * 3000) + " ?o }",
        "ASK { {}" + " UNION {}" * 3000 + " }",
        "ASK { ?s ?p '" + "x" * LIMITS.length + "' }",
    ],
)
def test_texts_that_would_hurt_the_engine_never_reach_it(
    invented_engine: Engine, text: str
) -> None:
    with pytest.raises(QueryTooComplex):
        invented_engine.answer(Request(text))


def test_a_text_at_the_limits_is_answered(invented_engine: Engine) -> None:
    depth = LIMITS.nesting - 2
    deep = "ASK { FILTER(" + "(" * depth + "1" + ")" * depth + ") }"
    assert b"true" in invented_engine.answer(Request(deep)).body


def test_every_error_of_the_engine_is_a_query_error(invented_engine: Engine) -> None:
    for text in ("SELECT * {", "ASK { FILTER(1 IN 1) }", "SELECT ?x { ?x ?y ?z } GROUP BY ?y"):
        with pytest.raises(QueryError):
            invented_engine.answer(Request(text))


@pytest.mark.parametrize(
    ("text", "says", "does", "place"),
    [
        ("", "there is no query", "SELECT", (1, 1)),
        ("# one\nPREFIX a: <b:c>", "only comments and declarations", "SELECT", (1, 1)),
        ("SELECT * {\n ?s ?p 'x }", "quote is not closed", "close it", (2, 8)),
        ("SELECT * {\n ?s ?p 'x\\q' }", "an escape", "it knows", (2, 8)),
        ("SELECTX * {}", "SELECTX is no word", "did you mean SELECT?", (1, 1)),
    ],
)
def test_a_mistake_is_told_by_its_name_and_place(
    invented_engine: Engine, text: str, says: str, does: str, place: tuple[int, int]
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        invented_engine.answer(Request(text))
    error = caught.value
    assert says in error.message
    assert not error.message.endswith("expected")
    assert does in error.hint
    assert (error.row, error.column) == place
    line, caret = error.excerpt.split("\n")
    assert line == (text.split("\n")[place[0] - 1] if text else "")
    assert caret.index("^") == place[1] - 1


@pytest.mark.parametrize(
    ("text", "says", "does", "place"),
    [
        ("# hi\nSELECT * {}", "SELECT is a query", "/sparql", (2, 1)),
        (
            "INSERT DATA { _:a <a:b> 1 } ;\nINSERT DATA { _:a <a:b> 2 }",
            "_:a stands in more than one block",
            "blank node",
            (2, 15),
        ),
        ('INSERT DATA { <a:a> <a:b> "x', "quote is not closed", "close it", (1, 27)),
    ],
)
def test_a_mistake_in_an_update_too(
    text: str, says: str, does: str, place: tuple[int, int], invented: Dataset
) -> None:
    try:
        admit(text, update=True)
        with pytest.raises(SyntaxError) as caught:
            ox.Store().update(text)
        error = syntax_error(text, str(caught.value), invented.names, update=True)
    except QuerySyntaxError as refused:
        error = refused
    assert says in error.message
    assert does in error.hint
    assert (error.row, error.column) == place
    assert error.excerpt
