"""The register of disputes. What the article's own figures must come out as falls out of claims
and rules: each expectation is asked again of a copy with one claim changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg.cli import main
from kg.dataset import Dataset, load
from kg.derive import derive
from kg.disputes import KINDS, Dispute, by_name, chain, register, share
from kg.errors import ParameterError
from kg.figures import STRENGTH
from kg.model import Facts
from kg.names import con
from kg.report import disputed
from kg.rivals import Rivals

ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "tests" / "invented"

RUSSIAN = "q:ottoman-army--prisoners-taken"
OTTOMAN = "q:russian-imperial-army--prisoners-taken"
IN_ALL = "q:nargin-camp--prisoners-held--in-all"
IN_1918 = "q:nargin-camp--prisoners-held--early-1918"
TO_1915 = "q:nargin-camp--prisoners-brought--to-march-1915"
LANKARAN = "q:lankaran-astara-rising--strength"
ENDED = "q:lankaran-astara-rising--ended"
BAND = "q:huseyin-band--strength"
FORCE = "q:force-ordered-26-october-1921--strength"


def ask(dataset: Dataset, question: str, **options: object) -> Dispute:
    iri = dataset.names.expand(question)
    return next(d for d in register(dataset, **options).disputes if d.question.iri == iri)


def changed(dataset: Dataset, change: Callable[[ox.Quad], ox.Quad | None]) -> Dataset:
    """A copy in which each quad is what `change` makes of it; None takes it out."""
    files = tuple(
        replace(f, quads=tuple(q for quad in f.quads if (q := change(quad)) is not None))
        for f in dataset.files
    )
    copy = replace(dataset, files=files)
    assert copy.digest != dataset.digest, "the change changes nothing"
    return copy


def answering(dataset: Dataset, question: str) -> set[ox.NamedNode]:
    node = ox.NamedNode(dataset.names.expand(question) or "")
    return {
        q.subject for q in dataset.authored() if q.predicate == con.answers and q.object == node
    }


def instead(
    dataset: Dataset, question: str, predicate: ox.NamedNode, old: str, new: str | None
) -> Dataset:
    """The claims of one question say `new` where they say `old`; None: they no longer say it."""
    about = answering(dataset, question) | {ox.NamedNode(dataset.names.expand(question) or "")}

    def change(quad: ox.Quad) -> ox.Quad | None:
        value = quad.object.value
        if quad.subject not in about or quad.predicate != predicate or not value.endswith(old):
            return quad
        if new is None:
            return None
        text = value[: len(value) - len(old)] + new
        literal = isinstance(quad.object, ox.Literal)
        term = ox.Literal(text, datatype=quad.object.datatype) if literal else ox.NamedNode(text)
        return ox.Quad(quad.subject, quad.predicate, term, quad.graph_name)

    return changed(dataset, change)


def kinds(dispute: Dispute) -> list[str]:
    return [pair.kind for pair in dispute.pairs]


# --- What the article's figures come out as


def test_ottoman_prisoners_in_russia(article: Dataset) -> None:
    found = ask(article, OTTOMAN)
    assert (found.kind, kinds(found)) == ("disjoint", ["disjoint"])
    assert [pair.set_against for pair in found.pairs] == [True]
    assert (found.envelope.low, found.envelope.high) == (19000, 70000)
    copy = instead(article, OTTOMAN, con.low, "60000", "20000")
    assert kinds(ask(copy, OTTOMAN)) == ["overlapping"]


def test_prisoners_through_the_nargin_camp(article: Dataset) -> None:
    assert ask(article, IN_ALL).kind == "disjoint"
    # 15,000 widened by half reaches 22,500.
    assert ask(article, IN_ALL, about=Fraction(1, 2)).kind == "overlapping"
    copy = instead(article, IN_ALL, con.point, "15000", "22000")
    assert kinds(ask(copy, IN_ALL)) == ["overlapping"]


def test_fighters_at_lankaran_and_astara(article: Dataset) -> None:
    found = ask(article, LANKARAN)
    assert (found.kind, kinds(found)) == ("compatible-bound", ["compatible-bound"])
    assert [pair.set_against for pair in found.pairs] == [True]
    assert (found.envelope.low, found.envelope.high) == (6000, None)
    assert found.envelope.known_high == 11000
    copy = instead(article, LANKARAN, con.comparator, "moreThan", "lessThan")
    assert kinds(ask(copy, LANKARAN)) == ["disjoint"]


def test_russian_prisoners(article: Dataset) -> None:
    found = ask(article, RUSSIAN)
    assert kinds(found) == ["compatible-bound"]
    assert [pair.set_against for pair in found.pairs] == [True]
    copy = instead(article, RUSSIAN, con.comparator, "moreThan", "lessThan")
    assert kinds(ask(copy, RUSSIAN)) == ["disjoint"]
    copy = instead(article, RUSSIAN, con.contrastedWith, "", None)
    assert [pair.set_against for pair in ask(copy, RUSSIAN).pairs] == [False]


def test_three_figures_at_nargin(article: Dataset) -> None:
    questions = {article.names.expand(q): q for q in (IN_ALL, IN_1918, TO_1915)}

    def across(dataset: Dataset) -> dict[frozenset[str], tuple[str, tuple[str, ...]]]:
        return {
            frozenset(questions[c.question] for c in (p.a, p.b)): (p.kind, p.differs)
            for d in register(dataset).disputes
            for p in d.across
            if d.question.iri in questions
            if p.a.question in questions and p.b.question in questions
        }

    assert across(article) == {
        frozenset((IN_ALL, IN_1918)): ("not-comparable", ("count mode", "time")),
        frozenset((IN_ALL, TO_1915)): ("not-comparable", ("count mode", "time", "property")),
        frozenset((IN_1918, TO_1915)): ("not-comparable", ("count mode", "time", "property")),
    }
    copy = instead(article, IN_ALL, con.relatedQuestion, "early-1918", None)
    assert frozenset((IN_ALL, IN_1918)) not in across(copy)
    copy = instead(article, IN_1918, con.countMode, "stock", "cumulative")
    assert across(copy)[frozenset((IN_ALL, IN_1918))] == ("not-comparable", ("time",))


def test_the_band_grows(article: Dataset) -> None:
    found = ask(article, BAND)
    assert sorted(c.figure.point for c in found.claims if c.figure) == [7, 50, 800]
    assert (found.kind, kinds(found)) == ("successive", ["successive"] * 3)
    copy = instead(article, BAND, con.laterThan, "", None)
    assert "disjoint" in kinds(ask(copy, BAND))


def test_the_end_of_the_lankaran_rising_contradicts_itself(article: Dataset) -> None:
    found = ask(article, ENDED)
    assert (found.kind, len(found.contradictions)) == ("disjoint", 1)
    copy = instead(article, ENDED, con.date, "1921-22", "1921-03")
    assert (ask(copy, ENDED).kind, ask(copy, ENDED).contradictions) == ("nested", ())
    doubting = instead(article, ENDED, con.stance, "endorses", "doubts")
    assert (ask(doubting, ENDED).kind, ask(doubting, ENDED).contradictions) == ("disjoint", ())


def test_two_reports_are_nobodys_contradiction(article: Dataset) -> None:
    for question in (OTTOMAN, IN_ALL):
        assert ask(article, question).kind == "disjoint"
        assert ask(article, question).contradictions == ()


def test_the_force_of_26_october_1921(article: Dataset) -> None:
    """Seven parts, one without a number, and a figure that may be their subtotal."""
    (found,) = ask(article, FORCE).sums
    assert (found.apart.low, found.parts.low) == (345, 255)
    assert (len(found.numbered), len(found.unnumbered), found.at_most) == (6, 1, None)
    assert found.modality == "ordered"
    part = "q:cavalry-of-united-military-school--strength"
    (found,) = ask(instead(article, part, con.point, "40", "50"), FORCE).sums
    assert (found.apart.low, found.parts.low) == (355, 265)
    (found,) = ask(instead(article, FORCE, con.mayContain, "", None), FORCE).sums
    assert (found.apart.low, found.parts.low) == (255, 255)
    # What was only ordered is summed by itself, and not at all under this policy.
    assert FORCE not in {
        article.names.compact(d.question.iri)
        for d in register(article, policy="happened-only").disputes
    }


# --- The register


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == code, result.output
    return result


def test_every_question_with_two_claims_is_listed(either: Dataset) -> None:
    listed = {d.question.iri: len(d.claims) for d in register(either).disputes}
    answers: dict[str, set[str]] = {}
    for claim in Rivals(Facts(either.quads())).claims:
        answers.setdefault(claim.question, set()).add(claim.iri)
    many = {iri: len(claims) for iri, claims in answers.items() if len(claims) > 1}
    assert many == {iri: n for iri, n in listed.items() if n > 1}


def test_the_register_does_not_depend_on_the_order_of_files(invented: Dataset) -> None:
    files = tuple(replace(f, quads=f.quads[::-1]) for f in reversed(invented.files))
    assert register(replace(invented, files=files)).as_json() == register(invented).as_json()


def test_the_json_of_the_register() -> None:
    found = json.loads(run("disputes", str(INVENTED), "--format", "json").stdout)
    assert set(found) == {"policy", "about_width", "rule", "disputes"}
    assert (found["policy"], found["about_width"]) == ("all", 0.1)
    by_question = {d["question"].rpartition("/")[2]: d for d in found["disputes"]}
    killed = by_question["battle-of-tushkel--killed--soldiers"]
    assert killed["label"] == "How many soldiers were killed in the Battle of Tushkel?"
    assert killed["kind"] == "disjoint"
    assert killed["envelope"] == {"low": 360, "high": None}
    assert killed["spread"] is None
    assert killed["independent_lines"] == 3
    first = killed["claims"][0]
    assert first["id"].endswith("/quillfeather-2001/1")
    keys = ("low", "high", "low_open", "high_open", "comparator", "stance", "page", "note")
    assert [first[key] for key in keys] == [
        412, 412, False, False, "exactly", "endorses", "31", 1,
    ]  # fmt: skip
    own = [pair for pair in killed["pairs"] if "question" not in pair]
    assert len(own) == 6
    assert [(p["kind"], p["set_against_by_author"], p["differs"]) for p in own[:2]] == [
        ("nested", True, []),
        ("nested", False, []),
    ]
    across = [pair for pair in killed["pairs"] if "question" in pair]
    assert {p["kind"] for p in across} == {"notComparable"}
    assert {p["question"].rpartition("/")[2] for p in across} == {
        "battle-of-tushkel--killed--officers"
    }
    assert by_question["retreat-over-ummuz--distance"]["envelope"] == {"low": 10.8, "high": 13.2}


def test_options_of_disputes() -> None:
    where = str(INVENTED)
    table = run("disputes", where, "--kind", "compatibleBound").stdout
    assert "q:siege-of-kazhvar--captured--soldiers" in table
    assert "q:reed-war--ended" not in table
    run("disputes", where, "--fail-on", "disjoint", code=1)
    run("disputes", where, "--fail-on", "disjoint", "--side", "insurgent", code=0)
    run("disputes", where, "--kind", "same", "--fail-on", "disjoint", code=1)
    assert (
        "kg: --policy: there is no policy 'best'"
        in run("disputes", where, "--policy", "best", code=2).output
    )
    assert "no side 'martian'" in run("disputes", where, "--side", "martian", code=2).output
    run("disputes", where, "--about", "2", code=2)
    wide = json.loads(run("disputes", where, "--about", "20%", "--format", "json").stdout)
    assert wide["about_width"] == 0.2
    policy = run("disputes", where, "--policy", "not-doubted", "--format", "json").stdout
    killed = next(
        d
        for d in json.loads(policy)["disputes"]
        if d["question"].endswith("battle-of-tushkel--killed--soldiers")
    )
    assert killed["envelope"] == {"low": 360, "high": 440}
    assert [d["why"] for d in killed["dropped"]] == ["the author doubts it"]


def test_the_kind_in_the_table_is_that_of_the_strongest_pair(either: Dataset) -> None:
    for dispute in register(either).disputes:
        pairs = (*dispute.pairs, *dispute.across)
        found = {pair.kind for pair in pairs if not pair.a.modality}
        assert dispute.kind == next((kind for kind in STRENGTH if kind in found), None)
        assert all(dispute.has(kind) == (kind in found) for kind in STRENGTH)
        for modality in {pair.a.modality for pair in pairs if pair.a.modality}:
            own = {pair.kind for pair in pairs if pair.a.modality == modality}
            assert dispute.modal_kinds[modality] == next(k for k in STRENGTH if k in own)
        everything = {pair.kind for pair in pairs}
        assert all(dispute.has(kind, modal=True) == (kind in everything) for kind in STRENGTH)
        marked = [pair for pair in dispute.pairs if pair.set_against]
        assert dispute.set_against >= len(marked)


def test_the_table_says_what_it_cannot_hold(article: Dataset) -> None:
    table = run("disputes", "--dataset", str(ROOT)).stdout
    assert "one voice against itself: q:lankaran-astara-rising--ended: sul:49 and sul:50" in table
    assert f"sum of parts: {FORCE}: at least 345 (255 if what may be a subtotal is one)" in table
    assert "19,000 to 70,000" in table


def test_a_sum_with_an_end_that_nobody_knows_is_still_a_bound() -> None:
    """What may be a subtotal is given as up to 40: nobody knows how much it adds."""
    table = run("disputes", str(INVENTED)).stdout
    assert "q:kazhvar-force--strength: at least 1,250 by id:trostnikov-1998: 1 part with" in table


def test_what_is_left_out_stands_below_the_table() -> None:
    table = run("disputes", str(INVENTED), "--policy", "happened-only").stdout
    assert "left out: q:siege-of-kazhvar--participant: eq:25: it was planned, not said" in table
    many = run("disputes", str(INVENTED), "--side", "insurgent").stdout
    assert "left out: q:battle-of-tushkel--killed--soldiers: eq:1, eq:2, vt:1: neither" in many


def planned_too(dataset: Dataset) -> Dataset:
    """A copy in which one of the figures of the Lankaran-Astara uprising was only planned."""
    claim = next(c for c in Facts(dataset.quads()).claims() if c.iri.endswith("/15"))
    plan = ox.NamedNode("https://w3id.org/contested/vocab/modality/planned")

    def change(quad: ox.Quad) -> ox.Quad | None:
        if quad.subject.value == claim.iri and quad.predicate == con.stance:
            return ox.Quad(quad.subject, con.modality, plan, quad.graph_name)
        return quad

    return changed(dataset, change)


def test_what_was_planned_is_kept_apart(article: Dataset) -> None:
    """About 10,000 that were planned are no part of the envelope, and no rival, of what was."""
    before = ask(article, LANKARAN)
    assert before.kind == "compatible-bound" and not before.modal
    copy = planned_too(article)
    found = ask(copy, LANKARAN)
    assert (found.kind, kinds(found)) == ("not-comparable", [])
    assert (found.envelope.low, found.envelope.known_high) == (6000, None)
    assert {m: (e.low, e.high) for m, e in found.modal.items()} == {"planned": (9000, 11000)}
    told = next(
        d for d in register(copy).as_json()["disputes"] if d["question"] == found.question.iri
    )
    assert told["envelope"] == {"low": 6000, "high": None}
    assert told["modal_envelopes"] == [{"modality": "planned", "low": 9000, "high": 11000}]
    table = disputed(register(copy), copy.names)
    assert f"planned, not said to have happened: {LANKARAN}: 9,000 to 11,000" in table
    assert ask(copy, LANKARAN, policy="happened-only").modal == {}
    for quad in derive(copy):
        if quad.predicate == con.underQuestion and quad.object.value == found.question.iri:
            between = {
                q.object.value.rpartition("/")[2]
                for q in derive(copy)
                if q.subject == quad.subject and q.predicate == con.betweenClaim
            }
            assert between != {"14", "15"}


def test_a_plan_against_a_plan_is_a_disagreement_about_the_plan(
    a_copy: Callable[..., Path],
) -> None:
    """Of the strengths of the regiment, 1,200 and 1,250, first one is made a plan, then both."""
    folder = a_copy(INVENTED)
    strength = "q:1st-heron-regiment--strength--kazhvar"

    def planned(source: str, figure: int) -> Result:
        path = folder / "data" / "sources" / source / "claims.ttl"
        old = f"con:answers {strength} ; con:point {figure} ;"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        plan = "con:modality <https://w3id.org/contested/vocab/modality/planned> ;"
        path.write_text(text.replace(old, f"{old} {plan}"), encoding="utf-8")
        return run("disputes", str(folder), "--kind", "disjoint")

    assert strength in run("disputes", str(folder), "--kind", "disjoint").stdout
    for source, figure in (("quillfeather-2001", 1200), ("trostnikov-1998", 1250)):
        assert strength not in planned(source, figure).stdout
    assert strength in run("disputes", str(folder), "--kind", "disjoint", "--modal").stdout
    table = run("disputes", str(folder)).stdout
    assert f"planned, not said to have happened: {strength}: 1,200 to 1,250, disjoint" in table
    told = json.loads(run("disputes", str(folder), "--format", "json").stdout)["disputes"]
    found = next(d for d in told if d["question"].endswith("1st-heron-regiment--strength--kazhvar"))
    assert found["kind"] is None
    assert found["modal_kinds"] == [{"modality": "planned", "kind": "disjoint"}]
    assert [(p["kind"], p["modality"]) for p in found["pairs"]] == [("disjoint", "planned")]


def test_the_gate_is_about_what_happened(article: Dataset) -> None:
    """Every claim a plan: nothing is said to have happened, and the gate has nothing to hold."""
    plan = ox.NamedNode("https://w3id.org/contested/vocab/modality/planned")
    copy = changed(
        article,
        lambda q: (
            ox.Quad(q.subject, con.modality, plan, q.graph_name)
            if q.predicate in (con.stance, con.modality)
            else q
        ),
    )
    found = register(copy)
    assert register(article).has("disjoint")
    assert not found.has("disjoint") and found.has("disjoint", modal=True)
    assert not found.only("disjoint").disputes and found.only("disjoint", modal=True).disputes


def test_fail_on_is_quiet_where_nothing_clashes(empty: Path) -> None:
    run("disputes", str(empty), "--fail-on", "disjoint", code=0)


def test_lineage_of_a_claim() -> None:
    tree = run("lineage", "vt:33", str(INVENTED)).stdout
    assert "conveyed by id:by-lampwright" in tree
    assert tree.count("[ends here: work]") == 2
    found = json.loads(run("lineage", "vt:33", str(INVENTED), "--format", "json").stdout)
    assert found["to"].endswith("/trostnikov-1998/33")
    assert [link["by"] for link in found["links"]] == ["read in", "said by", "cites"]
    by_id = run("lineage", "trostnikov-1998/33", str(INVENTED)).stdout
    assert by_id == tree
    assert "there is no claim" in run("lineage", "vt:999", str(INVENTED), code=2).output


def test_a_broken_chain_is_shown(invented: Dataset) -> None:
    ends = [link.ends for link in chain(invented, "eq:4").all_ends()]
    assert ends == ["voice", "broken"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.1", "1/10"), ("20%", "1/5"), ("20 %", "1/5"), ("1/4", "1/4"), ("0", "0")],
)
def test_shares(text: str, expected: str) -> None:
    assert share(text) == Fraction(expected)


@pytest.mark.parametrize("text", ["", "much", "1", "-0.1", "1/0", "100%", "nan", "inf"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(ParameterError):
        share(text)


def test_names_of_kinds() -> None:
    assert KINDS["compatible-bound"] == "compatibleBound"
    assert by_name("notComparable") == by_name("not-comparable") == "not-comparable"
    assert by_name(None) is None


def test_files_can_be_edited_too(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    path = folder / "data/sources/quillfeather-2001/claims.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("con:point 1200 ;", "con:point 1250 ;"), encoding="utf-8")
    found = ask(load(folder), "q:1st-heron-regiment--strength--kazhvar")
    assert found.kind == "same"


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        # A title beside a grade; the same where titles are no branch of their own.
        ("ontology/vocab/rank.ttl", "con:excludesOnlyItsOwn true", None, None),
        ("ontology/vocab/rank.ttl", "con:excludesOnlyItsOwn true", "skos:note true", "disjoint"),
        # Two grades, of which neither lies in the other.
        (
            "data/sources/suleymanov-2022/claims-832-835.ttl",
            "con:answers q:nuri-pasha--rank ; con:object rank:pasha",
            "con:answers q:nuri-pasha--rank ; con:object rank:colonel",
            "disjoint",
        ),
    ],
)
def test_a_title_is_no_rival_of_a_rank(
    path: str,
    old: str,
    new: str | None,
    expected: str | None,
    a_copy: Callable[..., Path],
    root: Path,
) -> None:
    folder = a_copy(root)
    text = (folder / path).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / path).write_text(text.replace(old, new or old), encoding="utf-8")
    rivals = Rivals(Facts(load(folder).quads()))
    claims = {c.iri.rpartition("/")[2]: c for c in rivals.claims}
    assert rivals.kind(claims["214"], claims["437"]) == expected
