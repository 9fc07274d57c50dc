"""Answers of many bytes: kept within bounds of disk and descriptors, whatever clients do."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from hostile.victim import Victim, get, victim

# Bounds that a test can reach: half a second until a file counts as opened, 24 MB under way.
FAULT = """
from kg.protocol import files
files._OPENED = files._HURRY = 0.5
files.Files.__init__.__kwdefaults__.update(most=6, way=24_000_000, ways=12)
"""
LARGE = "SELECT ?a ?b ?c ?d WHERE { ?a ?b ?c . ?d a ?e } LIMIT %d"
MEGABYTES = LARGE % 8000  # some 3 MB as JSON


@pytest.fixture(scope="module")
def _keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    folder = tmp_path_factory.mktemp("keeping")
    limits = ("--workers", 2, "--timeout", 5, "--access-log", "none", "--cache", 16)
    with victim(folder, *limits, fault=FAULT) as found:
        yield found


@pytest.fixture
def keeping(_keeping: Victim) -> Iterator[Victim]:
    _keeping.whole()
    with _keeping.watched():
        yield _keeping
    _keeping.whole()


def unlinked(server: Victim) -> tuple[int, int]:
    """Descriptors of files without a name in the front, and the bytes on disk that they hold."""
    found: dict[int, int] = {}
    number = 0
    for pid in server.processes()["front"]:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            try:
                name = os.readlink(entry)
                ours = int(entry.name) > 2 and "kg-search" not in name
                if ours and name.endswith("(deleted)"):
                    status = entry.stat()
                    number += 1
                    found[status.st_ino] = status.st_blocks * 512
            except OSError:  # closed meanwhile
                continue
    return number, sum(found.values())


def read(channel: socket.socket) -> tuple[int, int]:
    """The length that is announced, and that which comes."""
    with channel.makefile("rb") as stream:
        lines = [line.split(b": ", 1) for line in iter(stream.readline, b"\r\n")]
        length = next(int(line[1]) for line in lines if line[0] == b"content-length")
        return length, len(stream.read(length))


def test_many_different_large_answers_stay_within_their_bounds(keeping: Victim) -> None:
    def one(number: int) -> int:
        return len(keeping.ask(f"{MEGABYTES}#{number}").body)

    with ThreadPoolExecutor(3) as pool:
        sizes = set(pool.map(one, range(30)))
    assert len(sizes) == 1
    assert 1 << 20 < sizes.pop() < 4_000_000
    assert keeping.metric("cache_file_bytes") <= 16 << 20
    assert 0 < keeping.metric("cache_files") <= 6
    time.sleep(1.2)
    number, size = unlinked(keeping)
    assert number <= 6
    assert size <= 20 << 20
    assert keeping.metric("sent_files") == 0


def test_clients_that_do_not_read_can_not_fill_the_disk(keeping: Victim) -> None:
    broken = keeping.metric("transfers_broken_total")
    with ExitStack() as stack:
        silent = []
        for number in range(24):
            channel = stack.enter_context(socket.socket())
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
            channel.connect(("127.0.0.1", keeping.port))
            channel.settimeout(20)
            channel.sendall(get(f"{LARGE % 30_000}#silent {number}"))
            channel.recv(1, socket.MSG_PEEK)
            silent.append(channel)
            time.sleep(0.1)
        time.sleep(0.6)
        assert len(keeping.ask(f"{MEGABYTES}#others").body) > 1 << 20
        number, size = unlinked(keeping)
        assert size <= 60_000_000, "24 MB under way, 16 MiB kept, one that is being sent"
        assert number <= 2 * (12 + 6), "each once here, and once for who reads it"
        assert keeping.metric("transfers_broken_total") > broken
        length, came = read(silent[0])
        assert came < length, "what was broken off shows"
        length, came = read(silent[-1])
        assert came == length


def test_many_read_one_answer_at_once_each_from_its_beginning(keeping: Victim) -> None:
    whole = keeping.ask(MEGABYTES).body

    def again(_: int) -> bytes:
        with socket.create_connection(("127.0.0.1", keeping.port), timeout=20) as channel:
            channel.sendall(get(MEGABYTES))
            time.sleep(0.05)
            with channel.makefile("rb") as stream:
                while stream.readline() != b"\r\n":
                    pass
                return stream.read(len(whole))

    with ThreadPoolExecutor(12) as pool:
        assert all(found == whole for found in pool.map(again, range(24)))


def test_those_who_have_an_answer_asked_again_and_again_do_not_run_out_of_files(
    keeping: Victim,
) -> None:
    """A reply that is sent costs no descriptor for half a minute, as it once did."""
    keeping.ask(MEGABYTES)
    client = keeping.client()
    hits = keeping.metric("cache_hits_total")
    for _ in range(100):
        reply = client.send("HEAD", f"/sparql?query={_quoted(MEGABYTES)}")
        assert reply.status == 200
    client.close()
    assert keeping.metric("cache_hits_total") >= hits + 99
    assert unlinked(keeping)[0] <= 2 * (12 + 6)


def _quoted(text: str) -> str:
    return get(text).split(b"query=")[1].split(b" ")[0].decode()
