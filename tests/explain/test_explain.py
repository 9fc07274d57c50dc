"""What `kg explain` says is what a careful editor of each language wrote, word for word.

The golden texts were written by hand from the data and read against the printed page.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.dataset import Dataset
from kg.disputes import share
from kg.explain import LANGUAGES, explain

GOLDEN = Path(__file__).parent / "golden"


def texts(language: str) -> Iterator[tuple[str, str, list[str], str]]:
    """Dataset, name, options and the expected text of each golden text of a language."""
    for part in (GOLDEN / f"{language}.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        head, _, body = part.partition("\n")
        dataset, name, *options = shlex.split(head)
        yield dataset, name, options, body.strip()


ALL = [
    pytest.param(language, *golden, id=f"{language} {golden[1]}")
    for language in LANGUAGES
    for golden in texts(language)
]


@pytest.mark.parametrize(("language", "dataset", "name", "options", "expected"), ALL)
def test_golden(
    language: str,
    dataset: str,
    name: str,
    options: list[str],
    expected: str,
    article: Dataset,
    invented: Dataset,
) -> None:
    given = dict(zip(options[::2], options[1::2], strict=True))
    told = explain(
        {"article": article, "invented": invented}[dataset],
        name,
        language=language,
        policy=given.get("--policy", "all"),
        about=share(given.get("--about", "0.1")),
    )
    assert told.text() == expected
