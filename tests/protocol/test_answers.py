"""What comes back: formats, negotiation, validators, CORS, HEAD and OPTIONS."""

from __future__ import annotations

import csv
import gzip
import http.client
import io
import json
import socket
import threading
import time
import xml.etree.ElementTree as ET
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
import zstandard
from live import QUERY, Client, Reply

SELECT = (
    "PREFIX : <https://example.org/> SELECT ?who { GRAPH ?g { ?who :lives :lake } } ORDER BY ?who"
)
ASK = "ASK { GRAPH ?g { ?s ?p ?o } }"
CONSTRUCT = (
    "PREFIX : <https://example.org/> CONSTRUCT { ?s :in ?g } WHERE { GRAPH ?g { ?s ?p ?o } }"
)
DESCRIBE = "DESCRIBE <https://example.org/ferry>"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
HERON = "https://example.org/heron"


def asking(text: str, **more: object) -> str:
    return "/sparql?" + urlencode({"query": text, **more}, doseq=True)


def test_a_table_in_each_format(server: Client) -> None:
    found = server.get(asking(SELECT), JSON).json()
    assert found["head"]["vars"] == ["who"]
    assert found["results"]["bindings"][0]["who"] == {"type": "uri", "value": HERON}
    root = ET.fromstring(server.get(asking(SELECT), XML).body)
    assert root.tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    assert next(e.text for e in root.iter("{http://www.w3.org/2005/sparql-results#}uri")) == HERON
    rows = list(csv.reader(io.StringIO(server.get(asking(SELECT), CSV).text, newline="")))
    assert rows[:2] == [["who"], [HERON]]
    assert server.get(asking(SELECT), CSV).body.count(b"\r\n") == len(rows)
    lines = server.get(asking(SELECT), TSV).text.splitlines()
    assert lines[:2] == ["?who", f"<{HERON}>"]


@pytest.mark.parametrize(
    "media",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "application/n-quads",
    ],
)
def test_a_graph_in_each_format(server: Client, media: str) -> None:
    reply = server.get(asking(CONSTRUCT), media)
    assert reply.status == 200
    assert reply.media_type == media
    form = ox.RdfFormat.from_media_type(media)
    triples = {q.triple for q in ox.parse(reply.body, format=form)}
    plain = server.get(asking(CONSTRUCT), "application/n-triples").body
    assert len(triples) == 3
    assert triples == {q.triple for q in ox.parse(plain, format=ox.RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize(
    ("text", "accept", "media"),
    [
        (SELECT, None, JSON),
        (SELECT, "*/*", JSON),
        (SELECT, "", JSON),
        (SELECT, f"{XML}, {JSON};q=0.9", XML),
        (SELECT, f"{JSON};q=0.2, {CSV};q=0.3", CSV),
        (SELECT, f"text/*;q=0.5, {TSV}", TSV),
        (SELECT, "image/*, text/csv;q=0.1", CSV),
        (
            CONSTRUCT,
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"',
            "application/ld+json",
        ),
        (SELECT, f"{JSON};q=0, */*;q=0.1", "application/json"),
        (SELECT, f"text/turtle, {CSV};q=0.1", CSV),
        (SELECT, "TEXT/CSV", CSV),
        (SELECT, "text/csv; charset=utf-8", CSV),
        (SELECT, "application/json", "application/json"),
        (SELECT, "application/xml;q=0.9, image/png", "application/xml"),
        (SELECT, "text/html;q=0.1, text/csv", CSV),
        (ASK, None, JSON),
        (ASK, XML, XML),
        (CONSTRUCT, None, "text/turtle"),
        (CONSTRUCT, "application/n-triples, text/turtle;q=0.5", "application/n-triples"),
        (DESCRIBE, "application/ld+json", "application/ld+json"),
    ],
)
def test_negotiation_as_rfc_9110_says(
    server: Client, text: str, accept: str | None, media: str
) -> None:
    reply = server.get(asking(text), accept)
    assert reply.status == 200
    assert reply.media_type == media
    assert "accept" in reply.headers["Vary"].lower()


@pytest.mark.parametrize(
    ("text", "accept"),
    [
        (SELECT, "image/png"),
        (SELECT, "text/turtle"),
        (CONSTRUCT, JSON),
        (SELECT, f"{JSON};q=0"),
        (ASK, "text/turtle;q=0.5"),
    ],
)
def test_nothing_acceptable_is_406_with_a_list(server: Client, text: str, accept: str) -> None:
    reply = server.get(asking(text), accept)
    assert reply.status == 406
    wanted = "text/turtle" if text == CONSTRUCT else CSV
    assert wanted in reply.text


@pytest.mark.parametrize(
    ("name", "media"), [("csv", CSV), ("xml", XML), ("tsv", TSV), ("json", JSON)]
)
def test_format_is_a_convenience_that_beats_accept(server: Client, name: str, media: str) -> None:
    assert server.get(asking(SELECT, format=name), "application/json").media_type == media
    assert server.get(asking(SELECT, format="yaml")).status == 400


@pytest.mark.parametrize(
    ("suffix", "media"), [("csv", CSV), ("srx", XML), ("tsv", TSV), ("json", JSON), ("srj", JSON)]
)
def test_a_suffix_does_the_same(server: Client, suffix: str, media: str) -> None:
    target = asking(SELECT).replace("/sparql?", f"/sparql.{suffix}?")
    assert server.get(target, "text/html").media_type == media
    assert server.get("/sparql.yaml?query=ASK{}").status == 404


# Validators, lengths


def test_an_answer_has_its_length_and_a_strong_etag(server: Client) -> None:
    reply = server.get(asking(SELECT))
    assert reply.headers["Content-Length"] == str(len(reply.body))
    tag = reply.headers["ETag"]
    assert tag.startswith('"') and tag.endswith('"')
    assert server.get(asking(SELECT)).headers["ETag"] == tag
    assert server.get(asking(SELECT), CSV).headers["ETag"] != tag
    assert server.get(asking(ASK)).headers["ETag"] != tag


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_already_is_304(server: Client, method: str) -> None:
    tag = server.get(asking(SELECT)).headers["ETag"]
    for sent in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        reply = server.send(method, asking(SELECT), None, {"If-None-Match": sent})
        assert reply.status == 304, sent
        assert reply.body == b""
        assert reply.headers["ETag"] == tag
    other = server.send(method, asking(SELECT), None, {"If-None-Match": '"other"'})
    assert other.status == 200


def test_a_write_changes_the_etag(server: Client) -> None:
    tag = server.get(asking(SELECT)).headers["ETag"]
    server.update("INSERT DATA { <x:a> <x:b> <x:c> }")
    reply = server.send("GET", asking(SELECT), None, {"If-None-Match": tag})
    assert reply.status == 200
    assert reply.headers["ETag"] != tag


def test_an_update_that_was_acknowledged_is_seen_whatever_ran_meanwhile(server: Client) -> None:
    many = " ".join(map(str, range(1500)))
    slow = asking(
        "SELECT (MAX(?n) AS ?most) {"
        " { SELECT (MAX(?v) AS ?n) { GRAPH <x:counts> { ?s <x:n> ?v } } }"
        f" VALUES ?a {{ {many} }} VALUES ?b {{ {many} }} FILTER(?a + ?b + ?n >= 0) }}"
    )

    def most(reply: Reply) -> str:
        return reply.json()["results"]["bindings"][0]["most"]["value"]

    server.update("INSERT DATA { GRAPH <x:counts> { <x:a> <x:n> 1 } }")
    early: list[Reply] = []
    other = Client(server.address)
    asker = threading.Thread(target=lambda: early.append(other.get(slow)))
    asker.start()
    time.sleep(0.2)
    server.update("INSERT DATA { GRAPH <x:counts> { <x:a> <x:n> 1000 } }")
    assert asker.is_alive(), "the query was to run during the update"
    asker.join()
    other.close()
    assert most(early[0]) == "1"
    late = server.get(slow)
    assert most(late) == "1000"
    assert late.headers["ETag"] != early[0].headers["ETag"]
    again = server.get(slow, If_None_Match=early[0].headers["ETag"])
    assert (again.status, most(again)) == (200, "1000")


def test_lines_of_a_list_are_one_list(server: Client) -> None:
    def lines(*fields: tuple[str, str]) -> Reply:
        connection = http.client.HTTPConnection(server.host, timeout=30)
        connection.putrequest("GET", asking(SELECT))
        for name, value in fields:
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        reply = Reply(response.status, response.headers, response.read())
        connection.close()
        return reply

    found = lines(("Accept", "image/png"), ("Accept", CSV))
    assert (found.status, found.media_type) == (200, CSV)
    tag = ("If-None-Match", found.headers["ETag"])
    assert lines(("Accept", CSV), ("If-None-Match", '"other"'), tag).status == 304


def test_a_browser_that_has_the_answer_for_programs_gets_a_page(server: Client) -> None:
    tag = server.get(asking(SELECT)).headers["ETag"]
    for sent in (tag, "*"):
        for _ in range(2):
            page = server.get(asking(SELECT), "text/html", If_None_Match=sent)
            assert (page.status, page.media_type) == (200, "text/html")
            assert HERON in page.text


def test_gzip_when_it_is_asked_for(server: Client) -> None:
    text = "SELECT (CONCAT('heron and otter ', STR(?n)) AS ?x) { VALUES ?n { %s } }"
    text %= " ".join(map(str, range(2000)))
    plain = server.query(text)
    assert plain.headers.get("Content-Encoding") is None
    packed = server.send(
        "POST", "/sparql", text, {"Content-Type": QUERY, "Accept-Encoding": "gzip"}
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "accept-encoding" in packed.headers["Vary"].lower()
    refused = server.send(
        "POST", "/sparql", text, {"Content-Type": QUERY, "Accept-Encoding": "gzip;q=0"}
    )
    assert refused.headers.get("Content-Encoding") is None


def test_head_is_get_without_its_body(server: Client) -> None:
    got = server.get(asking(SELECT), CSV)
    head = server.send("HEAD", asking(SELECT), None, {"Accept": CSV})
    assert head.status == 200
    assert head.body == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
        assert head.headers[name] == got.headers[name]
    assert server.send("HEAD", asking("nonsense")).status == 400
    assert server.send("HEAD", "/sparql", None, {"Accept": "text/turtle"}).status == 200


# Other origins


@pytest.mark.parametrize("target", ["/sparql", "/update", "/graph-store"])
def test_a_preflight(server: Client, target: str) -> None:
    headers = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, authorization",
    }
    reply = server.send("OPTIONS", target, None, headers)
    assert reply.status in (200, 204)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in reply.headers
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]
    allowed = reply.headers["Access-Control-Allow-Headers"].lower()
    assert "content-type" in allowed
    assert "authorization" in allowed
    assert "POST" in reply.headers["Allow"]


@pytest.mark.parametrize(
    "target", [asking(SELECT), asking("nonsense"), "/sparql", "/graph-store?default"]
)
def test_any_origin_may_read_answers_and_errors(server: Client, target: str) -> None:
    reply = server.get(target, Origin="https://elsewhere.example")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in reply.headers
    exposed = reply.headers["Access-Control-Expose-Headers"].lower()
    for name in ("etag", "location", "retry-after"):
        assert name in exposed


# The service description


def test_a_bare_get_describes_the_service(server: Client) -> None:
    for media in ("text/turtle", "application/ld+json"):
        reply = server.get("/sparql", media)
        assert reply.status == 200
        assert reply.media_type == media
        graph = list(ox.parse(reply.body, format=ox.RdfFormat.from_media_type(media)))
        sd = "http://www.w3.org/ns/sparql-service-description#"
        stated = {(q.predicate.value, q.object.value) for q in graph}
        assert (f"{sd}endpoint", server.url("/sparql")) in stated
        assert (f"{sd}supportedLanguage", f"{sd}SPARQL11Query") in stated
        assert (f"{sd}name", "https://example.org/graph/lake") in stated
        assert not any(o == f"{sd}BasicFederatedQuery" for _, o in stated)
    assert server.get("/sparql", "image/png").status == 406


def test_a_description_is_named_by_what_it_says(server: Client, read_only: Client) -> None:
    tags = {}
    for client in (server, read_only):
        for media in ("text/turtle", "application/ld+json"):
            reply = client.get("/sparql", media)
            tags[client.address, media] = reply.headers["ETag"]
            same = client.get("/sparql", media, If_None_Match=reply.headers["ETag"])
            assert (same.status, same.body) == (304, b"")
            assert client.get("/sparql", media).body == reply.body
    assert len(set(tags.values())) == 4
    server.update("INSERT DATA { <x:a> <x:b> <x:c> }")
    assert server.get("/sparql", "text/turtle").headers["ETag"] not in tags.values()


def test_a_browser_gets_a_form(server: Client) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = server.get("/sparql", accept)
    assert page.media_type == "text/html"
    assert "<form" in page.text
    assert "textarea" in page.text


def test_errors_are_problems_or_pages(server: Client) -> None:
    problem = server.get(asking("nonsense"), JSON)
    assert problem.status == 400
    assert problem.media_type == "application/problem+json"
    assert set(json.loads(problem.body)) >= {"type", "title", "status", "detail"}
    page = server.get(asking("nonsense"), "text/html")
    assert page.status == 400
    assert page.media_type == "text/html"


LINES = 20_000
MANY = "PREFIX : <https://example.org/many/> SELECT ?s ?o { GRAPH :g { ?s :n ?o } } ORDER BY ?o"


@pytest.fixture
def large(server: Client) -> Client:
    """The server with a graph that is some 3 MB as JSON."""
    lines = " ".join(f":s{n:05} :n {n} ." for n in range(LINES))
    text = f"PREFIX : <https://example.org/many/> INSERT DATA {{ GRAPH :g {{ {lines} }} }}"
    assert server.update(text).status == 200
    return server


def test_a_large_answer_that_is_asked_again_is_the_same_in_every_coding(large: Client) -> None:
    decoded = {
        "": lambda data: data,
        "gzip": gzip.decompress,
        "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    }
    tags = set()
    for coding, decode in decoded.items():
        accepted = {"Accept-Encoding": coding} if coding else {}
        first, second = (
            large.send("GET", asking(MANY), None, {"Accept": JSON, **accepted}) for _ in range(2)
        )
        assert first.body == second.body
        assert len(json.loads(decode(second.body))["results"]["bindings"]) == LINES
        for reply in (first, second):
            assert (reply.headers["Content-Encoding"] or "") == coding
            assert int(reply.headers["Content-Length"]) == len(first.body)
            assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert first.headers["ETag"] == second.headers["ETag"]
        tags.add(second.headers["ETag"])
        head = large.send("HEAD", asking(MANY), None, {"Accept": JSON, **accepted})
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Length"] == str(len(first.body))
        known = large.get(asking(MANY), JSON, If_None_Match=second.headers["ETag"], **accepted)
        assert (known.status, known.body) == (304, b"")
        part = large.get(asking(MANY), JSON, Range="bytes=0-9", **accepted)
        assert (part.status, part.body) == (200, first.body), "an answer comes whole"
    assert len(tags) == 3
    metrics = large.get("/metrics").text
    assert "kg_cache_files 3\n" in metrics


def test_an_update_while_a_large_answer_is_read_changes_only_what_is_asked_later(
    large: Client,
) -> None:
    before = large.get(asking(MANY), JSON).body  # kept from now on
    with socket.create_connection(large.host.split(":")) as channel:
        head = f"GET {asking(MANY)} HTTP/1.1\r\nHost: {large.host}\r\nAccept: {JSON}\r\n\r\n"
        channel.sendall(head.encode())
        with channel.makefile("rb", 1 << 16) as stream:
            while stream.readline() != b"\r\n":
                pass
            begun = stream.read(1000)
            gone = "PREFIX : <https://example.org/many/> DELETE DATA { GRAPH :g { :s00007 :n 7 } }"
            assert large.update(gone).status == 200
            after = large.get(asking(MANY), JSON)
            assert begun + stream.read(len(before) - 1000) == before
    assert len(after.json()["results"]["bindings"]) == LINES - 1
