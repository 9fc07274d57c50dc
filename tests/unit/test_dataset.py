from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import dataset as datasets
from kg import store
from kg.checking import check
from kg.dataset import Dataset
from kg.engine import Engine, Request
from kg.errors import DatasetError, NotADataset, ParseError
from kg.names import con, rdf


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


TRIPLE = "<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n"


def test_each_folder_is_a_graph(article: Dataset, invented: Dataset) -> None:
    graphs = {f.graph for f in article.files}
    assert graphs == {
        "https://w3id.org/contested/graph/entities",
        "https://w3id.org/contested/graph/source/suleymanov-2022",
    }
    assert invented.sources == ["quillfeather-2001", "trostnikov-1998"]
    assert all(f.graph.startswith("https://example.org/invented/graph/") for f in invented.files)


def test_a_dataset_without_a_model_stands_on_ours(invented: Dataset) -> None:
    stated = {q.subject for f in invented.ontology for q in f.quads}
    assert con.Claim in stated
    assert invented.shapes
    assert invented.names.prefixes["id"] == "https://example.org/invented/id/"
    assert "con" in invented.names.prefixes


def test_an_empty_dataset_is_empty(empty: Path) -> None:
    found = datasets.load(empty)
    assert list(found.quads()) == []
    assert check(found) == ()
    assert len(store.build(found)) == 0
    assert len(found.catalogue) == 0


@pytest.mark.parametrize("missing", ["ontology", "data"])
def test_a_folder_that_is_no_dataset(empty: Path, missing: str) -> None:
    (empty / missing).rmdir()
    with pytest.raises(NotADataset) as caught:
        datasets.load(empty)
    assert f"{missing}/" in caught.value.message
    assert caught.value.hint


def test_a_syntax_error_has_a_place_and_shows_the_line(empty: Path) -> None:
    text = "@prefix e: <https://e.org/> .\n\ne:s e:p e:o\ne:s e:q e:o .\n"
    write(empty / "data/sources/book/claims.ttl", text)
    with pytest.raises(ParseError) as caught:
        datasets.load(empty)
    assert caught.value.where.endswith("claims.ttl:4:1") or ":4:" in caught.value.where
    assert caught.value.excerpt.splitlines()[0] == "e:s e:q e:o ."
    assert caught.value.excerpt.splitlines()[1].strip() == "^"


@pytest.mark.parametrize("name", ["data/loose.ttl", "data/sources/loose.ttl", "data/other/x.ttl"])
def test_a_file_that_belongs_to_no_graph_is_refused(empty: Path, name: str) -> None:
    write(empty / name, TRIPLE)
    with pytest.raises(DatasetError) as caught:
        datasets.load(empty)
    assert "data/sources/<key>/" in caught.value.hint


def test_a_bad_source_key_is_refused(empty: Path) -> None:
    write(empty / "data/sources/My Book/claims.ttl", TRIPLE)
    with pytest.raises(DatasetError, match="My Book"):
        datasets.load(empty)


def test_other_files_are_left_alone(empty: Path) -> None:
    write(empty / "data/sources/book/README.md", "# notes\n")
    write(empty / "data/sources/book/.hidden.ttl", "not turtle")
    assert list(datasets.load(empty).quads()) == []


def test_a_triple_that_two_sources_state_counts_once(empty: Path) -> None:
    for key in ("first", "second"):
        write(empty / f"data/sources/{key}/claims.ttl", TRIPLE)
    found = datasets.load(empty)
    engine = Engine(store.build(found), found.names)

    def ask(text: str) -> str:
        return engine.answer(Request(text)).body.decode()

    where = "{ <https://e.org/s> ?p ?o }"
    assert '"value":"1"' in ask(f"SELECT (COUNT(*) AS ?n) WHERE {where}")
    assert ask(f"CONSTRUCT WHERE {where}").count("https://e.org/o") == 1
    assert '"value":"2"' in ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {where} }}")


def test_two_sources_that_state_one_title_break_no_cardinality(
    a_copy: Callable[..., Path],
) -> None:
    """sh:maxCount counts in the union, where the triple stands once."""
    folder = a_copy()
    line = (
        "<https://example.org/invented/id/claim/trostnikov-1998/1> "
        "<https://w3id.org/contested/ontology#stance> "
        "<https://w3id.org/contested/vocab/stance/reports> .\n"
    )
    before = datasets.load(folder)
    stance = next(
        q.object
        for q in before.authored()
        if q.subject.value.endswith("trostnikov-1998/1") and q.predicate == con.stance
    )
    again = line.rpartition("<")[0] + f"{stance} .\n"
    write(folder / "data/sources/quillfeather-2001/again.ttl", again)
    assert [f for f in check(datasets.load(folder)) if f.severity != "info"] == []
    other = "rejects" if not stance.value.endswith("rejects") else "reports"
    write(
        folder / "data/sources/quillfeather-2001/again.ttl",
        line.rpartition("/")[0] + f"/{other}> .\n",
    )
    assert {f.rule for f in check(datasets.load(folder))} != set()


def test_places_are_those_of_the_file(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    path = folder / "data/sources/quillfeather-2001/claims.ttl"
    found = datasets.load(folder)
    lines = path.read_text(encoding="utf-8").splitlines()
    claim = ox.NamedNode("https://example.org/invented/id/claim/quillfeather-2001/1")
    _, line, column = found.place(claim).rsplit(":", 2)
    assert column == "1"
    assert lines[int(line) - 1].startswith("eq:1 ")
    _, line, column = found.place(claim, con.comparator).rsplit(":", 2)
    assert lines[int(line) - 1][int(column) - 1 :].startswith("con:comparator")


def test_the_digest_is_that_of_the_statements_not_of_the_files(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    before = datasets.load(folder).digest
    path = folder / "data/entities/people.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a comment\n", encoding="utf-8")
    assert datasets.load(folder).digest == before
    path.write_text(path.read_text(encoding="utf-8") + TRIPLE, encoding="utf-8")
    assert datasets.load(folder).digest != before


def test_no_blank_nodes_and_stable_ids(either: Dataset) -> None:
    for quad in (*either.authored(), *(q for f in either.ontology for q in f.quads)):
        assert not isinstance(quad.subject, ox.BlankNode), quad
        assert not isinstance(quad.object, ox.BlankNode), quad
    for subject in {q.subject.value for q in either.authored()}:
        if subject.startswith(either.names.root):
            assert either.names.identifier(subject), subject


def test_files_of_other_editors(empty: Path) -> None:
    path = write(empty / "data/sources/book/claims.ttl", "")
    path.write_bytes(b"\xef\xbb\xbf" + TRIPLE.replace("\n", "\r\n").encode() * 2)
    found = datasets.load(empty)
    assert len(list(found.authored())) == 1
    assert found.place(ox.NamedNode("https://e.org/s")).endswith(":1:1")
    path.write_bytes("<a:s> <a:p> 'Şuşa' .".encode("cp1254"))
    with pytest.raises(ParseError):
        datasets.load(empty)


def test_choose(monkeypatch: pytest.MonkeyPatch, empty: Path, root: Path) -> None:
    elsewhere = empty.parent
    monkeypatch.chdir(elsewhere)
    assert datasets.choose(environ={}).path == root  # an editable install: the checkout
    assert datasets.choose(environ={"KG_DATASET": str(empty)}).path == empty
    assert datasets.choose(root, environ={"KG_DATASET": str(empty)}).path == root
    monkeypatch.chdir(empty)
    assert datasets.choose(environ={}).path == empty
    with pytest.raises(NotADataset):
        datasets.choose(environ={"KG_DATASET": str(elsewhere / "nowhere")})


def test_every_authored_claim_is_typed(article: Dataset) -> None:
    claims = {q.subject for q in article.authored() if q.predicate == con.answers}
    typed = {
        q.subject
        for q in article.authored()
        if q.predicate == rdf["type"] and q.object == con.Claim
    }
    assert claims == typed


@pytest.mark.parametrize(
    ("name", "text", "line", "at"),
    [
        ("a.ttl", '@prefix : <a:b> .\n\t:a :p "éé😀" ,\tnope:x .\n', 2, "nope:x"),
        ("b.ttl", '@prefix : <a:b> .\r\n:a :p """\n\n é"""  :b .\n', 4, ":b ."),
        ("c.nt", '<a:a> <a:p> "é😀" <a:g> <a:h> .\n', 1, "<a:g>"),
        ("d.nq", '<a:a> <a:p> "é" .\n<a:a> <a:p> "😀é" ; .\n', 2, "; ."),
        ("e.trig", '@prefix : <a:b> .\n:g { :a :p "é😀" ; ] }\n', 2, "] }"),
    ],
)
def test_a_syntax_error_shows_its_line_with_a_caret_below_the_place(
    name: str, text: str, line: int, at: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(ParseError) as caught:
        datasets.read_file(path, "https://e.org/g")
    assert caught.value.where is not None
    number, column = map(int, caught.value.where.rsplit(":", 2)[1:])
    shown, caret = caught.value.excerpt.split("\n")
    assert (number, shown) == (line, text.splitlines()[line - 1])
    assert abs(column - 1 - shown.index(at)) <= 1  # the parser may name the end of what is before
    assert caret.index("^") == column - 1
    assert [c == "\t" for c in caret[:-1]] == [c == "\t" for c in shown[: column - 1]]
