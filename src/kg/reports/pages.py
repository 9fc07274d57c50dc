"""What there is to say of each rule and shape: its page, from the one header that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.errors import ParameterError
from kg.names import CONTESTED, rdfs, sh
from kg.rules import Rule, rules
from kg.shacl.graph import ShapesGraph
from kg.shapes import Severity

__all__ = ["Page", "Pages", "page_named"]


@dataclass(frozen=True)
class Page:
    """What is to be said of a rule or shape: `address` is an IRI, empty where it has none."""

    name: str
    title: str
    why: str = ""
    solution: str = ""
    address: str = ""
    severity: Severity = "violation"
    valid: str = ""
    invalid: str = ""


class Pages:
    """The pages of the rules and shapes that a dataset is held to."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    @cached_property
    def shapes(self) -> ShapesGraph:
        """The shapes of the dataset."""
        return ShapesGraph(quad for file in self._dataset.shapes for quad in file.quads)

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules, by id."""
        return rules(self._dataset)

    def of(self, name: str) -> Page | None:
        """The page of a rule by its id, or of a shape by its IRI; None where there is none."""
        rule = self.rules.get(name)
        if rule is not None:
            return Page(
                name,
                rule.problem,
                rule.why,
                rule.solution,
                rule.iri,
                rule.severity,
                rule.valid,
                rule.invalid,
            )
        shape = ox.NamedNode(name) if ":" in name else None
        if shape is None or shape not in self.shapes.out:
            return None

        def said(predicate: ox.NamedNode) -> str:
            texts = [v.value for v in self.shapes.objects(shape, predicate) if _text(v)]
            return texts[0] if texts else ""

        severities = self.shapes.objects(shape, sh.severity)
        compact = self._dataset.names.compact(name)
        return Page(
            compact,
            said(sh.name) or compact,
            said(rdfs.comment),
            said(sh.message),
            name,
            _SEVERITIES.get(severities[0] if severities else None, "violation"),
        )


_SEVERITIES: dict[object, Severity] = {sh.Warning: "warning", sh.Info: "info"}


def page_named(dataset: Dataset, name: str) -> Page:
    """The page that a person means by an id, ``consh:claim-page``, ``claim-page`` or an IRI.

    Raises ParameterError with the nearest names.
    """
    pages = Pages(dataset)
    shapes = {s.value: s.value for s in pages.shapes.out if isinstance(s, ox.NamedNode)}
    known = {iri.removeprefix(f"{CONTESTED}shapes#"): iri for iri in shapes} | shapes
    known |= {rule: rule for rule in pages.rules}
    meant = name if name in known else dataset.names.expand(name) or name
    page = pages.of(known.get(meant, ""))
    if page is None:
        near = get_close_matches(name.rpartition(":")[2], known, 1, 0.5)
        raise ParameterError(
            f"there is no rule or shape {name!r}",
            where="--explain",
            hint=f"did you mean {near[0]}?"
            if near
            else "docs/rules.md and docs/shapes.md have all",
        )
    return page


def _text(term: object) -> bool:
    return isinstance(term, ox.Literal)
