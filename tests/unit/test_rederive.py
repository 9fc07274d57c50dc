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
from kg.derive import VERSIONS, Change, affected, again, derive, derive_quads, is_derived, rederive
from kg.derive.again import _READ
from kg.errors import KgError
from kg.names import Names, con, dcterms, prov, rdf, rdfs, skos
from kg.rivals import Rivals

ROOT = Path(__file__).resolve().parents[2]
ARTICLE, INVENTED = datasets.load(ROOT), datasets.load(ROOT / "tests" / "invented")


START, THEN = "0" * 64, "1" * 64  # versions


def authored(dataset: Dataset) -> list[ox.Quad]:
    """The quads of a dataset as a store gives them; of the ontology those that rules read."""
    read = {con.valueLimit, con.excludesOnlyItsOwn, con.directProperty, skos.broader}
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
        found = derived(store, names)
        Change(change.added, change.removed).apply(store)
        assert found == expected
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


# --- Every property that a rule reads, where it matters

SMALL = """
@prefix con: <https://w3id.org/contested/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix limit: <https://w3id.org/contested/vocab/value-limit/> .
@prefix is: <https://w3id.org/contested/vocab/comparator/> .
@prefix : <https://example.org/invented/> .
:where con:valueLimit limit:single ; con:directProperty :lies-at .
:whence con:valueLimit limit:many ; con:directProperty :came-from .
:strength con:valueLimit limit:many .
:town dcterms:isPartOf :district . :district skos:broader :county .
:county skos:broader :land .
:place a con:Question ; con:about :battle ; con:property :where .
:sides a con:Question ; con:about :battle ; con:property :whence .
:force a con:Question ; con:about :battle ; con:property :strength ; con:unitCounted :men ;
    con:population :all ; con:countMode :dead ; con:during "1731" ; con:relatedQuestion :army .
:army a con:Question ; con:about :war ; con:property :strength ; con:unitCounted :horses ;
    con:population :some ; con:countMode :lost .
:p1 a con:Claim ; con:answers :place ; con:statedIn :w1 ; con:object :town ; con:stance :endorses .
:p2 a con:Claim ; con:answers :place ; con:statedIn :w2 ; con:object :land ; con:cites :n1 .
:p3 a con:Claim ; con:answers :place ; con:statedIn :w2 ; con:date "1731-04" .
:p4 a con:Claim ; con:answers :place ; con:statedIn :w1 ; con:noValue :none .
:p5 a con:Claim ; con:answers :place ; con:statedIn :w1 ; con:text "here"@en .
:s1 a con:Claim ; con:answers :sides ; con:statedIn :w1 ; con:object :guild ; con:onSide :left ;
    con:role :attacker .
:s2 a con:Claim ; con:answers :sides ; con:statedIn :w1 ; con:object :guild ; con:onSide :left ;
    con:role :attacker ; con:attribution :voice .
:n1 a con:Citation ; con:work :w3 ; con:resolution :full .
:voice a con:Attribution ; con:conveyedBy :other . :other a con:Attribution ; con:speaksIn :w4 .
:f1 a con:Claim ; con:answers :force ; con:statedIn :w1 ; con:comparator is:exactly ; con:point 7 .
:f2 a con:Claim ; con:answers :force ; con:statedIn :w1 ; con:comparator is:between ; con:low 5 ;
    con:high 9 ; con:laterThan :a1 ; con:holdsDuring "1731-02" ; con:contrastedWith :f1 .
:f3 a con:Claim ; con:answers :force ; con:statedIn :w1 ; con:comparator is:exactly ; con:point 7 .
:f4 a con:Claim ; con:answers :force ; con:statedIn :w1 ; con:comparator is:between ; con:low 5 ;
    con:high 9 .
:a1 a con:Claim ; con:answers :army ; con:statedIn :w1 ; con:comparator is:exactly ; con:point 7 ;
    con:laterThan :f1 .
"""
OTHERWISE = [
    "isPartOf :town :district -> :isle", "broader :district :county -> :isle",
    "broader :county :land -> :isle",
    "excludesOnlyItsOwn :county -> true",
    "valueLimit :where limit:single -> limit:many", "directProperty :where :lies-at -> :is-in",
    "about :place :battle -> :war", "property :place :where -> :whence",
    "unitCounted :force :men -> :horses", "population :force :all -> :some",
    "countMode :force :dead -> :lost", "during :force '1731' -> '1732'",
    "relatedQuestion :force :army -> :place", "answers :p1 :place -> :sides",
    "statedIn :p1 :w1 -> :w2", "object :p1 :town -> :isle", "cites :p2 :n1 -> :n2",
    "stance :p1 :endorses -> <urn:stance/doubts>", "date :p3 '1731-04' -> '1731-05'",
    "noValue :p4 :none -> :some", "text :p5 'here'@en -> ", "onSide :s1 :left -> :right",
    "role :s1 :attacker -> :victim", "attribution :s2 :voice -> ", "work :n1 :w3 -> :w1",
    "resolution :n1 :full -> <urn:resolution/dangling>", "conveyedBy :voice :other -> ",
    "speaksIn :other :w4 -> :w5", "comparator :f3 is:exactly -> is:atLeast",
    "point :f3 7 -> 70", "low :f4 5 -> 8", "high :f4 9 -> 6", "laterThan :f2 :a1 -> ",
    "laterThan :a1 :f1 -> ", "holdsDuring :f2 '1731-02' -> '1731-03'",
    "contrastedWith :f2 :f1 -> ", "modality :f1 -> <urn:modality/planned>",
    "wasInvalidatedBy :f1 -> :review", "type :f1 con:Claim -> ",
    "page :f1 -> '12'", "section :f1 -> 'abstract'", "note :f1 -> 3",
]  # fmt: skip


def small(change: str = "") -> tuple[list[ox.Quad], list[ox.Quad], list[ox.Quad]]:
    """The quads of the small world, those that a line of OTHERWISE takes away, those it adds."""
    graph = ox.NamedNode(INVENTED.names.graph("entities"))
    prefixes = SMALL[: SMALL.index(":where")]

    def read(text: str) -> list[ox.Quad]:
        parsed = ox.parse((prefixes + text).encode(), format=ox.RdfFormat.TURTLE)
        return [ox.Quad(q.subject, q.predicate, q.object, graph) for q in parsed]

    everything = read(SMALL[len(prefixes) :])
    if not change:
        return everything, [], []
    name, subject, rest = change.split(" ", 2)
    predicate = next(q for q in _READ if q.value.endswith((f"#{name}", f"/{name}")))
    old, new = (part.strip() for part in f" {rest}".split(" ->"))
    gone, come = ([q for v in [value] if v for q in read(f"{subject} {predicate} {v} .")]
                  for value in (old, new))  # fmt: skip
    assert set(gone) <= set(everything)
    return everything, gone, come


def both_ways(change: str) -> bool:
    """Whether what is made anew is the whole, for one line of OTHERWISE."""
    quads, gone, come = small(change)
    names = INVENTED.names
    after = [*(q for q in quads if q not in gone), *come]
    whole = lines(derive_quads(after, names, START))
    assert whole != lines(derive_quads(quads, names, START)), "the change does not matter"
    store = ox.Store()
    store.bulk_extend([*after, *derive_quads(quads, names, START)])
    rederive(store, [*gone, *come], names, before=START, after=START).apply(store)
    return derived(store, names) == whole


@pytest.mark.parametrize("change", OTHERWISE)
def test_a_change_that_matters_is_seen(change: str) -> None:
    assert both_ways(change)


@pytest.mark.parametrize("name", ["_READ", "_BACK"])
def test_no_property_is_listed_in_vain(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any one of them, some change would not be seen."""
    listed = getattr(again, name)
    for predicate in listed:
        monkeypatch.setattr(again, name, type(listed)(p for p in listed if p != predicate))
        of_its_own_first = sorted(OTHERWISE, key=lambda c: c.split()[0] not in predicate.value)
        assert not all(map(both_ways, of_its_own_first)), f"nobody would miss {predicate}"
        monkeypatch.undo()
