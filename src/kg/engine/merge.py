"""A default graph made of several graphs, as the set of statements that it is.

SPARQL 1.1, 13.2: the default graph is the RDF merge of the graphs that FROM (or the protocol)
names, so what two of them state counts once. The engine walks through the graphs one after another
and gives such a statement twice. Where graphs overlap, all but the largest are therefore replaced,
while the query runs, by one graph of what the largest does not state. Where they do not, and where
the query can't tell the difference, nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations

import pyoxigraph as ox

from kg.engine import naming
from kg.engine.scan import pieces

__all__ = ["named_in", "once", "tells_twice_from_once"]

_NOTHING = ox.Store()
_REST = ox.NamedNode("urn:x-contested:what-the-largest-does-not-state")
_FORMS = frozenset("SELECT ASK CONSTRUCT DESCRIBE".split())
_COUNTING = frozenset("COUNT SUM AVG GROUP_CONCAT BNODE LIMIT OFFSET".split())


def named_in(text: str, base: str | None = None) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The graphs of FROM and of FROM NAMED as absolute IRIs; None for fewer than two FROM.

    `text` must have passed the guard: the engine reads parts of it here.
    """
    if text.upper().count("FROM") < 2:
        return None
    depth = 0
    form: int | None = None  # where SELECT, ASK, CONSTRUCT or DESCRIBE stands
    clauses: list[tuple[bool, str]] = []
    steps = iter(pieces(text))
    for kind, piece, start in steps:
        word = piece.upper()
        if kind in ("open", "close"):
            depth += 1 if kind == "open" else -1
        elif kind == "words" and depth == 0 and word in _FORMS and form is None:
            form = start
        elif kind == "words" and depth == 0 and word == "FROM" and form is not None:
            kind, piece, _ = next(steps, ("", "", 0))
            named = kind == "words" and piece.upper() == "NAMED"
            if named:
                kind, piece, _ = next(steps, ("", "", 0))
            clauses.append((named, piece))
    if form is None or sum(not named for named, _ in clauses) < 2:
        return None
    # The engine itself resolves the names: they become the columns of a query of one row.
    columns = " ".join(f"({term} AS ?g{number})" for number, (_, term) in enumerate(clauses))
    try:
        result = _NOTHING.query(f"{text[:form]} SELECT {columns} {{}}", base_iri=base)
        assert isinstance(result, ox.QuerySolutions)
        row = next(result)
    except (SyntaxError, ValueError, RuntimeError, OSError):
        return None  # whoever evaluates the query says what is wrong
    graphs = [(named, row[number]) for number, (named, _) in enumerate(clauses)]
    return (
        tuple(g.value for named, g in graphs if not named and isinstance(g, ox.NamedNode)),
        tuple(g.value for named, g in graphs if named and isinstance(g, ox.NamedNode)),
    )


def tells_twice_from_once(text: str) -> bool:
    """Whether an answer may change when a statement is found twice: it does not for ASK and for a
    plain SELECT DISTINCT.
    """
    words = [piece.upper() for kind, piece, _ in pieces(text) if kind == "words"]
    forms = [number for number, word in enumerate(words) if word in _FORMS]
    if len(forms) != 1 or not _COUNTING.isdisjoint(words):
        return True
    form = words[forms[0]]
    return form != "ASK" and not (form == "SELECT" and "DISTINCT" in words[forms[0] + 1 :][:1])


@contextmanager
def once(
    store: ox.Store, default: Sequence[str], named: Sequence[str]
) -> Iterator[tuple[ox.Store, list[ox.NamedNode]]]:
    """A store and graphs of it that together hold each statement of the graphs `default` once.

    It is `store` itself, to which a graph is added while the context lasts, or, where it takes no
    writes, a copy of what `default` and `named` hold. Nobody else may look at `store` meanwhile.
    Raises ParameterError for a name that is no IRI.
    """
    nodes = naming.graphs(dict.fromkeys(default))
    if len(nodes) < 2 or not _overlap(store, nodes):
        yield store, nodes
        return
    largest = max(nodes, key=lambda node: (_size(store, node), node.value))
    using = " ".join(f"USING NAMED {node}" for node in nodes)
    try:
        store.update(
            f"INSERT {{ GRAPH {_REST} {{ ?s ?p ?o }} }} {using} WHERE {{ GRAPH ?g {{ ?s ?p ?o }}"
            f" FILTER(?g != {largest}) FILTER NOT EXISTS {{ GRAPH {largest} {{ ?s ?p ?o }} }} }}"
        )
    except (OSError, RuntimeError):  # a store that only reads
        yield _copy(store, nodes, naming.graphs(named)), [_REST]
        return
    try:
        yield store, [largest, _REST]
    finally:
        store.remove_graph(_REST)


def _overlap(store: ox.Store, nodes: list[ox.NamedNode]) -> bool:
    return any(
        bool(store.query(f"ASK {{ GRAPH {one} {{ ?s ?p ?o }} GRAPH {other} {{ ?s ?p ?o }} }}"))
        for one, other in combinations(nodes, 2)
    )


def _size(store: ox.Store, graph: ox.NamedNode) -> int:
    solutions = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graph=[graph])
    assert isinstance(solutions, ox.QuerySolutions)
    number = next(solutions)["n"]
    assert isinstance(number, ox.Literal)
    return int(number.value)


def _copy(store: ox.Store, default: list[ox.NamedNode], named: list[ox.NamedNode]) -> ox.Store:
    copy = ox.Store()
    for graph in default:
        copy.extend(
            ox.Quad(q.subject, q.predicate, q.object, _REST)
            for q in store.quads_for_pattern(None, None, None, graph)
        )
    for graph in named:
        copy.extend(store.quads_for_pattern(None, None, None, graph))
    return copy
