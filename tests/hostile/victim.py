"""A server that is attacked: its processes, its health all the while, and what it costs."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from live import QUERY, ROOT, Client, Reply

HEALTH_WITHIN = 1.0  # seconds, all the while
WHOLE_WITHIN = 10.0


class Victim:
    """A running server with its port and its processes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self.log = log
        self.slowest = 0.0
        self.silent = 0
        self.probes = 0
        self._probing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def client(self, token: str | None = None, timeout: float = 60) -> Client:
        return Client(self.address, token, timeout)

    def ask(self, text: str, *, seconds: float | None = None, timeout: float = 60) -> Reply:
        """One query on a connection of its own."""
        client = self.client(timeout=timeout)
        try:
            target = f"/sparql?timeout={seconds}" if seconds else "/sparql"
            return client.send("POST", target, text, {"Content-Type": QUERY})
        finally:
            client.close()

    def health(self, timeout: float = 30) -> dict[str, object]:
        client = self.client(timeout=timeout)
        try:
            return client.get("/health").json()
        finally:
            client.close()

    def metric(self, name: str) -> float:
        client = self.client()
        try:
            text = client.get("/metrics").text
        finally:
            client.close()
        return float(re.search(rf"^kg_{re.escape(name)} (\S+)$", text, re.MULTILINE).group(1))

    # -- health all the while

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Probe /health twice a second; in the end it has always answered within a second."""
        self._probing.clear()
        self.slowest, self.silent, self.probes = 0.0, 0, 0
        prober = threading.Thread(target=self._probe, daemon=True)
        prober.start()
        try:
            yield
        finally:
            self._probing.set()
            prober.join(timeout=35)
        assert self.probes > 0
        assert self.silent == 0
        assert self.slowest < HEALTH_WITHIN, f"/health took {self.slowest:.2f} s"

    def _probe(self) -> None:
        while True:
            began = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("GET", "/health")
                json.loads(connection.getresponse().read())
            except (OSError, http.client.HTTPException, ValueError):
                self.silent += 1
            finally:
                connection.close()
            self.probes += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            if self._probing.wait(0.5):
                return

    def whole(self) -> None:
        """Wait until every worker is there again."""
        until = time.monotonic() + WHOLE_WITHIN
        while True:
            workers = self.health()["workers"]
            if workers["alive"] == workers["wanted"]:
                return
            assert time.monotonic() < until, f"workers are missing: {workers}"
            time.sleep(0.1)

    # -- processes

    def processes(self) -> dict[str, list[int]]:
        """Process ids by role: zygote, workers, host (granian's own), front."""
        children = _children()
        found: dict[str, list[int]] = {"zygote": [], "workers": [], "host": [], "front": []}
        for pid in children.get(self.process.pid, []):
            below = children.get(pid, [])
            if any(threads(p) > 1 for p in [pid]):
                found["host"].append(pid)
                found["front"] += below
            else:
                found["zygote"].append(pid)
                found["workers"] += below
        return found

    def kill(self, role: str) -> None:
        """kill -9 the first process of a role, and wait until it and those below it are gone.

        Those below end a moment later than the one that was struck: until then a front still
        answers for a server that is about to be started again.
        """
        dying: list[int] = []

        def struck() -> bool:
            for pid in self.processes()[role][:1]:
                below = _children().get(pid, [])
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:  # a worker that retired meanwhile
                    return False
                dying.extend([pid, *below])
                return True
            return False

        wait(struck, 30)
        wait(lambda: all(gone(pid) for pid in dying), 20)

    def burning(self, seconds: float = 0.5) -> float:
        """Processor seconds a second that the workers use now."""
        pids = self.processes()["workers"]
        before = {pid: cpu(pid) for pid in pids}
        time.sleep(seconds)
        return sum(cpu(pid) - before[pid] for pid in pids if cpu(pid) >= before[pid]) / seconds


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def threads(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        return 0


def cpu(pid: int) -> float:
    """Processor seconds of a process so far; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def victim(
    folder: Path,
    *arguments: object,
    dataset: Path | None = None,
    fault: str = "",
    until: str = "Contested serves",
) -> Iterator[Victim]:
    """A server over the invented dataset, or another; stopped in the end.

    `fault` is Python that runs before the server's own, to break something in it; the server has
    begun when it says `until`.
    """
    log = folder / "server.log"
    log.unlink(missing_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    main = "from kg.cli import main; main(prog_name='kg')"
    program = ["-c", f"{fault}\n{main}"] if fault else ["-m", "kg"]
    command = [sys.executable, *program, "serve", dataset or ROOT / "tests" / "invented"]
    with log.open("ab") as talk:
        process = subprocess.Popen(
            [*map(str, command), "--port", str(port), *map(str, arguments)],
            stderr=talk,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
        )
    found = Victim(process, port, log)
    try:
        wait(lambda: until.encode() in log.read_bytes() or process.poll() is not None, 60)
        assert process.poll() is None, log.read_text()
        yield found
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait(until: Callable[[], bool], seconds: float) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def get(text: str) -> bytes:
    """A GET of a query, as it goes over the wire."""
    target = f"/sparql?query={quote(text)}"
    return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def ended(channel: socket.socket, seconds: float = 30) -> bytes:
    """What a connection brings until it ends or is silent for so long."""
    channel.settimeout(seconds)
    data = b""
    try:
        while chunk := channel.recv(65536):
            data += chunk
    except (TimeoutError, ConnectionResetError):
        pass
    return data
