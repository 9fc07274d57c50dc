"""Links behind a proxy: what a proxy says counts only when the operator trusts its address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live import Client, serving

SAID = [
    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "kg.example.org"},
    {"Forwarded": "for=192.0.2.1;proto=https;host=kg.example.org"},
    {"Forwarded": 'for="[2001:db8::1]:4711"; host="kg.example.org"; proto=https'},
]
INVENTED = Path(__file__).resolve().parents[1] / "invented"


@pytest.fixture(scope="module")
def trusting() -> Iterator[Client]:
    with serving(INVENTED, "--trusted-proxy", "127.0.0.1") as address:
        client = Client(address)
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
