"""Whoever reads the server's standard error may stall for as long as he likes."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import ROOT, STOPS_WITHIN, Client

from hostile.victim import Victim, wait

REQUESTS = 300  # twice what a pipe holds


class Unread(Victim):
    """A server whose standard error is a pipe that nobody reads after its first lines."""

    def __init__(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve", str(ROOT / "tests" / "invented"),
             "--port", "0", "--workers", "2"],
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=ROOT,
        )  # fmt: skip
        assert process.stderr is not None
        self.pipe = process.stderr
        while not (at := re.search(rb"at http://127\.0\.0\.1:(\d+)/", self.pipe.readline())):
            assert process.poll() is None
        super().__init__(process, int(at[1]), Path("/nowhere"))

    def stop(self) -> list[bytes]:
        """End the server and read what it has said."""
        taken: list[bytes] = []
        reader = threading.Thread(target=lambda: taken.extend(self.pipe))
        reader.start()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(STOPS_WITHIN) == 0
        reader.join()
        self.pipe.close()
        return taken


@pytest.fixture
def unread() -> Iterator[Unread]:
    server = Unread()
    try:
        client = Client(server.address, timeout=10)
        for number in range(REQUESTS):
            target = f"/sparql?query=ASK%7B%7D&x={number}-{'y' * 400}"
            assert client.get(target).status == 200, f"after {number} requests"
        client.close()
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.pipe.close()


def test_what_was_not_read_yet_is_whole_in_the_end(unread: Unread) -> None:
    with unread.watched():
        assert unread.metric("log_lines_dropped_total") == 0
    targets = [json.loads(line)["target"] for line in unread.stop() if line.startswith(b"{")]
    numbers = [int(found[1]) for t in targets if (found := re.search(r"x=(\d+)-", t))]
    assert numbers == list(range(REQUESTS))


@pytest.mark.parametrize("role", ["zygote", "front"])
def test_processes_are_started_again_though_nobody_hears_it(unread: Unread, role: str) -> None:
    before = unread.processes()[role]

    def well() -> bool:
        try:
            health = unread.health(timeout=5)
        except (OSError, http.client.HTTPException, ValueError):
            return False
        workers = health["workers"]
        return unread.processes()[role] != before and workers["alive"] == workers["wanted"] > 0

    unread.kill(role)
    wait(well, 30)
    assert unread.ask("ASK {}").status == 200
    unread.stop()
