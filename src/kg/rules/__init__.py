"""Checks beyond shapes: each rule is one module with one header, or one file of queries/checks/.

The id of a rule is the name of its file, the anchor of its page in docs/rules.md, the last part of
its IRI, and what a report prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kg.catalogue import StoredQuery
from kg.dataset import Dataset
from kg.rules import (
    claim_without_anchor,
    death_before_birth,
    duplicate_claim,
    edtf_date,
    end_before_start,
    missing_label,
    suspect_citation,
    time_outside_question,
    translation_out_of_step,
    undefined_term,
    unused_note,
)
from kg.rules.model import Find, Material, Rule, page_of
from kg.rules.stored import check_queries, reads_derived, rows, rule_of
from kg.rules.translation_out_of_step import left_behind
from kg.shapes import Finding

__all__ = [
    "WRITTEN",
    "Material",
    "Rule",
    "findings",
    "left_behind",
    "page_of",
    "queries_of",
    "rules",
]

_MODULES = (
    undefined_term, edtf_date, end_before_start, death_before_birth, time_outside_question,
    suspect_citation, duplicate_claim, unused_note, claim_without_anchor, missing_label,
    translation_out_of_step,
)  # fmt: skip
WRITTEN: dict[str, tuple[Rule, Find]] = {m.RULE.id: (m.RULE, m.find) for m in _MODULES}
"""The rules that are modules, by id, in the order in which they run."""


def rules(dataset: Dataset) -> dict[str, Rule]:
    """All rules that a dataset is held to, by id."""
    found = {rule.id: rule for rule, _ in WRITTEN.values()}
    found.update((rule.id, rule) for rule in map(rule_of, check_queries(dataset)))
    return found


def findings(
    dataset: Dataset,
    at: Callable[[str], None] = lambda _: None,
    queries: Sequence[StoredQuery] | None = None,
) -> Iterator[Finding]:
    """The findings of all rules, rule by rule; `at` is told the name of each before it is asked.

    `queries` are the check queries, where they were read already. Raises CatalogueError or
    QueryError for a check query that is wrong.
    """
    if queries is None:
        queries = queries_of(dataset)
    material = Material(dataset, {rule for query in queries for rule in reads_derived(query)})
    for rule, find in WRITTEN.values():
        at(f"the rule {rule.id}")
        yield from find(material)
    for query in queries:
        at(f"the rule {query.name}")
        yield from rows(material, query)


def queries_of(dataset: Dataset) -> list[StoredQuery]:
    """The check queries of a dataset; none for one that states nothing."""
    return check_queries(dataset) if any(file.quads for file in dataset.files) else []
