"""Check queries as rules: queries/checks/*.rq, whose rows are findings.

The ``#+`` header that every stored query has is the header of the rule too; under ``rule`` it adds
what a finding needs. A check without it is a rule all the same: the first column is what it is
about, and the question of the query is its message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, get_args

import pyoxigraph as ox

from kg.catalogue import Catalogue, StoredQuery
from kg.dataset import Dataset, shown
from kg.derive import RULES
from kg.engine import Request
from kg.engine.tokens import tokens
from kg.errors import CatalogueError, QueryError
from kg.rules.model import Material, Rule
from kg.shapes import Finding, Severity

__all__ = ["check_queries", "reads_derived", "rows", "rule_of"]

_FIELD = re.compile(r"\{(\w+)\}")
_TEXTS = (
    "severity", "focus", "path", "value", "message", "derived", "why", "solution", "valid",
    "invalid",
)  # fmt: skip
_DERIVED = frozenset({*RULES, "none"})
_GRAPHS = frozenset({"GRAPH", "FROM"})


def check_queries(dataset: Dataset) -> list[StoredQuery]:
    """The check queries that a dataset is held to: those of the model it stands on, then its own,
    which may replace one of the same name.
    """
    found: dict[str, StoredQuery] = {}
    for folder in reversed(dataset.ontology_folders):
        for query in Catalogue.read(folder.parent / "queries" / "checks"):
            found[query.name.rpartition("/")[2]] = query
    return list(found.values())


def _header(query: StoredQuery) -> Mapping[str, str]:
    header = query.header.get("rule") or {}
    if isinstance(header, dict) and not set(str(header.get("derived", "")).split()) <= _DERIVED:
        raise CatalogueError(
            f"the key derived of the #+ header names {header['derived']}",
            where=shown(query.path),
            hint=f"name some of {', '.join(sorted(_DERIVED))}",
        )
    if not isinstance(header, dict) or set(header) - set(_TEXTS):
        raise CatalogueError(
            "the key rule of the #+ header is no mapping of " + ", ".join(_TEXTS),
            where=shown(query.path),
            hint="look at another file of queries/checks/",
        )
    return {str(key): str(value).strip() for key, value in header.items()}


def reads_derived(query: StoredQuery) -> AbstractSet[str]:
    """The rules (`kg.derive.RULES`) whose graphs a check query reads: those its header names.

    Derived graphs are no part of the default graph, so one that leaves it nowhere reads none;
    for another whose header says nothing, it may be all.
    """
    if not any(kind == "words" and text.upper() in _GRAPHS for kind, text, _ in tokens(query.text)):
        return frozenset()
    return frozenset(_header(query).get("derived", " ".join(RULES)).split()) - {"none"}


def rule_of(query: StoredQuery) -> Rule:
    """The rule that a check query is. Raises CatalogueError for a header that is wrong."""
    header = _header(query)
    severity = header.get("severity", "warning")
    columns = [header[key] for key in ("focus", "value") if key in header]
    columns += _FIELD.findall(header.get("message", ""))
    unknown = [name for name in columns if name not in query.returns]
    if severity not in get_args(Severity) or unknown:
        what = f"the column {unknown[0]}" if unknown else f"the severity {severity}"
        raise CatalogueError(
            f"the rule in the #+ header names {what}, and there is none",
            where=shown(query.path),
            hint="columns are those of returns; a severity is violation, warning or info",
        )
    checked: Severity = "violation" if severity == "violation" else "warning"
    return Rule(
        id=query.name.rpartition("/")[2],
        severity="info" if severity == "info" else checked,
        problem=query.description or query.question,
        why=header.get("why", ""),
        solution=header.get("solution", ""),
        valid=header.get("valid", ""),
        invalid=header.get("invalid", ""),
        query=query.text,
    )


def rows(material: Material, query: StoredQuery) -> Iterator[Finding]:
    """The rows of a check query as findings, each once.

    Raises QueryError with the file, and the line in it where that is known.
    """
    rule, header = rule_of(query), _header(query)
    try:
        body = material.engine.answer(Request(query.text)).body
    except QueryError as error:
        at = f":{error.row}:{error.column}" if error.row else ""
        error.where = f"{shown(query.path)}{at}"
        raise
    document = json.loads(body)
    if "results" not in document:
        raise CatalogueError(
            "a check query selects rows", where=shown(query.path), hint="write SELECT, not ASK"
        )
    focus_column = header.get("focus") or next(iter(document["head"]["vars"]), "")
    path = material.names.expand(header["path"]) if "path" in header else None
    seen: set[Finding] = set()
    for row in document["results"]["bindings"]:
        focus = row.get(focus_column, {"type": "literal", "value": ""})
        value = _term(row.get(header.get("value", "")))
        predicate = ox.NamedNode(path) if path else None
        place: Callable[[], str | None] = str
        if focus["type"] == "uri":
            subject = ox.NamedNode(focus["value"])
            place = partial(material.dataset.place, subject, predicate, value)
        finding = rule.finding(
            focus["value"],
            _filled(header.get("message") or query.question, row, material),
            place,
            path=predicate,
            value=value,
        )
        if finding not in seen:
            seen.add(finding)
            yield finding


def _filled(message: str, row: Mapping[str, Any], material: Material) -> str:
    def text(match: re.Match[str]) -> str:
        term = row.get(match[1])
        if term is None:
            return "?"
        return material.names.compact(term["value"]) if term["type"] == "uri" else term["value"]

    return _FIELD.sub(text, message)


def _term(term: Mapping[str, str] | None) -> ox.NamedNode | ox.Literal | ox.BlankNode | None:
    if term is None:
        return None
    if term["type"] == "uri":
        return ox.NamedNode(term["value"])
    if term["type"] == "bnode":
        return ox.BlankNode(term["value"])
    if "xml:lang" in term:
        return ox.Literal(term["value"], language=term["xml:lang"])
    datatype = term.get("datatype")
    return ox.Literal(term["value"], datatype=ox.NamedNode(datatype) if datatype else None)
