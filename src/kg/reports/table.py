"""Findings as a plain table."""

from __future__ import annotations

from tabulate import tabulate

from kg.reports.human import short
from kg.reports.model import Report

__all__ = ["write"]


def write(report: Report) -> bytes:
    """One row for each finding."""
    rows = [
        (f.place, f.severity, report.rule(f), report.focus(f), short(f.message))
        for found in report.files.values()
        for f in found
    ]
    if not rows:
        return b""
    headers = ["place", "severity", "rule", "about", "what to do"]
    return f"{tabulate(rows, headers=headers, tablefmt='simple', disable_numparse=True)}\n".encode()
