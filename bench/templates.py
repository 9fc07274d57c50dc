"""The questions that are measured: each a template with many distinct parameters.

`Template.queries` gives the texts for what the generator made, in a fixed order. A text never
holds LIMIT without a total order, so that every server has one right answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.generate import Made, source_key

__all__ = ["TEMPLATES", "Template"]

_PREFIXES = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX id: <https://example.org/bench/id/>
PREFIX q: <https://example.org/bench/id/question/>
"""
_MANY = 400


@dataclass(frozen=True)
class Template:
    """A kind of question.

    `connections` are those it is measured with, `seconds` how long in each round. `goals` are the
    least ratios to raw: for the engine with few and with many connections, and from the cache.
    """

    name: str
    about: str
    make: Callable[[Made], list[str]]
    connections: tuple[int, ...] = (1, 32)
    seconds: float = 1.0
    graph: bool = False
    goal: dict[tuple[str, int], float] | None = None
    compared: int = 5

    def queries(self, made: Made) -> list[str]:
        """The texts, at most some hundreds, each different."""
        return [_PREFIXES + text for text in self.make(made)]

    @property
    def accept(self) -> str:
        """The media type that is asked for."""
        return "application/n-triples" if self.graph else "application/sparql-results+json"


def _point(made: Made) -> list[str]:
    texts = []
    for number in range(_MANY):
        source = number % made.sources
        claim = number * 7919 % made.claims[source] + 1
        iri = f"<https://example.org/bench/id/claim/{source_key(source)}/{claim}>"
        texts.append(f"SELECT ?p ?o WHERE {{ {iri} ?p ?o }}")
    return list(dict.fromkeys(texts))


def _events(made: Made) -> list[int]:
    return sorted({number * 7919 % made.events for number in range(_MANY)})


def _question(made: Made) -> list[str]:
    return [
        f"""SELECT ?claim ?page ?work WHERE {{
  ?claim con:answers q:event-{event}--strength ; con:page ?page ; con:statedIn ?work . }}"""
        for event in _events(made)
    ]


def _options(made: Made) -> list[str]:
    return [
        f"""SELECT ?claim ?question ?work ?point ?low ?high ?object ?date ?voice ?side WHERE {{
  ?question con:about id:event-{event} . ?claim con:answers ?question ; con:statedIn ?work .
  OPTIONAL {{ ?claim con:point ?point }}
  OPTIONAL {{ ?claim con:low ?low }} OPTIONAL {{ ?claim con:high ?high }}
  OPTIONAL {{ ?claim con:object ?object }} OPTIONAL {{ ?claim con:date ?date }}
  OPTIONAL {{ ?claim con:attribution ?voice OPTIONAL {{ ?voice con:side ?side }} }} }}"""
        for event in _events(made)
    ]


def _natural(made: Made) -> list[str]:
    return [
        f"""SELECT ?a ?x ?b ?y WHERE {{
  ?question con:about id:event-{event} .
  ?a con:answers ?question ; con:statedIn ?one ; con:point ?x .
  ?b con:answers ?question ; con:statedIn ?other ; con:point ?y .
  FILTER(?one != ?other && ?x < ?y) }}"""
        for event in _events(made)
    ]


def _selects(made: Made) -> list[str]:
    return [
        f"""SELECT ?a ?x ?b ?y WHERE {{
  {{ SELECT ?question ?a ?one ?x WHERE {{ ?question con:about id:event-{event} .
       ?a con:answers ?question ; con:statedIn ?one ; con:point ?x }} }}
  {{ SELECT ?question ?b ?other ?y WHERE {{ ?question con:about id:event-{event} .
       ?b con:answers ?question ; con:statedIn ?other ; con:point ?y }} }}
  FILTER(?one != ?other && ?x < ?y) }}"""
        for event in _events(made)
    ]


def _aggregate(made: Made) -> list[str]:
    return [
        f"""SELECT ?work (COUNT(?claim) AS ?claims) (SUM(?point) AS ?sum) (MAX(?point) AS ?most)
WHERE {{ ?claim con:statedIn ?work ; con:point ?point . FILTER(?point >= {floor}) }}
GROUP BY ?work"""
        for floor in range(10, 2010, 20)
    ]


def _order(made: Made) -> list[str]:
    return [
        f"""SELECT ?claim ?point WHERE {{ ?claim con:point ?point . FILTER(?point < {ceiling}) }}
ORDER BY DESC(?point) ?claim LIMIT 20"""
        for ceiling in range(2000, 4000, 20)
    ]


def _rows(made: Made) -> list[str]:
    pairs = (
        ("answers", "page"),
        ("statedIn", "note"),
        ("stance", "reviewStatus"),
        ("page", "note"),
        ("answers", "stance"),
        ("statedIn", "reviewStatus"),
    )
    return [
        f"""SELECT ?claim ?p ?o WHERE {{
  VALUES ?p {{ con:{one} con:{two} }} ?claim a con:Claim ; ?p ?o }}"""
        for one, two in pairs
    ]


def _construct(made: Made) -> list[str]:
    by_size = sorted(range(made.sources), key=lambda n: abs(made.claims[n] - 900))
    return [
        f"CONSTRUCT {{ ?claim ?p ?o }} WHERE {{ ?claim con:statedIn id:{source_key(n)} ; ?p ?o }}"
        for n in by_size[:12]
    ]


TEMPLATES = (
    Template("point lookup", "all that is stated of one claim", _point,
             goal={("engine", 32): 0.5, ("cache", 32): 2.0}),
    Template("claims of a question", "page and work of each answer", _question,
             goal={("engine", 32): 0.5, ("cache", 32): 2.0}),
    Template("list with OPTIONALs", "the claims on an event, values and voices", _options,
             goal={("engine", 1): 1.0, ("engine", 32): 1.0, ("cache", 32): 5.0}),
    Template("conflict, self-join", "pairs of figures on one event", _natural,
             goal={("engine", 1): 1.0, ("engine", 32): 1.0, ("cache", 32): 5.0}),
    Template("conflict, sub-selects", "the same, joined by hand", _selects,
             goal={("engine", 1): 1.0, ("engine", 32): 1.0, ("cache", 32): 5.0}),
    Template("aggregate by source", "count, sum, greatest figure", _aggregate,
             (1, 8), 2.0, goal={("engine", 1): 1.0, ("engine", 8): 1.0, ("cache", 8): 5.0},
             compared=2),
    Template("ORDER BY … LIMIT 20", "the greatest figures below a bound", _order,
             (1, 8), 1.5, goal={("engine", 1): 1.0, ("engine", 8): 1.0, ("cache", 8): 5.0},
             compared=2),
    Template("table of many rows", "two properties of every claim, as JSON", _rows,
             (1, 4), 3.0, goal={("engine", 1): 1.0, ("engine", 4): 1.0, ("cache", 4): 5.0},
             compared=1),
    Template("CONSTRUCT", "all claims of a source, as N-Triples", _construct,
             (1, 8), 1.5, True, {("engine", 1): 1.0, ("engine", 8): 1.0, ("cache", 8): 5.0}, 2),
)  # fmt: skip
