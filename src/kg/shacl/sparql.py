"""SPARQL-based constraints (SHACL 5): sh:sparql with its query, prefixes and messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.names import owl, rdf, rdfs, sh
from kg.shacl.change import Change
from kg.shacl.graph import ShapesGraph, Term
from kg.shacl.model import Constraint, Fault, Nodes, Run, Shape, Unsupported, Values
from kg.shacl.paths import departures_of
from kg.shacl.plans import Plan, compiled
from kg.shacl.queries import IllFormedQuery, Query
from kg.shacl.stores import QueryStore, Row

if TYPE_CHECKING:
    from kg.shacl.reach import Reach

__all__ = ["SparqlConstraint", "read_sparql"]

_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


class SparqlConstraint(Constraint):
    """One value of sh:sparql (5.1): each solution of its query is a result."""

    component = sh.SPARQLConstraintComponent

    def __init__(
        self,
        node: Term,
        query: Query,
        prefixes: Mapping[str, str],
        messages: tuple[ox.Literal, ...],
    ) -> None:
        self.node = node
        self.query = query
        self.prefixes = prefixes
        self.prologue = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in prefixes.items())
        self.messages = messages

    def departures(self, shape: Shape) -> set[str]:
        """Where the reference answers otherwise (see `kg.shacl.DEPARTURES`)."""
        found = {"shapesGraph"} if self.query.mentions("shapesGraph") else set()
        if shape.path is not None and self.query.follows_path:
            found |= departures_of(shape.path) & {"repeatedPath"}
        return found

    def faults(self, run: Run, shape: Shape, values: Values) -> Iterator[Fault]:
        if not values.focus:
            return
        if self.plan is not None:
            for focus, row in self.plan.rows(run.graph, values.focus):
                yield self._fault(run, shape, focus, row)
            return
        store = run.store
        if store.rewritten and (self.query.is_lexical or store.ambiguous):
            raise Unsupported(f"{self.node} asks how literals were written")
        fixed = self._fixed(store, shape)
        if self.query.is_plain and not fixed and len(values.focus) > run.few:
            found = self._all_at_once(run, store, values.focus)
        else:
            found = self._one_by_one(run, store, values.focus, fixed)
        for focus, row in found:
            yield self._fault(run, shape, focus, row)

    @cached_property
    def plan(self) -> Plan | None:
        """The query as steps along columns, where it is that simple."""
        if self.query.mentions("currentShape") or self.query.mentions("shapesGraph"):
            return None
        return compiled(self.query, self.prefixes)

    @cached_property
    def reach(self) -> Reach | None:
        """What the query reads; None where that has no bounds."""
        from kg.shacl.reach import Reach  # brings rdflib's parser, which few runs need

        return Reach.read(self.prologue + self.query.bound({}))

    def reads(self) -> Set[ox.NamedNode] | None:
        if self.plan is not None:
            return frozenset()
        return None if self.reach is None else self.reach.predicates

    def ready(self) -> None:
        _ = self.reach

    def stale_focus(self, change: Change, shape: Shape) -> Nodes:
        return None if self.reach is None else self.reach.stale(change)

    def says(self) -> str:
        return "The query of the shape finds this."

    def _fixed(self, store: QueryStore, shape: Shape) -> dict[str, str]:
        """$currentShape and $shapesGraph, where the query asks for them (5.3.1)."""
        fixed = {}
        if self.query.mentions("currentShape"):
            if not isinstance(shape.node, ox.NamedNode):
                raise Unsupported("$currentShape is a blank node")
            fixed["currentShape"] = str(shape.node)
        if self.query.mentions("shapesGraph"):
            fixed["shapesGraph"] = str(store.shapes_graph())
        return fixed

    def _all_at_once(
        self, run: Run, store: QueryStore, focus: Set[int]
    ) -> Iterator[tuple[int, Row]]:
        seen: set[tuple[int, Row]] = set()
        text = self.prologue + self.query.bound({})
        for row in store.rows(text):
            this = dict(row).get("this")
            number = run.graph.number(this)
            if number in focus and (number, row) not in seen:
                seen.add((number, row))
                yield number, row

    def _one_by_one(
        self, run: Run, store: QueryStore, focus: Set[int], fixed: Mapping[str, str]
    ) -> Iterator[tuple[int, Row]]:
        for number in focus:
            term = run.graph.terms[number]
            if self.query.may_stand_still and not store.knows(term):
                raise Unsupported(f"{self.node} has a path of no length from {term}")
            if isinstance(term, ox.NamedNode):
                text = self.query.bound({"this": str(term), **fixed})
                rows = store.rows(self.prologue + text)
            elif self.query.projects_this:
                rows = store.rows(self.prologue + self.query.bound(fixed), term)
            else:
                raise Unsupported("the query does not select $this, and a focus node is no IRI")
            for row in dict.fromkeys(rows):
                yield number, row

    def _fault(self, run: Run, shape: Shape, focus: int, row: Row) -> Fault:
        found = {name: term for name, term in row if not name.startswith("bound")}
        found["this"] = run.graph.terms[focus]
        if shape.path is None:
            found.setdefault("value", found["this"])
        value, path = found.get("value"), found.get("path")
        messages = dict.fromkeys((*self.messages, *shape.messages))
        own = found.get("message")
        if isinstance(own, ox.Literal):
            messages = {own: None}
        return Fault(
            shape,
            self,
            self.component,
            focus,
            None if value is None else run.graph.number(value),
            run.graph.number(path) if isinstance(path, ox.NamedNode) else None,
            tuple(_filled(message, found) for message in messages),
        )


def _filled(message: ox.Literal, terms: Mapping[str, Term]) -> ox.Literal:
    """A message with {?var} and {$var} replaced by what the solution binds them to (5.2.1)."""

    def fill(match: re.Match[str]) -> str:
        term = terms.get(match.group(1))
        return match.group() if term is None else term.value

    text = _PLACEHOLDER.sub(fill, message.value)
    return ox.Literal(text, language=message.language) if message.language else ox.Literal(text)


def read_sparql(graph: ShapesGraph, shape: Shape, node: Term) -> SparqlConstraint | None:
    """The constraint that a value of sh:sparql stands for; None where it is deactivated.

    Raises IllFormedQuery.
    """
    texts = graph.objects(node, sh.select)
    if len(texts) != 1 or not isinstance(texts[0], ox.Literal):
        raise IllFormedQuery("a SPARQL constraint has one sh:select, a string")
    switches = graph.objects(node, sh.deactivated)
    if any(isinstance(s, ox.Literal) and s.value in ("true", "1") for s in switches):
        return None
    path = shape.path.sparql() if shape.path else None
    messages = tuple(m for m in graph.objects(node, sh.message) if isinstance(m, ox.Literal))
    return SparqlConstraint(
        node, Query.read(texts[0].value, path), _prefixes(graph, node), messages
    )


def _prefixes(graph: ShapesGraph, node: Term) -> dict[str, str]:
    """The prefixes that sh:prefixes leads to (5.2.1), over those that every ontology declares."""
    found = {"rdf": rdf.iri, "rdfs": rdfs.iri, "owl": owl.iri}
    declaring = [*graph.instances(owl.Ontology)]
    todo = graph.objects(node, sh.prefixes)
    seen: set[Term] = set()
    own: list[Term] = []
    while todo:
        each = todo.pop(0)
        if each not in seen:
            seen.add(each)
            own.append(each)
            todo += graph.objects(each, owl.imports)
    for holder in (*declaring, *reversed(own)):
        for declaration in graph.objects(holder, sh.declare):
            names = graph.objects(declaration, sh.prefix)
            spaces = graph.objects(declaration, sh.namespace)
            if len(names) != 1 or len(spaces) != 1:
                raise IllFormedQuery("a value of sh:declare has one sh:prefix and one sh:namespace")
            found[names[0].value] = spaces[0].value
    return found
