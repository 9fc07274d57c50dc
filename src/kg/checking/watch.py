"""``kg check --watch``: check again when a file was saved, judging only what that can alter."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from kg import dataset as datasets
from kg.checking import beyond
from kg.dataset import Dataset
from kg.errors import KgError
from kg.shapes import Checker, Finding

__all__ = ["Watch", "watch"]


class Watch:
    """One dataset folder, its files' times, and the validation that is kept of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._shapes: list[ox.Quad] = []
        self._data: set[ox.Quad] = set()
        self._checker: Checker | None = None
        self.dataset: Dataset | None = None

    def poll(self) -> tuple[Finding, ...] | None:
        """All findings when a file was saved since the last time, else None.

        Raises KgError when the files can't be read as they are; the next time is as good.
        """
        stamps = {}
        for folder in (self.path / "data", self.path / "ontology"):
            for file in folder.rglob("*"):
                try:
                    state = file.stat()
                except FileNotFoundError:  # gone between the listing and the look
                    continue
                stamps[file] = (state.st_mtime_ns, state.st_size)
        if stamps == self._stamps:
            return None
        self._stamps = stamps
        self.dataset = dataset = datasets.load(self.path)
        shapes = [quad for file in dataset.shapes for quad in file.quads]
        data = {q for file in (*dataset.files, *dataset.ontology) for q in file.quads}
        if self._checker is None or shapes != self._shapes:
            self._checker = Checker(shapes, data, dataset=dataset)
            self._shapes = shapes
        else:
            self._checker.dataset = dataset
            self._checker.update(data - self._data, self._data - data)
        self._data = data
        return (*self._checker.findings, *beyond(dataset))


def watch(
    path: Path,
    show: Callable[[tuple[Finding, ...], Dataset, float], None],
    fail: Callable[[KgError], None],
    *,
    every: float = 0.3,
    rounds: int | None = None,
) -> None:
    """Poll a dataset each `every` seconds, for ever or so many `rounds`.

    `show` is told the findings, the dataset, and how many seconds they took.
    """
    looked = Watch(path)
    while rounds is None or rounds > 0:
        began = time.perf_counter()
        try:
            found = looked.poll()
        except KgError as error:
            fail(error)
        else:
            if found is not None and looked.dataset is not None:
                show(found, looked.dataset, time.perf_counter() - began)
        if rounds is not None:
            rounds -= 1
        time.sleep(every)
