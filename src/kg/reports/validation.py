"""Findings in other people's data, in words: the frame is that of the pyshacl command."""

from __future__ import annotations

from tabulate import tabulate

from kg.reports.human import short
from kg.reports.model import Report

__all__ = ["human", "table"]


def human(report: Report) -> bytes:
    """Findings one after the other: place, severity, shape, what it is about, what to do, why."""
    found = report.shown
    lines = [f"Results ({len(found)}):"] if found else []
    for f in found:
        place = f"{f.place}: " if f.place else ""
        lines.append(f"{place}{f.severity} {report.rule(f)} {report.focus(f)}")
        lines.append(f"    {f.message}")
        if f.value:
            lines.append(f"    found: {short(f.value)}")
        if f.reason:
            lines.append(f"    why: {f.reason}")
    return (_head(report) + "".join(f"{line}\n" for line in lines)).encode()


def table(report: Report) -> bytes:
    """A row for each finding."""

    def name(text: str) -> str:
        return report.names.compact(text) if text.startswith(("http", "urn")) else text

    rows = []
    for f in report.shown:
        about = [name(text) for text in (f.focus, f.path, short(f.value, 40))]
        rows.append((f.severity, *about, report.rule(f), f.message, f.place))
    if not rows:
        return _head(report).encode()
    headers = ("severity", "focus", "path", "value", "shape", "message", "place")
    text = tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True)
    return f"{_head(report)}{text}\n".encode()


def _head(report: Report) -> str:
    return f"Validation Report\nConforms: {not report.findings}\n"
