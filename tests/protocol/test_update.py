"""SPARQL 1.1 Protocol, section 2.2: the update operation, and who may use it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from live import FORM, HILL, LAKE, TOKEN, UPDATE, Client

INSERT = "INSERT DATA { <x:new> <x:is> <x:here> }"
HERE = "ASK { <x:new> <x:is> <x:here> }"
EVERYTHING = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?g ?s ?p ?o"


def asked(server: Client, text: str) -> bool:
    return server.query(text).json()["boolean"]


def all_of_it(server: Client) -> bytes:
    return server.query(EVERYTHING, "text/csv").body


# Ways to update


def test_two_ways_to_update(server: Client) -> None:
    assert server.update(INSERT).status in (200, 204)
    assert asked(server, HERE)
    gone = server.post_form("/update", {"update": "DELETE DATA { <x:new> <x:is> <x:here> }"})
    assert gone.status in (200, 204)
    assert not asked(server, HERE)


def test_a_trailing_slash_is_tolerated(server: Client) -> None:
    assert server.update(INSERT, target="/update/").status in (200, 204)
    assert asked(server, HERE)


def test_operations_see_what_those_before_them_did(server: Client) -> None:
    move = "DELETE { ?s ?p ?o } INSERT { ?s ?p <x:there> } WHERE { ?s <x:is> ?o . ?s ?p ?o }"
    assert server.update(f"{INSERT} ; {move}").status in (200, 204)
    assert asked(server, "ASK { <x:new> <x:is> <x:there> }")
    assert not asked(server, HERE)


def test_blank_nodes_of_an_update_are_new(server: Client) -> None:
    for _ in range(2):
        assert server.update("INSERT DATA { _:same <x:is> <x:node> }").status in (200, 204)
    (row,) = server.query("SELECT (COUNT(*) AS ?n) { ?s <x:is> <x:node> }").json()["results"][
        "bindings"
    ]
    assert row["n"]["value"] == "2"


def test_what_is_random_is_so_in_every_process(server: Client) -> None:
    """Workers are copies of one process; what they draw must not be a copy too."""
    drawn = set()
    for _ in range(4):
        assert server.update("INSERT { <x:a> <x:b> ?u } WHERE { BIND(UUID() AS ?u) }").status == 200
        (row,) = server.query("SELECT (RAND() AS ?r) {}").json()["results"]["bindings"]
        drawn.add(row["r"]["value"])
    assert len(drawn) == 4
    (row,) = server.query("SELECT (COUNT(*) AS ?n) { <x:a> <x:b> ?u }").json()["results"][
        "bindings"
    ]
    assert row["n"]["value"] == "4"


def test_relative_iris_of_an_update_have_a_base(server: Client) -> None:
    assert server.update("INSERT DATA { <x:a> <x:sees> <here> }").status in (200, 204)
    (row,) = server.query("SELECT ?o { <x:a> <x:sees> ?o }").json()["results"]["bindings"]
    assert row["o"]["value"].startswith(server.address)


# What is no update operation


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "QUERY"])
def test_only_post_updates(server: Client, method: str) -> None:
    before = all_of_it(server)
    target = "/update?" + urlencode({"update": "CLEAR ALL"})
    reply = server.send(method, target, None, signed=True)
    assert reply.status == 405
    assert {name.strip() for name in reply.headers["Allow"].split(",")} == {"POST", "OPTIONS"}
    assert all_of_it(server) == before


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("text/plain", "CLEAR ALL"),
        ("application/sparql-query", "CLEAR ALL"),
        ("application/json", '"CLEAR ALL"'),
        (None, "CLEAR ALL"),
        (None, "update=CLEAR+ALL"),
    ],
)
def test_other_media_types_are_415(server: Client, media: str | None, body: str) -> None:
    before = all_of_it(server)
    headers = {} if media is None else {"Content-Type": media}
    assert server.send("POST", "/update", body, headers, signed=True).status == 415
    assert all_of_it(server) == before


@pytest.mark.parametrize(
    ("media", "body"),
    [
        (FORM, ""),
        (FORM, "x=1"),
        (FORM, "query=ASK+%7B%7D"),
        (FORM, "update=CLEAR+DEFAULT&update=CLEAR+NAMED"),
        (FORM, "update=CLEAR+XYZ"),
        (FORM, "update=%FF"),
        (UPDATE, "CLEAR XYZ"),
        (UPDATE, "ASK {}"),
        (UPDATE, "SELECT * { ?s ?p ?o }"),
        (UPDATE, b"INSERT DATA { <x:a> <x:b> '\xff' }"),
        (UPDATE, "INSERT DATA { ?s <x:b> <x:c> }"),
    ],
)
def test_what_is_not_one_update_is_400(server: Client, media: str, body: bytes | str) -> None:
    before = all_of_it(server)
    reply = server.send("POST", "/update", body, {"Content-Type": media}, signed=True)
    assert reply.status == 400
    assert all_of_it(server) == before


def test_another_charset_is_refused(server: Client) -> None:
    body = "CLEAR ALL".encode("utf-16")
    media = f"{UPDATE}; charset=utf-16"
    reply = server.send("POST", "/update", body, {"Content-Type": media}, signed=True)
    assert reply.status in (400, 415)


def test_an_update_in_the_address_and_in_the_body_is_400(server: Client) -> None:
    target = "/update?" + urlencode({"update": "CLEAR ALL"})
    before = all_of_it(server)
    assert server.post_form(target, {"update": INSERT}).status == 400
    assert server.update(INSERT, target=target).status == 400
    assert all_of_it(server) == before


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/a>",
        "LOAD SILENT <http://127.0.0.1:9/a> INTO GRAPH <x:g>",
        "LO\\u0041D <http://127.0.0.1:9/a>",
        f"{INSERT} ; LOAD <http://127.0.0.1:9/a>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "DELETE { ?s ?p ?o } WHERE { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_nothing_is_fetched(server: Client, text: str) -> None:
    before = all_of_it(server)
    # The engine reads no escapes in keywords: to it such a text is no update at all.
    assert server.update(text).status == (400 if "\\u" in text else 403)
    assert all_of_it(server) == before


@pytest.mark.parametrize(
    "text",
    ["LOAD", "LOAD <x:a> INTO", f"{INSERT} LOAD <x:a>", "LOAD <x:a> ;; LOAD <x:b>", "LOAD 1"],
)
def test_what_is_no_update_is_told_so_before_it_is_refused(server: Client, text: str) -> None:
    reply = server.update(f"PREFIX : <x:> # a line\n  {text}")
    assert reply.status == 400
    assert reply.json()["line"] == 2
    assert reply.json()["column"] > 2


# All or nothing


@pytest.mark.parametrize(
    "failing",
    [
        f"CREATE GRAPH <{LAKE}>",
        "DROP GRAPH <x:absent>",
        "CLEAR GRAPH <x:absent>",
        "INSERT DATA { <x:a> <x:b> }",
        "LOAD <http://127.0.0.1:9/>",
    ],
)
def test_an_update_that_fails_leaves_nothing_behind(server: Client, failing: str) -> None:
    before = all_of_it(server)
    reply = server.update(f"{INSERT} ; {failing}")
    assert reply.status // 100 == 4
    assert all_of_it(server) == before
    assert server.update(f"{INSERT} ; {failing.replace('GRAPH', 'SILENT GRAPH')}").status in (
        (200, 204) if "GRAPH" in failing else (400, 403, 404, 409)
    )


# using-graph-uri and using-named-graph-uri

MARK = (
    "PREFIX : <https://example.org/> "
    "INSERT { GRAPH <x:marked> { ?s a :Seen } } WHERE { ?s :lives ?o }"
)
MARK_NAMED = MARK.replace("WHERE { ?s :lives ?o }", "WHERE { GRAPH ?g { ?s :lives ?o } }")


@pytest.mark.parametrize(
    ("text", "graphs", "expected"),
    [
        (MARK, {}, []),
        (MARK_NAMED, {}, ["heron", "marmot", "otter"]),
        (MARK, {"using-graph-uri": LAKE}, ["heron", "otter"]),
        (MARK, {"using-graph-uri": [LAKE, HILL]}, ["heron", "marmot", "otter"]),
        (MARK, {"using-named-graph-uri": LAKE}, []),
        (MARK_NAMED, {"using-named-graph-uri": HILL}, ["marmot"]),
        (MARK_NAMED, {"using-graph-uri": LAKE}, []),
        (MARK_NAMED, {"using-graph-uri": LAKE, "using-named-graph-uri": HILL}, ["marmot"]),
        (MARK, {"using-graph-uri": LAKE, "using-named-graph-uri": HILL}, ["heron", "otter"]),
    ],
)
@pytest.mark.parametrize("form", [False, True], ids=["body", "form"])
def test_the_protocol_names_what_where_reads(
    server: Client, text: str, graphs: dict[str, object], expected: list[str], form: bool
) -> None:
    if form:
        reply = server.post_form("/update", {"update": text, **graphs})
    else:
        reply = server.update(text, target="/update?" + urlencode(graphs, doseq=True))
    assert reply.status in (200, 204), reply
    seen = server.query("SELECT ?s { GRAPH <x:marked> { ?s a ?c } } ORDER BY ?s").json()
    names = [row["s"]["value"].rpartition("/")[2] for row in seen["results"]["bindings"]]
    assert names == expected


def test_delete_where_reads_what_the_protocol_names(server: Client) -> None:
    text = f"DELETE WHERE {{ GRAPH <{LAKE}> {{ ?s ?p ?o }} }}"
    target = "/update?" + urlencode({"using-named-graph-uri": HILL})
    assert server.update(text, target=target).status in (200, 204)
    assert asked(server, f"ASK {{ GRAPH <{LAKE}> {{ ?s ?p ?o }} }}"), "the lake was not to be read"
    target = "/update?" + urlencode({"using-named-graph-uri": LAKE})
    assert server.update(text, target=target).status in (200, 204)
    assert not asked(server, f"ASK {{ GRAPH <{LAKE}> {{ ?s ?p ?o }} }}")


def test_every_operation_of_a_request_reads_what_the_protocol_names(server: Client) -> None:
    again = MARK.replace("PREFIX : <https://example.org/>", "").replace("x:marked", "x:twice")
    target = "/update?" + urlencode({"using-graph-uri": LAKE})
    assert server.update(f"{MARK} ; {INSERT} ; {again}", target=target).status in (200, 204)
    for graph in ("x:marked", "x:twice"):
        (row,) = server.query(
            f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        ).json()["results"]["bindings"]
        assert row["n"]["value"] == "2"


@pytest.mark.parametrize("name", ["using-graph-uri", "using-named-graph-uri"])
@pytest.mark.parametrize(
    "text",
    [
        f"WITH <{LAKE}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        f"DELETE {{ ?s ?p ?o }} USING <{LAKE}> WHERE {{ ?s ?p ?o }}",
        f"INSERT {{ ?s ?p <x:o> }} USING NAMED <{LAKE}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"{INSERT} ; WITH <{LAKE}> INSERT {{ ?s ?p <x:o> }} WHERE {{ ?s ?p ?o }}",
    ],
)
def test_a_dataset_in_the_text_and_in_the_request_is_400(
    server: Client, name: str, text: str
) -> None:
    before = all_of_it(server)
    target = "/update?" + urlencode({name: HILL})
    assert server.update(text, target=target).status == 400
    assert server.post_form("/update", {"update": text, name: HILL}).status == 400
    assert all_of_it(server) == before


def test_the_words_using_and_with_may_stand_where_they_mean_nothing(server: Client) -> None:
    text = (
        "PREFIX using: <x:> # WITH a comment\n"
        'INSERT { GRAPH <x:marked> { ?s using:with "USING <x:g>" } } '
        "WHERE { ?s <https://example.org/lives> ?with }"
    )
    target = "/update?" + urlencode({"using-graph-uri": LAKE})
    assert server.update(text, target=target).status in (200, 204)
    assert asked(server, "ASK { GRAPH <x:marked> { ?s <x:with> 'USING <x:g>' } }")


@pytest.mark.parametrize(
    "iri",
    ["", "a b:c", "http://exa mple.org/", "https://example.org/> USING <https://example.org/lake"],
)
@pytest.mark.parametrize("name", ["using-graph-uri", "using-named-graph-uri"])
def test_a_graph_name_that_is_no_iri_is_400(server: Client, name: str, iri: str) -> None:
    assert server.update(MARK, target="/update?" + urlencode({name: iri})).status == 400
    assert server.post_form("/update", {"update": MARK, name: iri}).status == 400
    assert not asked(server, "ASK { GRAPH <x:marked> { ?s ?p ?o } }")


def test_a_dataset_in_the_address_holds_for_a_form_too(server: Client) -> None:
    target = "/update?" + urlencode({"using-graph-uri": LAKE})
    assert server.post_form(target, {"update": MARK}).status in (200, 204)
    seen = server.query("SELECT (COUNT(*) AS ?n) { GRAPH <x:marked> { ?s ?p ?o } }").json()
    assert seen["results"]["bindings"][0]["n"]["value"] == "2"


# Who may


@pytest.mark.parametrize(
    "credentials",
    [
        None,
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN.upper()}",
        f"Basic {TOKEN}",
        f"Token {TOKEN}",
        f"Bearer {TOKEN} {TOKEN}",
        TOKEN,
    ],
)
def test_without_the_token_nothing_is_written(server: Client, credentials: str | None) -> None:
    before = all_of_it(server)
    headers = {} if credentials is None else {"Authorization": credentials}
    for method, target, media, body in (
        ("POST", "/update", UPDATE, "CLEAR ALL"),
        ("POST", "/update", FORM, "update=CLEAR+ALL"),
        ("POST", f"/update?access_token={TOKEN}", UPDATE, "CLEAR ALL"),
        ("PUT", "/graph-store?default", "text/turtle", ""),
        ("POST", "/graph-store?default", "text/turtle", "<x:a> <x:b> <x:c> ."),
        ("DELETE", "/graph-store?default", "text/turtle", None),
    ):
        reply = server.send(method, target, body, headers | {"Content-Type": media})
        assert reply.status == 401, (method, target)
        assert reply.headers["WWW-Authenticate"].lower().startswith("bearer")
    assert all_of_it(server) == before


def test_the_scheme_is_read_in_any_case(server: Client) -> None:
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {TOKEN}", "Content-Type": UPDATE}
        assert server.send("POST", "/update", INSERT, headers).status in (200, 204)


def test_without_a_token_file_updates_are_off(read_only: Client) -> None:
    headers = {"Authorization": "Bearer ", "Content-Type": UPDATE}
    assert read_only.send("POST", "/update", "CLEAR ALL", headers).status == 403
    headers = {"Content-Type": "text/turtle"}
    for method in ("PUT", "POST", "DELETE"):
        assert read_only.send(method, "/graph-store?default", "", headers).status == 403
    assert read_only.get("/graph-store?default", "application/n-triples").body
