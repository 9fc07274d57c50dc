"""What the tests of the stored queries share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from stored import ROOT, Asked, asked, frozen_slice

from kg import dataset as datasets
from kg.dataset import Dataset
from kg.engine import Engine


@pytest.fixture(scope="session")
def frozen(article: Dataset) -> Asked:
    return asked(frozen_slice(article))


@pytest.fixture(scope="session")
def asked_of(
    frozen: Asked, article: Dataset, article_engine: Engine, invented: Dataset
) -> Mapping[str, Asked]:
    """What the golden files name: the frozen slice of the article, the article as a whole, and
    the invented dataset.
    """
    whole = Asked(article, article_engine)
    return {"article": frozen, "whole": whole, "invented": asked(invented)}


@pytest.fixture
def changed(a_copy: Callable[..., Path]) -> Callable[..., Asked]:
    """A copy of a dataset in which one text of one file is another; of the article the frozen
    slice, unless the whole is asked for.
    """

    def change(source: Path, old: str, new: str, *, whole: bool = False) -> Asked:
        folder = a_copy(source)
        holding = {p: p.read_text(encoding="utf-8") for p in sorted(folder.glob("data/**/*.ttl"))}
        times = sum(text.count(old) for text in holding.values())
        assert times == 1, f"the data hold this {times} times: {old}"
        for path, text in holding.items():
            if old in text:
                path.write_text(text.replace(old, new), encoding="utf-8")
        loaded = datasets.load(folder)
        return asked(frozen_slice(loaded) if source == ROOT and not whole else loaded)

    return change
