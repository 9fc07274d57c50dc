"""Throughput in rounds: each round asks every contender at every load, one after the other.

The order changes from round to round, and ratios are taken within a round: what the machine does
beside the run then weighs on neighbours alike.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench import measures
from bench.driver import STAMP
from bench.generate import Made
from bench.servers import Server
from bench.table import Cell, Line
from bench.templates import Template

__all__ = ["Contender", "again", "each_once", "load", "say", "throughput"]


@dataclass(frozen=True)
class Contender:
    """A server asked in one way; `requests` makes what is sent for a template.

    Further ways to ask (a fixed template by a route of its own, say) are further contenders: their
    `requests` gives None for a template that they do not answer.
    """

    name: str
    server: Server
    requests: Callable[[Template, Made], list[bytes] | None]
    goal: str = ""


def each_once(server: Server) -> Callable[[Template, Made], list[bytes]]:
    """Requests that no cache has seen: each carries the number of its turn in a comment."""

    def make(template: Template, made: Made) -> list[bytes]:
        mark = "\n#" + STAMP.decode()
        return [
            server.request(server.target(text + mark), template.accept)
            for text in template.queries(made)
        ]

    return make


def again(server: Server) -> Callable[[Template, Made], list[bytes]]:
    """Requests that have been asked before: twenty texts, over and over."""

    def make(template: Template, made: Made) -> list[bytes]:
        texts = template.queries(made)[:20]
        return [server.request(server.target(text), template.accept) for text in texts]

    return make


def throughput(
    templates: list[Template],
    contenders: list[Contender],
    made: Made,
    *,
    rounds: int,
    pace: float,
) -> list[Line]:
    requests = {
        (template.name, contender.name): contender.requests(template, made)
        for template in templates
        for contender in contenders
    }
    loads = [(template, count) for template in templates for count in template.connections]
    cells: dict[tuple[str, int, str], Cell] = {}
    empty: dict[tuple[int, str], Cell] = {}
    sent: dict[str, int] = {}
    for turn in range(rounds):
        order = contenders[turn % len(contenders) :] + contenders[: turn % len(contenders)]
        begun = time.monotonic()
        for template, count in loads:
            for contender in order:
                asked = requests[template.name, contender.name]
                if asked is None:
                    continue
                outcome = measures.drive(
                    contender.server,
                    asked,
                    count,
                    template.seconds * pace,
                    first=sent.get(contender.name, 0),
                    least=2 * count if template.compared < 5 else 0,
                )
                sent[contender.name] = sent.get(contender.name, 0) + outcome.answers + count + 1
                key = template.name, count, contender.name
                cells.setdefault(key, Cell()).rounds.append(outcome)
        for count in (1, 32):
            for contender in order:
                if contender.goal != "cache":
                    server = contender.server
                    asked = [server.request(server.empty)]
                    outcome = measures.drive(server, asked, count, 0.5 * pace)
                    outcome.statuses[200] = outcome.answers  # an error page is an answer here
                    empty.setdefault((count, contender.name), Cell()).rounds.append(outcome)
        say(f"round {turn + 1} of {rounds}: {time.monotonic() - begun:.0f} s")
    lines = []
    base = contenders[0].name
    for template, count in loads:
        for contender in contenders:
            cell = cells.get((template.name, count, contender.name))
            if cell:
                goal = (template.goal or {}).get((contender.goal, count), 0.0)
                against = cells[template.name, count, base]
                lines.append(
                    Line.of(template.name, load(count), contender.name, cell, against, goal)
                )
    for (count, name), cell in sorted(empty.items()):
        what = "an answer without a query"
        lines.append(Line.of(what, load(count), name, cell, empty[count, base], 0.0))
    return lines


def load(count: int) -> str:
    """A number of connections in words."""
    return f"{count} connection{'s' if count > 1 else ''}"


def say(text: str) -> None:
    """Tell whoever waits how far the run is."""
    print(text, file=sys.stderr, flush=True)
