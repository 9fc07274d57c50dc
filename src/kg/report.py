"""Findings, tables, lists and counts as text for people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click
from tabulate import tabulate

from kg.catalogue import Catalogue
from kg.names import Names
from kg.shapes import Finding

__all__ = ["counts", "human", "questions", "table"]

_COLOURS = {"violation": "red", "warning": "yellow", "info": "cyan"}


def human(findings: Iterable[Finding], names: Names, *, colour: bool = False) -> str:
    """Findings one after the other: place, severity, rule, what it is about, what to do, why."""
    lines = []
    for finding in findings:
        rule = names.compact(finding.rule) if ":" in finding.rule else finding.rule
        about = names.compact(finding.focus) if ":" in finding.focus else finding.focus
        place = f"{finding.place}: " if finding.place else ""
        severity = click.style(finding.severity, fg=_COLOURS[finding.severity])
        head = f"{place}{severity} {rule} {about}"
        lines.append(head if colour else click.unstyle(head))
        lines.append(f"    {finding.message}")
        if finding.value:
            lines.append(f"    found: {_short(finding.value)}")
        if finding.reason:
            lines.append(f"    why: {finding.reason}")
    return "\n".join(lines)


def _short(text: str, width: int = 120) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def table(results: bytes, names: Names) -> str:
    """SPARQL results in JSON as a plain table; IRIs with prefixes where the table has them."""
    document = json.loads(results)
    if "boolean" in document:
        return "yes" if document["boolean"] else "no"
    variables = document["head"]["vars"]
    rows = [
        [_cell(binding.get(name), names) for name in variables]
        for binding in document["results"]["bindings"]
    ]
    return tabulate(rows, headers=variables, tablefmt="simple", disable_numparse=True)


def _cell(term: dict[str, str] | None, names: Names) -> str:
    if term is None:
        return ""
    if term["type"] == "uri":
        return names.compact(term["value"])
    return term["value"]


def questions(catalogue: Catalogue) -> str:
    """The stored queries with the question that each answers."""
    rows = [(q.name, q.question, ", ".join(p.name for p in q.params)) for q in catalogue]
    if not rows:
        return "this dataset has no stored queries"
    return tabulate(rows, headers=["name", "question", "parameters"], tablefmt="simple")


def counts(found: dict[str, Any], indent: str = "") -> str:
    """Nested counts as indented lines, numbers to the right."""
    lines = []
    for key, value in found.items():
        if isinstance(value, dict):
            if value:
                lines.append(f"{indent}{key}")
                lines.append(counts(value, indent + "  "))
        elif isinstance(value, int):
            lines.append(f"{indent}{key:<{52 - len(indent)}} {value:>8,}")
        else:
            lines.append(f"{indent}{key:<12} {value}")
    return "\n".join(lines)
