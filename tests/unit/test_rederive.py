"""Derived graphs after a change: what is made anew is what deriving everything would give."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import dataset as datasets
from kg.dataset import Dataset
from kg.derive import VERSIONS, affected, derive, derive_quads, is_derived, rederive
from kg.derive.again import _BACK, _READ
from kg.errors import KgError
from kg.names import Names, con, dcterms, prov, rdf, rdfs, skos
from kg.rivals import Rivals

ROOT = Path(__file__).resolve().parents[2]
ARTICLE, INVENTED = datasets.load(ROOT), datasets.load(ROOT / "tests" / "invented")


START, THEN = "0" * 64, "1" * 64  # versions


def authored(dataset: Dataset) -> list[ox.Quad]:
    """The quads of a dataset as a store gives them; of the ontology those that rules read."""
    read = {con.valueLimit, con.directProperty, skos.broader}
    store = ox.Store()
    store.bulk_extend(dataset.authored())
    store.bulk_extend(q for q in dataset.quads() if q.predicate in read)
    return list(store)


AUTHORED = {d.path: authored(d) for d in (ARTICLE, INVENTED)}


def held(dataset: Dataset) -> ox.Store:
    """The authored quads of a dataset and its derived graphs."""
    store = ox.Store()
    store.bulk_extend(AUTHORED[dataset.path])
    store.bulk_extend(derive_quads(AUTHORED[dataset.path], dataset.names, START))
    return store


HELD = {d.path: held(d) for d in (ARTICLE, INVENTED)}


def derived(store: ox.Store, names: Names) -> list[str]:
    return lines(quad for quad in store if is_derived(quad, names))


def lines(quads: Iterable[ox.Quad]) -> list[str]:
    return sorted({str(quad) for quad in quads})


def edit(dataset: Dataset, removed: list[ox.Quad], added: list[ox.Quad]) -> None:
    """Change the authored quads, then the derived ones; both ways must end in the same bytes.

    The store comes back as it was.
    """
    store, names = HELD[dataset.path], dataset.names
    gone = [quad for quad in dict.fromkeys(removed) if quad in store]
    new = [quad for quad in dict.fromkeys(added) if quad not in store or quad in gone]
    quads = [*(q for q in AUTHORED[dataset.path] if q not in set(gone)), *new]
    for quad in gone:
        store.remove(quad)
    store.extend(new)
    try:
        try:
            expected = lines(derive_quads(quads, names, THEN))
        except KgError as error:
            with pytest.raises(type(error)):
                rederive(store, [*gone, *new], names, before=START, after=THEN)
            return
        change = rederive(store, [*gone, *new], names, before=START, after=THEN)
        assert all(is_derived(quad, names) for quad in change.removed | change.added)
        assert all(quad in store for quad in change.removed)
        assert not any(quad in store for quad in change.added)
        change.apply(store)
        assert derived(store, names) == expected
        for quad in change.added:
            store.remove(quad)
        store.extend(change.removed)
    finally:
        for quad in new:
            store.remove(quad)
        store.extend(gone)


# --- Each property in turn

PREDICATES = sorted({q.predicate.value for q in INVENTED.quads()})


@pytest.mark.parametrize("name", PREDICATES)
def test_a_statement_of_each_property_goes_or_becomes_another(name: str) -> None:
    """The first few statements of each property, ontology and entities too."""
    said = [q for q in INVENTED.authored() if q.predicate.value == name]
    random = Random(name)
    for quad in random.sample(said, min(4, len(said))):
        other = random.choice(said).object
        edit(INVENTED, [quad], [])
        edit(INVENTED, [quad], [ox.Quad(quad.subject, quad.predicate, other, quad.graph_name)])


def of(prefixed: str) -> ox.NamedNode:
    return ox.NamedNode(INVENTED.names.expand(prefixed) or "")


def stated(subject: str, predicate: ox.NamedNode) -> list[ox.Quad]:
    found = [q for q in INVENTED.quads() if q.subject == of(subject) and q.predicate == predicate]
    assert found, f"{subject} has no {predicate}"
    return found


HERE = ox.NamedNode(INVENTED.names.graph("source/trostnikov-1998"))
CHANGES = [
    # What is not read by any rule.
    ("eq:1", con.wording, ox.Literal("others", language="en"), set()),
    ("q:reed-band--strength", rdfs.label, ox.Literal("How strong?", language="en"), set()),
    # A claim, and one that moves from question to question.
    ("eq:1", con.point, ox.Literal(500), {"q:battle-of-tushkel--killed--soldiers"}),
    ("eq:1", prov.wasInvalidatedBy, of("id:review"), {"q:battle-of-tushkel--killed--soldiers"}),
    ("eq:1", con.answers, of("q:reed-band--strength"),
     {"q:battle-of-tushkel--killed--soldiers", "q:reed-band--strength"}),
    # What claims reach.
    ("eqcite:n9", con.work, of("id:trostnikov-1998"),
     {"q:nurkh-camp--died-in-captivity--prisoners", "q:1st-heron-regiment--strength--kazhvar",
      "q:kazhvar-force--strength", "q:lantern-battery--strength--kazhvar",
      "q:nurkh-camp--prisoners-held--on-a-day"}),
    ("id:by-camp-talk", con.speaksIn, of("id:trostnikov-1998"),
     {"q:battle-of-tushkel--wounded--soldiers"}),
    ("q:reed-band--strength", con.during, ox.Literal("1731"), {"q:reed-band--strength"}),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "predicate", "value", "expected"), CHANGES)
def test_a_change_touches_these_questions_and_no_others(
    subject: str, predicate: ox.NamedNode, value: ox.NamedNode, expected: set[str]
) -> None:
    old = [q for q in INVENTED.quads() if q.subject == of(subject) and q.predicate == predicate]
    new = ox.Quad(of(subject), predicate, value, HERE)
    store = ox.Store()
    store.bulk_extend(q for q in INVENTED.quads() if q not in old)
    store.add(new)
    found = affected(store, [*old, new], INVENTED.names)
    assert {INVENTED.names.compact(iri) for iri in found} == expected
    edit(INVENTED, old, [new])


def test_a_list_or_a_place_touches_all_that_reach_it() -> None:
    concept = next(q for q in INVENTED.quads() if q.predicate == con.valueLimit)
    asking = {q.subject.value for q in INVENTED.quads() if q.predicate == con.property
              and q.object == concept.subject}  # fmt: skip
    assert affected(HELD[INVENTED.path], [concept], INVENTED.names) == asking
    within = next(q for q in INVENTED.authored() if q.predicate == dcterms.isPartOf)
    claims = {q.subject for q in INVENTED.quads() if q.predicate == con.object
              and q.object == within.subject}  # fmt: skip
    answered = {q.object.value for q in INVENTED.quads() if q.predicate == con.answers
                and q.subject in claims}  # fmt: skip
    assert answered <= affected(HELD[INVENTED.path], [within], INVENTED.names)


# --- Any changes


@st.composite
def edits(draw: st.DrawFn, dataset: Dataset) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Some quads that go, and some that come: what one thing says, said of another or with
    another's value, of a claim more often than of anything else.
    """
    random = draw(st.randoms(use_true_random=False))
    quads = QUADS[dataset.path]
    removed, added = [], []
    for _ in range(draw(st.integers(1, 3))):
        quad, other = random.choice(quads), random.choice(quads)
        same = random.choice(BY_PREDICATE[dataset.path][quad.predicate])
        how = random.randrange(4)
        if how != 1:
            removed.append(quad)
        if how == 1:
            added.append(ox.Quad(other.subject, quad.predicate, quad.object, quad.graph_name))
        if how == 2:
            added.append(ox.Quad(quad.subject, quad.predicate, same.object, other.graph_name))
        if how == 3:
            removed += [q for q in quads if q.subject == quad.subject]
    return removed, added


def read(dataset: Dataset) -> list[ox.Quad]:
    return [q for q in AUTHORED[dataset.path] if q.predicate in _READ]


QUADS = {d.path: read(d) for d in (ARTICLE, INVENTED)}
BY_PREDICATE: dict[Path, dict[ox.NamedNode, list[ox.Quad]]] = {path: {} for path in QUADS}
for path, quads in QUADS.items():
    for each in quads:
        BY_PREDICATE[path].setdefault(each.predicate, []).append(each)


@settings(max_examples=150)
@given(edits(INVENTED))
def test_any_change_of_the_invented_dataset(change: tuple[list[ox.Quad], list[ox.Quad]]) -> None:
    edit(INVENTED, *change)


@settings(max_examples=4)
@given(edits(ARTICLE))
def test_any_change_of_the_article(change: tuple[list[ox.Quad], list[ox.Quad]]) -> None:
    edit(ARTICLE, *change)


def test_changes_one_after_the_other() -> None:
    """Nothing is derived as a whole, and all ends as if it were; the way back ends at the start."""
    store, names, random = held(INVENTED), INVENTED.names, Random(7)
    figures = (con.comparator, con.point, con.low, con.high)
    start, steps = lines(store), []
    for _ in range(60):
        quad = random.choice(QUADS[INVENTED.path])
        same = random.choice(BY_PREDICATE[INVENTED.path][quad.predicate]).object
        new = ox.Quad(quad.subject, quad.predicate, same, quad.graph_name)
        if quad.predicate not in figures and quad in store and new not in store:
            steps.append((quad, new))
            step(store, names, quad, new, len(steps))
    assert len(steps) > 20
    end = f"{len(steps):064}"
    assert derived(store, names) == lines(derive_quads(store, names, end))
    for n, (gone, come) in reversed(list(enumerate(steps, 1))):
        step(store, names, come, gone, n, back=True)
    assert lines(store) == start


def step(
    store: ox.Store, names: Names, gone: ox.Quad, come: ox.Quad, n: int, *, back: bool = False
) -> None:
    store.remove(gone)
    store.add(come)
    before, after = (n, n - 1) if back else (n - 1, n)
    rederive(store, [gone, come], names, before=f"{before:064}", after=f"{after:064}").apply(store)


# --- What it costs, and when it is not to be trusted


def test_only_what_changed_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    kind = Rivals.kind
    monkeypatch.setattr(Rivals, "kind", lambda self, a, b: compared.append(a) or kind(self, a, b))
    store = HELD[ARTICLE.path]
    claim = next(q.subject for q in ARTICLE.authored() if q.predicate == con.comparator)
    quad = next(q for q in ARTICLE.authored() if (q.subject, q.predicate) == (claim, con.stance))
    change = rederive(store, [quad], ARTICLE.names, before=START, after=START)
    assert not change.added
    assert not change.removed  # the stance is still there
    few = len(compared)
    list(derive(ARTICLE))
    assert few <= 2
    assert len(compared) > 100


def test_a_change_of_words_changes_what_the_graphs_say_of_themselves_alone() -> None:
    quad = next(q for q in INVENTED.authored() if q.predicate == con.wording)
    store = HELD[INVENTED.path]
    change = rederive(store, [quad], INVENTED.names, before=START, after=THEN)
    assert len(change.added) == len(change.removed) == 4 * len(VERSIONS)
    assert {q.predicate for q in change.added} == {
        prov.wasDerivedFrom, prov.used, rdf["type"], dcterms.identifier,
    }  # fmt: skip


@pytest.mark.parametrize("broken", ["other version", "other rule", "nothing held"])
def test_graphs_of_another_version_or_rule_are_made_anew(broken: str) -> None:
    store, names = held(INVENTED), INVENTED.names
    graph = ox.NamedNode(names.graph("derived/lines"))
    stale = ox.Quad(of("eq:1"), con.carriesClaim, of("eq:2"), graph)
    store.add(stale)
    before = START
    if broken == "other version":
        before = "2" * 64
    elif broken == "other rule":
        store.remove(next(store.quads_for_pattern(graph, con.ruleVersion, None, graph)))
        store.add(ox.Quad(graph, con.ruleVersion, ox.Literal("0"), graph))
    else:
        for quad in [q for q in store if is_derived(q, names)]:
            store.remove(quad)
    rederive(store, [], names, before=before, after=THEN).apply(store)
    assert derived(store, names) == lines(derive_quads(AUTHORED[INVENTED.path], names, THEN))


def test_quads_are_derived_from_as_datasets_are() -> None:
    everything = [*INVENTED.quads(), *derive(INVENTED)]  # the derived ones are passed over
    found = derive_quads(everything, INVENTED.names, INVENTED.digest)
    assert [str(q) for q in found] == [str(q) for q in derive(INVENTED)]


def test_the_ways_back_are_read() -> None:
    assert set(_BACK) <= _READ
