"""Findings as one HTML page that needs nothing else."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from kg.reports.model import Report

__all__ = ["write"]


def write(report: Report) -> bytes:
    """The page in UTF-8; everything that comes from the data is escaped."""
    environment = Environment(
        loader=PackageLoader("kg.reports", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(report=report).encode() + b"\n"
