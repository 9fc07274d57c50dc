"""The single measures: load, validators, a deadline under attack. Each returns plain figures."""

from __future__ import annotations

import contextlib
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.driver import Outcome
from bench.servers import Server

__all__ = ["RUNAWAY", "Attack", "Validated", "attack", "drive", "validated"]

_DRIVER = Path(__file__).with_name("driver.py")

# Never ends: a product of three scans, each pair of which passes the filter.
RUNAWAY = """PREFIX con: <https://w3id.org/contested/ontology#>
SELECT (COUNT(*) AS ?n) WHERE {
  ?a con:answers ?x . ?b con:answers ?y . ?c con:answers ?z .
  FILTER(STR(?x) != CONCAT(STR(?y), STR(?z))) }"""


def drive(
    server: Server,
    requests: list[bytes],
    connections: int,
    seconds: float,
    *,
    first: int = 0,
    least: int = 0,
) -> Outcome:
    """Load a server by the driver, a process of its own; see `bench.driver.Job`."""
    with tempfile.NamedTemporaryFile(prefix="kg-bench-") as file:
        for request in requests:
            file.write(len(request).to_bytes(4, "big") + request)
        file.flush()
        job = {
            "host": "127.0.0.1",
            "port": server.port,
            "file": file.name,
            "connections": connections,
            "seconds": seconds,
            "first": first,
            "least": least,
        }
        run = subprocess.run(
            [sys.executable, str(_DRIVER)],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode:
        raise RuntimeError(f"the driver failed on {server.name}:\n{run.stderr}")
    return Outcome.from_json(run.stdout)


@dataclass(frozen=True)
class Validated:
    """A large answer made anew, given again, and as 304: seconds (medians); its size in bytes."""

    full: float
    again: float
    conditional: float
    size: int


def validated(server: Server, query: str, accept: str) -> Validated | None:
    """Time If-None-Match against the whole answer, to texts that no cache has seen and to one that
    it has; None when the server gives no ETag.

    Raises RuntimeError when it gives one and does not honour it.
    """
    _, headers, body = server.ask(query, accept)
    tag = headers.get("etag")
    if tag is None:
        return None
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    full, again, conditional = list[float](), list[float](), list[float]()
    with contextlib.closing(connection):
        for turn in range(210):
            fresh, extra = turn < 5, {"If-None-Match": tag} if turn >= 10 else {}
            target = server.target(f"{query}\n# {turn}" if fresh else query)
            begun = time.perf_counter()
            connection.request("GET", target, headers={"Accept": accept, **extra})
            answer = connection.getresponse()
            answer.read()
            taken = time.perf_counter() - begun
            if answer.status != (304 if extra else 200):
                raise RuntimeError(f"{server.name} answers {answer.status} to If-None-Match {tag}")
            (full if fresh else conditional if extra else again).append(taken)
    medians = (statistics.median(times) for times in (full, again, conditional))
    return Validated(*medians, len(body))


@dataclass
class Attack:
    """What came of a steady attack: how long each runaway took to be answered, in seconds, and by
    which status; and the good queries beside it.
    """

    timeout: float
    taken: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    good: Outcome = field(default_factory=Outcome)

    @property
    def lost(self) -> int:
        """Good queries that got no answer, or another status than 200."""
        return self.good.broken + self.good.answers - self.good.statuses[200]


def attack(
    server: Server,
    good: list[bytes],
    *,
    timeout: float = 1.0,
    runaways: int = 3,
    seconds: float = 10.0,
    connections: int = 4,
) -> Attack | None:
    """Keep `runaways` queries running that never end, each with ``timeout=``, beside good ones.

    None when a single one is not answered within four times its timeout: there is no deadline, and
    the server may be lost to that query.
    """
    extra = f"&timeout={timeout:g}"
    with contextlib.suppress(OSError, http.client.HTTPException):
        server.ask(RUNAWAY, extra=extra, patience=4 * timeout)
        result = Attack(timeout)
        over = threading.Event()

        def run() -> None:
            turn = 0
            while not over.is_set():
                turn += 1
                begun = time.perf_counter()
                text = f"{RUNAWAY}\n# {threading.get_ident()} {turn}"
                try:
                    status, _, _ = server.ask(text, extra=extra, patience=20 * timeout)
                except (OSError, http.client.HTTPException):
                    status = 0
                result.taken.append(time.perf_counter() - begun)
                result.statuses[status] += 1

        threads = [threading.Thread(target=run) for _ in range(runaways)]
        for thread in threads:
            thread.start()
        try:
            result.good = drive(server, good, connections, seconds)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        return result
    return None
