"""Query, update, syntax and result-format tests, each through the front door.

Data go in by the Graph Store Protocol as they stand in the suite's files, with the file's own
address as their base; queries and updates go as bodies of POST requests. When a test begins, the
store holds its data and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
from live import Client, Reply

from w3c import answers
from w3c.answers import Answer, Solutions
from w3c.manifests import HOME, Case, Suite

PASSED, FAILED, REFUSED = "passed", "failed", "refused by policy"
FOLDERS = {
    "SPARQL 1.1 Query": (
        "aggregates bind bindings cast construct exists functions grouping negation"
        " project-expression property-path subquery syntax-query"
    ).split(),
    "SPARQL 1.1 Update": (
        "add basic-update clear copy delete-data delete-insert delete-where delete drop move"
        " syntax-update-1 syntax-update-2 update-silent"
    ).split(),
    "SPARQL 1.1 result formats": ["csv-tsv-res", "json-res"],
    "SPARQL 1.1 Federated Query": ["service", "syntax-fed"],
}
ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
READ = {".srx": answers.from_xml, ".srj": answers.from_json, ".tsv": answers.from_tsv}
FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}
CALLS_OUT = re.compile(r"\b(SERVICE|LOAD)\b")
# What the suite's IRIs, strings and comments hold must not look like a keyword.
QUIET = re.compile(r"<[^<>\"{}|^`\\\s]*>|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*")
ALL = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


@dataclass(frozen=True)
class Outcome:
    """What became of a test: passed, failed or refused by policy; `detail` says how."""

    test: str
    outcome: str
    detail: str = ""


class Miss(Exception):
    """The test did not pass; the message says what was expected and what came."""


def expect(reply: Reply, *statuses: int) -> Reply:
    if reply.status not in statuses:
        wanted = " or ".join(map(str, statuses))
        raise Miss(f"expected {wanted}, got {reply.status}: {reply.body[:200]!r}")
    return reply


def outcomes(suite: Suite, client: Client, folder: str) -> list[Outcome]:
    shelf = Shelf(client)
    return [outcome(case, shelf) for case in suite.cases(f"{folder}/manifest.ttl")]


def outcome(case: Case, shelf: Shelf) -> Outcome:
    try:
        return Outcome(case.name, *run(case, shelf))
    except Miss as miss:
        return Outcome(case.name, FAILED, str(miss))


class Shelf:
    """The server and what it is known to hold: what two tests share is loaded once."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._held: object = None

    def load(self, case: Case) -> None:
        """Make the data of a test all that the server holds."""
        wanted = (case.data, case.named)
        if self._held != wanted:
            self.spoil()
            empty(self.client)
            for file in case.data:
                put(self.client, None, file)
            for iri, file in case.named:
                put(self.client, iri, file)
            self._held = wanted

    def spoil(self) -> None:
        """What the server holds is about to change."""
        self._held = None


def run(case: Case, shelf: Shelf) -> tuple[str, str]:
    assert case.text
    client = shelf.client
    text = case.text.read_text(encoding="utf-8")
    update = "Update" in case.kind or case.text.suffix == ".ru"
    ask = client.update if update else client.query
    if case.kind.startswith("Negative"):
        expect(ask(text), 400)
        return PASSED, ""
    shelf.load(case)
    if CALLS_OUT.search(QUIET.sub(" ", text)):
        expect(ask(text), 403)
        return REFUSED, "SERVICE" if "SERVICE" in text else "LOAD"
    if update:
        shelf.spoil()
    if case.kind.startswith("Positive"):
        if update:
            prepare(client, text)
        return understood(ask(text))
    based = f"BASE <{case.base}>\n{text}"
    if update:
        expect(client.update(based), 200, 204)
        return compare(state(case), contents(client))
    assert case.result
    if case.kind == "CSVResultFormatTest":
        return compare_csv(case.result, expect(client.query(based, "text/csv"), 200))
    expected = read_expected(case.result)
    suffix = case.result.suffix
    if isinstance(expected, ox.Dataset):
        reply = expect(client.query(based, "text/turtle"), 200)
        return compare(expected, answers.from_graph(reply.body, ox.RdfFormat.TURTLE, HOME))
    suffix = suffix if suffix in READ else ".srj"
    if case.folder in FOLDERS["SPARQL 1.1 result formats"]:
        tables = {".tsv"} if isinstance(expected, bool) else set()  # TSV holds no yes or no
        for other in READ.keys() - tables - {suffix}:
            compare(expected, answer(client, based, other))
    return compare(expected, answer(client, based, suffix))


def answer(client: Client, text: str, suffix: str) -> Answer:
    """The answer of a SELECT or ASK in the format that files of that suffix hold."""
    reply = expect(client.query(text, ACCEPT[suffix]), 200)
    if reply.media_type != ACCEPT[suffix]:
        raise Miss(f"asked for {ACCEPT[suffix]}, got {reply.media_type}")
    return READ[suffix](reply.body)


def understood(reply: Reply) -> tuple[str, str]:
    """A positive syntax test: the text is evaluated, or refused for another reason than its
    syntax, as when the engine has no function of that name."""
    if reply.status in (200, 204):
        return PASSED, ""
    if reply.media_type == "application/problem+json":
        problem = reply.json()
        if "syntax" not in problem["type"] and "line" not in problem:
            return PASSED, f"understood, then {reply.status}: {problem['detail']}"
    raise Miss(f"expected a text that is understood, got {reply.status}: {reply.body[:200]!r}")


def empty(client: Client) -> None:
    expect(client.update("DROP ALL"), 200, 204)


def prepare(client: Client, text: str) -> None:
    """Make the graphs that an update of a syntax test copies, moves or drops, as far as it says
    so plainly; the test is about its syntax, not about what is there."""
    if re.search(r"\bCREATE\b", text, re.IGNORECASE):
        return
    for iri in set(re.findall(r"<([^<>\s]*)>", QUIET_BUT_IRIS.sub(" ", text))):
        expect(client.update(f"INSERT DATA {{ GRAPH <{iri}> {{ <a:a> <a:a> <a:a> }} }}"), 200, 204)


QUIET_BUT_IRIS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")


def put(client: Client, graph: str | None, file: Path) -> None:
    """One file into one graph, by the Graph Store Protocol; the file's text says its base."""
    base = HOME + f"{file.parent.name}/{file.name}"
    body = file.read_bytes()
    media = FORMATS[file.suffix].media_type
    if file.suffix == ".ttl":
        body = f"@base <{base}> .\n".encode() + body
    elif file.suffix == ".rdf" and b"xml:base" not in body:
        body = body.replace(b"<rdf:RDF", f'<rdf:RDF xml:base="{base}"'.encode(), 1)
    target = "default" if graph is None else "graph=" + quote(graph, safe="")
    headers = {"Content-Type": media}
    reply = client.send("POST", f"/graph-store?{target}", body, headers, signed=True)
    expect(reply, 200, 201, 204)


def contents(client: Client) -> ox.Dataset:
    """All triples of the store, asked in one query so that blank nodes keep one name each."""
    reply = expect(client.query(ALL, ACCEPT[".srj"]), 200)
    found = answers.from_json(reply.body)
    assert isinstance(found, Solutions)
    return ox.Dataset(
        ox.Quad(row["s"], row["p"], row["o"], row.get("g", ox.DefaultGraph()))
        for row in found.rows
    )  # fmt: skip


def state(case: Case) -> ox.Dataset:
    """The dataset that an update must leave. Graphs without triples do not count: a store may
    keep them or not (SPARQL 1.1 Update, section 3.2)."""
    quads = []
    for number, (graph, file) in enumerate([*((None, f) for f in case.after), *case.after_named]):
        base = HOME + f"{file.parent.name}/{file.name}"
        for quad in ox.parse(path=file, format=FORMATS[file.suffix], base_iri=base):
            terms = [
                ox.BlankNode(f"f{number}x{t.value}") if isinstance(t, ox.BlankNode) else t
                for t in (quad.subject, quad.predicate, quad.object)
            ]
            name = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
            quads.append(ox.Quad(*terms, name))
    return ox.Dataset(quads)


def read_expected(file: Path) -> Answer:
    if file.suffix in READ:
        return READ[file.suffix](file.read_bytes())
    base = HOME + f"{file.parent.name}/{file.name}"
    graph = answers.from_graph(file.read_bytes(), FORMATS[file.suffix], base)
    return answers.result_set(graph)


def compare(expected: Answer, found: Answer) -> tuple[str, str]:
    if answers.same(expected, found):
        return PASSED, ""
    if answers.same(expected, found, values=True):
        return PASSED, "numbers compared by value"
    raise Miss(f"expected {show(expected)}, got {show(found)}")


def compare_csv(file: Path, reply: Reply) -> tuple[str, str]:
    """CSV loses types and names of blank nodes: cells are compared as texts, columns in order."""
    expected, found = answers.table(file.read_bytes()), answers.table(reply.body)

    def key(table: tuple[list[str], list[list[str]]]) -> object:
        return table[0], sorted([re.sub(r"^_:.*", "_:", c) for c in row] for row in table[1])

    if key(expected) == key(found):
        return PASSED, ""
    if expected[0] != found[0]:
        raise Miss(f"expected the columns {expected[0]}, got {found[0]}")
    raise Miss(f"expected {expected[1]}, got {found[1]}")


def show(answer: Answer) -> str:
    if isinstance(answer, ox.Dataset):
        return " ".join(answers.canonical(answer))[:400]
    if isinstance(answer, bool):
        return str(answer).lower()
    rows = sorted(str({n: str(t) for n, t in sorted(row.items())}) for row in answer.rows)
    return f"{len(rows)} rows of {sorted(answer.variables)}: {' '.join(rows)}"[:400]
