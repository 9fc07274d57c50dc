"""Each cell is what the dataset says of the thing in its row: read here without SPARQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest
from stored import CATALOGUE, NAMES, OF_THE_INVENTED, Asked, Row, asked, value

from kg.names import con, rdfs, skos

# Column -> what stands on the claim of the row.
OF_THE_CLAIM = {
    "approximate": [con.approximate],
    "absence": [con.noValue],
    "certainty": [con.certainty],
    "comparator": [con.comparator],
    "high": [con.high],
    "low": [con.low],
    "modality": [con.modality],
    "onSide": [con.onSide],
    "page": [con.page, con.section],
    "point": [con.point],
    "question": [con.answers],
    "reason": [con.reason],
    "role": [con.role],
    "source": [con.statedIn],
    "stance": [con.stance],
    "time": [con.holdsDuring],
    "value": [con.point, con.object, con.date, con.text, con.noValue],
    "voice": [con.attribution],
    "wording": [con.wording],
}
# Column -> the column whose thing it names in English.
LABELS = {
    "label": "question",
    **{
        f"{thing}Label": thing
        for thing in (
            "absence action event holder leader of participant person place placeholder record "
            "thing to unit value voice work"
        ).split()
    },
}
CASES = [("article", name, {}) for name in NAMES]
CASES += [("invented", name, OF_THE_INVENTED.get(name, {})) for name in NAMES]


@pytest.fixture(scope="session")
def said(asked_of: Mapping[str, Asked]) -> dict[str, dict[str, dict[ox.NamedNode, list[ox.Term]]]]:
    """For each dataset: subject -> property -> values."""
    found: dict[str, Any] = {}
    for key, of in asked_of.items():
        table: dict[str, Any] = defaultdict(lambda: defaultdict(list))
        for quad in of.dataset.quads():
            table[of.dataset.names.compact(quad.subject.value)][quad.predicate].append(quad.object)
        found[key] = table
    return found


def plain(term: ox.Term, of: Asked) -> Any:
    if isinstance(term, ox.NamedNode):
        return value({"type": "uri", "value": term.value}, of.dataset.names)
    found = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    return value(found, of.dataset.names)


@pytest.mark.parametrize(("key", "name", "params"), CASES)
def test_cells_are_what_the_claim_says(
    key: str, name: str, params: dict[str, str], asked_of: Mapping[str, Asked], said: Any
) -> None:
    of = asked_of[key]
    for row in of.rows(name, params):
        if name == "sources/citation-chain" or row.get("claim") is None:
            continue
        about = said[key][row["claim"]]
        computed = {"value"} if name == "figures/lowest-and-highest" else set()
        for column in OF_THE_CLAIM.keys() & row.keys() - computed:
            terms = [t for p in OF_THE_CLAIM[column] for t in about.get(p, [])]
            # Words stand once in each language: the tables give the English ones, where there are.
            english = [t for t in terms if getattr(t, "language", None) == "en"]
            stated = [plain(t, of) for t in english or terms]
            assert [row[column]] == (stated or [None]), column


@pytest.mark.parametrize(("key", "name", "params"), CASES)
def test_labels_are_the_english_ones(
    key: str, name: str, params: dict[str, str], asked_of: Mapping[str, Asked], said: Any
) -> None:
    for row in asked_of[key].rows(name, params):
        for column, thing in LABELS.items():
            if column in row:
                about = said[key].get(str(row[thing]), {})
                stated = [*about.get(rdfs.label, []), *about.get(skos.prefLabel, [])]
                english = [label.value for label in stated if label.language == "en"]
                assert [row[column]] == (english or [None]), column


def restated(before: Asked, claim: str, new: Mapping[ox.NamedNode, ox.Term]) -> Asked:
    """The dataset in which one claim has these values in place of its own, and no page."""
    iri = ox.NamedNode(before.dataset.names.expand(claim))
    old = {con.page, con.section, *new} | ({con.point} if con.low in new else set())
    files = []
    for file in before.dataset.files:
        quads = [q for q in file.quads if q.subject != iri or q.predicate not in old]
        if len(quads) < len(file.quads):
            graph = quads[0].graph_name
            quads += [ox.Quad(iri, predicate, term, graph) for predicate, term in new.items()]
        files.append(replace(file, quads=tuple(quads)))
    return asked(replace(before.dataset, files=tuple(files)))


RANGE = {
    con.section: ox.Literal("appendix"),
    con.comparator: ox.NamedNode("https://w3id.org/contested/vocab/comparator/between"),
    con.low: ox.Literal(5),
    con.high: ox.Literal(7),
}
# A claim with a figure that each query returns in the invented dataset.
FIGURES = {
    "claims/doubted": ("claim", "vt:2"),
    "claims/from-source": ("claim", "eq:8"),
    "claims/unconfirmed": ("claim", "vt:10"),
    "claims/without-note": ("claim", "vt:18"),
    "disagreement/kinds": ("first", "eq:8"),
    "figures/for-one-question": ("claim", "vt:1"),
    "figures/lowest-and-highest": ("claim", "eq:8"),
    "figures/side-by-side": ("claim", "vt:8"),
    "sources/attribution-against-citation": ("claim", "vt:2"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_range_and_a_section_are_shown(name: str, asked_of: Mapping[str, Asked]) -> None:
    column, claim = FIGURES[name]
    after = restated(asked_of["invented"], claim, RANGE)

    def of_the_claim(row: Row) -> dict[str, Any]:
        wanted = ("low", "high", "page", "comparator", "value", "point")
        prefixed = {w: w if column == "claim" else column + w.title() for w in wanted}
        return {w: row[c] for w, c in prefixed.items() if c in row}

    rows = after.rows(name, OF_THE_INVENTED.get(name))
    found = [of_the_claim(row) for row in rows if row[column] == claim]
    expected = {"page": "appendix", "comparator": "comparator:between", "low": 5, "high": 7}
    assert found
    for row in found:
        if name == "figures/lowest-and-highest":
            expected["value"] = 5
        else:
            expected.update(dict.fromkeys(("value", "point")))
        assert row == {column: expected[column] for column in row}


@pytest.mark.parametrize(
    ("name", "claim", "params"),
    [
        ("absences/stated", "eq:12", {}),
        ("participation/by-side-and-role", "eq:24", {}),
        ("people/roles-and-offices", "eq:31", {}),
        ("sources/citation-chain", "vt:33", {"claim": "vt:33"}),
        ("sources/dangling-short-forms", "vt:6", {}),
        ("things/about", "vt:30", {"thing": "river-guild"}),
    ],
)
def test_a_section_stands_in_place_of_a_page(
    name: str, claim: str, params: dict[str, str], asked_of: Mapping[str, Asked]
) -> None:
    after = restated(asked_of["invented"], claim, {con.section: ox.Literal("appendix")})
    pages = {row["page"] for row in after.rows(name, params) if row.get("claim", claim) == claim}
    assert pages == {"appendix"} if "claim" in CATALOGUE.get(name).returns else "appendix" in pages
