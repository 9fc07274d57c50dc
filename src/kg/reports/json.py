"""Findings as JSON: one object with a summary and a list."""

from __future__ import annotations

from collections import Counter
from json import dumps

from kg.reports import SEVERITIES
from kg.reports.model import Report, fingerprint
from kg.shapes import Finding

__all__ = ["write"]


def write(report: Report) -> bytes:
    """UTF-8 JSON; lines and columns are from 1, null where there are none."""
    found: Counter[str] = Counter(f.severity for f in report.findings)
    document = {
        "tool": "kg check",
        "version": report.version,
        "dataset": report.title,
        "conforms": not report.findings,
        "counts": {name: found[name] for name in SEVERITIES},
        "known": report.known,
        "failOn": report.gate,
        "seconds": round(report.seconds, 3),
        "findings": [_object(report, f) for found in report.files.values() for f in found],
    }
    return f"{dumps(document, ensure_ascii=False, indent=2)}\n".encode()


def _object(report: Report, finding: Finding) -> dict[str, object]:
    return {
        "rule": report.rule(finding),
        "page": report.page(finding).address or None,
        "severity": finding.severity,
        "focus": finding.focus,
        "path": finding.path or None,
        "value": finding.value or None,
        "message": finding.message,
        "why": finding.reason or None,
        "components": sorted({r.component.value for r in finding.results}),
        "file": finding.file or None,
        "line": finding.line,
        "column": finding.column,
        "fingerprint": fingerprint(finding, report.names),
    }
