"""``kg serve --store URL`` over a second server of our own, and over services that misbehave."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from live import TOKEN, Client, serving, serving_writable

from kg.engine.endpoint import Access, Endpoint
from kg.errors import QueryFailed, ResultTooLarge, SettingsError, StoreUnavailable

pytestmark = pytest.mark.xdist_group("remote")
ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "tests" / "invented"
GRAPH = "https://example.org/invented/graph/"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"


def kg(*arguments: object) -> str:
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


@contextlib.contextmanager
def front(folder: Path, far: str, token: Path, *more: object) -> Iterator[Client]:
    options = ["--store", f"{far}sparql", "--update-token-file", token, "--workers", 2]
    with serving(folder, *options, *more) as address:
        client = Client(address, TOKEN)
        yield client
        client.close()


def test_a_life_behind_another_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filled once, asked, changed, taken out, changed behind its back, filled anew."""
    monkeypatch.setenv("KG_STORE_TOKEN", TOKEN)
    folder = tmp_path / "mine"
    for name in ("ontology", "data", "queries"):
        shutil.copytree(INVENTED / name, folder / name)
    with serving_writable(tmp_path / "far") as far, serving(INVENTED) as near:
        plain = Client(near)
        token = tmp_path / "far" / "token"
        with front(folder, far.address, token) as server:
            for query in (COUNT, GRAPHS, f"ASK {{ GRAPH <{GRAPH}store> {{ ?s ?p ?o }} }}"):
                ours, theirs = (
                    c.query(query, "application/sparql-results+json") for c in (server, plain)
                )
                assert ours.status == 200 and ours.body == theirs.body, query
            derived = f"{{ GRAPH <{GRAPH}derived/lines> {{ ?s ?p ?o }} }}"
            found = server.query(f"SELECT (COUNT(*) AS ?n) WHERE {derived}", "text/csv")
            assert int(found.text.split()[1]) > 0
            inside = f"ASK {{ {derived[1:-1]} FILTER NOT EXISTS {{ ?s ?p ?o }} }}"
            assert server.query(inside).json()["boolean"] is True, "not in the default graph"
            page = server.get("/id/claim/quillfeather-2001/1", "text/html")
            assert page.status == 303
            assert server.get(server.target(page.headers["Location"]), "text/html").status == 200
            kept = ("--store", f"{far.address}sparql")
            for more in (("--format", "nquads"), ("--source", "trostnikov-1998")):
                assert kg("export", folder, *kept, *more) == kg("export", folder, *more)
            assert kg("check", folder, *kept) == ""
            assert server.query("SELEKT").status == 400
            assert server.query("SELECT * { ?s ?p ?o", None).json()["line"] == 1

            text = 'an odd \\\\u0041 "string"'.replace('"', '\\"')
            added = f'{{ GRAPH <{GRAPH}entities> {{ <urn:a> <urn:b> "{text}" }} }}'
            reply = server.update(f"INSERT DATA {added}")
            assert reply.status == 200 and reply.json()["changed"], reply
            assert server.query("SELECT ?o { <urn:a> <urn:b> ?o }").text.count("u0041") == 1
            assert far.query(f"ASK {added}").json()["boolean"] is True
            assert (
                server.update(
                    f"INSERT DATA {{ GRAPH <{GRAPH}store> {{ <urn:a> <urn:b> 1 }} }}"
                ).status
                >= 400
            )
            digest = server.get("/health").json()["digest"]

        (folder / "data/entities/more.ttl").write_text('<urn:x> <urn:y> "z" .\n')
        with front(folder, far.address, token) as server:
            health = server.get("/health").json()
            assert health["digest"] == digest, "what was written is still there"
            assert health["folder_digest"] != digest and "--reload" in health["notes"][0]
            assert server.query("ASK { <urn:x> ?p ?o }").json()["boolean"] is False
            # Somebody else's server has changed the store: ours sees it when it writes.
            moved = (
                f"WITH <{GRAPH}store> DELETE {{ ?s ?p ?v }} INSERT {{ ?s ?p ?w }} WHERE "
                f'{{ ?s ?p ?v BIND (REPLACE(?v, "{digest}", "{"0" * 64}") AS ?w) }}'
            )
            assert far.update(moved).status == 200
            refused = server.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 2 } }")
            assert refused.status == 503 and "meanwhile" in refused.json()["detail"]
            assert server.get("/health").json()["digest"] == "0" * 64
            again = server.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 2 } }")
            assert again.status == 200 and again.json()["changed"]
            assert (
                '<urn:s> <urn:p> "2"'
                in server.get("/graph-store?graph=urn:g", "application/n-triples").text
            )

        with front(folder, far.address, token, "--reload") as server:
            assert server.query("ASK { <urn:x> ?p ?o }").json()["boolean"] is True
            assert server.query("ASK { GRAPH ?g { <urn:s> ?p ?o } }").json()["boolean"] is False
            assert "folder_digest" not in server.get("/health").json()
        plain.close()


def test_a_store_that_dies_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE_TOKEN", TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    empty = tmp_path / "dataset"
    for name in ("ontology", "data", "queries"):
        (empty / name).mkdir(parents=True)
    token = tmp_path / "token"
    token.write_text(TOKEN)
    far = [sys.executable, "-m", "kg", "serve", str(empty), "--port", str(port),
           "--default-graph", "exact", "--update-token-file", str(token), "--no-validate",
           "--journal", str(tmp_path / "journal"), "--access-log", "none"]  # fmt: skip

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(far, cwd=ROOT, stderr=subprocess.DEVNULL)
        client = Client(f"http://127.0.0.1:{port}/")
        for _ in range(300):
            with contextlib.suppress(OSError):
                if client.get("/health").status == 200:
                    break
            time.sleep(0.1)
        client.close()
        return process

    process = start()
    try:
        with front(empty, f"http://127.0.0.1:{port}/", token) as server:
            assert server.query("SELECT * { ?a ?b ?c }").status == 200
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
            reply = server.query("SELECT * { ?a ?b ?d }")
            assert reply.status == 503 and reply.headers["Retry-After"] == "5"
            assert reply.json()["type"].endswith("store-unavailable")
            assert "127.0.0.1" not in reply.text, "whoever asks does not learn where the store is"
            assert (
                server.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }").status == 503
            )
            process = start()
            assert server.query("SELECT * { ?a ?b ?e }").status == 200
            assert (
                server.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }").status == 200
            )
            text = "INSERT DATA { GRAPH <urn:g> { " + "".join(
                f'<urn:s> <urn:q> "{n:060}" .\n' for n in range(6000)
            )
            big = server.update(text + "} }")
            assert big.status == 200 and big.json()["changed"], "a change of more than a frame"
            assert server.query("ASK { <urn:s> <urn:q> ?z }").json()["boolean"] is True
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


class _Odd(BaseHTTPRequestHandler):
    """A service that does what its path says."""

    protocol_version = "HTTP/1.1"
    seen: list[str | None] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(self.headers["Authorization"])
        what = self.path.strip("/")
        if what == "silent":
            time.sleep(3)
            return
        if what == "cut":
            self.reply(200, b'{"head":', length=500)
            self.close_connection = True
        elif what == "redirect":
            self.reply(307, b"", Location="http://127.0.0.1:9/stolen")
        elif what == "refuse":
            self.reply(400, b"line 1: no such function at 'foo'")
        elif what == "basic" and not (self.headers["Authorization"] or "").startswith("Basic"):
            self.reply(401, b"", **{"WWW-Authenticate": 'Basic realm="x"'})
        else:
            self.reply(200, b"x" * 2000)

    def reply(self, status: int, body: bytes, length: int | None = None, **fields: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length or len(body)), **fields}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def read_whole(endpoint: Endpoint) -> None:
    answer = endpoint.ask("ASK {}", "*/*")
    while answer.read(4096):
        pass


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("cut", StoreUnavailable, "before its answer was whole"),
        ("silent", StoreUnavailable, "did not answer in time"),
        ("redirect", StoreUnavailable, "redirects (307)"),
        ("refuse", QueryFailed, "no such function at 'foo'"),
        ("large", ResultTooLarge, "larger than any may be"),
    ],
)
def test_a_service_that_misbehaves(odd: str, path: str, kind: type[Exception], words: str) -> None:
    endpoint = Endpoint(Access(f"{odd}{path}", user="me", password="it"), seconds=0.5, cap=1000)
    with pytest.raises(kind) as raised:
        read_whole(endpoint)
    endpoint.close()
    assert words in str(raised.value)


def test_credentials_wait_for_a_challenge(odd: str) -> None:
    _Odd.seen.clear()
    endpoint = Endpoint(Access(f"{odd}basic", user="me", password="it"), seconds=5, cap=1 << 20)
    for _ in range(2):
        read_whole(endpoint)
    endpoint.close()
    assert _Odd.seen == [None, "Basic bWU6aXQ=", "Basic bWU6aXQ="]


def test_a_store_that_never_answers_meets_our_deadline(tmp_path: Path) -> None:
    """The service says what it holds, and then says nothing more."""
    meta = {"digest": "0" * 64, "origin": "0" * 64, "print": "", "merged": True, "counts": {"": 1}}
    row = {"v": {"type": "literal", "value": json.dumps(meta)}}
    first = json.dumps({"head": {"vars": ["v"]}, "results": {"bindings": [row]}}).encode()

    class Mute(_Odd):
        asked = 0

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            Mute.asked += 1
            if Mute.asked == 1:
                self.reply(200, first, **{"Content-Type": "application/sparql-results+json"})
            else:
                ended.wait(20)
                self.close_connection = True

    ended = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mute)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with serving(INVENTED, "--store", f"http://127.0.0.1:{server.server_port}/sparql",
                     "--timeout", 1, "--workers", 2) as address:  # fmt: skip
            client = Client(address)
            began = time.monotonic()
            reply = client.query(COUNT)
            assert reply.status == 504 and reply.json()["type"].endswith("deadline")
            assert time.monotonic() - began < 4
            health = client.get("/health").json()
            assert any("go on working" in note for note in health["notes"])
            assert health["folder_digest"] != health["digest"]
            client.close()
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_export_beside_a_server_that_has_the_store_open(tmp_path: Path) -> None:
    store = tmp_path / "disk"
    with serving(INVENTED, "--store", store):
        assert kg("export", INVENTED, "--store", store) == kg("export", INVENTED)
        name = "example/claims-per-question"
        table = ("--format", "csv")
        assert kg("query", name, INVENTED, "--store", store, *table) == kg(
            "query", name, INVENTED, *table
        )


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"KG_STORE_USER": "me"}, "KG_STORE_PASSWORD"),
        ({"KG_STORE_TOKEN": "a", "KG_STORE_USER": "b", "KG_STORE_PASSWORD": "c"}, "both"),
        ({"KG_STORE_TOKEN": "a\nb"}, "header"),
        ({"KG_STORE_UPDATE": "ftp://x"}, "no address"),
    ],
)
def test_credentials_that_make_no_sense(environ: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Access.from_environment("http://127.0.0.1/sparql", environ)


def test_credentials_over_plain_http_are_noted_and_never_shown() -> None:
    environ = {"KG_STORE_USER": "me", "KG_STORE_PASSWORD": "open-sesame"}
    assert Access.from_environment("http://example.org/sparql", environ).exposed
    assert not Access.from_environment("https://example.org/sparql", environ).exposed
    assert not Access.from_environment("http://127.0.0.1:1/sparql", environ).exposed
    assert "sesame" not in repr(Access.from_environment("http://example.org/sparql", environ))
    assert os.environ.get("KG_STORE_PASSWORD") is None
