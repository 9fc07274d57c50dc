from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.catalogue import Catalogue, parse
from kg.errors import CatalogueError, ParameterError, UnknownQuery
from kg.names import Names

NAMES = Names(root="https://e.org/", prefixes={"e": "https://e.org/id/"})
TEXT = """\
#+ summary: Who says so?
#+ description: "More: of it."
#+ params:
#+   - {name: thing, type: iri, description: the thing}
#+   - {name: word, type: string, description: a word}
#+   - {name: n, type: integer, description: a number}
#+   - {name: day, type: edtf, description: a day}
#+   - {name: name, type: langString, description: a name}
#+ returns:
#+   who: somebody
SELECT ?who WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?word { "x" }
  VALUES ?n { UNDEF }
  VALUES ?day { UNDEF }
  VALUES ?name { UNDEF }
  ?who ?says ?thing , ?word , ?n , ?day , ?name
} ORDER BY ?who
"""


def stored(text: str = TEXT):
    return parse(text, name="topic/who", path=Path("topic/who.rq"))


def test_the_header_is_read() -> None:
    query = stored()
    assert (query.question, query.description) == ("Who says so?", "More: of it.")
    assert [(p.name, p.type, p.default) for p in query.params][:2] == [
        ("thing", "iri", "UNDEF"),
        ("word", "string", '"x"'),
    ]
    assert query.returns == {"who": "somebody"}


@pytest.mark.parametrize(
    "value", ["one", "e:one", "https://e.org/id/one", "<https://e.org/id/one>"]
)
def test_an_iri_may_be_given_in_four_ways(value: str) -> None:
    assert "VALUES ?thing { <https://e.org/id/one> }" in stored().fill({"thing": value}, NAMES)


def test_values_are_terms_never_text() -> None:
    nasty = '" } } # \\ \n DROP'
    filled = stored().fill({"word": nasty}, NAMES)
    line = filled[filled.index("VALUES ?word") : filled.index("  VALUES ?n")]
    results = ox.Store().query(f"SELECT ?word WHERE {{ {line} }}")
    assert [row["word"].value for row in results] == [nasty]


def test_typed_values() -> None:
    filled = stored().fill({"n": "12", "day": "1920-06~", "name": "Şuşa@tr"}, NAMES)
    assert '"12"^^<http://www.w3.org/2001/XMLSchema#integer>' in filled
    assert '"1920-06~"^^<http://id.loc.gov/datatypes/edtf/EDTF>' in filled
    assert '"Şuşa"@tr' in filled


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thing", "no iri"),
        ("thing", "<a> <b>"),
        ("thing", "https://e.org/> } DROP"),
        ("n", "twelve"),
        ("name", "no language"),
        ("absent", "x"),
    ],
)
def test_bad_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(ParameterError) as caught:
        stored().fill({name: value}, NAMES)
    assert caught.value.hint or caught.value.where


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {}",
        "#+ summary: no question\nSELECT * {}",
        "#+ summary: Who: what?\n#+ params: [}\nSELECT * {}",
        TEXT.replace("  VALUES ?n { UNDEF }\n", ""),
        TEXT.replace("type: integer", "type: number"),
    ],
)
def test_bad_headers_are_refused_with_the_file(text: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        stored(text)
    assert "who.rq" in caught.value.where


def test_names_may_be_short_where_they_are_alone(tmp_path: Path) -> None:
    for name in ("a/one", "b/one", "b/two"):
        path = tmp_path / f"{name}.rq"
        path.parent.mkdir(exist_ok=True)
        path.write_text("#+ summary: Who?\nASK {}", encoding="utf-8")
    catalogue = Catalogue.read(tmp_path)
    assert [q.name for q in catalogue] == ["a/one", "b/one", "b/two"]
    assert catalogue.get("two").name == "b/two"
    with pytest.raises(UnknownQuery, match="a/one or b/one"):
        catalogue.get("one")
    with pytest.raises(UnknownQuery, match="b/two"):
        catalogue.get("b/tvo")
    assert len(Catalogue.read(tmp_path / "absent")) == 0


def wordings(folder: Path, text: str) -> Catalogue:
    (folder / "topic").mkdir()
    (folder / "topic/who.rq").write_text(TEXT, encoding="utf-8")
    (folder / "tr.yaml").write_text(text, encoding="utf-8")
    return Catalogue.read(folder)


def test_wordings_stand_beside_the_topics(tmp_path: Path) -> None:
    text = (
        "topics: {topic: Konu}\nquestions:\n  topic/who:\n    summary: Kim diyor?\n"
        "words:\n  the thing: şey\n"
    )
    found = wordings(tmp_path, text).wordings
    assert list(found) == ["tr"]
    assert found["tr"].topics == {"topic": "Konu"}
    assert found["tr"].questions == {"topic/who": ("Kim diyor?", "")}
    assert found["tr"].words == {"the thing": "şey"}


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ('questions: {topic/hwo: {summary: "Kim?"}}', "'topic/hwo'", "topic/who"),
        ('questions: {topic/who: {title: "Kim?"}}', "other parts", "words:"),
        ("question: {}", "other parts", "questions:"),
        ("words: {the thing: 7}", "has no text", "double quotes"),
        ("words: [the thing]", "no list of names", "one on each line"),
        ("words: {the thing: a: b}", "not YAML", "double quotes"),
    ],
)
def test_wordings_that_are_wrong_say_where(tmp_path: Path, text: str, said: str, hint: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        wordings(tmp_path, text)
    assert said in caught.value.message
    assert hint in (caught.value.hint or "")
    assert "tr.yaml" in (caught.value.where or "")


def test_the_name_of_a_file_of_wordings_is_a_language(tmp_path: Path) -> None:
    (tmp_path / "turkish_.yaml").write_text("{}", encoding="utf-8")
    with pytest.raises(CatalogueError, match="no tag of a language"):
        Catalogue.read(tmp_path)
    with pytest.raises(CatalogueError, match="no tag of a language"):
        stored("#+ language: 5\n" + TEXT)


@pytest.mark.parametrize("language", ["az", "ru", "tr"])
def test_every_shipped_query_is_worded_in_every_language_of_the_pages(language: str) -> None:
    catalogue = Catalogue.read(Path(__file__).parents[2] / "queries")
    found = catalogue.wordings[language]
    asked = {q.name: (bool(q.question), bool(q.description)) for q in catalogue}
    assert {n: (bool(s), bool(d)) for n, (s, d) in found.questions.items()} == asked
    assert found.topics.keys() == {q.topic for q in catalogue}
    parameters = {p.description for q in catalogue for p in q.params}
    words = parameters | {text for q in catalogue for text in q.returns.values()}
    assert found.words.keys() == words
    assert not any(text == word for word, text in found.words.items())
