"""Anchors and coverage on an invented text: nothing here needs a copy of a real one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import anchors, reading
from kg import dataset as datasets
from kg.anchors import Anchor, Text, anchors_of, overlaps, verify, write
from kg.coverage import coverage
from kg.dataset import Dataset
from kg.errors import DatasetError, ParameterError
from kg.model import Facts

RAW = """\ufeff[[page 12]]
 The  first sentence says\u00a0that some 412 men
fell at the ford. Mr. A. Heron thinks otherwise!1 The third one says nothing at all.
1 Heron, Letters, p. 3. 2 The same.
[[page 13]]
13
Running head
A new page begins here and goes on. İstanbul'a gitti ve orada kaldı diye yazdı.
"""


@pytest.fixture
def text() -> Text:
    return Text.normalise(RAW)


def test_normalisation_is_documented_and_stable(text: Text) -> None:
    assert text.text.startswith("The first sentence says that some 412 men fell at the ford.")
    assert "  " not in text.text
    assert "[[" not in text.text
    assert [name for _, name in text.pages] == ["12", "13"]
    assert text.text[text.pages[1][0] :].startswith("13 Running head")
    unmarked = re.sub(r"\[\[page [^]]*\]\]", "", RAW)
    assert Text.normalise(unmarked).text == text.text
    assert Text.normalise(text.text).text == text.text
    assert Text.normalise("e\u0301").text == "\u00e9"


def claims(dataset: Dataset) -> tuple[Facts, str, list[str]]:
    facts = Facts(dataset.quads())
    work = "https://example.org/invented/id/quillfeather-2001"
    return facts, work, anchors._claims(facts, work)


PASSAGES = ["some 412 men fell", "A new page begins here"]


def anchored(folder: Path, text: Text) -> Dataset:
    """A copy of the invented dataset whose first claims have anchors in the text."""
    dataset = datasets.load(folder)
    _, work, ids = claims(dataset)
    turtle = write(dataset, work, text, zip(ids, PASSAGES, strict=False))
    (folder / "data/sources/quillfeather-2001/anchors.ttl").write_text(turtle, encoding="utf-8")
    return datasets.load(folder)


def test_anchors_are_written_and_hold(a_copy: Callable[..., Path], text: Text) -> None:
    dataset = anchored(a_copy(), text)
    facts, work, ids = claims(dataset)
    found = anchors_of(facts, work)
    assert [text.passage(a.start, a.end) for a in found] == PASSAGES
    good, failures = verify(facts, work, text)
    assert good == 2
    assert {f.claim for f in failures} == set(ids) - {a.claim for a in found}
    assert {f.reason for f in failures} == {"it has no anchor"}
    from kg.checking import check

    assert [f for f in check(dataset) if f.severity != "info"] == []


def test_a_changed_text_is_noticed(a_copy: Callable[..., Path], text: Text) -> None:
    facts, work, _ = claims(anchored(a_copy(), text))
    changed = Text.normalise(RAW.replace("412", "413"))
    good, failures = verify(facts, work, changed)
    assert good == 1
    assert any("not the passage" in f.reason for f in failures)
    good, failures = verify(facts, work, Text.normalise("short"))
    assert good == 0
    assert any("after the end of the text" in f.reason for f in failures)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": "0"}, "version"),
        ({"work": "elsewhere"}, "another work"),
        ({"start": -1}, "no passage"),
        ({"start": 9, "end": 9}, "no passage"),
        ({"end": 401, "start": 0}, "more than 400"),
    ],
)
def test_faults(change: dict, reason: str) -> None:
    whole = {
        "claim": "c",
        "page": "1",
        "work": "w",
        "start": 0,
        "end": 5,
        "sha256": "",
        "version": "1",
    }
    anchor = Anchor(**{**whole, **change})
    assert reason in anchors._fault(anchor, "w", Text("x" * 500))


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("is not in the text", "does not hold"),
        ("", "does not hold"),
        ("says", "more than once"),
    ],
)
def test_bad_passages_are_refused(invented: Dataset, text: Text, passage: str, words: str) -> None:
    _, work, ids = claims(invented)
    with pytest.raises(ParameterError, match=words):
        write(invented, work, text, [(ids[0], passage)])
    with pytest.raises(ParameterError, match="no such claim"):
        write(invented, work, text, [("https://example.org/absent", "some 412 men")])


def test_repeated_sentences_are_found(a_copy: Callable[..., Path], text: Text) -> None:
    folder = a_copy()
    copied = "The first sentence says that some 412 men fell at the ford Mr A"
    path = folder / "data/entities/notes.ttl"
    path.write_text(f'<https://example.org/invented/id/x> <a:p> "{copied}" .\n', encoding="utf-8")
    (found,) = overlaps(datasets.load(folder).quads(), text)
    assert copied in found
    path.write_text(
        '<https://example.org/invented/id/x> <a:p> "the first sentence says" .\n', encoding="utf-8"
    )
    assert list(overlaps(datasets.load(folder).quads(), text)) == []


def test_a_dotted_capital_i_is_one_letter() -> None:
    words = "İstanbul'a gitti ve orada kaldı"
    assert anchors._words(words) == anchors._words(words.replace("İ", "i"))
    assert len(anchors._words(words)) == 6


def test_coverage_by_page(text: Text) -> None:
    def anchor(passage: str, page: str, wide: int = 0) -> Anchor:
        start = text.text.index(passage)
        return Anchor(f"c{start}", page, "w", start, start + len(passage) + wide, "", "1")

    found = coverage(text, [anchor(PASSAGES[0], "12"), anchor("Mr. A. Heron", "12", wide=401)])
    assert [p.name for p in found] == ["12", "13"]
    first, second = found
    assert [bool(s.claims) for s in first.sentences] == [True, False, False]
    assert first.covered == 1, "a wide anchor covers nothing"
    assert all("Letters" not in s.text for s in first.sentences), "notes are left out"
    assert second.covered == 0
    both = coverage(text, [anchor(p, "13" if "page" in p else "12") for p in PASSAGES])
    assert [p.covered for p in both] == [1, 1]


def test_pages_are_inferred_where_none_are_marked(text: Text) -> None:
    plain = Text(text.text)
    starts = {p: plain.text.index(p) for p in PASSAGES}
    found = coverage(
        plain,
        [
            Anchor("a", "12", "w", starts[PASSAGES[0]], starts[PASSAGES[0]] + 20, "", "1"),
            Anchor("b", "13", "w", starts[PASSAGES[1]], starts[PASSAGES[1]] + 20, "", "1"),
        ],
    )
    assert [p.name for p in found][-2:] == ["12", "13"]


def test_the_verbs(a_copy: Callable[..., Path], tmp_path: Path) -> None:
    folder = a_copy()
    copy = tmp_path / "text.txt"
    copy.write_text(RAW, encoding="utf-8")
    lines = tmp_path / "passages.tsv"
    lines.write_text(f"1\t12\t{PASSAGES[0]}\n\n2\t13\t{PASSAGES[1]}\n", encoding="utf-8")

    def kg(*arguments: object):
        return subprocess.run(
            [sys.executable, "-m", "kg", *map(str, arguments)],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip

    source = ("--source", "quillfeather-2001")
    assert kg("anchors", copy, folder, *source, "--write", lines).returncode == 0
    done = kg("anchors", copy, folder, *source)
    assert done.returncode == 1
    assert "eq:3 (p. " in done.stdout
    assert "2 of " in done.stdout
    shown = kg("coverage", copy, folder, *source)
    assert shown.returncode == 0
    assert "12: 1 of 3 sentences" in shown.stdout
    assert "[eq:1]" in shown.stdout
    assert "[eq:1]" not in kg("coverage", copy, folder, *source, "--missing").stdout
    assert "--source" in kg("anchors", copy, folder).stderr
    assert kg("anchors", tmp_path / "absent", folder, *source).returncode == 2
    lines.write_text("1 12 no tabs\n", encoding="utf-8")
    done = kg("anchors", copy, folder, *source, "--write", lines)
    assert done.returncode == 2
    assert "passages.tsv:1" in done.stderr


def test_which_text_is_meant(article: Dataset, invented: Dataset) -> None:
    assert anchors.work_of(article, None).endswith("suleymanov-2022")
    for source in (None, "absent"):
        with pytest.raises(DatasetError):
            anchors.work_of(invented, source)
    assert reading.Report("", True).fine


def test_every_claim_of_the_article_has_a_short_anchor(article: Dataset) -> None:
    facts = Facts(article.quads())
    work = anchors.work_of(article, None)
    found = anchors_of(facts, work)
    assert {a.claim for a in found} == set(anchors._claims(facts, work))
    for anchor in found:
        assert 0 <= anchor.start < anchor.end
        assert anchor.end - anchor.start <= anchors.LONGEST
