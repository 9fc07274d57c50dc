"""The W3C SHACL test suite: every Core and SPARQL test passes, the reference behind us.

The suite is data that does not travel with the code. The environment variable W3C names the folder
that holds it (shacl/ in it); without one, ../shared/w3c beside the repository is looked for.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import Graph

from kg.names import rdf, sh
from kg.shacl import DEPARTURES, Result, ShapesError, validate
from kg.shacl.graph import ShapesGraph, Term
from kg.shacl.paths import read_path
from kg.shacl.report import read_report
from kg.terms import rdflib_term

ROOT = Path(__file__).resolve().parents[2]
SUITE = Path(os.environ.get("W3C", ROOT.parent / "shared" / "w3c")) / "shacl"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
INCLUDE, ENTRIES = ox.NamedNode(f"{MF}include"), ox.NamedNode(f"{MF}entries")
ACTION, RESULT = ox.NamedNode(f"{MF}action"), ox.NamedNode(f"{MF}result")
DATA, SHAPES = ox.NamedNode(f"{SHT}dataGraph"), ox.NamedNode(f"{SHT}shapesGraph")
FAILURE = ox.NamedNode(f"{SHT}Failure")
TESTS = 121

# Where the reference alone does not pass, and the suite is followed.
REFERENCE_FAILS = {
    "core/property/uniqueLang-002": "uniqueLang",
    "sparql/pre-binding/shapesGraph-001": "shapesGraph",
}

needs_suite = pytest.mark.skipif(not SUITE.is_dir(), reason="no SHACL suite: set W3C to its folder")


@dataclass(frozen=True)
class Case:
    name: str
    data: list[ox.Quad]
    shapes: list[ox.Quad]
    expected: ShapesGraph
    report: Term


def read(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=path.as_uri()))


def path_of(term: Term) -> Path:
    return Path(term.value.removeprefix("file://"))


def cases(manifest: Path) -> Iterator[Case]:
    quads = read(manifest)
    graph = ShapesGraph(quads)
    for _, included in graph.pairs(INCLUDE):
        yield from cases(path_of(included))
    for _, head in graph.pairs(ENTRIES):
        for entry in graph.items(head) or []:
            (action,) = graph.objects(entry, ACTION)
            (report,) = graph.objects(entry, RESULT)
            parts = [graph.objects(action, part)[0] for part in (DATA, SHAPES)]
            data, shapes = (
                quads if path_of(part) == manifest else read(path_of(part)) for part in parts
            )
            place = manifest.relative_to(SUITE).parent
            yield Case(f"{place}/{Path(entry.value).name}", data, shapes, graph, report)


def strays(found: list[Case]) -> Iterator[Case]:
    """Tests that lie in the folder although no manifest includes them."""
    names = {case.name for case in found}
    for path in sorted(SUITE.rglob("*.ttl")):
        name = str(path.relative_to(SUITE).with_suffix(""))
        if name not in names and "sht:Validate" in path.read_text(encoding="utf-8"):
            yield from cases(path)


CASES = list(cases(SUITE / "manifest.ttl")) if SUITE.is_dir() else []
CASES += list(strays(CASES))


def as_graph(triples: list[ox.Quad] | list[ox.Triple]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(tuple(rdflib_term(t) for t in (triple.subject, triple.predicate, triple.object)))
    return graph


class ReferenceFailure(Exception):
    pass


def reference(shapes: list[ox.Triple] | list[ox.Quad], data: list[ox.Quad]) -> ShapesGraph:
    _, report, _ = pyshacl.validate(
        as_graph(data), shacl_graph=as_graph(shapes), inference="none", advanced=False
    )
    if not isinstance(report, Graph):
        raise ReferenceFailure(str(report))
    lines = report.serialize(format="nt", encoding="utf-8")
    return ShapesGraph(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))


def keys(results: list[Result], paths: ShapesGraph, constraints: bool) -> Counter[tuple[str, ...]]:
    def name(term: Term | None) -> str:
        return "_:" if isinstance(term, ox.BlankNode) else str(term)

    return Counter(
        (
            name(result.focus),
            read_path(paths, result.path).sparql() if result.path else "",
            name(result.value),
            name(result.component),
            name(result.shape),
            name(result.severity),
            name(result.constraint) if constraints else "",
        )
        for result in results
    )


def outcome(case: Case) -> tuple[list[Result], ShapesGraph]:
    graph = ShapesGraph(case.shapes)

    def fallback(triples: list[ox.Triple]) -> list[Result]:
        return read_report(reference(triples, case.data))

    return list(validate(case.shapes, case.data, fallback).results), graph


def expected(case: Case) -> list[Result]:
    own = ShapesGraph([])
    own.out = {**case.expected.out, case.report: dict(case.expected.out[case.report])}
    only = {s: dict(o) for s, o in own.out.items()}
    for subject, statements in only.items():
        if subject != case.report and sh.ValidationReport in statements.get(rdf.type, {}):
            statements[rdf.type] = {}
    own.out = only
    return read_report(own)


@needs_suite
def test_the_suite_is_whole() -> None:
    assert len(CASES) == TESTS
    assert set(REFERENCE_FAILS) <= {case.name for case in CASES}
    assert set(REFERENCE_FAILS.values()) <= set(DEPARTURES)


@needs_suite
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_suite(case: Case) -> None:
    if case.report == FAILURE:
        with pytest.raises((ShapesError, ReferenceFailure)):
            outcome(case)
        return
    wanted = expected(case)
    results, graph = outcome(case)
    constraints = any(result.constraint for result in wanted)
    assert keys(results, graph, constraints) == keys(wanted, case.expected, constraints)
    for result in wanted:
        for message in result.messages:
            assert any(message in other.messages for other in results)


@needs_suite
@pytest.mark.parametrize("name", sorted(REFERENCE_FAILS))
def test_the_reference_still_departs(name: str) -> None:
    """When this fails, the reference has been mended: strike the case from the list."""
    (case,) = (case for case in CASES if case.name == name)
    try:
        report = reference(case.shapes, case.data)
    except (ReferenceFailure, NotImplementedError):
        return
    found = keys(read_report(report), report, constraints=False)
    assert found != keys(expected(case), case.expected, constraints=False)
