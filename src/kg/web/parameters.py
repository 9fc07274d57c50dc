"""The parameters of a stored query as the fields of a form: typed, with names to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.catalogue import Parameter, StoredQuery, iri_of
from kg.errors import ParameterError
from kg.finding import Index, search
from kg.finding.folding import fold, words
from kg.finding.listing import below, names_of, of_kinds
from kg.names import CONTESTED, Names
from kg.web.records import Label
from kg.web.searching import label_of

__all__ = ["Choice", "Field", "fields", "meant"]

_MOST = 300  # names that a field proposes; any other can be typed
_SELECT = 60  # choices that are better shown than typed
_ANY = ("person", "group", "unit", "place", "event", "act")
_NEAR = 8
_INPUTS = {"integer": "number", "decimal": "number", "date": "date"}


@dataclass(frozen=True)
class Choice:
    """A value that a field may have, and its name."""

    value: str
    label: Label


@dataclass(frozen=True)
class Field:
    """One field of the form. `input` is its type in HTML, or ``select``."""

    parameter: Parameter
    input: str
    value: str
    choices: tuple[Choice, ...] = ()
    near: tuple[Choice, ...] = ()
    """What a name that fits nothing, or several things, may have meant."""

    @property
    def preset(self) -> str:
        """What holds when nothing is given: text and numbers without their SPARQL quotes."""
        default = self.parameter.default
        found = re.fullmatch(r'"(.*)"(?:\^\^\S+|@\S+)?', default)
        return found.group(1) if found else default


def meant(
    query: StoredQuery, given: Mapping[str, str], index: Index, names: Names
) -> tuple[dict[str, str], dict[str, tuple[Choice, ...]]]:
    """The values that a person means, names turned into ids; and for each name that tells no
    single thing, what it may have meant.
    """
    values, near = dict(given), {}
    for parameter in query.params:
        value = values.get(parameter.name, "")
        if parameter.type != "iri" or not value:
            continue
        iri = iri_of(value, names)
        if iri is not None and (names_of(index, [iri]) or not names.owns(iri)):
            continue
        found = _called(value, parameter, index)
        if len(found) == 1:
            values[parameter.name] = short(found[0], names)
        elif iri is None or found:
            hits = found or _like(value, parameter, index)
            near[parameter.name] = choices(hits, index, names)
    return values, near


def fields(
    query: StoredQuery,
    given: Mapping[str, str],
    near: Mapping[str, tuple[Choice, ...]],
    index: Index,
    names: Names,
) -> list[Field]:
    """The fields of a query's form, with what was given."""
    found = []
    for parameter in query.params:
        value = given.get(parameter.name, "")
        kind, offered = _INPUTS.get(parameter.type, "text"), tuple[Choice, ...]()
        if kind != "text" and not _fits(query, parameter, value, names):
            kind = "text"  # a field of that type would not show what is wrong with it
        if parameter.type == "iri":
            offered = choices(_offered(parameter, index, names), index, names)
            fits = not value or value in {choice.value for choice in offered}
            if offered and len(offered) <= _SELECT and fits:
                kind = "select"
        elif parameter.type == "boolean" or parameter.choices:
            listed = parameter.choices or ("true", "false")
            offered = tuple(Choice(text, Label(text, "en")) for text in listed)
            kind = "select" if not value or value in listed else "text"
        found.append(Field(parameter, kind, value, offered, near.get(parameter.name, ())))
    return found


def _fits(query: StoredQuery, parameter: Parameter, value: str, names: Names) -> bool:
    """Whether the query takes a value, or there is none."""
    try:
        query.fill({parameter.name: value} if value else {}, names)
    except ParameterError:
        return False
    return True


def choices(iris: Iterable[str], index: Index, names: Names) -> tuple[Choice, ...]:
    """Things as choices, by the names that the reader knows them by."""
    iris = list(iris)
    known = names_of(index, iris)
    return tuple(
        Choice(short(iri, names), label_of(known.get(iri, ())) or Label(short(iri, names)))
        for iri in iris
    )


def short(iri: str, names: Names) -> str:
    """How an IRI is written in a form: as an id, else with a prefix, else in full."""
    return names.identifier(iri) or names.compact(iri)


def _kinds(parameter: Parameter) -> tuple[str, ...]:
    if parameter.of in ("any", ""):
        return _ANY
    return tuple(parameter.of.split()) if not parameter.of.startswith("list/") else ("concept",)


def _offered(parameter: Parameter, index: Index, names: Names) -> list[str]:
    if not parameter.of:
        return []
    if parameter.of.startswith("list/"):
        part = f"vocab/{parameter.of[5:]}/"
        return below(index, *sorted({f"{CONTESTED}{part}", f"{names.root}{part}"}))
    return of_kinds(index, _kinds(parameter), _MOST)


def _called(value: str, parameter: Parameter, index: Index) -> list[str]:
    """The things that have exactly this name, in any spelling that folds to it."""
    said = [fold(word.text) for word in words(value)]
    return [
        hit.iri
        for kind in _kinds(parameter)
        for hit in search(index, value, kind=kind, limit=_NEAR).hits
        if [word.text for word in words(hit.matched.text)] == said
    ]


def _like(value: str, parameter: Parameter, index: Index) -> list[str]:
    hits = [
        h for kind in _kinds(parameter) for h in search(index, value, kind=kind, limit=_NEAR).hits
    ]
    return [hit.iri for hit in sorted(hits, key=lambda hit: -hit.score)[:_NEAR]]
