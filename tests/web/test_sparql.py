"""``/sparql`` through the application's front door: the SPARQL 1.1 Protocol for queries."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from kg.formats import GRAPHS, RESULTS

SELECT = "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 1"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


@pytest.fixture
def client(invented_client):
    return invented_client


def get(client, text: str, accept: str | None = None, **parameters):
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql", query_string={"query": text, **parameters}, headers=headers)


def test_three_ways_to_ask_give_one_answer(client) -> None:
    by_get = get(client, SELECT)
    by_form = client.post("/sparql", data={"query": SELECT})
    by_body = client.post("/sparql", data=SELECT, content_type=QUERY)
    assert by_get.status_code == by_form.status_code == by_body.status_code == 200
    assert by_get.data == by_form.data == by_body.data
    assert by_get.content_type == "application/sparql-results+json"
    with_charset = client.post("/sparql", data=SELECT, content_type=f"{QUERY}; charset=utf-8")
    assert with_charset.data == by_get.data


@pytest.mark.parametrize("form", RESULTS, ids=lambda f: f.name)
def test_results_by_accept_and_by_format(client, form) -> None:
    for media in form.media_types:
        response = get(client, SELECT, media)
        assert response.status_code == 200
        assert response.mimetype == media
        assert "Accept" in response.headers["Vary"]
        assert int(response.headers["Content-Length"]) == len(response.data)
    assert get(client, SELECT, "text/html", format=form.name).mimetype == form.media_type


@pytest.mark.parametrize("form", GRAPHS, ids=lambda f: f.name)
def test_graphs_by_accept(client, form) -> None:
    response = get(client, CONSTRUCT, form.media_type)
    assert response.status_code == 200
    assert response.mimetype == form.media_type
    assert len(list(ox.parse(response.data, format=form.serializer))) == 3


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/csv, */*;q=0.1", "text/csv"),
        ("text/turtle, text/csv;q=0.2", "text/csv"),
        ("application/*", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*", "application/json"),
        ("application/json", "application/json"),
        ("text/xml", "text/xml"),
    ],
)
def test_negotiation(client, accept: str | None, media: str) -> None:
    assert get(client, SELECT, accept).mimetype == media


def test_nothing_acceptable_is_406_with_the_list(client) -> None:
    response = get(client, SELECT, "image/png")
    assert response.status_code == 406
    assert response.mimetype == "application/problem+json"
    assert "text/csv" in response.get_json()["hint"]
    assert get(client, SELECT, "text/turtle").status_code == 406
    assert get(client, CONSTRUCT, "text/csv").status_code == 406


def test_head_has_the_headers_of_get(client) -> None:
    got = get(client, SELECT)
    head = client.head("/sparql", query_string={"query": SELECT})
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert head.content_type == got.content_type


def test_a_syntax_error_is_a_problem_with_line_and_column(client) -> None:
    response = get(client, "SELECT * WHERE {\n ?s ?p \n}")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == 400
    assert problem["line"] == 2
    assert problem["column"] >= 1
    assert problem["hint"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:1/> {} }", 403),
        ("LOAD <http://127.0.0.1:1/>", 403),
        ("INSERT DATA { <a:b> <a:c> <a:d> }", 403),
        ("DROP ALL", 403),
        ("SELECT (<a:f>(1) AS ?x) WHERE {}", 400),
        ("ASK " + "{" * 3000 + "}" * 3000, 400),
        ("nonsense", 400),
        ("", 400),
    ],
)
def test_what_is_refused(client, text: str, status: int) -> None:
    assert get(client, text).status_code == status
    assert client.post("/sparql", data={"query": text}).status_code == status


def test_updates_are_refused_by_every_door(client) -> None:
    update = "INSERT DATA { <a:b> <a:c> <a:d> }"
    assert client.post("/sparql", data={"update": update}).status_code == 403
    as_update = client.post("/sparql", data=update, content_type="application/sparql-update")
    assert as_update.status_code == 415
    assert client.put("/sparql", data=SELECT, content_type=QUERY).status_code == 405
    assert "POST" in client.delete("/sparql").headers["Allow"]


def test_protocol_errors(client) -> None:
    twice = client.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D")
    assert twice.status_code == 400
    assert client.post("/sparql", data="ASK{}", content_type="text/plain").status_code == 415
    assert client.post("/sparql", data={}, content_type=FORM).status_code == 400
    assert client.post("/sparql", data=b"\xff\xfe", content_type=QUERY).status_code == 400
    assert client.post("/sparql", data=b"x" * 2_000_000, content_type=QUERY).status_code == 413
    assert get(client, SELECT, format="yaml").status_code == 400


def test_datasets_of_the_protocol(client) -> None:
    graph = "https://example.org/invented/graph/entities"
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    def n(**parameters) -> int:
        body = json.loads(get(client, count, **parameters).data)
        return int(body["results"]["bindings"][0]["n"]["value"])

    assert 0 < n(**{"default-graph-uri": graph}) < n()
    assert n(**{"named-graph-uri": graph}) == 0
    post = client.post(f"/sparql?default-graph-uri={graph}", data=count, content_type=QUERY)
    assert int(post.get_json(force=True)["results"]["bindings"][0]["n"]["value"]) < n()


def test_a_bare_get_describes_the_service(client) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    triples = list(ox.parse(response.data, format=ox.RdfFormat.TURTLE))
    service = "http://www.w3.org/ns/sparql-service-description#"
    endpoint = next(t.object.value for t in triples if t.predicate.value == service + "endpoint")
    assert endpoint == "https://example.org/kg/sparql"
    graphs = {t.object.value for t in triples if t.predicate.value == service + "name"}
    assert "https://example.org/invented/graph/source/quillfeather-2001" in graphs
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


def test_a_browser_gets_a_form_and_its_answer(client) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert b"<textarea" in client.get("/sparql", headers={"Accept": browser}).data
    page = get(client, SELECT, browser)
    assert page.status_code == 200
    assert b"1 row." in page.data
    broken = get(client, "SELECT <script>alert(1)</script>", browser)
    assert broken.status_code == 400
    assert b"<script>" not in broken.data
    assert b"<pre>" in get(client, CONSTRUCT, browser).data
    assert b"Yes" in get(client, "ASK {}", browser).data


def test_other_sites_may_ask(client) -> None:
    assert get(client, SELECT).headers["Access-Control-Allow-Origin"] == "*"
    preflight = client.options("/sparql")
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
