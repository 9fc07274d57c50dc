"""The servers that are measured: how each is started, loaded, asked, weighed and stopped."""

from __future__ import annotations

import contextlib
import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

__all__ = ["Ours", "Raw", "RdflibEndpoint", "Server", "Unreachable"]

_PATIENCE = 900.0  # seconds that a server may take to load


class Unreachable(Exception):
    """A server did not start, or ended."""


@dataclass
class Server:
    """A server as a process of ours on a port of its own.

    `folder` is what the generator wrote, `peers` the environment that peers are installed in.
    """

    folder: Path
    log: Path
    peers: Path = Path(sys.prefix)
    port: int = 0
    ready_after: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    name: ClassVar[str] = ""
    path: ClassVar[str] = "/sparql"
    empty: ClassVar[str] = "/health"

    def command(self) -> list[str]:
        """The command line that serves `folder` on `port`."""
        raise NotImplementedError

    def load(self) -> None:
        """What is left to do once the port is open."""

    def start(self) -> None:
        """Start, load, and wait until a query is answered. Raises Unreachable."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, start_new_session=True
            )
        self._wait(begun)
        self.load()
        status, _, body = self.ask("SELECT * WHERE { ?s a <urn:nothing> }")
        if status != 200:
            raise Unreachable(f"{self.name} answers {status}: {body[:200]!r}")
        self.ready_after = time.monotonic() - begun

    def _wait(self, begun: float) -> None:
        while time.monotonic() - begun < _PATIENCE:
            if self.process is None or self.process.poll() is not None:
                raise Unreachable(f"{self.name} ended before it answered; see {self.log}")
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            time.sleep(0.05)
        raise Unreachable(f"{self.name} does not answer after {_PATIENCE:.0f} s")

    def stop(self) -> None:
        """End the process and all that it started."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def target(self, query: str) -> str:
        """The request target of a query by GET."""
        return f"{self.path}?query={quote(query, safe='')}"

    def request(self, target: str, accept: str = "*/*", *headers: str) -> bytes:
        """A GET as bytes, for the driver."""
        lines = [
            f"GET {target} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Accept: {accept}",
            *headers,
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def ask(
        self,
        query: str,
        accept: str = "application/sparql-results+json",
        *,
        extra: str = "",
        headers: dict[str, str] | None = None,
        patience: float = 300.0,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of one query."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            asked = {"Accept": accept, **(headers or {})}
            connection.request("GET", self.target(query) + extra, headers=asked)
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body
        finally:
            connection.close()

    def memory(self) -> int:
        """Proportional set size of the process and its descendants, in bytes."""
        if self.process is None:
            return 0
        family, children = [self.process.pid], _children()
        for pid in family:
            family += children.get(pid, [])
        return sum(map(_pss, family))


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                found.setdefault(int(parent), []).append(int(entry.name))
    return found


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class Raw(Server):
    """``oxigraph serve``, the engine behind its own HTTP server, in memory."""

    name: ClassVar[str] = "raw"
    path: ClassVar[str] = "/query"
    empty: ClassVar[str] = "/nothing-is-here"

    def command(self) -> list[str]:
        return [str(self.peers / "bin" / "oxigraph"), "serve", "--bind", f"127.0.0.1:{self.port}"]

    def load(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        for name in ("merged.nt", "model.nt"):
            with (self.folder / name).open("rb") as body:
                size = (self.folder / name).stat().st_size
                connection.request(
                    "POST",
                    "/store?default",
                    body,
                    {"Content-Type": "application/n-triples", "Content-Length": str(size)},
                )
                answer = connection.getresponse()
                answer.read()
            if answer.status >= 300:
                raise Unreachable(f"{self.name} does not take {name}: {answer.status}")
        connection.close()


class RdflibEndpoint(Server):
    """rdflib-endpoint with rdflib's own store, as its README starts it."""

    name: ClassVar[str] = "rdflib-endpoint"
    path: ClassVar[str] = "/"
    empty: ClassVar[str] = "/docs"

    def command(self) -> list[str]:
        files = [str(self.folder / name) for name in ("merged.nt", "model.nt")]
        place = ["--host", "127.0.0.1", "--port", str(self.port)]
        return [str(self.peers / "bin" / "rdflib-endpoint"), "serve", *place, *files]


@dataclass
class Ours(Server):
    """``kg serve`` on the dataset's folder, with further arguments."""

    arguments: str = ""
    name: ClassVar[str] = "ours"

    def command(self) -> list[str]:
        dataset = str(self.folder / "dataset")
        place = ["--port", str(self.port)]
        return [sys.executable, "-m", "kg", "serve", dataset, *place, *shlex.split(self.arguments)]
