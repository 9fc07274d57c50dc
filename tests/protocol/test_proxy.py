"""Links behind a proxy: what a proxy says counts only when the operator trusts its address."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import pytest
from hostile.victim import Victim, wait
from live import Client

SAID = [
    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "kg.example.org"},
    {"Forwarded": "for=192.0.2.1;proto=https;host=kg.example.org"},
    {"Forwarded": 'for="[2001:db8::1]:4711"; host="kg.example.org"; proto=https'},
]


@pytest.fixture
def trusting(proxied: Victim) -> Iterator[Client]:
    client = proxied.client()
    yield client
    client.close()


@pytest.mark.parametrize("headers", SAID, ids=lambda h: next(iter(h)))
def test_a_trusted_proxy_says_where_we_are(trusting: Client, headers: dict[str, str]) -> None:
    reply = trusting.send("GET", "/sparql", None, {"Accept": "text/turtle", **headers})
    assert "https://kg.example.org/sparql" in reply.text
    assert "127.0.0.1" not in reply.text


@pytest.mark.parametrize("headers", SAID, ids=lambda h: next(iter(h)))
def test_anybody_else_says_nothing(read_only: Client, headers: dict[str, str]) -> None:
    reply = read_only.send("GET", "/sparql", None, {"Accept": "text/turtle", **headers})
    assert "kg.example.org" not in reply.text
    assert read_only.url("/sparql") in reply.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "kg.example.org/evil path"},
        {"X-Forwarded-Host": 'a"><script>'},
        {"X-Forwarded-Proto": "javascript"},
        {"Forwarded": "host=;;;"},
    ],
)
def test_what_a_proxy_says_is_still_checked(trusting: Client, headers: dict[str, str]) -> None:
    reply = trusting.send("GET", "/sparql", None, {"Accept": "text/turtle", **headers})
    assert reply.status in (200, 400)
    for bad in ("evil", "script>", "javascript"):
        assert bad not in reply.text


FORGED = [
    ([("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "203.0.113.5")], "203.0.113.5"),
    ([("Forwarded", "for=127.0.0.1, for=unknown")], "unknown@127.0.0.1"),
    ([("Forwarded", "for=127.0.0.1"), ("X-Forwarded-For", "203.0.113.5")], "unknown@127.0.0.1"),
]


@pytest.mark.parametrize(("lines", "seen"), FORGED)
def test_a_client_does_not_choose_its_address(
    proxied: Victim, lines: list[tuple[str, str]], seen: str
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxied.port, timeout=30)
    connection.putrequest("GET", "/sparql?query=ASK%7B%7D")
    for name, value in lines:
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    named = f'"request": "{response.headers["X-Request-Id"]}"'.encode()

    def logged() -> list[dict[str, object]]:
        found = [line for line in proxied.log.read_bytes().splitlines() if named in line]
        return [json.loads(line) for line in found]

    wait(lambda: len(logged()) == 1, 10)
    assert logged()[0]["client"] == seen


def test_two_families_that_disagree_say_nothing(trusting: Client) -> None:
    """The one that the proxy does not write is the client's."""
    said = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}
    forged = {"Forwarded": "host=evil.example;proto=http", **said}
    reply = trusting.send("GET", "/sparql", None, {"Accept": "text/turtle", **forged})
    assert "evil.example" not in reply.text
    both = {**SAID[0], "Forwarded": "proto=https;host=kg.example.org"}
    reply = trusting.send("GET", "/sparql", None, {"Accept": "text/turtle", **both})
    assert "https://kg.example.org/sparql" in reply.text
