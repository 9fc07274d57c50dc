"""``kg check --watch``: check again when a file was saved, judging only what that can alter."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from kg import dataset as datasets
from kg.checking import beyond
from kg.dataset import Dataset, File
from kg.errors import KgError
from kg.shapes import Checker, Finding

__all__ = ["Watch", "watch"]


class Watch:
    """One dataset folder, its files as they were last read, and a validation that is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._files: dict[tuple[Path, str], tuple[tuple[int, int], File]] = {}
        self._shapes: list[ox.Quad] = []
        self._stated: tuple[File, ...] = ()
        self._checker: Checker | None = None
        self.dataset: Dataset | None = None

    def poll(self) -> tuple[Finding, ...] | None:
        """All findings when a file was saved since the last time, else None.

        Only files that were saved are read again. Raises KgError when the files can't be read as
        they are; the next time is as good.
        """
        stamps = {}
        for folder in ("data", "ontology", "queries/checks"):
            for file in (self.path / folder).rglob("*"):
                with suppress(FileNotFoundError):  # gone between the listing and the look
                    stamps[file] = _stamp(file)
        if stamps == self._stamps:
            return None
        self._stamps = stamps
        self.dataset = dataset = datasets.load(self.path, self._read)
        shapes = [quad for file in dataset.shapes for quad in file.quads]
        stated = (*dataset.files, *dataset.ontology)
        if self._checker is None or shapes != self._shapes:
            data = (quad for file in stated for quad in file.quads)
            self._checker = Checker(shapes, data, dataset=dataset)
            self._shapes = shapes
        else:
            self._checker.dataset = dataset
            before, now = set(map(id, self._stated)), set(map(id, stated))
            self._checker.update(
                [q for file in stated if id(file) not in before for q in file.quads],
                [q for file in self._stated if id(file) not in now for q in file.quads],
            )
        self._stated = stated
        return (*self._checker.findings, *beyond(dataset))

    def _read(self, path: Path, graph: str) -> File:
        stamp = _stamp(path)
        known = self._files.get((path, graph))
        if known is None or known[0] != stamp:
            known = self._files[path, graph] = stamp, datasets.read_file(path, graph)
        return known[1]


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size


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
