"""What ``kg check`` is told about its report, and the way from findings to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from kg import __version__, reports
from kg import dataset as datasets
from kg.cli.frame import out

if TYPE_CHECKING:
    from kg.shapes import Finding, Severity

__all__ = ["Reporting", "report_options"]


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a report; the verb gets them as one argument, `reporting`."""
    severity = click.Choice(reports.SEVERITIES)
    file = click.Path(dir_okay=False)

    @click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(list(reports.FORMATS)),
        help="By default from the name of FILE, else human; with --shapes always human.",
    )
    @click.option("-o", "--output", metavar="FILE", type=file, help="A file; - is stdout.")
    @click.option(
        "--fail-on",
        "gate",
        type=severity,
        help="Exit 1 for findings that are at least as grave: by default warning, with --shapes "
        "info.",
    )
    @click.option(
        "--show",
        type=severity,
        help="List what is at least as grave; by default all, and in the human report what can "
        "fail the run.",
    )
    @click.option("--baseline", metavar="FILE", type=file, help="Leave out the findings in FILE.")
    @click.option(
        "--write-baseline", metavar="FILE", type=file, help="Write all findings to FILE; exit 0."
    )
    @click.option("--explain", metavar="RULE", help="Print the page of one rule or shape.")
    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        names = ("form", "output", "gate", "show", "baseline", "write_baseline", "explain")
        reporting = Reporting(**{name: kwargs.pop(name) for name in names})
        return function(*args, reporting=reporting, **kwargs)

    return run


@dataclass
class Reporting:
    """How one run reports."""

    form: str | None
    output: str | None
    gate: Severity | None
    show: Severity | None
    baseline: str | None
    write_baseline: str | None
    explain: str | None
    began: float = field(default_factory=perf_counter)
    _drawn: bool = False

    def step(self, name: str, number: int, total: int) -> None:
        """Draw how far the run is, on a terminal, when it takes more than a second."""
        if not sys.stderr.isatty() or perf_counter() - self.began < 1:
            return
        filled = 20 * number // max(total, 1)
        bar = f"[{'#' * filled}{'.' * (20 - filled)}] {number}/{total} {name}"
        click.echo(f"\r\x1b[K{bar[:79]}", err=True, nl=False)
        self._drawn = True

    def print_page(self, dataset: datasets.Dataset) -> int:
        """The page of one rule or shape. Raises ParameterError for one that there is not."""
        from kg.reports.human import explained
        from kg.reports.pages import page_named

        click.echo(explained(page_named(dataset, self.explain or "")), nl=False)
        return 0

    def finish(
        self,
        dataset: datasets.Dataset,
        findings: Iterable[Finding],
        title: str,
        *,
        whole: bool = True,
        foreign: bool = False,
        seconds: float | None = None,
    ) -> int:
        """Write the report and the summary; the exit code. `whole`: nothing was narrowed, so that
        what a baseline knows and the run did not find is gone for good. `foreign`: the data are
        other people's, and what is not told is as the pyshacl command has it. `seconds`: how long
        the run took, where that is not the time since the program began.
        """
        from kg.exports import write_whole
        from kg.reports import baseline
        from kg.reports.model import Report

        if self._drawn:
            click.echo("\r\x1b[K", err=True, nl=False)
        found, known = tuple(findings), 0
        if self.write_baseline:
            number = baseline.write(Path(self.write_baseline), found, dataset.names)
            click.echo(f"{self.write_baseline}: {number} findings are known now", err=True)
            return 0
        if self.baseline:
            held = baseline.read(Path(self.baseline))
            found, known, gone = baseline.split(found, held, dataset.names)
            if whole:
                self._say_gone(gone)
        output = None if self.output == "-" else self.output
        form = self.form or ("human" if foreign else reports.format_of(output))
        gate: Severity = self.gate or ("info" if foreign else "warning")
        report = Report(
            dataset,
            found,
            gate=gate,
            show=self.show or (gate if form == "human" else "info"),
            known=known,
            seconds=perf_counter() - self.began if seconds is None else seconds,
            title=title,
            version=__version__,
            colour=not output and sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        )
        body = reports.write(report, form, foreign=foreign)
        if output:
            write_whole(Path(output), body)
        elif body:
            out(body)
        click.echo(f"{title}: {report.summary}", err=True)
        return 1 if report.failing else 0

    def _say_gone(self, gone: list[str]) -> None:
        if not gone:
            return
        more = f" and {len(gone) - 5} more" if len(gone) > 5 else ""
        click.echo(
            f"{self.baseline}: no longer found: {'; '.join(gone[:5])}{more} "
            "(write the baseline anew with --write-baseline)",
            err=True,
        )
