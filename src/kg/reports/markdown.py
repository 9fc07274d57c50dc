"""Findings as Markdown, for a pull request or the summary of a job."""

from __future__ import annotations

import re

from kg.reports.model import Report

__all__ = ["write"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def write(report: Report) -> bytes:
    """A heading, the counts, and a table for each file."""
    lines = [
        f"# {_plain(report.title or 'kg check')}",
        "",
        f"{report.summary[0].upper()}{report.summary[1:]}.",
    ]
    for file, findings in report.files.items():
        lines += ["", f"## {_plain(file or 'no file')}", ""]
        lines += [
            "| line | severity | rule | about | what to do |",
            "| --- | --- | --- | --- | --- |",
        ]
        for finding in findings:
            place = f"{finding.line}:{finding.column}" if finding.line else ""
            address = report.page(finding).address
            rule = _plain(report.rule(finding))
            linked = f"[{rule}](<{address}>)" if address else rule
            message = _plain(finding.message)
            lines.append(
                f"| {place} | {finding.severity} | {linked} | {_plain(report.focus(finding))} "
                f"| {message} |"
            )
    return ("\n".join(lines) + "\n").encode()


def _plain(text: str) -> str:
    """A text that Markdown takes for nothing but text, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
