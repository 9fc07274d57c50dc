"""Each rule finds its invalid example, passes its valid one, and has one name everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import dataset as datasets
from kg import rules
from kg.dataset import Dataset
from kg.errors import CatalogueError, KgError, QueryError
from kg.rules import WRITTEN, Material, stored
from kg.rules.translation_out_of_step import lost
from kg.shapes import Finding

ROOT = Path(__file__).resolve().parents[2]
RULES = rules.rules(datasets.load(ROOT))
EXTRA = {
    "mine": "https://w3id.org/contested/id/claim/my-book/",
    "minecite": "https://w3id.org/contested/id/citation/my-book/",
}


def example(text: str, folder: Path, names: datasets.Names) -> Dataset:
    """A dataset that stands on the model and holds one example, in both kinds of graph."""
    prefixes = {**names.prefixes, **EXTRA}
    head = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in prefixes.items())
    (folder / "ontology").mkdir(parents=True)
    for part in ("entities", "sources/my-book"):
        path = folder / "data" / part / "example.ttl"
        path.parent.mkdir(parents=True)
        wanted = [x for x in text.strip().split("\n") if x]
        path.write_text(head + "\n".join(wanted) + "\n", encoding="utf-8")
    return datasets.load(folder)


def found(rule: str, dataset: Dataset) -> list[Finding]:
    if rule in WRITTEN:
        return list(WRITTEN[rule][1](Material(dataset)))
    query = next(q for q in stored.check_queries(dataset) if q.name.endswith(rule))
    return list(stored.rows(Material(dataset, stored.reads_derived(query)), query))


@pytest.mark.parametrize("rule", RULES)
def test_the_examples_of_a_rule_are_what_it_says(
    rule: str, tmp_path: Path, article: Dataset
) -> None:
    valid = example(RULES[rule].valid, tmp_path / "valid", article.names)
    assert found(rule, valid) == []
    invalid = example(RULES[rule].invalid, tmp_path / "invalid", article.names)
    findings = found(rule, invalid)
    assert findings
    for finding in findings:
        assert (finding.rule, finding.severity) == (rule, RULES[rule].severity)
        assert finding.reason == RULES[rule].why
        assert finding.line, finding
        assert "{" not in finding.message


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_named_as_its_file_and_explains_itself(rule: str) -> None:
    module = ROOT / "src/kg/rules" / f"{rule.replace('-', '_')}.py"
    query = ROOT / "queries/checks" / f"{rule}.rq"
    assert module.is_file() != query.is_file()
    assert (rule in WRITTEN) == module.is_file()
    for text in (RULES[rule].problem, RULES[rule].why, RULES[rule].solution):
        assert len(text) > 30
        assert text.rstrip().endswith(".")


def test_every_module_of_the_room_is_in_use() -> None:
    room = {p.stem for p in (ROOT / "src/kg/rules").glob("*.py")}
    rest = room - {rule.replace("-", "_") for rule in WRITTEN}
    assert rest == {"__init__", "model", "order", "stored"}


def test_two_works_may_contradict_each_other(tmp_path: Path, article: Dataset) -> None:
    text = RULES["death-before-birth"].invalid
    before, _, last = text.rpartition("id:my-book")
    dataset = example(f"{before}id:another-book{last}", tmp_path / "d", article.names)
    assert found("death-before-birth", dataset) == []


def test_a_stated_reason_and_a_withdrawal_quiet_a_rule(tmp_path: Path, article: Dataset) -> None:
    text = RULES["end-before-start"].invalid
    reason = text.rstrip() + '\nmine:2 con:reason "So the work says, twice."@en .'
    assert found("end-before-start", example(reason, tmp_path / "a", article.names)) == []
    gone = text.rstrip() + "\nmine:2 prov:wasInvalidatedBy id:correction ."
    assert found("end-before-start", example(gone, tmp_path / "b", article.names)) == []


def test_anchors_on_two_passages_are_no_duplicate(tmp_path: Path, article: Dataset) -> None:
    def anchored(start: int) -> str:
        lines = [RULES["duplicate-claim"].invalid]
        for claim, at in ((1, 0), (2, start)):
            lines.append(
                f"mine:{claim} con:anchor mine:{claim}-a . mine:{claim}-a oa:hasSelector "
                f"mine:{claim}-p . mine:{claim}-p oa:start {at} ; oa:end {at + 40} ."
            )
        return "\n".join(lines)

    apart = example(anchored(40), tmp_path / "apart", article.names)
    assert found("duplicate-claim", apart) == []
    same = example(anchored(39), tmp_path / "same", article.names)
    (finding,) = found("duplicate-claim", same)
    assert finding.focus.endswith("/my-book/2")


def test_a_work_that_cites_itself(tmp_path: Path, article: Dataset) -> None:
    text = RULES["suspect-citation"].invalid.replace("con:work id:memoir", "con:work id:my-book")
    (finding,) = found("suspect-citation", example(text, tmp_path / "d", article.names))
    assert "cites itself" in finding.message


def check_query(folder: Path, text: str) -> list[Finding]:
    path = folder / "queries/checks/mine.rq"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [f for f in rules.findings(datasets.load(folder)) if f.rule == "mine"]


PLAIN = """#+ summary: Which questions are there?
#+ returns:
#+   question: the question
SELECT ?question WHERE { ?question a <https://w3id.org/contested/ontology#Question> }
"""


@pytest.mark.parametrize(("derived", "seen"), [("", 5), ("lines", 2), ("none", 1)])
def test_a_check_query_sees_the_derived_graphs_that_it_names(
    a_copy: Callable[..., Path], derived: str, seen: int
) -> None:
    """Disagreements are there for a check of the model, self-contradictions."""
    folder = a_copy()
    header = f"#+ rule:\n#+   derived: {derived}\n" if derived else ""
    text = (
        header
        + """SELECT DISTINCT ?graph WHERE {
  GRAPH ?graph { ?thing ?property ?value } FILTER(CONTAINS(STR(?graph), "/derived/"))
}
"""
    )
    returns = "#+ summary: Which graphs are derived?\n#+ returns:\n#+   graph: one\n"
    assert len(check_query(folder, returns + text)) == seen


def test_a_check_query_that_names_a_rule_that_there_is_not(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    with pytest.raises(CatalogueError, match="line") as caught:
        check_query(folder, PLAIN.replace("SELECT", "#+ rule:\n#+   derived: line\nSELECT"))
    assert "lines" in caught.value.hint


def test_a_check_query_of_ones_own_needs_no_header_of_a_rule(a_copy: Callable[..., Path]) -> None:
    findings = check_query(a_copy(), PLAIN)
    assert len(findings) > 10
    assert {(f.severity, f.message) for f in findings} == {
        ("warning", "Which questions are there?")
    }
    assert all("questions.ttl:" in f.place for f in findings)


@pytest.mark.parametrize(
    ("old", "new", "error", "says"),
    [
        ("SELECT ?question", "SELECT ?question WERE", QueryError, "mine.rq:4:"),
        ("?question a", "SERVICE <http://127.0.0.1:1/> { ?question a ?x } ?question a",
         QueryError, "mine.rq"),
        ("SELECT ?question WHERE", "ASK", CatalogueError, "selects rows"),
        ("#+ returns", "#+ rule:\n#+   severity: fatal\n#+ returns", CatalogueError, "fatal"),
        ("#+ returns", "#+ rule:\n#+   focus: nobody\n#+ returns", CatalogueError, "nobody"),
        ("#+ returns", "#+ rule:\n#+   colour: red\n#+ returns", CatalogueError, "mapping"),
    ],
)  # fmt: skip
def test_a_check_query_that_is_wrong_is_an_error_with_its_file(
    a_copy: Callable[..., Path], old: str, new: str, error: type[KgError], says: str
) -> None:
    with pytest.raises(error) as caught:
        check_query(a_copy(), PLAIN.replace(old, new, 1))
    assert "mine.rq" in caught.value.line()
    assert says in caught.value.line()


@pytest.mark.parametrize(
    ("wording", "translation", "missing"),
    [
        ('"17 binin üzerindeydi"@tr', '"was over 17,000"@en', []),
        ('"20-25 bin kadar"@tr', '"около 20 000-25 000"@ru', []),
        ('"20-25 bin kadar"@tr', '"около 20 000-25 000"@ru', []),
        ('"15 000 человек"@ru', '"15,000 men"@en', []),
        ('"к 28 июня 1918"@ru', '"by 28 June 1918"@en', []),
        ('"on 9 June 400 prisoners"@en', '"9 июня 400 пленных"@ru', []),
        ('"17 Tausend"@de', '"over 17,000"@en', []),
        ('"17 esir"@tr', '"17,000 prisoners"@en', ["17"]),
        ('"1.500 esir"@tr', '"1,550 prisoners"@en', ["1.500"]),
        ('"1918\'de 208 esir"@tr', '"208 prisoners in 1919"@en', ["1918"]),
        ('"6 subay"@tr', '"six officers"@en', ["6"]),
        ('"altı subay"@tr', '"six officers"@en', []),
    ],
)
def test_the_numbers_that_a_translation_keeps(
    wording: str, translation: str, missing: list[str]
) -> None:
    literals = []
    for text in (wording, translation):
        words, language = text.rsplit("@", 1)
        literals.append(ox.Literal(words.strip('"'), language=language))
    assert lost(*literals) == missing


def test_a_translation_without_the_gap_of_its_wording(tmp_path: Path, article: Dataset) -> None:
    text = """
mine:1 a con:Claim ; con:wording "20 bine … ulaştı"@tr ; con:translation "reached … 20,000"@en ,
  "достигло 20 000"@ru .
mine:2 a con:Claim ; con:wording "20 bine ulaştı"@tr ; con:translation "reached … 20,000"@en .
mine:3 a con:Claim ; con:wording "2 … 3"@tr ; con:translation "4"@en ;
  prov:wasInvalidatedBy id:correction .
"""
    findings = found("translation-out-of-step", example(text, tmp_path / "d", article.names))
    assert {(f.focus.rpartition("/")[2], f.value[-4:], f.message[:15]) for f in findings} == {
        ("1", '"@ru', "The wording mar"),
        ("2", '"@en', "The translation"),
    }
