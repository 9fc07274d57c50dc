"""A real ``kg serve`` as a process, and a client that sends exactly what a test says.

The client is http.client and nothing more: it follows no redirect, adds no media type, decodes
nothing. Tests of protocols need to see what went over the wire.
"""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

ROOT = Path(__file__).resolve().parents[1]
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
TURTLE = "text/turtle"
STARTS_WITHIN = 60  # seconds
STOPS_WITHIN = 30


@dataclass(frozen=True)
class Reply:
    """One answer: its status, its headers as they came, its whole body."""

    status: int
    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without its parameters, in lower case; empty when there is none."""
        return (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"{self.status} {self.headers.get('Content-Type')}: {self.body[:300]!r}"


class Client:
    """Requests to one server over one connection that is kept.

    `address` is the server's root with a slash at its end; `token`, when there is one, goes with
    requests that ask for it by ``signed=True``.
    """

    def __init__(self, address: str, token: str | None = None, timeout: float = 60) -> None:
        self.address = address
        self.token = token
        parts = urlsplit(address)
        assert parts.hostname
        self.host = parts.netloc
        self.prefix = parts.path.rstrip("/")
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)

    def close(self) -> None:
        self.connection.close()

    def url(self, target: str) -> str:
        """The absolute IRI of a target like ``/sparql``."""
        return urljoin(self.address, self.prefix + target)

    def absolute(self, reference: str) -> str:
        """A Location, absolute or not, as an absolute IRI."""
        return urljoin(self.address, reference)

    def target(self, iri: str) -> str:
        """The target of a request for an absolute IRI of this server."""
        parts = urlsplit(iri)
        assert parts.netloc == self.host, f"{iri} is not of {self.host}"
        query = f"?{parts.query}" if parts.query else ""
        return parts.path.removeprefix(self.prefix) + query

    def send(
        self,
        method: str,
        target: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        signed: bool = False,
    ) -> Reply:
        """One request; `target` goes out as it stands. A connection that the server closed is
        opened again, once, for whoever keeps connections must be ready for that."""
        sent = dict(headers or {})
        if signed and self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        data = body.encode("utf-8") if isinstance(body, str) else body
        for attempt in (1, 2):
            try:
                self.connection.request(method, self.prefix + target, data, sent)
                response = self.connection.getresponse()
                reply = Reply(response.status, response.headers, response.read())
                if response.will_close:
                    self.connection.close()
                return reply
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection.close()
                if attempt == 2:
                    raise
            except BaseException:
                self.connection.close()  # half a request or answer must not meet the next test
                raise
        raise AssertionError

    def get(self, target: str, accept: str | None = None, **headers: str) -> Reply:
        return self.send("GET", target, None, accepting(accept, headers))

    def query(self, text: str, accept: str | None = None, target: str = "/sparql") -> Reply:
        """A query by POST, as a body of its own."""
        headers = accepting(accept, {"Content-Type": QUERY})
        return self.send("POST", target, text, headers)

    def update(self, text: str, target: str = "/update") -> Reply:
        """An update by POST, as a body of its own, with the token."""
        return self.send("POST", target, text, {"Content-Type": UPDATE}, signed=True)

    def post_form(self, target: str, fields: object, accept: str | None = None) -> Reply:
        headers = accepting(accept, {"Content-Type": FORM})
        return self.send("POST", target, urlencode(fields, doseq=True), headers, signed=True)


def accepting(accept: str | None, headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with their underscores as hyphens, and Accept when there is one."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return named if accept is None else {**named, "Accept": accept}


@contextmanager
def serving(*arguments: object) -> Iterator[str]:
    """The address of ``kg serve`` with `arguments` on a free port; stopped by SIGTERM in the end.

    Its talk goes to a file, so that a full pipe never stops it; the file is shown when the server
    does not start, or does not end with 0.
    """
    with tempfile.NamedTemporaryFile() as talk:
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve", *map(str, arguments), "--port", "0"],
            stderr=talk,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
        )

        def said() -> str:
            return Path(talk.name).read_text(encoding="utf-8")

        try:
            end = time.monotonic() + STARTS_WITHIN
            while not (match := re.search(r"at (http://127\.0\.0\.1:\d+/)", said())):
                assert process.poll() is None, said()
                assert time.monotonic() < end, said()
                time.sleep(0.02)
            yield match.group(1)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise
        assert process.returncode == 0, said()


LAKE = "https://example.org/graph/lake"
HILL = "https://example.org/graph/hill"
# The default graph, and two named ones, each with one statement that the others do not have.
DATA = f"""
PREFIX : <https://example.org/>
DROP ALL ;
INSERT DATA {{
  :ferry :crosses :lake .
  GRAPH <{LAKE}> {{ :heron :lives :lake . :otter :lives :lake }}
  GRAPH <{HILL}> {{ :marmot :lives :hill }}
}}"""

TOKEN = "a-token-for-tests-7f3c"


@contextmanager
def serving_writable(folder: Path, *arguments: object) -> Iterator[Client]:
    """A server over an empty dataset that takes updates, with a client that knows its token."""
    empty = folder / "dataset"
    for name in ("ontology", "data", "queries"):
        (empty / name).mkdir(parents=True)
    token = folder / "token"
    token.write_text(f"{TOKEN}\n", encoding="utf-8")
    token.chmod(0o600)
    options = ["--default-graph", "exact", "--update-token-file", token, "--no-validate"]
    journal = folder / "journal"
    with serving(empty, *options, "--journal", journal, *arguments) as address:
        client = Client(address, TOKEN)
        try:
            yield client
        finally:
            client.close()
