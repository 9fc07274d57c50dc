"""Lists of things by kind: narrowed by facets, each a plain link; sorted, paged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from werkzeug.exceptions import NotFound

from kg.errors import ParameterError
from kg.web import languages, paging
from kg.web.around import look_at_claims
from kg.web.index import FACETS, MOST, Index, Row, index_of
from kg.web.records import Label, Value
from kg.web.sections import Asked, asked, words
from kg.web.site import Site
from kg.web.tables import KINDS

__all__ = ["add_to"]

_SIZE = 100
_CLAIMS = 40
_FOLDED = 12  # values of a facet before the rest is folded away

_TITLES: dict[str, LazyString] = {
    "property": lazy_gettext("Asked about"),
    "side": lazy_gettext("Side"),
    "source": lazy_gettext("Source"),
    "stance": lazy_gettext("Stance"),
    "kind": lazy_gettext("Kind"),
    "year": lazy_gettext("Year"),
    "thing": lazy_gettext("About"),
}
_SORTS: dict[str, LazyString] = {
    "name": lazy_gettext("by name"),
    "claims": lazy_gettext("by number of claims"),
    "year": lazy_gettext("by year"),
}


@dataclass(frozen=True)
class Choice:
    """One value of a facet: its name, how many things it leaves, and the key addresses use."""

    label: Label
    count: int
    key: str


@dataclass(frozen=True)
class Facet:
    """What a list can be narrowed by, with the choices that are left."""

    name: str
    title: LazyString
    chosen: Choice | None
    choices: list[Choice]
    folded: list[Choice]


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of the lists."""

    @routes.get("/list/<name>")
    def listing(name: str) -> str:
        if name not in KINDS:
            raise NotFound("There is no such list; the front page names them all.")
        sorts = ["name", *(["claims"] if name != "claims" else [])]
        sorts += ["year"] if "year" in FACETS[name] else []
        by = _arguments(name, sorts)
        offset = paging.offset()
        index = index_of(site, name)
        chosen = _chosen(index)
        language = languages.current()
        rows = index.narrowed(index.ordered(language, by), chosen)
        size = _CLAIMS if name == "claims" else _SIZE
        page = rows[offset : offset + size]
        return render_template(
            "list.html",
            title=KINDS[name][0],
            name=name,
            found=len(rows),
            total=len(index.rows),
            complete=index.complete,
            most=MOST,
            facets=[_facet(index, f, chosen, language) for f in FACETS[name]],
            sorts=[(sort, _SORTS[sort]) for sort in sorts],
            by=by,
            words=words(),
            **_shown(site, index, page, language),
            offset=offset,
            size=size,
            more=offset + size < len(rows),
        )


def _shown(site: Site, index: Index, rows: list[Row], language: str) -> dict[str, Any]:
    """The things of one page with the years that are claimed, or the claims by question."""
    if index.name != "claims":
        things = [
            (Value(index.name_of(row, language), row.iri), row.claims, _span(row)) for row in rows
        ]
        return {"things": things, "asked": []}
    entries: list[Asked] = []
    bracketed = False
    if rows:
        view = look_at_claims(site, [row.iri for row in rows])
        entries = asked(view, [row.iri for row in rows])
        bracketed = view.bracketed
    return {"things": [], "asked": entries, "bracketed": bracketed}


def _span(row: Row) -> str:
    years = sorted(row.facets.get("year", ()), key=int)
    if not years:
        return ""
    return years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"


def _arguments(name: str, sorts: list[str]) -> str:
    """The order that is asked for. Raises ParameterError for a parameter that is none of ours."""
    known = {*FACETS[name], "from", "sort", "lang"}
    for parameter in request.args:
        if parameter not in known:
            raise ParameterError(
                f"this list can't be narrowed by {parameter!r}",
                where=parameter,
                hint="one of: " + ", ".join((*FACETS[name], "sort", "from")),
            )
        if len(request.args.getlist(parameter)) > 1:
            raise ParameterError("it stands twice", where=parameter, hint="give it once")
    by = request.args.get("sort", "name")
    if by not in sorts:
        raise ParameterError(
            f"there is no order {by!r}", where="sort", hint="one of: " + ", ".join(sorts)
        )
    return by


def _chosen(index: Index) -> dict[str, str]:
    """The values that the address names, by facet. Raises ParameterError for an unknown one."""
    chosen = {}
    for facet in FACETS[index.name]:
        key = request.args.get(facet)
        if key is None:
            continue
        keys = index.keys[facet]
        if key not in keys:
            offered = ", ".join(sorted(keys)[:20]) or "none in this list"
            raise ParameterError(
                f"nothing here has {key[:80]!r} as its {facet}",
                where=facet,
                hint=f"one of: {offered}" if len(keys) <= 20 else "follow the links of the list",
            )
        chosen[facet] = keys[key]
    return chosen


def _facet(index: Index, facet: str, chosen: dict[str, str], language: str) -> Facet:
    keys = {value: key for key, value in index.keys[facet].items()}
    counts = index.counts(chosen, facet)
    choices = [
        Choice(Label(value) if facet == "year" else index.label(value, language), n, keys[value])
        for value, n in counts.items()
    ]
    if facet == "year":
        choices.sort(key=lambda c: int(c.key))
    else:
        choices.sort(key=lambda c: (-c.count, c.label.text, c.key))
    value = chosen.get(facet)
    now = next((c for c in choices if value is not None and c.key == keys[value]), None)
    if value is not None and now is None:
        now = Choice(
            Label(value) if facet == "year" else index.label(value, language), 0, keys[value]
        )
    if facet == "thing":  # every person and place: too many to offer; pages of things lead here
        choices = []
    return Facet(facet, _TITLES[facet], now, choices[:_FOLDED], choices[_FOLDED:])
