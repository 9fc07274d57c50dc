"""kill -9 of every process, under load and under updates: nothing acknowledged is lost."""

from __future__ import annotations

import http.client
import itertools
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from live import Client

from hostile.victim import Victim, gone, victim, wait

TOKEN = "a-token-for-tests"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s <https://example.org/n> ?o }"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "dataset"
    for name in ("ontology", "data", "queries"):
        (folder / name).mkdir(parents=True)
    (tmp_path / "token").write_text(TOKEN + "\n")
    return folder


def options(tmp_path: Path, store: str) -> list[object]:
    kept = ["--journal", tmp_path / "journal"] if store == "memory" else []
    where = "memory" if store == "memory" else tmp_path / "store"
    return ["--default-graph", "exact", "--no-validate", "--update-token-file",
            tmp_path / "token", "--store", where, *kept, "--workers", 2, "--timeout", 5,
            "--access-log", "none"]  # fmt: skip


def insert(server: Victim, number: int) -> bool:
    """Insert two triples in one update; whether it was acknowledged."""
    client = Client(server.address, TOKEN, timeout=20)
    pair = f"<https://example.org/{number}> <https://example.org/n> {number}, {number + 0.5}"
    try:
        return client.update(f"INSERT DATA {{ {pair} }}").status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def held(server: Victim) -> dict[int, int]:
    """How many of its two triples each update has in the store."""
    reply = server.ask("SELECT ?s WHERE { ?s <https://example.org/n> ?o }")
    assert reply.status == 200
    found: dict[int, int] = {}
    for row in reply.json()["results"]["bindings"]:
        number = int(row["s"]["value"].rpartition("/")[2])
        found[number] = found.get(number, 0) + 1
    return found


def check(server: Victim, acknowledged: list[int]) -> None:
    found = held(server)
    missing = [n for n in acknowledged if found.get(n) != 2]
    assert missing == [], "acknowledged and lost"
    assert set(found.values()) <= {2}, "half an update shows"


def up(server: Victim) -> None:
    def answers() -> bool:
        try:
            return server.health(timeout=5)["status"] == "ok"
        except (OSError, http.client.HTTPException, ValueError):
            return False

    wait(answers, 60)
    server.whole()


@pytest.mark.parametrize(
    ("role", "store"),
    [
        ("workers", "memory"),
        ("zygote", "memory"),
        ("front", "memory"),
        ("host", "memory"),
        ("zygote", "disk"),
    ],
)
def test_a_process_killed_during_updates(
    tmp_path: Path, empty: Path, role: str, store: str
) -> None:
    with victim(tmp_path, *options(tmp_path, store), dataset=empty) as server:
        acknowledged: list[int] = []
        stop = threading.Event()

        def write() -> None:
            number = 0
            while not stop.is_set():
                if insert(server, number):
                    acknowledged.append(number)
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        wait(lambda: len(acknowledged) > 2, 60)
        server.kill(role)
        up(server)
        count = len(acknowledged)
        wait(lambda: len(acknowledged) > count, 60)
        stop.set()
        writer.join()
        check(server, acknowledged)


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_a_store_is_filled_anew_once(tmp_path: Path, empty: Path, store: str) -> None:
    """--reload is for the start that was asked for it, not for each time a process is replaced."""
    asked = [*options(tmp_path, store), "--reload"]
    with victim(tmp_path, *asked, dataset=empty) as server:
        assert insert(server, 1)
        server.kill("zygote")
        up(server)
        wait(lambda: server.ask("ASK {}").status == 200, 10)
        check(server, [1])
        assert insert(server, 2)
    with victim(tmp_path, *asked, dataset=empty) as server:
        assert held(server) == {}


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_the_whole_server_killed_during_updates(tmp_path: Path, empty: Path, store: str) -> None:
    acknowledged: list[int] = []
    with victim(tmp_path, *options(tmp_path, store), dataset=empty) as server:
        roles = server.processes()
        with ThreadPoolExecutor(2) as pool:
            numbers = itertools.count()
            writing = [pool.submit(_write, server, numbers, acknowledged) for _ in range(2)]
            wait(lambda: len(acknowledged) > 4, 60)
            os.kill(server.process.pid, signal.SIGKILL)
            for future in writing:
                future.result()
        server.process.wait()
        for pids in roles.values():  # nobody is left behind
            for pid in pids:
                wait(lambda p=pid: gone(p), 20)
    with victim(tmp_path, *options(tmp_path, store), dataset=empty) as server:
        check(server, acknowledged)
        assert insert(server, -1)


def _write(server: Victim, numbers, acknowledged: list[int]) -> None:
    failures = 0
    while failures < 3:
        number = next(numbers)
        if insert(server, number):
            acknowledged.append(number)
        else:
            failures += 1


def test_an_unfinished_record_is_cut_off_and_damage_is_said(tmp_path: Path, empty: Path) -> None:
    journal = tmp_path / "journal"
    with victim(tmp_path, *options(tmp_path, "memory"), dataset=empty) as server:
        assert insert(server, 1)
        assert insert(server, 2)
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-7])
    with victim(tmp_path, *options(tmp_path, "memory"), dataset=empty) as server:
        assert held(server) == {1: 2}
        assert insert(server, 3)
    first = whole.index(b"\n") + 40
    journal.write_bytes(whole[:first] + b"X" + whole[first + 1 :])
    run = subprocess.run(
        [sys.executable, "-m", "kg", "serve", str(empty), "--port", "0",
         *map(str, options(tmp_path, "memory"))],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert "damaged" in run.stderr


def test_sigterm_lets_a_running_query_finish(tmp_path: Path) -> None:
    with victim(tmp_path, "--workers", 2, "--timeout", 10, "--access-log", "none") as server:
        slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f FILTER(?a = ?d) }"
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(server.ask, slow)
            wait(lambda: server.health()["queries"]["running"] == 1, 5)
            server.process.terminate()
            assert asked.result().status in (200, 504)
        server.process.wait(timeout=30)
        assert server.process.returncode == 0


@pytest.mark.parametrize("role", ["zygote", "front", "host"])
def test_a_server_comes_back_by_itself(tmp_path: Path, role: str) -> None:
    with victim(tmp_path, "--workers", 2, "--access-log", "none") as server:
        server.kill(role)
        wait(lambda: "started again" in server.log.read_text(), 10)
        up(server)
        wait(lambda: server.ask("ASK {}").status == 200, 10)
        assert "started again" in server.log.read_text()


def test_updates_that_run_away_crash_or_grow(tmp_path: Path, empty: Path) -> None:
    """A runaway, a crashing and an oversize update change nothing, and the next one is made."""
    with victim(tmp_path, *options(tmp_path, "memory"), dataset=empty) as server:
        client = Client(server.address, TOKEN, timeout=60)
        rows = " ".join(f"<a:s{i}> <a:p> {i} ." for i in range(300))
        assert client.update(f"INSERT DATA {{ {rows} }}").status == 200
        product = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
        runaway = client.update(f"INSERT {{ <a:x> <a:y> ?c }} WHERE {{ {product} }}")
        assert runaway.status in (504, 507), runaway
        many = client.update(f"INSERT {{ ?a ?e ?l }} WHERE {{ {product} }}")
        assert many.status in (504, 507), many
        deep = client.update("INSERT DATA { <a:a> <a:b> " + "(" * 3000 + ")" * 3000 + " }")
        assert deep.status == 400, deep
        large = client.update("INSERT DATA { <a:a> <a:b> '" + "x" * 17_000_000 + "' }")
        assert large.status in (400, 413), large
        assert client.query(COUNT).status == 200
        count = client.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").json()
        assert count["results"]["bindings"][0]["n"]["value"] == "300"
        assert insert(server, 1)
        client.close()
