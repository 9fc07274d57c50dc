"""Findings as JUnit XML: what continuous integration shows as failed tests."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from kg.reports.model import Report, reaches
from kg.shapes import Finding

__all__ = ["write"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report) -> bytes:
    """A suite for each file, a case for each finding: a failure where it reaches the gate, else
    one that passed with the finding as its output. A run without findings is one passed case.
    """
    top = Element("testsuites", name="kg check", time=f"{report.seconds:.3f}")
    total = failed = 0
    for file, findings in (report.files or {report.title: []}).items():
        suite = SubElement(
            top, "testsuite", name=_xml(file or report.title), errors="0", skipped="0"
        )
        failures = 0
        for finding in findings:
            case = _case(report, finding, suite)
            if reaches(finding.severity, report.gate):
                failures += 1
                failure = SubElement(
                    case, "failure", message=_xml(finding.message), type=finding.severity
                )
                failure.text = _text(report, finding)
            else:
                SubElement(case, "system-out").text = _text(report, finding)
        if not findings:
            SubElement(suite, "testcase", classname="kg.check", name="no findings", time="0")
        number = max(len(findings), 1)
        suite.attrib.update(tests=str(number), failures=str(failures), time="0")
        total, failed = total + number, failed + failures
    top.attrib.update(tests=str(total), failures=str(failed), errors="0")
    body: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _case(report: Report, finding: Finding, suite: Element) -> Element:
    attributes = {
        "classname": _xml(report.rule(finding)),
        "name": _xml(f"{report.focus(finding)} {finding.place}".strip()),
        "time": "0",
    }
    if finding.line:
        attributes.update(file=_xml(finding.file), line=str(finding.line))
    return SubElement(suite, "testcase", attributes)


def _text(report: Report, finding: Finding) -> str:
    page = report.page(finding)
    parts = [
        finding.place,
        f"{finding.severity} {report.rule(finding)} {report.focus(finding)}",
        finding.message,
        finding.value and f"found: {finding.value}",
        finding.reason and f"why: {finding.reason}",
        page.address and f"see: {page.address}",
    ]
    return _xml("\n".join(filter(None, parts)))


def _xml(text: str) -> str:
    """A text without the characters that XML 1.0 can't hold."""
    return _NOT_XML.sub("\ufffd", text)
