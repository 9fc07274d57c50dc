"""SPARQL 1.1 Graph Store HTTP Protocol: which graph is meant, and reading it."""

from __future__ import annotations

import pytest
from graphs import ABSENT, COOT, DIRECT, STORE, TEAL, held, of, parsed, triples, write
from live import HILL, LAKE, TURTLE, Client

# Which graph (sections 4.1 and 4.2)


def test_a_graph_is_named_in_the_query_part(server: Client) -> None:
    assert len(held(server, of(LAKE))) == 2
    assert len(held(server, f"{STORE}?graph={LAKE}")) == 2, "unreserved characters may stand as is"
    assert len(held(server, of(HILL))) == 1
    assert len(held(server, f"{STORE}?default")) == 1
    assert held(server, f"{STORE}?default=") == held(server, f"{STORE}?default")


def test_a_graph_is_named_by_its_own_address(server: Client) -> None:
    assert write(server, "PUT", DIRECT, COOT).status == 201
    assert held(server, DIRECT) == parsed(COOT)
    assert held(server, of(server.url(DIRECT))) == parsed(COOT)
    ask = f"ASK {{ GRAPH <{server.url(DIRECT)}> {{ ?s ?p ?o }} }}"
    assert server.query(ask).json()["boolean"] is True


def test_the_address_keeps_its_percent_signs(server: Client) -> None:
    targets = [f"{STORE}/{end}" for end in ("a%20b", "%C3%A9", "a+b", "a;b=c,d", "~.-_")]
    for target in targets:
        assert write(server, "PUT", target, COOT).status == 201, target
    rows = server.query("SELECT DISTINCT ?g { GRAPH ?g { <https://example.org/coot> ?p ?o } }")
    found = {row["g"]["value"] for row in rows.json()["results"]["bindings"]}
    assert found == {server.url(target) for target in targets}


def test_two_addresses_are_never_one_graph(server: Client) -> None:
    """What can't be told apart once the address is decoded is refused, not mixed up."""
    assert write(server, "PUT", f"{STORE}/a%20b", COOT).status == 201
    assert write(server, "PUT", f"{STORE}/a%2520b", TEAL).status in (201, 400)
    assert held(server, f"{STORE}/a%20b") == parsed(COOT)


@pytest.mark.parametrize("end", ["%25zz", "a%25", "%25%34", "a%25204"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_address_that_keeps_a_percent_sign_is_400(server: Client, method: str, end: str) -> None:
    reply = server.send(method, f"{STORE}/{end}", COOT, {"Content-Type": TURTLE}, signed=True)
    assert reply.status == 400


def test_the_query_part_is_decoded_once(server: Client) -> None:
    assert write(server, "PUT", f"{STORE}?graph=https://example.org/%2531", COOT).status == 201
    assert write(server, "PUT", f"{STORE}?graph=https://example.org/%31", TEAL).status == 201
    assert held(server, of("https://example.org/%31")) == parsed(COOT)
    assert held(server, of("https://example.org/1")) == parsed(TEAL)


@pytest.mark.parametrize(
    "query",
    [
        "graph=lake",
        "graph=/graph/lake",
        "graph=//example.org/lake",
        "graph=",
        "graph=http://exa%20mple.org/",
        "graph=https://example.org/%3Ea%3C",
        "graph=%FF",
        "graph=http://a:b:c/",
        "graph=http://%5B",
        "graph=a:%25zz",
        f"graph={LAKE}&graph={HILL}",
        f"graph={LAKE}&graph={LAKE}",
        f"default&graph={LAKE}",
        "default&default",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
def test_a_request_that_names_no_one_graph_is_400(server: Client, method: str, query: str) -> None:
    body = COOT if method in ("PUT", "POST") else None
    headers = {"Content-Type": TURTLE} if body else {}
    reply = server.send(method, f"{STORE}?{query}", body, headers, signed=True)
    assert reply.status == 400
    assert (reply.body == b"") is (method == "HEAD")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("target", [STORE, f"{STORE}?x=1", f"{STORE}/"])
def test_the_store_itself_is_no_graph(server: Client, method: str, target: str) -> None:
    reply = server.send(method, target, COOT, {"Content-Type": TURTLE}, signed=True)
    assert reply.status in (400, 405)
    assert len(held(server, of(LAKE))) == 2


# GET (5.2) and HEAD (5.6)


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_get_gives_the_graph_in_what_is_asked_for(server: Client, media: str) -> None:
    reply = server.get(of(LAKE), media)
    assert reply.media_type == media
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert "accept" in reply.headers["Vary"].lower()
    assert triples(reply) == held(server, of(LAKE))


def test_turtle_is_for_whoever_does_not_say(server: Client) -> None:
    assert server.get(of(LAKE)).media_type == TURTLE
    assert server.get(of(LAKE), "*/*").media_type == TURTLE
    accept = "application/n-triples;q=0.9, application/rdf+xml;q=0.5"
    assert server.get(of(LAKE), accept).media_type == "application/n-triples"


def test_406_when_nothing_is_acceptable(server: Client) -> None:
    reply = server.get(of(LAKE), "image/png")
    assert reply.status == 406
    assert TURTLE in reply.text


def test_404_for_what_is_not_there(server: Client) -> None:
    assert server.get(of(ABSENT)).status == 404
    assert server.get(f"{STORE}/nothing/here").status == 404
    assert server.send("HEAD", of(ABSENT)).status == 404


def test_the_default_graph_is_always_there(server: Client) -> None:
    assert server.update("CLEAR DEFAULT").status in (200, 204)
    assert held(server, f"{STORE}?default") == set()


@pytest.mark.parametrize("target", [of(LAKE), f"{STORE}?default"])
def test_head_is_get_without_its_body(server: Client, target: str) -> None:
    got = server.get(target, TURTLE)
    head = server.send("HEAD", target, None, {"Accept": TURTLE})
    assert head.status == 200
    assert head.body == b""
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers[name] == got.headers[name]


def test_a_graph_has_an_etag(server: Client) -> None:
    tag = server.get(of(LAKE), TURTLE).headers["ETag"]
    headers = {"Accept": TURTLE, "If-None-Match": tag}
    assert server.send("GET", of(LAKE), None, headers).status == 304
    assert write(server, "POST", of(LAKE), COOT).status in (200, 204)
    assert server.send("GET", of(LAKE), None, headers).status == 200


# PATCH (5.7) and other methods


def test_patch_is_no_way_to_write_here(server: Client) -> None:
    body = "INSERT DATA { <x:a> <x:b> <x:c> }"
    reply = write(server, "PATCH", of(LAKE), body, "application/sparql-update")
    assert reply.status == 405
    assert "PUT" in reply.headers["Allow"]
    assert len(held(server, of(LAKE))) == 2


@pytest.mark.parametrize("target", [of(LAKE), STORE, DIRECT])
def test_options_names_the_methods(server: Client, target: str) -> None:
    reply = server.send("OPTIONS", target)
    assert reply.status in (200, 204)
    allowed = {name.strip() for name in reply.headers["Allow"].split(",")}
    assert allowed >= {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}
    assert server.send("QUERY", target, COOT, {"Content-Type": TURTLE}).status == 405
