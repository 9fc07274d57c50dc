"""Random requests against a server that runs, and what must hold of each reply and in the end."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox

from kg.dataset import Dataset

from .mutate import hostile, mutated
from .queries import Queries, Vocabulary
from .requests import HttpRequest, Requests
from .statuses import DECLARED

__all__ = ["Findings", "Reply", "drive", "problems", "send", "words"]

_WAIT = 60.0  # seconds; a reply that takes longer is none
_UNREAD = 16_000  # bytes that the system takes before anyone reads them
_RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
_KEPT = re.compile(r'^kg_(\w+)(?:\{(?:outcome|how)="(\w+)"\})? (\S+)$', re.MULTILINE)


@dataclass(frozen=True)
class Reply:
    """What came back; status 0 when nothing did."""

    status: int
    headers: http.client.HTTPMessage | None
    body: bytes


@dataclass
class Findings:
    """What a run did and what it found wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest_health: float = 0.0


def words(data: Dataset) -> Vocabulary:
    """What queries over a dataset are about: its sources, not its ontology."""
    return Vocabulary.of(q for q in data.quads() if "/source/" in str(q.graph_name))


def send(address: tuple[str, int], request: HttpRequest) -> Reply:
    """Send a request byte for byte, on a connection of its own. Raises OSError, HTTPException."""
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    names = {name.lower() for name, _ in request.headers}
    if "host" not in names:
        lines.append(f"Host: {address[0]}:{address[1]}")
    lines += [f"{name}: {value}" for name, value in request.headers]
    lines += [f"Content-Length: {len(request.body)}"] if request.body else []
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
    with socket.create_connection(address, timeout=_WAIT) as connection:
        # A body that is refused need not be read; the reply is there.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(head + request.body)
        response = http.client.HTTPResponse(connection, method=request.method)
        response.begin()
        return Reply(response.status, response.headers, response.read())


def problems(request: HttpRequest, reply: Reply) -> list[str]:
    """What is wrong with a reply, whatever the request was."""
    if reply.status not in DECLARED:
        return [f"status {reply.status}"]
    if request.method == "HEAD" or reply.status in (204, 304):
        return ["a body where none may be"] if reply.body else []
    headers = reply.headers
    assert headers is not None
    if headers.get("content-encoding"):
        return []
    kind = (headers.get("content-type") or "").split(";")[0].strip().lower()
    if not reply.body and (request.method == "OPTIONS" or 300 <= reply.status < 400):
        return []
    if not kind:
        return [f"{len(reply.body)} bytes without a Content-Type"] if reply.body else []
    try:
        _read(kind, reply)
    except (ValueError, SyntaxError, ElementTree.ParseError, AssertionError) as error:
        return [f"{kind} is not well-formed: {error!r} {reply.body[:80]!r}"]
    return []


def _read(kind: str, reply: Reply) -> None:
    text = reply.body.decode()
    if kind == "application/problem+json":
        told = json.loads(text)
        assert told["status"] == reply.status, "another status in the body"
        assert told["title"], "no title"
        assert reply.status >= 400, "a problem that is none"
    elif kind in _RDF:
        for _ in ox.parse(reply.body, format=_RDF[kind], base_iri="http://e/"):
            pass
    elif kind.endswith("json"):
        told = json.loads(text)
        if kind == "application/sparql-results+json":
            assert "boolean" in told or "bindings" in told["results"], "no results"
    elif kind.endswith("xml"):
        ElementTree.fromstring(text)  # our own server's bytes
    elif kind == "text/html":
        assert text.lstrip()[:15].lower() == "<!doctype html>", "no page"
        assert reply.status == 308 or text.rstrip().endswith("</html>"), "half a page"
    assert kind == "text/plain" or "Traceback (most recent" not in text, "a traceback"


def drive(url: str, seconds: float, seed: int, data: Dataset, *, dear: bool = True) -> Findings:
    """Send requests for so many seconds and look at each reply; look at the server in the end.

    What `Findings.wrong` tells begins with the seed and number of the request.
    """
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 80)
    found = Findings()
    vocabulary = words(data)
    stop = threading.Event()
    probe = threading.Thread(target=_probe, args=(address, stop, found))
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)
        port = trap.getsockname()[1]
        before = _metrics(address)
        probe.start()
        end = time.monotonic() + seconds
        number = 0
        while time.monotonic() < end and len(found.wrong) < 20:
            random = Random(f"{seed} {number}")
            request = one(random, vocabulary, port, dear=dear)
            for wrong in _tried(address, request, found):
                head = f"{request.method} {request.target[:200]} {request.body[:200]!r}"
                found.wrong.append(f"request {seed}/{number}: {wrong}: {head}")
            number += 1
        stop.set()
        probe.join()
        try:
            trap.accept()[0].close()
            found.wrong.append("the server called an address that a query named")
        except BlockingIOError:
            pass
    try:
        found.wrong += _afterwards(address, before)
    except (OSError, http.client.HTTPException) as error:
        found.wrong.append(f"the server is gone: {error!r}")
    return found


def one(random: Random, vocabulary: Vocabulary, port: int, *, dear: bool = True) -> HttpRequest:
    """One request: a whole query, a broken one, a hostile one, or odd HTTP."""

    def text() -> str:
        chance = random.random()
        if chance < 0.15:
            return hostile(random, port, dear=dear and random.random() < 0.2)
        whole = Queries(random, vocabulary).query()
        return mutated(random, whole) if chance < 0.5 else whole

    return Requests(random, text).request()


def _tried(address: tuple[str, int], request: HttpRequest, found: Findings) -> list[str]:
    try:
        reply = send(address, request)
    except ConnectionResetError as error:
        # Who answers without reading a long body and closes may lose the answer on its way.
        return [] if len(request.body) > _UNREAD else [f"no reply: {error!r}"]
    except (OSError, http.client.HTTPException) as error:
        return [f"no reply: {error!r}"]
    found.statuses[reply.status] += 1
    return problems(request, reply)


def _probe(address: tuple[str, int], stop: threading.Event, found: Findings) -> None:
    while not stop.wait(0.5):
        began = time.monotonic()
        try:
            send(address, HttpRequest("GET", "/health"))
        except (OSError, http.client.HTTPException) as error:
            found.wrong.append(f"/health does not answer: {error!r}")
        found.slowest_health = max(found.slowest_health, time.monotonic() - began)


def _metrics(address: tuple[str, int]) -> dict[str, float]:
    text = send(address, HttpRequest("GET", "/metrics")).body.decode()
    return {outcome or name: float(value) for name, outcome, value in _KEPT.findall(text)}


def _afterwards(address: tuple[str, int], before: dict[str, float]) -> list[str]:
    """What is wrong with the server when all is over."""
    end = time.monotonic() + 10
    workers: dict[str, int] = {}
    while time.monotonic() < end:
        workers = json.loads(send(address, HttpRequest("GET", "/health")).body)["workers"]
        if workers["alive"] == workers["wanted"] > 0:
            break
        time.sleep(0.2)
    wrong = []
    if not workers["alive"] == workers["wanted"] > 0:
        wrong.append(f"workers are missing: {workers}")
    now = _metrics(address)
    came = {name: value - before.get(name, 0) for name, value in now.items()}
    ended = sum(now[how] for how in ("killed", "crashed", "retired"))
    if now["workers_started_total"] != now["workers_alive"] + ended:
        wrong.append(f"workers are not accounted for: {now}")
    if came["lost"]:
        wrong.append(f"{came['lost']:.0f} workers died of a query")
    reply = send(address, HttpRequest("GET", "/sparql?query=ASK%7B%7D"))
    if reply.status != 200:
        wrong.append(f"a plain query is answered with {reply.status}")
    return wrong
