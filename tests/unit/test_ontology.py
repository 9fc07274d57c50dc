"""The model is documented, in four languages, and nothing in our namespaces is undefined."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS

from kg.dataset import Dataset, read_file
from kg.dates import bounds
from kg.figures import COMPARATORS
from kg.names import CONTESTED, con
from kg.rules import WRITTEN, Material

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = {"en", "tr", "az", "ru"}
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
CON = con.iri
CASUALTIES = (
    "killed", "wounded", "missing", "executed", "deported", "captured", "died-in-captivity",
)  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Graph:
    graph = Graph()
    for path in [ROOT / "ontology/contested.ttl", *sorted((ROOT / "ontology/vocab").glob("*.ttl"))]:
        graph.parse(path)
    return graph


def terms(model: Graph) -> list[URIRef]:
    found = {s for kind in KINDS for s in model.subjects(RDF.type, kind)}
    return sorted(s for s in found if str(s).startswith(CON))


def test_every_term_is_documented(model: Graph) -> None:
    assert len(terms(model)) > 100
    for term in terms(model):
        languages = [o.language for o in model.objects(term, RDFS.label)]
        assert sorted(languages) == sorted(LANGUAGES), term
        assert model.value(term, SKOS.definition), f"{term} has no definition"
        assert model.value(term, SKOS.example), f"{term} has no example"
        assert model.value(term, RDFS.isDefinedBy), term


def test_every_concept_is_documented(model: Graph) -> None:
    concepts = set(model.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) > 200
    for concept in concepts:
        languages = [o.language for o in model.objects(concept, SKOS.prefLabel)]
        assert sorted(languages) == sorted(LANGUAGES), concept
        assert model.value(concept, SKOS.definition), concept
        scheme = model.value(concept, SKOS.inScheme)
        assert str(concept).startswith(f"{scheme}/"), concept


def test_labels_are_unique_within_a_list(model: Graph) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for concept in set(model.subjects(RDF.type, SKOS.Concept)):
        for label in model.objects(concept, SKOS.prefLabel):
            key = (str(model.value(concept, SKOS.inScheme)), str(label).casefold(), label.language)
            assert key not in seen, f"{concept} and {seen[key]} are both {label!r}"
            seen[key] = concept


def test_every_comparator_has_its_rule_and_trigger_words(model: Graph) -> None:
    space = f"{CONTESTED}vocab/comparator/"
    found = {str(c).removeprefix(space) for c in model.subjects(SKOS.inScheme, URIRef(space[:-1]))}
    assert found == set(COMPARATORS)
    for name in COMPARATORS:
        words = model.objects(URIRef(space + name), URIRef(CON + "triggerWord"))
        assert {w.language for w in words} == LANGUAGES, name
        assert model.value(URIRef(space + name), URIRef(CON + "figuresNote")), name


def test_casualties_are_in_the_model(model: Graph, invented: Dataset) -> None:
    used = {q.object.value for q in invented.authored() if q.predicate == con.property}
    for name in CASUALTIES:
        iri = f"{CONTESTED}vocab/property/{name}"
        assert (URIRef(iri), RDF.type, SKOS.Concept) in model
        assert iri in used, f"the invented dataset has no claim about {name}"


def test_direct_properties_are_defined(model: Graph) -> None:
    direct = set(model.objects(None, URIRef(CON + "directProperty")))
    assert direct
    for term in direct:
        assert (term, RDFS.isDefinedBy, None) in model, term


def test_nothing_in_our_namespaces_is_undefined(either: Dataset) -> None:
    assert list(WRITTEN["undefined-term"][1](Material(either))) == []


def test_the_guard_bites(article: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "slip.ttl"
    path.write_text(
        f"<{CONTESTED}id/claim/suleymanov-2022/6> <{CON}comparatr> "
        f"<{CONTESTED}vocab/stance/doubt> .\n",
        encoding="utf-8",
    )
    found = list(WRITTEN["undefined-term"][1](Material(article.plus([path]))))
    assert {f.value for f in found} == {f"<{CON}comparatr>", f"<{CONTESTED}vocab/stance/doubt>"}
    assert any("con:comparator" in f.message for f in found)
    assert all("slip.ttl:1:" in f.place for f in found)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "ontology/alignments").glob("*.ttl")), ids=lambda p: p.stem
)
def test_alignments_parse_and_give_reasons(path: Path) -> None:
    graph = Graph().parse(path)
    cells = list(graph.subjects(RDF.type, URIRef(CON + "Alignment")))
    assert cells
    pairs = set()
    for cell in cells:
        ours = graph.value(cell, URIRef(CON + "alignedTerm"))
        target = graph.value(cell, URIRef(CON + "alignedTo"))
        relation = graph.value(cell, URIRef(CON + "alignmentRelation"))
        reason = graph.value(cell, URIRef(CON + "alignmentReason"))
        assert isinstance(reason, Literal)
        assert len(reason) > 15
        assert (ours, relation, target) in graph, f"{cell} has no plain triple"
        pairs.add((ours, target))
    matches = {
        (s, o) for s, p, o in graph if str(p).startswith(str(SKOS)) and str(p).endswith("Match")
    }
    assert matches <= pairs, "a match without a reason"


def test_alignment_targets_are_spelled_as_in_their_vocabulary() -> None:
    """As far as rdflib knows a vocabulary: its closed namespaces hold all its names."""
    spaces = {str(ns._NS): ns for ns in (PROV, ORG, SDO, SKOS, DCTERMS, OWL)}
    spaces["https://schema.org/"] = SDO
    checked = 0
    for path in sorted((ROOT / "ontology/alignments").glob("*.ttl")):
        for target in Graph().parse(path).objects(None, URIRef(CON + "alignedTo")):
            space = next((s for s in spaces if str(target).startswith(s)), None)
            if space:
                name = URIRef(str(spaces[space]._NS) + str(target)[len(space) :])
                assert name in dir(spaces[space]), target
                checked += 1
    assert checked > 20


def test_examples_of_the_date_rules_are_dates() -> None:
    file = read_file(ROOT / "ontology/vocab/date-rule.ttl", "")
    typed = [
        q.object.value
        for q in file.quads
        if isinstance(q.object, ox.Literal) and q.object.datatype.value.endswith("edtf/EDTF")
    ]
    for text in typed:
        bounds(text)
