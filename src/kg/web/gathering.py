"""What the pages of one question and of its claims need, out of one query.

The triples of one CONSTRUCT are read twice: as `Facts`, from which disputes, lines and sentences
are computed, and as a `View`, which gives labels and rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kg.disputes import Chosen, Dispute
from kg.model import Claim, Facts, natural
from kg.names import con
from kg.web import languages
from kg.web.records import Record, values
from kg.web.site import Site
from kg.web.view import View

__all__ = ["MOST", "Gathered", "gather", "kept", "kinds", "source_graph"]

MOST = 2000
"""Claims that one page looks at, those of related questions included."""

_QUERY = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rico: <https://www.ica.org/standards/RiC/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX void: <http://rdfs.org/ns/void#>
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ SELECT DISTINCT ?s WHERE {{
    {{ VALUES ?thing {{ {things} }} ?thing con:answers? ?s }}
    UNION {{ VALUES ?thing {{ {things} }} ?thing ?s ?any }}
    UNION {{ VALUES ?scheme {{
        <https://w3id.org/contested/vocab/side> <https://w3id.org/contested/vocab/disagreement>
        <https://w3id.org/contested/vocab/modality> }} ?s skos:inScheme ?scheme }}
    UNION {{ ?s void:uriSpace ?space }}
    UNION {{ VALUES ?s {{ {graphs} }} }}
    UNION {{ VALUES ?thing {{ {things} }} ?s dcterms:isReplacedBy ?thing }}
    UNION {{
      {{ SELECT DISTINCT ?q WHERE {{ VALUES ?thing {{ {things} }}
        ?thing con:answers?/(con:relatedQuestion|^con:relatedQuestion|con:hasPart|con:mayContain
          |^con:hasPart|^con:mayContain)? ?q . ?q a con:Question }} }}
      {{ ?q con:property? ?s }} UNION {{ ?q ?any ?s }}
    }}
    UNION {{
      {{ SELECT DISTINCT ?claim WHERE {{ VALUES ?thing {{ {things} }}
        ?thing con:answers?/(con:relatedQuestion|^con:relatedQuestion|con:hasPart
          |con:mayContain)? ?q . ?claim con:answers ?q
      }} ORDER BY STRLEN(STR(?claim)) STR(?claim) LIMIT {most} }}
      {{ ?claim con:answers? ?s }}
      UNION {{ ?claim ?any ?s }}
      UNION {{ ?claim con:cites/con:resolution ?s }}
      UNION {{ ?claim con:object/(dcterms:isPartOf|skos:broader)+ ?s }}
      UNION {{ ?claim con:attribution/con:conveyedBy* ?voice .
        {{ ?voice con:conveyedBy? ?s }} UNION {{ ?voice ?any ?s }} }}
      UNION {{ ?claim (con:cites/con:work|con:statedIn|con:attribution/con:speaksIn) ?work .
        {{ ?work con:work? ?s }}
        UNION {{ ?work (dcterms:creator|dcterms:isPartOf|dcterms:publisher|con:holder|con:side
          |rico:isOrWasIncludedIn) ?s }} }}
    }}
  }} }}
  # By an OPTIONAL the engine looks each thing up; a plain join scans all. What is left out takes a
  # third of the answer and stands on no page of a question or claim.
  OPTIONAL {{ ?s ?p ?o
    FILTER(?p NOT IN (rdfs:isDefinedBy, skos:example, skos:topConceptOf, skos:inScheme,
      skos:scopeNote, skos:notation, con:passageSha256, oa:hasSelector)
      && (?p != skos:definition || STRSTARTS(STR(?s), "https://w3id.org/contested/vocab/review/"))
      && (?p != con:translation || LANG(?o) IN ({read}) || ?s IN ({listed})))
  }}
}}"""


class Read(Mapping[str, Record]):
    """Facts as the records of a view, each made when it is first looked at."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[str, Record] = {}
        self._subjects = dict.fromkeys(facts.subjects())

    def __getitem__(self, subject: str) -> Record:
        found = self._known.get(subject)
        if found is None:
            if subject not in self._subjects:
                raise KeyError(subject)
            found = self._known[subject] = {
                predicate: values(terms) for predicate, terms in self._facts.statements(subject)
            }
        return found

    def get(self, subject: str, default: Any = None) -> Any:  # without an exception: asked often
        return self[subject] if subject in self._subjects else default

    def __contains__(self, subject: object) -> bool:
        return subject in self._subjects

    def __iter__(self) -> Iterator[str]:
        return iter(self._subjects)

    def __len__(self) -> int:
        return len(self._subjects)


@dataclass(frozen=True)
class Gathered:
    """One question with all that its page and those of its claims need.

    `asked` are the things that were asked for, claims or questions.
    """

    site: Site
    asked: tuple[str, ...]
    facts: Facts
    view: View

    @property
    def whole(self) -> bool:
        """Whether these are all claims: a page reads no more than `MOST`, and says so."""
        return len(self.facts.claims()) <= MOST

    def chosen(self, policy: str, about: Fraction) -> Chosen:
        """The claims under a policy. Raises ParameterError for one that does not exist."""
        return Chosen(self.facts, policy=policy, about=about)

    def withdrawn(self, question: str) -> list[Claim]:
        """The claims on a question that were withdrawn."""
        claims = (c for c in self.facts.claims() if c.question == question and c.withdrawn)
        return sorted(claims, key=lambda c: natural(c.iri))


def kept(dispute: Dispute) -> list[Claim]:
    """The claims that a policy leaves, in the order in which pages and sentences number them."""
    return sorted(dispute.claims, key=lambda c: natural(c.iri))


def gather(site: Site, iris: list[str]) -> Gathered:
    """Ask once for all that the pages of some questions or claims need."""
    things = [f"<{iri}>" for iri in iris]
    graphs = " ".join(f"<{graph}>" for iri in iris if (graph := source_graph(site, iri)))
    query = _QUERY.format(
        things=" ".join(things),
        listed=", ".join(things),
        graphs=graphs,
        most=MOST + 1,
        read=languages.read(),
    )
    facts = Facts(site.triples(query))
    return Gathered(site, tuple(iris), facts, View(Read(facts), site.names))


def source_graph(site: Site, claim: str) -> str | None:
    """The graph in which a claim stands, by its id; on it stands who entered it, and when."""
    parts = (site.names.identifier(claim) or "").split("/")
    return site.names.graph(f"source/{parts[1]}") if parts[0] == "claim" and parts[1:] else None


def kinds(gathered: Gathered, iri: str) -> str | None:
    """``question`` or ``claim``, whichever the thing is; None for any other."""
    facts = gathered.facts
    if facts.is_a(iri, con.Claim) and facts.thing(iri, con.answers):
        return "claim"
    return "question" if facts.is_a(iri, con.Question) else None
