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
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from live import TOKEN, Client, serving

from kg import formats
from kg.ask import ask, find
from kg.checking import check
from kg.dataset import Dataset
from kg.engine import Engine, Request
from kg.engine.endpoint import Access, Endpoint
from kg.engine.stored import stored
from kg.errors import QueryFailed, ResultTooLarge, SettingsError, StoreUnavailable
from kg.exports import export_dataset

pytestmark = pytest.mark.xdist_group("remote")
ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "tests" / "invented"
GRAPH = "https://example.org/invented/graph/"
NQUADS = next(f for f in formats.GRAPHS if f.name == "nquads")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"


def kg(*arguments: object) -> str:
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


class Far:
    """A second server of ours, which keeps a journal; it stops and starts again at its address."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        self.dataset = empty(folder / "dataset")
        self.token = folder / "token"
        self.token.write_text(TOKEN)
        self.journal = folder / "journal"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve", str(self.dataset), "--port", str(self.port),
             "--journal", str(self.journal), "--default-graph", "exact", "--no-validate",
             "--update-token-file", str(self.token), "--workers", "2", "--access-log", "none"],
            cwd=ROOT, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        client = Client(self.address)
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                if client.get("/health").status == 200:
                    break
            assert self.process.poll() is None and time.monotonic() < end, "it did not start"
            time.sleep(0.05)
        client.close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process = None

    @contextlib.contextmanager
    def front(self, folder: Path, *more: object) -> Iterator[Client]:
        """``kg serve`` over what is there, for the dataset in `folder`."""
        options = ["--update-token-file", self.token, "--workers", 2]
        with serving(folder, "--store", f"{self.address}sparql", *options, *more) as address:
            client = Client(address, TOKEN)
            yield client
            client.close()


def empty(folder: Path) -> Path:
    for name in ("ontology", "data", "queries"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    server = Far(tmp_path_factory.mktemp("far"))
    server.start()
    yield server
    server.stop()


def test_a_life_behind_another_server(
    far: Far,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    invented: Dataset,
    invented_engine: Engine,
) -> None:
    """Filled once, asked, changed, taken out, changed behind its back, filled anew."""
    monkeypatch.setenv("KG_STORE_TOKEN", TOKEN)
    folder = tmp_path / "mine"
    for name in ("ontology", "data", "queries"):
        shutil.copytree(INVENTED / name, folder / name)
    with closing(Client(far.address, TOKEN)) as behind:
        with far.front(folder) as server:
            table = next(f for f in formats.RESULTS if f.name == "json")
            for query in (COUNT, GRAPHS, f"ASK {{ GRAPH <{GRAPH}store> {{ ?s ?p ?o }} }}"):
                reply = server.query(query, table.media_type)
                known = invented_engine.answer(Request(query, results=table))
                assert reply.status == 200 and reply.body == known.body, query
            derived = f"{{ GRAPH <{GRAPH}derived/lines> {{ ?s ?p ?o }} }}"
            found = server.query(f"SELECT (COUNT(*) AS ?n) WHERE {derived}", "text/csv")
            assert int(found.text.split()[1]) > 0
            inside = f"ASK {{ {derived[1:-1]} FILTER NOT EXISTS {{ ?s ?p ?o }} }}"
            assert server.query(inside).json()["boolean"] is True, "not in the default graph"
            page = server.get("/id/claim/quillfeather-2001/1", "text/html")
            assert page.status == 303
            assert server.get(server.target(page.headers["Location"]), "text/html").status == 200
            kept = f"{far.address}sparql"
            whole = export_dataset(invented, NQUADS)
            assert kg("export", folder, "--store", kept, "--format", "nquads").encode() == whole
            held = stored(folder, kept)
            for source in ("trostnikov-1998", "quillfeather-2001"):
                there = export_dataset(held, NQUADS, source=source)
                assert there == export_dataset(invented, NQUADS, source=source)
            assert [f for f in check(held) if f.severity != "info"] == []
            assert server.query("SELEKT").status == 400
            assert server.query("SELECT * { ?s ?p ?o", None).json()["line"] == 1

            text = 'an odd \\\\u0041 "string"'.replace('"', '\\"')
            added = f'{{ GRAPH <{GRAPH}entities> {{ <urn:a> <urn:b> "{text}" }} }}'
            reply = server.update(f"INSERT DATA {added}")
            assert reply.status == 200 and reply.json()["changed"], reply
            assert server.query("SELECT ?o { <urn:a> <urn:b> ?o }").text.count("u0041") == 1
            assert behind.query(f"ASK {added}").json()["boolean"] is True
            assert (
                server.update(
                    f"INSERT DATA {{ GRAPH <{GRAPH}store> {{ <urn:a> <urn:b> 1 }} }}"
                ).status
                >= 400
            )
            digest = server.get("/health").json()["digest"]

        (folder / "data/entities/more.ttl").write_text('<urn:x> <urn:y> "z" .\n')
        with far.front(folder) as server:
            health = server.get("/health").json()
            assert health["digest"] == digest, "what was written is still there"
            assert health["folder_digest"] != digest and "--reload" in health["notes"][0]
            assert server.query("ASK { <urn:x> ?p ?o }").json()["boolean"] is False
            # Somebody else's server has changed the store: ours sees it when it writes.
            moved = (
                f"WITH <{GRAPH}store> DELETE {{ ?s ?p ?v }} INSERT {{ ?s ?p ?w }} WHERE "
                f'{{ ?s ?p ?v BIND (REPLACE(?v, "{digest}", "{"0" * 64}") AS ?w) }}'
            )
            assert behind.update(moved).status == 200
            refused = server.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 2 } }")
            assert refused.status == 503 and "meanwhile" in refused.json()["detail"]
            assert server.get("/health").json()["digest"] == "0" * 64
            again = server.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 2 } }")
            assert again.status == 200 and again.json()["changed"]
            assert (
                '<urn:s> <urn:p> "2"'
                in server.get("/graph-store?graph=urn:g", "application/n-triples").text
            )

        with far.front(folder, "--reload") as server:
            assert server.query("ASK { <urn:x> ?p ?o }").json()["boolean"] is True
            assert server.query("ASK { GRAPH ?g { <urn:s> ?p ?o } }").json()["boolean"] is False
            assert "folder_digest" not in server.get("/health").json()


def test_a_store_that_dies_and_comes_back(
    far: Far, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_STORE_TOKEN", TOKEN)
    one = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    with far.front(empty(tmp_path / "dataset")) as server:
        assert server.query("SELECT * { ?a ?b ?c }").status == 200
        far.stop()
        reply = server.query("SELECT * { ?a ?b ?d }")
        assert reply.status == 503 and reply.headers["Retry-After"] == "5"
        assert reply.json()["type"].endswith("store-unavailable")
        assert "127.0.0.1" not in reply.text, "whoever asks does not learn where the store is"
        assert server.update(one).status == 503
        far.start()
        assert server.query("SELECT * { ?a ?b ?e }").status == 200
        assert server.update(one).status == 200
        text = "INSERT DATA { GRAPH <urn:g> { " + "".join(
            f'<urn:s> <urn:q> "{n:060}" .\n' for n in range(6000)
        )
        big = server.update(text + "} }")
        assert big.status == 200 and big.json()["changed"], "a change of more than a frame"
        assert server.query("ASK { <urn:s> <urn:q> ?z }").json()["boolean"] is True


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


def test_verbs_beside_a_server_that_has_the_store_open(tmp_path: Path, invented: Dataset) -> None:
    store = tmp_path / "disk"
    name = "example/claims-per-question"
    with serving(INVENTED, "--store", store, "--workers", 2):
        written = kg("export", INVENTED, "--store", store, "--format", "nquads").encode()
        table = kg("query", name, INVENTED, "--store", store, "--format", "csv").encode()
    assert written == export_dataset(invented, NQUADS)
    expected = ask(invented, find(name, invented, {}, sys.stdin), "csv")
    assert table.splitlines() == expected.splitlines()  # subprocess translates line ends


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
