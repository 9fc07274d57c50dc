"""A load driver that costs little: a closed loop over keep-alive connections, one epoll.

Runs as a process of its own (``python bench/driver.py < job.json``) so that its time is not the
harness's. Each connection sends the next request as soon as its answer is complete; an answer is
complete when its Content-Length or its last chunk has arrived, and everything else (a closed
connection, a body that ends early, a status that was not expected) is counted, never dropped.
"""

from __future__ import annotations

import gc
import json
import selectors
import socket
import sys
import time
from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["STAMP", "Job", "Outcome", "drive"]

STAMP = b"~" * 8

_CHUNK = 1 << 18


@dataclass(frozen=True)
class Job:
    """`requests` are sent in turn, from `first` on, by `connections` connections, until `seconds`
    have passed and at least `least` answers have come; `patience` ends it in any case.
    Where a request holds eight tildes, the number of its turn takes their place: no two requests
    of a run are then the same, and no cache can answer them.
    """

    host: str
    port: int
    requests: list[bytes]
    connections: int = 1
    seconds: float = 1.0
    least: int = 0
    patience: float = 60.0
    first: int = 0


@dataclass
class Outcome:
    """What came of a job. Times in seconds; `latencies` of complete answers, in order of arrival.

    `elapsed` runs from the first byte sent to the last complete answer, `cpu` is the driver's own
    time, `broken` counts connections that closed or failed before an answer was whole.
    """

    elapsed: float = 0.0
    cpu: float = 0.0
    received: int = 0
    broken: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: array[float] = field(default_factory=lambda: array("d"))

    @property
    def answers(self) -> int:
        """Complete answers of any status."""
        return len(self.latencies)

    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.elapsed if self.elapsed else 0.0

    def quantile(self, share: float) -> float:
        """The latency that a share of the answers did not pass; 0 when there are none."""
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    def to_json(self) -> str:
        """All of it, for the harness."""
        return json.dumps(
            {
                "elapsed": self.elapsed,
                "cpu": self.cpu,
                "received": self.received,
                "broken": self.broken,
                "statuses": dict(self.statuses),
                "latencies": [round(x, 7) for x in self.latencies],
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        """The reverse of `to_json`."""
        raw = json.loads(text)
        statuses = Counter({int(k): v for k, v in raw["statuses"].items()})
        latencies = array("d", raw["latencies"])
        return cls(raw["elapsed"], raw["cpu"], raw["received"], raw["broken"], statuses, latencies)


class _Connection:
    """One socket and how far its present answer has come."""

    __slots__ = ("buffer", "chunked", "close", "left", "sent_at", "sock", "status")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.sent_at = 0.0
        self.start()

    def start(self) -> None:
        self.buffer = b""
        self.status = 0  # 0: still in the head
        self.left = 0  # bytes of the body, or of the present chunk with its line end
        self.chunked = False
        self.close = False

    def feed(self, data: bytes) -> bool:
        """Take bytes in; True when the answer is whole."""
        if not self.status:
            data = self.buffer + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = data
                return False
            self._head(data[:end].lower())
            if self.status in (204, 304):
                self.left, self.chunked = 0, False
            data = data[end + 4 :]
            self.buffer = b""
        if not self.chunked:
            self.left -= len(data)
            return self.left <= 0
        return self._chunks(data)

    def _head(self, head: bytes) -> None:
        self.status = int(head[9:12])
        at = head.find(b"\r\ncontent-length:")
        if at >= 0:
            self.left = int(head[at + 17 :].split(b"\r\n", 1)[0])
        elif b"\r\ntransfer-encoding: chunked" in head:
            self.chunked = True
        self.close = b"\r\nconnection: close" in head

    def _chunks(self, data: bytes) -> bool:
        at = 0
        if self.left:
            if self.left > len(data):
                self.left -= len(data)
                return False
            at, self.left = self.left, 0
        elif self.buffer:
            data, self.buffer = self.buffer + data, b""
        size = len(data)
        while True:
            line = data.find(b"\r\n", at)
            if line < 0:
                self.buffer = data[at:]
                return False
            length = int(data[at:line].split(b";", 1)[0], 16)
            if length == 0:  # no trailers are asked for, so the empty line follows
                if size - line < 4:
                    self.buffer = data[at:]
                    return False
                return True
            at = line + 2 + length + 2
            if at >= size:
                self.left = at - size
                return False


def drive(job: Job) -> Outcome:
    """Run a job to its end. Raises OSError when the server can't be reached at all."""
    outcome = Outcome()
    requests, count = job.requests, len(job.requests)
    stamped = STAMP in requests[0]
    selector = selectors.EpollSelector()
    turn = job.first
    clock = time.perf_counter

    def connect() -> _Connection:
        sock = socket.create_connection((job.host, job.port), timeout=30)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _Connection(sock)

    def send(conn: _Connection) -> None:
        nonlocal turn
        conn.start()
        request = requests[turn % count]
        if stamped:
            request = request.replace(STAMP, b"%08x" % turn)
        turn += 1
        conn.sent_at = clock()
        conn.sock.sendall(request)

    def again(conn: _Connection) -> None:
        selector.unregister(conn.sock)
        conn.sock.close()
        fresh = connect()
        selector.register(fresh.sock, selectors.EVENT_READ, fresh)
        send(fresh)

    connections = [connect() for _ in range(job.connections)]
    gc.collect()
    gc.disable()
    cpu = time.process_time()
    begun = last = clock()
    deadline = begun + job.seconds
    patience = begun + max(job.patience, job.seconds)
    for conn in connections:
        selector.register(conn.sock, selectors.EVENT_READ, conn)
        send(conn)
    latencies, statuses = outcome.latencies, outcome.statuses
    running = True
    while running:
        until = deadline if len(latencies) >= job.least else patience
        events = selector.select(max(until - clock(), 0.0))
        if not events and clock() >= until:
            break
        for key, _ in events:
            conn = key.data
            try:
                data = conn.sock.recv(_CHUNK)
            except OSError:
                data = b""
            if not data:
                outcome.broken += 1
                again(conn)
                continue
            outcome.received += len(data)
            if not conn.feed(data):
                continue
            last = clock()
            latencies.append(last - conn.sent_at)
            statuses[conn.status] += 1
            if last >= (deadline if len(latencies) >= job.least else patience):
                running = False
                break
            if conn.close:
                again(conn)
            else:
                send(conn)
    outcome.elapsed = last - begun
    outcome.cpu = time.process_time() - cpu
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return outcome


def main() -> None:
    """Read a job as JSON (its requests in a file, each after its length) and print the outcome."""
    raw = json.load(sys.stdin)
    data = Path(raw.pop("file")).read_bytes()
    requests, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        requests.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    sys.stdout.write(drive(Job(requests=requests, **raw)).to_json())


if __name__ == "__main__":
    main()
