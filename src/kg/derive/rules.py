"""What follows from the claims by a stated rule, as quads in graphs of their own.

Five rules: ``date-bounds`` (earliest and latest day of each dated claim and question),
``disagreements`` (the kind of each pair of rival claims), ``lines`` (the independent lines of
support behind each question), ``locators`` (page and notes of each claim, as texts) and ``plain``
(the direct properties, for plain questions, each traceable to its claims). None of it is ever mixed
with what was authored; running it again gives the same quads. Each graph says of itself by which
rule and version it was made, and from which version of the dataset.

Each statement belongs to one question (a date bound, a disagreement, a line, a locator), to two
related ones (figures that are not comparable) or to one property of one thing (a plain triple):
`kg.derive.again` asks for those of a few.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.dates import bounds
from kg.errors import DateError
from kg.figures import ABOUT
from kg.lineage import Lineage
from kg.model import Claim, Facts
from kg.names import CONTESTED, Names, con, dcterms, edtf, prov, rdf, rdfs, xsd
from kg.rivals import Pair, Rivals

__all__ = [
    "DIFFERS_IN",
    "RULES",
    "VERSIONS",
    "derive",
    "derive_from",
    "derive_quads",
    "heads",
    "is_derived",
    "statements",
]

VERSIONS = {"date-bounds": "1", "disagreements": "3", "lines": "1", "locators": "1", "plain": "1"}
"""The version of each rule: raised whenever it can answer otherwise."""

RULES = tuple(VERSIONS)
DIFFERS_IN = {
    "unit": con.unitCounted,
    "population": con.population,
    "count mode": con.countMode,
    "time": con.during,
    "property": con.property,
    "thing": con.about,
}
"""The property of two related questions that each difference is found in."""

_PLAIN_POLICY = "not-doubted,happened-only"

Place = Callable[[str], str | None]


def derive(dataset: Dataset) -> Iterator[ox.Quad]:
    """The quads of all derived graphs of a dataset, with default policy and width of ``about``.

    Raises DateError or FigureError for a claim that no rule can read (``kg check`` names them all).
    """
    return derive_quads(
        dataset.quads(),
        dataset.names,
        dataset.digest,
        lambda iri: dataset.place(ox.NamedNode(iri)),
    )


def derive_quads(
    quads: Iterable[ox.Quad], names: Names, digest: str, place: Place | None = None
) -> Iterator[ox.Quad]:
    """The quads of all derived graphs of some authored quads, such as those of a store.

    Quads that stand in derived graphs are passed over. `digest` is the version of the authored
    quads (`kg.dataset.digest_of`), which each graph names; `place` says where a thing is stated.
    Raises like `derive`.
    """
    facts = Facts(quad for quad in quads if not is_derived(quad, names))
    for rule, triples in statements(facts, Rivals(facts), names, place=place).items():
        graph = ox.NamedNode(names.graph(f"derived/{rule}"))
        yield from _in(graph, triples)
        yield from _in(graph, _made(graph, rule, names, digest))


def derive_from(
    facts: Facts, names: Names, rules: AbstractSet[str], place: Place | None = None
) -> Iterator[ox.Quad]:
    """The quads of the graphs of some rules, without what each graph says of itself.

    Raises like `derive`.
    """
    if not rules:
        return
    for rule, triples in statements(facts, Rivals(facts), names, place=place).items():
        if rule in rules:
            yield from _in(ox.NamedNode(names.graph(f"derived/{rule}")), triples)


def heads(names: Names, digest: str) -> Iterator[ox.Quad]:
    """What the derived graphs say of themselves."""
    for rule in RULES:
        graph = ox.NamedNode(names.graph(f"derived/{rule}"))
        yield from _in(graph, _made(graph, rule, names, digest))


def is_derived(quad: ox.Quad, names: Names) -> bool:
    """Whether a quad stands in a derived graph."""
    graph = quad.graph_name
    return isinstance(graph, ox.NamedNode) and graph.value.startswith(names.graph("derived/"))


def statements(
    facts: Facts,
    rivals: Rivals,
    names: Names,
    *,
    questions: AbstractSet[str] | None = None,
    plain: tuple[Iterable[Claim], AbstractSet[tuple[str, str]]] | None = None,
    place: Place | None = None,
) -> dict[str, Iterator[ox.Triple]]:
    """The triples of each rule, made as they are asked for, in the order of RULES.

    With `questions` those that belong to one of these (`rivals` then needs to know them and their
    related ones alone); with `plain` those that belong to a thing and property among its second
    part, found in the claims of its first.
    """
    claims = [c for c in rivals.claims if questions is None or c.question in questions]
    asked = [q for q in rivals.questions if questions is None or q in questions]
    answers = rivals.by_question(claims)
    on_things, pairs = plain or (rivals.claims, None)
    return {
        "date-bounds": _date_bounds(facts, claims, asked, place or _unplaced),
        "disagreements": _disagreements(rivals, answers, questions, names),
        "lines": _lines(answers, Lineage(facts, claims), names),
        "locators": _locators(claims),
        "plain": _plain(facts, on_things, pairs, names),
    }


def _unplaced(iri: str) -> str | None:
    return f"<{iri}>"


def _in(graph: ox.NamedNode, triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    return (ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def _made(graph: ox.NamedNode, rule: str, names: Names, digest: str) -> Iterator[ox.Triple]:
    """How a derived graph came about: the rule, its version, and the dataset it was made from."""
    version = VERSIONS[rule]
    made = ox.NamedNode(f"{names.root}derived/rule/{rule}/{version}")
    source = ox.NamedNode(f"{names.root}derived/from/{digest}")
    yield ox.Triple(graph, rdf["type"], prov.Entity)
    yield ox.Triple(graph, prov.wasGeneratedBy, made)
    yield ox.Triple(graph, prov.wasDerivedFrom, source)
    yield ox.Triple(graph, con.ruleVersion, ox.Literal(version))
    if rule == "disagreements":
        yield ox.Triple(
            graph, con.aboutShare, ox.Literal(f"{float(ABOUT):g}", datatype=xsd.decimal)
        )
    policy = _PLAIN_POLICY if rule == "plain" else "all"
    yield ox.Triple(graph, con.policy, ox.Literal(policy))
    yield ox.Triple(made, rdf["type"], prov.Activity)
    yield ox.Triple(made, rdfs.label, ox.Literal(f"rule {rule}, version {version}", language="en"))
    yield ox.Triple(made, prov.used, source)
    yield ox.Triple(source, rdf["type"], prov.Entity)
    yield ox.Triple(source, dcterms.identifier, ox.Literal(digest))


def _date_bounds(
    facts: Facts, claims: Iterable[Claim], questions: Iterable[str], place: Place
) -> Iterator[ox.Triple]:
    """con:earliest and con:latest on whatever carries a date; an open end gets none."""
    dated = [(claim.iri, claim.date or claim.during) for claim in claims]
    dated += [(q, facts.value(q, con.during)) for q in questions]
    for iri, text in dated:
        if text is None:
            continue
        try:
            found = bounds(text)
        except DateError as error:
            raise DateError(error.message, where=place(iri), hint=error.hint) from None
        for name, day in (("earliest", found.earliest), ("latest", found.latest)):
            if day is not None:
                literal = ox.Literal(day.isoformat(), datatype=xsd.date)
                yield ox.Triple(ox.NamedNode(iri), con[name], literal)


def _disagreements(
    rivals: Rivals,
    answers: Mapping[str, list[Claim]],
    questions: AbstractSet[str] | None,
    names: Names,
) -> Iterator[ox.Triple]:
    """One con:Disagreement for each pair of claims that answer one question, or related ones."""
    for claims in answers.values():
        for pair in rivals.pairs(claims):
            yield from _disagreement(pair, names)
    everyone = answers if questions is None else rivals.by_question()
    for question, others in sorted(rivals.related.items()):
        for other in others:
            wanted = questions is None or question in questions or other in questions
            if question < other and wanted:
                for pair in rivals.across(everyone.get(question, ()), everyone.get(other, ())):
                    yield from _disagreement(pair, names)


def _disagreement(pair: Pair, names: Names) -> Iterator[ox.Triple]:
    node = _derived(names, "disagreements", pair.a.iri, pair.b.iri)
    concept = ox.NamedNode(f"{CONTESTED}vocab/disagreement/{pair.kind}")
    against = ox.Literal("true" if pair.set_against else "false", datatype=xsd.boolean)
    yield ox.Triple(node, rdf["type"], con.Disagreement)
    for question in sorted({pair.a.question, pair.b.question}):
        yield ox.Triple(node, con.underQuestion, ox.NamedNode(question))
    for claim, place in ((pair.a, con.firstClaim), (pair.b, con.secondClaim)):
        yield ox.Triple(node, con.betweenClaim, ox.NamedNode(claim.iri))
        yield ox.Triple(node, place, ox.NamedNode(claim.iri))
    yield ox.Triple(node, con.disagreementKind, concept)
    yield ox.Triple(node, con.setAgainstByAuthor, against)
    if pair.a.modality:  # that of both
        modality = ox.NamedNode(f"{CONTESTED}vocab/modality/{pair.a.modality}")
        yield ox.Triple(node, con.disagreementModality, modality)
    for name in pair.differs:
        yield ox.Triple(node, con.differsIn, DIFFERS_IN[name])
    if pair.differs:
        listed = sorted(DIFFERS_IN[name].value.partition("#")[2] for name in pair.differs)
        yield ox.Triple(node, con.differences, ox.Literal(", ".join(listed)))


def _lines(
    answers: Mapping[str, list[Claim]], lineage: Lineage, names: Names
) -> Iterator[ox.Triple]:
    """One con:SupportLine for each work or record behind a question, with the claims it carries."""
    for question, claims in answers.items():
        for end, carried in lineage.support(claims).lines.items():
            line = _derived(names, "lines", question, end)
            yield ox.Triple(line, rdf["type"], con.SupportLine)
            yield ox.Triple(line, con.supportsAnswerTo, ox.NamedNode(question))
            yield ox.Triple(line, con.leadsTo, ox.NamedNode(end))
            for iri in carried:
                yield ox.Triple(line, con.carriesClaim, ox.NamedNode(iri))


def _locators(claims: Iterable[Claim]) -> Iterator[ox.Triple]:
    """Where each claim stands, as texts that a table of pairs takes over as they are: to gather the
    notes of two claims of each pair costs a question more than all else that it asks.
    """
    for claim in claims:
        node = ox.NamedNode(claim.iri)
        yield ox.Triple(node, con.pageOrSection, ox.Literal(claim.page or ""))
        yield ox.Triple(node, con.noteList, ox.Literal(", ".join(map(str, claim.notes))))


def _plain(
    facts: Facts,
    claims: Iterable[Claim],
    pairs: AbstractSet[tuple[str, str]] | None,
    names: Names,
) -> Iterator[ox.Triple]:
    """Direct properties, without doubted, rejected and modal claims; each as a reified statement
    too, with the claims that it was derived from.
    """
    grounds: dict[tuple[str, str, ox.NamedNode | ox.Literal], list[str]] = defaultdict(list)
    for claim in claims:
        if claim.modality or claim.stance in ("doubts", "rejects"):
            continue
        value: ox.NamedNode | ox.Literal
        if claim.object:
            value = ox.NamedNode(claim.object)
        elif claim.date:
            value = ox.Literal(claim.date, datatype=edtf.EDTF)
        else:
            continue
        about = facts.thing(claim.question, con.about)
        concept = facts.thing(claim.question, con.property)
        direct = facts.thing(concept, con.directProperty) if concept else None
        if about and direct and (pairs is None or (about, direct) in pairs):
            grounds[about, direct, value].append(claim.iri)
    for (about, direct, value), iris in sorted(
        grounds.items(), key=lambda item: (item[0][0], item[0][1], str(item[0][2]))
    ):
        subject, predicate = ox.NamedNode(about), ox.NamedNode(direct)
        statement = _derived(names, "plain", about, direct, str(value))
        yield ox.Triple(subject, predicate, value)
        yield ox.Triple(statement, rdf["type"], rdf.Statement)
        yield ox.Triple(statement, rdf.subject, subject)
        yield ox.Triple(statement, rdf.predicate, predicate)
        yield ox.Triple(statement, rdf.object, value)
        for iri in sorted(iris):
            yield ox.Triple(statement, prov.wasDerivedFrom, ox.NamedNode(iri))


def _derived(names: Names, rule: str, *parts: str) -> ox.NamedNode:
    """An IRI for something derived: the same inputs give the same IRI. No claim is named so."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
    return ox.NamedNode(f"{names.root}derived/{rule}/{digest}")
