"""SHACL validation: a dataset's shapes on the union of its graphs, as findings with places.

Our own engine (`kg.shacl`) does the work; pySHACL is the reference, and takes the shapes that ours
does not compile. This is the only room that knows pySHACL. What is validated are the triples of the
files, not those of the store, because a store rewrites literals; and their union, because a claim
in one graph speaks of things in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

import pyoxigraph as ox
import pyshacl
from rdflib import Graph
from rdflib.plugins import sparql
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from kg.dataset import Dataset, File
from kg.errors import DatasetError
from kg.names import rdfs, sh
from kg.shacl import Result, validate
from kg.shacl.blame import Node, blamed
from kg.shacl.graph import ShapesGraph
from kg.shacl.report import compared, read_report
from kg.terms import rdflib_term

__all__ = ["ENGINES", "Finding", "Severity", "findings", "findings_of_quads", "graph_of"]

Severity = Literal["violation", "warning", "info"]
# rdflib would fetch the graphs that a FROM clause inside a shape names; nothing here dials out.
sparql.SPARQL_LOAD_GRAPHS = False

ENGINES = ("fast", "pyshacl", "both")
_SEVERITIES: dict[object, Severity] = {
    sh.Violation: "violation",
    sh.Warning: "warning",
    sh.Info: "info",
}


@dataclass(frozen=True)
class Finding:
    """One thing that a rule objects to.

    `rule` is the IRI of the shape (or the id of a rule that is no shape), `focus` the thing it
    is about, `path` the property and `value` the value at fault where there is one (as N3),
    `message` what to do, `reason` why. `locate` finds the place of the triple at fault when that is
    first asked for: most findings are counted, compared or hidden and never placed. `results`
    are the SHACL results behind it: several where components of one shape say the same.
    """

    rule: str
    focus: str
    severity: Severity
    message: str
    reason: str = ""
    path: str = ""
    value: str = ""
    locate: Callable[[], str | None] = field(default=str, compare=False, repr=False)
    results: tuple[Result, ...] = field(default=(), compare=False, repr=False)

    @cached_property
    def place(self) -> str:
        """``file:line:column``, the file alone where no line is known, or nothing."""
        return self.locate() or ""

    def __getstate__(self) -> dict[str, object]:
        """For pickle, which can't take along what `locate` looks at: the place is found now."""
        return {**self.__dict__, "place": self.place, "locate": str}

    @property
    def file(self) -> str:
        """The file of the place; empty where there is none."""
        return self._split[0]

    @property
    def line(self) -> int | None:
        """The line of the place, from 1."""
        return self._split[1]

    @property
    def column(self) -> int | None:
        """The column of the place in code points, from 1."""
        return self._split[2]

    @property
    def _split(self) -> tuple[str, int | None, int | None]:
        file, *rest = self.place.rsplit(":", 2)
        if len(rest) == 2 and all(part.isdecimal() for part in rest):
            return file, int(rest[0]), int(rest[1])
        return self.place, None, None


class _Prepared(Graph):
    """A graph that parses and translates the text of a query once.

    The validator asks one SELECT per focus node with other bindings; parsing it anew each time is
    most of the work. A translated query may be evaluated again, a parsed one may not: translation
    changes its tree.
    """

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(query_object, str):
            names = tuple(sorted((p, str(n)) for p, n in (kwargs.get("initNs") or {}).items()))
            query_object = _translated(query_object, names)
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=512)
def _translated(text: str, names: tuple[tuple[str, str], ...]) -> Query:
    return prepareQuery(text, initNs=dict(names))


def _graph(quads: Iterable[ox.Quad | ox.Triple]) -> Graph:
    graph = _Prepared(bind_namespaces="none")
    for quad in quads:
        graph.add(
            (rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object))
        )
    return graph


def findings(dataset: Dataset, *, engine: str = "fast") -> tuple[Finding, ...]:
    """Validate the union of a dataset against its shapes.

    `engine` is one of `ENGINES`: our own (``fast``, which leaves to pySHACL what it does not
    compile), the reference (``pyshacl``), or ``both``, which raises DatasetError where they differ.
    """
    shapes = [q for file in dataset.shapes for q in file.quads]
    data = [q for file in (*dataset.files, *dataset.ontology) for q in file.quads]
    if not shapes or not data:
        return ()

    def reference(narrowed: Iterable[ox.Quad | ox.Triple]) -> list[Result]:
        return read_report(_report(narrowed, data))

    results: Iterable[Result]
    if engine == "pyshacl":
        results = reference(shapes)
    else:
        results = validate(shapes, data, fallback=reference).results
    if engine == "both":
        _same(results, _report(shapes, data), ShapesGraph(shapes))
    read = ShapesGraph(shapes)
    found: dict[Finding, list[Result]] = {}
    for result in results:
        found.setdefault(_finding(result, read, dataset), []).append(result)
    order = list(_SEVERITIES.values())
    return tuple(
        replace(finding, results=tuple(found[finding]))
        for finding in sorted(
            found, key=lambda f: (order.index(f.severity), f.rule, f.focus, f.value)
        )
    )


def findings_of_quads(shapes: Iterable[ox.Quad], data: Iterable[ox.Quad]) -> tuple[Finding, ...]:
    """The violations of data from anywhere, as a store keeps it: without places in files."""
    shapes, data = list(shapes), list(data)

    def reference(narrowed: Iterable[ox.Quad | ox.Triple]) -> list[Result]:
        return read_report(_report(narrowed, data))

    reasons = ShapesGraph(shapes)
    found = {
        _finding(result, reasons, None)
        for result in validate(shapes, data, fallback=reference).results
    }
    return tuple(
        sorted(
            (f for f in found if f.severity == "violation"),
            key=lambda f: (f.rule, f.focus, f.path, f.value),
        )
    )


def _report(
    shapes: Iterable[ox.Quad | ox.Triple], data: Iterable[ox.Quad | ox.Triple]
) -> ShapesGraph:
    """The report of the reference."""
    _, report, _ = pyshacl.validate(
        _graph(data), shacl_graph=_graph(shapes), inference="none", advanced=False, meta_shacl=False
    )
    lines = report.serialize(format="nt", encoding="utf-8")
    return ShapesGraph(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))


def _same(results: Iterable[Result], report: ShapesGraph, shapes: ShapesGraph) -> None:
    ours = compared(results, shapes, shapes)
    theirs = compared(read_report(report), report, shapes)
    if ours == theirs:
        return
    extra, missing = list((ours - theirs).elements()), list((theirs - ours).elements())
    raise DatasetError(
        f"the two engines differ: {len(extra)} results only here, {len(missing)} only by pySHACL",
        where="--engine",
        hint="the first is " + " ".join((extra or missing)[0]),
    )


def _finding(result: Result, shapes: ShapesGraph, dataset: Dataset | None) -> Finding:
    def locate() -> str | None:
        return dataset.place(*blamed(result, shapes, neighbours)) if dataset else None

    def neighbours(node: Node, predicate: ox.NamedNode, back: bool) -> list[Node]:
        assert dataset is not None
        index = dataset.naming if back else dataset.stating
        quads = (file.quads[number] for file, number in index.get(node, ()))
        return [q.subject if back else q.object for q in quads if q.predicate == predicate]

    rule = result.shape
    reason = next(iter(shapes.objects(rule, rdfs.comment)), None)
    path = result.path
    return Finding(
        rule=_text(rule),
        focus=_text(result.focus),
        severity=_SEVERITIES.get(result.severity, "violation"),
        message=result.messages[0].value if result.messages else "",
        reason=_text(reason) if reason is not None else "",
        path=path.value if isinstance(path, ox.NamedNode) else "",
        value=str(result.value) if result.value is not None else "",
        locate=locate,
    )


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def graph_of(files: Iterable[File]) -> Graph:
    """The union of files as one rdflib graph."""
    return _graph(quad for file in files for quad in file.quads)
