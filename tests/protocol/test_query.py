"""SPARQL 1.1 Protocol, section 2.1: the query operation."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from live import FORM, HILL, LAKE, QUERY, UPDATE, Client, Reply

LIVES = "PREFIX : <https://example.org/> SELECT ?who { ?who :lives ?where } ORDER BY ?who"
ANYWHERE = (
    "PREFIX : <https://example.org/> SELECT ?who { GRAPH ?g { ?who :lives ?where } } ORDER BY ?who"
)
ASK = "ASK {}"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
JSON = "application/sparql-results+json"


def asking(text: str, **more: object) -> str:
    return "/sparql?" + urlencode({"query": text, **more}, doseq=True)


def who(reply: Reply) -> list[str]:
    assert reply.status == 200, reply
    rows = json.loads(reply.body)["results"]["bindings"]
    return [row["who"]["value"].rpartition("/")[2] for row in rows]


# Ways to ask


def test_five_ways_to_ask_give_one_answer(server: Client) -> None:
    replies = [
        server.get(asking(ANYWHERE)),
        server.post_form("/sparql", {"query": ANYWHERE}),
        server.query(ANYWHERE),
        server.send("QUERY", "/sparql", ANYWHERE, {"Content-Type": QUERY}),
        server.get("/sparql/" + asking(ANYWHERE).removeprefix("/sparql")),
    ]
    assert [who(reply) for reply in replies] == [["heron", "marmot", "otter"]] * 5
    assert {reply.headers["Content-Type"] for reply in replies} == {JSON}
    assert len({reply.body for reply in replies}) == 1
    assert len({reply.headers["ETag"] for reply in replies}) == 1


@pytest.mark.parametrize(
    "media",
    [
        "Application/SPARQL-Query",
        "application/sparql-query; charset=utf-8",
        'application/sparql-query;charset="UTF-8"',
    ],
)
def test_media_types_are_read_as_rfc_9110_says(server: Client, media: str) -> None:
    assert server.send("POST", "/sparql", ASK, {"Content-Type": media}).status == 200


@pytest.mark.parametrize("text", ["query=ASK+%7B%7D", "query=ASK%20%7B%7D", "query=ASK%7B%7D&x=1"])
def test_forms_are_decoded_once(server: Client, text: str) -> None:
    assert server.send("POST", "/sparql", text, {"Content-Type": FORM}).json()["boolean"] is True


def test_a_plus_sign_and_a_percent_sign_survive(server: Client) -> None:
    text = 'SELECT (1 + 1 AS ?two) ("50%25+1" AS ?words) {}'
    for reply in (server.get(asking(text)), server.post_form("/sparql", {"query": text})):
        (row,) = reply.json()["results"]["bindings"]
        assert row["two"]["value"] == "2"
        assert row["words"]["value"] == "50%25+1"


def test_text_of_any_script(server: Client) -> None:
    text = 'SELECT ("Azərbaycan, Türkiyə, Баку 𐐷" AS ?x) {}'
    for reply in (
        server.get(asking(text)),
        server.post_form("/sparql", {"query": text}),
        server.query(text),
    ):
        (row,) = reply.json()["results"]["bindings"]
        assert row["x"]["value"] == "Azərbaycan, Türkiyə, Баку 𐐷"


# What is no query operation


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("text/plain", ASK),
        ("application/json", json.dumps({"query": ASK})),
        ("multipart/form-data; boundary=x", "--x--"),
        ("application/sparql-quer", ASK),
        ("nonsense", ASK),
        (None, ASK),
        (None, "query=ASK%20%7B%7D"),
    ],
)
def test_other_media_types_are_415(server: Client, media: str | None, body: str) -> None:
    headers = {} if media is None else {"Content-Type": media}
    assert server.send("POST", "/sparql", body, headers).status == 415


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1"])
def test_another_charset_is_refused(server: Client, charset: str) -> None:
    media = f"{QUERY}; charset={charset}"
    reply = server.send("POST", "/sparql", ASK.encode(charset), {"Content-Type": media})
    assert reply.status in (400, 415)


def test_what_is_not_utf_8_is_400(server: Client) -> None:
    bad = b'SELECT ("' + b"\xe9\xff" + b'" AS ?x) {}'
    assert server.send("POST", "/sparql", bad, {"Content-Type": QUERY}).status == 400
    form = b"query=" + quote(bad).encode()
    assert server.send("POST", "/sparql", form, {"Content-Type": FORM}).status == 400
    assert server.get("/sparql?query=" + quote(bad)).status == 400


@pytest.mark.parametrize("body", ["", "x=1", "update=ASK+%7B%7D", "query="])
def test_a_form_without_a_query_is_400(server: Client, body: str) -> None:
    reply = server.send("POST", "/sparql", body, {"Content-Type": FORM})
    assert reply.status in ((400, 403) if "update" in body else (400,))


def test_an_empty_body_is_400(server: Client) -> None:
    assert server.query("").status == 400
    assert server.send("QUERY", "/sparql", "", {"Content-Type": QUERY}).status == 400


@pytest.mark.parametrize("name", ["query", "format", "timeout"], ids=lambda name: f"two of {name}")
def test_a_parameter_may_stand_once(server: Client, name: str) -> None:
    values = {"query": [ASK, ASK], "format": ["json", "json"], "timeout": ["5", "5"]}[name]
    fields = {"query": ASK} | {name: values}
    assert server.get("/sparql?" + urlencode(fields, doseq=True)).status == 400
    assert server.post_form("/sparql", fields).status == 400


def test_one_query_in_the_address_and_one_in_the_body_is_400(server: Client) -> None:
    assert server.post_form(asking(ASK), {"query": ASK}).status == 400
    assert server.query(ASK, target=asking(ASK)).status == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_with_allow(server: Client, method: str) -> None:
    reply = server.send(method, asking(ASK), None, {"Content-Type": QUERY}, signed=True)
    assert reply.status == 405
    allowed = {name.strip() for name in reply.headers["Allow"].split(",")}
    assert allowed == {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}


def test_no_update_comes_in_by_the_door_of_queries(server: Client) -> None:
    clear = "CLEAR ALL"
    replies = [
        server.get(asking(clear)),
        server.get("/sparql?" + urlencode({"update": clear})),
        server.post_form("/sparql", {"query": clear}),
        server.post_form("/sparql", {"update": clear}),
        server.send("POST", "/sparql", clear, {"Content-Type": UPDATE}, signed=True),
        server.query(clear),
    ]
    assert [r.status for r in replies if r.status // 100 != 4] in ([], [200])  # GET: a description
    assert who(server.query(ANYWHERE)) == ["heron", "marmot", "otter"]


def test_a_syntax_error_is_400_with_line_and_column(server: Client) -> None:
    reply = server.query("SELECT * {\n  ?s ?p ?o\n FILTER }")
    assert reply.status == 400
    assert reply.media_type == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == 400
    assert problem["line"] == 3
    assert 9 <= problem["column"] <= 10
    assert "FILTER }" in problem["excerpt"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERV\\u0049CE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service ?x { ?s ?p ?o } }",
    ],
)
def test_federation_is_403(server: Client, text: str) -> None:
    reply = server.query(text)
    assert reply.status == 403
    assert reply.media_type == "application/problem+json"


# The dataset of a query


def test_without_a_dataset_the_default_graph_and_all_named_ones_are_asked(server: Client) -> None:
    assert who(server.query(LIVES)) == []
    assert who(server.query(ANYWHERE)) == ["heron", "marmot", "otter"]


@pytest.mark.parametrize(
    ("graphs", "default", "named"),
    [
        ({"default-graph-uri": LAKE}, ["heron", "otter"], []),
        ({"default-graph-uri": [LAKE, HILL]}, ["heron", "marmot", "otter"], []),
        ({"named-graph-uri": HILL}, [], ["marmot"]),
        ({"named-graph-uri": [LAKE, HILL]}, [], ["heron", "marmot", "otter"]),
        ({"default-graph-uri": LAKE, "named-graph-uri": HILL}, ["heron", "otter"], ["marmot"]),
        ({"default-graph-uri": "https://example.org/graph/none"}, [], []),
        ({"default-graph-uri": [LAKE, LAKE]}, ["heron", "otter"], []),
    ],
)
def test_the_protocol_names_the_dataset(
    server: Client, graphs: dict[str, object], default: list[str], named: list[str]
) -> None:
    address = "/sparql?" + urlencode(graphs, doseq=True)
    for text, expected in ((LIVES, default), (ANYWHERE, named)):
        assert who(server.get(asking(text, **graphs))) == expected
        assert who(server.query(text, target=address)) == expected
        assert who(server.post_form("/sparql", {"query": text, **graphs})) == expected


def test_a_default_graph_of_several_is_a_set_of_statements(server: Client) -> None:
    """SPARQL 1.1, 13.2: it is the RDF merge; what two graphs state, it states once."""
    both = "<https://example.org/heron> <https://example.org/lives> <https://example.org/lake>"
    assert server.update(f"INSERT DATA {{ GRAPH <{HILL}> {{ {both} }} }}").status in (200, 204)
    count = "SELECT (COUNT(*) AS ?n) FROM_HERE { ?s ?p ?o }"
    graphs = urlencode({"default-graph-uri": [LAKE, HILL]}, doseq=True)
    named = count.replace("FROM_HERE", f"FROM <{LAKE}> FROM <{HILL}>")
    for reply in (
        server.query(count.replace("FROM_HERE", ""), target=f"/sparql?{graphs}"),
        server.query(named),
    ):
        assert reply.json()["results"]["bindings"][0]["n"]["value"] == "3"


def test_the_query_names_the_dataset(server: Client) -> None:
    assert who(server.query(LIVES.replace("{", f"FROM <{LAKE}> {{", 1))) == ["heron", "otter"]
    from_named = ANYWHERE.replace("{", f"FROM NAMED <{HILL}> {{", 1)
    assert who(server.query(from_named)) == ["marmot"]
    assert who(server.query(LIVES.replace("{", f"FROM NAMED <{HILL}> {{", 1))) == []


def test_the_dataset_of_the_protocol_wins(server: Client) -> None:
    """Section 2.1.4: what the request names takes the place of FROM and FROM NAMED, whole."""
    text = LIVES.replace("{", f"FROM <{LAKE}> {{", 1)
    assert who(server.get(asking(text, **{"default-graph-uri": HILL}))) == ["marmot"]
    assert who(server.get(asking(text, **{"named-graph-uri": HILL}))) == []
    named = ANYWHERE.replace("{", f"FROM NAMED <{LAKE}> {{", 1)
    assert who(server.get(asking(named, **{"named-graph-uri": HILL}))) == ["marmot"]
    assert who(server.get(asking(named, **{"default-graph-uri": HILL}))) == []


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize(
    "iri",
    [
        *("", "a b:c", "http://exa mple.org/", "https://example.org/<>", "x:a> FROM <x:b"),
        *("http://a:b:c/", "a:%zz", "http://[", "http://[::g]/", "x:\ue000", "x:a#b#c", "//x:y/"),
    ],
)
def test_a_graph_name_that_is_no_iri_is_400(server: Client, name: str, iri: str) -> None:
    assert server.get(asking(ASK, **{name: iri})).status == 400
    assert server.post_form("/sparql", {"query": ASK, name: iri}).status == 400


@pytest.mark.parametrize("reference", ["birds", "/birds", "./birds", "x/../birds", "//HOST/birds"])
def test_relative_graph_names_are_resolved(server: Client, reference: str) -> None:
    """RFC 3986, 5.2, against the address that is asked."""
    name = server.url("/birds")
    text = f"INSERT DATA {{ GRAPH <{name}> {{ <x:coot> <https://example.org/lives> <x:o> }} }}"
    assert server.update(text).status in (200, 204)
    reference = reference.replace("HOST", server.host)
    found = server.get(asking(LIVES, **{"default-graph-uri": reference})).json()
    assert [row["who"]["value"] for row in found["results"]["bindings"]] == ["x:coot"]


def test_graph_names_are_decoded_once(server: Client) -> None:
    for encoded, name in (("a%20b", "twenty"), ("a%2520b", "more")):
        text = f"INSERT DATA {{ GRAPH <https://example.org/{encoded}> {{ <x:{name}> <x:is> 1 }} }}"
        assert server.update(text).status in (200, 204)
    text = quote("SELECT ?who { ?who <x:is> 1 }")
    once = server.get(f"/sparql?query={text}&default-graph-uri=https://example.org/a%2520b")
    assert once.json()["results"]["bindings"][0]["who"]["value"] == "x:twenty"
    twice = server.get(f"/sparql?query={text}&default-graph-uri=https://example.org/a%252520b")
    assert twice.json()["results"]["bindings"][0]["who"]["value"] == "x:more"


def test_relative_iris_of_a_query_have_a_base(server: Client) -> None:
    """Section 2.1: the base of a query without BASE is the service's to say; ours is absolute."""
    (row,) = server.query("SELECT (<here> AS ?x) {}").json()["results"]["bindings"]
    assert row["x"]["value"].startswith(server.address)
