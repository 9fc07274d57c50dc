"""Changes that take long, and clients that do not wait for them: others can still write."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from live import UPDATE, Client

from hostile.victim import Victim, victim, wait

TOKEN = "a-token-for-tests"
RUNAWAY = """INSERT { <x:a> <x:b> ?n } WHERE {
  { SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } } }
}"""


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    folder = tmp_path_factory.mktemp("writable")
    (folder / "token").write_text(TOKEN + "\n")
    options = ["--default-graph", "exact", "--no-validate", "--update-token-file", folder / "token",
               "--journal", folder / "journal", "--workers", 3, "--access-log", "none",
               "--timeout", 6]  # fmt: skip
    with victim(folder, *options) as server:
        yield server


def insert(server: Victim, number: int) -> int:
    client = Client(server.address, TOKEN)
    try:
        return client.update(f"INSERT DATA {{ <x:a> <x:n> {number} }}").status
    finally:
        client.close()


def begin(server: Victim) -> socket.socket:
    """Send an update that never ends, and wait until a worker has it."""
    channel = socket.create_connection(("127.0.0.1", server.port))
    head = (
        f"POST /update HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: {UPDATE}\r\nContent-Length: {len(RUNAWAY)}\r\n\r\n"
    )
    channel.sendall((head + RUNAWAY).encode())
    wait(lambda: server.health()["queries"]["running"] == 1, 5)
    return channel


def test_who_leaves_an_update_frees_its_worker_and_the_next_one(writable: Victim) -> None:
    writable.whole()
    channel = begin(writable)
    with ThreadPoolExecutor(1) as pool:
        next_one = pool.submit(insert, writable, 1)
        channel.close()
        began = time.monotonic()
        assert next_one.result() == 200
    assert time.monotonic() - began < 2
    assert writable.metric('queries_total{outcome="abandoned"}') >= 1
    assert writable.metric('queries_total{outcome="deadline"}') == 0


def test_who_leaves_while_an_update_waits_changes_nothing(writable: Victim) -> None:
    writable.whole()
    first = begin(writable)
    second = socket.create_connection(("127.0.0.1", writable.port))
    text = "INSERT DATA { <x:a> <x:left> 1 }"
    second.sendall(
        f"POST /update HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: {UPDATE}\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()
    )
    time.sleep(0.3)
    second.close()
    time.sleep(0.3)
    first.close()
    assert insert(writable, 2) == 200
    assert writable.ask("ASK { <x:a> <x:left> 1 }").json()["boolean"] is False


def test_more_updates_than_may_wait_are_told_so_at_once(writable: Victim) -> None:
    writable.whole()
    channel = begin(writable)
    with ThreadPoolExecutor(24) as pool:
        began = time.monotonic()
        waiting = [pool.submit(insert, writable, number) for number in range(10, 34)]
        wait(lambda: sum(future.done() for future in waiting) >= 8, 5)
        assert time.monotonic() - began < 4, "they waited for the one that runs"
        assert all(future.result() == 503 for future in waiting if future.done())
        channel.close()
        found = Counter(future.result() for future in waiting)
    assert found == {200: 16, 503: 8}
