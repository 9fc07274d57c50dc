"""What a rule is, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, partial

import pyoxigraph as ox

from kg import store
from kg.dataset import Dataset, File
from kg.derive import RULES as RULES_OF_CLAIMS
from kg.derive import derive_from
from kg.engine import Engine
from kg.errors import KgError
from kg.model import Facts
from kg.names import CONTESTED, con, prov, sh
from kg.shacl import Result
from kg.shapes import Finding, Severity

__all__ = ["RULES", "Find", "Material", "Rule", "page_of"]

RULES = f"{CONTESTED}rules#"
"""The namespace of the rules' IRIs: each is the address of its page."""


COMPONENT = ox.NamedNode(f"{RULES}RuleConstraintComponent")
"""What W3C reports name as the constraint component of a rule that is neither shape nor query."""

_SEVERITIES: dict[Severity, ox.NamedNode] = {
    "violation": sh.Violation,
    "warning": sh.Warning,
    "info": sh.Info,
}


def page_of(rule: str) -> str:
    """The IRI of a rule or shape, by what a finding calls it: the page that explains it."""
    return rule if ":" in rule else RULES + rule


class Material:
    """A dataset as rules look at it; what several rules need is made once, when first asked for."""

    def __init__(self, dataset: Dataset, derived: AbstractSet[str] = frozenset(RULES_OF_CLAIMS)):
        """`derived` names the rules (`kg.derive.RULES`) whose graphs the check queries read."""
        self.dataset = dataset
        self.names = dataset.names
        self.derived = derived

    @cached_property
    def facts(self) -> Facts:
        """Look-ups over the triples of the authored files and the ontology."""
        files = (*self.dataset.files, *self.dataset.ontology)
        return Facts(quad for file in files for quad in file.quads)

    @cached_property
    def engine(self) -> Engine:
        """The engine over what is served: the authored graphs, the ontology, the derived graphs
        that are read, save for what these say of their own making.

        From data with a figure or date that can't be read, or a claim without its work, nothing is
        derived: shapes and rules name those, and what rests on the derived graphs comes after.
        """
        try:
            derived = tuple(derive_from(self.facts, self.names, self.derived))
        except (KgError, ValueError):  # ValueError: where an IRI is missing
            derived = ()
        return Engine(store.build(self.dataset, derived), self.names)

    @cached_property
    def claims(self) -> list[str]:
        """The claims that stand: withdrawn ones are left out."""
        facts = self.facts
        return [c for c in facts.instances(con.Claim) if not facts.values(c, prov.wasInvalidatedBy)]

    def stated(self) -> Iterator[tuple[File, int, ox.Quad]]:
        """Each authored triple with its file and number."""
        for file in self.dataset.files:
            for number, quad in enumerate(file.quads):
                yield file, number, quad


Find = Callable[[Material], Iterable[Finding]]
"""The findings of one rule."""


@dataclass(frozen=True)
class Rule:
    """A check that is no shape. Its header is its page in docs/rules.md and in every report.

    `problem` says what the rule finds, `why` what it does to readers, `solution` what to do;
    `valid` and `invalid` are Turtle with the prefixes of the model, and ``mine:``, ``minecite:``.
    """

    id: str
    severity: Severity
    problem: str
    why: str
    solution: str
    valid: str
    invalid: str
    query: str = ""

    @property
    def iri(self) -> str:
        """The address of the rule's page."""
        return RULES + self.id

    def finding(
        self,
        focus: str,
        message: str,
        locate: Callable[[], str | None],
        *,
        path: ox.NamedNode | None = None,
        value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple | None = None,
    ) -> Finding:
        """A finding of this rule."""
        result = Result(
            focus=ox.NamedNode(focus) if ":" in focus else ox.Literal(focus),
            path=path,
            value=None if isinstance(value, ox.Triple) else value,
            component=sh.SPARQLConstraintComponent if self.query else COMPONENT,
            shape=ox.NamedNode(self.iri),
            severity=_SEVERITIES[self.severity],
            messages=(ox.Literal(message, language="en"),),
            constraint=None,
        )
        return Finding(
            rule=self.id,
            focus=focus,
            severity=self.severity,
            message=message,
            reason=self.why,
            path=path.value if path else "",
            value="" if value is None else str(value),
            locate=locate,
            results=(result,),
        )

    def about(
        self,
        material: Material,
        focus: str,
        message: str,
        *,
        path: ox.NamedNode | None = None,
        value: ox.NamedNode | ox.Literal | None = None,
    ) -> Finding:
        """A finding at the place of a subject, of its property, or of one triple."""
        place = partial(material.dataset.place, ox.NamedNode(focus), path, value)
        return self.finding(focus, message, place, path=path, value=value)
