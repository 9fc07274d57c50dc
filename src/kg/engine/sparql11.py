"""Quads as SPARQL 1.1 Update writes them, for services that we did not build.

Blank nodes are written as IRIs below ``/.well-known/genid/`` (RDF 1.1 Concepts, 3.5): an update
can't name a blank node again, so one that was sent could never be removed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

import pyoxigraph as ox

from kg.names import Names

__all__ = ["block", "chunks", "plain", "term"]

_GENID = "/.well-known/genid/"
_MOST = 8_000  # triples in one request
_LONGEST = 1_000_000  # characters in one request
_ESCAPES = re.compile(r"\\(\\[uU])|\\.")
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def term(node: Term, names: Names) -> str:
    r"""A term in a request's text.

    A backslash before a u is kept apart from it: SPARQL resolves ``\u`` in the whole text before
    it reads strings (19.2), and services differ in whether they see that a backslash is escaped.
    """
    if isinstance(node, ox.BlankNode):
        return f"<{urljoin(names.root, _GENID)}{node.value}>"
    if isinstance(node, ox.NamedNode):
        return str(node)
    return _ESCAPES.sub(_apart, str(node))


def _apart(match: re.Match[str]) -> str:
    pair = match.group(1)
    return f"\\\\\\u{ord(pair[1]):04X}" if pair else match.group()


def plain(node: Term, names: Names) -> Term:
    """The term that was sent: the blank node again that `term` has given an IRI."""
    space = urljoin(names.root, _GENID)
    if isinstance(node, ox.NamedNode) and node.value.startswith(space):
        return ox.BlankNode(node.value[len(space) :])
    return node


def _triple(quad: ox.Quad, names: Names) -> str:
    return (
        " ".join(term(node, names) for node in (quad.subject, quad.predicate, quad.object)) + " ."
    )


def block(quads: Iterable[ox.Quad], names: Names, default: str | None) -> str:
    """The quads by graph, as they stand in the braces of INSERT or DELETE.

    What is in the default graph goes to the graph `default`, or stays there for None.
    """
    groups: dict[str | None, list[str]] = defaultdict(list)
    for quad in quads:
        node = quad.graph_name
        graph = node.value if isinstance(node, ox.NamedNode) else default
        groups[graph].append(_triple(quad, names))
    return "\n".join(
        f"GRAPH <{graph}> {{\n{body}\n}}" if graph else body
        for graph, body in ((g, "\n".join(lines)) for g, lines in groups.items())
    )


def chunks(quads: Iterable[ox.Quad], names: Names) -> Iterator[list[str]]:
    """The triples of one graph line by line, in pieces of a size for one request."""
    lines: list[str] = []
    size = 0
    for quad in quads:
        line = _triple(quad, names) + "\n"
        if lines and (len(lines) == _MOST or size + len(line) > _LONGEST):
            yield lines
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield lines
