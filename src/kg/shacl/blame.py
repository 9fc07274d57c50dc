"""Which triple a result objects to: the one by which its path reached the value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from kg.names import sh
from kg.shacl.graph import ShapesGraph
from kg.shacl.model import Result
from kg.shacl.paths import (
    Alternative,
    IllTypedPath,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
    read_path,
)

__all__ = ["Edge", "Neighbours", "blamed"]

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Edge = tuple[Node, ox.NamedNode | None, Node | None]
"""Subject, predicate, object; None for what the triple would need and the data do not state."""

Neighbours = Callable[[Node, ox.NamedNode, bool], Iterable[Node]]
"""The objects of a subject under a predicate; with True the subjects of an object."""

_COUNTED = (sh.MaxCountConstraintComponent, sh.UniqueLangConstraintComponent)


def blamed(result: Result, shapes: ShapesGraph, neighbours: Neighbours) -> Edge:
    """The triple of the data that a result objects to, as far as there is one.

    Without a path it is the focus node itself. Of too many values, which have no value at fault,
    it is the last one stated. For a value that is missing it is the first step of the path.
    """
    if result.path is None:
        return result.focus, None, None
    try:
        path = read_path(shapes, result.path)
    except IllTypedPath:
        return result.focus, None, None
    value = result.value
    edges = list(_walk(path, result.focus, False, neighbours))
    for end, edge in edges:
        if end == value and edge:
            return edge
    if value is None and edges and result.component in _COUNTED:
        return edges[-1][1] or (result.focus, None, None)
    return result.focus, _first(path), value


def _first(path: Path) -> ox.NamedNode | None:
    """The predicate by which a path leaves its focus node; None where it is walked backwards."""
    if isinstance(path, Predicate):
        return path.iri
    if isinstance(path, Sequence):
        return _first(path.steps[0])
    if isinstance(path, Alternative):
        return _first(path.choices[0])
    return _first(path.inner) if isinstance(path, Repeated) else None


def _walk(
    path: Path, node: Node, back: bool, neighbours: Neighbours
) -> Iterator[tuple[Node, Edge | None]]:
    """Each end of a path with the last triple on the way there (None: no step was needed)."""
    if isinstance(path, Predicate):
        for end in neighbours(node, path.iri, back):
            yield end, (end, path.iri, node) if back else (node, path.iri, end)
    elif isinstance(path, Inverse):
        yield from _walk(path.inner, node, not back, neighbours)
    elif isinstance(path, Alternative):
        for choice in path.choices:
            yield from _walk(choice, node, back, neighbours)
    elif isinstance(path, Sequence):
        steps = path.steps[::-1] if back else path.steps
        reached: dict[Node, Edge | None] = {node: None}
        for step in steps:
            onward: dict[Node, Edge | None] = {}
            for middle, edge in reached.items():
                for end, last in _walk(step, middle, back, neighbours):
                    onward.setdefault(end, last or edge)
            reached = onward
        yield from reached.items()
    elif isinstance(path, Repeated):
        seen: dict[Node, Edge | None] = {}
        if path.mark != "+":
            seen[node] = None
        todo = [node]
        while todo:
            for end, edge in _walk(path.inner, todo.pop(0), back, neighbours):
                if end not in seen:
                    seen[end] = edge
                    if path.mark != "?":
                        todo.append(end)
        yield from seen.items()
