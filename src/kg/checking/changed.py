"""``kg check --changed``: what a git change can affect, and nothing else.

The findings shown are those of a full run about everything whose judgement the change can alter.
Each finding of a full run that is not shown stood there at the revision already, in the same words.
What only the change itself can tell comes after them: translations left as they were beside a
wording that was changed.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from kg import bounded, rules
from kg import dataset as datasets
from kg.checking import check
from kg.dataset import Dataset, shown
from kg.errors import DatasetError, SettingsError
from kg.shapes import Checker, Finding

__all__ = ["changed"]

_FOLDERS = ("data", "ontology", "queries")


def changed(
    dataset: Dataset,
    revision: str = "HEAD",
    note: Callable[[str], None] = lambda _: None,
    timeout: float | None = None,
) -> tuple[Finding, ...]:
    """The findings about what differs between a revision and the files as they are.

    A change of the shapes themselves asks for a full run, and so does a revision whose files can't
    be read; `note` is told. Raises SettingsError where there is no such revision, and CheckTimeout,
    which names the constraint or the rule, for what takes longer than `timeout` seconds.
    """
    with TemporaryDirectory(prefix="kg-changed-") as folder:
        before = _at(dataset.path, revision, Path(folder))
        if before is None or _shapes(before) != _shapes(dataset):
            note("the shapes changed, or the revision can't be read: everything is checked")
            return check(dataset, timeout=timeout)
        touched = {shown(f.path) for f in dataset.files if not new_or_same(f, before, dataset)}
        old, new = set(_data(before)), set(_data(dataset))
        shapes = [quad for file in dataset.shapes for quad in file.quads]

        def by_shapes(at: Callable[[str], None]) -> tuple[Finding, ...]:
            if not shapes:
                return ()
            checker = Checker(shapes, old, judge=False, dataset=dataset, at=at)
            return checker.update(new - old, old - new).findings

        def stood(at: Callable[[str], None]) -> set[tuple[str, ...]]:
            return {_key(f) for f in rules.findings(before, at)}

        def by_rules(at: Callable[[str], None]) -> list[Finding]:
            return list(rules.findings(dataset, at))

        found, known, beyond = bounded.run_all((by_shapes, stood, by_rules), timeout)
    return (
        *found,
        *(f for f in beyond if _key(f) not in known or f.file in touched),
        *rules.left_behind(dataset, old, new),
    )


def new_or_same(file: datasets.File, before: Dataset, now: Dataset) -> bool:
    """Whether a file stood at the revision with the same quads."""
    place = file.path.relative_to(now.path) if file.path.is_relative_to(now.path) else None
    return any(
        old.quads == file.quads
        for old in before.files
        if place is not None and old.path.relative_to(before.path) == place
    )


def _data(dataset: Dataset) -> list[ox.Quad]:
    return [quad for file in (*dataset.files, *dataset.ontology) for quad in file.quads]


def _shapes(dataset: Dataset) -> list[bytes]:
    return sorted(file.path.read_bytes() for file in dataset.shapes)


def _key(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.focus, finding.path, finding.value, finding.message


def _at(path: Path, revision: str, folder: Path) -> Dataset | None:
    """The dataset as it stood at a revision; None where it was none, or can't be read."""
    if revision.startswith("-"):
        raise SettingsError(f"{revision} is no revision", where="--changed", hint="name a commit")
    _git(path, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    prefix = _git(path, "rev-parse", "--show-prefix").decode().strip()
    tree = f"{revision}:{prefix}" if prefix else revision
    try:
        archive = _git(path, "archive", "--format=tar", tree)
    except SettingsError:
        return None
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        wanted = [m for m in tar.getmembers() if m.name.split("/")[0] in _FOLDERS]
        tar.extractall(folder, wanted, filter="data")
    try:
        return datasets.load(folder)
    except DatasetError:
        return None


def _git(path: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  our own words
            ["git", "-C", str(path), *words],  # noqa: S607
            capture_output=True,
            check=False,
        )
    except OSError:
        raise SettingsError("git is not at hand", where="--changed", hint="install git") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SettingsError(
            f"git knows no such revision here{': ' + said[0] if said else ''}",
            where="--changed",
            hint="name a commit of the repository that holds the dataset",
        )
    return done.stdout
