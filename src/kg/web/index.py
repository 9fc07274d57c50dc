"""The things of one kind with what they can be narrowed by, kept for one version of the data.

A list is asked for once (a few questions to the engine) and then narrowed, counted and sorted here.
It holds at most `MOST` things: beyond that it says so, and SPARQL has the rest.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

from kg import dates
from kg.engine.limits import LIMITS
from kg.errors import DateError
from kg.explain.titles import MEASURE, OPEN
from kg.web import collation
from kg.web.records import Label
from kg.web.site import Site
from kg.web.tables import KINDS, PREFIXES
from kg.web.titles import title

__all__ = ["FACETS", "MOST", "Index", "Row", "index_of"]

MOST = 20_000
"""Things that a list holds."""

_LONGEST = 30  # years: a date that spans more says little about any of them
_KEPT = 24
_ROOM = LIMITS.length // 2  # characters of names in one question

FACETS: dict[str, tuple[str, ...]] = {
    "questions": ("property", "side", "source", "stance"),
    "people": ("side", "source", "stance", "year"),
    "units": ("side", "source", "stance", "year"),
    "groups": ("kind", "side", "source", "stance", "year"),
    "events": ("kind", "side", "source", "stance", "year"),
    "acts": ("kind", "side", "source", "stance", "year"),
    "places": ("side", "source", "stance", "year"),
    "works": ("kind", "side", "source", "year"),
    "attributions": ("kind", "side", "source", "stance"),
    "claims": ("property", "side", "source", "stance", "kind", "year", "thing"),
}
"""What each list can be narrowed by; ``thing`` has too many values to be offered."""

# What bears on a thing, and what its claims say of the facets.
_BEARING = {
    "questions": "?claim con:answers ?thing .",
    "works": "{ ?claim con:statedIn ?thing } UNION { ?claim con:cites/con:work ?thing }",
    "attributions": "?claim con:attribution ?thing .",
}
_BEARS = "{ ?claim con:answers/con:about ?thing } UNION { ?claim con:object ?thing }"
_SPEAKING = "?claim con:attribution/con:side ?value"
_ACTING = "?claim con:onSide ?value"

_THINGS = """SELECT DISTINCT ?thing ?facet ?value (LANG(?value) AS ?language) WHERE {{
  {{ SELECT DISTINCT ?thing WHERE {{ {pattern} }} ORDER BY STRLEN(STR(?thing)) STR(?thing)
     LIMIT {most} }}
  {{ ?thing rdfs:label|skos:prefLabel|dcterms:title ?value . BIND("label" AS ?facet) }}
  {own}
  UNION {{ {bearing}
    {{ ?claim con:statedIn ?value . BIND("source" AS ?facet) }}
    UNION {{ ?claim con:stance ?value . BIND("stance" AS ?facet) }}
    {claimed} }}
  UNION {{ SELECT ?thing ("n" AS ?facet) (STR(COUNT(DISTINCT ?claim)) AS ?value)
    WHERE {{ {bearing} }} GROUP BY ?thing }}
}}"""

_CLAIMS = """SELECT ?thing ?facet ?value ("" AS ?language) WHERE {{
  {{ SELECT ?thing WHERE {{ ?thing con:answers ?any }} ORDER BY STRLEN(STR(?thing)) STR(?thing)
     LIMIT {most} }}
  {{ ?thing con:answers ?value . BIND("question" AS ?facet) }}
  UNION {{ ?thing con:answers/con:about ?value . BIND("thing" AS ?facet) }}
  UNION {{ ?thing con:object ?value . BIND("thing" AS ?facet) }}
  UNION {{ ?thing con:attribution/con:speaker ?value . BIND("thing" AS ?facet) }}
  UNION {{ ?thing con:cites/con:work ?value . BIND("thing" AS ?facet) }}
  UNION {{ ?thing con:answers/con:property ?value . BIND("property" AS ?facet) }}
  UNION {{ ?thing con:attribution/con:side ?value . BIND("side" AS ?facet) }}
  UNION {{ ?thing con:statedIn ?value . BIND("source" AS ?facet) }}
  UNION {{ ?thing con:stance ?value . BIND("stance" AS ?facet) }}
  UNION {{ ?thing con:modality ?value . BIND("kind" AS ?facet) }}
  UNION {{ ?thing con:answers/con:property/con:valueKind ?value . BIND("kind" AS ?facet) }}
  UNION {{ ?thing con:holdsDuring|con:date ?value . BIND("year" AS ?facet) }}
}}"""

_PARTS = """SELECT * WHERE {{
  {{ SELECT ?question WHERE {{ ?question a con:Question }} LIMIT {most} }}
  ?question con:about ?about ; con:property ?property .
  OPTIONAL {{ ?property skos:broader ?group }}
  OPTIONAL {{ ?question con:population ?population }}
  OPTIONAL {{ ?question con:countMode ?mode FILTER(?mode != <{measure}>) }}
  OPTIONAL {{ ?question con:during ?during }}
}}"""

_LABELS = """SELECT ?thing ?value (LANG(?value) AS ?language) WHERE {{
  VALUES ?thing {{ {things} }} ?thing ?p ?value
  FILTER(?p IN (rdfs:label, skos:prefLabel, dcterms:title)) }}"""


@dataclass
class Row:
    """One thing of a list. `facets` has the values of each facet: IRIs, or years as text."""

    iri: str
    labels: dict[str, str] = field(default_factory=dict)
    claims: int = 0
    facets: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    question: str = ""

    @property
    def year(self) -> int:
        """The first year that is claimed; 9999 where there is none."""
        return min(map(int, self.facets.get("year", ())), default=9999)


class Index:
    """The rows of a list, the names of the values, and the keys that addresses name values by."""

    def __init__(self, site: Site, name: str) -> None:
        self.name = name
        rows: dict[str, Row] = {}
        for found in site.rows(_query(name)):
            row = rows.setdefault(found["thing"], Row(found["thing"]))
            facet, value = found["facet"], found["value"]
            if facet == "label":
                row.labels.setdefault(found.get("language", ""), value)
            elif facet == "n":
                row.claims = int(value)
            elif facet == "question":
                row.question = value
            elif facet == "year":
                row.facets[facet].update(_years(value))
            else:
                row.facets[facet].add(value)
        self.complete = len(rows) <= MOST
        self.rows = list(rows.values())[:MOST]
        named = {v for r in self.rows for f, vs in r.facets.items() if f != "year" for v in vs}
        named |= {r.question for r in self.rows if r.question}
        self._parts = _parts(site) if name in ("questions", "claims") else {}
        named |= {iri for made_of in self._parts.values() for iri in made_of.values()}
        self.labels = _labels(site, named)
        self.keys = {facet: _keys(site, self.rows, facet) for facet in FACETS[name]}
        self._ordered: dict[tuple[str, str], list[Row]] = {}
        self._lock = Lock()

    def label(self, iri: str, language: str) -> Label:
        """The name of a value in the reader's language, as in `kg.web.view.View.label`."""
        return _best(self.labels.get(iri, {}), language) or Label(iri.rpartition("/")[2])

    def name_of(self, row: Row, language: str) -> Label:
        """The name that a row is listed by: that of its question, for a claim."""
        if row.question:
            return self._asked(row.question, self.labels.get(row.question, {}), language)
        if row.iri in self._parts:
            return self._asked(row.iri, row.labels, language)
        return _best(row.labels, language) or Label(row.iri.rpartition("/id/")[2])

    def _asked(self, question: str, labels: Mapping[str, str], language: str) -> Label:
        """The title of a question: as it is worded in the language, else what it is made of."""
        worded = _best(labels, language)
        parts = self._parts.get(question)
        found = None
        if parts and (worded is None or worded.language != language):
            about, asked = (
                self.label(parts["about"], language),
                self.label(parts["property"], language),
            )
            found = title(
                about,
                asked,
                [self.label(parts[p], language) for p in ("population", "mode") if p in parts],
                parts.get("during", ""),
                worded,
                whole=parts.get("group") != OPEN,
            )
        return found or worded or Label(question.rpartition("/id/")[2])

    def ordered(self, language: str, by: str) -> list[Row]:
        """The rows by ``name``, by ``claims`` (most first) or by ``year``, then by name."""
        with self._lock:
            if (language, by) not in self._ordered:
                self._ordered[language, by] = self._sorted(language, by)
            return self._ordered[language, by]

    def _sorted(self, language: str, by: str) -> list[Row]:
        def first(row: Row) -> int:
            return -row.claims if by == "claims" else row.year if by == "year" else 0

        return sorted(
            self.rows,
            key=lambda row: (
                first(row),
                collation.key(self.name_of(row, language).text, language),
                len(row.iri),
                row.iri,
            ),
        )

    def narrowed(self, rows: Iterable[Row], chosen: Mapping[str, str]) -> list[Row]:
        """The rows that have every chosen value."""
        return [r for r in rows if all(v in r.facets.get(f, ()) for f, v in chosen.items())]

    def counts(self, chosen: Mapping[str, str], facet: str) -> Counter[str]:
        """How many rows each value of a facet would leave, beside what else is chosen."""
        others = {f: v for f, v in chosen.items() if f != facet}
        return Counter(
            value for row in self.narrowed(self.rows, others) for value in row.facets.get(facet, ())
        )


_indexes: OrderedDict[tuple[int, str, str], Index] = OrderedDict()
_building = Lock()


def index_of(site: Site, name: str) -> Index:
    """The index of a list for the present version of the data."""
    version = site.digest
    key = (id(site), version, name)
    with _building:
        found = _indexes.get(key) if version else None
        if found is None:
            found = Index(site, name)
            if version:
                _indexes[key] = found
                while len(_indexes) > _KEPT:
                    _indexes.popitem(last=False)
        return found


def _query(name: str) -> str:
    if name == "claims":
        return PREFIXES + _CLAIMS.format(most=MOST + 1)
    own = ["?thing a ?value . BIND('kind' AS ?facet)"]
    claimed = [f"{_ACTING} . BIND('side' AS ?facet)"]
    claimed.append("?claim con:holdsDuring|con:date ?value . BIND('year' AS ?facet)")
    if name == "questions":
        own = ["?thing con:property ?value . BIND('property' AS ?facet)"]
        claimed = [f"{_SPEAKING} . BIND('side' AS ?facet)"]
    elif name == "works":
        own.append("?thing con:side ?value . BIND('side' AS ?facet)")
        own.append("?thing dcterms:issued ?value . BIND('year' AS ?facet)")
        claimed = []
    elif name == "attributions":
        own = [
            "?thing con:attributionKind ?value . BIND('kind' AS ?facet)",
            "?thing con:side ?value . BIND('side' AS ?facet)",
        ]
        claimed = []
    elif name == "events":
        own.append(
            f"?q con:about ?thing . ?claim con:answers ?q . {_ACTING} . BIND('side' AS ?facet)"
        )
    return PREFIXES + _THINGS.format(
        pattern=KINDS[name][1],
        most=MOST + 1,
        own=" ".join(f"UNION {{ {part} }}" for part in own),
        bearing=_BEARING.get(name, _BEARS),
        claimed=" ".join(f"UNION {{ {part} }}" for part in claimed),
    )


def _parts(site: Site) -> dict[str, dict[str, str]]:
    """What each question is made of."""
    found: dict[str, dict[str, str]] = {}
    for row in site.rows(PREFIXES + _PARTS.format(most=MOST + 1, measure=MEASURE)):
        found.setdefault(row.pop("question"), row)
    return found


def _labels(site: Site, iris: set[str]) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    for things in _texts([f"<{iri}>" for iri in sorted(iris) if ":" in iri and ">" not in iri]):
        for row in site.rows(PREFIXES + _LABELS.format(things=things)):
            labels.setdefault(row["thing"], {}).setdefault(row.get("language", ""), row["value"])
    return labels


def _texts(words: list[str]) -> Iterator[str]:
    """Words with spaces between, in pieces that a query has room for."""
    begun, size = 0, 0
    for at, word in enumerate(words):
        if size + len(word) > _ROOM and at > begun:
            yield " ".join(words[begun:at])
            begun, size = at, 0
        size += len(word) + 1
    if words:
        yield " ".join(words[begun:])


def _keys(site: Site, rows: Iterable[Row], facet: str) -> dict[str, str]:
    """The short names of a facet's values, for addresses: an id, or the end of an IRI."""
    keys: dict[str, str] = {}
    for value in sorted({v for row in rows for v in row.facets.get(facet, ())}):
        short = site.names.identifier(value) or value.rpartition("#")[2].rpartition("/")[2]
        keys[value if short in keys else short] = value
    return keys


def _years(text: str) -> list[str]:
    try:
        bounds = dates.bounds(text)
    except DateError:
        return []
    ends = [day.year for day in (bounds.earliest, bounds.latest) if day]
    if not ends or ends[-1] - ends[0] > _LONGEST:
        return []
    return [str(year) for year in range(ends[0], ends[-1] + 1)]


def _best(labels: Mapping[str, str], language: str) -> Label | None:
    for wanted in (language, "en", "tr", "az", "ru", *sorted(labels)):
        if wanted in labels:
            return Label(labels[wanted], wanted)
    return None
