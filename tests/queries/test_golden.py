"""Every stored query gives the rows that were written by hand for it, all of them, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from stored import CATALOGUE, GOLDEN, NAMES, Asked

Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    path = GOLDEN / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["cases"]


ALL = [
    pytest.param(name, case, id=f"{name} {case['dataset']} {' '.join(case['params'].values())}")
    for name in NAMES
    if (GOLDEN / f"{name}.json").exists()
    for case in cases(name)
]


def test_every_query_has_golden_rows_of_both_datasets():
    written = {p.relative_to(GOLDEN).with_suffix("").as_posix() for p in GOLDEN.rglob("*.json")}
    assert written == set(NAMES)
    for name in NAMES:
        datasets = {case["dataset"] for case in cases(name)}
        assert "invented" in datasets and datasets & {"article", "whole"}, name


@pytest.mark.parametrize(("name", "case"), ALL)
def test_the_answer_is_the_golden_rows(
    name: str, case: Case, asked_of: Mapping[str, Asked]
) -> None:
    columns = [column for column in case["columns"] if column != "from"]
    rows = asked_of[case["dataset"]].rows(name, case["params"])
    found = [[row[column] for column in columns] for row in rows]
    assert found == [row[: len(columns)] for row in case["rows"]]


@pytest.mark.parametrize(("name", "case"), ALL)
def test_each_golden_row_says_where_it_was_read(name: str, case: Case) -> None:
    """The last column names the page and the note that the row gives, by hand once more."""
    assert case["columns"][-1] == "from"
    if not case["rows"]:
        assert case["why"]
    for row in case["rows"]:
        given = dict(zip(case["columns"], row, strict=True))
        if page := given.get("page"):
            assert (f"p. {page}" if page[0].isdigit() else page) in given["from"]
        if given.get("note"):
            assert f"note {given['note']}" in given["from"]


@pytest.mark.parametrize("name", [n for n in NAMES if n != "figures/lowest-and-highest"])
def test_the_article_as_a_whole_still_gives_the_rows_of_the_slice(
    name: str, article_engine: Any, asked_of: Mapping[str, Asked]
) -> None:
    """More pages add rows and change counts; they take no claim out of an answer, but for the
    lowest and the highest figure, where a later page may hold a lower or a higher one.
    """
    slice_ = asked_of["article"]
    whole = Asked(slice_.dataset, article_engine)
    keys = [k for k in ("claim", "first", "second", "citation") if k in CATALOGUE.get(name).returns]

    def claims(of: Asked) -> set[tuple[Any, ...]]:
        return {tuple(row[k] for k in keys) for row in of.rows(name)}

    assert claims(slice_) <= claims(whole)
