"""The rooms agree: on worlds made up at random, what `kg disputes` computes, what derived graphs
hold and what stored queries answer are the same, in any order of the quads and after any change.

The worlds hold what a careful dataset does not: figures of nothing, of eighteen digits and below
nothing, open ends, seasons, rings of voices and of places, plans that somebody rejects, claims that
come after themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from time import thread_time

import pyoxigraph as ox
import pytest

from kg.catalogue import Catalogue
from kg.derive import derive_quads, is_derived, rederive
from kg.disputes import Chosen, apart
from kg.engine import Engine, Request
from kg.errors import FigureError
from kg.figures import COMPARATORS, STRENGTH
from kg.model import Facts
from kg.names import CONTESTED, Names, con, dcterms, edtf, prov, rdf, rico, skos, xsd
from kg.policies import Policy, envelope

ROOT = "https://example.org/random/"
NAMES = Names(root=ROOT)
CATALOGUE = Catalogue.read(Path(__file__).resolve().parents[2] / "queries")
SEEDS = range(12)
START, THEN = "0" * 64, "1" * 64
NUMBERS = ("-3", "0", "1", "9", "10", "11", "1000000000000000000", "0.5", "9.5", "10.0")
TIMES = (
    "1920", "1920-05", "1920/1921", "../1920", "1921/..", "[1920..1921]", "1921-22", "1920~",
    "1920-05-11", "/1920", "1921/",
)  # fmt: skip
PROPERTIES = {
    "strength": "single", "force": "single", "place": "single-at-a-time", "participant": "many",
    "date": "single", "dates": "many",
}  # fmt: skip
SIDES = ("soviet", "ottoman")
COMPOSED = ("archival-only", "not-doubted", "side:soviet", "without-side:ottoman", "happened-only")
Term = ox.NamedNode | ox.Literal


def named(path: str) -> ox.NamedNode:
    return ox.NamedNode(ROOT + path)


def listed(path: str) -> ox.NamedNode:
    return ox.NamedNode(f"{CONTESTED}vocab/{path}")


def number(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=xsd.decimal if "." in text else xsd.integer)


def date(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=edtf.EDTF)


@cache
def world(seed: int) -> list[ox.Quad]:
    graph = named("graph/source/s")
    return [ox.Quad(s, p, o, graph) for s, p, o in said(Random(seed))]


def said(random: Random) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    places, works, voices = ([named(f"id/{k}{n}") for n in range(4)] for k in "pwv")
    for place in places:
        if random.random() < 0.5:
            yield place, dcterms.isPartOf, random.choice(places)
    questions = []
    for name, limit in PROPERTIES.items():
        concept, question = named(f"vocab/property/{name}"), named(f"id/question/{name}")
        questions.append(question)
        yield concept, rdf["type"], skos.Concept
        yield concept, con.valueLimit, listed(f"value-limit/{limit}")
        yield question, rdf["type"], con.Question
        yield question, con.about, named("id/event")
        yield question, con.property, concept
    yield questions[0], con.relatedQuestion, questions[1]
    for work, voice in zip(works, voices, strict=True):
        yield work, rdf["type"], random.choice([rico.Record, con.Work])
        yield voice, rdf["type"], con.Attribution
        yield voice, con.side, listed(f"side/{random.choice(SIDES)}")
        if random.random() < 0.5:
            yield work, con.side, listed(f"side/{random.choice(SIDES)}")
            yield voice, con.conveyedBy, random.choice(voices)
        if random.random() < 0.5:
            yield voice, con.speaksIn, random.choice(works)
    claims = [named(f"id/claim/s/{n}") for n in range(random.randrange(4, 16))]
    for claim in claims:
        question = random.randrange(len(questions))
        yield claim, rdf["type"], con.Claim
        yield claim, con.answers, questions[question]
        yield from ((claim, p, o) for p, o in answer(random, question, places))
        yield from ((claim, p, o) for p, o in standing(random, works, voices, claims))
        for n in range(random.randrange(3)):
            citation = named(f"id/citation/{claim.value.rpartition('/')[2]}-{n}")
            how = random.choice(("full", "resolved", "dangling", "presumed"))
            yield claim, con.cites, citation
            yield citation, rdf["type"], con.Citation
            yield citation, con.work, random.choice(works)
            yield citation, con.resolution, listed(f"resolution/{how}")


def answer(
    random: Random, question: int, places: list[ox.NamedNode]
) -> Iterator[tuple[ox.NamedNode, Term]]:
    if random.random() < 0.1:
        yield con.noValue, listed(f"absence/{random.choice(('none', 'no-others'))}")
    elif question < 2:
        comparator = random.choice(COMPARATORS)
        yield con.comparator, listed(f"comparator/{comparator}")
        if comparator == "between":
            low, high = sorted(random.choices(NUMBERS, k=2), key=float)
            yield con.low, number(low)
            yield con.high, number(high)
        else:
            yield con.point, number(random.choice(NUMBERS))
    elif question < 4:
        yield con.object, random.choice(places)
        if question == 3:
            yield con.onSide, listed(f"side/{random.choice(SIDES)}")
    else:
        yield con.date, date(random.choice(TIMES))


def standing(
    random: Random,
    works: list[ox.NamedNode],
    voices: list[ox.NamedNode],
    claims: list[ox.NamedNode],
) -> Iterator[tuple[ox.NamedNode, Term]]:
    stance = random.choice(("endorses", "reports", "doubts", "rejects"))
    yield con.statedIn, random.choice(works)
    yield con.stance, listed(f"stance/{stance}")
    yield random.choice((con.page, con.section)), ox.Literal(str(random.randrange(3)))
    for note in random.sample(range(12), random.randrange(3)):
        yield con.note, ox.Literal(note)
    for share, predicate, value in (
        (0.6, con.holdsDuring, date(random.choice(TIMES))),
        (0.3, con.modality, listed(f"modality/{random.choice(('planned', 'ordered'))}")),
        (0.2, con.certainty, listed("certainty/unconfirmed")),
        (0.6, con.attribution, random.choice(voices)),
        (0.2, con.laterThan, random.choice(claims)),
        (0.3, con.contrastedWith, random.choice(claims)),
        (0.05, prov.wasInvalidatedBy, named("id/review")),
    ):
        if random.random() < share:
            yield predicate, value


def asked(quads: list[ox.Quad]) -> Engine:
    store = ox.Store()
    store.extend(quads)
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    store.extend(derive_quads(quads, NAMES, START))
    return Engine(store, NAMES)


def rows(engine: Engine, name: str, **arguments: str) -> list[dict[str, str]]:
    text = CATALOGUE.get(name).fill(arguments, NAMES)
    found = json.loads(engine.answer(Request(text)).body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def last(iri: str | None) -> str:
    return (iri or "").rpartition("/")[2]


def lines(quads: Iterator[ox.Quad]) -> list[str]:
    return sorted(map(str, quads))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_register_and_the_query_of_one_question_agree(seed: int) -> None:
    """Pairs with kind, modality and place, and the kind of the whole, which no pairing found."""
    chosen, engine = Chosen(Facts(world(seed))), asked(world(seed))
    claims = {claim.iri: claim for claim in chosen.rivals.claims}
    for iri in chosen.rivals.questions:
        dispute = chosen.dispute(iri)
        found = rows(engine, "disagreement/of-one-question", question=iri)
        pairs = [*dispute.pairs, *dispute.across]
        assert sorted(
            (p.a.iri, p.b.iri, p.kind, p.a.modality or "", str(p.set_against).lower())
            for p in pairs
        ) == sorted(
            (r["first"], r["second"], last(r["kind"]), last(r.get("modality")), r["setAgainst"])
            for r in found
        )
        for row, place in ((r, p) for r in found for p in ("first", "second")):
            claim = claims[row[place]]
            notes = ", ".join(map(str, claim.notes))
            assert row[f"{place}Question"] == claim.question
            assert (row[f"{place}Page"], row[f"{place}Note"]) == (claim.page, notes)
        kinds = {p.kind for p in pairs if not p.a.modality}
        assert dispute.kind == next((kind for kind in STRENGTH if kind in kinds), None)


@pytest.mark.parametrize("seed", SEEDS)
def test_policies_and_queries_leave_the_same_envelope(seed: int) -> None:
    chosen, engine = Chosen(Facts(world(seed))), asked(world(seed))
    sided = {"side:soviet", "without-side:soviet"}
    for name in (*sided, "all", "archival-only", "full-citation-only", "one-voice-per-line"):
        policy, _, side = name.partition(":")
        arguments = {"side": listed(f"side/{side}").value} if side else {}
        query = "disagreement/effect-of-sides" if side else "disagreement/effect-of-policies"
        found = {
            (row["question"], last(row.get("modality"))): row
            for row in rows(engine, query, policy=policy, **arguments)
        }
        for iri, claims in chosen.rivals.by_question().items():
            left = apart(Policy.parse(name).apply(claims, chosen.lineage).survivors)
            for modality, those in apart(c for c in claims if c.figure).items():
                if len(those) < 2:
                    continue
                row = found.pop((iri, modality))
                figures = [c for c in left.get(modality, []) if c.figure]
                held = envelope(figures)
                ends = (held.low, held.high) if figures else (None, None)
                assert int(row["figures"]) == len(figures)
                assert tuple(float(row[e]) if e in row else None for e in ("low", "high")) == tuple(
                    None if end is None else float(end) for end in ends
                )
        assert not found


@pytest.mark.parametrize("seed", SEEDS)
def test_policies_that_look_at_one_claim_apply_in_either_order(seed: int) -> None:
    chosen = Chosen(Facts(world(seed)))
    for claims in chosen.rivals.by_question().values():
        for one in COMPOSED:
            alone = {c.iri for c in Policy.parse(one).apply(claims, chosen.lineage).survivors}
            for other in COMPOSED:
                both = Policy.parse(f"{one},{other}").apply(claims, chosen.lineage)
                turned = Policy.parse(f"{other},{one}").apply(claims, chosen.lineage)
                assert both.survivors == turned.survivors
                assert {c.iri for c in both.survivors} <= alone


@pytest.mark.parametrize("seed", SEEDS)
def test_derived_graphs_hang_on_no_order_and_no_way_that_led_to_them(seed: int) -> None:
    """The quads of one world turned into the quads of the next, by updates and at once."""
    quads, after = world(seed), world(seed + 1)
    shuffled = Random(seed).sample(quads, len(quads))
    first = list(derive_quads(quads, NAMES, START))
    assert lines(derive_quads(shuffled, NAMES, START)) == lines(iter(first))
    store = ox.Store()
    store.extend([*quads, *first])
    gone, new = set(quads) - set(after), set(after) - set(quads)
    for quad in gone:
        store.remove(quad)
    store.extend(new)
    rederive(store, [*gone, *new], NAMES, before=START, after=THEN).apply(store)
    held = lines(quad for quad in store if is_derived(quad, NAMES))
    assert held == sorted(set(lines(derive_quads(after, NAMES, THEN))))


@pytest.mark.parametrize("text", ["1E999999999", "1E-999999999", "9" * 301, "0." + "0" * 300 + "1"])
def test_a_figure_of_too_many_digits_is_refused(text: str) -> None:
    """A short text can stand for a number that fills the memory."""
    claim = named("id/claim/s/0")
    told = {
        rdf["type"]: con.Claim,
        con.answers: named("id/question/strength"),
        con.comparator: listed("comparator/exactly"),
        con.point: ox.Literal(text, datatype=xsd.double),
    }
    facts = Facts(ox.Quad(claim, p, o, named("graph/source/s")) for p, o in told.items())
    with pytest.raises(FigureError, match="at most 300 digits") as raised:
        facts.claims()
    assert raised.value.where == f"<{claim.value}>"


def test_the_disputes_of_one_question_do_not_wait_for_others() -> None:
    """Two hundred questions beside it may not make a question much dearer: a join that no pair
    narrows looks at every claim there is.
    """
    quads = world(0)

    def others(number: int) -> list[ox.Quad]:
        texts = "\n".join(str(quad) + " ." for quad in quads).replace(ROOT, f"{ROOT}{number}/")
        return list(ox.parse(texts.encode(), format=ox.RdfFormat.N_QUADS))

    question = named("id/question/strength").value
    text = CATALOGUE.get("disagreement/of-one-question").fill({"question": question}, NAMES)

    def seconds(engine: Engine) -> float:
        times = []
        for _ in range(15):
            start = thread_time()
            engine.answer(Request(text))
            times.append(thread_time() - start)
        return min(times)

    alone = asked(quads)
    crowded = asked([*quads, *(quad for n in range(200) for quad in others(n))])
    assert rows(crowded, "disagreement/of-one-question", question=question) == rows(
        alone, "disagreement/of-one-question", question=question
    )
    assert seconds(crowded) < 5 * seconds(alone)
