"""The bench itself: its data, its templates, its comparison and its driver."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

from bench.compare import canonical
from bench.driver import STAMP, Job, drive
from bench.generate import Made, generate
from bench.table import Cell, Line
from bench.templates import TEMPLATES, Template
from kg.checking import check
from kg.dataset import load
from kg.engine import guard

ROOT = Path(__file__).resolve().parents[2]
# The first bytes that this generator wrote; a change of the data is a change of what is compared
# with results of the past, and is made on purpose.
DIGEST = "1fa0d33ed1c7e50840561bfe205a205b411a542efd8f7b66b988148d67620e6d"


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in paths}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    folder = tmp_path_factory.mktemp("world")
    return folder, generate(folder, 2000)


def test_same_seed_same_bytes(world: tuple[Path, Made], tmp_path: Path) -> None:
    """In another process, whose hashes are salted in another way."""
    folder, made = world
    command = [sys.executable, str(ROOT / "bench" / "generate.py"), str(tmp_path)]
    subprocess.run(
        [*command, "--triples", "2000"],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "17"},
    )
    assert _files(tmp_path) == _files(folder)
    assert made.triples >= 2000
    assert hashlib.sha256((folder / "merged.nt").read_bytes()).hexdigest() == DIGEST


def test_another_seed_other_bytes(world: tuple[Path, Made], tmp_path: Path) -> None:
    generate(tmp_path, 2000, seed=2)
    assert (tmp_path / "merged.nt").read_bytes() != (world[0] / "merged.nt").read_bytes()


def test_the_flat_file_is_the_merge_of_the_graphs(world: tuple[Path, Made]) -> None:
    folder, made = world
    lines = (folder / "merged.nt").read_text(encoding="utf-8").splitlines()
    flat = {q.triple for q in ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)}
    authored = list(load(folder / "dataset").authored())
    assert len(lines) == len(flat) == made.triples
    assert flat == {quad.triple for quad in authored}
    assert len(authored) > len(flat), "no triple stands in two graphs: the merge is not tested"


def test_the_data_has_no_findings(world: tuple[Path, Made]) -> None:
    """Nothing is wrong with it; what a small world leaves unused is worth a warning only."""
    found = check(load(world[0] / "dataset"))
    rules = {finding.rule for finding in found if finding.severity != "info"}
    assert rules <= {"entities-nobody-refers-to", "questions-without-answers"}


def test_the_data_disagree(world: tuple[Path, Made]) -> None:
    store = ox.Store()
    store.load(path=str(world[0] / "merged.nt"), format=ox.RdfFormat.N_TRIPLES)
    found = store.query("""PREFIX con: <https://w3id.org/contested/ontology#>
        ASK { ?a con:answers ?q ; con:statedIn ?one ; con:point ?x .
              ?b con:answers ?q ; con:statedIn ?other ; con:point ?y .
              FILTER(?one != ?other && ?x < ?y) }""")
    assert bool(found)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_templates_are_answered(template: Template, world: tuple[Path, Made]) -> None:
    """Each text is different, passes the guard, and some have rows."""
    folder, made = world
    texts = template.queries(made)
    assert len(set(texts)) == len(texts) >= min(3, made.sources)
    store = ox.Store()
    store.load(path=str(folder / "merged.nt"), format=ox.RdfFormat.N_TRIPLES)
    rows = 0
    for text in texts:
        guard.admit(text)
        rows += len(list(store.query(text)))
    assert rows > 0


def _answer(*rows: dict[str, object]) -> bytes:
    return json.dumps({"head": {}, "results": {"bindings": list(rows)}}).encode()


def test_rows_are_compared_as_a_multiset() -> None:
    one = {"x": {"type": "uri", "value": "urn:a"}}
    two = {"x": {"type": "literal", "value": "a", "xml:lang": "EN"}}
    same = {"x": {"type": "literal", "value": "a", "xml:lang": "en"}}
    other = {"x": {"type": "literal", "value": "a"}}
    assert canonical(_answer(one, two), graph=False) == canonical(_answer(same, one), graph=False)
    assert canonical(_answer(one), graph=False) != canonical(_answer(one, one), graph=False)
    assert canonical(_answer(two), graph=False) != canonical(_answer(other), graph=False)


class _Scripted:
    """A server that sends each connection's requests the given pieces, then goes on or closes."""

    def __init__(self, *pieces: bytes, close: bool = False) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.pieces, self.close = pieces, close
        self.seen: list[bytes] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The driver hangs up when its time is over, in the middle of an answer too.
        with connection, suppress(ConnectionResetError):
            while request := connection.recv(4096):
                self.seen.append(request)
                try:
                    for piece in self.pieces:
                        connection.sendall(piece)
                except OSError:
                    return
                if self.close:
                    return


CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"
)
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("answer", [CHUNKED, SIZED], ids=["chunked", "sized"])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_the_driver_knows_where_an_answer_ends(answer: bytes, size: int) -> None:
    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
    server = _Scripted(*pieces)
    outcome = drive(Job("127.0.0.1", server.port, [REQUEST], 2, seconds=0.1, least=5))
    server.listener.close()
    assert outcome.statuses == {200: outcome.answers}
    assert outcome.answers >= 5
    assert outcome.broken == 0
    assert outcome.received >= outcome.answers * len(answer)


@pytest.mark.parametrize("answer", [SIZED[:-1], CHUNKED[:-3], CHUNKED[:20]])
def test_the_driver_counts_what_is_cut_short(answer: bytes) -> None:
    server = _Scripted(answer, close=True)
    outcome = drive(Job("127.0.0.1", server.port, [REQUEST], 1, seconds=0.1))
    server.listener.close()
    assert outcome.answers == 0
    assert outcome.broken > 0


def test_the_driver_counts_other_statuses_and_waits_for_silence_no_longer_than_asked() -> None:
    server = _Scripted(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
    outcome = drive(Job("127.0.0.1", server.port, [REQUEST], 1, seconds=0.05))
    server.listener.close()
    assert set(outcome.statuses) == {503}
    silent = _Scripted()
    outcome = drive(Job("127.0.0.1", silent.port, [REQUEST], 1, 0.05, least=3, patience=0.2))
    silent.listener.close()
    assert outcome.answers == 0


def test_stamped_requests_are_never_the_same() -> None:
    server = _Scripted(SIZED)
    request = REQUEST.replace(b"/ ", b"/?" + STAMP + b" ")
    drive(Job("127.0.0.1", server.port, [request], 1, seconds=0.1, least=5, first=7))
    server.listener.close()
    assert server.seen[0] == request.replace(STAMP, b"00000007")
    assert len(set(server.seen)) == len(server.seen) >= 5


def test_ratios_are_taken_within_a_round_and_judged() -> None:
    server = _Scripted(SIZED)
    run = drive(Job("127.0.0.1", server.port, [REQUEST], 1, seconds=0.05, least=5))
    server.listener.close()
    half = type(run)(run.elapsed * 2, 0.0, 0, 0, run.statuses, run.latencies)
    base, mine = Cell([run, half]), Cell([half, half])
    assert mine.against(base) == pytest.approx([0.5, 1.0])
    line = Line.of("x", "1", "ours", mine, base, 0.9)
    assert line.ratio == "0.75 (0.50 to 1.00)"
    assert line.goal.endswith("**missed**")
