"""Derived graphs after a change: only what the change can reach is made anew.

Whoever holds a dataset and its derived graphs in one store (a server after an update, or anyone
with both as files) gets what to remove and what to add; the result is that of deriving everything.
From each changed statement the way is followed back, along the properties that the rules read, to
the questions whose claims can reach it. The removed statements count as ways too, so what a claim
reached before is not missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import pyoxigraph as ox

from kg.derive.rules import RULES, derive_quads, heads, is_derived, statements
from kg.model import Claim, StoredFacts
from kg.names import Names, con, dcterms, prov, rdf, skos
from kg.rivals import Rivals

__all__ = ["Change", "affected", "rederive"]

_BACK = (
    con.cites, con.attribution, con.object, con.laterThan, con.conveyedBy,
    con.property, dcterms.isPartOf, skos.broader,
)  # fmt: skip
"""From what a claim or question reaches, back to it."""

_READ = {
    *_BACK, con.answers, rdf["type"], prov.wasInvalidatedBy,
    con.comparator, con.point, con.low, con.high, con.date, con.noValue, con.text, con.role,
    con.onSide, con.holdsDuring, con.modality, con.stance, con.statedIn, con.contrastedWith,
    con.about, con.unitCounted, con.population, con.countMode, con.during, con.relatedQuestion,
    con.valueLimit, con.excludesOnlyItsOwn, con.directProperty, con.work, con.resolution,
    con.speaksIn, con.page, con.section, con.note,
}  # fmt: skip
"""The properties on which a derived statement can depend. A label or a wording is none of them."""


@dataclass(frozen=True)
class Change:
    """The quads that leave and enter derived graphs; no quad is in both."""

    removed: frozenset[ox.Quad]
    added: frozenset[ox.Quad]

    def apply(self, store: ox.Store) -> None:
        """Make the change in a store."""
        for quad in self.removed:
            store.remove(quad)
        store.extend(self.added)


def rederive(
    store: ox.Store, changed: Iterable[ox.Quad], names: Names, *, before: str, after: str
) -> Change:
    """What to change in the derived graphs of a store, after its authored quads have changed.

    `store` holds the authored quads as they are now, in named graphs, and the derived graphs as
    they were; it is only read. `changed` are the authored quads that came or went, each of them,
    in any order. `before` and `after` are the digests of the authored quads: graphs that do not
    say that they were made from the version `before`, by the rules as they are now, are made anew
    as a whole. Raises like `derive`.
    """
    changed = [quad for quad in changed if not is_derived(quad, names)]
    held = _Held(store, names)
    new: Iterable[ox.Quad]
    if not all(quad in store for quad in heads(names, before)):
        old = set(held.everything())
        new = derive_quads(_authored(store, names), names, after)
        return _difference(old, new)
    facts = StoredFacts(store, names.graph("derived/"))
    ways = _Ways(facts, changed)
    questions = ways.questions()
    close = questions | {other for q in questions for other in ways.related(q)}
    claims = _linked(facts, facts.claims(ways.claims(close)))
    rivals = Rivals(facts, questions=facts.questions(close), claims=claims)
    pairs = ways.direct(questions)
    plain = facts.claims(ways.claims(ways.about(pairs)))
    found = statements(
        facts,
        rivals,
        names,
        questions=questions,
        plain=([claim for claim in plain if not claim.withdrawn], pairs),
    )
    new = (
        ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(names.graph(f"derived/{rule}")))
        for rule, triples in found.items()
        for t in triples
    )
    told = ways.touched | questions | {c.iri for c in claims if c.question in questions}
    old = {*held.said(told), *held.of_questions(questions), *held.plain(pairs)}
    old |= set(heads(names, before))
    return _difference(old, (*new, *heads(names, after)))


def affected(store: ox.Store, changed: Iterable[ox.Quad], names: Names) -> set[str]:
    """The IRIs of the questions whose derived statements a change can have altered: the store as
    for `rederive`. What answers a question that nothing describes makes it count as one.
    """
    return _Ways(StoredFacts(store, names.graph("derived/")), changed).questions()


def _authored(store: ox.Store, names: Names) -> Iterator[ox.Quad]:
    for quad in store:
        if isinstance(quad.graph_name, ox.NamedNode) and not is_derived(quad, names):
            yield quad


def _difference(old: set[ox.Quad], new: Iterable[ox.Quad]) -> Change:
    made = set(new)
    return Change(frozenset(old - made), frozenset(made - old))


def _linked(facts: StoredFacts, claims: list[Claim]) -> list[Claim]:
    """The claims with those that they come after, link upon link."""
    found = {claim.iri: claim for claim in claims}
    waiting = [iri for claim in claims for iri in claim.later_than]
    while waiting:
        for claim in facts.claims(iri for iri in waiting if iri not in found):
            found[claim.iri] = claim
        waiting = [
            iri
            for earlier in waiting
            if earlier in found
            for iri in found[earlier].later_than
            if iri not in found
        ]
    return [found[iri] for iri in sorted(found)]


class _Ways:
    """What points where, now or before the change."""

    def __init__(self, facts: StoredFacts, changed: Iterable[ox.Quad]) -> None:
        self._facts = facts
        self._to: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._from: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.touched: set[str] = set()  # what a rule may now read otherwise
        for quad in changed:
            if quad.predicate in _READ and isinstance(quad.subject, ox.NamedNode):
                self.touched.add(quad.subject.value)
                if isinstance(quad.object, ox.NamedNode):
                    subject, value, by = quad.subject.value, quad.object.value, quad.predicate.value
                    self._to[by, value].add(subject)
                    self._from[by, subject].add(value)

    def pointing(self, predicate: ox.NamedNode, iri: str) -> set[str]:
        """What points to something, now or before."""
        return self._to[predicate.value, iri].union(self._facts.pointing(predicate, iri))

    def values(self, iri: str, predicate: ox.NamedNode) -> set[str]:
        """What something points to, now or before."""
        return self._from[predicate.value, iri].union(self._facts.values(iri, predicate))

    def questions(self) -> set[str]:
        """The questions from which a way leads to something that was changed."""
        found: set[str] = set()
        waiting = list(self.touched)
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting.extend(self.values(here, con.answers))
                for predicate in _BACK:
                    waiting.extend(self.pointing(predicate, here))
        return {iri for iri in found if self._is_question(iri)}

    def _is_question(self, iri: str) -> bool:
        if con.Question.value in self.values(iri, rdf["type"]):
            return True
        return bool(self.pointing(con.answers, iri))

    def related(self, question: str) -> set[str]:
        """The questions beside one, whichever of the two says so."""
        by = con.relatedQuestion
        return self.values(question, by) | self.pointing(by, question)

    def claims(self, questions: Iterable[str]) -> set[str]:
        """What answers these questions."""
        return {c for q in questions for c in self._facts.pointing(con.answers, q)}

    def direct(self, questions: Iterable[str]) -> set[tuple[str, str]]:
        """The things that some questions are about, with the direct properties they ask for."""
        found: set[tuple[str, str]] = set()
        for question in questions:
            concepts = self.values(question, con.property)
            direct = {d for concept in concepts for d in self.values(concept, con.directProperty)}
            found.update(product(self.values(question, con.about), direct))
        return found

    def about(self, pairs: Iterable[tuple[str, str]]) -> set[str]:
        """The questions about the things of some pairs."""
        things = {about for about, _ in pairs}
        return {q for thing in things for q in self._facts.pointing(con.about, thing)}


class _Held:
    """The derived quads that a store holds, by what they belong to."""

    def __init__(self, store: ox.Store, names: Names) -> None:
        self._store, self._names = store, names
        self._graphs = {rule: ox.NamedNode(names.graph(f"derived/{rule}")) for rule in RULES}

    def everything(self) -> Iterator[ox.Quad]:
        """All of them, also those of rules that we no longer have."""
        return (quad for quad in self._store if is_derived(quad, self._names))

    def said(self, subjects: Iterable[str]) -> Iterator[ox.Quad]:
        """The date bounds and the locators of some claims and questions."""
        for iri, rule in product(subjects, ("date-bounds", "locators")):
            yield from self._of(ox.NamedNode(iri), self._graphs[rule])

    def of_questions(self, questions: Iterable[str]) -> Iterator[ox.Quad]:
        """The disagreements and the lines of support under some questions."""
        belongs = {"disagreements": con.underQuestion, "lines": con.supportsAnswerTo}
        for (rule, predicate), question in product(belongs.items(), questions):
            graph, iri = self._graphs[rule], ox.NamedNode(question)
            for quad in self._store.quads_for_pattern(None, predicate, iri, graph):
                yield from self._of(quad.subject, graph)

    def plain(self, pairs: Iterable[tuple[str, str]]) -> Iterator[ox.Quad]:
        """The plain triples of some things and properties, and the statements that explain them."""
        graph = self._graphs["plain"]
        for about, direct in pairs:
            subject, predicate = ox.NamedNode(about), ox.NamedNode(direct)
            yield from self._store.quads_for_pattern(subject, predicate, None, graph)
            for quad in self._store.quads_for_pattern(None, rdf.subject, subject, graph):
                node = quad.subject
                if ox.Quad(node, rdf.predicate, predicate, graph) in self._store:
                    yield from self._of(node, graph)

    def _of(
        self, subject: ox.NamedNode | ox.BlankNode | ox.Triple, graph: ox.NamedNode
    ) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(subject, None, None, graph)
