"""``pytest --kg-check data/``: one test for each shape and file, beside whatever else is tested.

Without ``--kg-shapes`` PATH belongs to a dataset, and its shapes and rules are the tests: they fail
where ``kg check`` would, so not for what is only worth knowing. With it, PATH is any RDF and the
shapes are those named. Does nothing when neither option is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import pyoxigraph as ox
    from _pytest._code.code import TerminalRepr  # pytest exports no name for it

    from kg.dataset import Dataset
    from kg.shapes import Finding

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]

_ELSEWHERE = "elsewhere"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options."""
    group = parser.getgroup("kg", "checking RDF against SHACL shapes (contested)")
    group.addoption(
        "--kg-check",
        action="append",
        default=[],
        metavar="PATH",
        help="a dataset, or files and folders in one; with --kg-shapes, any RDF",
    )
    group.addoption(
        "--kg-shapes",
        action="append",
        default=[],
        metavar="FILE",
        help="SHACL shapes for the files of --kg-check",
    )


class Objections(Exception):
    """What a shape says of a file."""


class ShapeItem(pytest.Item):
    """One shape on one file."""

    findings: tuple[Finding, ...] = ()

    def runtest(self) -> None:
        """Fail with the findings."""
        if self.findings:
            raise Objections(self.findings)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | TerminalRepr:
        """The findings as people read them, without a trace."""
        if not isinstance(excinfo.value, Objections):
            return super().repr_failure(excinfo, style)
        lines = []
        for finding in self.findings:
            lines.append(f"{finding.place}: {finding.severity} {_rule(finding)} {finding.focus}")
            lines.append(f"    {finding.message}")
        return "\n".join(lines)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the test is."""
        return self.path, None, self.name


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the items."""
    paths = config.getoption("--kg-check")
    if paths:
        items += list(_items(session, tuple(paths), tuple(config.getoption("--kg-shapes"))))


def _items(
    session: pytest.Session, paths: tuple[str, ...], shapes: tuple[str, ...]
) -> Iterator[ShapeItem]:
    from kg.errors import KgError

    try:
        dataset, findings, rules = _checked(paths, shapes)
    except KgError as error:
        raise pytest.UsageError(error.line()) from None
    by_place: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        file = finding.file or _ELSEWHERE
        rule = _rule(finding)
        by_place.setdefault((file, rule), []).append(finding)
        rules.setdefault(rule, rule)
    from kg.dataset import shown

    files = {shown(file.path): file.path for file in dataset.files}
    files.update({file: Path(file) for file, _ in by_place if file not in files})
    for file, path in files.items():
        for rule, name in rules.items():
            item: ShapeItem = ShapeItem.from_parent(session, name=f"{file}::{name}")
            item.path = path
            item.findings = tuple(by_place.get((file, rule), ()))
            yield item


def _rule(finding: Finding) -> str:
    """The rule; of a shape without a name, which is another blank node each time, what objects."""
    from kg.names import Names
    from kg.reports.model import rule_name

    return finding.rule if ":" in finding.rule else rule_name(finding, Names())


def _checked(
    paths: tuple[str, ...], shapes: tuple[str, ...]
) -> tuple[Dataset, tuple[Finding, ...], dict[str, str]]:
    """The dataset, its findings, and the name of each rule."""
    from kg import checking
    from kg import dataset as datasets
    from kg.checking import foreign
    from kg.reports.model import reaches
    from kg.rules import rules as beyond

    rules: dict[str, str] = {}
    if shapes:
        dataset = foreign.gather(paths, shapes)
        findings = foreign.judge(dataset, foreign.Options()).findings
    else:
        choice, inside = checking.what_to_check(paths, None)
        dataset = datasets.load(choice.path)
        dataset = dataset.plus(p for p in inside if not checking.below(p, choice.path))
        found = checking.check(dataset, inside)
        findings = tuple(f for f in found if reaches(f.severity, "warning"))
        rules.update((name, name) for name in beyond(dataset))
        if inside:
            from dataclasses import replace

            kept = (f for f in dataset.files if any(checking.below(f.path, p) for p in inside))
            dataset = replace(dataset, files=tuple(kept))
    named = [q for file in dataset.shapes for q in file.quads]
    rules.update({iri: dataset.names.compact(iri).strip("<>") for iri in _shapes(named)})
    return dataset, findings, rules


def _shapes(quads: list[ox.Quad]) -> list[str]:
    import pyoxigraph

    from kg.shacl.graph import ShapesGraph
    from kg.shacl.read import Reader

    reader = Reader(ShapesGraph(quads))
    reader.read()
    return [node.value for node in reader.shapes if isinstance(node, pyoxigraph.NamedNode)]
