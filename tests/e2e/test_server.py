"""``kg serve`` as a process, asked over HTTP; and a historian who adds a source."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "tests" / "invented"


@contextmanager
def serving(*arguments: object) -> Iterator[str]:
    """The address of a server on a free port of 127.0.0.1; stopped by SIGTERM in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", *map(str, arguments), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stderr
        line = process.stderr.readline()
        match = re.search(r"at (http://127\.0\.0\.1:\d+/)", line)
        assert match, line
        yield match.group(1)
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=30)[1]
        assert process.returncode == 0, rest


def fetch(url: str, accept: str = "*/*", data: bytes | None = None, **headers: str):
    request = urllib.request.Request(url, data=data, headers={"Accept": accept, **headers})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(INVENTED) as url:
        yield url


def test_pages_data_and_queries_over_http(address: str) -> None:
    status, headers, body = fetch(address, "text/html")
    assert status == 200
    assert "text/html" in headers["Content-Type"]
    assert address in body
    query = urllib.parse.quote("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    status, headers, body = fetch(f"{address}sparql?query={query}", "text/csv")
    assert status == 200
    assert int(body.split()[1]) > 1000
    assert headers["Content-Length"] == str(len(body))
    status, _, body = fetch(
        f"{address}sparql", data=b"ASK {}", **{"Content-Type": "application/sparql-query"}
    )
    assert json.loads(body)["boolean"] is True
    status, headers, body = fetch(f"{address}id/claim/quillfeather-2001/1", "text/turtle")
    assert status == 200, "the 303 leads to the data"
    assert "con:answers" in body
    assert fetch(f"{address}health")[0] == 200
    assert fetch(f"{address}id/absent")[0] == 404
    status, headers, body = fetch(f"{address}sparql?query=nonsense")
    assert status == 400
    assert headers["Content-Type"] == "application/problem+json"
    assert fetch(f"{address}static/style.css")[0] == 200


def test_base_iri_over_http() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", str(INVENTED), "--port", "0", "--base-iri",
         "https://kg.example.org/contested"],
        stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        line = process.stderr.readline()
        assert "https://kg.example.org/contested/" in line
        port = re.search(r"127\.0\.0\.1:(\d+)", line).group(1)
        local = f"http://127.0.0.1:{port}/"
        page = fetch(local, "text/html")[2]
        assert "https://kg.example.org/contested/list/questions" in page
        assert local not in page
        description = fetch(f"{local}sparql", "text/turtle")[2]
        assert "https://kg.example.org/contested/sparql" in description
        data = fetch(f"{local}data/claim/quillfeather-2001/1.nt")[2]
        assert "https://example.org/invented/id/claim/quillfeather-2001/1" in data
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


CLAIM = """\
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix comparator: <https://w3id.org/contested/vocab/comparator/> .
@prefix con: <https://w3id.org/contested/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://example.org/invented/id/> .
@prefix mine: <https://example.org/invented/id/claim/heron-2020/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix review: <https://w3id.org/contested/vocab/review/> .
@prefix stance: <https://w3id.org/contested/vocab/stance/> .

mine:1 a con:Claim ;
    con:answers <{question}> ; con:point 7777 ; con:comparator comparator:about ;
    con:statedIn id:heron-2020 ; con:page "3" ; con:wording "some 7,777"@en ;
    con:stance stance:endorses ;
    con:reviewStatus review:read .

id:heron-2020 a bibo:Book ;
    rdfs:label "Heron 2020"@en ;
    dcterms:title "The Reed War once more"@en .
"""


def test_a_historian_adds_a_source(a_copy: Callable[..., Path], tmp_path: Path) -> None:
    """One folder with one claim written by hand: no code changes, and it is everywhere."""
    folder = a_copy()
    question = "https://example.org/invented/id/question/battle-of-tushkel--killed--soldiers"
    source = folder / "data/sources/heron-2020"
    source.mkdir()
    (source / "claims.ttl").write_text(CLAIM.format(question=question), encoding="utf-8")

    def kg(*arguments: object) -> str:
        return subprocess.run(
            [sys.executable, "-m", "kg", *map(str, arguments)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    assert kg("check", folder) == ""
    assert "heron-2020" in kg("stats", folder)
    query = ROOT / "queries/figures/for-one-question.rq"
    name = "figures/for-one-question"
    (folder / "queries/figures").mkdir(parents=True, exist_ok=True)
    (folder / f"queries/{name}.rq").write_text(query.read_text(encoding="utf-8"), encoding="utf-8")
    assert "7777" in kg("query", name, folder, "--format", "csv", "-p", f"question={question}")
    assert "7777" in kg("export", folder, "--source", "heron-2020", "--format", "turtle")
    with serving(folder) as url:
        page = fetch(f"{url}page/question/battle-of-tushkel--killed--soldiers", "text/html")[2]
        assert "about 7,777" in page
        assert "Heron 2020" in page
        assert fetch(f"{url}id/claim/heron-2020/1", "text/turtle")[0] == 200
