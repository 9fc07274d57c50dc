"""What is said of a query with a mistake: the place, the line, and what to do."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.catalogue import Catalogue
from kg.dataset import outline
from kg.engine import mistakes
from kg.engine.guard import admit
from kg.engine.scan import pieces
from kg.engine.syntax import syntax_error
from kg.errors import QuerySyntaxError

ROOT = Path(__file__).parents[2]
NAMES = outline(ROOT).names
HEAD = "PREFIX con: <https://w3id.org/contested/ontology#>\n"


def told(text: str) -> QuerySyntaxError:
    try:
        admit(text)
        with pytest.raises(SyntaxError) as caught:
            ox.Store().query(text)
    except QuerySyntaxError as refused:
        return refused
    return syntax_error(text, str(caught.value), NAMES)


# What was written behind HEAD, at which line and column the mistake is, what is said, what to do.
MISTAKES = [
    ("SELECT ?c {\n ?c rdfs:label ?x }", (3, 5), "rdfs: is not declared", "01/rdf-schema#>"),
    ("SELECT ?c {\n ?c rdsf:label ?x }", (3, 5), "rdsf: is not declared", "rdfs:?"),
    ("SELECT ?c {\n ?c con:answers ?q\n ?q con:about ?x }", (3, 18), ". or ; is missing", "write"),
    (
        "SELECT ?c {\n ?c a con:Claim OPTIONAL { ?c con:note ?n }\n",
        (2, 11),
        "{ is not closed",
        "open",
    ),
    ("SELECT ?c { ?c con:note ?n }}\nLIMIT 3", (2, 29), "this } closes nothing", "take it out"),
    ("SELECT ?c { ?c con:point ?n\n FILTER(?n > 3 }", (3, 16), "( of line 3", "write )"),
    ("SELECT ?c { ?c con:page '824\n}", (2, 25), "this quote is not closed", "close it"),
    ("SELECT claim { ?claim a con:Claim }", (2, 8), "claim is no variable", "?claim"),
    ("SELECT ?c {\n claim a con:Claim }", (3, 2), "claim is no word", "?claim for a variable"),
    ("SELECT ?c {\n ?c con:answers question . }", (3, 17), "question is no word", "?question"),
    ("SELECT ?c WHERE ?c a con:Claim", (2, 11), "stands in braces", "WHERE { … }"),
    ("SELECT ?c ?c con:note ?n", (2, 14), "outside of the braces", "WHERE { … }"),
    ("SELECT ?c {\n ?c con:page “824” }", (3, 14), "quotation mark of print", 'straight quotes: "'),
    ("SELECT ?c {\n ?c con:page «824» }", (3, 14), "quotation mark of print", 'straight quotes: "'),
    ("SELECT ?c {\n ?c\u00a0con:page ?p }", (3, 4), "U+00A0", "space bar"),
    ("SELECT ?c { ?c con:page = '8' }", (2, 25), "no = stands in a triple", "FILTER(?x = …)"),
    ("SELECT ?c { ?c con:point ?n FILTER(?n > 0,25) }", (2, 42), "and no comma", "write 0.25"),
    ("SELECT ?c { ?c con:point ?n FILTER(?n > 10,000) }", (2, 43), "and no comma", "write 10000"),
    ("SELECT ?c, ?q { ?c con:answers ?q }", (2, 10), "no comma", "a space"),
    ("SELECT ?my-c { ?c con:answers ?q }", (2, 11), "no hyphen", "?my_c"),
    ("SELECT ?c { ?c con:point ?n FILTER(?n == 3) }", (2, 39), "== is written =", "write ="),
    ("SELECT ?c { ?c con:point ?n FILTER(?n <> 3) }", (2, 39), "<> is written !=", "write !="),
    ("ASK { ?c con:point ?n FILTER(?n > 3 AND ?n < 5) }", (2, 37), "AND is no word", "&&"),
    ("ASK { ?c con:point ?n FILTER(?n > 3 & ?n < 5) }", (2, 37), "'&' can't stand here", "&&"),
    ("ASK { ?c con:page ?n FILTER(?n LIKE '8') }", (2, 32), "LIKE is no word", "CONTAINS"),
    ("ASK { ?c con:point ?n FILTER ?n > 3 }", (2, 30), "FILTER wants round", "FILTER(?n > 3)"),
    ("ASK { ?c con:point ?n BIND(?m = ?n * 2) }", (2, 39), "BIND needs AS", "AS ?double"),
    ("SELEKT ?c { ?c con:answers ?q }", (2, 1), "SELEKT is no word", "SELECT?"),
    ("Who led the uprising?", (2, 1), "Who is no word", "/search"),
    ("SELECT COUNT(?c) { ?c con:answers ?q }", (2, 8), "round brackets", "(COUNT(…) AS ?n)"),
    ("SELECT (COUNT(?c)) { ?c con:answers ?q }", (2, 18), "needs a name", "AS ?claims"),
    ("SELECT * { ?c con:note ?n } LIMIT 5 ORDER BY ?c", (2, 37), "comes too late", "the order is"),
    ("SELECT * { ?c con:note ?n LIMIT 5 }", (2, 27), "LIMIT stands behind", "} before LIMIT"),
    ("SELECT * { ?c con:note ?n } ORDER BY DESC ?c", (2, 38), "DESC wants round", "DESC(?c)"),
    ("SELECT * { ?c con:cites https://e.org/a }", (2, 25), "between < and >", "<https://e.org/a>"),
    ("SELECT * { ?c con:cites <https://e.org/a b> }", (2, 25), "no spaces or quotes", "%20"),
    ("SELECT * { ?c con:date 1920-05-28 }", (2, 24), "a date stands in quotes", '"1920-05-28"'),
    ('SELECT * { ?c con:text "Han"tr }', (2, 29), "stands behind @", '"Han"@tr'),
    ("SELECT * { ?c con:answers . }", (2, 25), "has no value", "three parts"),
    ("SELECT * { ?c con:note ?n } ;", (2, 29), "no ; stands behind a query", "take it out"),
    ("SELECT * { ?c con:note ?n OPTIONAL ?c con:page ?p }", (2, 27), "wants braces", "OPTIONAL {"),
    ("SELECT * { ?c con:note ?n UNION ?c con:page ?p }", (2, 27), "two groups", "{ … } UNION"),
    ("SELECT ?c ?n { ?c con:note ?n } GROUP BY ?c", (2, 44), "with GROUP BY", "SAMPLE"),
    ("SELECT * FROM claims WHERE { ?c con:note ?n }", (2, 10), "FROM names a graph", "no tables"),
    ("SELECT ?c { ?c con:note ?n } ORDER ?n", (2, 30), "ORDER wants BY", "ORDER BY"),
    ("SELECT ?c { ?c con:note ?n } ?n", (2, 32), "it is not whole", "last lines"),
    ("ASK { ?c con:note ?n FILTER(?n ?c) }", (2, 32), "nothing joins ?n and ?c", "operator"),
    ("SELECT ?c { ?c con:note ?n ?? }", (2, 28), "this ? has no name", "?name"),
]


@pytest.mark.parametrize(("text", "place", "says", "does"), MISTAKES)
def test_a_mistake_is_told_where_it_is(
    text: str, place: tuple[int, int], says: str, does: str
) -> None:
    error = told(HEAD + text)
    assert says in error.message
    assert does in (error.hint or "")
    assert (error.row, error.column) == place
    line, caret = (error.excerpt or "").split("\n")
    assert line == (HEAD + text).split("\n")[place[0] - 1]
    assert caret == " " * (place[1] - 1) + "^"


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("@prefix con: <https://e.org/> .\nASK {}", (1, 1), "how Turtle declares"),
        ("PREFIX con: <https://e.org/> .\nASK {}", (1, 30), "no dot"),
        ("PREFIX con: https://e.org/\nASK {}", (1, 13), "between < and >"),
        ("\ufeffASK {}", (1, 1), "U+FEFF"),
    ],
)
def test_a_mistake_in_the_declarations(text: str, place: tuple[int, int], says: str) -> None:
    error = told(text)
    assert says in error.message
    assert (error.row, error.column) == place


def test_nothing_long_of_a_text_is_said_again() -> None:
    long = "x" * 3000
    for text in (f"ASK {{ {long} ?p ?o }}", f"{long} {{}}", f"ASK {{ ?s {long}:a ?o }}"):
        error = told(text)
        assert len(error.message) + len(error.hint or "") < 500
        assert error.excerpt is None


VALID = [
    "SELECT * { ?s ?p ?o ; ?q ?r , ?t . [] ?p [ ?q ?r ; ?s ( 1 2 ) ] . ( 1 ) ?p ?o }",
    "SELECT * { [ ?p ?o ] . ?s (<a:p>|^<a:b>)*/<a:c>+ ?o . ?s !(<a:b>|^<a:c>)? ?o ; . }",
    "SELECT (SUBSTR('abc', 1,2) AS ?x) { FILTER(?n IN (1,2) && 1920-05-28 > 0 || !?n) }",
    "SELECT ?x { { SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?o } GROUP BY ?x HAVING(?n>1) LIMIT 3 } }",
    "SELECT ?x { VALUES (?x ?y) { (1 UNDEF) (true <a:b>) } VALUES ?z { 1 2 3 4 5 } }",
    "SELECT * { GRAPH ?g { ?s a ?c } MINUS { ?s a ?d } FILTER NOT EXISTS { ?s ?p 1.5 } }",
    "SELECT(GROUP_CONCAT(?x;SEPARATOR=', ')AS ?y){?s ?p ?x.FILTER<http://www.w3.org/2001/XMLSchema#boolean>(?x)FILTER(now()>?x)}",
    "DESCRIBE <a:b> ?x LIMIT 3",
    "CONSTRUCT { ?s ?p -1, 'a'@tr, 'b'^^<a:b> } WHERE { ?s ?p ?o } ORDERBY ?s OFFSET 2",
    "ASK FROM <a:b> FROM NAMED <a:c> { ?s ?p ?o BIND(?o < 3 AS ?less) FILTER(?o<?p&&?p>3) }",
]


@pytest.mark.parametrize("text", VALID)
def test_nothing_is_found_in_what_is_sparql(text: str) -> None:
    ox.Store().query(text)
    assert mistakes.first(text, pieces(text), NAMES) is None


def test_nothing_is_found_in_stored_queries_and_something_is_said_of_all_that_is_left_of_them() -> (
    None
):
    chance = random.Random(7)
    for query in Catalogue.read(ROOT / "queries"):
        found = pieces(query.text)
        assert mistakes.first(query.text, found, NAMES) is None, query.name
        for _ in range(3):
            _, piece, at = chance.choice(found)
            text = query.text[:at] + query.text[at + len(piece) :]
            try:
                ox.Store().query(text)
            except SyntaxError as error:
                told = syntax_error(text, str(error), NAMES)
                assert told.row
                assert told.column
                assert told.hint
