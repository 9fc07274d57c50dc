"""The named graphs of the dataset, each with what it holds in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext

from kg.web.naming import named
from kg.web.records import Label
from kg.web.site import Site
from kg.web.view import View

__all__ = ["Graph", "graphs"]

_HOLDS = {
    # the name of a graph behind …/graph/: what it holds
    "entities": lazy_gettext("people, groups, places, events and works by their names; no history"),
    "ontology": lazy_gettext("the model: its classes, properties and lists"),
    "derived/date-bounds": lazy_gettext("the first and the last day that each date allows"),
    "derived/disagreements": lazy_gettext("how each two answers to a question stand to each other"),
    "derived/locators": lazy_gettext("the page and the notes of each claim, as texts"),
    "derived/lines": lazy_gettext("the independent lines of support behind each answer"),
    "derived/plain": lazy_gettext("each claim as one plain triple, for tools that know no claims"),
}


@dataclass(frozen=True)
class Graph:
    """One named graph: its name behind …/graph/, its triples, and what it holds."""

    iri: str
    name: str
    count: int
    holds: str
    """In words of the reader; empty where nobody has said."""
    work: Label | None = None
    """The work that was read for it."""

    @property
    def derived(self) -> bool:
        """Whether it was computed, and is seen only by its name."""
        return self.name.startswith("derived/")


def graphs(site: Site) -> list[Graph]:
    """All graphs with their counts, those that were authored first."""
    root = site.names.graph("")
    counts = {iri: n for iri, n in site.state().get("counts", {}).items() if iri}
    works = {
        iri: site.names.thing(iri.removeprefix(f"{root}source/"))
        for iri in counts
        if iri.startswith(f"{root}source/")
    }
    view = View({}, site.names, named(site, works.values())) if works else None
    found = []
    for iri, count in counts.items():
        name = iri.removeprefix(root)
        holds, work = str(_HOLDS.get(name, "")), None
        if iri in works and view is not None:
            label = view.label(works[iri])
            work = label if label.text else None
            holds = gettext("what was read in this work: its claims, voices and citations")
        elif name.startswith("derived/") and not holds:
            holds = gettext("what a rule has computed")
        found.append(Graph(iri, name, count, holds, work))
    return sorted(found, key=lambda graph: (graph.derived, graph.name))
