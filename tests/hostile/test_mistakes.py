"""What nobody foresaw in a worker: the client hears of a fault, the operator hears which one."""

from __future__ import annotations

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


def test_a_mistake_is_500_and_its_traceback_is_for_the_operator(faulty: Victim) -> None:
    faulty.whole()
    workers = faulty.processes()["workers"]
    reply = faulty.ask("ASK { <urn:x> <urn:x> 'stumble' }")
    assert reply.status == 500
    told = reply.json()
    assert "stone" not in reply.text and "Traceback" not in reply.text
    name = told["request"]
    assert name in told["hint"] and name == reply.headers["X-Request-Id"]
    log = faulty.log.read_text()
    assert f"request {name} failed" in log
    assert "ValueError: a stone" in log and "in faulty" in log
    assert faulty.ask("ASK {}").status == 200
    assert faulty.processes()["workers"] == workers, "nobody had to die of it"


def test_a_panic_of_the_engine_is_told_and_costs_its_worker(faulty: Victim) -> None:
    faulty.whole()
    before = set(faulty.processes()["workers"])
    assert faulty.ask("ASK { <urn:x> <urn:x> 'panic' }").status == 500
    assert "Panic: poisoned" in faulty.log.read_text()
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
    assert "died of SIGKILL" in faulty.log.read_text()
    faulty.whole()


def test_a_worker_that_can_not_begin_says_why(tmp_path: Path) -> None:
    with victim(tmp_path, "--access-log", "none", fault=BROKEN, until="no such store") as server:
        assert "a worker can't begin" in server.log.read_text()
