from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg import dataset as datasets
from kg.checking import check, dates
from kg.dataset import Dataset
from kg.errors import DatasetError
from kg.report import human

pytestmark = pytest.mark.xdist_group("shapes")
CLAIMS = "data/sources/trostnikov-1998/claims.ttl"


def test_the_datasets_have_no_findings(either: Dataset) -> None:
    assert check(either) == ()


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
    (finding,) = dates(datasets.load(folder))
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
    text = human(found, loaded.names)
    assert "claims.ttl:" in text.splitlines()[0]
    assert "did you mean comparator:about?" in text
    assert "why: " in text
    assert "\x1b[" not in text
    assert "\x1b[" in human(found, loaded.names, colour=True)
