"""Protocol and Graph Store tests that stand in the manifests as HTTP requests.

The suite's ``/sparql/`` is our ``/sparql`` for queries and ``/update`` for updates, its ``/gsp``
our ``/graph-store``. Every request carries the token, so that a refusal is about the protocol; a
4xx that the suite expects must not be one of authorization.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox
from live import QUERY, Client, Reply

from w3c import answers
from w3c.evaluation import FAILED, PASSED, Miss, Outcome, empty, put
from w3c.manifests import CNT, HT, MF, Case, Graph, Node, Suite

STATUS = "http://www.w3.org/2011/http-statusCodes#"
CODES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
NOT_THE_POINT = (401, 403, 404, 429)
TABLES = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
GRAPHS = {
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "text/html",
}


@dataclass(frozen=True)
class Message:
    """One request of a test and what must come back."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: bool | None
    form: str | None
    location: str | None
    answer: tuple[str | None, str | None]  # the content type and the graph that must come


def outcomes(suite: Suite, client: Client, manifest: str) -> list[Outcome]:
    return [outcome(case, client) for case in suite.cases(manifest)]


def outcome(case: Case, client: Client) -> Outcome:
    folder = case.name if case.kind == "ProtocolTest" else f"graph-store-protocol/{local(case)}"
    try:
        run(case, client)
    except Miss as miss:
        return Outcome(folder, FAILED, str(miss))
    return Outcome(folder, PASSED)


def local(case: Case) -> str:
    return case.name.split("/")[-1]


def run(case: Case, client: Client) -> None:
    graph = case.graph
    empty(client)
    if case.kind == "ProtocolTest":
        for iri, file in case.named:
            put(client, iri, file)
    variables: dict[str, str] = {}
    action = graph.one(case.node, f"{MF}action")
    for node in graph.items(graph.one(action, f"{HT}requests")):
        message = read(graph, node)
        reply = send(client, case, message, variables)
        check(client, message, reply, variables)


def read(graph: Graph, node: Node) -> Message:
    def text(subject: Node | None, predicate: str) -> str | None:
        value = graph.one(subject, predicate)
        return None if value is None else value.value

    body = graph.one(node, f"{HT}body")
    encoding = text(body, f"{CNT}characterEncoding") or "UTF-8"
    chars = text(body, f"{CNT}chars")
    answer = graph.one(node, f"{HT}resp")
    assert answer is not None
    boolean = text(answer, f"{MF}expectedBoolean")
    return Message(
        method=text(node, f"{HT}methodName") or "",
        path=text(node, f"{HT}absolutePath") or "",
        headers=headers(graph, node),
        body=None if chars is None else chars.encode(encoding),
        statuses=tuple(
            s.value.removeprefix(STATUS) for s in graph.all(answer, f"{MF}expectedStatus")
        ),
        boolean=None if boolean is None else boolean == "true",
        form=text(answer, f"{MF}expectedFormat"),
        location=text(answer, f"{MF}expectedLocation"),
        answer=(
            headers(graph, answer).get("content-type"),
            text(graph.one(answer, f"{HT}body"), f"{CNT}chars"),
        ),
    )


def headers(graph: Graph, node: Node) -> dict[str, str]:
    found = {}
    for header in graph.items(graph.one(node, f"{HT}headers")):
        name, value = graph.one(header, f"{HT}fieldName"), graph.one(header, f"{HT}fieldValue")
        assert name is not None and value is not None
        found[name.value.lower()] = value.value
    return found


def send(client: Client, case: Case, message: Message, variables: dict[str, str]) -> Reply:
    path = message.path
    for name, value in variables.items():
        path = path.replace(name, value)
    if path.startswith("/gsp"):
        target = "/graph-store" + path.removeprefix("/gsp")
    else:
        asks = message.headers.get("content-type") == QUERY
        door = "/update" if "update" in local(case) and not asks else "/sparql"
        target = door + path.removeprefix("/sparql/")
    return client.send(message.method, target, message.body, message.headers, signed=True)


def check(client: Client, message: Message, reply: Reply, variables: dict[str, str]) -> None:
    where = f"{message.method} {message.path}"
    if not any(fits(status, reply.status) for status in message.statuses):
        wanted = " or ".join(message.statuses)
        raise Miss(f"{where}: expected {wanted}, got {reply.status}: {reply.body[:200]!r}")
    if "StatusCode4xx" in message.statuses and reply.status in NOT_THE_POINT:
        raise Miss(f"{where}: {reply.status} does not say that the request is wrong")
    if message.method == "HEAD" and reply.body:
        raise Miss(f"{where}: a body of {len(reply.body)} bytes")
    if message.form == "RDF" and reply.media_type not in GRAPHS:
        raise Miss(f"{where}: {reply.media_type} is no graph")
    if message.form == "tabular" and reply.media_type not in TABLES:
        raise Miss(f"{where}: {reply.media_type} is no table")
    if message.form == "boolean" or message.boolean is not None:
        readers = {
            "application/sparql-results+json": answers.from_json,
            "application/sparql-results+xml": answers.from_xml,
        }
        if reply.media_type not in readers:
            raise Miss(f"{where}: {reply.media_type} is no yes or no")
        said = readers[reply.media_type](reply.body)
        if message.boolean is not None and said is not message.boolean:
            raise Miss(f"{where}: expected {message.boolean}, got {said}")
    if message.location is not None:
        location = reply.headers.get("Location")
        if location is None:
            raise Miss(f"{where}: no Location")
        variables[message.location] = client.absolute(location)
    media, graph = message.answer
    if media is not None:
        check_content_type(where, media, reply)
    if graph is not None:
        form = ox.RdfFormat.TURTLE
        base = client.address
        if not answers.same(
            answers.from_graph(graph.encode(), form, base),
            answers.from_graph(reply.body, form, base),
        ):
            raise Miss(f"{where}: another graph came: {reply.body!r}")


def fits(expected: str, status: int) -> bool:
    if expected.startswith("StatusCode"):
        return expected.removeprefix("StatusCode")[0] == str(status)[0]
    return CODES[expected] == status


def check_content_type(where: str, expected: str, reply: Reply) -> None:
    wanted = expected.split(";", maxsplit=1)[0].strip()
    charset = reply.headers.get_content_charset("utf-8")
    if reply.media_type != wanted or charset != "utf-8":
        raise Miss(f"{where}: expected {expected}, got {reply.headers.get('Content-Type')}")
