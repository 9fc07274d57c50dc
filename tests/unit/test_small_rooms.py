"""errors, formats, names, settings, terms, lineage: small rooms, small tests."""

from __future__ import annotations

import inspect

import pyoxigraph as ox
import pytest

from kg import errors, formats
from kg.errors import FormatError, KgError, SettingsError
from kg.lineage import support
from kg.model import Citation, Claim
from kg.names import Names, con
from kg.settings import ServeSettings
from kg.terms import rdflib_term


def test_the_tree_of_errors_is_drawn_and_exported() -> None:
    classes = {
        name: cls
        for name, cls in vars(errors).items()
        if inspect.isclass(cls) and issubclass(cls, KgError) and not name.startswith("_")
    }
    assert set(errors.__all__) == set(classes)
    drawing = errors.__doc__ or ""
    codes = set()
    for name, cls in classes.items():
        line = next(x for x in drawing.splitlines() if f" {name} " in x or x.endswith(name))
        assert f"exit {cls.exit_code}" in line
        assert str(cls.status) in line
        codes.add(cls.code)
    assert len(codes) == len(classes)


def test_an_error_in_one_line() -> None:
    error = KgError("it is wrong", where="file.ttl:3", hint="mend it")
    assert error.line() == "file.ttl:3: it is wrong (mend it)"
    assert str(KgError("it is wrong")) == "it is wrong"


def test_formats_are_unambiguous() -> None:
    for kind in (formats.RESULTS, formats.GRAPHS):
        types = [media for form in kind for media in form.media_types]
        assert len(types) == len(set(types))
    suffixes = [form.suffix for form in formats.FORMATS]
    assert len(suffixes) == len(set(suffixes))
    assert formats.by_name("ttl") is formats.by_name("turtle")
    with pytest.raises(FormatError, match="yaml"):
        formats.by_name("yaml")
    with pytest.raises(FormatError):
        formats.by_name("csv", kind="graph")


@pytest.mark.parametrize(
    ("identifier", "good"),
    [
        ("nargin-camp", True),
        ("claim/suleymanov-2022/6", True),
        ("question/a--b", True),
        ("", False),
        ("Upper", False),
        ("dot.dot", False),
        ("-dash", False),
        ("ə", False),
        ("a%20b", False),
        ("x" * 121, False),
    ],
)
def test_minted_ids(identifier: str, good: bool) -> None:
    names = Names()
    assert names.identifier(names.thing(identifier)) == (identifier if good else None)
    assert names.identifier("https://elsewhere.org/id/x") is None


def test_compact_and_expand() -> None:
    names = Names(prefixes={"con": con.iri, "id": "https://e.org/id/", "q": "https://e.org/id/q/"})
    assert names.compact(con.iri + "Claim") == "con:Claim"
    assert names.compact("https://e.org/id/q/one") == "q:one"
    assert names.compact("https://e.org/id/claim/a/1") == "<https://e.org/id/claim/a/1>"
    assert names.compact("mailto:a@b.org") == "<mailto:a@b.org>"
    assert names.expand("q:one") == "https://e.org/id/q/one"
    assert names.expand("<a:b>") == "a:b"
    assert names.expand("https://x.org/y") == "https://x.org/y"
    assert names.expand("no iri") is None


def test_settings_come_from_arguments_then_environment_then_defaults() -> None:
    env = {"KG_PORT": "9000", "KG_HOST": "::1"}
    assert ServeSettings.from_environment(environ={}).base_iri == "http://127.0.0.1:8000/"
    found = ServeSettings.from_environment(environ=env)
    assert (found.host, found.port, found.base_iri) == ("::1", 9000, "http://[::1]:9000/")
    assert ServeSettings.from_environment(port=1, environ=env).port == 1
    given = ServeSettings.from_environment(base_iri="https://e.org/kg", environ={})
    assert given.base_iri == "https://e.org/kg/"


@pytest.mark.parametrize(
    "bad",
    [
        {"port": 70000},
        {"port": -1},
        {"environ": {"KG_PORT": "http"}},
        {"base_iri": "e.org"},
        {"base_iri": "ftp://e.org/"},
        {"base_iri": "https://e.org/?x"},
    ],
)
def test_bad_settings_name_the_option(bad: dict) -> None:
    with pytest.raises(SettingsError) as caught:
        ServeSettings.from_environment(**{"environ": {}, **bad})
    assert caught.value.where
    assert caught.value.hint


def test_terms_keep_what_was_written() -> None:
    integer = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    assert str(rdflib_term(ox.Literal("007", datatype=integer))) == "007"
    assert rdflib_term(ox.Literal("ad", language="az")).language == "az"
    assert rdflib_term(ox.BlankNode("b")).n3() == "_:b"


def claim(number: int, cites: tuple[str, ...] = ()) -> Claim:
    return Claim(
        iri=f"c{number}", question="q", stated_in="book", stance="endorses", modality=None,
        figure=None, object=None, date=None, no_value=None, during=None, later_than=(),
        contrasted_with=(), cites=cites, withdrawn=False,
    )  # fmt: skip


def test_citations_of_one_work_are_one_line() -> None:
    citations = {
        "n1": Citation("n1", "record", "full"),
        "n2": Citation("n2", "record", "resolved"),
        "n3": Citation("n3", "other", "presumed"),
        "n4": Citation("n4", "placeholder", "dangling"),
    }
    found = support([claim(1, ("n1", "n2")), claim(2, ("n2", "n3")), claim(3, ("n4",))], citations)
    assert found.lines == {"record": ("c1", "c2"), "other": ("c2",)}
    assert found.independent == 2
    assert found.broken == {"n4": ("c3",)}
    assert found.presumed == ("n3",)


def test_without_a_citation_the_work_itself_is_the_line() -> None:
    assert support([claim(1), claim(2)], {}).lines == {"book": ("c1", "c2")}
    assert support([claim(1, ("gone",))], {}).broken == {"gone": ("c1",)}
    assert support([], {}).independent == 0
