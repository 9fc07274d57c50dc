"""Reports of findings: one file for each format, and the baseline that leaves out what is known.

This file is read by every verb of the command line, so it loads nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.reports.model import Report

__all__ = ["FOREIGN", "FORMATS", "SEVERITIES", "format_of", "write"]

SEVERITIES = ("violation", "warning", "info")
"""From the gravest down."""

FORMATS = {
    "human": "human.write",
    "table": "table.write",
    "json": "json.write",
    "csv": "csv.write",
    "markdown": "markdown.write",
    "html": "html.write",
    "junit": "junit.write",
    "sarif": "sarif.write",
    "github": "github.write",
    "turtle": "rdf.turtle",
    "jsonld": "rdf.jsonld",
    "json-ld": "rdf.jsonld",
    "xml": "rdf.xml",
    "nt": "rdf.ntriples",
    "n3": "rdf.turtle",
}
"""The writers by the name of their format; a format's libraries are loaded when it is used. The
last four are names that the pyshacl command has (its n3 is plain Turtle)."""

FOREIGN = {"human": "validation.human", "table": "validation.table"}
"""What two of them are for other people's data: the text of the pyshacl command."""

_SUFFIXES = {
    ".json": "json", ".csv": "csv", ".md": "markdown", ".html": "html", ".xml": "junit",
    ".sarif": "sarif", ".ttl": "turtle", ".jsonld": "jsonld",
}  # fmt: skip


def format_of(output: str | None) -> str:
    """The format that the name of a file says, else ``human``."""
    return _SUFFIXES.get(Path(output).suffix, "human") if output else "human"


def write(report: Report, form: str, *, foreign: bool = False) -> bytes:
    """A report in one of `FORMATS`; `foreign` where its data is no dataset of claims."""
    module, _, name = (FORMATS | FOREIGN if foreign else FORMATS)[form].partition(".")
    writer: Callable[[Report], bytes] = getattr(import_module(f"kg.reports.{module}"), name)
    return writer(report)
