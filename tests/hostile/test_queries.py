"""Texts that would take an engine down: each is refused or stopped, and nobody else notices."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hostile.victim import Victim, ended, get, wait

PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
RUNAWAY = f"SELECT (COUNT(*) AS ?n) WHERE {{ {PRODUCT} }}"
SORTED = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a"
DOUBLING = (
    'SELECT ?z WHERE { BIND("0123456789abcdef" AS ?x0) '
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
    + " BIND(STRLEN(?x40) AS ?z) }"
)

REFUSED = {
    "groups": "ASK " + "{" * 3000 + "}" * 3000,
    "brackets": "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "optionals": "ASK { " + "OPTIONAL { " * 3000 + "}" * 3000 + " }",
    "minuses": "ASK { " + "MINUS { " * 3000 + "}" * 3000 + " }",
    "unions": "ASK { {}" + " UNION {}" * 5000 + " }",
    "nots": "ASK { FILTER(" + "!" * 8000 + "true) }",
    "sums": "ASK { FILTER(1" + "+1" * 20000 + " > 0) }",
    "ors": "ASK { FILTER(true" + "||true" * 8000 + ") }",
    "path alternatives": "ASK { ?s " + "|".join(["<a:p>"] * 5000) + " ?o }",
    "path sequence": "ASK { ?s " + "/".join(["<a:p>"] * 5000) + " ?o }",
    "path brackets": "ASK { ?s " + "(" * 4000 + "<a:p>" + ")" * 4000 + " ?o }",
    "patterns": "SELECT * WHERE { " + " . ".join(f"?s{i} ?p{i} ?o{i}" for i in range(600)) + " }",
    "replaces": "ASK { FILTER(" + "REPLACE(" * 40 + '"a"' + ', "a", "b")' * 40 + ' = "b") }',
    "length": "ASK { ?s ?p '" + "x" * 400_000 + "' }",
    "subqueries": "SELECT * WHERE { " + "{ SELECT * WHERE { " * 500 + "} }" * 500 + " }",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_text_beyond_the_limits_is_refused(attacked: Victim, name: str) -> None:
    before = attacked.metric('queries_total{outcome="lost"}')
    reply = attacked.ask(REFUSED[name])
    assert reply.status in (400, 413), reply
    assert attacked.metric('queries_total{outcome="lost"}') == before, "a worker died of it"


STOPPED = {
    "product": (RUNAWAY, {504}),
    "sorted product": (SORTED, {504, 507}),
    "distinct product": ("SELECT DISTINCT * WHERE { ?a ?b ?c . ?d ?e ?f }", {504, 507}),
    "grouped product": (
        "SELECT ?a (GROUP_CONCAT(?z) AS ?all) WHERE { ?a ?b ?c . ?d ?e ?f . "
        "BIND(CONCAT(STR(?c), STR(?f)) AS ?z) } GROUP BY ?a",
        {504, 507},
    ),
    "doubling": (DOUBLING, {504, 507}),
    "endless table": ("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {504, 507}),
    "endless graph": (
        "CONSTRUCT { ?a ?e ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        {504, 507},
    ),
    "paths": (
        "SELECT (COUNT(*) AS ?n) WHERE { ?a (!<a:p>|^!<a:p>)* ?b . ?c (!<a:p>)* ?d }",
        {504, 507},
    ),
    "exists": (f"ASK {{ FILTER NOT EXISTS {{ {PRODUCT} FILTER(?a = 1) }} }}", {504, 507}),
}


@pytest.mark.parametrize("name", STOPPED)
def test_what_never_ends_is_stopped(attacked: Victim, name: str) -> None:
    text, allowed = STOPPED[name]
    began = time.monotonic()
    reply = attacked.ask(text)
    took = time.monotonic() - began
    assert reply.status in allowed, reply
    assert took < 2 * 1.05 + 1, f"answered after {took:.2f} s"
    problem = reply.json()
    assert problem["status"] == reply.status
    assert problem["detail"]
    assert problem["request"]
    time.sleep(max(0.0, began + 3 - time.monotonic()))
    assert attacked.burning() < 0.3, "the processor is not free again"


def test_a_client_may_ask_for_less_time_but_not_for_more(attacked: Victim) -> None:
    began = time.monotonic()
    assert attacked.ask(RUNAWAY, seconds=0.5).status == 504
    assert time.monotonic() - began < 1.5
    began = time.monotonic()
    assert attacked.ask(RUNAWAY + " # more", seconds=600).status == 504
    assert 1.9 < time.monotonic() - began < 4
    for wrong in ("-1", "0", "nan", "inf", "soon"):
        client = attacked.client()
        assert client.get(f"/sparql?query=ASK%7B%7D&timeout={wrong}").status == 400
        client.close()


def test_nothing_dials_out(attacked: Victim) -> None:
    """A listener beside the server hears nothing, whatever the text says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        there = f"<http://127.0.0.1:{port}/x>"
        listener.settimeout(0.2)
        texts = {
            f"SELECT * WHERE {{ SERVICE {there} {{ ?s ?p ?o }} }}": {403},
            f"SELECT * WHERE {{ SERVICE SILENT {there} {{ ?s ?p ?o }} }}": {403},
            f"SELECT * WHERE {{ \\u0053ERVICE {there} {{ ?s ?p ?o }} }}": {403, 400},
            f"LOAD {there}": {403},
            f"SELECT * FROM {there} WHERE {{ ?s ?p ?o }}": {200},
            f"SELECT * WHERE {{ GRAPH {there} {{ ?s ?p ?o }} }}": {200},
            f"DESCRIBE {there}": {200},
        }
        for text, allowed in texts.items():
            assert attacked.ask(text).status in allowed, text
        with pytest.raises(TimeoutError):
            listener.accept()
    assert attacked.health()["isolation"]["reached_the_network"] in (False, None) or (
        attacked.health()["isolation"]["network"] == "guard"
    )


def test_a_worker_that_tries_reaches_nobody(attacked: Victim) -> None:
    wait(lambda: attacked.health()["isolation"]["reached_the_network"] is not None, 10)
    isolation = attacked.health()["isolation"]
    if isolation["network"] == "guard":
        pytest.skip("this kernel gives no network namespace to this user")
    assert isolation["reached_the_network"] is False


def test_sixty_four_copies_of_the_worst_leave_others_alone(attacked: Victim) -> None:
    """Others get an answer or a 503, never silence; and the copies all end."""
    with ThreadPoolExecutor(80) as pool:
        copies = [pool.submit(attacked.ask, f"{SORTED} # {i}", timeout=120) for i in range(64)]
        time.sleep(0.3)
        began = time.monotonic()
        others = [pool.submit(attacked.ask, f"ASK {{}} # {i}", timeout=60) for i in range(5)]
        for other in others:
            reply = other.result()
            assert reply.status in (200, 503), reply
            if reply.status == 503:
                assert int(reply.headers["Retry-After"]) > 0
        assert time.monotonic() - began < 20
        statuses = {copy.result().status for copy in copies}
    assert statuses <= {503, 504, 507}
    assert attacked.ask("ASK {}").status == 200


def test_the_same_question_at_the_same_time_is_evaluated_once(attacked: Victim) -> None:
    before = attacked.metric('queries_total{outcome="deadline"}')
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: attacked.ask(f"{RUNAWAY} # once"), range(16)))
    assert {reply.status for reply in replies} == {504}
    assert attacked.metric('queries_total{outcome="deadline"}') - before <= 2


def test_a_client_that_leaves_frees_its_worker(attacked: Victim) -> None:
    channels = []
    for number in range(2):
        channel = socket.create_connection(("127.0.0.1", attacked.port))
        channel.sendall(get(f"{RUNAWAY} # leaving {number}"))
        channels.append(channel)
    wait(lambda: attacked.health()["queries"]["running"] == 2, 2)
    for channel in channels:
        channel.close()
    began = time.monotonic()
    wait(lambda: attacked.health()["queries"]["running"] == 0, 1.5)
    assert attacked.ask("ASK {}").status == 200
    assert time.monotonic() - began < 1.9


def test_a_worker_that_dies_of_anything_is_replaced(attacked: Victim) -> None:
    """kill -9 from outside in the middle of a query: a clear error, and nobody else notices."""
    import os
    import signal

    for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT):
        got: list[object] = []
        asking = threading.Thread(
            target=lambda n=number, g=got: g.append(attacked.ask(f"{RUNAWAY} # {n}"))
        )
        asking.start()
        wait(lambda: attacked.health()["queries"]["running"] == 1, 2)
        for pid in attacked.processes()["workers"]:
            os.kill(pid, number)
        assert attacked.ask("ASK {}").status in (200, 503)
        asking.join(timeout=10)
        assert got[0].status in (503, 507)
        assert got[0].json()["detail"]
        attacked.whole()
        assert attacked.ask("ASK {}").status == 200


def test_an_answer_beyond_memory_comes_whole_or_not_at_all(attacked: Victim) -> None:
    """A large answer goes by a file: its length is announced and true, in every coding."""
    text = "SELECT ?a ?b ?c ?d WHERE { ?a ?b ?c . ?d a ?e } LIMIT 60000"
    bodies = set()
    for coding in ("identity", "gzip", "zstd"):
        client = attacked.client()
        reply = client.send(
            "POST",
            "/sparql",
            text,
            {"Content-Type": "application/sparql-query", "Accept": "text/csv",
             "Accept-Encoding": coding},
        )  # fmt: skip
        client.close()
        assert reply.status == 200
        assert int(reply.headers["Content-Length"]) == len(reply.body)
        body = reply.body
        if coding == "gzip":
            import gzip

            body = gzip.decompress(body)
        elif coding == "zstd":
            import zstandard

            body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
        assert reply.headers.get("Content-Encoding") == (None if coding == "identity" else coding)
        bodies.add(body)
    assert len(bodies) == 1
    assert next(iter(bodies)).count(b"\r\n") == 60001


def test_a_transfer_that_breaks_shows_as_broken(attacked: Victim) -> None:
    """A client that is cut off in the middle of a large answer has fewer bytes than were said."""
    text = "SELECT ?a ?b ?c ?d WHERE { ?a ?b ?c . ?d a ?e } LIMIT 100000"
    channel = socket.create_connection(("127.0.0.1", attacked.port))
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    channel.sendall(get(text))
    head = channel.recv(2000)
    assert b"content-length" in head.lower()
    channel.close()
    assert attacked.ask("ASK {}").status == 200
    assert ended  # the reader used by other tests
