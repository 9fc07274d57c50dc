"""Findings as CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io

from kg.reports.model import Report

__all__ = ["COLUMNS", "write"]

COLUMNS = (
    "file", "line", "column", "severity", "rule", "focus", "path", "value", "message", "why",
    "page",
)  # fmt: skip


def write(report: Report) -> bytes:
    """A header and one record for each finding, in UTF-8, lines ended by CR LF."""
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(COLUMNS)
    for found in report.files.values():
        for f in found:
            place = (f.file, f.line or "", f.column or "")
            said = (f.focus, f.path, f.value, f.message, f.reason, report.page(f).address)
            out.writerow((*place, f.severity, report.rule(f), *said))
    return text.getvalue().encode()
