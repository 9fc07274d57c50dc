"""The data graph as columns of integers: one column per predicate, terms as they were written.

A store would rewrite literals (``1.50`` to ``1.5``), and SHACL asks what was written. So the terms
are numbered here, each distinct one once, and the constraints work on sets of numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Set
from functools import cached_property
from typing import cast

import pyoxigraph as ox

from kg.names import rdf, rdfs

__all__ = ["Column", "DataGraph", "ShapesGraph", "Term", "triple_of"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal
_NONE: dict[int, None] = {}


def triple_of(subject: Term, predicate: Term, value: Term) -> ox.Triple:
    """A triple that was read: its subject is no literal, its predicate an IRI."""
    assert isinstance(predicate, ox.NamedNode)
    assert not isinstance(subject, ox.Literal)
    return ox.Triple(subject, predicate, value)


class Column:
    """The pairs of one relation: `first` holds a value of each node, `more` all where there are
    several.
    """

    __slots__ = ("first", "more")

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self.first: dict[int, int] = {}
        self.more: dict[int, dict[int, None]] = {}
        for node, value in pairs:
            self.add(node, value)

    def add(self, node: int, value: int) -> None:
        """Put a pair in; a pair that is there already changes nothing."""
        first = self.first.setdefault(node, value)
        if first != value:
            self.more.setdefault(node, {first: None})[value] = None

    def discard(self, node: int, value: int) -> None:
        """Take a pair out, if it is there."""
        several = self.more.get(node)
        if several is None:
            if self.first.get(node) == value:
                del self.first[node]
            return
        several.pop(value, None)
        self.first[node] = next(iter(several))
        if len(several) == 1:
            del self.more[node]

    def has(self, node: int, value: int) -> bool:
        """Whether a pair is there."""
        return value in self.of(node)

    def of(self, node: int) -> Collection[int]:
        """The values of a node, each once."""
        if node in self.more:
            return self.more[node]
        if node in self.first:
            return (self.first[node],)
        return _NONE

    def pairs(self) -> Iterator[tuple[int, int]]:
        """All pairs, each once."""
        for node, value in self.first.items():
            if node in self.more:
                for other in self.more[node]:
                    yield node, other
            else:
                yield node, value

    def inverted(self) -> Column:
        """The same pairs turned round."""
        turned = Column()
        first, more = turned.first, turned.more
        for node, value in self.pairs() if self.more else self.first.items():
            there = first.setdefault(value, node)
            if there != node:
                several = more.get(value)
                if several is None:
                    several = more[value] = {there: None}
                several[node] = None
        return turned


class DataGraph:
    """Terms by number, and a column for each predicate."""

    def __init__(
        self,
        quads: Iterable[ox.Quad | ox.Triple],
        repeats: Counter[tuple[int, int, int]] | None = None,
    ) -> None:
        """Read quads; `repeats` gets how often a triple stands there beyond once."""
        ids: dict[object, int] = {}
        columns: dict[int, Column] = {}
        number = ids.setdefault
        for quad in quads:
            subject = number(quad.subject, len(ids))
            predicate = number(quad.predicate, len(ids))
            value = number(quad.object, len(ids))
            column = columns.get(predicate)
            if column is None:
                column = columns[predicate] = Column()
            if repeats is not None and column.has(subject, value):
                repeats[subject, predicate, value] += 1
            elif column.first.setdefault(subject, value) != value:
                column.add(subject, value)
        self._ids = ids
        self._inverse: dict[int, Column] = {}
        self._instances: dict[int, set[int]] = {}
        # RDF 1.2 knows triples as terms; where data have some, they are values like others.
        self.terms: list[Term] = cast("list[Term]", list(ids))
        self.columns: dict[int, Column] = columns
        self._empty = Column()

    def add(self, subject: int, predicate: int, value: int) -> None:
        """Put a triple in, in numbers."""
        if predicate not in self.columns:
            self.columns[predicate] = Column()
        self.columns[predicate].add(subject, value)
        if predicate in self._inverse:
            self._inverse[predicate].add(value, subject)
        self._changed(subject, predicate)

    def discard(self, subject: int, predicate: int, value: int) -> None:
        """Take a triple out, if it is there."""
        self.column(predicate).discard(subject, value)
        if predicate in self._inverse:
            self._inverse[predicate].discard(value, subject)
        self._changed(subject, predicate)

    def _changed(self, subject: int, predicate: int) -> None:
        """Keep the instances true; a new place in the class hierarchy asks for them anew."""
        if predicate == self._ids.get(rdfs.subClassOf):
            self._instances.clear()
        elif predicate == self._ids.get(rdf.type):
            types = set(self.column(predicate).of(subject))
            for of, members in self._instances.items():
                (members.discard if types.isdisjoint(self.below(of)) else members.add)(subject)

    def number(self, term: object) -> int:
        """The number of a term; one that the data does not state gets a new one."""
        number = self._ids.setdefault(term, len(self._ids))
        if number == len(self.terms):
            self.terms.append(cast("Term", term))
        return number

    def column(self, predicate: int) -> Column:
        """The pairs of a predicate; empty where the data has none."""
        return self.columns.get(predicate, self._empty)

    def inverse(self, predicate: int) -> Column:
        """The pairs of a predicate turned round; made when first asked for."""
        if predicate not in self._inverse:
            self._inverse[predicate] = self.column(predicate).inverted()
        return self._inverse[predicate]

    def instances(self, of: int) -> Set[int]:
        """The SHACL instances of a class: of it, or of a subclass at any depth (SHACL 1.1)."""
        if of not in self._instances:
            typed = self.inverse(self.number(rdf.type))
            self._instances[of] = {node for each in self.below(of) for node in typed.of(each)}
        return self._instances[of]

    def below(self, of: int) -> set[int]:
        """A class and its subclasses at any depth."""
        below = self.inverse(self.number(rdfs.subClassOf))
        classes = {of}
        todo = [of]
        while todo:
            for narrower in below.of(todo.pop()):
                if narrower not in classes:
                    classes.add(narrower)
                    todo.append(narrower)
        return classes

    def triples(self, only: Set[int] | None = None) -> Iterator[ox.Triple]:
        """The triples, each once, with literals as written; or those with some predicates."""
        terms = self.terms
        for predicate, column in self.columns.items():
            if only is not None and predicate not in only:
                continue
            for subject, value in column.pairs():
                yield triple_of(terms[subject], terms[predicate], terms[value])


class ShapesGraph:
    """A shapes graph as it is read: values by subject and predicate."""

    def __init__(self, quads: Iterable[ox.Quad | ox.Triple]) -> None:
        self.out: dict[Term, dict[ox.NamedNode, dict[Term, None]]] = {}
        for quad in quads:
            about = self.out.setdefault(cast("Term", quad.subject), {})
            about.setdefault(quad.predicate, {})[cast("Term", quad.object)] = None

    def triples(self) -> Iterator[ox.Triple]:
        """The triples, each once."""
        for subject, statements in self.out.items():
            for predicate, values in statements.items():
                for value in values:
                    yield triple_of(subject, predicate, value)

    def objects(self, subject: Term, predicate: ox.NamedNode) -> list[Term]:
        """The values of a property of a subject."""
        return list(self.out.get(subject, {}).get(predicate, ()))

    @cached_property
    def _by_predicate(self) -> dict[ox.NamedNode, list[tuple[Term, Term]]]:
        found: dict[ox.NamedNode, list[tuple[Term, Term]]] = {}
        for subject, statements in self.out.items():
            for predicate, values in statements.items():
                found.setdefault(predicate, []).extend((subject, value) for value in values)
        return found

    def pairs(self, predicate: ox.NamedNode) -> list[tuple[Term, Term]]:
        """The subjects and values of a property."""
        return self._by_predicate.get(predicate, [])

    def subclasses(self, of: Term) -> set[Term]:
        """A class and its subclasses at any depth."""
        found = {of}
        grown = True
        while grown:
            below = {s for s, o in self.pairs(rdfs.subClassOf) if o in found} - found
            found |= below
            grown = bool(below)
        return found

    def instances(self, of: Term) -> list[Term]:
        """The SHACL instances of a class in the shapes graph."""
        classes = self.subclasses(of)
        return list(dict.fromkeys(s for s, o in self.pairs(rdf.type) if o in classes))

    def items(self, head: Term) -> list[Term] | None:
        """The members of a list; None where it is not a well-formed SHACL list (SHACL 1.4)."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != rdf.nil:
            firsts, rests = self.objects(head, rdf.first), self.objects(head, rdf.rest)
            if head in seen or len(firsts) != 1 or len(rests) != 1:
                return None
            seen.add(head)
            found.append(firsts[0])
            head = rests[0]
        return found
