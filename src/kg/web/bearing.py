"""Which claims bear on a thing, and which of them one page shows, in the order of the page.

What is read in a source can be all claims there are, and to put these in order takes the engine
long: they are counted by page of the work, once for a version of the data, and then only those of
the pages are looked at that are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from kg.names import con, crm, skos
from kg.web.site import Site

__all__ = ["GROUPS", "PREFIXES", "Bearing", "bearing_on"]

PREFIXES = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
"""

# The groups of properties in the order of a page: the place of a name in this text is its rank.
GROUPS = "time at-place involved belonging persons figures measures acts-and-meaning"

# How a claim can bear on a thing, in the order in which a page shows it. What the order of the
# page needs stands in each branch: joined afterwards, the engine would look it up for all claims
# of a source. One OPTIONAL in another is looked up for each claim; two patterns in one OPTIONAL
# are first matched against everything.
_ASKED = """OPTIONAL {{ ?question con:property ?property
    OPTIONAL {{ ?property skos:broader ?group }} }}"""
_ANSWERS = f"OPTIONAL {{{{ ?claim con:answers ?question {_ASKED} }}}}"
_PAGED = """OPTIONAL {{ ?claim con:page ?page }}"""
_ROUTES = {
    "about": (0, "?question con:about <{iri}> . ?claim con:answers ?question .", _ASKED),
    "answer": (1, "?claim con:object <{iri}> .", _ANSWERS),
    "speaker": (
        2,
        "?speaking con:speaker|con:speaksIn <{iri}> . ?voice con:conveyedBy* ?speaking . "
        "?claim con:attribution ?voice .",
        _ANSWERS,
    ),
    "voice": (2, "?voice con:conveyedBy* <{iri}> . ?claim con:attribution ?voice .", _ANSWERS),
    "work": (3, "?citation con:work <{iri}> . ?claim con:cites ?citation .", _PAGED),
    "citation": (3, "?claim con:cites <{iri}> .", _PAGED),
    "counted": (
        5,
        "?question con:population|con:unitCounted <{iri}> . ?claim con:answers ?question .",
        _ASKED,
    ),
    "relative": (6, "?claim con:relativeTo <{iri}> .", _ANSWERS),
}
# The engine's planner takes time for each route: a thing is asked only what can be true of it.
_OF_ENTITIES = ("about", "answer", "speaker", "relative")
_OF_WORKS = ("about", "answer", "speaker", "work")
_BY_KIND = (
    (con.Attribution.value, ("voice",)),
    (con.Citation.value, ("citation",)),
    (skos.Concept.value, ("answer", "counted")),
    (crm["E21_Person"].value, _OF_ENTITIES),
    (crm["E53_Place"].value, _OF_ENTITIES),
    (crm["E74_Group"].value, _OF_ENTITIES),
    (crm["E5_Event"].value, _OF_ENTITIES),
)


_ORDERED = """{{ SELECT ?claim (MIN(?section) AS ?first) (SAMPLE(?group) AS ?of_group)
      (SAMPLE(?property) AS ?asks) (SAMPLE(?question) AS ?of) (SAMPLE(?page) AS ?at)
    WHERE {{ {ordered} }} GROUP BY ?claim
    ORDER BY ?first STRLEN(STRBEFORE(CONCAT(?at, "-"), "-")) ?at
      STRLEN(STRBEFORE("{groups}", STRAFTER(STR(?of_group), "/property-group/"))) ?asks ?of
      STRLEN(STR(?claim)) STR(?claim)
    LIMIT {limit} OFFSET {offset} }}"""
# Those without a page come first, as they do in an order by page.
_UNPAGED = """{{ SELECT ?claim WHERE {{
    ?claim con:statedIn <{iri}> MINUS {{ ?claim con:page ?any }} {apart} }}
  ORDER BY STRLEN(STR(?claim)) STR(?claim) LIMIT {limit} OFFSET {offset} }}"""
_PAGES = """{{ SELECT ?claim WHERE {{
    VALUES ?page {{ {pages} }} ?claim con:page ?page ; con:statedIn <{iri}> {apart} }}
  ORDER BY STRLEN(STRBEFORE(CONCAT(?page, "-"), "-")) ?page STRLEN(STR(?claim)) STR(?claim)
  LIMIT {limit} OFFSET {offset} }}"""

_NONE = "VALUES ?claim {}"

# `otherwise` are the claims that bear on a work in another way too, and stand there.
_COUNTS = (
    PREFIXES
    + """SELECT ?what ?page ?n WHERE {{
  {{ SELECT ("others" AS ?what) (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ {bare} }} }}
  UNION {{ SELECT ("all" AS ?what) (COUNT(?claim) AS ?n) WHERE {{ ?claim con:statedIn <{iri}> }} }}
  UNION {{ SELECT ("page" AS ?what) ?page (COUNT(?claim) AS ?n)
    WHERE {{ ?claim con:statedIn <{iri}> ; con:page ?page }} GROUP BY ?page }}
  UNION {{ SELECT ("otherwise" AS ?what) ?page (COUNT(DISTINCT ?claim) AS ?n)
    WHERE {{ {bare} FILTER EXISTS {{ ?claim con:statedIn <{iri}> }}
      OPTIONAL {{ ?claim con:page ?page }} }} GROUP BY ?page }}
}}"""
)


@dataclass(frozen=True)
class Bearing:
    """The claims that bear on a thing: a group graph pattern that binds ?claim to those of one
    page, and one that binds it to all but those read in a work. `total` is how many there are,
    where that is known before; `pages` counts those read in a work by its pages, in their order.
    """

    chosen: str
    bare: str
    total: int | None = None
    pages: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class _Read:
    """How many claims were read in a work: without a page, and by page; and how many bear on it in
    other ways. `apart`: whether some do both.
    """

    others: int
    unpaged: int
    pages: tuple[tuple[str, int], ...]
    apart: bool

    @property
    def total(self) -> int:
        return self.others + self.unpaged + sum(n for _, n in self.pages)


def bearing_on(site: Site, iri: str, kinds: Set[str], offset: int, limit: int) -> Bearing:
    """The claims that bear on a thing of these classes; `limit` of them from `offset`. Asks the
    engine only about works, once for each version of the data.
    """
    names = next((names for kind, names in _BY_KIND if kind in kinds), _OF_WORKS)
    routes = [_ROUTES[name] for name in names]
    bare = " UNION ".join(f"{{ {pattern.format(iri=iri)} }}" for _, pattern, _ in routes)
    ordered = " UNION ".join(
        f"{{ {pattern.format(iri=iri)} {order.format()} BIND({section} AS ?section) }}"
        for section, pattern, order in routes
    )
    others = _ORDERED.format(ordered=ordered, groups=GROUPS, limit=limit, offset=offset)
    if names is not _OF_WORKS:
        return Bearing(others, bare)
    read = _read_in(site, iri, bare)
    parts = [others] if offset < read.others else []
    room = limit - max(read.others - offset, 0)
    parts += _of_source(iri, bare, read, max(offset - read.others, 0), room)
    return Bearing(" UNION ".join(parts) or _NONE, bare, read.total, read.pages)


def _of_source(iri: str, bare: str, read: _Read, start: int, room: int) -> list[str]:
    """The patterns for `room` of the claims read in a work, from the one at `start`."""
    apart = f"FILTER NOT EXISTS {{ {bare} }}" if read.apart else ""
    parts = []
    first = min(max(read.unpaged - start, 0), room)
    if first > 0:
        parts.append(_UNPAGED.format(iri=iri, apart=apart, limit=first, offset=start))
    room -= first
    start = max(start - read.unpaged, 0)
    shown: list[str] = []
    before = skipped = 0
    for page, n in read.pages:
        if before + n > start and before < start + room:
            skipped = start - before if not shown else skipped
            shown.append(page)
        before += n
    if shown:
        pages = " ".join(f'"{page}"' for page in shown)
        parts.append(_PAGES.format(iri=iri, pages=pages, apart=apart, limit=room, offset=skipped))
    return parts


def _read_in(site: Site, iri: str, bare: str) -> _Read:
    version, key = site.digest, ("read in", iri)
    found: _Read | None = site.kept.get(version, key)
    if found is None:
        found = _counted(site.rows(_COUNTS.format(iri=iri, bare=bare)))
        site.kept.put(version, key, found, 500 + 200 * len(found.pages))
    return found


def _counted(rows: Iterable[dict[str, str]]) -> _Read:
    counts = {"others": 0, "all": 0}
    pages: dict[str, int] = {}
    otherwise: dict[str, int] = {}
    for row in rows:
        if row["what"] in counts:
            counts[row["what"]] = int(row["n"])
        elif row["what"] == "page":
            pages[row["page"]] = int(row["n"])
        else:
            otherwise[row.get("page", "")] = int(row["n"])
    unpaged = counts["all"] - sum(pages.values()) - otherwise.get("", 0)
    left = {page: n - otherwise.get(page, 0) for page, n in pages.items()}
    ordered = sorted(left, key=lambda page: (len(page.partition("-")[0]), page))
    return _Read(
        others=counts["others"],
        unpaged=max(unpaged, 0),
        pages=tuple((page, left[page]) for page in ordered if left[page] > 0),
        apart=bool(otherwise),
    )
