from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Dataset as RdfDataset
from rdflib import Graph

from kg.dataset import Dataset
from kg.errors import DatasetError, SettingsError
from kg.exports import export, export_dataset, read_context, write_whole
from kg.formats import GRAPHS, by_name


def quads_of(data: bytes, form) -> set[str]:
    """What an independent reader sees: rdflib for what it reads well, with graph names."""
    if form.quads:
        dataset = RdfDataset()
        dataset.parse(data=data, format={"jsonld": "json-ld"}.get(form.name, form.name))
        return {
            " ".join((s.n3(), p.n3(), o.n3(), g.n3() if hasattr(g, "n3") else str(g)))
            for s, p, o, g in dataset.quads()
        }
    names = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml"}
    graph = Graph().parse(data=data, format=names[form.name])
    return {" ".join(t.n3() for t in triple) for triple in graph}


# rdflib's readers of datasets use what rdflib itself has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize("form", GRAPHS, ids=lambda f: f.name)
def test_round_trip(either: Dataset, form) -> None:
    data = export_dataset(either, form)
    plain = by_name("nquads" if form.quads else "ntriples")
    reference = export(either.authored(), plain, either.names)
    assert quads_of(data, form) == quads_of(reference, plain)


@pytest.mark.parametrize("form", GRAPHS, ids=lambda f: f.name)
def test_the_same_bytes_every_time(invented: Dataset, form) -> None:
    quads = list(invented.authored())
    context = read_context(invented)
    assert export(quads, form, invented.names, context) == export(
        reversed(quads), form, invented.names, context
    )


def test_round_trip_through_the_engines_own_reader(either: Dataset) -> None:
    for form in GRAPHS:
        read = {
            ox.Triple(q.subject, q.predicate, q.object)
            for q in ox.parse(export_dataset(either, form), format=form.serializer)
        }
        assert read == {ox.Triple(q.subject, q.predicate, q.object) for q in either.authored()}


def test_one_source(invented: Dataset) -> None:
    data = export_dataset(invented, by_name("nquads"), source="trostnikov-1998")
    graphs = {line.split()[-2] for line in data.decode().splitlines()}
    assert graphs == {"<https://example.org/invented/graph/source/trostnikov-1998>"}
    with pytest.raises(DatasetError, match="absent"):
        export_dataset(invented, by_name("nquads"), source="absent")


def test_derived_graphs_are_added_when_asked(invented: Dataset) -> None:
    plain = export_dataset(invented, by_name("nquads")).decode()
    derived = export_dataset(invented, by_name("nquads"), derived=True).decode()
    assert "/graph/derived/" not in plain
    assert set(plain.splitlines()) < set(derived.splitlines())
    for rule in ("plain", "disagreements", "date-bounds"):
        assert f"/graph/derived/{rule}>" in derived


def test_an_empty_dataset_exports(empty: Path) -> None:
    from kg.dataset import load

    for form in GRAPHS:
        data = export_dataset(load(empty), form)
        assert list(ox.parse(data, format=form.serializer)) == []


def test_the_context_is_lossless_for_the_model(article: Dataset) -> None:
    context = read_context(article)
    assert context
    data = export(article.authored(), by_name("jsonld"), article.names, context)
    assert b'"answers"' in data
    assert b"https://w3id.org/contested/ontology#answers" not in data.partition(b'"@graph"')[2]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "out.ttl"
    write_whole(path, b"one")
    assert path.read_bytes() == b"one"
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(SettingsError, match="No space left"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]
    monkeypatch.undo()
    with pytest.raises(SettingsError):
        write_whole(tmp_path / "absent" / "out.ttl", b"x")
