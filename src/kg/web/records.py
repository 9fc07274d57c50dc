"""The triples of a page as plain Python values: what is said of each thing, by predicate; and the
rows that are made of them.

A page reads the same triples again and again; here each is taken out of the engine's terms once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import pyoxigraph as ox

__all__ = ["Cited", "ClaimView", "Label", "Record", "Value", "records", "values"]


class Label(NamedTuple):
    """A text with its language tag; the tag is empty where the text has none. `parts` are given
    where some of the text is in another language than the whole.
    """

    text: str
    language: str = ""
    parts: tuple[Label, ...] = ()


class Value(NamedTuple):
    """One value on a page: a text, and where it leads when it is a thing."""

    label: Label
    iri: str | None = None


@dataclass(frozen=True)
class Cited:
    """One citation of a claim: the work, the place in it, and how the short form was resolved."""

    work: Value
    locator: str
    resolution: str
    short_form: str
    note: str


@dataclass
class ClaimView:
    """One claim as a row of a table. `supplied` says what of it is ours, from the context, as
    `kg.model.Claim` does; `rule` is the one by which its time was read.
    """

    iri: str
    question: Value
    answer: Value
    is_figure: bool
    counted: list[Value]
    role: Value | None
    side: Value | None
    during: str
    rule: Value | None
    supplied: frozenset[str]
    page: str
    notes: str
    wording: list[Label]
    translation: Label | None
    voice: list[Value]
    voice_side: Value | None
    stance: Value | None
    certainty: Value | None
    modality: Value | None
    reason: list[Label]
    source: Value | None
    cited: list[Cited] = field(default_factory=list)
    withdrawn: bool = False


Record = dict[str, list[Label | str]]
"""What is said of one thing: by predicate, texts (sorted) and then IRIs (sorted)."""


def records(triples: Iterable[ox.Quad | ox.Triple]) -> dict[str, Record]:
    """The records of all subjects that are IRIs; blank nodes are left out."""
    found: dict[str, Record] = {}
    several = []
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, ox.NamedNode):
            continue
        given: Label | str
        if isinstance(value, ox.Literal):
            given = Label(value.value, value.language or "")
        elif isinstance(value, ox.NamedNode):
            given = value.value
        else:
            continue
        record = found.setdefault(subject.value, {})
        predicate = triple.predicate.value
        before = record.get(predicate)
        if before is None:
            record[predicate] = [given]
        elif given not in before:
            before.append(given)
            several.append(before)
    for before in several:
        before.sort(key=_order)
    return found


def values(terms: Iterable[ox.NamedNode | ox.Literal]) -> list[Label | str]:
    """The values of one thing under one predicate, sorted."""
    found = [
        t.value if isinstance(t, ox.NamedNode) else Label(t.value, t.language or "") for t in terms
    ]
    return sorted(found, key=_order) if len(found) > 1 else found


def _order(value: Label | str) -> tuple[bool, str, str]:
    return (True, value, "") if isinstance(value, str) else (False, value.text, value.language)
