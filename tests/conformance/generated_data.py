"""Generated shapes and data as triples, and edits made up by chance."""

from __future__ import annotations

import random
from functools import cache

import generated_shapes
import pyoxigraph as ox


def read(text: str) -> list[ox.Triple]:
    found = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    return [ox.Triple(q.subject, q.predicate, q.object) for q in found]


@cache
def case(seed: int) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Shapes and data of a seed."""
    shapes, data = generated_shapes.seeded(seed)
    return read(shapes), named(read(data), seed)


def named(triples: list[ox.Triple], seed: int) -> list[ox.Triple]:
    """Blank nodes under names that are the same in every run."""
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def term(node):
        if isinstance(node, ox.BlankNode):
            return names.setdefault(node, ox.BlankNode(f"b{seed}x{len(names)}"))
        return node

    return [ox.Triple(term(t.subject), t.predicate, term(t.object)) for t in triples]


def edits(data: list[ox.Triple], more: list[ox.Triple], chance: random.Random):
    """Some triples to take out, and some to put in."""
    removed = chance.sample(data, min(len(data), chance.choice((0, 1, 1, 2, 4))))
    added = chance.sample(more, min(len(more), chance.choice((0, 1, 1, 2, 4))))
    return added, removed
