"""HTTP itself: Host, OPTIONS of the whole server, names of requests, what /health counts."""

from __future__ import annotations

import json
import re
import socket
from urllib.parse import quote, urlsplit

import pytest
from hostile.victim import Victim, wait
from live import Client, Reply

CLOSE = b"Connection: close\r\n\r\n"


def raw(server: Client, head: bytes) -> bytes:
    """The answer to a request as it stands, until the server hangs up."""
    parts = urlsplit(server.address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as channel:
        channel.sendall(head + CLOSE)
        data = b""
        while chunk := channel.recv(65536):
            data += chunk
    return data


@pytest.mark.parametrize("target", [b"/health", b"/sparql?query=ASK%7B%7D", b"/about", b"/nosuch"])
@pytest.mark.parametrize(
    "fields",
    [b"", b"Host: a\r\nHost: a\r\n", b"Host: a b\r\n", b"Host: a/b\r\n", b"Host: \xff\r\n"],
    ids=["none", "two", "a space", "a slash", "no text"],
)
def test_a_request_says_once_whom_it_is_for(
    read_only: Client, target: bytes, fields: bytes
) -> None:
    answer = raw(read_only, b"GET " + target + b" HTTP/1.1\r\n" + fields)
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]
    assert b"the field Host is" in answer


@pytest.mark.parametrize(
    "head",
    [
        b"GET /health HTTP/1.0\r\n",
        b"GET /health HTTP/1.1\r\nHost:\r\n",
        b"GET /health HTTP/1.1\r\nHost: a_b.example:80\r\n",
        b"GET /health HTTP/1.1\r\nHost: [2001:db8::1]:8000\r\n",
        b"GET http://a.example/health HTTP/1.1\r\nHost: a.example\r\n",
    ],
)
def test_a_host_is_whatever_a_host_may_be(read_only: Client, head: bytes) -> None:
    assert b" 200 " in raw(read_only, head).split(b"\r\n")[0]


def test_options_of_the_whole_server(read_only: Client) -> None:
    answer = raw(read_only, b"OPTIONS * HTTP/1.1\r\nHost: a\r\n").lower()
    assert answer.startswith(b"http/1.1 204 ")
    assert b"\r\nallow: get, head, post, put, delete, query, options\r\n" in answer
    assert b" 404 " in raw(read_only, b"GET * HTTP/1.1\r\nHost: a\r\n").split(b"\r\n")[0]


WRONG = [
    ("GET", "/nosuch", 404),
    ("GET", "/list/people?zzz=1", 400),
    ("POST", "/search", 405),
    ("GET", "/page/nosuch", 404),
    ("GET", "/sparql?query=nonsense", 400),
    ("GET", "/graph-store?graph=", 400),
]


@pytest.mark.parametrize(("method", "target", "status"), WRONG)
def test_every_error_names_its_request(
    read_only: Client, method: str, target: str, status: int
) -> None:
    def ask(accept: str) -> Reply:
        return read_only.send(method, target, None, {"Accept": accept})

    problem, page = ask("application/json"), ask("text/html")
    assert (problem.status, page.status) == (status, status)
    assert problem.media_type == "application/problem+json"
    assert problem.json()["request"] == problem.headers["X-Request-Id"]
    assert page.media_type == "text/html"
    assert page.headers["X-Request-Id"] in page.text


def test_errors_are_in_our_words_and_the_readers(read_only: Client) -> None:
    said = {}
    for language in ("en", "tr", "az", "ru"):
        for method, target in (("GET", "/nosuch"), ("POST", "/search")):
            reply = read_only.send(method, target, None, {"Accept-Language": language})
            said[language, target] = reply.json()["detail"]
    assert len(set(said.values())) == 8
    assert not any(re.search(r"URL|requested", detail) for detail in said.values())


def test_health_and_metrics_count_all_triples(server: Client) -> None:
    assert server.get("/health").json()["triples"] == 4
    assert "\nkg_triples 4\n" in server.get("/metrics").text


FORGED = '{"time": "2000-01-01T00:00:00.000+00:00", "request": "0-1", "status": 200}'
INTO_THE_LOG = [
    ("GET", "/nosuch%0A" + quote(FORGED) + "%0A", {}),
    ("GET", "/nosuch?x=%22%7D&y='status':200,|^`", {}),
    ("GET", "/nosuch%0D%0A%1B%5B2J%00%E2%80%A8", {}),
    ("GET", "/nosuch/%22,%20%22status%22:%20200", {}),
    ("GET", "/nosuch/%FF%FE%ED%A0%80", {}),
    ("GET", "/nosuch/" + "a" * 5000, {}),
    ("F'|~", "/nosuch", {}),
    ("GET", "/nosuch", {"X-Forwarded-For": '"},' + FORGED}),
    ("GET", "/nosuch", {"X-Request-Id": FORGED, "User-Agent": FORGED}),
]


def test_a_request_can_not_write_into_the_log(proxied: Victim) -> None:
    before = proxied.log.stat().st_size
    client = proxied.client()
    names = []
    for method, target, fields in INTO_THE_LOG:
        reply = client.send(method, target, None, fields)
        assert reply.status in (400, 404, 405), reply
        names.append(reply.headers["X-Request-Id"])
    client.close()

    def lines() -> list[bytes]:
        return proxied.log.read_bytes()[before:].splitlines()

    wait(lambda: len(lines()) >= len(names), 10)
    logged = [json.loads(line) for line in lines()]
    assert [entry["request"] for entry in logged] == names, "one line each, and no other"
    assert [entry["method"] for entry in logged] == [method for method, _, _ in INTO_THE_LOG]
    assert all(entry["status"] in (400, 404, 405) for entry in logged)
    assert logged[0]["target"] == f"/nosuch\n{FORGED}\n"
    assert not any(byte < 32 or byte > 126 for line in lines() for byte in line)
