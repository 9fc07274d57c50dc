"""``kg check``: the shapes, and the rules beyond them, in one list of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox

from kg import bounded, rules, shapes
from kg.dataset import Choice, Dataset, choose, choose_one, is_dataset
from kg.engine.guard import admit
from kg.errors import DatasetError, QueryError, SettingsError
from kg.names import sh
from kg.shacl import Result
from kg.shapes import Finding

__all__ = ["Step", "below", "beyond", "check", "narrowed", "what_to_check"]

Say = Callable[[str], None]
Step = Callable[[str, int, int], None]


def check(
    dataset: Dataset,
    within: Iterable[Path] = (),
    *,
    engine: str = "fast",
    timeout: float | None = None,
    note: Callable[[str], None] | None = None,
    step: Step = lambda *_: None,
) -> tuple[Finding, ...]:
    """All findings of a dataset; with `within`, those placed in these files or folders.

    What takes longer than `timeout` seconds is stopped: CheckTimeout names the constraint and the
    rule. With a limit, shapes and rules are looked at side by side. `note` is told what was left to
    the reference, and which differences are excused; `step` what is being done, how many parts are
    done and how many there are, for a progress bar.
    """
    _refuse_federation(dataset)
    queries = rules.queries_of(dataset)
    total, done = 1 + len(rules.WRITTEN) + len(queries), [0, 0]

    def by_shapes(at: Say) -> tuple[tuple[Result, ...], list[str]]:
        notes: list[str] = []
        return shapes.results(dataset, engine=engine, note=notes.append, at=at), notes

    def by_rules(at: Say) -> list[Finding]:
        return list(rules.findings(dataset, at, queries))

    def heard(work: int, _: str) -> None:
        done[work] += 1

    def waiting(places: list[str]) -> None:
        step(" and ".join(places) or "shapes", done[1], total)

    (results, notes), found = bounded.run_all((by_shapes, by_rules), timeout, heard, waiting)
    if note is not None:
        for line in notes:
            note(line)
    placed = shapes.as_findings(results, shapes.read(dataset), dataset)
    return narrowed([*placed, *found], within)


def beyond(dataset: Dataset) -> list[Finding]:
    """What shapes can't see: the findings of the rules."""
    return list(rules.findings(dataset))


def narrowed(findings: Iterable[Finding], within: Iterable[Path]) -> tuple[Finding, ...]:
    """The findings that are placed in these files or folders; all of them where none is named."""
    limits = [path.resolve() for path in within]
    return tuple(f for f in findings if not limits or _inside(f, limits))


def below(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == folder or folder in path.parents


def what_to_check(paths: tuple[str, ...], dataset: str | None) -> tuple[Choice, list[Path]]:
    """The dataset, and the files or folders to which the findings are narrowed (none: all)."""
    if len(paths) == 1 and Path(paths[0]).is_dir() and is_dataset(Path(paths[0])):
        return choose_one(paths[0], dataset), []
    resolved = []
    for text in paths:
        path = Path(text)
        if not path.exists():
            raise DatasetError(
                "there is no such file or folder", where=text, hint="look at the spelling"
            )
        resolved.append(path.resolve())
    if dataset is None and resolved:
        enclosing = next((p for p in resolved[0].parents if is_dataset(p)), None)
        if enclosing:
            dataset = str(enclosing)
    choice = choose(dataset)
    for text, path in zip(paths, resolved, strict=True):
        if path.is_dir() and not below(path, choice.path):
            choose(text)  # a folder outside: says what it lacks
            raise SettingsError(
                "check one dataset at a time", where=text, hint="run kg check once for each"
            )
    return choice, resolved


def _inside(finding: Finding, limits: list[Path]) -> bool:
    if not finding.file:
        return True
    path = Path(finding.file).resolve()
    return any(path == limit or limit in path.parents for limit in limits)


def _refuse_federation(dataset: Dataset) -> None:
    """The queries inside shapes are evaluated too, and nothing here opens a connection."""
    for file in dataset.shapes:
        for number, quad in enumerate(file.quads):
            if quad.predicate not in (sh.select, sh.ask) or not isinstance(quad.object, ox.Literal):
                continue
            try:
                admit(quad.object.value)
            except QueryError as error:
                focus = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
                raise DatasetError(
                    f"the query of {dataset.names.compact(focus)} is refused: {error.message}",
                    where=file.place(number, "predicate"),
                    hint="a shape asks the data alone",
                ) from None
