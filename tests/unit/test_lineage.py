"""Chains and independent lines: works that cite each other, rings, voices, doubtful citations."""

from __future__ import annotations

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.lineage import Lineage, Link
from kg.model import Facts
from kg.names import bibo, con, dcterms, edtf, rdf, rico

LISTS = "https://w3id.org/contested/vocab/"


class World:
    """Works, claims and citations, said in few words."""

    def __init__(self) -> None:
        self.quads: list[ox.Quad] = []

    def say(self, subject: str, predicate: ox.NamedNode, value: str | ox.Literal) -> None:
        term = ox.NamedNode(value) if isinstance(value, str) else value
        self.quads.append(ox.Quad(ox.NamedNode(subject), predicate, term))

    def claim(self, name: str, work: str, *cites: str, voice: str = "", stance: str = "endorses"):
        iri = f"urn:{name}"
        self.say(iri, rdf["type"], con.Claim.value)
        self.say(iri, con.answers, "urn:q")
        self.say(iri, con.statedIn, f"urn:{work}")
        self.say(iri, con.stance, f"{LISTS}stance/{stance}")
        if voice:
            self.say(iri, con.attribution, f"urn:{voice}")
        for cited in cites:
            citation = f"urn:{name}-cites-{cited}"
            self.say(iri, con.cites, citation)
            self.say(citation, rdf["type"], con.Citation.value)
            self.say(citation, con.work, f"urn:{cited}")
            self.say(citation, con.resolution, f"{LISTS}resolution/full")
        return self

    def voice(self, name: str, *, via: str = "", work: str = "", speaker: str = "") -> None:
        self.say(f"urn:{name}", rdf["type"], con.Attribution.value)
        for predicate, value in (
            (con.conveyedBy, via), (con.speaksIn, work), (con.speaker, speaker),
        ):  # fmt: skip
            if value:
                self.say(f"urn:{name}", predicate, f"urn:{value}")

    def lineage(self) -> Lineage:
        return Lineage(Facts(self.quads))

    def lines(self, *names: str) -> dict[str, tuple[str, ...]]:
        lineage = self.lineage()
        asked = [lineage.claims[f"urn:{name}"] for name in names or self.names()]
        found = lineage.support(asked).lines
        return {end[4:]: tuple(c[4:] for c in carried) for end, carried in found.items()}

    def names(self) -> list[str]:
        kind = con.Claim.value
        return [q.subject.value[4:] for q in self.quads if getattr(q.object, "value", "") == kind]


def test_a_work_that_cites_another_adds_nothing_to_it() -> None:
    world = World().claim("a", "new-book", "old-book").claim("b", "old-book", "record")
    assert world.lines() == {"record": ("a", "b")}
    assert world.lines("a") == {"record": ("a",)}


def test_a_cited_work_that_says_nothing_on_the_question_is_the_end() -> None:
    world = World().claim("a", "new-book", "old-book").claim("b", "other-book", "record")
    assert world.lines() == {"old-book": ("a",), "record": ("b",)}


def test_a_ring_of_works_is_one_line_and_is_reported() -> None:
    world = World().claim("a", "x", "y").claim("b", "y", "z").claim("c", "z", "x")
    assert world.lines() == {"x": ("a", "b", "c")}
    lineage = world.lineage()
    found = lineage.support([lineage.claims["urn:b"]])
    assert found.cycles == (("urn:x", "urn:y", "urn:z"),)
    tree = lineage.tree(lineage.claims["urn:b"])
    assert [end.ends for end in tree.all_ends()] == ["cycle"]


def test_a_work_that_cites_itself_is_survived() -> None:
    world = World().claim("a", "x", "x")
    assert world.lines() == {"x": ("a",)}
    lineage = world.lineage()
    assert [s.why for s in lineage.suspects(lineage.claims.values())] == ["cites itself"]


def test_long_and_branching_chains_are_walked_once() -> None:
    world = World()
    for n in range(2000):
        world.claim(f"a{n}", f"w{n}", f"w{n + 1}").claim(f"b{n}", f"w{n}", f"w{n + 1}")
    assert world.lines("a0", "b0") == {"w2000": ("a0", "b0")}
    lineage = World().claim("a", "x").lineage()
    assert lineage.tree(lineage.claims["urn:a"]).all_ends()[0].to == "urn:x"


def test_a_tree_is_cut_where_it_grows_beyond_reading() -> None:
    world = World()
    for n in range(12):
        world.claim(f"a{n}", f"w{n}", f"w{n + 1}").claim(f"b{n}", f"w{n}", f"w{n + 1}")
    lineage = world.lineage()
    ends = {end.ends for end in lineage.tree(lineage.claims["urn:a0"]).all_ends()}
    assert "cut" in ends


def test_without_a_citation_the_line_leads_where_the_voice_speaks() -> None:
    world = World().claim("a", "book", voice="witness", stance="reports").claim("b", "book")
    world.voice("witness", via="memoirist", speaker="ferryman")
    world.voice("memoirist", work="memoir")
    assert world.lines() == {"book": ("b",), "memoir": ("a",)}


def test_a_ring_of_voices_is_survived() -> None:
    world = World().claim("a", "book", voice="one", stance="reports")
    world.voice("one", via="two")
    world.voice("two", via="one")
    lineage = world.lineage()
    found = lineage.claims["urn:a"]
    assert lineage.voices(found) == ["urn:one", "urn:two"]
    assert [end.ends for end in lineage.tree(found).all_ends()] == ["cycle"]
    assert world.lines() == {"book": ("a",)}


def test_whose_word_a_claim_is() -> None:
    world = World().claim("a", "book").claim("b", "book", voice="one", stance="reports")
    world.claim("c", "book", stance="doubts").claim("d", "book", voice="one", stance="rejects")
    world.voice("one", speaker="ferryman", work="memoir")
    world.say("urn:book", dcterms.creator, "urn:author")
    lineage = world.lineage()
    held = {name: lineage.holders(lineage.claims[f"urn:{name}"]) for name in "abcd"}
    assert held["a"] == {"urn:book", "urn:author"}
    assert held["b"] == held["d"] == {"urn:ferryman", "urn:memoir"}
    assert held["c"] == set()


def test_suspect_citations() -> None:
    world = World().claim("a", "book", "page", "later")
    world.say("urn:page", rdf["type"], bibo.Webpage.value)
    world.say("urn:book", dcterms.issued, ox.Literal("1990", datatype=edtf.EDTF))
    world.say("urn:later", dcterms.issued, ox.Literal("1991", datatype=edtf.EDTF))
    lineage = world.lineage()
    assert [(s.citation, s.why) for s in lineage.suspects(lineage.claims.values())] == [
        ("urn:a-cites-later", "later than the citing work"),
        ("urn:a-cites-page", "web page"),
    ]


def test_the_tree_says_how_each_chain_ends() -> None:
    world = World().claim("a", "book", "page", "record", "lost")
    world.say("urn:page", rdf["type"], bibo.Webpage.value)
    world.say("urn:record", rdf["type"], rico.Record.value)
    quads = [q for q in world.quads if q.subject.value != "urn:a-cites-lost"]
    lineage = Lineage(Facts(quads))
    tree = lineage.tree(lineage.claims["urn:a"])
    assert [(end.to, end.ends) for end in tree.all_ends()] == [
        ("urn:a-cites-lost", "broken"),
        ("urn:page", "web page"),
        ("urn:record", "record"),
    ]


def test_a_chain_of_hearsay(invented: Dataset) -> None:
    """vt:33: a ferryman, to Lampwright, to Çığırtkan, in whose memoir it stands."""
    lineage = Lineage(Facts(invented.quads()))
    tree = lineage.tree(lineage.claims[invented.names.expand("vt:33") or ""])
    chain: list[str] = []
    link: Link | None = next(link for link in tree.links if link.by == "said by")
    while link:
        chain.append(invented.names.compact(link.to))
        link = next(iter(link.links), None)
    assert chain == [
        "id:by-a-ferryman", "id:by-lampwright", "id:by-cigirtkan-in-trostnikov",
        "id:cigirtkan-1760",
    ]  # fmt: skip
