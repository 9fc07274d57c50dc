"""What nobody foresaw in a worker: the client hears of a fault, the operator hears which one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hostile.victim import Victim, victim, wait

FAULT = """
from kg.engine.worker import Desk

class Panic(BaseException):
    pass

query = Desk._query
def faulty(desk, frame, spool):
    if b"stumble" in frame.body:
        raise ValueError("a stone\\n{\\"status\\": 200}")
    if b"panic" in frame.body:
        raise Panic("poisoned")
    return query(desk, frame, spool)
Desk._query = faulty
"""
BROKEN = """
from kg.engine.worker import Desk

def broken(desk, holdings, bounds):
    raise OSError("no such store")
Desk.__init__ = broken
"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    folder = tmp_path_factory.mktemp("faulty")
    with victim(folder, "--workers", 2, "--access-log", "none", fault=FAULT) as server:
        yield server


def heard(server: Victim, words: str) -> str:
    """The log, once it has these words."""
    wait(lambda: words in server.log.read_text(), 10)
    return server.log.read_text()


def test_a_mistake_is_500_and_its_traceback_is_for_the_operator(faulty: Victim) -> None:
    faulty.whole()
    workers = faulty.processes()["workers"]
    reply = faulty.ask("ASK { <urn:x> <urn:x> 'stumble' }")
    assert reply.status == 500
    told = reply.json()
    assert "stone" not in reply.text and "Traceback" not in reply.text
    name = told["request"]
    assert name in told["hint"] and name == reply.headers["X-Request-Id"]
    log = heard(faulty, f"request {name} failed")
    assert reply.headers["Access-Control-Allow-Origin"] == "*", "any web page may read it"
    assert "ValueError: a stone" in log and "in faulty" in log
    assert faulty.ask("ASK {}").status == 200
    assert faulty.processes()["workers"] == workers, "nobody had to die of it"


def test_no_traceback_forges_a_line_of_the_access_log(faulty: Victim) -> None:
    reply = faulty.ask("ASK { 'stumble' ?p ?o }")
    for line in heard(faulty, f"request {reply.json()['request']} failed").splitlines():
        assert not line.startswith("{") or "request" in json.loads(line), line


def test_a_panic_of_the_engine_is_told_and_costs_its_worker(faulty: Victim) -> None:
    faulty.whole()
    before = set(faulty.processes()["workers"])
    assert faulty.ask("ASK { <urn:x> <urn:x> 'panic' }").status == 500
    heard(faulty, "Panic: poisoned")
    faulty.whole()
    assert len(before & set(faulty.processes()["workers"])) == 1


def test_the_operator_hears_that_a_worker_was_killed(faulty: Victim) -> None:
    faulty.whole()
    slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(faulty.ask, slow)
        wait(lambda: faulty.health()["queries"]["running"] == 1, 5)
        while not asked.done():  # whichever of the two has it
            faulty.kill("workers")
        assert asked.result().status == 503
    heard(faulty, "died of SIGKILL")
    faulty.whole()


def test_a_worker_that_can_not_begin_says_why(tmp_path: Path) -> None:
    with victim(tmp_path, "--access-log", "none", fault=BROKEN, until="no such store") as server:
        assert "a worker can't begin" in server.log.read_text()
