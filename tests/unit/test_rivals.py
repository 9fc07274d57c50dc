"""Kinds of pairs: what must hold of any claims, and that no rule can be changed unseen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest
from expected import table
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import figures, lineage, sums
from kg.dataset import Dataset
from kg.figures import COMPARATORS, STRENGTH, Figure
from kg.model import Claim, Facts, Question
from kg.names import con, dcterms, rdf, rdfs, skos
from kg.rivals import answers as answered
from kg.rivals import pairs as rivals

LISTS = "https://w3id.org/contested/vocab/"
NONE = f"{LISTS}absence/none"


def iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


def world(limit: str) -> Facts:
    """One question about one thing, whose property takes values up to `limit`; a town in a
    district, and a branch of titles.
    """
    triples = [
        (iri("urn:q"), rdf["type"], con.Question),
        (iri("urn:q"), rdfs.label, ox.Literal("How?", language="en")),
        (iri("urn:q"), con.about, iri("urn:thing")),
        (iri("urn:q"), con.property, iri("urn:property")),
        (iri("urn:property"), con.valueLimit, iri(f"{LISTS}value-limit/{limit}")),
        (iri("urn:town"), dcterms.isPartOf, iri("urn:district")),
        (iri("urn:district"), dcterms.isPartOf, iri("urn:land")),
        (iri("urn:pasha"), skos.broader, iri("urn:title")),
        (iri("urn:title"), con.excludesOnlyItsOwn, ox.Literal(value=True)),
    ]
    return Facts(ox.Quad(*triple) for triple in triples)


def claim(number: int, **answer: object) -> Claim:
    empty = Claim(
        iri=f"urn:claim/{number}", question="urn:q", stated_in="urn:work", stance="endorses",
        modality=None, figure=None, object=None, date=None, no_value=None, during=None,
        later_than=(), contrasted_with=(), cites=(), withdrawn=False,
    )  # fmt: skip
    return replace(empty, **answer)


def one(comparator: str, n: int) -> Figure:
    return Figure(comparator, point=Fraction(n))


def kind_of(limit: str, first: dict[str, object], second: dict[str, object]) -> str | None:
    compared = rivals.Rivals(world(limit))
    a, b = claim(1, **first), claim(2, **second)
    found = compared.kind(a, b)
    assert found == compared.kind(b, a)
    assert [p.kind for p in compared.pairs([a, b])] == ([found] if found else [])
    return found


def at(place: str, during: str | None = None) -> dict[str, object]:
    return {"object": f"urn:{place}", "during": during}


def on(side: str | None, role: str | None = None, during: str | None = None) -> dict[str, object]:
    return {"object": "urn:guild", "on_side": side, "role": role, "during": during}


SMALL_CASES = [
    # Two things exclude each other only where the property is limited.
    ("single", at("town"), at("other"), "disjoint"),
    ("single-at-a-time", at("town"), at("other"), "disjoint"),
    ("many", at("town"), at("other"), None),
    ("single", at("town"), at("town"), "same"),
    ("many", at("town"), at("town"), "same"),
    ("single-at-a-time", at("town", "1731"), at("other", "1732"), "successive"),
    ("single-at-a-time", at("town", "1731/1733"), at("other", "1732"), "disjoint"),
    ("single-at-a-time", at("town", "1731-04-01/1731-04-09"), at("other", "1731-04-09/.."),
     "successive"),
    ("single-at-a-time", at("town", "1731-04-09"), at("other", "1731-04-09"), "disjoint"),
    ("single", at("town"), at("district"), "nested"),
    ("single", at("town"), at("land"), "nested"),
    ("many", at("town"), at("district"), None),
    # A branch that excludes only its own: a title is no rival of a rank.
    ("single", at("title"), at("other"), None),
    ("single", at("pasha"), at("other"), None),
    ("single", at("pasha"), at("bey"), None),
    ("single", at("pasha"), at("title"), "nested"),
    ("single", at("pasha"), at("pasha"), "same"),
    ("single", at("pasha", "1731"), at("other", "1732"), None),
    # One agent on two sides of one event.
    ("many", on("a"), on("b"), "disjoint"),
    ("many", on("a"), on("a"), "same"),
    ("many", on("a"), on(None), None),
    ("many", on("a", "supplier"), on("a", "attacker"), None),
    ("many", on("a", None, "1731"), on("b", None, "1732"), "successive"),
    # None excludes any value, other absences do not.
    ("many", {"no_value": NONE}, at("town"), "disjoint"),
    ("many", {"no_value": NONE}, {"text": "some"}, "disjoint"),
    ("single", {"no_value": NONE}, {"date": "1731"}, "disjoint"),
    ("single", {"no_value": NONE}, {"figure": one("exactly", 4)}, "disjoint"),
    ("single", {"no_value": NONE, "during": "1730"}, at("town", "1731"), "successive"),
    ("many", {"no_value": NONE}, {"no_value": NONE}, "same"),
    ("many", {"no_value": f"{LISTS}absence/no-others"}, at("town"), None),
    ("single", {"no_value": f"{LISTS}absence/not-in-the-sources"}, at("town"), None),
    # Dates by their earliest and latest days.
    ("single", {"date": "1731-04-02"}, {"date": "1731-04"}, "nested"),
    ("single", {"date": "1731-04-02"}, {"date": "1731-04-03"}, "disjoint"),
    ("single", {"date": "1731-04"}, {"date": "[1731-04-01..1731-04-30]"}, "same"),
    ("single", {"date": "1731-04/.."}, {"date": "1731-04/.."}, "same"),
    ("single", {"date": "1731-04/.."}, {"date": "1731-05"}, "compatible-bound"),
    ("single", {"date": "1731-04/1731-06"}, {"date": "1731-05/1731-07"}, "overlapping"),
    ("many", {"date": "1731-04-02"}, {"date": "1731-04-03"}, None),
    # What was planned is kept apart from what happened; two plans are rivals.
    ("single", {**at("town"), "modality": "planned"}, at("other"), None),
    ("single", {**at("town"), "modality": "planned"}, {**at("other"), "modality": "planned"},
     "disjoint"),
    ("single", {**at("town"), "modality": "planned"}, {**at("other"), "modality": "ordered"}, None),
    # Words are never computed with; a withdrawn claim takes part in nothing.
    ("single", {"text": "one"}, {"text": "another"}, None),
    ("single", at("town"), {"date": "1731"}, None),
    ("single", {**at("town"), "withdrawn": True}, at("other"), None),
]  # fmt: skip


@pytest.mark.parametrize(("limit", "first", "second", "expected"), SMALL_CASES)
def test_pairs_of_things_dates_and_absences(limit, first, second, expected) -> None:
    assert kind_of(limit, first, second) == expected


def order(first: Claim, second: Claim, third: Claim) -> list[str | None]:
    facts = world("single")
    compared = rivals.Rivals(facts)
    compared._later = {c.iri: c.later_than for c in (first, second, third)}
    return [compared.kind(a, b) for a, b in combinations((first, second, third), 2)]


def growing(*later: tuple[int, ...]) -> list[Claim]:
    return [
        claim(n, figure=one("exactly", 10**n), later_than=tuple(f"urn:claim/{x}" for x in after))
        for n, after in enumerate(later, 1)
    ]


def test_later_than_reaches_through_claims_between() -> None:
    assert order(*growing((), (1,), (2,))) == ["successive"] * 3
    assert order(*growing((), (1,), ())) == ["successive", "disjoint", "disjoint"]


def test_a_ring_of_later_claims_is_survived() -> None:
    assert order(*growing((3,), (1,), (2,))) == ["successive"] * 3


# --- What must hold of any claims

numbers = st.integers(min_value=1, max_value=30)
times = st.sampled_from([None, "1731", "1732", "1731/1732", "1731-06/..", "1732-03-01", "../1731"])


@st.composite
def answers(draw: st.DrawFn) -> dict[str, object]:
    comparator = draw(st.sampled_from(COMPARATORS))
    if comparator == "between":
        low, high = sorted((draw(numbers), draw(numbers)))
        figure = Figure("between", low=Fraction(low), high=Fraction(high))
    else:
        figure = one(comparator, draw(numbers))
    modality = draw(st.sampled_from([None, None, None, "planned"]))
    return {"figure": figure, "during": draw(times), "modality": modality}


@st.composite
def crowds(draw: st.DrawFn) -> list[Claim]:
    found = [claim(n, **a) for n, a in enumerate(draw(st.lists(answers(), max_size=7)), 1)]
    for n in draw(st.sets(st.integers(min_value=2, max_value=7), max_size=2)):
        if n <= len(found):
            found[n - 1] = replace(found[n - 1], later_than=(found[n - 2].iri,))
    return found


def comparing(claims: list[Claim]) -> rivals.Rivals:
    compared = rivals.Rivals(world("single"))
    compared._later = {c.iri: c.later_than for c in claims}
    return compared


@given(answers(), answers())
def test_kind_is_symmetric(first, second) -> None:
    kind_of("single", first, second)  # asks both ways round


@given(answers())
def test_a_claim_repeated_is_the_same_or_of_a_later_time(answer) -> None:
    assert kind_of("single", answer, answer) == "same"


@given(crowds(), st.randoms(use_true_random=False))
def test_pairs_do_not_depend_on_the_order_of_claims(crowd, random) -> None:
    compared = comparing(crowd)
    pairs = list(compared.pairs(crowd))
    shuffled = list(crowd)
    random.shuffle(shuffled)
    assert list(compared.pairs(shuffled)) == pairs
    assert compared.strongest(shuffled) == compared.strongest(crowd)
    assert all(pair.a.iri < pair.b.iri for pair in pairs)
    assert len(pairs) == sum(
        compared.kind(a, b) is not None for a, b in combinations(crowd, 2)
    )  # no pair of which a rule speaks is passed over


@settings(max_examples=300)
@given(crowds())
def test_the_strongest_kind_is_found_without_pairing(crowd) -> None:
    """Sorting and sweeping find what pairing finds, whatever the number of claims."""
    compared = comparing(crowd)
    kinds = {pair.kind for pair in compared.pairs(crowd)}
    expected = next((kind for kind in STRENGTH if kind in kinds), None)
    few = rivals._FEW
    try:
        rivals._FEW = 2
        assert compared.strongest(crowd) == expected
    finally:
        rivals._FEW = few
    assert compared.strongest(crowd) == expected


places = st.sampled_from(
    ["urn:town", "urn:district", "urn:land", "urn:other", "urn:pasha", "urn:title"]
)
on_sides = st.sampled_from([None, "left", "right"])
any_answer = st.one_of(
    answers(),
    st.fixed_dictionaries({"date": st.sampled_from(["1731", "1732", "1731-06", "1731-06/.."])}),
    st.fixed_dictionaries({"object": places, "on_side": on_sides}),
    st.fixed_dictionaries({"no_value": st.sampled_from([NONE, f"{LISTS}absence/no-others"])}),
    st.fixed_dictionaries({"text": st.just("words")}),
    st.fixed_dictionaries({"object": places, "date": st.just("1731")}),  # no good claim
)


@st.composite
def orders(draw: st.DrawFn) -> list[Claim]:
    """Claims of every kind of answer, one after another, in steps, branching or in rings."""
    told = draw(st.lists(any_answer, min_size=2, max_size=9))
    found = [claim(n, **{"during": draw(times), **answer}) for n, answer in enumerate(told)]
    ids = [c.iri for c in found]
    shape = draw(st.sampled_from(["chain", "steps", "any"]))
    steps = [draw(st.integers(min_value=0, max_value=3)) for _ in found]
    later: dict[str, tuple[str, ...]] = {}
    for n, c in enumerate(found):
        if shape == "chain":
            later[c.iri] = tuple(ids[n - 1 : n]) if steps[n] else ()
        elif shape == "steps":
            below = max((s for s in steps if s < steps[n]), default=None)
            later[c.iri] = tuple(i for i, s in zip(ids, steps, strict=True) if s == below)
        else:
            later[c.iri] = tuple(draw(st.sets(st.sampled_from(ids), max_size=2)))
    return [replace(c, later_than=later[c.iri]) for c in found]


@settings(max_examples=400)
@given(orders(), st.sampled_from(["single", "many"]))
def test_sweeps_find_what_pairing_finds(crowd: list[Claim], limit: str) -> None:
    compared = rivals.Rivals(world(limit), claims=crowd)
    pairs = list(compared.pairs(crowd))
    kinds = {pair.kind for pair in pairs}
    expected = next((kind for kind in STRENGTH if kind in kinds), None)
    clashing = [pair for pair in pairs if pair.kind == "disjoint"]
    assert compared.disjoint(crowd) == clashing
    few = rivals._FEW
    try:
        rivals._FEW = 2
        assert compared.strongest(crowd) == expected
        assert compared.disjoint(crowd) == clashing
    finally:
        rivals._FEW = few


@given(st.lists(answers(), max_size=8))
def test_the_strongest_kind_of_figures(given_answers) -> None:
    of = [answer["figure"] for answer in given_answers]
    kinds = {figures.kind(a, b) for a, b in combinations(of, 2)}
    assert figures.strongest(of) == next((kind for kind in STRENGTH if kind in kinds), None)


@pytest.mark.parametrize("timed", [False, True])
def test_a_question_of_many_claims_is_not_paired(timed: bool) -> None:
    """Pairing 20,000 claims would take hours; the strongest kind and the envelope do not."""
    crowd = [
        claim(
            n,
            figure=Figure("between", low=Fraction(1000 - n % 701), high=Fraction(1001 + n % 503)),
            during=f"{1700 + n % 50}/1799" if timed else None,
        )
        for n in range(20_000)
    ]
    compared = rivals.Rivals(world("single"))
    assert compared.strongest(crowd) == "overlapping"
    crowd.append(claim(20_001, figure=one("moreThan", 1503)))
    assert compared.strongest(crowd) == "disjoint"


# --- Changed rules are caught


@pytest.fixture(scope="module")
def facts(invented: Dataset) -> Facts:
    return Facts(invented.quads())


@contextmanager
def mutant(module: ModuleType, old: str, new: str) -> Iterator[ModuleType]:
    """A module with one rule of its text changed, loaded beside the true one."""
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    assert source.count(old) == 1, f"{module.__name__} has {old!r} {source.count(old)} times"
    changed = ModuleType(f"{module.__name__}_changed")
    sys.modules[changed.__name__] = changed
    try:
        exec(compile(source.replace(old, new, 1), "changed", "exec"), changed.__dict__)
        yield changed
    finally:
        del sys.modules[changed.__name__]


def rivals_hold(module: ModuleType, facts: Facts, dataset: Dataset) -> bool:
    compared = module.Rivals(facts)
    named = {dataset.names.compact(c.iri): c for c in facts.claims()}
    for row in table("Pairs of figures"):
        if compared.kind(named[row["a"]], named[row["b"]]) != row["kind"]:
            return False
    for limit, first, second, expected in SMALL_CASES:
        small = module.Rivals(world(limit))
        a, b = claim(1, **first), claim(2, **second)
        found = {p.kind for p in small.pairs([a, b])}
        if small.kind(a, b) != expected or found != ({expected} if expected else set()):
            return False
    small = module.Rivals(world("single"))
    a, _, c = growing((), (1,), (2,))
    small._later = {c.iri: (f"{c.iri[:-1]}2",), f"{c.iri[:-1]}2": (a.iri,)}
    if small.kind(a, c) != "successive":
        return False
    across = [
        (", ".join(p.differs), p.kind)
        for row in table("Pairs across related questions")
        for p in compared.across([named[row["a"]]], [named[row["b"]]])
    ]
    rows = table("Pairs across related questions")
    return across == [(row["differs"], row["kind"]) for row in rows]


def absences_hold(module: ModuleType, facts: Facts, dataset: Dataset) -> bool:
    told = [claim(n, **first) for n, (_, first, _, _) in enumerate(SMALL_CASES)]
    return module.ByValue(told).nothing == [c for c in told if c.no_value == NONE]


def figures_hold(module: ModuleType, facts: Facts, dataset: Dataset) -> bool:
    named = {dataset.names.compact(c.iri): c.figure for c in facts.claims()}
    for row in table("Intervals"):
        found = module.interval(named[row["claim"]])
        ends = [str(float(x)) if x is not None else "unknown" for x in (found.low, found.high)]
        due = [x if x == "unknown" else str(float(x)) for x in (row["low"], row["high"])]
        strict = [found.low is not None and found.low_open, found.high_open]
        if ends != due or strict != [row["low end"] == "open", row["high end"] == "open"]:
            return False
    cases = [
        *((named[r["a"]], named[r["b"]], r["kind"]) for r in table("Pairs of figures")),
        (one("moreThan", 10), one("upTo", 10), "disjoint"),
        (one("atLeast", 10), one("upTo", 10), "compatible-bound"),
        (one("exactly", 10), Figure("between", low=Fraction(10), high=Fraction(10)), "same"),
    ]
    in_time = [case for case in cases if case[2] != "successive"]
    return all(module.kind(a, b) == module.kind(b, a) == due for a, b, due in in_time)


def lineage_holds(module: ModuleType, facts: Facts, dataset: Dataset) -> bool:
    found = module.Lineage(facts)
    named = {dataset.names.compact(c.iri): c for c in facts.claims() if not c.withdrawn}
    for row in table("Independent lines"):
        question = dataset.names.expand(row["question"])
        answering = [c for c in named.values() if c.question == question]
        got = found.support(answering)
        if got.independent != int(row["lines"]) or len(got.broken) != bool(row["broken"]):
            return False
    leaves = found.same_file([named["eq:1"], named["vt:1"], named["eq:11"]])
    return sorted(shared for *_, shared in leaves) == [False, False, True]


def sums_hold(module: ModuleType, facts: Facts, dataset: Dataset) -> bool:
    compared = rivals.Rivals(facts)
    whole = compared.questions[dataset.names.expand("q:kazhvar-force--strength") or ""]
    found = module.sums(whole, compared.by_question())
    shown = [
        (len(s.numbered), len(s.unnumbered), s.parts.low, s.apart.low, s.apart.high, s.at_most,
         dict(s.against).get("https://example.org/invented/id/claim/quillfeather-2001/17"))
        for s in found
    ]  # fmt: skip
    return shown == [
        (2, 1, 1290, 1290, 1290, None, "compatible-bound"),
        (1, 2, 1250, None, 1290, None, "compatible-bound"),
    ]


MUTANTS: list[tuple[ModuleType, Callable[..., bool], str, str]] = [
    (rivals, rivals_hold, "a.modality != b.modality or", ""),
    (rivals, rivals_hold, "or a.withdrawn or b.withdrawn", ""),
    (rivals, rivals_hold, 'LIMITED = ("single", "single-at-a-time")', 'LIMITED = ("single",)'),
    (rivals, rivals_hold, 'LIMITED = ("single", "single-at-a-time")',
     'LIMITED = ("single", "single-at-a-time", "many")'),
    (rivals, rivals_hold, 'a.on_side and b.on_side and a.on_side != b.on_side', "False"),
    (rivals, rivals_hold, 'a.on_side and b.on_side and a.on_side != b.on_side',
     "a.on_side != b.on_side"),
    (rivals, rivals_hold, 'return "disjoint" if against else None', "return None"),
    (answered, absences_hold, 'tail(claim.no_value) == "none"', "bool(claim.no_value)"),
    (rivals, rivals_hold, 'return "nested" if within else "disjoint"', 'return "disjoint"'),
    (rivals, rivals_hold, "and self._successive(a, b)", ""),
    (rivals, rivals_hold, "waiting.extend(self._later.get(here, ()))", "pass"),
    (rivals, rivals_hold, "and cannot_overlap(time(a), time(b))", "and False"),
    (rivals, rivals_hold, "return stand(days(a), days(b)) if limited else None",
     "return stand(days(a), days(b))"),
    (rivals, rivals_hold, '"count mode": lambda q: q.mode', '"count mode": lambda q: q.unit'),
    (rivals, rivals_hold, "q: q.population", "q: None"),
    (rivals, rivals_hold, "q: q.during", "q: None"),
    (rivals, rivals_hold, "yield from product(first, second)\n            for",
     "pass\n            for"),
    (figures, figures_hold, "n + share", "n"),
    (figures, figures_hold, '"nearly": Interval(n - share, n, high_open=True)',
     '"nearly": Interval(n - share, n)'),
    (figures, figures_hold, '"reached": Interval(n, None)', '"reached": Interval(n, n)'),
    (figures, figures_hold, '"atLeast": Interval(n, None)',
     '"atLeast": Interval(n, None, low_open=True)'),
    (figures, figures_hold, '"moreThan": Interval(n, None, low_open=True)',
     '"moreThan": Interval(n, None)'),
    (figures, figures_hold, '"upTo": Interval(None, n)', '"upTo": Interval(Fraction(0), n)'),
    (figures, figures_hold, '"lessThan": Interval(None, n, high_open=True)',
     '"lessThan": Interval(None, n)'),
    (figures, figures_hold, 'if first == second:\n        return "same"', "if False: pass"),
    (figures, figures_hold, "return below.high_open or above.low_open", "return False"),
    (figures, figures_hold, "return below.high_open or above.low_open", "return True"),
    (figures, figures_hold, "return _before(a, b) or _before(b, a)", "return _before(a, b)"),
    (figures, figures_hold, "if a == b:", "if False:"),
    (figures, figures_hold, "if a.holds(b) or b.holds(a):", "if a.holds(b):"),
    (lineage, lineage_holds, 'citation.resolution == "dangling" or not citation.work', "False"),
    (lineage, lineage_holds, "if not here.cites:", "if False:"),
    (lineage, lineage_holds, "ends.add(work)", "ends.add(here.iri)"),
    (lineage, lineage_holds, "set(range(leaves[0], leaves[-1] + 1))", "{leaves[-1]}"),
    (sums, sums_hold, "if iri not in told]", "if False]"),
    (sums, sums_hold, "if iri in told]\n        spans", "if False]\n        spans"),
    (sums, sums_hold, "None if unnumbered else apart.high", "apart.high"),
    (sums, sums_hold, "None if self.unnumbered else self.parts.high", "self.parts.high"),
    (sums, sums_hold, "if len(lows) == len(spans) else None\n    high = sum", "\n    high = sum"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "check"),
    [
        (rivals, rivals_hold),
        (answered, absences_hold),
        (figures, figures_hold),
        (lineage, lineage_holds),
        (sums, sums_hold),
    ],
)
def test_the_true_rules_hold(module, check, facts: Facts, invented: Dataset) -> None:
    assert check(module, facts, invented)
    with mutant(module, "from __future__ import", "from __future__ import") as copied:
        assert check(copied, facts, invented)


@pytest.mark.parametrize(("module", "check", "old", "new"), MUTANTS)
def test_a_changed_rule_is_caught(
    module, check, old: str, new: str, facts: Facts, invented: Dataset
) -> None:
    with mutant(module, old, new) as changed:
        try:
            holds = check(changed, facts, invented)
        except Exception:
            holds = False
    assert not holds, f"nobody would see {old!r} become {new!r}"


def test_questions_know_the_limit_of_their_property() -> None:
    question = world("many").questions()["urn:q"]
    assert isinstance(question, Question)
    assert (question.label, question.limit) == ("How?", "many")
