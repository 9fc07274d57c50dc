"""A log whose reader stalls, goes away or comes back stops nobody, and loses no half line."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from kg.protocol.exchange import Reply, Request
from kg.protocol.log import AccessLog
from kg.protocol.scribe import Scribe
from kg.serve.talk import Talk, plain, tell


@pytest.fixture
def pipe():
    ends = os.pipe()
    fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
    yield ends
    for end in ends:
        with contextlib.suppress(OSError):
            os.close(end)


def read(end: int) -> list[str]:
    """All lines until the other end is closed."""
    with os.fdopen(os.dup(end), "r") as file:
        return file.read().splitlines()


def test_who_writes_does_not_wait_and_the_reader_gets_whole_lines(pipe) -> None:
    scribe = Scribe(pipe[1], most=50_000)
    line = "x" * 99 + "\n"
    began = time.monotonic()
    for _ in range(2_000):
        scribe.put(line)
    assert time.monotonic() - began < 1
    assert not scribe.close(0.05), "nobody has read it"
    dropped = scribe.dropped
    assert 2_000 - 500 <= dropped < 2_000

    taken: list[str] = []
    reader = threading.Thread(target=lambda: taken.extend(read(pipe[0])))
    reader.start()
    assert scribe.close(5)
    os.close(pipe[1])
    reader.join()
    assert (
        taken.pop()
        == f"kg: {dropped:,} lines of this log were dropped: they were not taken in time"
    )
    assert taken.count("x" * 99) == len(taken) == 2_000 - dropped


def test_the_log_itself_says_what_it_lacks(pipe) -> None:
    scribe = Scribe(pipe[1], most=8_000)
    for _ in range(200):
        scribe.put("x" * 99 + "\n")
    taken: list[str] = []
    reader = threading.Thread(target=lambda: taken.extend(read(pipe[0])))
    reader.start()
    while scribe._size:
        time.sleep(0.001)
    scribe.put("later\n")
    assert scribe.close(5)
    os.close(pipe[1])
    reader.join()
    assert taken[-1] == "later"
    assert f"kg: {scribe.dropped:,} lines of this log were dropped" in taken[-2]


def test_a_descriptor_that_others_made_non_blocking_is_waited_for(pipe) -> None:
    os.set_blocking(pipe[1], False)
    scribe = Scribe(pipe[1])
    for number in range(1_000):
        scribe.put(f"{number:099}\n")
    taken: list[str] = []
    reader = threading.Thread(target=lambda: taken.extend(read(pipe[0])))
    reader.start()
    assert scribe.close(5)
    os.close(pipe[1])
    reader.join()
    assert taken == [f"{number:099}" for number in range(1_000)]
    assert scribe.dropped == 0


def test_a_reader_that_is_gone_is_counted_and_stops_nobody(pipe) -> None:
    os.close(pipe[0])
    scribe = Scribe(pipe[1])
    scribe.put("one\ntwo\n")
    assert scribe.close(5)
    assert scribe.dropped == 2
    tell("nobody hears this", pipe[1])


def test_the_access_log_hands_its_lines_over(tmp_path: Path) -> None:
    file = (tmp_path / "log").open("wb")
    log = AccessLog(scribe := Scribe(file.fileno()))
    request = Request("GET", "/\n{", "a=b", {}, "127.0.0.1", None)  # type: ignore[arg-type]
    log.add(request, Reply(200), 0.001)
    log.flush()
    log.flush()
    assert scribe.close(5)
    file.close()
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert '"target": "/\\n{?a=b"' in line
    AccessLog(None).flush()


def test_one_thread_alone_says_what_is_taken_at_once(pipe) -> None:
    began = time.monotonic()
    for _ in range(100):
        tell("x" * 200, pipe[1])
    assert time.monotonic() - began < 1
    os.close(pipe[1])
    assert read(pipe[0])[0] == f"kg: {'x' * 200}"


def test_what_is_said_is_no_line_of_the_access_log(pipe) -> None:
    assert plain("plain words: naïve") == "plain words: naïve"
    assert plain("\x1b[2J\u202eabc\r") == "\\x1b[2J\\u202eabc\\r"
    fcntl.fcntl(pipe[1], fcntl.F_SETPIPE_SZ, 65536)  # with one page, the first line fills it
    scribe = Scribe(pipe[1])
    talk = Talk(scribe)
    print("half", end="", file=talk)
    print(' a line\n{"status": 200}', file=talk)
    tell('a\n{"status": 200}', pipe[1])
    assert scribe.close(5)
    os.close(pipe[1])
    assert sorted(read(pipe[0])) == [' {"status": 200}', ' {"status": 200}', "half a line", "kg: a"]
