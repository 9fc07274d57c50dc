"""Each shape has one file that breaks it alone and one valid neighbour, in tests/shapes/.

``invalid-NAME.ttl`` (``warning-NAME.ttl`` for a shape that only warns) must give a report that
names exactly consh:NAME; ``valid-NAME.ttl``, the same data with the mistake mended, an empty one.
So no shape can be removed, or loosened until it says nothing, without a test that fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH

from kg import reference, shapes
from kg.dataset import Dataset, File, read_file
from kg.names import consh

pytestmark = pytest.mark.xdist_group("shapes")  # one process, so that each union is validated once

FOLDER = Path(__file__).resolve().parents[1] / "shapes"


@pytest.fixture(scope="module")
def shapes_graph(article: Dataset) -> Graph:
    return reference.graph_of(quad for file in article.shapes for quad in file.quads)


def reporting(graph: Graph) -> dict[str, URIRef]:
    """The shapes that appear in reports by their own name: those with a message."""
    found = {}
    for node in set(graph.subjects(SH.message, None)):
        if isinstance(node, URIRef):
            found[str(node).removeprefix(consh.iri)] = node
    return found


def files(prefix: str) -> dict[str, Path]:
    return {
        path.stem.removeprefix(f"{prefix}-"): path
        for path in sorted(FOLDER.glob(f"{prefix}-*.ttl"))
    }


def names(article_shapes_folder: Path) -> list[str]:
    graph = Graph()
    for path in sorted(article_shapes_folder.glob("*.ttl")):
        graph.parse(path)
    return sorted(reporting(graph))


NAMES = names(Path(__file__).resolve().parents[2] / "ontology" / "shapes")


def in_namespaces_of_their_own(prefix: str) -> Iterator[tuple[Path, tuple[ox.Quad, ...]]]:
    """Each file with its triples, in a namespace that no other file has."""
    space = "https://example.org/invented/"
    for name, path in files(prefix).items():
        text = path.read_text(encoding="utf-8").replace(space, f"{space}{name}/")
        yield path, tuple(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))


def reports(article: Dataset, prefix: str) -> dict[str, list[shapes.Finding]]:
    """The findings on each file ``PREFIX-*.ttl``, by file.

    All files are validated in one union, because that is some hundred times faster than one by
    one; each gets a namespace of its own first, so that none sees another.
    """
    found: dict[str, list[shapes.Finding]] = {}
    union = []
    owners = {}
    for path, quads in in_namespaces_of_their_own(prefix):
        name = path.stem.removeprefix(f"{prefix}-")
        owners.update({q.subject.value: name for q in quads if hasattr(q.subject, "value")})
        union.append(File(path, "https://example.org/graph/test", quads, {}))
        found[name] = []
    for finding in shapes.findings(replace(article, files=tuple(union))):
        found[owners[finding.focus]].append(finding)
    return found


@pytest.fixture(scope="module")
def broken(article: Dataset) -> dict[str, list[shapes.Finding]]:
    return {**reports(article, "invalid"), **reports(article, "warning")}


@pytest.fixture(scope="module")
def sound(article: Dataset) -> dict[str, list[shapes.Finding]]:
    return reports(article, "valid")


def test_each_shape_has_its_files_and_each_file_its_shape() -> None:
    broken = {**files("invalid"), **files("warning")}
    assert set(files("invalid")).isdisjoint(files("warning"))
    assert sorted(broken) == NAMES
    assert sorted(files("valid")) == NAMES


def test_shapes_have_names_messages_and_reasons(shapes_graph: Graph) -> None:
    for kind in (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint):
        for node in shapes_graph.subjects(RDF.type, kind):
            assert isinstance(node, URIRef), f"a {kind} without an IRI"
            assert str(node).startswith(consh.iri)
    for name, node in reporting(shapes_graph).items():
        message = shapes_graph.value(node, SH.message)
        assert str(message).endswith("."), f"{name}: the message is no sentence"
        reason = shapes_graph.value(node, RDFS.comment)
        assert reason is not None, f"{name} has no reason (rdfs:comment)"
        assert len(str(reason)) > 20


@pytest.mark.parametrize("name", NAMES)
def test_the_file_breaks_this_shape_alone(
    broken: dict[str, list[shapes.Finding]], name: str
) -> None:
    assert {f.rule.removeprefix(consh.iri) for f in broken[name]} == {name}


@pytest.mark.parametrize("name", NAMES)
def test_the_neighbour_breaks_none(sound: dict[str, list[shapes.Finding]], name: str) -> None:
    assert sound[name] == []


@pytest.mark.parametrize("prefix", ["invalid", "warning", "valid"])
def test_our_engine_and_the_reference_agree(article: Dataset, prefix: str) -> None:
    union = [
        File(path, "https://example.org/graph/test", quads, {})
        for path, quads in in_namespaces_of_their_own(prefix)
    ]
    shapes.findings(replace(article, files=tuple(union)), engine="both")


def test_severity_is_told_by_the_file_name(shapes_graph: Graph) -> None:
    for name, node in reporting(shapes_graph).items():
        warns = shapes_graph.value(node, SH.severity) == SH.Warning
        assert warns == (name in files("warning")), name


def test_a_finding_says_where_and_why(article: Dataset) -> None:
    path = files("invalid")["claim-answers"]
    file = read_file(path, "https://example.org/graph/test")
    finding = shapes.findings(replace(article, files=(file,)))[0]
    assert finding.place.startswith("tests/shapes/invalid-claim-answers.ttl:") or Path(
        finding.place.rsplit(":", 2)[0]
    ).samefile(path)
    assert finding.severity == "violation"
    assert finding.message.endswith(".")
    assert finding.reason
