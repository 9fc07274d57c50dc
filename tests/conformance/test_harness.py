"""The comparisons of the conformance run: equal answers are equal, and every fault is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from w3c import answers, record
from w3c.answers import Solutions, same
from w3c.evaluation import FAILED, PASSED, REFUSED, Outcome

XSD = "http://www.w3.org/2001/XMLSchema#"
A, B = ox.NamedNode("x:a"), ox.NamedNode("x:b")
N, M = ox.BlankNode("n"), ox.BlankNode("m")


def number(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


def table(*rows: dict[str, answers.Term], names: str = "x y") -> Solutions:
    return Solutions(names.split(), list(rows))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (table({"x": A}, {"x": B}), table({"x": B}, {"x": A})),
        (table({"x": N}), table({"x": M})),
        (table({"x": N, "y": M}, {"x": M}), table({"x": M, "y": N}, {"x": N})),
        (table(names="x y"), table(names="y x")),
        (table({"x": N}, {"x": N}), table({"x": M}, {"x": M})),
    ],
)
def test_the_same_table(one: Solutions, other: Solutions) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (table({"x": A}), table({"x": B})),
        (table({"x": A}), table({"y": A})),
        (table({"x": A}), table({"x": A}, {"x": A})),
        (table({"x": A}), table({"x": A, "y": A})),
        (table({"x": A}), table({"x": ox.Literal("x:a")})),
        (table({"x": ox.Literal("a")}), table({"x": ox.Literal("a", language="en")})),
        (table({"x": N}), table({"x": N}, {"x": M})),
        (table({"x": N}, {"x": N}), table({"x": N}, {"x": M})),
        (table({"x": N, "y": N}), table({"x": N, "y": M})),
        (table({"x": N, "y": M}, {"x": M}), table({"x": N, "y": M}, {"x": N})),
        (table({"x": N, "y": M}), table({"x": N, "y": A})),
        (table(names="x"), table(names="x y")),
        (table({"x": number("1", "integer")}), table({"x": number("2", "integer")})),
    ],
)
def test_another_table(one: Solutions, other: Solutions) -> None:
    assert not same(one, other)
    assert not same(other, one)
    assert not same(one, other, values=True)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (number("01", "integer"), number("1", "integer"), True),
        (number("1.50", "decimal"), number("1.5", "decimal"), True),
        (number("-0.0", "decimal"), number("0", "decimal"), True),
        (number("100", "decimal"), number("1", "decimal"), False),
        (number("1.0E6", "double"), number("1000000", "double"), True),
        (number("1", "boolean"), number("true", "boolean"), True),
        (number("-3", "negativeInteger"), number("-3", "integer"), True),
        (number("1", "integer"), number("1", "decimal"), False),
        (number("1", "double"), number("1", "float"), False),
        (number("1.5", "decimal"), number("1.50001", "decimal"), False),
        (number("1", "boolean"), number("false", "boolean"), False),
        (number("01", "string"), number("1", "string"), False),
    ],
)
def test_numbers_by_value(one: ox.Literal, other: ox.Literal, equal: bool) -> None:
    assert not same(table({"x": one}), table({"x": other}))
    assert same(table({"x": one}), table({"x": other}), values=True) is equal


def test_graphs_are_compared_up_to_blank_nodes() -> None:
    def graph(turtle: str) -> ox.Dataset:
        return answers.from_graph(turtle.encode(), ox.RdfFormat.TURTLE, "x:base")

    assert same(graph("_:a <x:p> _:b ."), graph("_:z <x:p> [] ."))
    assert not same(graph("_:a <x:p> _:b ."), graph("_:a <x:p> _:a ."))
    assert not same(graph("<x:a> <x:p> 1 ."), graph("<x:a> <x:p> 01 ."))
    assert same(graph("<x:a> <x:p> 1 ."), graph("<x:a> <x:p> 01 ."), values=True)
    assert not same(graph("<x:a> <x:p> 1 ."), True)
    assert not same(True, False)


def test_the_four_formats_are_read_alike() -> None:
    store = ox.Store()
    text = """SELECT ?iri ?text ?tagged ?number ?none {
      VALUES (?iri ?text ?tagged ?number) {
        (<x:a> "tab\\t<&>\\"\\n" "əş"@az 1.5) (UNDEF "" UNDEF 2) } }"""
    forms = {
        ox.QueryResultsFormat.JSON: answers.from_json,
        ox.QueryResultsFormat.XML: answers.from_xml,
        ox.QueryResultsFormat.TSV: answers.from_tsv,
    }
    read = [reader(store.query(text).serialize(format=f)) for f, reader in forms.items()]
    assert len(read[0].rows) == 2
    assert all(same(read[0], other) for other in read[1:])
    header, rows = answers.table(store.query(text).serialize(format=ox.QueryResultsFormat.CSV))
    assert header == ["iri", "text", "tagged", "number", "none"]
    assert rows[0] == ["x:a", 'tab\t<&>"\n', "əş", "1.5", ""]


def whole() -> dict[str, list[Outcome]]:
    """A run of the right size in which everything passes that has no reason not to."""
    misses = iter(record.reasons().misses)
    groups = {
        group: [Outcome(f"{group}/{n}", PASSED) for n in range(size)]
        for group, size in record.SIZES.items()
    }
    for number, test in enumerate(misses):
        groups["SPARQL 1.1 Query"][number] = Outcome(test, FAILED, "as before")
    groups["SPARQL 1.1 Federated Query"] = [
        Outcome(f"service/{n}", REFUSED, "SERVICE") for n in range(10)
    ]
    return groups


def test_a_run_as_it_must_be_has_no_fault() -> None:
    assert record.faults(whole(), record.reasons()) == []


@pytest.mark.parametrize("group", [*record.SIZES])
def test_a_test_that_is_lost_is_a_fault(group: str) -> None:
    groups = whole()
    del groups[group][-1]
    (fault,) = record.faults(groups, record.reasons())
    assert group in fault


def test_a_miss_without_a_reason_is_a_fault() -> None:
    groups = whole()
    groups["SPARQL 1.1 Update"][0] = Outcome("add/new", FAILED, "expected 204, got 500")
    (fault,) = record.faults(groups, record.reasons())
    assert fault == "add/new: expected 204, got 500"


def test_a_reason_without_a_miss_is_a_fault() -> None:
    groups = whole()
    first = groups["SPARQL 1.1 Query"][0]
    groups["SPARQL 1.1 Query"][0] = Outcome(first.test, PASSED)
    (fault,) = record.faults(groups, record.reasons())
    assert first.test in fault


@pytest.mark.parametrize("group", record.WHOLE)
def test_in_some_groups_no_reason_helps(group: str) -> None:
    groups = whole()
    why = record.Reasons({**record.reasons().misses, "p/q": "a reason"}, {})
    groups[group][0] = Outcome("p/q", FAILED, "no")
    (fault,) = record.faults(groups, why)
    assert "must pass" in fault


def test_results_are_written_one_test_a_line(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(record, "RESULTS", tmp_path / "results.json")
    content = record.document(whole(), record.reasons())
    record.write(content)
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    assert json.loads(text) == content
    assert sum('"test":' in line for line in text.splitlines()) == sum(record.SIZES.values())
