"""A journal knows what it was begun on, and its changes are right on whatever the folder holds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.blanks import BlankNames
from kg.changes import Delta, Journal, Origin
from kg.derive import derive_quads, is_derived
from kg.engine.change import Changer
from kg.engine.holdings import MemoryHoldings, Opening, fingerprint
from kg.errors import SettingsError

ORIGIN = Origin("ab" * 32, "cd" * 32, merged=True)
OLD = b"contested-journal 1\n"
INVENTED = Path(__file__).resolve().parents[1] / "invented"
A, B = "<https://example.org/a>", "<https://example.org/b>"
STATEMENT = f"{A} <http://www.w3.org/2000/01/rdf-schema#seeAlso> {B}"


def delta(number: int) -> Delta:
    node = ox.NamedNode(f"https://example.org/{number}")
    return Delta((ox.Quad(node, node, node),))


def journal(path: Path, origin: Origin = ORIGIN) -> tuple[Journal, list[Delta]]:
    found = Journal(path, origin)
    return found, found.open()


# The file


def test_the_head_says_what_the_changes_were_made_on(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    first, deltas = journal(path)
    assert (deltas, first.begun) == ([], ORIGIN)
    first.append(delta(1))
    first.close()
    other = replace(ORIGIN, digest="ef" * 32, merged=False)
    again, deltas = journal(path, other)
    assert (deltas, again.begun) == ([delta(1)], ORIGIN), "what it was begun on, not what is now"
    again.append(delta(2))
    again.close()
    last, deltas = journal(path, other)
    assert deltas == [delta(1), delta(2)]
    last.restart()
    last.append(delta(3))
    last.close()
    last, deltas = journal(path)
    assert (deltas, last.begun) == ([delta(3)], other)
    last.close()


def test_a_journal_of_the_old_form_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    new, _ = journal(path)
    new.append(delta(1))
    new.close()
    path.write_bytes(OLD + path.read_bytes().partition(b"\n")[2])
    for number in (2, 3):
        old, deltas = journal(path)
        assert (deltas, old.begun) == ([delta(n) for n in range(1, number)], None)
        old.append(delta(number))
        old.close()
    assert path.read_bytes().startswith(OLD), "half a rewriting could lose what is in it"
    old, _ = journal(path)
    old.restart()
    old.close()
    assert path.read_bytes() == ORIGIN.head()


def test_a_head_that_was_being_written_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    for head in (OLD, ORIGIN.head()):
        for end in range(len(head)):
            path.write_bytes(head[:end])
            found, deltas = journal(path)
            found.close()
            assert (deltas, found.begun, path.read_bytes()) == ([], ORIGIN, ORIGIN.head())


@pytest.mark.parametrize(
    "text", [b"contested-journal 3 x\n", b"contested-journal 2\n1 x\n", b"contested", b"x", b"\n"]
)
def test_what_is_no_journal_is_not_touched(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "journal"
    path.write_bytes(text + b"and more\n")
    with pytest.raises(SettingsError, match="no journal of ours"):
        Journal(path, ORIGIN).open()
    assert path.read_bytes() == text + b"and more\n"


# What is made of it


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(INVENTED, tmp_path / "dataset")
    return tmp_path / "dataset"


def opened(folder: Path, **options: object) -> MemoryHoldings:
    path = folder.parent / "journal"
    opening = Opening(folder, writable=True, validate=False, journal=path)
    return MemoryHoldings.open(replace(opening, **options))


def closed(held: MemoryHoldings) -> MemoryHoldings:
    assert held.journal is not None
    held.journal.close()
    return held


def update(held: MemoryHoldings, text: str) -> None:
    copy = ox.Store()
    copy.bulk_extend(held.store)
    for graph in held.store.named_graphs():
        copy.add_graph(graph)
    changer = Changer(copy, held.rules, held.digest)
    held.commit(changer.change({"verb": "update", "base": "x:y"}, text.encode()).delta)


def content(held: MemoryHoldings) -> tuple[set[ox.Quad], dict[str, int], str]:
    counts = {name: count for name, count in held.counts.items() if count}
    return set(held.store), counts, held.digest


def consistent(held: MemoryHoldings) -> None:
    """The default graph is the merge of what is authored, and what is derived follows from it."""
    names = held.rules.names
    named = [q for q in held.store if isinstance(q.graph_name, ox.NamedNode)]
    authored = [q for q in named if not is_derived(q, names)]
    merge = {ox.Quad(q.subject, q.predicate, q.object) for q in authored}
    assert set(held.store.quads_for_pattern(None, None, None, ox.DefaultGraph())) == merge
    assert {q for q in named if is_derived(q, names)} == set(
        derive_quads(authored, names, held.digest)
    )
    for name in held.counts:
        graph = ox.NamedNode(name) if name else ox.DefaultGraph()
        number = sum(1 for _ in held.store.quads_for_pattern(None, None, None, graph))
        assert held.counts[name] == number


def graph_of(folder: Path, name: str) -> str:
    held = closed(opened(folder, writable=False, journal=folder.parent / "nothing"))
    return next(f"<{g}>" for g in held.counts if name in g)


def test_a_journal_leads_to_what_was_there(folder: Path) -> None:
    quillfeather = graph_of(folder, "quillfeather-2001")
    held = opened(folder)
    update(held, f"INSERT DATA {{ GRAPH {quillfeather} {{ {STATEMENT} }} }}")
    update(held, f"INSERT DATA {{ GRAPH <x:new> {{ {STATEMENT} . {B} <x:p> 1 }} }}")
    update(held, "DELETE WHERE { GRAPH <x:new> { ?s <x:p> ?o } }")
    withdrawn = "?c <https://w3id.org/contested/ontology#answers> ?q"
    update(held, f"DELETE {{ GRAPH ?g {{ {withdrawn} }} }} WHERE {{ GRAPH ?g {{ {withdrawn} }} }}")
    consistent(closed(held))
    again = closed(opened(folder))
    assert content(again) == content(held)
    assert (again.origin, again.notes, again.generation) == (again.folder_digest, [], 0)


def test_changes_are_made_again_on_a_folder_that_has_changed(folder: Path) -> None:
    """One file comes to state what the journal removes elsewhere, another no longer states what
    the journal adds: in the merge is what anybody states now.
    """
    quillfeather = graph_of(folder, "quillfeather-2001")
    file = next((folder / "data").rglob("quillfeather-2001/claims.ttl"))
    other = next((folder / "data").rglob("trostnikov-1998/claims.ttl"))
    text = file.read_text()
    file.write_text(f"{text}\n{STATEMENT} .\n{B} <x:p> 1 .\n")
    first = opened(folder)
    began = first.folder_digest
    update(first, f"DELETE DATA {{ GRAPH {quillfeather} {{ {STATEMENT} }} }}")
    update(first, f"INSERT DATA {{ GRAPH <x:new> {{ {B} <x:p> 1 , 2 }} }}")
    closed(first)

    file.write_text(text)
    other.write_text(f"{other.read_text()}\n{STATEMENT} .\n")
    held = opened(folder)
    consistent(held)
    merge = held.store.query("SELECT ?s { { ?s <x:p> 1 } UNION { ?s ?p " + B + " } }")
    assert {str(row["s"]) for row in merge} == {A, B}
    state = held.state()
    assert (state["origin"], state["folder_digest"]) == (began, held.folder_digest)
    assert held.folder_digest != began and held.digest != first.digest
    assert "made again on what the folder holds now" in state["notes"][0]

    update(held, f"INSERT DATA {{ GRAPH <x:new> {{ {B} <x:p> 3 }} }}")
    consistent(closed(held))
    again = closed(opened(folder))
    assert content(again) == content(held)
    other.unlink()
    consistent(closed(opened(folder)))


def test_a_journal_is_not_read_with_another_default_graph(folder: Path) -> None:
    path = folder.parent / "journal"
    held = closed(opened(folder, merged=False))
    held = opened(folder)  # nothing was in it yet
    update(held, f"INSERT DATA {{ GRAPH <x:new> {{ {STATEMENT} }} }}")
    closed(held)
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="written with --default-graph merged"):
        opened(folder, merged=False)
    assert path.read_bytes() == before
    closed(opened(folder))
    exact = closed(opened(folder, merged=False, reload=True))
    assert "x:new" not in exact.counts
    assert b" exact\n" in path.read_bytes()


def test_a_journal_of_the_old_form_is_right_on_any_folder(folder: Path) -> None:
    path = folder.parent / "journal"
    held = opened(folder)
    update(held, f"INSERT DATA {{ GRAPH <x:new> {{ {STATEMENT} }} }}")
    closed(held)
    path.write_bytes(OLD + path.read_bytes().partition(b"\n")[2])
    again = closed(opened(folder))
    assert content(again) == content(held)
    assert again.notes and "--reload" in again.notes[0]
    file = next((folder / "data").rglob("trostnikov-1998/claims.ttl"))
    file.write_text(f"{file.read_text()}\n{STATEMENT} .\n")
    consistent(closed(opened(folder)))


def test_blank_nodes_make_no_other_folder(folder: Path) -> None:
    """Their names are those of the file and their order in it, the same at each start."""
    file = next((folder / "data").rglob("trostnikov-1998/claims.ttl"))
    file.write_text(f"{file.read_text()}\n{A} <x:p> [ <x:q> 1 ] .\n")
    held = opened(folder)
    update(held, f"INSERT DATA {{ GRAPH <x:new> {{ {STATEMENT} }} }}")
    closed(held)
    again = closed(opened(folder))
    assert again.folder_digest == held.folder_digest
    assert again.state()["notes"] == []
    file.write_text(f"{file.read_text()}\n{A} <x:p> 2 .\n")
    assert closed(opened(folder)).state()["notes"] != []


def test_a_blank_node_of_the_folder_that_was_removed_stays_away(folder: Path) -> None:
    file = next((folder / "data").rglob("trostnikov-1998/claims.ttl"))
    nodes = f"{A} <x:p> [ <x:q> 1 ] , [ <x:q> 2 ] , _:a . _:a <x:q> ( 3 4 ) ."
    file.write_text(f"{file.read_text()}\n{nodes}\n")
    held = opened(folder)
    update(held, "DELETE { GRAPH ?g { ?s <x:q> 1 } } WHERE { GRAPH ?g { ?s <x:q> 1 } }")
    closed(held)
    again = closed(opened(folder))
    assert content(again) == content(held)
    found = again.store.query("SELECT ?o { ?s <x:q> ?o }")
    assert sorted(type(row["o"]).__name__ for row in found) == ["BlankNode", "Literal"]


def test_blank_nodes_of_two_files_are_two(folder: Path) -> None:
    """A label is one file's alone (RDF 1.1 Concepts, 3.4), whatever another calls its own."""
    for name in ("trostnikov-1998", "quillfeather-2001"):
        file = next((folder / "data").rglob(f"{name}/claims.ttl"))
        file.write_text(f"{file.read_text()}\n_:same <x:p> '{name}' .\n")
    held = closed(opened(folder))
    found = held.store.query("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <x:p> ?o }")
    assert [row["n"].value for row in found] == ["2"]


def test_blank_nodes_within_triple_terms_are_the_same_nodes() -> None:
    """RDF 1.2 knows triples as terms."""
    node, other, name = ox.BlankNode("a"), ox.BlankNode("b"), ox.NamedNode("x:p")
    names = BlankNames("x:graph", b"a document")
    inner = ox.Triple(node, name, ox.Triple(other, name, node))
    renamed = names.within(inner)
    assert renamed.subject == names.of(node) != node
    assert renamed.object == ox.Triple(names.of(other), name, names.of(node))
    assert BlankNames("x:graph", b"a document").of(node) == names.of(node)
    assert BlankNames("x:other", b"a document").of(node) != names.of(node)
    assert BlankNames("x:graph", b"another").of(node) != names.of(node)


def test_the_hash_of_the_files_is_that_of_what_they_say(folder: Path) -> None:
    before = fingerprint(folder)
    file = next((folder / "data").rglob("*.ttl"))
    file.touch()
    assert fingerprint(folder) == before
    file.write_text(file.read_text() + "\n# a word\n")
    assert fingerprint(folder) != before
