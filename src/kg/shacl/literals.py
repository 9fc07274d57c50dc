"""Literals as SHACL judges them: well formed for their datatype, and ordered as SPARQL orders.

What the reference knows of literals it knows from rdflib; so does this room, but it asks rdflib
only where a literal does not show at a glance what it is.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache

import pyoxigraph as ox
import rdflib

from kg.names import rdf, rdfs, xsd
from kg.terms import rdflib_term

__all__ = ["before", "compare", "has_datatype", "plain_form"]

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_PYTHON_TYPES: dict[str, type] = {
    xsd.string.value: str,
    xsd.integer.value: int,
    xsd.float.value: float,
    xsd.decimal.value: Decimal,
    xsd.boolean.value: bool,
    xsd.date.value: datetime.date,
    xsd.time.value: datetime.time,
    xsd.dateTime.value: datetime.datetime,
}
_PLAIN = {
    xsd.integer.value: _INTEGER,
    xsd.boolean.value: re.compile("true|false|0|1"),
    xsd.decimal.value: re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?"),
}


@contextmanager
def _quietly() -> Iterator[None]:
    """The library logs each ill-typed literal with a trace; a finding says it better."""
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


@lru_cache(maxsize=65536)
def _read(literal: ox.Literal) -> rdflib.Literal:
    with _quietly():
        found = rdflib_term(literal)
    assert isinstance(found, rdflib.Literal)
    return found


def plain_form(datatype: ox.NamedNode) -> Callable[[str], object] | None:
    """What tells at a glance that a text is well formed for a datatype; None where nothing does.

    A text of which it says no may be well formed all the same.
    """
    if datatype in (xsd.string, rdf.langString):
        return lambda _: True
    plain = _PLAIN.get(datatype.value)
    return plain.fullmatch if plain else None


def has_datatype(literal: ox.Literal, datatype: ox.NamedNode) -> bool:
    """Whether a literal has a datatype and is well formed for it (SHACL 4.1.2)."""
    own = literal.datatype
    if own != datatype:
        if datatype == rdfs.Literal:
            return True
        return datatype == rdfs.Datatype and not literal.language
    if own in (xsd.string, rdf.langString):
        return True
    name = own.value
    plain = _PLAIN.get(name)
    if plain and plain.fullmatch(literal.value):
        return True
    read = _read(literal)
    if read.ill_typed:
        return False
    kind = _PYTHON_TYPES.get(name)
    return kind is None or isinstance(read.value, kind)


def _number(literal: ox.Literal) -> int | None:
    if literal.datatype == xsd.integer and _INTEGER.fullmatch(literal.value):
        return int(literal.value)
    return None


def compare(left: ox.Literal, right: ox.Literal) -> int | None:
    """-1, 0 or 1 as the left value is below, equal to or above the right; None: no order."""
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        return (one > other) - (one < other)
    a, b = _read(left), _read(right)
    if isinstance(a.value, str) != isinstance(b.value, str):
        return None
    try:
        if a.eq(b):
            return 0
        if type(a.value) in (datetime.datetime, datetime.time):
            return (a.value > b.value) - (a.value < b.value) or -1
        return 1 if a > b else -1
    except (TypeError, NotImplementedError):
        return None


def before(
    left: ox.NamedNode | ox.Literal, right: ox.NamedNode | ox.Literal, or_equal: bool = False
) -> bool:
    """Whether left < right, or left <= right, as sh:lessThan asks (SHACL 4.5.3, 4.5.4).

    IRIs and strings are ordered by their text, as the reference orders them; a text and another
    value have no order.
    """
    if isinstance(left, ox.Literal) and isinstance(right, ox.Literal):
        one, other = _number(left), _number(right)
        if one is not None and other is not None:
            return one <= other if or_equal else one < other
    a, b = _text(left), _text(right)
    if a is not None and b is not None:
        return a <= b if or_equal else a < b
    if a is not None or b is not None:
        return False
    assert isinstance(left, ox.Literal) and isinstance(right, ox.Literal)
    try:
        return bool(_read(left) <= _read(right) if or_equal else _read(left) < _read(right))
    except TypeError:
        return False


def _text(term: ox.NamedNode | ox.Literal) -> str | None:
    if isinstance(term, ox.NamedNode):
        return term.value
    value = _read(term).value
    return value if isinstance(value, str) else None
