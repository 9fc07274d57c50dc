"""Writes an invented dataset of any size in the terms of the model: same seed, same bytes.

``python bench/generate.py DIR --triples 1000000`` writes DIR/dataset/ (a folder that ``kg serve``
and ``kg check`` take) and DIR/merged.nt (the same triples, merged, for any other store). The world
is built block by block: an event with its units, people and questions, and what several sources
say of it. They agree, hedge and contradict one another as sources do; every name is invented.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.words import Dice, cyrillic, name
from bench.writing import Record, Writer

__all__ = ["ROOT", "Made", "generate"]

ROOT = "https://example.org/bench/"
_CON = "https://w3id.org/contested/"
_VOCAB = (
    "absence certainty comparator modality note-scope outcome property resolution review role side "
    "stance unit"
).split()
PREFIXES = {
    "id": f"{ROOT}id/",
    "q": f"{ROOT}id/question/",
    "con": f"{_CON}ontology#",
    **{part: f"{_CON}vocab/{part}/" for part in _VOCAB},
    "kind": f"{_CON}vocab/attribution-kind/",
    "mode": f"{_CON}vocab/count-mode/",
    "bibo": "http://purl.org/ontology/bibo/",
    "crm": "http://www.cidoc-crm.org/cidoc-crm/",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rico": "https://www.ica.org/standards/RiC/ontology#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
}

_EVENTS = (
    ("con:Uprising", "rising", "ayaklanması", "üsyanı", "восстание"),
    ("con:Attack", "attack", "saldırısı", "hücumu", "нападение"),
    ("con:MilitaryOperation", "operation", "harekâtı", "əməliyyatı", "операция"),
)
_SIDES = ("side:soviet", "side:insurgent", "side:ottoman-or-turkish", "side:british", "side:other")
_ROLES = ("role:fighter", "role:reinforcement", "role:attacker", "role:defender", "role:commander")
_HEDGES = (
    ("comparator:exactly", "{0}"),
    ("comparator:exactly", "{0}"),
    ("comparator:about", "about {0}"),
    ("comparator:moreThan", "more than {0}"),
    ("comparator:atLeast", "at least {0}"),
    ("comparator:upTo", "up to {0}"),
    ("comparator:nearly", "nearly {0}"),
)
_FIGURES = ("strength", "killed", "wounded", "captured")
_ASKS = {
    "strength": "How many took part in {0}?",
    "killed": "How many were killed in {0}?",
    "wounded": "How many were wounded in {0}?",
    "captured": "How many were captured in {0}?",
    "participant": "Who took part in {0}?",
    "leader": "Who led {0}?",
    "place": "Where did {0} take place?",
    "began": "When did {0} begin?",
}


@dataclass(frozen=True)
class Made:
    """What was written: merged triples and how many of each thing the queries ask for."""

    seed: int
    triples: int
    events: int
    claims: list[int]
    works: int
    records: int

    @property
    def sources(self) -> int:
        """The number of sources; source n has `claims[n]` claims, numbered from 1."""
        return len(self.claims)


class _World:
    """The state of one run: the writer, the dice, and how many of each thing there are."""

    def __init__(self, writer: Writer, dice: Dice, sources: int) -> None:
        self.writer = writer
        self.dice = dice
        self.claims = [0] * sources
        self.works = sources * 5
        self.records = sources * 2
        self.places = sources * 6
        self.people = 0
        self.units = 0
        self.names = 0

    def fresh(self) -> str:
        """A name that nothing has yet."""
        self.names += 1
        return name(self.names - 1)


def source_key(number: int) -> str:
    """The key of a source; its work is ``id:<key>``."""
    return f"author-{number + 1}"


def generate(folder: Path, triples: int = 1_000_000, seed: int = 1) -> Made:
    """Write folder/dataset/, folder/merged.nt and folder/made.json, and say what was made.

    The number of merged triples reached is `triples` or a little more (by one event at most).
    """
    dataset = folder / "dataset"
    for part in ("ontology", "queries", "data/entities"):
        (dataset / part).mkdir(parents=True, exist_ok=True)
    sources = min(max(triples // 20_000, 3), 60)
    _write_prefixes(dataset / "ontology" / "prefixes.ttl", sources)
    with Writer(dataset, folder / "merged.nt", PREFIXES) as writer:
        for number in range(sources):
            writer.source(source_key(number), PREFIXES["id"])
        world = _World(writer, Dice(seed), sources)
        _write_ground(world)
        events = 0
        while writer.triples < triples:
            _write_event(world, events)
            events += 1
    made = Made(seed, writer.triples, events, world.claims, world.works, world.records)
    (folder / "made.json").write_text(json.dumps(asdict(made)) + "\n", encoding="utf-8")
    return made


def _write_prefixes(path: Path, sources: int) -> None:
    table = dict(PREFIXES)
    for number in range(sources):
        key = source_key(number)
        table[key] = f"{ROOT}id/claim/{key}/"
        table[f"{key}-c"] = f"{ROOT}id/citation/{key}/"
    lines = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in table.items()]
    about = (
        f'<{ROOT}dataset> a void:Dataset ;\n    rdfs:label "Invented, for measuring"@en ;\n'
        '    dcterms:description "Every name and figure is invented by a program."@en ;\n'
        f'    void:uriSpace "{ROOT}" .'
    )
    path.write_text("\n".join([*lines, "", about, ""]), encoding="utf-8")


def _labels(english: str, turkish: str, azerbaijani: str, russian: str) -> tuple[str, str]:
    return (
        "rdfs:label",
        f'"{english}"@en , "{turkish}"@tr , "{azerbaijani}"@az , "{russian}"@ru',
    )


def _write_ground(world: _World) -> None:
    """What every block refers to: places, works, records, voices, populations."""
    write, dice = world.writer.write, world.dice
    for kind in ("fighters", "dead", "wounded", "captives"):
        write("entities/populations", f"id:{kind}", [
            ("a", "skos:Concept"), ("skos:prefLabel", f'"{kind} of an event"@en'),
        ])  # fmt: skip
    for number in range(world.places):
        called = world.fresh()
        record: Record = [
            ("a", "crm:E53_Place , geo:Feature"),
            _labels(called, called, called, cyrillic(called)),
            ("con:identityNote", '"An invented town."@en'),
            (
                "geo:asWKT",
                f'"POINT({dice.between(44, 50)}.{dice.between(10, 99)} '
                f'{dice.between(38, 41)}.{dice.between(10, 99)})"^^geo:wktLiteral',
            ),
            ("dcterms:source", '"invented"'),
            ("con:coordinatePrecision", '"centre of the town"@en'),
        ]
        if number >= 12:
            record.append(("dcterms:isPartOf", f"id:place-{dice.below(12)}"))
        write("entities/places", f"id:place-{number}", record)
    write("entities/groups", "id:archive", [
        ("a", "crm:E74_Group"), ("rdfs:label", '"The archive"@en'),
        ("con:identityNote", '"The one archive of this invented world."@en'),
    ])  # fmt: skip
    for number in range(world.works):
        _write_work(world, f"id:work-{number}", 1922, 1990)
    for number in range(len(world.claims)):
        _write_work(world, f"id:{source_key(number)}", 1991, 2020)  # they cite the others
    _write_records(world)
    for number in range(len(world.claims)):
        _write_voices(world, source_key(number))


def _write_work(world: _World, subject: str, first: int, last: int) -> None:
    """A work that came out from the year `first` to the year `last`."""
    called = world.fresh()
    _write_person(world, f"id:writer-of-{subject[3:]}")
    world.writer.write("entities/works", subject, [
        ("a", "bibo:Book"),
        ("rdfs:label", f'"{called}, on the war"@en'),
        ("dcterms:title", f'"{called}"@tr'),
        ("dcterms:creator", f"id:writer-of-{subject[3:]}"),
        ("dcterms:issued", f'"{world.dice.between(first, last)}"^^edtf:EDTF'),
        ("con:side", world.dice.of(_SIDES)),
    ])  # fmt: skip


def _write_records(world: _World) -> None:
    write = world.writer.write
    for fonds in range(world.records):
        if fonds % 10 == 0:
            write("entities/works", f"id:fonds-{fonds // 10}", [
                ("a", "rico:RecordSet"), ("rdfs:label", f'"Fonds {fonds // 10}"@en'),
                ("con:holder", "id:archive"), ("con:fonds", f'"{fonds // 10}"'),
            ])  # fmt: skip
        write("entities/works", f"id:record-{fonds}", [
            ("a", "rico:Record"), ("rdfs:label", f'"Fonds {fonds // 10}, file {fonds % 10}"@en'),
            ("rico:isOrWasIncludedIn", f"id:fonds-{fonds // 10}"), ("con:holder", "id:archive"),
            ("con:fonds", f'"{fonds // 10}"'), ("con:inventory", '"1"'),
            ("con:file", f'"{fonds % 10}"'),
        ])  # fmt: skip


def _write_voices(world: _World, key: str) -> None:
    """The attributions of a source: two of its own, in a chain, and some that all sources state."""
    write = world.writer.write
    part = f"sources/{key}/attributions"
    for side in _SIDES:
        write(part, f"id:by-{side[5:]}-sources", [
            ("a", "con:Attribution"), ("rdfs:label", f'"sources: {side[5:]}"@en'),
            ("con:attributionKind", "kind:collective"), ("con:side", side),
        ], shared=True)  # fmt: skip
    _write_person(world, f"id:witness-of-{key}")
    write(part, f"id:by-memoir-of-{key}", [
        ("a", "con:Attribution"), ("rdfs:label", f'"a memoir that {key} reads"@en'),
        ("con:attributionKind", "kind:memoir"), ("con:side", world.dice.of(_SIDES)),
        ("con:speaker", f"id:writer-of-{key}"), ("con:speaksIn", f"id:{key}"),
    ])  # fmt: skip
    write(part, f"id:by-witness-of-{key}", [
        ("a", "con:Attribution"), ("rdfs:label", f'"a witness in {key}"@en'),
        ("con:attributionKind", "kind:witness"), ("con:side", world.dice.of(_SIDES)),
        ("con:speaker", f"id:witness-of-{key}"), ("con:conveyedBy", f"id:by-memoir-of-{key}"),
    ])  # fmt: skip


def _write_person(world: _World, subject: str) -> None:
    called = world.fresh()
    world.writer.write("entities/people", subject, [
        ("a", "crm:E21_Person"),
        _labels(called, f"{called} Bey", f"{called} bəy", cyrillic(called)),
        ("con:identityNote", '"An invented person."@en'),
    ])  # fmt: skip


def _write_event(world: _World, number: int) -> None:
    """One block: the event, two people, three units, the questions, and what the sources say."""
    dice = world.dice
    called = world.fresh()
    kind, english, turkish, azerbaijani, russian = _EVENTS[number % len(_EVENTS)]
    event = f"event-{number}"
    world.writer.write("entities/events", f"id:{event}", [
        ("a", kind),
        _labels(
            f"{called} {english}", f"{called} {turkish}", f"{called} {azerbaijani}",
            f"{russian} ({cyrillic(called)})",
        ),
        ("con:identityNote", '"An invented event."@en'),
    ])  # fmt: skip
    for _ in range(2):
        _write_person(world, f"id:person-{world.people}")
        world.people += 1
    for _ in range(3):
        called = world.fresh()
        world.writer.write("entities/units", f"id:unit-{world.units}", [
            ("a", "con:MilitaryUnit"),
            _labels(f"{called} regiment", f"{called} alayı", f"{called} alayı", cyrillic(called)),
            ("con:identityNote", '"An invented regiment."@en'),
        ])  # fmt: skip
        world.units += 1
    questions = _write_questions(world, event)
    tellers = sorted({dice.early(len(world.claims)) for _ in range(dice.between(3, 8))})
    truth = {figure: dice.between(2, 400) * 10 for figure in _FIGURES}
    year = dice.between(1914, 1924)
    for teller in tellers:
        for question in questions:
            if dice.chance(0.8):
                _write_claim(world, teller, event, question, truth, year)


def _write_questions(world: _World, event: str) -> list[str]:
    asked = [q for q in _ASKS if q in ("participant", "strength") or world.dice.chance(0.75)]
    counted = {"strength": "fighters", "killed": "dead", "wounded": "wounded"}
    for question in asked:
        record: Record = [
            ("a", "con:Question"),
            ("rdfs:label", f'"{_ASKS[question].format(event)}"@en'),
            ("con:about", f"id:{event}"),
            ("con:property", f"property:{question}"),
        ]
        if question in _FIGURES:
            record += [
                ("con:unitCounted", "unit:person"),
                ("con:countMode", "mode:stock" if question == "strength" else "mode:flow"),
                ("con:population", f"id:{counted.get(question, 'captives')}"),
            ]
        world.writer.write("entities/questions", f"q:{event}--{question}", record)
    return asked


def _write_claim(
    world: _World, teller: int, event: str, question: str, truth: dict[str, int], year: int
) -> None:
    dice, key = world.dice, source_key(teller)
    world.claims[teller] += 1
    number = world.claims[teller]
    record: Record = [("a", "con:Claim"), ("con:answers", f"q:{event}--{question}")]
    if question in _FIGURES:
        record += _figure(dice, truth[question])
    elif question == "began":
        day = f"{year}-{dice.between(1, 12):02}-{dice.between(1, 28):02}"
        dated = dice.of((day, day[:7], f"[{year}-01..{year}-06]", f"{year}~"))
        record += [("con:date", f'"{dated}"^^edtf:EDTF'), ("con:wording", f'"in {year}"@en')]
    elif question == "place":
        record += [("con:object", f"id:place-{dice.below(world.places)}")]
    elif question == "leader":
        record += [("con:object", f"id:person-{world.people - 1 - dice.below(2)}")]
    else:
        record += [
            ("con:object", f"id:unit-{max(world.units - 1 - dice.below(6), 0)}"),
            ("con:role", dice.of(_ROLES)),
            ("con:onSide", dice.of(_SIDES)),
        ]
        if dice.chance(0.15):
            record.append(("con:modality", "modality:ordered"))
    record += [
        ("con:statedIn", f"id:{key}"),
        ("con:page", f'"{1 + number // 4}"'),
        ("con:note", str(number)),
    ]
    if dice.chance(0.6):
        voice = dice.of((f"{dice.of(_SIDES)[5:]}-sources", f"witness-of-{key}", f"memoir-of-{key}"))
        record += [("con:stance", "stance:reports"), ("con:attribution", f"id:by-{voice}")]
    elif dice.chance(0.1):
        record += [("con:stance", "stance:doubts"), ("con:reason", '"No file is named."@en')]
    else:
        record.append(("con:stance", "stance:endorses"))
    if dice.chance(0.1):
        record.append(("con:certainty", "certainty:probable"))
    citations = [f"{key}-c:n{number}a", f"{key}-c:n{number}b"][: 1 + dice.chance(0.3)]
    record += [("con:cites", " , ".join(citations)), ("con:reviewStatus", "review:extracted")]
    world.writer.write(f"sources/{key}/claims", f"{key}:{number}", record)
    for citation in citations:
        _write_citation(world, key, citation, number)


def _figure(dice: Dice, truth: int) -> Record:
    """What a source says of a number: the usual figure, or one of its own, hedged or as a range."""
    value = truth if dice.chance(0.4) else max(truth * dice.between(3, 30) // 10, 1)
    if dice.chance(0.2):
        high = value + max(value * dice.between(1, 5) // 10, 1)
        return [
            ("con:low", str(value)),
            ("con:high", str(high)),
            ("con:comparator", "comparator:between"),
            ("con:wording", f'"{value} to {high}"@en'),
        ]
    hedge, words = _HEDGES[dice.below(len(_HEDGES))]
    return [
        ("con:point", str(value)),
        ("con:comparator", hedge),
        ("con:wording", f'"{words.format(value)}"@en'),
    ]


def _write_citation(world: _World, key: str, citation: str, note: int) -> None:
    dice = world.dice
    record: Record = [("a", "con:Citation")]
    if dice.chance(0.3):
        leaf = dice.between(1, 300)
        record += [
            ("con:work", f"id:record-{dice.early(world.records)}"),
            ("bibo:locator", f'"f. {leaf}"'),
            ("con:firstLeaf", str(leaf)),
            ("con:lastLeaf", str(leaf)),
        ]
    else:
        record += [
            ("con:work", f"id:work-{dice.early(world.works)}"),
            ("bibo:locator", f'"p. {dice.between(1, 600)}"'),
        ]
    record += [("con:note", str(note)), ("con:resolution", "resolution:full")]
    world.writer.write(f"sources/{key}/citations", citation, record)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write; made when it is not there")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    made = generate(given.folder, given.triples, given.seed)
    print(f"{made.triples:,} triples, {sum(made.claims):,} claims, {made.events:,} events")


if __name__ == "__main__":
    main()
