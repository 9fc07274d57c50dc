from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import dataset as datasets
from kg.checking import check
from kg.dataset import Dataset
from kg.errors import DatasetError
from kg.reports import write
from kg.reports.model import Report, reaches
from kg.rules import WRITTEN, Material

pytestmark = pytest.mark.xdist_group("shapes")
CLAIMS = "data/sources/trostnikov-1998/claims.ttl"


# Facts about the works, by hand from the notes of the article and the Turtle of the invented one:
# tests/queries/test_checks.py has them row by row.
FACTS = {
    "article": {
        "figures-without-a-note": 21,
        "self-contradictions": 1,
        "suspect-locators": 6,
        "sums-that-do-not-add-up": 2,
        "unresolved-short-forms": 5,
    },
    "invented": {
        "claim-without-anchor": 2,  # one for each source: nobody has a text of them
        "figures-without-a-note": 7,
        "suspect-locators": 4,
        "sums-that-do-not-add-up": 1,
        "unresolved-short-forms": 4,
    },
}


@pytest.mark.parametrize("name", FACTS)
def test_the_datasets_have_nothing_to_mend(name: str, request: pytest.FixtureRequest) -> None:
    dataset: Dataset = request.getfixturevalue(name)
    found = check(dataset)
    assert [f for f in found if reaches(f.severity, "warning")] == []
    assert Counter(f.rule for f in found) == FACTS[name]
    assert all(f.line for f in found)


def edit(folder: Path, old: str, new: str, name: str = CLAIMS) -> Path:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("con:comparator comparator:about", 'con:comparator "about"', "claim-comparator-from-list"),
        ("con:stance ", "con:stanze ", "undefined-term"),
        ("comparator:about", "comparator:abuot", "undefined-term"),
        ('con:page "', "con:page ", "claim-page"),
        ("con:statedIn ", "con:page ", "claim-stated-in"),
        ("con:point ", 'con:point "many" ; con:point ', "claim-point-is-number"),
    ],
)
def test_a_slip_is_found_in_its_line(
    a_copy: Callable[..., Path], old: str, new: str, rule: str
) -> None:
    folder = a_copy()
    path = folder / CLAIMS
    if rule == "claim-page":
        import re

        text = path.read_text(encoding="utf-8")
        path.write_text(
            re.sub(r'con:page "(\d+)"', r"con:page \1", text, count=1), encoding="utf-8"
        )
    else:
        edit(folder, old, new)
    line = next(
        number
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if new.strip() in text and (rule != "claim-page" or 'con:page "' not in text)
        if rule != "claim-stated-in" or "con:page id:" in text
    )
    if rule == "claim-stated-in":  # what is missing has no line: its claim's is given
        lines = path.read_text(encoding="utf-8").splitlines()[:line]
        line = max(number for number, text in enumerate(lines, 1) if text.startswith("vt:"))
    found = check(datasets.load(folder))
    assert found
    hit = [f for f in found if f.rule.endswith(rule)]
    assert hit, {f.rule for f in found}
    assert any(f":{line}:" in f.place for f in hit), [f.place for f in hit]


@pytest.mark.parametrize("bad", ["1920-02-30", "early 1920", "1921/1920"])
def test_a_date_that_can_not_be(a_copy: Callable[..., Path], bad: str) -> None:
    folder = a_copy()
    path = folder / CLAIMS
    text = path.read_text(encoding="utf-8")
    start = text.index('"^^edtf:EDTF')
    begin = text.rindex('"', 0, start)
    path.write_text(text[: begin + 1] + bad + text[start:], encoding="utf-8")
    line = text[:start].count("\n") + 1
    rule, find = WRITTEN["edtf-date"]
    (finding,) = find(Material(datasets.load(folder)))
    assert rule.why == finding.reason
    assert finding.rule == "edtf-date"
    assert f"claims.ttl:{line}:" in finding.place
    assert bad in finding.message


def test_a_shape_that_calls_out_is_refused(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    shape = folder / "ontology/shapes/mine.ttl"
    shape.parent.mkdir()
    shape.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<https://example.org/invented/s> sh:targetClass <a:b> ; sh:sparql <a:c> .\n"
        '<a:c> sh:message "No." ; sh:select """SELECT $this WHERE '
        '{ SERVICE <http://127.0.0.1:1/> { $this ?p ?o } }""" .\n',
        encoding="utf-8",
    )
    with pytest.raises(DatasetError, match="never calls other endpoints") as caught:
        check(datasets.load(folder))
    assert "mine.ttl:3:" in caught.value.where


def test_findings_can_be_narrowed_to_files(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    edit(folder, "comparator:about", "comparator:abuot")
    edit(folder, "con:stance ", "con:stanze ", "data/sources/quillfeather-2001/claims.ttl")
    loaded = datasets.load(folder)
    everything = check(loaded)
    narrowed = check(loaded, [folder / "data/sources/trostnikov-1998"])
    assert 0 < len(narrowed) < len(everything)
    assert all("trostnikov-1998" in f.place for f in narrowed)


def test_the_report_reads_well(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    edit(folder, "comparator:about", "comparator:abuot")
    loaded = datasets.load(folder)
    found = [f for f in check(loaded) if f.rule == "undefined-term"]
    text = write(Report(loaded, tuple(found)), "human").decode()
    assert "claims.ttl: 1 violation" in text.splitlines()[0]
    assert "did you mean comparator:about?" in text
    assert "why: " in text
    assert "\x1b[" not in text
    assert b"\x1b[" in write(Report(loaded, tuple(found), colour=True), "human")
