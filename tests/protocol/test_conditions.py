"""Conditions of writes (RFC 9110, 13.1), and writes that do not say how long they are."""

from __future__ import annotations

import http.client
import threading
from urllib.parse import urlencode

import pytest
from graphs import ABSENT, COOT, DIRECT, STORE, TEAL, held, of, parsed
from live import HILL, LAKE, TURTLE, UPDATE, Client, Reply

STALE = '"0123456789abcdef"'


def conditional(server: Client, method: str, target: str, body: str | None, **said: str) -> Reply:
    fields = {name.replace("_", "-"): value for name, value in said.items()}
    sent = {"Content-Type": TURTLE, **fields}
    return server.send(method, target, body, sent, signed=True)


def tag(server: Client, target: str, accept: str = "*/*", **said: str) -> str:
    return server.get(target, accept, **said).headers["ETag"]


@pytest.mark.parametrize("target", [of(LAKE), f"{STORE}?default"], ids=["named", "default"])
def test_who_has_read_a_graph_can_replace_what_he_has_read(server: Client, target: str) -> None:
    read = tag(server, target)
    assert conditional(server, "PUT", target, COOT, If_Match=read).status == 204
    late = conditional(server, "PUT", target, TEAL, If_Match=read)
    assert (late.status, late.media_type) == (412, "application/problem+json")
    assert held(server, target) == parsed(COOT), "the update of the other is not lost"
    now = tag(server, target)
    assert conditional(server, "POST", target, TEAL, If_Match=f"{STALE}, {now}").status == 204
    assert held(server, target) == parsed(COOT + TEAL)


def test_the_tag_of_every_form_is_a_tag_of_the_graph(server: Client) -> None:
    read = [
        tag(server, of(LAKE), accept, Accept_Encoding=coding)
        for accept in ("text/turtle", "application/x-turtle", "application/ld+json")
        for coding in ("identity", "gzip")
    ]
    read.append(tag(server, of(LAKE) + "&format=nt"))
    assert len(set(read)) == 7
    for each in read:
        reply = conditional(server, "PUT", of(LAKE), COOT, If_None_Match=each)
        assert reply.status == 412, "it is still what was read"
    other = tag(server, of(HILL))
    assert conditional(server, "PUT", of(LAKE), COOT, If_Match=other).status == 412
    assert conditional(server, "PUT", of(LAKE), COOT, If_Match=f"W/{read[0]}").status == 412
    assert conditional(server, "PUT", of(LAKE), COOT, If_None_Match=f"W/{read[0]}").status == 412
    assert conditional(server, "PUT", of(LAKE), COOT, If_None_Match=other).status == 204


@pytest.mark.parametrize("target", [of(ABSENT), DIRECT], ids=["indirect", "direct"])
def test_what_is_not_there_is_made_only_where_it_is_not(server: Client, target: str) -> None:
    assert conditional(server, "PUT", target, COOT, If_Match="*").status == 412
    assert conditional(server, "DELETE", target, None, If_Match="*").status == 404
    assert conditional(server, "PUT", target, COOT, If_None_Match="*").status == 201
    assert conditional(server, "PUT", target, TEAL, If_None_Match="*").status == 412
    assert conditional(server, "DELETE", target, None, If_Match=STALE).status == 412
    assert held(server, target) == parsed(COOT)
    assert conditional(server, "DELETE", target, None, If_Match="*").status == 204


def test_of_many_who_would_make_a_graph_one_does(server: Client) -> None:
    statuses: list[int] = []

    def put() -> None:
        client = Client(server.address, server.token)
        reply = conditional(client, "PUT", of(ABSENT), COOT, If_None_Match="*")
        statuses.append(reply.status)
        client.close()

    threads = [threading.Thread(target=put) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, *[412] * 5]


def test_what_has_no_state_fits_no_tag(server: Client) -> None:
    read = tag(server, of(LAKE))
    assert conditional(server, "POST", STORE, COOT, If_Match=read).status == 412
    assert conditional(server, "POST", STORE, COOT, If_None_Match="*").status == 201
    sent = {"Content-Type": UPDATE, "If-Match": read}
    assert server.send("POST", "/update", "CLEAR ALL", sent, signed=True).status == 412
    assert len(held(server, of(LAKE))) == 2


@pytest.mark.parametrize(
    ("method", "target", "media"),
    [("PUT", of(LAKE), TURTLE), ("POST", of(LAKE), TURTLE), ("POST", "/update", UPDATE)],
)
def test_a_write_that_does_not_say_its_length_is_411(
    server: Client, method: str, target: str, media: str
) -> None:
    for more in ({}, {"Transfer-Encoding": "chunked"}):
        connection = http.client.HTTPConnection(server.host, timeout=30)
        connection.putrequest(method, target)
        fields = {"Content-Type": media, "Authorization": f"Bearer {server.token}", **more}
        for name, value in fields.items():
            connection.putheader(name, value)
        connection.endheaders(b"0\r\n\r\n" if more else None)
        assert connection.getresponse().status == 411, more
        connection.close()
    assert len(held(server, of(LAKE))) == 2


SELECT = "/sparql?" + urlencode({"query": "SELECT * { GRAPH ?g { ?s ?p ?o } }"})


@pytest.mark.parametrize(
    "target", [of(LAKE), SELECT, "/sparql"], ids=["graph", "query", "description"]
)
def test_a_read_of_something_else_than_was_read_before_is_refused(
    server: Client, target: str
) -> None:
    """RFC 9110, 13.1.1; who was given the answer is told so before he is told that he has it."""
    for _ in range(2):  # from a worker, then as it is kept
        late = server.get(target, If_Match=STALE)
        assert (late.status, late.media_type) == (412, "application/problem+json")
        assert late.headers["Access-Control-Allow-Origin"] == "*"
        read = tag(server, target)
        assert server.get(target, If_Match=f"{STALE}, {read}").status == 200
        assert server.get(target, If_Match="*").status == 200
        assert server.get(target, If_Match=f"W/{read}").status == 412, "strong comparison"
        assert server.get(target, If_Match=STALE, If_None_Match=read).status == 412
        assert server.get(target, If_Match=read, If_None_Match=read).status == 304


def test_an_answer_without_a_tag_fits_no_condition(server: Client) -> None:
    drawn = "/sparql?query=SELECT%20(RAND()%20AS%20%3Fn)%20%7B%7D"
    assert server.get(drawn, If_Match=STALE).status == 412
    assert server.get(drawn, If_Match="*").status == 200
