"""The results as one markdown table with what is needed to read it."""

from __future__ import annotations

import contextlib
import datetime
import importlib.metadata
import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bench.driver import Outcome

__all__ = ["Cell", "Line", "heading", "machine", "markdown", "version"]


@dataclass
class Cell:
    """One server at one load: an outcome for each round."""

    rounds: list[Outcome] = field(default_factory=list)

    def rate(self) -> float:
        """Answers a second, the median of the rounds."""
        return statistics.median(o.rate() for o in self.rounds)

    def quantile(self, share: float) -> float:
        """A quantile of the latency in milliseconds, the median of the rounds."""
        return statistics.median(o.quantile(share) for o in self.rounds) * 1e3

    def bad(self) -> int:
        """Requests that got no whole answer, or not the status 200."""
        return sum(o.broken + o.answers - o.statuses[200] for o in self.rounds)

    def against(self, base: Cell) -> list[float]:
        """The ratios of answers a second to those of `base`, round by round."""
        pairs = zip(self.rounds, base.rounds, strict=True)
        return sorted(mine.rate() / theirs.rate() for mine, theirs in pairs if theirs.answers)


@dataclass(frozen=True)
class Line:
    """One line of the table; `ratio` is the median of the rounds, with the least and greatest."""

    what: str
    load: str
    server: str
    figures: str
    ratio: str = ""
    goal: str = ""

    @classmethod
    def of(cls, what: str, load: str, server: str, cell: Cell, base: Cell, goal: float) -> Line:
        """A line of throughput; `goal` is the least ratio that is wanted, 0 for none."""
        ratios = cell.against(base)
        middle = statistics.median(ratios) if ratios else 0.0
        rate = cell.rate()
        spread = f"{middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})" if ratios else "none"
        bad = f", {cell.bad()} not answered" if cell.bad() else ""
        return cls(
            what,
            load,
            server,
            f"{rate:,.0f}/s" if rate >= 100 else f"{rate:.3g}/s",
            "1" if cell is base else spread,
            judged(f"≥ {goal:g}", middle >= goal) if goal else "",
        ).with_times(f"p50 {cell.quantile(0.5):.3g} ms, p99 {cell.quantile(0.99):.3g} ms{bad}")

    def with_times(self, times: str) -> Line:
        """The same line with the times behind the figures."""
        return Line(
            self.what, self.load, self.server, f"{self.figures}, {times}", self.ratio, self.goal
        )


def judged(goal: str, met: bool) -> str:
    """A goal and whether it is met."""
    return f"{goal}: {'met' if met else '**missed**'}"


def markdown(lines: Iterable[Line]) -> str:
    """The table."""
    head = "| what | load | server | measured | ratio to raw | goal |\n|---|---|---|---|---|---|"
    rows = [
        f"| {x.what} | {x.load} | {x.server} | {x.figures} | {x.ratio} | {x.goal} |" for x in lines
    ]
    return "\n".join([head, *rows])


def machine() -> str:
    """The class of the machine: cores, memory, system; no names."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{cores} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


def heading(triples: int, rounds: int, notes: list[str], peers: Path) -> str:
    """What stands above the table: date, machine, versions."""
    versions = ", ".join(f"{name} {version(name, peers)}" for name in _PACKAGES)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [
        "Written by `make bench`; how to read it: [README.md](README.md).",
        "",
        f"- date: {today}",
        f"- machine: {machine()}; other work on it during the run: {_others()}",
        f"- data: {triples:,} merged triples; rounds: {rounds}, servers in turn in each",
        f"- versions: Python {platform.python_version()}, {versions}",
        *(f"- {note}" for note in notes),
    ]
    return "\n".join(lines)


_PACKAGES = ("contested", "pyoxigraph", "granian", "oxigraph", "rdflib-endpoint", "rdflib")


def version(name: str, peers: Path) -> str:
    """The version of a package here, or in the environment of the peers."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    paths = [str(path) for path in peers.glob("lib/python*/site-packages")]
    for found in importlib.metadata.distributions(name=name, path=paths):
        return found.version
    return "not installed"


def _others() -> str:
    """How much the machine had to do in the last quarter of an hour."""
    load = Path("/proc/loadavg")
    return f"load average {load.read_text().split()[2]}" if load.exists() else "not known"
