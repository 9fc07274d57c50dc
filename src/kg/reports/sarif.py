"""Findings as SARIF 2.1.0 (OASIS), the format of code scanning."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kg.reports.model import Report, fingerprint
from kg.reports.pages import Page
from kg.shapes import Finding, Severity

__all__ = ["SCHEMA", "write"]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: dict[Severity, str] = {"violation": "error", "warning": "warning", "info": "note"}


def write(report: Report) -> bytes:
    """One run; each rule that objects stands in the driver with its page."""
    findings = [f for found in report.files.values() for f in found]
    pages: dict[str, Page] = {}
    for finding in findings:
        pages.setdefault(report.rule(finding), report.page(finding))
    order = list(pages)
    run = {
        "tool": {
            "driver": {
                "name": "kg check",
                "version": report.version or "0",
                "rules": [_rule(name, page) for name, page in pages.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": int(bool(report.failing))}],
        "results": [_result(report, f, order.index(report.rule(f))) for f in findings],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return f"{dumps(document, ensure_ascii=False, indent=2)}\n".encode()


def _rule(name: str, page: Page) -> dict[str, Any]:
    why = page.why or page.title
    help_text = "\n\n".join(filter(None, (page.title, page.why, page.solution)))
    rule: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": why},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
    }
    if page.address:
        rule["helpUri"] = page.address
    return rule


def _result(report: Report, finding: Finding, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": report.rule(finding),
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "partialFingerprints": {"kgCheck/v1": fingerprint(finding, report.names)},
    }
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": finding.focus, "kind": "resource"}]
    }
    if finding.file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.file)}}
        if finding.line:
            physical["region"] = {"startLine": finding.line, "startColumn": finding.column}
        location["physicalLocation"] = physical
    result["locations"] = [location]
    return result


def _message(finding: Finding) -> str:
    found = f" Found: {finding.value}" if finding.value else ""
    return f"{finding.message}{found}"


def _uri(file: str) -> str:
    """A relative reference from the working directory, or a file: URI."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
