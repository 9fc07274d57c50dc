"""``kg serve --store URL`` over Virtuoso, a store that we did not build."""

from __future__ import annotations

import contextlib
import csv
import io
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import TOKEN, Client, serving

pytestmark = [pytest.mark.virtuoso, pytest.mark.xdist_group("virtuoso")]
ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "tests" / "invented"
GRAPH = "https://example.org/invented/graph/"
INI = """\
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
"""
GRANTS = (
    "DB.DBA.USER_CREATE('kg', 'kg-secret'); "
    'GRANT SPARQL_UPDATE TO "kg"; GRANT SPARQL_SELECT TO "kg";'
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def virtuoso(folder: Path, rows: int = 100_000) -> Iterator[str]:
    folder.mkdir(parents=True)
    sql, http = free_port(), free_port()
    (folder / "v.ini").write_text(INI.format(sql=sql, http=http, rows=rows))
    process = subprocess.Popen(
        ["virtuoso-t", "-f", "-c", "v.ini"], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", http), 1):
                break
            assert process.poll() is None, (folder / "v.log").read_text()
            time.sleep(0.1)
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={GRANTS}"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        yield f"http://127.0.0.1:{http}/sparql"
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def kg(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with virtuoso(tmp_path_factory.mktemp("v") / "db") as address:
        yield address


@pytest.fixture(scope="module")
def server(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    token = tmp_path_factory.mktemp("t") / "token"
    token.write_text(TOKEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_STORE_USER", "kg")
        patch.setenv("KG_STORE_PASSWORD", "kg-secret")
        with serving(INVENTED, "--store", store, "--update-token-file", token) as address:
            client = Client(address, TOKEN)
            yield client
            client.close()


@pytest.fixture(scope="module")
def memory() -> Iterator[Client]:
    with serving(INVENTED) as address:
        client = Client(address)
        yield client
        client.close()


# Queries that Virtuoso 7.2.5 does not answer as our engine does, with what was seen of each.
DIFFER: dict[str, str] = {
    "checks/sums-that-do-not-add-up.rq": "its compiler fails (SQ156)",
    "disagreement/effect-of-policies.rq": "its compiler fails (SQ074)",
    "disagreement/effect-of-sides.rq": "its compiler fails (SQ074)",
    "disagreement/kinds.rq": "one row of 26",
    "figures/growth-in-order.rq": "the first step is numbered 2",
    "figures/lowest-and-highest.rq": "its compiler fails (SQ156)",
    "figures/side-by-side.rq": "GROUP_CONCAT of nothing is a comma",
    "places/names.rq": "one row of three",
    "places/what-happened.rq": "its compiler fails (SQ156)",
}
# This one ends the process of Virtuoso 7.2.5, so it is not asked.
CRASHES = {"dangling-short-forms.rq"}
QUERIES = sorted(
    str(path.relative_to(folder)) + "\0" + str(folder)
    for folder in (ROOT / "queries", INVENTED / "queries")
    for path in folder.rglob("*.rq")
    if path.name not in CRASHES
)


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of a CSV, sorted; numbers by their value."""

    def value(cell: str) -> str:
        cell = {"true": "1", "false": "0"}.get(cell, cell)  # Virtuoso has no booleans
        try:
            return repr(float(cell))
        except ValueError:
            return cell

    return sorted(tuple(map(value, row)) for row in csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("where", QUERIES, ids=lambda where: where.partition("\0")[0])
def test_a_shipped_query_has_the_same_rows(where: str, server: Client, memory: Client) -> None:
    name, _, folder = where.partition("\0")
    text = (Path(folder) / name).read_text(encoding="utf-8")
    ours, known = (client.query(text, "text/csv") for client in (server, memory))
    same = ours.status == known.status == 200 and rows(ours.text) == rows(known.text)
    assert same == (name not in DIFFER), f"{ours}\n{known}"


def test_an_update_reaches_it_and_can_be_taken_back(server: Client) -> None:
    added = f'{{ GRAPH <{GRAPH}entities> {{ <urn:a> <urn:b> "c" , "\\\\u0041 Ağdam"@az }} }}'
    assert server.update(f"INSERT DATA {added}").json()["changed"]
    assert server.query("SELECT * { <urn:a> ?p ?o }", "text/csv").text.count("urn:b") == 2
    hidden = f"SELECT * {{ GRAPH <{GRAPH}store> {{ ?s ?p ?o }} }}"
    assert server.query(hidden, "text/csv").text.split() == ["s,p,o"]
    assert server.update(f"DELETE DATA {added}").json()["changed"]
    assert server.query("ASK { <urn:a> ?p ?o }").json()["boolean"] is False


def test_the_export_is_that_of_the_folder(server: Client, store: str) -> None:
    kept = kg("export", INVENTED, "--store", store, "--format", "nquads")
    assert kept == kg("export", INVENTED, "--format", "nquads")


def test_an_answer_that_virtuoso_cuts_short_is_an_error(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, virtuoso(tmp_path / "db", rows=500) as store:
        patch.setenv("KG_STORE_USER", "kg")
        patch.setenv("KG_STORE_PASSWORD", "kg-secret")
        with serving(INVENTED, "--store", store) as address:
            client = Client(address)
            reply = client.query("SELECT * WHERE { ?s ?p ?o }")
            assert reply.status == 507, reply
            assert client.query("SELECT * WHERE { ?s ?p ?o } LIMIT 20").status == 200
            client.close()
        done = subprocess.run(
            [sys.executable, "-m", "kg", "export", str(INVENTED), "--store", store],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2 and "ResultSetMaxRows" in done.stderr, done
