"""What holds for every stored query: its header, its text, its variables, its order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
from stored import CATALOGUE, NAMES, OF_THE_INVENTED, Asked, read

from kg import dataset as datasets
from kg import store
from kg.dataset import Dataset
from kg.derive import derive
from kg.engine import Engine, Request, guard

HEADER = re.compile(r"^#\+.*\n", re.MULTILINE)  # a rule's examples have names of their own
PREFIX = re.compile(r"^PREFIX (\w[\w-]*): <([^>]*)>$", re.MULTILINE)
VALUES = re.compile(r"^ *VALUES \?(\w+) \{ ([^{}]*) \}$", re.MULTILINE)

each = pytest.mark.parametrize("name", NAMES)


def test_these_questions_can_be_asked():
    assert set(NAMES) >= {
        "absences/stated",
        "claims/doubted",
        "claims/from-source",
        "claims/unconfirmed",
        "claims/without-note",
        "disagreement/compatible-rivals",
        "disagreement/effect-of-policies",
        "disagreement/effect-of-sides",
        "disagreement/kinds",
        "disagreement/not-comparable",
        "disagreement/of-one-question",
        "disagreement/register",
        "events/leaders",
        "events/where-and-when",
        "figures/for-one-question",
        "figures/growth-in-order",
        "figures/lowest-and-highest",
        "figures/of-things",
        "figures/parts-and-whole",
        "figures/side-by-side",
        "participation/by-side-and-role",
        "participation/units-and-strength",
        "people/names",
        "people/of-a-group",
        "people/roles-and-offices",
        "places/held-by",
        "places/names",
        "places/what-happened",
        "sources/attribution-against-citation",
        "sources/citation-chain",
        "sources/dangling-short-forms",
        "sources/independent-lines",
        "sources/resting-on-a-file",
        "things/about",
    }


@each
def test_the_header_tells_a_reader_what_comes(name: str) -> None:
    query = CATALOGUE.get(name)
    assert query.question.endswith("?")
    assert query.description.endswith(".")
    assert all(p.description for p in query.params)
    assert all(query.returns.values())


@each
def test_each_parameter_is_a_values_line_with_one_default(name: str) -> None:
    query = CATALOGUE.get(name)
    lines = VALUES.findall(query.text)
    assert {variable for variable, _ in lines} == {p.name for p in query.params}
    for parameter in query.params:
        assert {default for variable, default in lines if variable == parameter.name} == {
            parameter.default
        }


@each
def test_it_selects_by_name_and_orders(name: str) -> None:
    body = PREFIX.sub("", CATALOGUE.get(name).text)
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", body)
    assert re.search(r"^ORDER BY ", body, re.MULTILINE)
    assert "FROM" not in body


@each
def test_its_prefixes_are_those_of_the_table_and_all_used(name: str, article: Dataset) -> None:
    text = CATALOGUE.get(name).text
    declared = PREFIX.findall(text)
    assert declared == sorted(declared)
    assert dict(declared).items() <= article.names.prefixes.items()
    body = PREFIX.sub("", HEADER.sub("", text))
    assert {prefix for prefix, _ in declared} == set(re.findall(r"(?<![\w/])(\w[\w-]*):\w", body))


@each
def test_it_names_no_term_and_no_thing_that_is_not_there(name: str, article: Dataset) -> None:
    body = PREFIX.sub("", HEADER.sub("", CATALOGUE.get(name).text))
    known = {quad.subject.value for quad in article.quads()}
    for prefix, local in re.findall(r"(?<![\w/])(\w[\w-]*):([\w-]+)", body):
        iri = article.names.prefixes[prefix] + local
        assert iri in known or not iri.startswith(article.names.root), f"{prefix}:{local}"


@each
def test_the_guard_lets_it_pass(name: str) -> None:
    guard.admit(CATALOGUE.get(name).text)


@each
def test_it_gives_the_variables_that_it_documents(name: str, asked_of: Mapping[str, Asked]) -> None:
    rows = asked_of["invented"].rows(name, OF_THE_INVENTED.get(name))
    assert rows
    assert list(rows[0]) == list(CATALOGUE.get(name).returns)


@each
def test_it_has_no_rows_on_an_empty_dataset(name: str, empty: Path) -> None:
    dataset = datasets.load(empty)
    engine = Engine(store.build(dataset, derive(dataset)), dataset.names)
    assert read(engine.answer(Request(CATALOGUE.get(name).text)).body, dataset.names) == []


def filled(quads: Iterable[ox.Quad]) -> ox.Store:
    found = ox.Store()
    for quad in quads:
        found.add(quad)
    return found


@pytest.fixture(scope="session")
def both_ways(invented: Dataset) -> tuple[Engine, Engine]:
    """The same quads in two stores, loaded in opposite orders."""
    quads = sorted(store.build(invented, derive(invented)), key=str)
    return tuple(Engine(filled(q), invented.names) for q in (quads, reversed(quads)))


@each
def test_the_order_is_total(name: str, both_ways: tuple[Engine, Engine], invented: Dataset) -> None:
    """Not one byte depends on the order in which the data were loaded."""
    request = Request(CATALOGUE.get(name).fill(OF_THE_INVENTED.get(name, {}), invented.names))
    one, other = both_ways
    assert one.answer(request).body == other.answer(request).body
