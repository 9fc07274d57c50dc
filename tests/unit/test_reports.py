"""Each format is read back by a consumer of its own kind, and checked against its specification."""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import junitparser
import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH
from sarif.loader import load_sarif_file

from kg import dataset as datasets
from kg.checking import check
from kg.errors import SettingsError
from kg.reports import FORMATS, baseline, format_of, write
from kg.reports.model import Report, fingerprint, reaches
from kg.shapes import Finding

NASTY = 'a <b>&amp;" | *x* %0A, :: \\u0001 \U0001f600 ]]> {{ 7*7 }}'
CLAIMS = "data/sources/trostnikov-1998/claims.ttl"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of a dataset with faults of every severity, one of them full of markup."""
    import shutil

    source = Path(__file__).resolve().parents[1] / "invented"
    folder = tmp_path_factory.mktemp("dataset with a blank, and more")
    for name in ("ontology", "data", "queries"):
        shutil.copytree(source / name, folder / name)
    path = folder / CLAIMS
    text = path.read_text(encoding="utf-8")
    nasty = NASTY.replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace('con:page "', f'con:page "{nasty}" ; con:page "', 1)
    text = text.replace("comparator:about", "comparator:abuot", 1)
    path.write_text(text, encoding="utf-8")
    (folder / "data/entities/extra.ttl").write_text(
        "@prefix id: <https://example.org/invented/id/> .\n"
        "id:mill a <http://www.cidoc-crm.org/cidoc-crm/E22_Human-Made_Object> .\n"
    )
    loaded = datasets.load(folder)
    return Report(loaded, check(loaded), title="the <dataset>", version="1.2.3", seconds=1.5)


def test_the_findings_hold_something_of_everything(report: Report) -> None:
    assert {f.severity for f in report.findings} == {"violation", "warning", "info"}
    assert any("<b>" in f.value for f in report.findings)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_every_finding(report: Report, form: str) -> None:
    text = write(report, form).decode()
    assert text.endswith("\n")
    for rule in {f.rule for f in report.findings}:
        assert rule.rpartition("#")[2] in text.replace("\\", "")


def test_json(report: Report) -> None:
    found = json.loads(write(report, "json"))
    assert found["counts"] == Counter(f.severity for f in report.findings)
    assert found["conforms"] is False
    assert len(found["findings"]) == len(report.findings)
    for entry in found["findings"]:
        assert entry["line"] >= 1
        assert entry["column"] >= 1
        assert Path(entry["file"]).is_file()
        assert entry["page"].startswith("https://w3id.org/contested/")
        assert re.fullmatch(r"[0-9a-f]{32}", entry["fingerprint"])


def test_csv(report: Report) -> None:
    body = write(report, "csv").decode()
    assert body.count("\r\n") == len(report.findings) + 1
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    assert len(rows) == len(report.findings)
    assert sorted(row["value"] for row in rows) == sorted(f.value for f in report.findings)
    assert all(row["line"].isdecimal() for row in rows)


def test_sarif_is_read_by_sarif_tools(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.sarif"
    path.write_bytes(write(report, "sarif"))
    records = load_sarif_file(str(path)).get_records()
    assert len(records) == len(report.findings)
    levels = Counter(record["Severity"] for record in records)
    severities = Counter(f.severity for f in report.findings)
    assert levels == {
        "error": severities["violation"],
        "warning": severities["warning"],
        "note": severities["info"],
    }
    assert {int(record["Line"]) for record in records} == {f.line for f in report.findings}


def test_sarif_has_what_its_specification_and_code_scanning_require(report: Report) -> None:
    document = json.loads(write(report, "sarif"))
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note", "none")
        assert urlsplit(rule["helpUri"]).scheme == "https"
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"][0]["executionSuccessful"] is True
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert result["partialFingerprints"]
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", uri)  # RFC 3986
        assert urlsplit(uri).scheme == "file"  # outside of the working directory
        region = location["physicalLocation"]["region"]
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1


def test_junit_is_read_by_junitparser(report: Report) -> None:
    parsed = junitparser.JUnitXml.fromstring(write(report, "junit"))
    parsed_counts = (parsed.tests, parsed.failures)
    cases = [case for suite in parsed for case in suite]
    failing = [
        case for case in cases if any(isinstance(r, junitparser.Failure) for r in case.result)
    ]
    assert len(cases) == len(report.findings)
    assert (
        len(failing)
        == report.failing
        == sum(reaches(f.severity, "warning") for f in report.findings)
    )
    assert parsed_counts == (len(cases), len(failing))
    suites = {suite.name: (suite.tests, suite.failures) for suite in parsed}
    for file, found in report.files.items():
        failures = sum(reaches(f.severity, "warning") for f in found)
        assert suites[file] == (len(found), failures)
    clean = junitparser.JUnitXml.fromstring(write(Report(report.dataset, (), title="x"), "junit"))
    assert (clean.tests, clean.failures) == (1, 0)


def test_junit_holds_no_character_that_xml_refuses(report: Report) -> None:
    finding = Finding("edtf-date", "a:b", "violation", "bad \x01 \ud83d \ufffe \x0b end")
    body = write(Report(report.dataset, (finding,), title="x"), "junit")
    (case,) = next(iter(junitparser.JUnitXml.fromstring(body)))
    assert case.result[0].message == "bad \ufffd \ufffd \ufffd \ufffd end"


_COMMAND = re.compile(
    r"::(error|warning|notice)((?: [a-zA-Z]+=[^,:\r\n]*(?:,[a-zA-Z]+=[^,:\r\n]*)*)?)::(.*)"
)


def test_github_annotations_by_their_grammar(report: Report) -> None:
    """The runner splits at the first ``::``, at commas and at ``=``, then undoes the escapes."""

    def undone(text: str) -> str:
        for mark, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            text = text.replace(mark, char)
        return text

    lines = write(report, "github").decode().splitlines()
    assert len(lines) == len(report.findings)
    said = set()
    for line in lines:
        match = _COMMAND.fullmatch(line)
        assert match, line
        properties = dict(p.split("=", 1) for p in match[2].strip().split(","))
        assert set(properties) == {"file", "line", "col", "title"}
        said.add((undone(properties["file"]), int(properties["line"]), int(properties["col"])))
    assert said == {(f.file, f.line, f.column) for f in report.findings}
    assert any(
        f.value in undone(line) for line in lines for f in report.findings if "<b>" in f.value
    )


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # of rdflib's own reader
@pytest.mark.parametrize(("form", "syntax"), [("turtle", "turtle"), ("jsonld", "json-ld")])
def test_the_w3c_report_is_one(report: Report, form: str, syntax: str) -> None:
    graph = Graph().parse(data=write(report, form), format=syntax)
    (top,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(top, SH.conforms).toPython() is False
    results = list(graph.objects(top, SH.result))
    assert len(results) == sum(len(f.results) for f in report.findings) >= len(report.findings)
    for result in results:
        assert (result, RDF.type, SH.ValidationResult) in graph
        for required in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert len(list(graph.objects(result, required))) == 1
        for once in (SH.resultPath, SH.value, SH.sourceShape):
            assert len(list(graph.objects(result, once))) <= 1
        assert graph.value(result, SH.resultMessage)
    shown = {str(graph.value(r, SH.sourceShape)).rpartition("#")[2] for r in results}
    assert shown == {f.rule.rpartition("#")[2] for f in report.findings}


class _Page(HTMLParser):
    VOID = ("meta", "link", "br", "img")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_html_is_well_formed_and_escaped(report: Report) -> None:
    page = _Page()
    text = write(report, "html").decode()
    page.feed(text)
    page.close()
    assert page.open == []
    assert page.tags["tr"] == len(report.findings) + len(report.files)
    assert page.tags["b"] == page.tags["script"] == page.tags["link"] == 0
    assert page.tags["h2"] == len(report.files)
    words = "".join(page.words)
    assert all(f.value in words and f.message in words for f in report.findings)
    assert "the <dataset>" in words
    assert "src=" not in text


def test_markdown_is_one_table_for_each_file(report: Report) -> None:
    lines = write(report, "markdown").decode().splitlines()
    rows = [line for line in lines if line.startswith("| ") and "---" not in line]
    assert len(rows) == len(report.findings) + len(report.files)
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 6
    assert "# the \\<dataset\\>" in lines


def test_human_explains_each_rule_once_and_hides_what_can_not_fail(report: Report) -> None:
    from dataclasses import replace

    whole = write(report, "human").decode()
    assert whole.count("why: ") == len({f.rule for f in report.findings if f.reason})
    part = write(replace(report, show="violation"), "human").decode()
    assert "not shown: " in part
    assert "missing-label 1" in part
    assert len(part.splitlines()) < len(whole.splitlines())


def test_the_format_follows_from_the_name_of_the_file() -> None:
    assert [format_of(n) for n in (None, "a.sarif", "b/c.ttl", "x.md", "y.txt")] == [
        "human", "sarif", "turtle", "markdown", "human",
    ]  # fmt: skip


def test_a_finding_travels_with_its_place(report: Report) -> None:
    again = pickle.loads(pickle.dumps(report.findings))
    assert again == report.findings
    assert [f.place for f in again] == [f.place for f in report.findings]
    assert [f.results for f in again] == [f.results for f in report.findings]


# --- Baselines


def test_a_baseline_knows_its_findings_after_lines_have_moved(
    report: Report, tmp_path: Path, a_copy: Callable[..., Path]
) -> None:
    path = tmp_path / "known.json"
    names = report.names
    assert baseline.write(path, report.findings, names) == len(report.findings)
    folder = a_copy(report.dataset.path)
    claims = folder / CLAIMS
    claims.write_text("# moved\n\n\n" + claims.read_text(encoding="utf-8"), encoding="utf-8")
    again = check(datasets.load(folder))
    new, known, gone = baseline.split(again, baseline.read(path), names)
    assert (new, known, gone) == ((), len(report.findings), [])
    assert {f.place for f in again} != {f.place for f in report.findings}


def test_a_baseline_tells_new_from_known_and_says_what_is_gone(
    report: Report, tmp_path: Path
) -> None:
    path = tmp_path / "known.json"
    first, *rest = report.findings
    baseline.write(path, report.findings[:-1], report.names)
    new, known, gone = baseline.split([*rest, rest[0]], baseline.read(path), report.names)
    assert new == (report.findings[-1], rest[0])  # one more of a kind than was known
    assert known == len(report.findings) - 2
    assert len(gone) == 1
    assert first.focus in gone[0]


def test_a_baseline_is_written_the_same_whatever_the_order(report: Report, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    baseline.write(one, report.findings, report.names)
    baseline.write(two, reversed(report.findings), report.names)
    assert one.read_bytes() == two.read_bytes()
    assert len({fingerprint(f, report.names) for f in report.findings}) == len(report.findings)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 2, "findings": []}',
        '{"version": 1, "findings": [{}]}',
        '{"version": 1, "findings": [{"fingerprint": 1, "times": 1, "rule": "", "focus": ""}]}',
    ],
)
def test_what_is_no_baseline_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match="baseline"):
        baseline.read(path)
    with pytest.raises(SettingsError, match="can't be read"):
        baseline.read(tmp_path / "absent.json")
