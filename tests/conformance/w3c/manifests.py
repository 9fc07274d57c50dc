"""The manifests of the suite as values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
# Where the suite's files stand on the web: relative IRIs in queries and data resolve against it.
HOME = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"

Node = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass
class Graph:
    """The triples of one manifest, asked by subject and predicate."""

    out: dict[tuple[str, str], list[Node]] = field(default_factory=lambda: defaultdict(list))

    def all(self, subject: Node, predicate: str) -> list[Node]:
        return self.out.get((str(subject), predicate), [])

    def one(self, subject: Node | None, predicate: str) -> Node | None:
        found = self.all(subject, predicate) if subject is not None else []
        assert len(found) < 2, (subject, predicate)
        return found[0] if found else None

    def items(self, head: Node | None) -> Iterator[Node]:
        """The members of an RDF list."""
        while head is not None and head != ox.NamedNode(f"{RDF}nil"):
            first = self.one(head, f"{RDF}first")
            assert first is not None
            yield first
            head = self.one(head, f"{RDF}rest")


def read(path: Path, base: str) -> Graph:
    graph = Graph()
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base):
        graph.out[(str(quad.subject), quad.predicate.value)].append(quad.object)
    return graph


@dataclass(frozen=True)
class Case:
    """One test of the suite.

    `name` is the folder and the test's own name; `kind` the local name of its class. `text` is the
    query or update; `named` pairs graph IRIs with files. An update's expected state stands in
    `after` and `after_named`, a query's expected answer in `result`. `node` and `graph` lead back
    to the manifest, for tests that are requests.
    """

    name: str
    kind: str
    base: str
    node: Node
    graph: Graph
    text: Path | None = None
    data: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    after: tuple[Path, ...] = ()
    after_named: tuple[tuple[str, Path], ...] = ()

    @property
    def folder(self) -> str:
        return self.name.split("/")[0]


class Suite:
    """The folder ``sparql11`` of the suite."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, node: Node) -> Path:
        assert isinstance(node, ox.NamedNode)
        return self.folder / node.value.removeprefix(HOME)

    def cases(self, manifest: str) -> list[Case]:
        """The tests that ``manifest`` (``aggregates/manifest.ttl``) lists, in its order."""
        folder = manifest.split("/", maxsplit=1)[0]
        address = HOME + manifest
        graph = read(self.folder / manifest, address)
        head = graph.one(ox.NamedNode(address), f"{MF}entries")
        return [self.case(graph, node, folder) for node in graph.items(head)]

    def case(self, graph: Graph, node: Node, folder: str) -> Case:
        types = [t.value.removeprefix(MF) for t in graph.all(node, f"{RDF}type")]
        action, result = graph.one(node, f"{MF}action"), graph.one(node, f"{MF}result")
        assert isinstance(node, ox.NamedNode)
        local = re.split(r"[#/]", node.value)[-1]
        more: dict[str, object] = {}
        if isinstance(action, ox.NamedNode):
            more["text"] = self.file(action)
        elif action is not None and (
            text := graph.one(action, f"{QT}query") or graph.one(action, f"{UT}request")
        ):
            more["text"] = self.file(text)
            more["data"], more["named"] = self.dataset(graph, action)
        else:
            more["data"], more["named"] = self.dataset(graph, node)
        if isinstance(result, ox.NamedNode):
            more["result"] = self.file(result)
        elif result is not None:
            more["after"], more["after_named"] = self.dataset(graph, result)
        base = HOME + str(more["text"].relative_to(self.folder)) if "text" in more else HOME
        return Case(f"{folder}/{local}", types[0], base, node, graph, **more)

    def dataset(
        self, graph: Graph, node: Node
    ) -> tuple[tuple[Path, ...], tuple[tuple[str, Path], ...]]:
        """The files of the default graph, and the named graphs with theirs."""
        data = [*graph.all(node, f"{QT}data"), *graph.all(node, f"{UT}data")]
        named = []
        for given in [*graph.all(node, f"{QT}graphData"), *graph.all(node, f"{UT}graphData")]:
            if isinstance(given, ox.NamedNode):
                named.append((given.value, self.file(given)))
                continue
            file, label = graph.one(given, f"{UT}graph"), graph.one(given, f"{RDFS}label")
            assert file is not None and isinstance(label, ox.Literal)
            named.append((label.value, self.file(file)))
        return tuple(self.file(d) for d in data), tuple(sorted(named))
