"""The names of everything that a page mentions, by one question for those not known yet.

Pages name the same properties, sides, people and works again and again: names are kept for a
version of the data, so that a page asks only for those that none before it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.names import con, rdfs
from kg.web import languages
from kg.web.records import Label, Record
from kg.web.site import Site
from kg.web.times import DATED, DATES, rules_in

__all__ = ["mentioned", "named"]

_NAMES = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX prov: <http://www.w3.org/ns/prov#>
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ VALUES ?s {{ {named} }} ?s ?p ?o
    FILTER(?p IN (rdfs:label, skos:prefLabel, dcterms:title, skos:broader, geo:asWKT,
      dcterms:source, con:coordinatePrecision, con:about, con:property, con:population,
      con:countMode, con:during)) }}
  UNION {{ VALUES ?thing {{ {dated} }} VALUES ?dating {{ {dates} }}
{pattern}
    BIND(?thing AS ?s) BIND(?dating AS ?p) BIND(?told AS ?o) }}
  UNION {{ VALUES ?thing {{ {dated} }} VALUES ?dating {{ {dates} }}
    ?question con:about ?thing ; con:property ?dating .
    ?claim con:answers ?question ; con:dateRule ?s .
    ?s ?p ?o FILTER(?p IN (rdfs:label, skos:prefLabel)) }}
}}"""

_SPACE = 200  # bytes of a value beside its text, about


def named(site: Site, iris: Iterable[str], dated: Iterable[str] = ()) -> dict[str, Record]:
    """What names each of some IRIs, in all languages, and where it is; of those in `dated` also
    the dates that claims give them, as `kg.web.times.read` reads them. An IRI that nothing names
    has an empty record. For questions that nobody has worded in the reader's language also what
    names that which they are made of, and for dates what names the rules that read them.
    """
    found = _records(site, iris, dated)
    parts = {part for record in found.values() for part in _parts(record)} - found.keys()
    return found | _records(site, parts) if parts else found


def _parts(record: Record) -> list[str]:
    """What a question is made of, where nobody has worded it in the reader's language; the rules
    by which dates were read.
    """
    rules = _rules(record)
    reader = languages.current()
    if con.about.value not in record or any(
        isinstance(label, Label) and label.language == reader
        for label in record.get(rdfs.label.value, ())
    ):
        return rules
    return rules + [
        part
        for predicate in (con.about, con.property, con.population, con.countMode)
        for part in record.get(predicate.value, ())
        if isinstance(part, str)
    ]


def _rules(record: Record) -> list[str]:
    """The rules by which its dates were read."""
    values = [value for name in DATES for value in record.get(name, ())]
    return rules_in(value.text for value in values if isinstance(value, Label))


def _records(site: Site, iris: Iterable[str], dated: Iterable[str] = ()) -> dict[str, Record]:
    version = site.digest
    keys = {("name", iri): iri for iri in iris} | {("date", iri): iri for iri in dated}
    known = site.kept.many(version, keys)
    missing = {key: iri for key, iri in keys.items() if key not in known}
    if missing:
        known |= _asked(site, version, missing)
    found: dict[str, Record] = {}
    for key, iri in keys.items():
        record = known[key]
        found[iri] = {**found[iri], **record} if iri in found else record
    return found


def _asked(
    site: Site, version: str, missing: Mapping[tuple[str, str], str]
) -> dict[object, Record]:
    """The records of what is not known yet, which are kept from now on."""
    lists = {
        kind: " ".join(f"<{iri}>" for of, iri in sorted(missing) if of == kind)
        for kind in ("name", "date")
    }
    dates = " ".join(f"<{name}>" for name in DATES)
    text = _NAMES.format(named=lists["name"], dated=lists["date"], dates=dates, pattern=DATED)
    answered = site.records(text)
    rules = {rule for record in answered.values() for rule in _rules(record)}
    found: dict[object, Record] = {}
    for key, iri in {**missing, **{("name", rule): rule for rule in rules}}.items():
        record = {
            predicate: values
            for predicate, values in answered.get(iri, {}).items()
            if (predicate in DATES) == (key[0] == "date")
        }
        found[key] = record
        size = sum(_SPACE + len(str(value)) for values in record.values() for value in values)
        site.kept.put(version, key, record, _SPACE + size)
    return found


def mentioned(table: Mapping[str, Record]) -> set[str]:
    """Every IRI among some records: those they are of, what they point to, and by what."""
    found = set(table)
    for record in table.values():
        found.update(record)
        for values in record.values():
            found.update(value for value in values if isinstance(value, str))
    return found
