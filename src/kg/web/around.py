"""The two questions that a page about a thing puts to the engine.

The first chooses the claims that bear on the thing, in the order of the page, and takes them with
their questions, citations and voices; the thing's own record, what else points to it and how many
claims there are come with it. The second, which depends on it, names everything mentioned.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Set
from dataclasses import dataclass

from kg.names import con, crm, skos
from kg.web.naming import mentioned, named
from kg.web.records import Label, Record
from kg.web.site import Site
from kg.web.view import View

__all__ = [
    "GROUPS",
    "LINKS_PER_PAGE",
    "SHOWN",
    "Around",
    "look_around",
    "look_at_claims",
    "names_in",
    "pointing",
]

SHOWN = 50
"""Claims on one page about a thing."""

LINKS_PER_PAGE = 60
"""Links from elsewhere on one page about a thing."""

_COUNT = "urn:x-kg:count"

_PREFIXES = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX oa: <http://www.w3.org/ns/oa#>
"""

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
    table = site.records(text)
    counted = table.get(iri, {}).pop(_COUNT, None)
    about = {i for r in table.values() for i in r.get(con.about.value, ()) if isinstance(i, str)}
    is_source = any(iri in r.get(con.statedIn.value, ()) for r in table.values())
    links = pointing(table, iri, _NO_LINKS)
    view = View(table, site.names, names_in(site, table, about - {iri}))
    found = sum(map(len, links.values()))
    if found > LINKS_PER_PAGE:
        last = list(links)[-1]
        links[last].pop()
        links = {p: s for p, s in links.items() if s}
    return Around(
        view,
        total=int(counted[0].text) if counted and isinstance(counted[0], Label) else 0,
        links=links,
        more_links=found > LINKS_PER_PAGE,
        pages=_claims_by_page(site, iri) if is_source else [],
    )


def _claims_by_page(site: Site, iri: str) -> list[tuple[str, int]]:
    """How many claims were read from each page of a work. Every page of its page has them, so they
    are counted once for a version of the data.
    """
    version, key = site.digest, ("pages of a source", iri)
    found: list[tuple[str, int]] | None = site.kept.get(version, key)
    if found is None:
        rows = site.rows(_PAGES.format(iri=iri))
        pages = [(row["page"], int(row["n"])) for row in rows if "page" in row]
        found = sorted(pages, key=_by_number)
        site.kept.put(version, key, found, 200 * len(found))
    return found


def look_at_claims(site: Site, claims: Iterable[str]) -> View:
    """Some claims with all they need to be read, by two questions to the engine."""
    text = _OF_CLAIMS.format(claims=" ".join(f"<{iri}>" for iri in claims))
    table = site.records(text)
    return View(table, site.names, names_in(site, table))


def names_in(
    site: Site, table: Mapping[str, Record], dated: Iterable[str] = ()
) -> dict[str, Record]:
    """The names of all that some records mention, but for claims: these have none."""
    space = site.names.thing("claim/")
    return named(site, (i for i in mentioned(table) if not i.startswith(space)), dated)


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


def pointing(
    table: Mapping[str, Record], iri: str, without: Container[str] = ()
) -> dict[str, list[str]]:
    """The subjects that point to a thing, by predicate, sorted; without some predicates."""
    found: dict[str, list[str]] = {}
    for subject in sorted(table):
        for predicate, values in table[subject].items():
            if iri in values and predicate not in without:
                found.setdefault(predicate, []).append(subject)
    return dict(sorted(found.items()))


def _by_number(item: tuple[str, int]) -> tuple[int, str]:
    digits = item[0].partition("-")[0]
    return (int(digits) if digits.isdecimal() else 1 << 30, item[0])
