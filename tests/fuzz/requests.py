# ruff: noqa: E501
"""Random HTTP requests as plain data: what clients, scanners and attackers send."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

__all__ = ["HttpRequest", "Requests"]


@dataclass(frozen=True)
class HttpRequest:
    """One request as it goes out."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


_METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")
_ODD_METHODS = ("QUERY", "TRACE", "CONNECT", "PROPFIND", "get", "FOO", "LOCK")
_PATHS = (
    "/", "/sparql", "/sparql/", "/update", "/graph-store", "/graph-store?default", "/health",
    "/metrics", "/queries", "/search", "/search?q=a", "/terms", "/sparql?query", "/robots.txt",
    "/favicon.ico", "/.env", "/static/style.css", "/static/../../etc/passwd", "/%2e%2e/%2e%2e/etc",
    "//sparql", "/sparql//", "/SPARQL", "/sparql%00", "/sparql?%zz=1", "/id/", "/id/claim/1",
    "/id/claim/quillfeather-2001/1", "/page/claim/quillfeather-2001/1", "/data/x.ttl",
    "/graph-store?graph=", "/graph-store?graph=relative", "/graph-store?graph=urn:x&graph=urn:y",
    "/graph-store/deep/er", "/queries/none", "/sparql;x=1", "/sparql/..;/", "/\u00e9".encode().decode("latin-1"),
    "/a" * 300, "/sparql?" + "a=1&" * 300, "/sparql?default-graph-uri=x", "/sparql?timeout=-1",
    "/sparql?timeout=1e999", "/sparql?format=exe", "/sparql?explain", "*", "/sparql#part",
)  # fmt: skip
_TYPES = (
    "application/sparql-query", "application/x-www-form-urlencoded", "application/sparql-update",
    "text/turtle", "application/json", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/sparql-query; charset=utf-16", "application/n-triples", "application/ld+json",
    "application/rdf+xml", "*/*", "nonsense", "", "text/plain;;;",
)  # fmt: skip
_ACCEPTS = (
    "*/*", "text/html", "application/sparql-results+json", "application/sparql-results+xml",
    "text/csv", "text/tab-separated-values", "text/turtle", "application/ld+json", "application/xml",
    "application/n-triples", "application/rdf+xml", "text/*;q=0.5, */*;q=0.1", "image/png",
    "text/csv;q=0", "", "a" * 500, "text/turtle;q=nan", "application/json, text/html;q=0.9", ";;;,,,",
    "application/trig", "application/n-quads", "*/*;q=0",
)  # fmt: skip
_BODIES = (
    b"", b"{}", b"\x00\xff\xfe", b"query=", b"query=ASK{}&query=ASK{}", b"update=DROP ALL",
    b"<x:a> <x:b> <x:c> .", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    b'{"@context": "http://127.0.0.1:9/x"}', b"a" * 300_000, b"%" * 99, b"[" * 50_000,
    b"--x\r\nContent-Disposition: form-data; name=query\r\n\r\nASK{}\r\n--x--\r\n",
)  # fmt: skip
_IRI_PIECES = (
    "http:", "urn:x", "a", ":", "//", "/", "?", "#", "[", "]", "::1", "80", "@", "%41", "%zz", "%",
    "%5B", "\u00e9", "\ue000", "\ufdd0", "\U0001fffe", "\u200f", " ", "<", ">", "\\", "'", "..",
)  # fmt: skip


class Requests:
    """Requests from a random source; `text` gives a SPARQL text, whole or broken."""

    def __init__(self, random: Random, text: Callable[[], str]) -> None:
        self._random = random
        self._text = text

    def request(self) -> HttpRequest:
        """One request: three of four ask a query properly, the others are odd in some way."""
        random = self._random
        if random.random() < 0.75:
            return self._asked(self._text())
        method = random.choice(_METHODS if random.random() < 0.85 else _ODD_METHODS)
        body = random.choice(_BODIES)
        return HttpRequest(method, self._target(), self._headers(), body)

    def _asked(self, text: str) -> HttpRequest:
        random = self._random
        data = text.encode("utf-8", "surrogatepass")
        accept = (("Accept", random.choice(_ACCEPTS)),) if random.random() < 0.7 else ()
        extra = random.choice(["", "", "", "&format=json", "&timeout=1", "&explain=1"])
        if random.random() < 0.2:
            extra += self._graphs()
        kind = random.randrange(4)
        if kind == 0:
            target = f"/sparql?query={quote(data[:60_000])}{extra}"
            return HttpRequest(random.choice(["GET", "GET", "HEAD"]), target, accept)
        if kind == 1:
            form = urlencode({"query": data}).encode() + extra.encode()
            kind_of_body = (("Content-Type", "application/x-www-form-urlencoded"),)
            return HttpRequest("POST", "/sparql", (*accept, *kind_of_body), form)
        headers = [*accept, ("Content-Type", "application/sparql-query")]
        if random.random() < 0.1:
            data = gzip.compress(data)
            headers.append(("Content-Encoding", random.choice(["gzip", "gzip", "br", "x"])))
        return HttpRequest("POST", "/sparql", tuple(headers), data)

    def _graphs(self) -> str:
        """Names of graphs, most of which are no IRI, or none to some who read IRIs."""
        random = self._random
        names = ["default-graph-uri", "named-graph-uri"]
        return "".join(
            f"&{random.choice(names)}={quote(self._iri())}" for _ in range(random.randint(1, 3))
        )

    def _iri(self) -> str:
        random = self._random
        begin = random.choice(["http://", "urn:x", "a:", "http://[", ""])
        return begin + "".join(random.choices(_IRI_PIECES, k=random.randint(0, 5)))

    def _target(self) -> str:
        random = self._random
        if random.random() < 0.1:
            name = quote(self._iri())
            return random.choice([f"/graph-store?graph={name}", f"/graph-store/{name}"])
        return random.choice(_PATHS)

    def _headers(self) -> tuple[tuple[str, str], ...]:
        random = self._random
        drawn = [
            ("Accept", random.choice(_ACCEPTS)),
            ("Content-Type", random.choice(_TYPES)),
            (
                "Accept-Encoding",
                random.choice(["gzip", "br", "identity;q=0", "*", "zstd, gzip;q=0.1"]),
            ),
            ("If-None-Match", random.choice(["*", '"x"', 'W/"x"', '"', "a" * 999])),
            ("Accept-Language", random.choice(["az", "ru;q=2", "*", "xx-yy"])),
            ("Origin", random.choice(["http://a.example", "null"])),
            ("X-Forwarded-For", random.choice(["1.2.3.4", "::1, 9.9.9.9", "x" * 99])),
            ("Forwarded", random.choice(['for="[::1]"', "proto=gopher;host=evil.example"])),
            ("Authorization", random.choice(["Bearer x", "Basic eDp5", "Bearer"])),
            ("Range", "bytes=0-0,-1"),
            ("Host", random.choice(["evil.example", "127.0.0.1", "x:y:z"])),
            ("Expect", "100-continue"),
            ("Content-Encoding", random.choice(["gzip", "deflate", "x"])),
            ("X-Long", "b" * random.choice((10, 5_000))),
        ]
        return tuple(random.sample(drawn, random.randint(0, 5)))
