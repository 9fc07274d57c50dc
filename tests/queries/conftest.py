"""What the tests of the stored queries share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from stored import ROOT, Asked, asked, frozen_slice

from kg import dataset as datasets
from kg.dataset import Dataset


@pytest.fixture(scope="session")
def frozen(article: Dataset) -> Asked:
    return asked(frozen_slice(article))


@pytest.fixture(scope="session")
def asked_of(frozen: Asked, invented: Dataset) -> Mapping[str, Asked]:
    """What the golden files name: the frozen slice of the article, and the invented dataset."""
    return {"article": frozen, "invented": asked(invented)}


@pytest.fixture
def changed(a_copy: Callable[..., Path]) -> Callable[..., Asked]:
    """A dataset of which one place of one file is another: old text to new, in a copy."""

    def change(source: Path, file: str, old: str, new: str) -> Asked:
        folder = a_copy(source)
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} holds this {text.count(old)} times: {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        loaded = datasets.load(folder)
        return asked(frozen_slice(loaded) if source == ROOT else loaded)

    return change
