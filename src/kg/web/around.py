"""The two questions that a page about a thing puts to the engine.

The first chooses the claims that bear on the thing, in the order of the page, and takes them with
their questions, citations and voices; the thing's own record, what else points to it and how many
claims there are come with it. The second, which depends on it, names everything mentioned.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from kg.names import con
from kg.web import languages
from kg.web.bearing import PREFIXES, bearing_on
from kg.web.naming import mentioned, named
from kg.web.records import Label, Record
from kg.web.site import Site
from kg.web.view import View

__all__ = [
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
_COUNTED = """UNION {{ SELECT (<{iri}> AS ?s) (<urn:x-kg:count> AS ?p)
  (COUNT(DISTINCT ?claim) AS ?o) WHERE {{ {bare} }} }}"""

# Of the claims and what stands behind them everything but what no page about a thing shows.
_TOLD = """{{ ?claim con:answers? ?s }}
    UNION {{ ?claim con:cites ?s }}
    UNION {{ ?claim con:attribution/con:conveyedBy* ?s }}
    ?s ?p ?o
    FILTER(?p NOT IN (rdf:type, con:anchor, con:reviewStatus, con:noteScope, skos:note,
      con:laterThan, con:printed, con:relatedQuestion, con:firstLeaf, con:lastLeaf)
      && (?p != con:translation || LANG(?o) IN ({read})))"""

_CORE = (
    PREFIXES
    + """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }}
  UNION {{
    {chosen}
    {told}
  }}
  UNION {{ SELECT ?s ?p ?o WHERE {{
    VALUES ?o {{ <{iri}> }} ?s ?p ?o
    FILTER(?p NOT IN (con:about, con:object, con:answers, con:statedIn, con:cites, con:attribution,
      con:relativeTo, con:population, con:unitCounted, oa:hasSource, rdf:type, con:betweenClaim,
      con:firstClaim, con:secondClaim))
  }} ORDER BY ?p ?s LIMIT {links_and_one} OFFSET {links_from} }}
  {counted}
}}"""
)

_OF_CLAIMS = (
    PREFIXES
    + """CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  VALUES ?claim {{ {claims} }}
  {told}
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
    pages: Sequence[tuple[str, int]]


def look_around(
    site: Site, iri: str, kinds: Set[str], *, offset: int = 0, links_from: int = 0
) -> Around:
    """Everything that a page about a thing of these classes shows, by two questions to the
    engine; of a work another, which is asked once for a version of the data.
    """
    bearing = bearing_on(site, iri, kinds, offset, SHOWN)
    text = _CORE.format(
        iri=iri,
        chosen=bearing.chosen,
        told=_TOLD.format(read=languages.read()),
        counted=_COUNTED.format(iri=iri, bare=bearing.bare) if bearing.total is None else "",
        links_and_one=LINKS_PER_PAGE + 1,
        links_from=links_from,
    )
    table = site.records(text)
    counted = table.get(iri, {}).pop(_COUNT, None)
    about = {i for r in table.values() for i in r.get(con.about.value, ()) if isinstance(i, str)}
    links = pointing(table, iri, _NO_LINKS)
    view = View(table, site.names, names_in(site, table, about))
    found = sum(map(len, links.values()))
    if found > LINKS_PER_PAGE:
        last = list(links)[-1]
        links[last].pop()
        links = {p: s for p, s in links.items() if s}
    total = bearing.total
    if total is None:
        total = int(counted[0].text) if counted and isinstance(counted[0], Label) else 0
    return Around(
        view,
        total=total,
        links=links,
        more_links=found > LINKS_PER_PAGE,
        pages=bearing.pages,
    )


def look_at_claims(site: Site, claims: Iterable[str]) -> View:
    """Some claims with all they need to be read, by two questions to the engine."""
    listed = " ".join(f"<{iri}>" for iri in claims)
    text = _OF_CLAIMS.format(claims=listed, told=_TOLD.format(read=languages.read()))
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
