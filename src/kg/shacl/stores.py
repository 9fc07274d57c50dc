"""The triples in a store, for the queries of shapes; made only when a shape has a query.

A store rewrites literals; `rewritten` leads from what it gives back to what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

import pyoxigraph as ox

from kg.names import rdf, xsd
from kg.shacl.graph import DataGraph, Term, triple_of
from kg.shacl.model import Unsupported

__all__ = ["QueryStore", "Row"]

Row = tuple[tuple[str, Term], ...]
_SHAPES = ox.NamedNode("urn:kg:shapes-graph")


class QueryStore:
    """A store that answers the queries of shapes with literals as they were written."""

    def __init__(
        self,
        triples: Iterable[ox.Triple],
        terms: Iterable[Term],
        shapes: Iterable[ox.Triple] = (),
        only: Set[int] | None = None,
    ) -> None:
        """`only` has the predicates, by number, of all that `triples` can hold."""
        self._only = only
        self._store = ox.Store()
        self._store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        self._shapes = shapes
        self._has_shapes = False
        self.rewritten: dict[ox.Literal, ox.Literal] = {}
        self.ambiguous = False
        self._typed: set[ox.Literal] = set()
        self._compare(terms)

    def _compare(self, terms: Iterable[Term]) -> None:
        """Find the literals that a store gives back otherwise than they were written."""
        safe = {xsd.string, rdf.langString}
        new = {t for t in terms if isinstance(t, ox.Literal) and t.datatype not in safe}
        new -= self._typed
        if not new:
            return
        self._typed |= new
        probe, value = ox.Store(), ox.NamedNode("urn:kg:is")
        written = list(new)
        probe.bulk_extend(
            ox.Quad(ox.NamedNode(f"urn:kg:{n}"), value, term) for n, term in enumerate(written)
        )
        for quad in probe:
            assert isinstance(quad.subject, ox.NamedNode)
            original = written[int(quad.subject.value.rpartition(":")[2])]
            given = quad.object
            if given != original:
                assert isinstance(given, ox.Literal)
                if given in self.rewritten or given in self._typed:
                    self.ambiguous = True
                self.rewritten[given] = original
            elif given in self.rewritten:
                self.ambiguous = True

    def update(
        self,
        graph: DataGraph,
        came: Iterable[tuple[int, int, int]],
        gone: Iterable[tuple[int, int, int]],
    ) -> None:
        """Follow a change that the graph has made already."""
        terms = graph.terms

        def quad(subject: int, predicate: int, value: int) -> ox.Quad:
            triple = triple_of(terms[subject], terms[predicate], terms[value])
            return ox.Quad(triple.subject, triple.predicate, triple.object)

        only = self._only
        came = [t for t in came if only is None or t[1] in only]
        gone = [t for t in gone if only is None or t[1] in only]
        self._compare(terms[value] for _, _, value in came)
        for triple in gone:
            self._store.remove(quad(*triple))
        for subject, predicate, _ in gone:  # another way to write the same value may still stand
            for value in graph.column(predicate).of(subject):
                self._store.add(quad(subject, predicate, value))
        for triple in came:
            self._store.add(quad(*triple))

    def shapes_graph(self) -> ox.NamedNode:
        """The graph in which queries find the shapes ($shapesGraph, 5.3.1)."""
        if not self._has_shapes:
            self._store.bulk_extend(
                ox.Quad(t.subject, t.predicate, t.object, _SHAPES) for t in self._shapes
            )
            self._has_shapes = True
        return _SHAPES

    def knows(self, term: Term) -> bool:
        """Whether a path of no length can stand on a term: an IRI that some triple names."""
        if not isinstance(term, ox.NamedNode):
            return False
        quads = self._store.quads_for_pattern
        default = ox.DefaultGraph()
        return any(
            next(iter(found), None) is not None
            for found in (quads(term, None, None, default), quads(None, None, term, default))
        )

    def rows(self, text: str, this: Term | None = None) -> Iterator[Row]:
        """The solutions of a SELECT, unbound variables left out.

        Raises Unsupported for what the store can't parse or evaluate.
        """
        try:
            given: dict[ox.Variable, Any] | None = (
                None if this is None else {ox.Variable("this"): this}
            )
            answer = self._store.query(text, substitutions=given)
            assert isinstance(answer, ox.QuerySolutions)
            names = [variable.value for variable in answer.variables]
            for solution in answer:
                yield tuple(
                    (name, self.rewritten.get(term, term))
                    for name, term in zip(names, solution, strict=True)
                    if term is not None
                )
        except (SyntaxError, RuntimeError, ValueError) as error:
            raise Unsupported(f"the store can't answer the query: {error}") from None
