"""The two questions that a page about a thing puts to the engine.

The first chooses the claims that bear on the thing, in the order of the page, and takes them with
their questions, citations and voices; the thing's own record, what else points to it and how many
claims there are come with it. The second, which depends on it, names everything mentioned.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Set
from dataclasses import dataclass

import pyoxigraph as ox

from kg.names import Names, con, crm, skos
from kg.web.site import Site
from kg.web.view import View

__all__ = ["GROUPS", "LINKS_PER_PAGE", "SHOWN", "Around", "look_around", "look_at_claims", "told"]

SHOWN = 50
"""Claims on one page about a thing."""

LINKS_PER_PAGE = 60
"""Links from elsewhere on one page about a thing."""

_COUNT = ox.NamedNode("urn:x-kg:count")
_PROPERTY = "https://w3id.org/contested/vocab/property/"

_PREFIXES = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
"""

# How a claim can bear on a thing, in the order in which a page shows it. What the order of the
# page needs stands in each branch: joined afterwards, the engine would look it up for all claims
# of a source.
_ASKED = """OPTIONAL {{ ?question con:property ?property . ?property skos:broader ?group }}"""
_ANSWERS = f"?claim con:answers ?question . {_ASKED}"
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
    "source": (4, "?claim con:statedIn <{iri}> .", _PAGED),
    "counted": (
        5,
        "?question con:population|con:unitCounted <{iri}> . ?claim con:answers ?question .",
        _ASKED,
    ),
    "relative": (6, "?claim con:relativeTo <{iri}> .", _ANSWERS),
}
# The engine's planner takes time for each route: a thing is asked only what can be true of it.
_OF_ENTITIES = ("about", "answer", "speaker", "relative")
_OF_WORKS = ("about", "answer", "speaker", "work", "source")
_BY_KIND = (
    (con.Attribution.value, ("voice",)),
    (con.Citation.value, ("citation",)),
    (skos.Concept.value, ("answer", "counted")),
    (crm["E21_Person"].value, _OF_ENTITIES),
    (crm["E53_Place"].value, _OF_ENTITIES),
    (crm["E74_Group"].value, _OF_ENTITIES),
    (crm["E5_Event"].value, _OF_ENTITIES),
)


def _routes(kinds: Set[str], iri: str) -> tuple[str, str]:
    """The patterns that bind ?claim for a thing of these classes: bare, and with what the order of
    a page needs.
    """
    names = next((names for kind, names in _BY_KIND if kind in kinds), _OF_WORKS)
    chosen = [_ROUTES[name] for name in names]
    bare = " UNION ".join(f"{{ {pattern.format(iri=iri)} }}" for _, pattern, _ in chosen)
    ordered = " UNION ".join(
        f"{{ {pattern.format(iri=iri)} {order.format()} BIND({section} AS ?section) }}"
        for section, pattern, order in chosen
    )
    return bare, ordered


# The groups of properties in the order of a page: the place of a name in this text is its rank.
GROUPS = "time at-place involved belonging persons figures measures acts-and-meaning"

_CORE = (
    _PREFIXES
    + """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }}
  UNION {{
    {{ SELECT ?claim (MIN(?section) AS ?first) (SAMPLE(?group) AS ?of_group)
         (SAMPLE(?property) AS ?asks) (SAMPLE(?question) AS ?of) (SAMPLE(?page) AS ?at)
      WHERE {{ {ordered} }} GROUP BY ?claim
      ORDER BY ?first STRLEN(STRBEFORE(CONCAT(?at, "-"), "-")) ?at
        STRLEN(STRBEFORE("{groups}", STRAFTER(STR(?of_group), "/property-group/"))) ?asks ?of
        STRLEN(STR(?claim)) STR(?claim)
      LIMIT {limit} OFFSET {offset} }}
    {{ ?claim con:answers? ?s }}
    UNION {{ ?claim con:cites ?s }}
    UNION {{ ?claim con:attribution/con:conveyedBy* ?s }}
    ?s ?p ?o
    FILTER(?p NOT IN (con:anchor, con:reviewStatus, con:noteScope))
  }}
  UNION {{ SELECT ?s ?p ?o WHERE {{
    VALUES ?o {{ <{iri}> }} ?s ?p ?o
    FILTER(?p NOT IN (con:about, con:object, con:answers, con:statedIn, con:cites, con:attribution,
      con:relativeTo, con:population, con:unitCounted, oa:hasSource, rdf:type, con:betweenClaim))
  }} ORDER BY ?p ?s LIMIT {links_and_one} OFFSET {links_from} }}
  UNION {{ SELECT (<{iri}> AS ?s) (<urn:x-kg:count> AS ?p) (COUNT(DISTINCT ?claim) AS ?o)
    WHERE {{ {bearing} }} }}
}}"""
)

_PAGES = (
    _PREFIXES
    + """SELECT ?page (COUNT(?claim) AS ?n) WHERE {{ ?claim con:statedIn <{iri}> ; con:page ?page }}
    GROUP BY ?page"""
)

_OF_CLAIMS = (
    _PREFIXES
    + """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  VALUES ?claim {{ {claims} }}
  {{ ?claim con:answers? ?s }}
  UNION {{ ?claim con:cites ?s }}
  UNION {{ ?claim con:attribution/con:conveyedBy* ?s }}
  ?s ?p ?o
  FILTER(?p NOT IN (con:anchor, con:reviewStatus, con:noteScope))
}}"""
)

_NAMES = (
    _PREFIXES
    + """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ VALUES ?s {{ {named} }} ?s ?p ?o
    FILTER(?p IN (rdfs:label, skos:prefLabel, dcterms:title, skos:broader)) }}
  UNION {{ VALUES ?s {{ {dated} }} ?question con:about ?s ; con:property ?property .
    VALUES ?property {{ <{property}date> <{property}began> <{property}ended> }}
    ?claim con:answers ?question ; con:date ?o . BIND(?property AS ?p) }}
}}"""
)


@dataclass(frozen=True)
class Around:
    """What was found around a thing. `total` counts its claims; `links` are the subjects, by
    predicate, that point to it; `pages` counts claims by page of the work it is.
    """

    view: View
    total: int
    links: dict[str, list[str]]
    more_links: bool
    pages: list[tuple[str, int]]


def look_around(
    site: Site, iri: str, kinds: Set[str], *, offset: int = 0, links_from: int = 0
) -> Around:
    """Everything that a page about a thing of these classes shows, by two questions to the
    engine; a third counts the pages of a source, once for a version of the data.
    """
    bare, ordered = _routes(kinds, iri)
    text = _CORE.format(
        iri=iri,
        bearing=bare,
        ordered=ordered,
        groups=GROUPS,
        limit=SHOWN,
        offset=offset,
        links_and_one=LINKS_PER_PAGE + 1,
        links_from=links_from,
    )
    triples = [t for t in site.triples(text) if isinstance(t, (ox.Quad, ox.Triple))]
    total = 0
    kept = []
    for triple in triples:
        if triple.predicate == _COUNT and isinstance(triple.object, ox.Literal):
            total = int(triple.object.value)
        else:
            kept.append(triple)
    is_source = any(t.predicate == con.statedIn and str(t.object) == f"<{iri}>" for t in kept)
    about = {
        t.object.value
        for t in kept
        if t.predicate == con.about and isinstance(t.object, ox.NamedNode)
    }
    view = View([*kept, *told(site, kept, about - {iri})], site.names)
    pointing = _pointing(kept, iri)
    found = sum(map(len, pointing.values()))
    if found > LINKS_PER_PAGE:
        last = sorted(pointing)[-1]
        pointing[last].pop()
        pointing = {p: s for p, s in pointing.items() if s}
    pages = _claims_by_page(site, iri) if is_source else []
    return Around(view, total, pointing, found > LINKS_PER_PAGE, pages)


_counted: OrderedDict[tuple[int, str, str], list[tuple[str, int]]] = OrderedDict()
_KEPT = 500  # sources


def _claims_by_page(site: Site, iri: str) -> list[tuple[str, int]]:
    """How many claims were read from each page of a work. Every page of its page has them, so they
    are counted once for a version of the data.
    """
    key = (id(site), site.digest, iri)
    found = _counted.get(key) if site.digest else None
    if found is None:
        rows = site.rows(_PAGES.format(iri=iri))
        pages = [(row["page"], int(row["n"])) for row in rows if "page" in row]
        found = _counted[key] = sorted(pages, key=_by_number)
        while len(_counted) > _KEPT:
            _counted.popitem(last=False)
    return found


def look_at_claims(site: Site, claims: Iterable[str]) -> View:
    """Some claims with all they need to be read, by two questions to the engine."""
    text = _OF_CLAIMS.format(claims=" ".join(f"<{iri}>" for iri in claims))
    triples = list(site.triples(text))
    return View([*triples, *told(site, triples, ())], site.names)


def told(
    site: Site, triples: Iterable[ox.Quad | ox.Triple], dated: Iterable[str]
) -> Iterable[ox.Quad]:
    """The names of everything mentioned, and the dates that claims give the events in `dated`."""
    return site.triples(
        _NAMES.format(
            named=" ".join(f"<{i}>" for i in sorted(_mentioned(triples, site.names))),
            dated=" ".join(f"<{i}>" for i in sorted(dated)),
            property=_PROPERTY,
        )
    )


_NO_LINKS = frozenset(
    node.value
    for node in (
        con.about,
        con.object,
        con.answers,
        con.statedIn,
        con.cites,
        con.attribution,
        con.relativeTo,
        con.population,
        con.unitCounted,
    )
)


def _pointing(triples: Iterable[ox.Quad | ox.Triple], iri: str) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for t in triples:
        if (
            isinstance(t.object, ox.NamedNode)
            and t.object.value == iri
            and isinstance(t.subject, ox.NamedNode)
            and t.predicate.value not in _NO_LINKS
        ):
            found.setdefault(t.predicate.value, set()).add(t.subject.value)
    return {p: sorted(found[p]) for p in sorted(found)}


def _mentioned(triples: Iterable[ox.Quad | ox.Triple], names: Names) -> set[str]:
    """Every IRI among the triples that has a name to look up."""
    found = set()
    for t in triples:
        for node in (t.subject, t.predicate, t.object):
            if isinstance(node, ox.NamedNode):
                found.add(node.value)
    return {i for i in found if not i.startswith(names.thing("claim/"))}


def _by_number(item: tuple[str, int]) -> tuple[int, str]:
    digits = item[0].partition("-")[0]
    return (int(digits) if digits.isdecimal() else 1 << 30, item[0])
