"""What happened where and when, as claims have it: the marks of the map and the timeline.

Nothing is inferred: a mark is a claim, at the place and the time that are claimed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from pyoxigraph import NamedNode

from kg.errors import ParameterError
from kg.names import con, dcterms, prov, rdf
from kg.web.choosing import AUTHOR, BY_PROPERTY, LAYERS, MOST, OF_EVENTS, PLANNED, Choice
from kg.web.records import Label, Value
from kg.web.site import Site
from kg.web.times import Time, dated, own, read, rules_in
from kg.web.view import View

__all__ = ["Happening", "Options", "Place", "asked_for", "bracketed", "find", "of_view", "point"]

_POINT = re.compile(r"(?:<[^>]*>\s*)?POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)", re.I)
_WKT = NamedNode("http://www.opengis.net/ont/geosparql#asWKT")


@dataclass(frozen=True)
class Place:
    """Where a mark stands: latitude and longitude in degrees of WGS 84, None where the dataset has
    no coordinates; what of the place they mark, and who gives them.
    """

    thing: Value
    degrees: tuple[float, float] | None
    told: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Happening:
    """One mark: claims that say the same of one thing, in one voice. `times` are those that they
    give; where they give none, all that other claims give the thing. `later_than` are the claims
    that these are said to come after, which is known on the map alone.
    """

    claims: tuple[str, ...]
    layer: str
    thing: Value
    property: Value
    answer: Value | None
    place: Place | None
    times: tuple[Time, ...]
    modality: Value | None
    side: Value | None
    source: Value | None
    later_than: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class Options:
    """What the form offers, in order of label."""

    uprisings: list[Value]
    sides: list[Value]
    sources: list[Value]
    claims: Mapping[str, int] = field(default_factory=dict)
    """How many claims each of the sides has in this choice, whichever side is chosen."""


_NAMES = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT {{ ?s ?p ?o . ?s a ?offered }} WHERE {{
  {{ VALUES ?s {{ {things} }} }}
  UNION {{ ?s a con:Uprising . BIND(con:Uprising AS ?offered) }}
  UNION {{ {{ SELECT DISTINCT ?s {{ ?any con:statedIn ?s }} }} BIND(con:statedIn AS ?offered) }}
  UNION {{ {{ SELECT DISTINCT ?s {{ ?any con:side ?s }} }} BIND(con:side AS ?offered) }}
  VALUES ?p {{ rdfs:label skos:prefLabel dcterms:title con:coordinatePrecision dcterms:source }}
  OPTIONAL {{ ?s ?p ?o }}
}}"""


def asked_for(
    site: Site, text_of: Callable[[Choice], str]
) -> tuple[Choice, list[Happening], dict[str, Any]]:
    """What the address chooses, what was found for it by the query that `text_of` makes of it, and
    what the pages of both map and timeline say of it.
    """
    choice = Choice.of(request.args, request.args.getlist("show"), site.names)
    query = text_of(choice)
    found, options, more = find(site, choice, text_of)
    shown = {
        "choice": choice,
        "chosen": choice.parameters(site.names),
        "options": options,
        "layers": LAYERS,
        "query": query,
        "more": more,
        "most": MOST,
        "bracketed": bracketed(found),
    }
    return choice, found, shown


def find(
    site: Site, choice: Choice, query: Callable[[Choice], str]
) -> tuple[list[Happening], Options, bool]:
    """The happenings of a choice's query with what the form offers, by two questions to the engine
    (three for the first reader who chooses a side); and whether there are more than `MOST`. Of the
    sides those are offered that have a claim here.

    Raises ParameterError for a choice that the form does not offer.
    """
    rows = site.rows(query(choice))
    named = {
        row[name]
        for row in rows
        for name in ("thing", "property", "answer", "place", "modality", "side", "source", "rule")
        if row.get(name, "").startswith("http")
    }
    named.update(rule for row in rows for rule in rules_in(_days(row)))
    things = " ".join(f"<{iri}>" for iri in sorted(named))
    view = View(site.records(_NAMES.format(things=things)), site.names)
    found = _together(_happening(row, view) for row in rows[:MOST])
    uprisings, sides, sources = (
        sorted(map(view.thing, view.instances(kind.value)), key=lambda v: v.label.text)
        for kind in (con.Uprising, con.side, con.statedIn)
    )
    options = Options(uprisings, sides, sources)
    _offered(site, choice, options)
    claims = _by_side(rows) if choice.side is None else _all_sides(site, choice, query)
    if claims is not None:
        sides = [v for v in options.sides if v.iri in claims or v.iri == choice.side]
        options = replace(options, sides=sides, claims=claims)
    return found, options, len(rows) > MOST


def _by_side(rows: Sequence[Mapping[str, str]]) -> dict[str, int] | None:
    """How many claims each side has among some rows; None where there are more rows than these."""
    if len(rows) > MOST:
        return None
    pairs = {(row["side"], row["claim"]) for row in rows if "side" in row}
    return dict(Counter(side for side, _ in pairs))


def _all_sides(site: Site, choice: Choice, query: Callable[[Choice], str]) -> dict[str, int] | None:
    """How many claims each side would have; kept for the next reader."""
    key = ("sides", query(replace(choice, side=None)))
    kept: Any = site.kept.many(site.digest, {key: key}).get(key)
    if kept is None:
        kept = (_by_side(site.rows(key[1])),)
        site.kept.put(site.digest, key, kept, len(key[1]) + 100 * len(kept[0] or ()))
    known: dict[str, int] | None = kept[0]
    return known


def bracketed(happenings: Iterable[Happening]) -> bool:
    """Whether any of their times is ours, so that a page has to say so."""
    return any(time.supplied for happening in happenings for time in happening.times)


def _offered(site: Site, choice: Choice, options: Options) -> None:
    """Refuse what is no uprising, side or source here: an empty page would pass for an answer."""
    known: dict[str, list[str | None]] = {
        "uprising": [site.names.identifier(value.iri or "") for value in options.uprisings],
        "side": [AUTHOR, *((value.iri or "").rpartition("/")[2] for value in options.sides)],
        "source": [site.names.identifier(value.iri or "") for value in options.sources],
    }
    chosen = choice.parameters(site.names)
    for name, keys in known.items():
        key = chosen[name]
        if key and key not in keys:
            raise ParameterError(
                f"nothing here has {key!r} as its {name}",
                where=name,
                hint="one of: " + ", ".join(sorted(filter(None, keys))[:20]),
            )


def _together(happenings: Iterable[Happening]) -> list[Happening]:
    """Claims that say the same in the same voice become one mark."""
    marks: dict[Happening, list[Happening]] = {}
    for happening in happenings:
        marks.setdefault(replace(happening, claims=()), []).append(happening)
    return [
        replace(
            mark,
            claims=tuple(claim for one in its for claim in one.claims),
            later_than=frozenset().union(*(one.later_than for one in its)),
        )
        for mark, its in marks.items()
    ]


def _happening(row: Mapping[str, str], view: View) -> Happening:
    def value(name: str) -> Value | None:
        return view.thing(row[name]) if name in row else None

    place = _place(view, row["place"], row.get("point", "")) if "place" in row else None
    if "during" in row:
        times: tuple[Time, ...] = (Time(row["during"], "supplied" in row, value("rule")),)
    else:
        times = read(_days(row), view)
    return Happening(
        claims=(row["claim"],),
        layer=row["layer"],
        thing=view.thing(row["thing"]),
        property=view.thing(row["property"]),
        answer=value("answer"),
        place=place,
        times=times,
        modality=value("modality"),
        side=value("side"),
        source=value("source"),
        later_than=frozenset(row.get("laterThan", "").split()),
    )


def _days(row: Mapping[str, str]) -> list[str]:
    """What other claims say of when its thing was, each as `kg.web.times.read` reads it."""
    return row["days"].split("\n") if row.get("days") else []


def point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of a WKT point in WGS 84 (``POINT(47.47 40.64)``: longitude first);
    None for any other text, and for degrees that do not exist.
    """
    match = _POINT.fullmatch(text.strip())
    if match is None:
        return None
    longitude, latitude = float(match[1]), float(match[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def of_view(view: View) -> list[Happening]:
    """Those of the claims on a page that have a place with coordinates or a time: for a small map
    or timeline. `view` holds the triples of the page. Layers are as in the queries, but that an
    event is an uprising is known only where the page has its class.
    """
    found = (_of_claim(view, iri) for iri in view.subjects())
    return _together(happening for happening in found if happening is not None)


def _of_claim(view: View, claim: str) -> Happening | None:
    question = next(iter(view.iris(claim, con.answers)), "")
    said = next(iter(view.iris(question, con.property)), "")
    local = said.rpartition("/")[2]
    about = next(iter(view.iris(question, con.about)), "")
    layer = BY_PROPERTY.get(local)
    if not about or (layer is None and local not in OF_EVENTS):
        return None
    if view.iris(claim, prov.wasInvalidatedBy):
        return None
    answer = next(iter(view.iris(claim, con.object)), "")
    place = next((iri for iri in (answer, about) if view.text(iri, _WKT)), None)
    times = own(view, claim)
    if place is None and not times:
        return None
    modality = view.first(claim, con.modality)
    if modality and (modality.iri or "").rpartition("/")[2] in PLANNED:
        layer = "order"
    if layer is None:
        layer = "uprising" if con.Uprising.value in view.iris(about, rdf["type"]) else "event"
    voice = next(iter(view.iris(claim, con.attribution)), "")
    return Happening(
        claims=(claim,),
        layer=layer,
        thing=view.thing(about),
        property=view.thing(said),
        answer=view.thing(answer) if answer else None,
        place=_place(view, place, view.text(place, _WKT)) if place else None,
        times=times or dated(view, about),
        modality=modality,
        side=view.first(voice, con.side),
        source=view.first(claim, con.statedIn),
    )


def _place(view: View, iri: str, wkt: str) -> Place:
    told = (view.worded(iri, con.coordinatePrecision), view.worded(iri, dcterms.source))
    return Place(view.thing(iri), point(wkt), tuple(filter(None, told)))
