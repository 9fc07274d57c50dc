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
