"""SPARQL 1.1 Graph Store HTTP Protocol: PUT, POST and DELETE."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from graphs import ABSENT, COOT, DIRECT, STORE, TEAL, held, of, parsed, write
from live import HILL, LAKE, TURTLE, Client

# PUT (5.3)


@pytest.mark.parametrize("target", [of(ABSENT), DIRECT], ids=["indirect", "direct"])
def test_put_makes_and_replaces(server: Client, target: str) -> None:
    assert write(server, "PUT", target, COOT).status == 201
    assert held(server, target) == parsed(COOT)
    assert write(server, "PUT", target, TEAL).status in (200, 204)
    assert held(server, target) == parsed(TEAL)
    assert len(held(server, of(LAKE))) == 2, "other graphs stay as they are"


def test_put_replaces_the_default_graph_only(server: Client) -> None:
    assert write(server, "PUT", f"{STORE}?default", COOT).status in (200, 204)
    assert held(server, f"{STORE}?default") == parsed(COOT)
    assert len(held(server, of(LAKE))) == 2


def test_put_of_nothing_leaves_an_empty_graph(server: Client) -> None:
    assert write(server, "PUT", of(LAKE), "").status in (200, 204)
    assert held(server, of(LAKE)) == set()
    assert write(server, "PUT", of(ABSENT), "").status == 201
    assert held(server, of(ABSENT)) == set()


JSON_LD = """{"@id": "https://example.org/coot",
 "https://example.org/lives": {"@id": "https://example.org/lake"}}"""
RDF_XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="https://example.org/">
<rdf:Description rdf:about="https://example.org/coot"><lives rdf:resource="https://example.org/lake"/>
</rdf:Description></rdf:RDF>"""


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("text/turtle", COOT),
        ("text/turtle; charset=utf-8", COOT),
        ("Text/Turtle", COOT),
        ("application/n-triples", COOT),
        ("application/rdf+xml", RDF_XML),
        ("application/ld+json", JSON_LD),
    ],
)
def test_put_takes_every_format_of_graphs(server: Client, media: str, body: str) -> None:
    assert write(server, "PUT", of(ABSENT), body, media).status == 201
    assert held(server, of(ABSENT)) == parsed(COOT)


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize(
    ("media", "body", "status"),
    [
        ("text/csv", "a,b", 415),
        ("application/octet-stream", COOT, 415),
        (None, COOT, 415),
        ("text/turtle; charset=utf-16", COOT.encode("utf-16"), 415),
        ("text/turtle", "<x:a> <x:b> .", 400),
        ("text/turtle", "nonsense", 400),
        ("text/turtle", b"<x:a> <x:b> '\xff' .", 400),
        ("application/rdf+xml", "<rdf:RDF", 400),
        ("application/ld+json", '{"@id": ', 400),
        ("application/n-triples", "<x:a> <x:b> <c> .", 400),
    ],
)
def test_a_body_that_can_not_be_read_changes_nothing(
    server: Client, method: str, media: str | None, body: bytes | str, status: int
) -> None:
    before = held(server, of(LAKE))
    headers = {} if media is None else {"Content-Type": media}
    reply = server.send(method, of(LAKE), body, headers, signed=True)
    assert reply.status in ((400, 415) if "utf-16" in str(media) else (status,))
    assert held(server, of(LAKE)) == before
    assert server.send(method, of(ABSENT), body, headers, signed=True).status == reply.status
    assert server.get(of(ABSENT)).status == 404


def test_a_syntax_error_says_where(server: Client) -> None:
    reply = write(server, "PUT", of(LAKE), f"{COOT}\n<x:a> <x:b> .\n")
    assert reply.status == 400
    assert reply.media_type == "application/problem+json"
    assert reply.json()["line"] == 2


@pytest.mark.parametrize("target", [of(ABSENT), DIRECT], ids=["indirect", "direct"])
def test_relative_iris_of_a_body_are_of_the_graph(server: Client, target: str) -> None:
    """RFC 3986, 5.1: the base is the address of what the body is the content of: the graph."""
    name = ABSENT if target == of(ABSENT) else server.url(DIRECT)
    assert write(server, "PUT", target, "<> <#knows> <sibling> .").status == 201
    home = name.rpartition("/")[0]
    wanted = f"<{name}> <{name}#knows> <{home}/sibling> ."
    assert held(server, target) == parsed(wanted)
    based = "@base <https://other.example/> . <> <#knows> <sibling> ."
    assert write(server, "PUT", target, based).status in (200, 204)
    wanted = (
        "<https://other.example/> <https://other.example/#knows> <https://other.example/sibling> ."
    )
    assert held(server, target) == parsed(wanted)


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("application/trig", f"<{HILL}> {{ {COOT} }}"),
        ("application/n-quads", COOT.removesuffix(".") + f"<{HILL}> ."),
    ],
)
def test_a_body_with_graphs_of_its_own_is_refused(server: Client, media: str, body: str) -> None:
    reply = write(server, "PUT", of(LAKE), body, media)
    assert reply.status in (400, 415)
    assert len(held(server, of(LAKE))) == 2
    assert len(held(server, of(HILL))) == 1


def test_nothing_is_fetched_or_expanded(server: Client) -> None:
    context = '{"@context": "http://127.0.0.1:9/context", "@id": "x:a", "b": "c"}'
    assert write(server, "PUT", of(LAKE), context, "application/ld+json").status == 400
    doctype = '<!DOCTYPE rdf:RDF [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + RDF_XML
    assert write(server, "PUT", of(LAKE), doctype, "application/rdf+xml").status == 400
    assert len(held(server, of(LAKE))) == 2


# POST (5.5)


def test_post_adds(server: Client) -> None:
    before = held(server, of(LAKE))
    assert write(server, "POST", of(LAKE), COOT).status in (200, 204)
    assert held(server, of(LAKE)) == before | parsed(COOT)
    assert write(server, "POST", of(LAKE), COOT).status in (200, 204)
    assert held(server, of(LAKE)) == before | parsed(COOT)
    assert write(server, "POST", f"{STORE}?default", TEAL).status in (200, 204)
    assert parsed(TEAL) < held(server, f"{STORE}?default")


@pytest.mark.parametrize("target", [of(ABSENT), DIRECT], ids=["indirect", "direct"])
def test_post_makes_a_graph_that_is_not_there(server: Client, target: str) -> None:
    assert write(server, "POST", target, COOT).status == 201
    assert held(server, target) == parsed(COOT)


def test_post_of_nothing_changes_nothing(server: Client) -> None:
    before = held(server, of(LAKE))
    assert write(server, "POST", of(LAKE), "").status in (200, 204)
    assert held(server, of(LAKE)) == before


def test_blank_nodes_of_two_posts_are_two(server: Client) -> None:
    """RDF merge, not union: a label means something in its own document only."""
    for _ in range(2):
        assert write(server, "POST", of(LAKE), "_:b <x:is> <x:node> .").status in (200, 204)
    rows = [t for t in held(server, of(LAKE)) if "x:node" in t]
    assert len(rows) == 2


def test_post_to_the_store_makes_a_new_graph_and_says_where(server: Client) -> None:
    made = set()
    for body in (COOT, COOT):
        reply = write(server, "POST", STORE, body)
        assert reply.status == 201
        location = server.absolute(reply.headers["Location"])
        assert location.startswith(server.url(STORE))
        made.add(location)
        assert held(server, server.target(location)) == parsed(COOT)
        assert held(server, of(location)) == parsed(COOT)
    assert len(made) == 2


def test_graphs_that_are_made_at_the_same_time_are_as_many(server: Client) -> None:
    def make(number: int) -> tuple[int, str]:
        other = Client(server.address, server.token)
        try:
            reply = write(other, "POST", STORE, f"<x:a> <x:b> {number} .")
            assert reply.status == 201, reply
            return number, server.absolute(reply.headers["Location"])
        finally:
            other.close()

    with ThreadPoolExecutor(6) as pool:
        made = dict(pool.map(make, range(6)))
    assert len(set(made.values())) == 6
    for number, location in made.items():
        assert held(server, of(location)) == parsed(f"<x:a> <x:b> {number} .")


def multipart(*parts: tuple[str, str]) -> str:
    texts = [
        f'--edge\r\nContent-Disposition: form-data; name="f{n}"; filename="f{n}"\r\n'
        f"Content-Type: {media}\r\n\r\n{body}\r\n"
        for n, (media, body) in enumerate(parts)
    ]
    return "".join([*texts, "--edge--\r\n"])


def test_post_of_several_documents_adds_them_all(server: Client) -> None:
    before = held(server, of(LAKE))
    body = multipart((TURTLE, COOT), ("application/n-triples", TEAL))
    media = "multipart/form-data; boundary=edge"
    assert write(server, "POST", of(LAKE), body, media).status in (200, 204)
    assert held(server, of(LAKE)) == before | parsed(COOT) | parsed(TEAL)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        (((TURTLE, COOT), (TURTLE, "nonsense")), 400),
        (((TURTLE, COOT), ("text/csv", "a,b")), 400),
        ((), 400),
    ],
)
def test_several_documents_are_taken_all_or_none(
    server: Client, parts: tuple[tuple[str, str], ...], status: int
) -> None:
    before = held(server, of(LAKE))
    media = "multipart/form-data; boundary=edge"
    reply = write(server, "POST", of(LAKE), multipart(*parts), media)
    assert reply.status in ({200, 204, 400} if not parts else {status})
    assert held(server, of(LAKE)) == before


# DELETE (5.4)


@pytest.mark.parametrize("target", [of(LAKE), DIRECT], ids=["indirect", "direct"])
def test_delete_takes_the_graph_away(server: Client, target: str) -> None:
    write(server, "PUT", target, COOT)
    assert server.send("DELETE", target, signed=True).status in (200, 202, 204)
    assert server.get(target).status == 404
    assert server.send("DELETE", target, signed=True).status == 404
    assert len(held(server, of(HILL))) == 1


def test_delete_of_the_default_graph_empties_it(server: Client) -> None:
    assert server.send("DELETE", f"{STORE}?default", signed=True).status in (200, 202, 204)
    assert held(server, f"{STORE}?default") == set()
    assert len(held(server, of(LAKE))) == 2


def test_the_two_protocols_see_one_store(server: Client) -> None:
    assert server.update(f"INSERT DATA {{ GRAPH <{ABSENT}> {{ {COOT} }} }}").status in (200, 204)
    assert held(server, of(ABSENT)) == parsed(COOT)
    assert write(server, "PUT", of(ABSENT), TEAL).status in (200, 204)
    ask = f"ASK {{ GRAPH <{ABSENT}> {{ <https://example.org/teal> ?p ?o }} }}"
    assert server.query(ask).json()["boolean"] is True
    assert server.update(f"DROP GRAPH <{ABSENT}>").status in (200, 204)
    assert server.get(of(ABSENT)).status == 404


def test_graphs_of_a_dataset_can_be_read(read_only: Client) -> None:
    names = read_only.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").json()
    graphs = [row["g"]["value"] for row in names["results"]["bindings"]]
    assert len(graphs) >= 3
    for graph in graphs:
        assert held(read_only, f"{STORE}?graph={quote(graph, safe='')}")
