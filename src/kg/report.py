"""Tables, lists and counts as text for people; findings have a room of their own (`reports`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tabulate import tabulate

from kg.catalogue import Catalogue
from kg.disputes import KINDS, Dispute, Register
from kg.lineage import SAME_AUTHOR, Link
from kg.names import Names
from kg.sums import Sum

__all__ = ["counts", "disputed", "questions", "table", "tree"]


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


def disputed(register: Register, names: Names) -> str:
    """The register of disputes as a table, and below it what a table can't hold: contradictions
    of one voice with itself, sums of parts, figures that were only planned or ordered, what a
    policy left out.
    """
    rows = [_row(dispute, names) for dispute in register.disputes]
    headers = ("question", "kind", "claims", "envelope", "spread", "lines", "set against")
    lines = [
        f"policy {register.policy}, width of about {float(register.about):g}",
        "",
        tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True),
    ]
    for dispute in register.disputes:
        about = names.compact(dispute.question.iri)
        for pair in dispute.contradictions:
            a, b = names.compact(pair.a.iri), names.compact(pair.b.iri)
            lines.append(f"one voice against itself: {about}: {a} and {b}")
        lines += [f"sum of parts: {about}: {_added(found, names)}" for found in dispute.sums]
        for modality in sorted({*dispute.modal, *dispute.modal_kinds}):
            own, kind = dispute.modal.get(modality), dispute.modal_kinds.get(modality)
            ends = f"{_end(own.low)} to {_end(own.high)}" if own else None
            told = ", ".join(filter(None, (ends, KINDS[kind] if kind else None)))
            lines.append(f"{modality}, not said to have happened: {about}: {told}")
        lines += _beside(dispute, names)
        reasons: dict[str, list[str]] = {}
        for drop in dispute.dropped:
            reasons.setdefault(drop.why, []).append(names.compact(drop.claim.iri))
        lines += [f"left out: {about}: {', '.join(ids)}: {why}" for why, ids in reasons.items()]
    return "\n".join(lines)


def _beside(dispute: Dispute, names: Names) -> Iterator[str]:
    """What to know beside the number of independent lines: what makes them less independent."""
    about = names.compact(dispute.question.iri)
    for a, b, file, leaf in dispute.lineage.same_file(dispute.claims):
        shared = ", a leaf in common" if leaf else ""
        pair = f"{names.compact(a)} and {names.compact(b)}"
        yield f"same file: {about}: {pair}: {names.compact(file)}{shared}"
    for suspect in dispute.lineage.suspects(dispute.claims):
        if suspect.why == SAME_AUTHOR:
            yield f"same author: {about}: {names.compact(suspect.citation)}"
    for ring in dispute.support.cycles:
        yield f"works that cite each other: {about}: {', '.join(map(names.compact, ring))}"


def _added(found: Sum, names: Names) -> str:
    both = found.subtotals and found.apart.low is not None
    bound = "at least " if found.unnumbered else ""
    text = f"{bound}{_end(found.apart.low if both else found.parts.low)}"
    if both:
        text += f" ({_end(found.parts.low)} if what may be a subtotal is one)"
    parts = f"{len(found.numbered)} part{'s' if len(found.numbered) > 1 else ''} with a number"
    without = f", {len(found.unnumbered)} without" if found.unnumbered else ""
    said = f"; {found.modality}" if found.modality else ""
    return f"{text} by {names.compact(found.work)}: {parts}{without}{said}"


def _row(dispute: Dispute, names: Names) -> tuple[str, ...]:
    held = dispute.envelope
    figures = any(claim.figure and not claim.modality for claim in dispute.claims)
    against = dispute.set_against
    return (
        names.compact(dispute.question.iri),
        KINDS[dispute.kind] if dispute.kind else "",
        str(len(dispute.claims)),
        f"{_end(held.low)} to {_end(held.high)}" if figures else "",
        _end(held.spread) if figures else "",
        str(dispute.support.independent),
        str(against) if against else "",
    )


def _end(number: Fraction | None) -> str:
    if number is None:
        return "?"
    return f"{number.numerator:,}" if number.denominator == 1 else f"{float(number):,g}"


def tree(link: Link, names: Names, indent: str = "") -> str:
    """A chain as an indented tree; where it ends or breaks stands in brackets."""
    parts = [link.by, names.compact(link.to), link.label, link.detail and f"({link.detail})"]
    ends = f"[{'ends here: ' if link.ends in _GOOD_ENDS else ''}{link.ends}]" if link.ends else ""
    lines = [indent + " ".join(filter(None, (*parts, ends)))]
    lines += [tree(further, names, indent + "  ") for further in link.links]
    return "\n".join(lines)


_GOOD_ENDS = ("work", "record", "web page", "voice")
