"""Requests to the Graph Store and what a graph holds, for the tests of that protocol."""

from __future__ import annotations

from urllib.parse import urlencode

import pyoxigraph as ox
from live import TURTLE, Client, Reply

STORE = "/graph-store"
ABSENT = "https://example.org/graph/none"
DIRECT = f"{STORE}/birds/coot"
COOT = "<https://example.org/coot> <https://example.org/lives> <https://example.org/lake> ."
TEAL = "<https://example.org/teal> <https://example.org/lives> <https://example.org/lake> ."


def of(graph: str) -> str:
    return f"{STORE}?" + urlencode({"graph": graph})


def write(
    server: Client, method: str, target: str, body: bytes | str, media: str = TURTLE
) -> Reply:
    return server.send(method, target, body, {"Content-Type": media}, signed=True)


def triples(reply: Reply) -> set[str]:
    assert reply.status == 200, reply
    form = ox.RdfFormat.from_media_type(reply.media_type)
    return {str(q.triple) for q in ox.parse(reply.body, format=form)}


def held(server: Client, target: str) -> set[str]:
    return triples(server.get(target, "application/n-triples"))


def parsed(turtle: str) -> set[str]:
    return {str(q.triple) for q in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
