"""Graphs by the IRIs that a request names."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.errors import ParameterError

__all__ = ["graph", "graphs", "is_absolute"]


def graph(iri: str) -> ox.NamedNode:
    """The graph of that name. Raises ParameterError for what is no IRI."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise ParameterError(
            f"{iri!r} is no IRI: {error}", hint="graph names are absolute IRIs"
        ) from None


def is_absolute(text: str) -> bool:
    """Whether a text is an absolute IRI (RFC 3987, 2.2; with or without a fragment), as the engine
    reads it: whoever passes here never reaches a worker with a name that the worker can't take.
    """
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def graphs(iris: Iterable[str] | None) -> list[ox.NamedNode]:
    """The graphs of those names, none for None. Raises ParameterError."""
    return [graph(iri) for iri in iris or ()]
