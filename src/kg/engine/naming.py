"""Graphs by the IRIs that a request names."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.errors import ParameterError

__all__ = ["graph", "graphs"]


def graph(iri: str) -> ox.NamedNode:
    """The graph of that name. Raises ParameterError for what is no IRI.

    The front has looked at the text before, but the engine has the last word on what an IRI is.
    """
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise ParameterError(
            f"{iri!r} is no IRI: {error}", hint="graph names are absolute IRIs"
        ) from None


def graphs(iris: Iterable[str] | None) -> list[ox.NamedNode]:
    """The graphs of those names, none for None. Raises ParameterError."""
    return [graph(iri) for iri in iris or ()]
