"""What a report is made of: findings, what explains them, and how they are counted and named."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.names import Names, sh
from kg.reports import SEVERITIES
from kg.reports.pages import Page, Pages
from kg.shacl.graph import ShapesGraph
from kg.shapes import Finding, Severity

__all__ = ["Report", "counted", "fingerprint", "reaches", "rule_name"]


def reaches(severity: Severity, gate: Severity) -> bool:
    """Whether a severity is as grave as the gate, or graver."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(gate)


def counted(findings: Iterable[Finding]) -> str:
    """``1 violation, 2 warnings``; empty for none."""
    found: Counter[str] = Counter(f.severity for f in findings)
    return ", ".join(
        f"{found[name]} {name}{'s' if found[name] != 1 else ''}"
        for name in SEVERITIES
        if found[name]
    )


def rule_name(finding: Finding, names: Names) -> str:
    """What a report calls the rule: an id, a prefixed name, or, of a shape without a name of its
    own, the constraint component that objects.
    """
    if finding.results and isinstance(finding.results[0].shape, ox.BlankNode):
        iri = finding.results[0].component.value
        return f"sh:{iri.removeprefix(sh.iri)}" if iri.startswith(sh.iri) else names.compact(iri)
    return names.compact(finding.rule) if ":" in finding.rule else finding.rule


def fingerprint(finding: Finding, names: Names) -> str:
    """32 hex digits that stay the same when lines move and words change: of the rule, the focus
    node, the path and the value. Blank nodes, whose names change with each reading, do not count.
    """
    parts = [rule_name(finding, names)]
    if finding.results:
        result = finding.results[0]
        terms = (result.focus, result.path, result.value)
        parts += ["" if t is None or isinstance(t, ox.BlankNode) else str(t) for t in terms]
        if isinstance(result.focus, ox.BlankNode):
            parts.append(finding.file)
    else:
        parts += [finding.focus, finding.path, finding.value]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Report:
    """The findings of one run, and what the formats say beside them.

    `gate` is the least severity that fails the run; `show` the least that people are shown one by
    one; `known` counts what the baseline leaves out; `seconds` is how long the run took.
    """

    dataset: Dataset
    findings: tuple[Finding, ...]
    gate: Severity = "warning"
    show: Severity = "info"
    known: int = 0
    seconds: float = 0.0
    title: str = ""
    version: str = ""
    colour: bool = False
    _found: dict[str, Page] = field(default_factory=dict, compare=False, repr=False)

    @property
    def names(self) -> Names:
        """The prefixes of the dataset."""
        return self.dataset.names

    @property
    def failing(self) -> int:
        """How many findings are at or above the gate."""
        return sum(reaches(f.severity, self.gate) for f in self.findings)

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that are as grave as `show`."""
        return tuple(f for f in self.findings if reaches(f.severity, self.show))

    @property
    def files(self) -> dict[str, list[Finding]]:
        """What is shown, by file, in the order of their lines."""
        found: dict[str, list[Finding]] = {}
        for finding in sorted(self.shown, key=lambda f: (f.file, f.line or 0, f.column or 0)):
            found.setdefault(finding.file, []).append(finding)
        return found

    @property
    def summary(self) -> str:
        """One line: the counts, what was left out, the time."""
        known = f" ({self.known} known, left out)" if self.known else ""
        return f"{counted(self.findings) or 'no findings'}{known} in {self.seconds:.2f} s"

    def focus(self, finding: Finding) -> str:
        """What a finding is about, as people read it."""
        return self.names.compact(finding.focus) if ":" in finding.focus else finding.focus

    def rule(self, finding: Finding) -> str:
        """What the report calls the rule of a finding."""
        return rule_name(finding, self.names)

    @cached_property
    def pages(self) -> Pages:
        """What there is to say of rules and shapes."""
        return Pages(self.dataset)

    @property
    def shapes(self) -> ShapesGraph:
        """The shapes of the dataset."""
        return self.pages.shapes

    def page(self, finding: Finding) -> Page:
        """What explains a finding."""
        name = self.rule(finding)
        if finding.rule not in self._found:
            self._found[finding.rule] = self.pages.of(finding.rule) or Page(
                name, finding.message, severity=finding.severity
            )
        return self._found[finding.rule]
