"""The front page: what this is, the questions most disputed with their charts, and the doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from kg import describe
from kg.explain import told
from kg.figures import ABOUT
from kg.names import CONTESTED
from kg.web import languages, tables
from kg.web.chart import symbol
from kg.web.drawing import Drawn, Pen
from kg.web.gathering import gather, kept
from kg.web.question import sentences
from kg.web.records import Value
from kg.web.site import Site

__all__ = ["add_to"]

SHOWN = 5
_SAID = ("counts", "stands", "set-against", "contradicts", "spans", "width")
_ROWS = 8  # marks of a chart on this page; the page of the question shows all

# By the derived graphs alone: nothing is compared to find out which questions to show. Figures come
# before what has a place on a calendar or a map, and this before ranks and descriptions. A plan
# against a plan is no disagreement about what happened: both claims of such a pair have a modality.
_DISPUTED = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX disagreement: <https://w3id.org/contested/vocab/disagreement/>
PREFIX value-kind: <https://w3id.org/contested/vocab/value-kind/>
SELECT ?question (COUNT(DISTINCT ?line) AS ?lines) WHERE {{
  {{ SELECT ?question (COUNT(DISTINCT ?pair) AS ?pairs) (MIN(?figure) AS ?lowest)
       (MAX(?figure) AS ?highest) WHERE {{
    GRAPH <{disagreements}> {{ ?pair con:disagreementKind disagreement:disjoint ;
      con:underQuestion ?question ; con:betweenClaim ?claim }}
    FILTER NOT EXISTS {{ ?claim con:modality ?modality }}
    OPTIONAL {{ ?claim con:point|con:low|con:high ?figure }}
  }} GROUP BY ?question }}
  OPTIONAL {{ ?question con:property ?property OPTIONAL {{ ?property con:valueKind ?kind }} }}
  OPTIONAL {{ GRAPH <{lines}> {{ ?line con:supportsAnswerTo ?question }} }}
  BIND(IF(COALESCE(?kind = value-kind:number, false), 0,
    IF(COALESCE(?kind IN (value-kind:concept, value-kind:text), true), 2, 1)) AS ?rank)
}} GROUP BY ?question ?pairs ?lowest ?highest ?rank
ORDER BY ?rank DESC(?lines) DESC(IF(?lowest > 0, ?highest / ?lowest, ?highest)) DESC(?pairs)
  ?question LIMIT {most}"""

_PLANS = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX disagreement: <https://w3id.org/contested/vocab/disagreement/>
SELECT ?pair WHERE {{ GRAPH <{disagreements}> {{ ?pair con:disagreementKind disagreement:disjoint ;
  con:disagreementModality ?modality }} }} LIMIT 1"""


@dataclass(frozen=True)
class Disputed:
    """A question on the front page: how its claims stand in words, and their chart."""

    question: Value
    says: str
    chart: Drawn


def add_to(routes: Blueprint, site: Site) -> None:
    """The route of the front page."""

    @routes.get("/")
    def home() -> str:
        entries, label = disputed(site)
        graph = site.names.graph("derived/disagreements")
        worked_out = graph in site.state().get("counts", {})
        return render_template(
            "home.html",
            disputed=entries,
            example=_example(entries),
            worked_out=worked_out,
            plans=not entries and bool(site.rows(_PLANS.format(disagreements=graph))),
            symbol=symbol,
            side_label=label,
            doors=tables.doors(site),
            neutrality=describe.NEUTRALITY,
        )


def _example(entries: Sequence[Disputed]) -> str:
    """A question to ask for, wholly in the reader's language: an attribute can't say of a part of
    it that it is in another. Empty where there is none.
    """
    labels = (entry.question.label for entry in entries)
    mine = languages.current()
    return next((n.text for n in labels if n.language == mine and not n.parts), "")


def disputed(site: Site) -> tuple[list[Disputed], Any]:
    """Questions with claims of what happened that exclude each other: those for figures first, then
    those with more independent lines behind them, then those whose figures lie further apart. With
    them a function that names a side.
    """
    names = site.names
    query = _DISPUTED.format(
        disagreements=names.graph("derived/disagreements"),
        lines=names.graph("derived/lines"),
        most=SHOWN,
    )
    questions = [row["question"] for row in site.rows(query) if "question" in row]
    if not questions:
        return [], None
    gathered = gather(site, questions)
    chosen = gathered.chosen("all", ABOUT)
    language = languages.current()
    pen = Pen(chosen, language, lambda claim: site.url(site.page_of(claim) or ""))
    found = []
    for number, iri in enumerate(questions):
        if iri not in chosen.rivals.questions:
            continue
        dispute = chosen.dispute(iri)
        claims = kept(dispute)[:_ROWS]
        said = told(chosen, iri, names, language=language, pairs=len(claims) < _ROWS)
        name = gathered.view.label(iri)
        drawn = pen.draw(dispute, claims, sentences(said), name=name.text, ident=f"chart-{number}")
        if drawn is not None:
            stands = [s.text for s in said.sentences if s.kind in _SAID]
            found.append(Disputed(gathered.view.thing(iri), " ".join(stands), drawn))

    def label(side: str) -> Any:
        return gathered.view.label(f"{CONTESTED}vocab/side/{side}")

    return found, label
