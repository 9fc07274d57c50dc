"""Findings for people: by file, with what to do and why."""

from __future__ import annotations

from collections import Counter

import click

from kg.reports.model import Report, counted, reaches
from kg.reports.pages import Page
from kg.shapes import Finding

__all__ = ["explained", "short", "write"]

_COLOURS = {"violation": "red", "warning": "yellow", "info": "cyan"}


def write(report: Report) -> bytes:
    """One block for each file; the reason of a rule stands where it is met first. What is below
    `show` is counted by rule.
    """
    lines: list[str] = []
    told: set[str] = set()
    for file, findings in report.files.items():
        lines += ["", click.style(f"{file or 'no file'}: {counted(findings)}", bold=True)]
        for finding in findings:
            lines += _block(report, finding, told)
    if lines:  # a report of nothing says nothing; the summary has the counts
        lines += _hidden(report)
    text = "\n".join(lines).lstrip("\n")
    if not report.colour:
        text = click.unstyle(text)
    return f"{text}\n".encode() if text else b""


def _block(report: Report, finding: Finding, told: set[str]) -> list[str]:
    place = f"{finding.line}:{finding.column}" if finding.line else "-"
    severity = click.style(f"{finding.severity:<9}", fg=_COLOURS[finding.severity])
    rule = report.rule(finding)
    lines = [
        f"  {place:<8} {severity} {click.style(rule, bold=True)}  {report.focus(finding)}",
        f"           {finding.message}",
    ]
    if finding.value:
        lines.append(f"           found: {short(finding.value)}")
    if rule not in told:
        told.add(rule)
        solution = report.page(finding).solution
        if finding.reason:
            lines.append(f"           why: {finding.reason}")
        if solution and solution != finding.message:
            lines.append(f"           do: {solution}")
    return lines


def _hidden(report: Report) -> list[str]:
    hidden = [f for f in report.findings if not reaches(f.severity, report.show)]
    if not hidden:
        return []
    by_rule = Counter(report.rule(f) for f in hidden)
    rules = ", ".join(f"{rule} {times}" for rule, times in by_rule.most_common())
    return ["", f"not shown: {counted(hidden)}: {rules} (--show info lists them)"]


def short(text: str, width: int = 120) -> str:
    """A text that is cut where it is too long for a line."""
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def explained(page: Page) -> str:
    """The page of one rule or shape."""
    parts = [(page.name, page.title), ("Severity", page.severity), ("Why", page.why)]
    parts += [("Solution", page.solution), ("Valid", page.valid), ("Invalid", page.invalid)]
    lines = [f"{name}: {text.strip()}" if "\n" not in text.strip() else f"{name}:\n{text.strip()}"
             for name, text in parts if text.strip()]  # fmt: skip
    return "\n\n".join(lines) + "\n"
