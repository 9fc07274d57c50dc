"""Findings as workflow commands of GitHub Actions: annotations in the changed files.

``::error file=…,line=…,col=…,title=…::message``, with the escapes that the runner undoes
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
"""

from __future__ import annotations

from kg.reports.model import Report
from kg.shapes import Finding, Severity

__all__ = ["write"]

_COMMANDS: dict[Severity, str] = {"violation": "error", "warning": "warning", "info": "notice"}


def write(report: Report) -> bytes:
    """One command, on one line, for each finding."""
    found = [_command(report, f) for findings in report.files.values() for f in findings]
    return "".join(f"{line}\n" for line in found).encode()


def _command(report: Report, finding: Finding) -> str:
    properties = {}
    if finding.file:
        properties["file"] = finding.file
    if finding.line:
        properties.update(line=str(finding.line), col=str(finding.column))
    properties["title"] = f"{report.rule(finding)} {report.focus(finding)}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    found = f"\nFound: {finding.value}" if finding.value else ""
    why = f"\n{finding.reason}" if finding.reason else ""
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(finding.message + found + why)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
