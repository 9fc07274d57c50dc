"""Clients that misuse HTTP itself: slow, silent, endless, oversized, many."""

from __future__ import annotations

import gzip
import socket
import time
from contextlib import ExitStack

import pytest

from hostile.victim import Victim, ended

POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


def connect(victim: Victim) -> socket.socket:
    return socket.create_connection(("127.0.0.1", victim.port), timeout=10)


def status(data: bytes) -> int:
    assert data.startswith(b"HTTP/1."), data[:80]
    return int(data.split(b" ", 2)[1])


def test_heads_that_drip_hold_nobody_up(attacked: Victim) -> None:
    with ExitStack() as stack:
        channels = [stack.enter_context(connect(attacked)) for _ in range(200)]
        for _ in range(4):
            for channel in channels:
                channel.sendall(b"G" if _ == 0 else b"E")
            assert attacked.ask("ASK {}").status == 200
            time.sleep(0.2)


def test_a_thousand_idle_connections(attacked: Victim) -> None:
    with ExitStack() as stack:
        for _ in range(1000):
            stack.enter_context(connect(attacked))
        began = time.monotonic()
        assert attacked.ask("ASK {}").status == 200
        assert attacked.health()["status"] == "ok"
        assert time.monotonic() - began < 5


def test_a_silent_connection_is_hung_up_on(attacked: Victim) -> None:
    with connect(attacked) as channel:
        began = time.monotonic()
        ended(channel, 25)
        assert time.monotonic() - began < 20


def test_a_half_open_connection(attacked: Victim) -> None:
    """The client says it will send no more in the middle of a body."""
    with connect(attacked) as channel:
        channel.sendall(POST + b"Content-Length: 50\r\n\r\nASK")
        channel.shutdown(socket.SHUT_WR)
        answer = ended(channel, 5)
        assert answer == b"" or status(answer) in (400, 408)
    assert attacked.ask("ASK {}").status == 200


def test_a_body_without_end_is_cut_off(attacked: Victim) -> None:
    with connect(attacked) as channel:
        channel.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        answer = b""
        try:
            for _ in range(400):  # 26 MB, should nobody stop it
                channel.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = ended(channel, 5)
        assert answer == b"" or status(answer) == 413


@pytest.mark.parametrize("length", ["1000001", "99999999999999999999"])
def test_a_body_that_says_it_is_too_large_is_not_read(attacked: Victim, length: str) -> None:
    with connect(attacked) as channel:
        channel.sendall(POST + f"Content-Length: {length}\r\n\r\n".encode())
        assert status(ended(channel, 5)) in (400, 413)


def test_a_coded_body_is_refused_unread(attacked: Victim) -> None:
    bomb = gzip.compress(b"x" * 10_000_000)
    with connect(attacked) as channel:
        fields = f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
        channel.sendall(POST + fields.encode() + bomb)
        assert status(ended(channel, 5)) == 415


FLOODS = {
    "many fields": b"".join(b"f%d: x\r\n" % i for i in range(500)),
    "one long field": b"f: " + b"x" * 1_000_000 + b"\r\n",
}


@pytest.mark.parametrize("name", FLOODS)
def test_floods_of_header_fields_are_431(attacked: Victim, name: str) -> None:
    with connect(attacked) as channel:
        try:
            channel.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n" + FLOODS[name] + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            return
        answer = ended(channel, 5)
        assert answer == b"" or status(answer) == 431


BOMBED = {
    "a query": ("GET", "/sparql?query=ASK%7B%7D", "Accept", 431),
    "a coding": ("GET", "/sparql?query=ASK%7B%7D", "Accept-Encoding", 431),
    "a graph": ("GET", "/graph-store?default", "Accept", 431),
    "a page": ("GET", "/ontology", "Accept", 431),
    "a language": ("GET", "/about", "Accept-Language", 200),
    "no page": ("GET", "/nosuch", "Accept", 404),
    "no method": ("POST", "/health", "Accept", 405),
}


@pytest.mark.parametrize("name", BOMBED)
def test_a_list_of_what_is_accepted_without_end_costs_nothing(attacked: Victim, name: str) -> None:
    method, target, field, expected = BOMBED[name]
    ranges = ",".join(f"a/{n:x};q=0.{n % 9 + 1}" for n in range(6000))
    client = attacked.client()
    client.get("/about")
    began = time.monotonic()
    reply = client.send(method, target, None, {field: f"{name}/x,{ranges}".replace(" ", "")})
    took = time.monotonic() - began
    client.close()
    assert reply.status == expected, reply
    assert took < 0.3


def test_an_endless_address_is_414(attacked: Victim) -> None:
    with connect(attacked) as channel:
        channel.sendall(b"GET /sparql?query=" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status(ended(channel, 5)) == 414


STRANGE = [
    b"\x00\x01\x02\x03\r\n\r\n",
    b"GET\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET /%00%ff%zz/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /sparql?" + b"a=1&" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /sparql?query=%FF%FE HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /id/" + b"a/" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    POST + b"Content-Length: 3\r\nContent-Length: 30\r\n\r\nASK",
    POST + b"Content-Length: -1\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nASK\r\n",
    POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("data", STRANGE, ids=range(len(STRANGE)))
def test_strange_requests_are_the_askers_errors(attacked: Victim, data: bytes) -> None:
    with connect(attacked) as channel:
        channel.sendall(data)
        channel.settimeout(5)
        try:
            answer = channel.recv(65536)
        except (TimeoutError, ConnectionResetError):
            answer = b""
        assert answer == b"" or status(answer) in range(200, 500), answer[:200]
    assert attacked.ask("ASK {}").status == 200


def test_rates_are_per_client(tmp_path) -> None:
    """Behind a trusted proxy each client has its own pace; one who runs gets 429 and a time."""
    from hostile.victim import victim

    with victim(tmp_path, "--trusted-proxy", "127.0.0.1", "--access-log", "none") as server:

        def ask(address: str) -> tuple[int, str | None]:
            client = server.client()
            reply = client.get("/sparql?query=ASK%7B%7D", X_Forwarded_For=address)
            client.close()
            return reply.status, reply.headers.get("Retry-After")

        answers = [ask("203.0.113.7") for _ in range(160)]
        assert {s for s, _ in answers} == {200, 429}
        assert sum(s == 200 for s, _ in answers) >= 100, "the burst"
        assert all(int(after) >= 1 for s, after in answers if s == 429)
        assert ask("203.0.113.8")[0] == 200
        assert ask("127.0.0.1")[0] == 200
