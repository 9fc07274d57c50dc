"""Constraints on values one by one: type, range, text, lists (SHACL 4.1, 4.3, 4.4, 4.8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.names import sh
from kg.shacl.graph import Term
from kg.shacl.literals import compare, has_datatype, plain_form
from kg.shacl.model import Constraint, Fault, Nodes, Run, Shape, ValueConstraint, Values

if TYPE_CHECKING:
    from kg.shacl.change import Change

__all__ = [
    "KINDS",
    "ClassConstraint",
    "DatatypeConstraint",
    "HasValueConstraint",
    "InConstraint",
    "LanguageInConstraint",
    "LengthConstraint",
    "NodeKindConstraint",
    "PatternConstraint",
    "RangeConstraint",
    "UniqueLangConstraint",
]


class _Judged(ValueConstraint):
    """A value constraint that looks at one term after the other."""

    def good(self, term: Term) -> bool:
        """Whether a value node satisfies it."""
        raise NotImplementedError

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        terms, good = run.graph.terms, self.good
        return {value for value in values if not good(terms[value])}


class ClassConstraint(ValueConstraint):
    """sh:class (4.1.1): each value node is an instance of the class."""

    component = sh.ClassConstraintComponent

    def __init__(self, of: Term) -> None:
        self.of = of

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        return values - run.graph.instances(run.graph.number(self.of))

    def stale_values(self, change: Change) -> Nodes:
        return change.instances()

    def says(self) -> str:
        return f"The value is no instance of {self.of}."


class DatatypeConstraint(_Judged):
    """sh:datatype (4.1.2): each value node is a well-formed literal of the datatype."""

    component = sh.DatatypeConstraintComponent

    def __init__(self, datatype: ox.NamedNode) -> None:
        self.datatype = datatype
        self._plain = plain_form(datatype)

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        terms, datatype, plain = run.graph.terms, self.datatype, self._plain
        if plain is None:
            return super().wrong(run, values)
        found = set()
        for value in values:
            term = terms[value]
            if not (
                isinstance(term, ox.Literal) and term.datatype == datatype and plain(term.value)
            ) and not self.good(term):
                found.add(value)
        return found

    def good(self, term: Term) -> bool:
        return isinstance(term, ox.Literal) and has_datatype(term, self.datatype)

    def says(self) -> str:
        return f"The value is no well-formed literal of {self.datatype}."


KINDS: dict[Term, tuple[type, ...]] = {
    sh.IRI: (ox.NamedNode,),
    sh.BlankNode: (ox.BlankNode,),
    sh.Literal: (ox.Literal,),
    sh.BlankNodeOrIRI: (ox.BlankNode, ox.NamedNode),
    sh.BlankNodeOrLiteral: (ox.BlankNode, ox.Literal),
    sh.IRIOrLiteral: (ox.NamedNode, ox.Literal),
}


class NodeKindConstraint(_Judged):
    """sh:nodeKind (4.1.3): each value node is an IRI, a blank node or a literal."""

    component = sh.NodeKindConstraintComponent

    def __init__(self, kind: Term) -> None:
        self.kind = kind
        self.types = KINDS[kind]

    def good(self, term: Term) -> bool:
        return isinstance(term, self.types)

    def says(self) -> str:
        return f"The value is not of the kind {self.kind}."


_IN_RANGE: dict[ox.NamedNode, tuple[ox.NamedNode, str, Callable[[int], bool]]] = {
    sh.minExclusive: (sh.MinExclusiveConstraintComponent, "above", lambda order: order > 0),
    sh.minInclusive: (sh.MinInclusiveConstraintComponent, "at least", lambda order: order >= 0),
    sh.maxExclusive: (sh.MaxExclusiveConstraintComponent, "below", lambda order: order < 0),
    sh.maxInclusive: (sh.MaxInclusiveConstraintComponent, "at most", lambda order: order <= 0),
}


class RangeConstraint(_Judged):
    """sh:minExclusive, sh:minInclusive, sh:maxExclusive, sh:maxInclusive (4.3)."""

    def __init__(self, parameter: ox.NamedNode, bound: ox.Literal) -> None:
        self.component, self.words, self.fits = _IN_RANGE[parameter]
        self.bound = bound

    def good(self, term: Term) -> bool:
        if not isinstance(term, ox.Literal):
            return False
        order = compare(term, self.bound)
        return order is not None and self.fits(order)

    def says(self) -> str:
        return f"The value is not {self.words} {self.bound.value}."


class LengthConstraint(_Judged):
    """sh:minLength and sh:maxLength (4.4.1, 4.4.2): characters of an IRI or literal as written."""

    def __init__(self, parameter: ox.NamedNode, length: int) -> None:
        self.least = parameter == sh.minLength
        self.component = (
            sh.MinLengthConstraintComponent if self.least else sh.MaxLengthConstraintComponent
        )
        self.length = length

    def good(self, term: Term) -> bool:
        if self.least and self.length == 0:
            return True
        if isinstance(term, ox.BlankNode):
            return False
        own = len(term.value)
        return own >= self.length if self.least else own <= self.length

    def says(self) -> str:
        return f"The value has {'fewer' if self.least else 'more'} than {self.length} characters."


_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE}  # those that the reference knows


class PatternConstraint(_Judged):
    """sh:pattern with sh:flags (4.4.3): the text of an IRI or a literal matches somewhere."""

    component = sh.PatternConstraintComponent

    def __init__(self, pattern: str, flags: str = "") -> None:
        chosen = re.NOFLAG
        for flag in flags.lower():
            chosen |= _FLAGS.get(flag, re.NOFLAG)
        self.pattern = re.compile(pattern, chosen)

    def good(self, term: Term) -> bool:
        return not isinstance(term, ox.BlankNode) and bool(self.pattern.search(term.value))

    def says(self) -> str:
        return f"The value does not match the pattern {self.pattern.pattern!r}."


class LanguageInConstraint(_Judged):
    """sh:languageIn (4.4.4): each value node is in one of the languages."""

    component = sh.LanguageInConstraintComponent

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = frozenset(language.lower() for language in languages)

    def good(self, term: Term) -> bool:
        tag = term.language if isinstance(term, ox.Literal) else None
        if not tag:
            return False
        tag = tag.lower()
        return "*" in self.languages or not self.languages.isdisjoint((tag, tag.split("-")[0]))

    def says(self) -> str:
        return f"The value is in none of the languages {', '.join(sorted(self.languages))}."


class UniqueLangConstraint(Constraint):
    """sh:uniqueLang (4.4.5): no two values of a focus node are in the same language."""

    component = sh.UniqueLangConstraintComponent

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        terms = run.graph.terms
        for focus in values.focus:
            several = values.of(focus)
            if len(several) < 2:
                continue
            seen: set[str] = set()
            twice: set[str] = set()
            for value in several:
                term = terms[value]
                tag = term.language if isinstance(term, ox.Literal) else None
                if tag:
                    (twice if tag.lower() in seen else seen).add(tag.lower())
            for _ in twice:
                yield Fault(shape, self, self.component, focus)

    def says(self) -> str:
        return "Two values are in the same language."


class InConstraint(ValueConstraint):
    """sh:in (4.8.3): each value node is one of the members of the list."""

    component = sh.InConstraintComponent

    def __init__(self, members: Iterable[Term]) -> None:
        self.members = tuple(members)

    def wrong(self, run: Run, values: Set[int]) -> Set[int]:
        return values - {run.graph.number(member) for member in self.members}

    def says(self) -> str:
        return "The value is not one of those in the list."


class HasValueConstraint(Constraint):
    """sh:hasValue (4.8.2): the term is among the value nodes."""

    component = sh.HasValueConstraintComponent

    def __init__(self, value: Term) -> None:
        self.value = value

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        wanted = run.graph.number(self.value)
        for focus in values.focus:
            if wanted not in values.of(focus):
                yield Fault(shape, self, self.component, focus)

    def says(self) -> str:
        return f"{self.value} is not among the values."
