"""What tests/invented/EXPECTED.md works out by hand from the model's rules is what we compute."""

from __future__ import annotations

import re
from fractions import Fraction

import pyoxigraph as ox
import pytest
from expected import table

from kg.dataset import Dataset
from kg.derive import DIFFERS_IN, VERSIONS, derive
from kg.figures import interval, kind
from kg.lineage import Lineage
from kg.model import Facts
from kg.names import con, edtf, prov, rdf
from kg.rivals import Rivals
from kg.sums import sums

ACROSS = "Pairs across related questions"


@pytest.fixture(scope="module")
def facts(invented: Dataset) -> Facts:
    return Facts(invented.quads())


@pytest.fixture(scope="module")
def rivals(facts: Facts) -> Rivals:
    return Rivals(facts)


@pytest.fixture(scope="module")
def derived(invented: Dataset) -> Facts:
    return Facts(derive(invented))


@pytest.fixture(scope="module")
def claims(facts: Facts, invented: Dataset):
    return {invented.names.compact(c.iri): c for c in facts.claims()}


def number(text: str) -> Fraction | None:
    return None if text == "unknown" else Fraction(text)


def test_intervals(claims) -> None:
    rows = table("Intervals")
    assert len(rows) > 30
    for row in rows:
        found = interval(claims[row["claim"]].figure)
        assert (found.low, found.high) == (number(row["low"]), number(row["high"])), row
        if found.low is not None:
            assert found.low_open == (row["low end"] == "open"), row
        if found.high is not None:
            assert found.high_open == (row["high end"] == "open"), row


def test_pairs_of_figures(claims, rivals: Rivals) -> None:
    rows = table("Pairs of figures")
    assert {r["kind"] for r in rows} >= {
        "successive", "same", "disjoint", "compatible-bound", "nested", "overlapping",
    }  # fmt: skip
    for row in rows:
        assert rivals.kind(claims[row["a"]], claims[row["b"]]) == row["kind"], row
        assert rivals.kind(claims[row["b"]], claims[row["a"]]) == row["kind"], row


def test_pairs_without_figures(claims, rivals: Rivals) -> None:
    meanings = {"yes": {"disjoint"}, "successive": {"successive"}}
    rows = table("Pairs without figures")
    assert len(rows) > 20
    for row in rows:
        found = rivals.kind(claims[row["a"]], claims[row["b"]])
        assert found == rivals.kind(claims[row["b"]], claims[row["a"]])
        if row["clash"] == "no":
            assert found not in ("disjoint", "successive"), row
        else:
            assert found in meanings[row["clash"]], row


def test_every_clash_is_in_the_tables(claims, rivals: Rivals, invented: Dataset) -> None:
    compact = invented.names.compact
    known = {
        frozenset((row["a"], row["b"]))
        for heading in ("Pairs of figures", "Pairs without figures")
        for row in table(heading)
    }
    for answering in rivals.by_question().values():
        for pair in rivals.pairs(answering):
            assert frozenset((compact(pair.a.iri), compact(pair.b.iri))) in known


def test_pairs_across_related_questions(claims, rivals: Rivals, invented: Dataset) -> None:
    compact = invented.names.compact
    answers = rivals.by_question()
    found = {
        (frozenset((compact(p.a.iri), compact(p.b.iri))), p.kind, ", ".join(p.differs))
        for question, others in rivals.related.items()
        for other in others
        for p in rivals.across(answers[question], answers[other])
    }
    rows = table(ACROSS)
    assert found == {(frozenset((r["a"], r["b"])), r["kind"], r["differs"]) for r in rows}


def test_the_derived_graph_holds_just_these_pairs(derived: Facts, claims, invented) -> None:
    compact = invented.names.compact
    found = {
        (
            frozenset(compact(c) for c in derived.values(pair, con.betweenClaim)),
            (derived.value(pair, con.disagreementKind) or "").rpartition("/")[2],
        )
        for pair in derived.instances(con.Disagreement)
    }
    of_figures = {row for row in found if all(claims[name].figure for name in row[0])}
    rows = table("Pairs of figures") + table(ACROSS)
    assert of_figures == {(frozenset((r["a"], r["b"])), r["kind"]) for r in rows}
    clashing = {pair for pair, name in found - of_figures if name == "disjoint"}
    others = [r for r in table("Pairs without figures") if r["clash"] == "yes"]
    assert clashing == {frozenset((r["a"], r["b"])) for r in others}


def test_the_derived_graph_says_in_what_questions_differ(derived: Facts, invented) -> None:
    compact = invented.names.compact
    found = {
        (
            frozenset(compact(c) for c in derived.values(pair, con.betweenClaim)),
            frozenset(derived.values(pair, con.differsIn)),
            frozenset(compact(q) for q in derived.values(pair, con.underQuestion)),
        )
        for pair in derived.instances(con.Disagreement)
        if derived.values(pair, con.differsIn)
    }
    assert found == {
        (
            frozenset((row["a"], row["b"])),
            frozenset(DIFFERS_IN[name].value for name in row["differs"].split(", ")),
            frozenset((row["question a"], row["question b"])),
        )
        for row in table(ACROSS)
    }


def listed(cell: str) -> set[str]:
    return set(re.findall(r"[\w:-]+", cell.replace("`", "")))


def test_independent_lines(facts: Facts, claims, derived: Facts, invented: Dataset) -> None:
    compact = invented.names.compact
    lineage = Lineage(facts)
    in_graph: dict[str, set[str]] = {}
    for line in derived.instances(con.SupportLine):
        question = compact(derived.value(line, con.supportsAnswerTo) or "")
        in_graph.setdefault(question, set()).add(compact(derived.value(line, con.leadsTo) or ""))
    for row in table("Independent lines"):
        question = invented.names.expand(row["question"])
        answering = [c for c in claims.values() if c.question == question and not c.withdrawn]
        assert len(answering) == int(row["claims"]), row
        found = lineage.support(answering)
        ends = listed(row["cited"]) | listed(row["uncited"])
        assert found.independent == int(row["lines"]) == len(ends), row
        assert {compact(end) for end in found.lines} == ends, row
        assert in_graph.get(row["question"], set()) == ends, row
        broken = {compact(lineage.citations[iri].work) for iri in found.broken}
        assert broken == listed(row["broken"]), row


def test_what_is_shown_beside_the_count(facts: Facts, claims, invented: Dataset) -> None:
    compact = invented.names.compact
    lineage = Lineage(facts)
    suspects = {(compact(s.citation), s.why) for s in lineage.suspects([claims["eq:3"]])}
    assert suspects == {("eqcite:n3", "same author as the citing work")}
    files = lineage.same_file([claims[n] for n in ("eq:1", "eq:2", "vt:1", "eq:11", "vt:12")])
    leaves = {(compact(a), compact(b)): shared for a, b, _, shared in files}
    assert leaves["eq:1", "vt:1"] is True
    assert leaves["eq:11", "vt:12"] is True
    assert leaves["eq:1", "eq:11"] is False
    presumed = lineage.support([claims["vt:10"]]).presumed
    assert [compact(iri) for iri in presumed] == ["vtcite:n8"]


def test_sums_of_whole_and_parts(rivals: Rivals, invented: Dataset) -> None:
    whole = rivals.questions[invented.names.expand("q:kazhvar-force--strength") or ""]
    found = {invented.names.compact(s.work): s for s in sums(whole, rivals.by_question())}
    rows = table("Sums of whole and parts")
    assert {row["work"].strip("`") for row in rows} == set(found)
    for row in rows:
        one = found[row["work"].strip("`")]
        assert len(one.numbered) == int(row["parts with a figure"].split()[0]), row
        assert len(one.unnumbered) == int(row["parts without"]), row
        assert one.parts.low == one.parts.high == int(row["sum"]), row
        assert one.at_most is None  # a part has no number
        if row["with the possible subtotal"].startswith("the same"):
            assert one.apart == one.parts
            assert one.subtotals == ()
        else:
            assert one.apart.low is None
            assert one.apart.high == int(row["with the possible subtotal"].rpartition("= ")[2])


def test_dates(derived: Facts, invented: Dataset) -> None:
    rows = table("Dates")
    assert len(rows) > 15
    dated = {s for s in derived.subjects() if derived.values(s, con.earliest)}
    dated |= {s for s in derived.subjects() if derived.values(s, con.latest)}
    assert {invented.names.compact(s) for s in dated} == {r["claim or question"] for r in rows}
    for row in rows:
        iri = invented.names.expand(row["claim or question"]) or ""
        assert (derived.value(iri, con.earliest) or "") == row["earliest"], row
        assert (derived.value(iri, con.latest) or "") == row["latest"], row


def test_plain_triples(derived: Facts, invented: Dataset) -> None:
    compact = invented.names.compact

    def shown(quad: ox.Quad) -> str:
        if isinstance(quad.object, ox.Literal):
            assert quad.object.datatype == edtf.EDTF
        return compact(quad.object.value) if isinstance(quad.object, ox.NamedNode) else (
            quad.object.value
        )  # fmt: skip

    graph = ox.NamedNode(invented.names.graph("derived/plain"))
    quads = [q for q in derive(invented) if q.graph_name == graph and q.predicate in con]
    plain = {
        (compact(q.subject.value), compact(q.predicate.value), shown(q))
        for q in quads
        if q.subject != graph
    }
    rows = table("Plain triples")
    assert plain == {(r["subject"], r["property"], r["object"]) for r in rows}
    grounds = {}
    for node in derived.instances(rdf.Statement):
        spo = [derived.value(node, p) or "" for p in (rdf.subject, rdf.predicate, rdf.object)]
        key = tuple(compact(x) if ":" in x else x for x in spo)
        grounds[key] = {compact(c) for c in derived.values(node, prov.wasDerivedFrom)}
    for row in rows:
        assert grounds[row["subject"], row["property"], row["object"]] == listed(row["claims"])


def test_derived_quads_are_reproducible(either: Dataset) -> None:
    assert [str(q) for q in derive(either)] == [str(q) for q in derive(either)]
    assert all(isinstance(q.graph_name, ox.NamedNode) for q in derive(either))


def test_each_derived_graph_says_how_it_was_made(derived: Facts, invented: Dataset) -> None:
    for rule, version in VERSIONS.items():
        graph = invented.names.graph(f"derived/{rule}")
        assert derived.values(graph, con.ruleVersion) == [version]
        made = derived.value(graph, prov.wasGeneratedBy) or ""
        source = derived.value(graph, prov.wasDerivedFrom) or ""
        assert derived.values(made, prov.used) == [source]
        assert source.endswith(invented.digest)
    assert derived.value(invented.names.graph("derived/disagreements"), con.aboutShare) == "0.1"
    assert derived.value(invented.names.graph("derived/plain"), con.policy)


def test_kind_at_other_widths(claims, facts: Facts) -> None:
    for row in table("Pairs of figures at another width"):
        a, b = claims[row["a"]], claims[row["b"]]
        widths = [name for name in row if name.endswith("%")]
        assert len(widths) > 2
        for name in widths:
            share = Fraction(name.rstrip(" %")) / 100
            assert kind(a.figure, b.figure, about=share) == row[name], (row, name)
            assert Rivals(facts, about=share).kind(a, b) == row[name], (row, name)
