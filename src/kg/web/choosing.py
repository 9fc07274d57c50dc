"""What a reader chooses to see on the map and the timeline, and the query that asks for it.

The choice that an address carries becomes one SELECT query, which the page shows as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext

from kg.errors import ParameterError
from kg.names import CONTESTED, Names
from kg.web.times import DATED

__all__ = [
    "AUTHOR",
    "BY_PROPERTY",
    "LAYERS",
    "MOST",
    "OF_EVENTS",
    "PLANNED",
    "Choice",
    "map_query",
    "timeline_query",
]

MOST = 1_000
"""Claims that a page draws; it says so when there are more."""

LAYERS = {
    "uprising": lazy_gettext("Uprisings"),
    "event": lazy_gettext("Other events"),
    "movement": lazy_gettext("Movements"),
    "presence": lazy_gettext("Who was where"),
    "hands": lazy_gettext("Places changing hands"),
    "order": lazy_gettext("Orders and plans"),
}
"""What is drawn, by name; each has a mark of its own."""

AUTHOR = "author"
"""The side that stands for claims in which the author of the source speaks."""

BY_PROPERTY = {
    "moved-to": "movement",
    "withdrew-from": "movement",
    "reinforced-by": "movement",
    "stationed-at": "presence",
    "present-at": "presence",
    "active-in": "presence",
    "held-at": "presence",
    "controlled-by": "hands",
}
"""The layer of a claim by its property, unless it is only planned; others are of events."""
_OF_EVENTS_AT = ("place", "centre", "area-covered", "target")
_OF_EVENTS_WHEN = ("date", "began", "ended")
OF_EVENTS = (*_OF_EVENTS_AT, *_OF_EVENTS_WHEN)
"""The properties that say where or when an event was, or against whom."""
PLANNED = ("ordered", "planned", "intended", "expected", "offered")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")
_SIDE = f"{CONTESTED}vocab/side/"

_PREFIXES = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX modality: <https://w3id.org/contested/vocab/modality/>
PREFIX property: <https://w3id.org/contested/vocab/property/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_WHAT = """  ?question con:about ?thing ; con:property ?property .
  ?claim con:answers ?question .
  FILTER NOT EXISTS { ?claim prov:wasInvalidatedBy ?withdrawal }
  BIND(EXISTS { ?thing a/rdfs:subClassOf* con:Uprising } AS ?uprising)
  BIND(EXISTS { ?thing a/rdfs:subClassOf* con:Act } AS ?act)
"""
_WHERE = (
    """  # The place is the answer, or what the question is about.
  ?claim con:object|(con:answers/con:about) ?place .
  ?place a crm:E53_Place .
  OPTIONAL { ?place geo:asWKT ?point }
  OPTIONAL { ?claim con:object ?answer }
  OPTIONAL { ?claim con:holdsDuring ?during }
  # The claims that it is said to come after.
  OPTIONAL {
    SELECT ?claim (GROUP_CONCAT(STR(?earlier); SEPARATOR=" ") AS ?laterThan)
    WHERE { ?claim con:laterThan ?earlier }
    GROUP BY ?claim
  }
  # The days that are claimed for an event itself.
  OPTIONAL {
    SELECT ?thing (GROUP_CONCAT(?told; SEPARATOR="\\n") AS ?days)
    WHERE {
      VALUES ?dating { property:date property:began property:ended }
"""
    + DATED
    + """
    }
    GROUP BY ?thing
  }
"""
)
_WHEN = """  OPTIONAL { ?claim con:date|con:holdsDuring ?during }
  OPTIONAL { ?claim con:object ?answer }
"""
_STANDING = """  OPTIONAL { ?claim con:attribution/con:side ?side }
  OPTIONAL { ?claim con:statedIn ?source }
  OPTIONAL { ?claim con:page|con:section ?page }
  OPTIONAL { ?claim con:modality ?modality }
  # What of its time is not printed there, and by which rule a loose word was read.
  OPTIONAL { ?claim con:supplied ?supplied FILTER(?supplied != con:object) }
  OPTIONAL { ?claim con:dateRule ?rule }
"""
# What belongs to an uprising: said to be so, or placed where claims place the uprising.
# (The areas come first, in a query of their own: a path whose two ends are open is slow.)
_OF_UPRISING = """  {{
    SELECT DISTINCT ?thing
    WHERE {{
      {{ VALUES ?thing {{ {iri} }} }}
      UNION
      {{
        VALUES ?tie {{ property:part-of property:target }}
        ?tieQuestion con:about ?thing ; con:property ?tie .
        ?tied con:answers ?tieQuestion ; con:object {iri} .
      }}
      UNION
      {{
        {{
          SELECT DISTINCT ?within
          WHERE {{
            {{
              SELECT DISTINCT ?area
              WHERE {{
                VALUES ?seat {{ property:place property:centre property:area-covered }}
                ?seatQuestion con:about {iri} ; con:property ?seat .
                ?seated con:answers ?seatQuestion ; con:object ?area .
              }}
            }}
            ?within dcterms:isPartOf* ?area .
          }}
        }}
        {{ ?putting con:object ?within ; con:answers/con:about ?thing }}
        UNION
        {{ ?putting con:answers/con:about ?within . BIND(?within AS ?thing) }}
      }}
    }}
  }}
"""


@dataclass(frozen=True)
class Choice:
    """What the reader wants to see: an uprising, a side, a source (IRIs; None for all), layers,
    and the years from and to which. `side` may be `AUTHOR`.
    """

    uprising: str | None = None
    side: str | None = None
    source: str | None = None
    layers: tuple[str, ...] = tuple(LAYERS)
    first: int | None = None
    last: int | None = None

    @classmethod
    def of(cls, values: Mapping[str, str], shown: Sequence[str], names: Names) -> Choice:
        """The choice in the parameters of an address; `shown` are the values of ``show``. Without
        any, all layers are shown; with no other than an empty one, none is.

        Raises ParameterError for a value that is none.
        """
        unknown = next((name for name in shown if name and name not in LAYERS), None)
        if unknown is not None:
            raise ParameterError(
                f"{unknown!r} is nothing that can be shown",
                where="show",
                hint="one of " + ", ".join(LAYERS),
            )
        side = _key(values, "side")
        thing = {name: _key(values, name) for name in ("uprising", "source")}
        return cls(
            uprising=names.thing(thing["uprising"]) if thing["uprising"] else None,
            side=side if side in (None, AUTHOR) else _SIDE + str(side),
            source=names.thing(thing["source"]) if thing["source"] else None,
            layers=tuple(name for name in LAYERS if name in shown or not shown),
            first=_year(values, "first"),
            last=_year(values, "last"),
        )

    def parameters(self, names: Names) -> dict[str, str | None]:
        """The parameters of an address that carries this choice, without ``show``."""
        side = self.side if self.side in (None, AUTHOR) else str(self.side).rpartition("/")[2]
        return {
            "uprising": names.identifier(self.uprising or ""),
            "side": side,
            "source": names.identifier(self.source or ""),
            "first": str(self.first) if self.first else None,
            "last": str(self.last) if self.last else None,
        }

    @property
    def shown(self) -> tuple[str, ...]:
        """The layers as ``show`` names them; empty for all."""
        return () if len(self.layers) == len(LAYERS) else self.layers


def _key(values: Mapping[str, str], name: str) -> str | None:
    text = values.get(name, "")
    if text and not _KEY.fullmatch(text):
        raise ParameterError(
            f"{text!r} is no name of one", where=name, hint="choose one of the list on the page"
        )
    return text or None


def _year(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text)):
        raise ParameterError(f"{text!r} is no year", where=name, hint="a year such as 1920")
    return int(text)


def map_query(choice: Choice) -> str:
    """The SELECT query for what claims put at a place."""
    return _text(choice, _OF_EVENTS_AT, _WHERE, placed=True)


def timeline_query(choice: Choice) -> str:
    """The SELECT query for what claims date."""
    return _text(choice, _OF_EVENTS_WHEN, _WHEN, placed=False)


def _text(choice: Choice, of_events: Sequence[str], values: str, *, placed: bool) -> str:
    layers = set(choice.layers)
    wanted = [name for name, layer in BY_PROPERTY.items() if layer in layers or "order" in layers]
    if layers & {"uprising", "event", "order"}:
        wanted += of_events
    parts = [f"  VALUES ?property {{ {_listed(wanted, ' ')} }}\n"]
    if choice.uprising:
        parts.append(_OF_UPRISING.format(iri=f"<{choice.uprising}>"))
    parts += [_WHAT, values, _STANDING, _LAYER]
    if choice.shown:
        shown = ", ".join(f'"{name}"' for name in choice.shown)
        parts.append(f"  FILTER(?layer IN ({shown}))\n")
    if choice.side == AUTHOR:
        parts.append("  FILTER NOT EXISTS { ?claim con:attribution ?voice }\n")
    elif choice.side:
        parts.append(f"  FILTER(?side = <{choice.side}>)\n")
    if choice.source:
        parts.append(f"  FILTER(?source = <{choice.source}>)\n")
    if not placed and (choice.first or choice.last):
        parts.append(_years(choice))
    columns = "?place ?point ?days ?laterThan " if placed else ""
    return (
        f"{_PREFIXES}SELECT DISTINCT ?layer ?thing ?property ?answer ?during {columns}\n"
        "                ?supplied ?rule ?modality ?side ?source ?page ?claim\nWHERE {\n"
        + "".join(parts)
        + f"}}\nORDER BY STRLEN(STR(?claim)) ?claim\nLIMIT {MOST + 1}\n"
    )


def _listed(names: Iterable[str], between: str = ", ", prefix: str = "property") -> str:
    return between.join(f"{prefix}:{name}" for name in names)


def _of(layer: str) -> str:
    return _listed(name for name, its in BY_PROPERTY.items() if its == layer)


_LAYER = f"""  # What is only ordered or planned is shown apart.
  BIND(IF(?act || COALESCE(?modality IN ({_listed(PLANNED, prefix="modality")}), false), "order",
       IF(?property IN ({_of("movement")}), "movement",
       IF(?property IN ({_of("presence")}), "presence",
       IF(?property IN ({_of("hands")}), "hands",
       IF(?uprising, "uprising", "event"))))) AS ?layer)
"""


def _years(choice: Choice) -> str:
    """Leave out what lies wholly outside of the years."""
    tests = []
    if choice.first:
        tests.append(f'COALESCE(?latest >= "{choice.first:04d}-01-01"^^xsd:date, true)')
    if choice.last:
        tests.append(f'COALESCE(?earliest <= "{choice.last:04d}-12-31"^^xsd:date, true)')
    return (
        "  OPTIONAL { GRAPH ?begins { ?claim con:earliest ?earliest } }\n"
        "  OPTIONAL { GRAPH ?ends { ?claim con:latest ?latest } }\n"
        f"  FILTER({' && '.join(tests)})\n"
    )
