"""What the index knows without a search: the names of things, and the things of a kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kg.finding.index import Index
from kg.finding.ranking import Name
from kg.finding.texts import KINDS

__all__ = ["below", "names_of", "of_kinds"]

_NAMES = "SELECT iri, field, text, language FROM texts JOIN things ON things.id = thing "
_ORDER = " AND field IN ('name', 'title') ORDER BY field, language, text"
_CHUNK = 500


def names_of(index: Index, iris: Iterable[str]) -> dict[str, tuple[Name, ...]]:
    """The names of things in all languages, by IRI; what has none, or is not here, is left out."""
    wanted = list(dict.fromkeys(iris))
    found: dict[str, list[Name]] = defaultdict(list)
    with index.reading() as connection:
        for first in range(0, len(wanted), _CHUNK):
            chunk = wanted[first : first + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            rows = connection.execute(f"{_NAMES}WHERE iri IN ({marks}){_ORDER}", chunk)
            for iri, *name in rows:
                found[iri].append(Name(*name))
    return {iri: tuple(names) for iri, names in found.items()}


def of_kinds(index: Index, kinds: Iterable[str], most: int) -> list[str]:
    """The IRIs of things of some kinds, those first of which most is said; at most so many."""
    numbers = [KINDS.index(kind) for kind in kinds]
    marks = ", ".join("?" * len(numbers))
    with index.reading() as connection:
        rows = connection.execute(
            f"SELECT iri FROM things WHERE kind IN ({marks}) "  # noqa: S608
            "ORDER BY spoken_of DESC, iri LIMIT ?",
            (*numbers, most),
        )
        return [iri for (iri,) in rows]


def below(index: Index, *roots: str) -> list[str]:
    """The IRIs that begin with one of some addresses, in order."""
    found = []
    with index.reading() as connection:
        for root in roots:
            rows = connection.execute(
                "SELECT iri FROM things WHERE iri > ? AND iri < ? ORDER BY iri",
                (root, root + "\U0010ffff"),
            )
            found += [iri for (iri,) in rows]
    return found
