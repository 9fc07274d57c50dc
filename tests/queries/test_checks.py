"""The checks: each row is something that a curator should look at. Rows are written by hand, from
the notes of the article and from the Turtle of the invented dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import test_stored_queries as general
from stored import CATALOGUE, ROOT, Asked

from kg.dataset import Dataset

INVENTED = ROOT / "tests" / "invented"
CHECKS = tuple(q.name for q in CATALOGUE if q.topic == "checks")
Changed = Callable[..., Asked]

Q = "q:"
SULEYMANOV = "id:suleymanov-2022"
ROWS = {
    ("whole", "checks/unresolved-short-forms", "citation inNote locator resolution claims"): [
        # Notes 27-31 give "N. Karaköse, a.g.e."; no note names the work.
        ("sulcite:n27", 27, "s. 359-360", "resolution:dangling", 13),
        ("sulcite:n28b", 28, "s. 360", "resolution:dangling", 18),
        ("sulcite:n29", 29, "s. 364", "resolution:dangling", 14),
        ("sulcite:n30", 30, "s. 369", "resolution:dangling", 8),
        ("sulcite:n31", 31, "s. 727", "resolution:dangling", 1),
    ],
    ("invented", "checks/unresolved-short-forms", "citation inNote resolution reason claims"): [
        ("eqcite:n4", 4, "resolution:dangling", None, 1),
        ("vtcite:n9", 9, "resolution:dangling", None, 1),
        (
            "eqcite:n6",
            6,
            "resolution:presumed",
            "One book by this author is known; no note cites it in full.",
            1,
        ),
        (
            "vtcite:n8",
            8,
            "resolution:presumed",
            "No other page on the web is cited in this work.",
            1,
        ),
    ],
    ("whole", "checks/suspect-locators", "rule citation inNote locator nearest"): [
        # File 1: leaves 9, 11, 15-16, 26; then 119 and 172.
        ("far leaf", "sulcite:n64a", 64, "v. 119", 53),
        ("far leaf", "sulcite:n65", 65, "v. 172", 53),
        # File 7: leaves 14, 19; 117-118; 230-232, 258-264; 303.
        ("far leaf", "sulcite:n59", 59, "v. 117-118", 98),
        ("far leaf", "sulcite:n66", 66, "v. 303", 39),
        # Notes 27-30 cite pages 359 to 369 of Karaköse, note 31 page 727.
        ("far page", "sulcite:n31", 31, "s. 727", 358),
        # Note 53 gives leaves 258-264, notes 57 and 62 leaves 259-260, note 56 leaf 231.
        ("one short form, leaves far apart", "sulcite:n56", 56, "v.231", 28),
    ],
    ("invented", "checks/suspect-locators", "rule citation inNote nearest"): [
        ("far leaf", "eqcite:n5", 5, 73),
        ("far leaf", "vtcite:n5", 5, 73),
        ("far leaf", "eqcite:n7", 7, 37),
        ("far leaf", "eqcite:n9", 9, 37),
    ],
    ("whole", "checks/sums-that-do-not-add-up", "finding whole partsLeast parts unnumbered"): [
        ("lower bound only", "q:force-ordered-26-october-1921--strength", 255, 7, 1),
        ("lower bound only", "q:republican-units-back-at-karyagin--strength", 942, 5, 1),
    ],
    (
        "invented",
        "checks/sums-that-do-not-add-up",
        "finding whole claim partsLeast partsMost parts unnumbered",
    ): [("lower bound only", "q:kazhvar-force--strength", None, 1290, None, 3, 1)],
    ("whole", "checks/figures-without-a-note", "claim page"): [
        ("sul:780", "abstract (English)"),  # only 23 months
        ("sul:811", "abstract (Russian)"),  # всего 23 месяца
        ("sul:753", "abstract (Turkish)"),  # sadece 23 ay
        ("sul:28", "823"),  # sadece 23 ay
        ("sul:22", "823"),  # bir asırlık
        ("sul:120", "824"),  # nakledildiğine dair haberler var: four places
        ("sul:121", "824"),
        ("sul:122", "824"),
        ("sul:123", "824"),
        ("sul:297", "827"),  # kabul edildiğine dair bilgiler
        ("sul:2067", "828"),  # 20'ye yakın silahlı gönüllü grubu
        ("sul:2177", "830"),  # ciddi bir tehdit olarak algılandı
        ("sul:2340", "831"),  # yedi büyük direniş grubu
        ("sul:14", "832"),  # 6.000'den fazla
        ("sul:15", "832"),  # 10.000 civarında
        ("sul:490", "833"),  # 10'dan fazla gemi
        ("sul:536", "834"),  # halk arasında … olarak biliniyordu
        ("sul:590", "835"),  # sadece yedi kişi
        ("sul:593", "835"),  # 50 kişiye
        ("sul:594", "835"),  # bir üyesi olduğuna dair de haberler
        ("sul:952", "840"),  # iki yıldan fazla
    ],
    ("invented", "checks/figures-without-a-note", "claim page"): [
        ("eq:13", "29"),
        ("eq:14", "30"),
        ("eq:16", "59"),
        ("eq:6", "77"),
        ("vt:18", "24"),
        ("vt:14", "28"),
        ("vt:15", "30"),
    ],
    ("whole", "checks/self-contradictions", "question voice first firstPage second secondPage"): [
        # To early 1921; to the summer of 1921.
        (f"{Q}lankaran-astara-rising--ended", SULEYMANOV, "sul:49", "831", "sul:50", "834"),
    ],
    ("invented", "checks/self-contradictions", "question"): [],
    ("whole", "checks/questions-without-answers", "question"): [],
    ("invented", "checks/questions-without-answers", "question"): [],
    ("whole", "checks/entities-nobody-refers-to", "entity"): [],
    ("invented", "checks/entities-nobody-refers-to", "entity"): [],
}


def rows(of: Asked, name: str, columns: str, params: Mapping[str, str] | None = None) -> list:
    return [tuple(row[c] for c in columns.split()) for row in of.rows(name, params)]


def test_every_check_has_rows_of_both_datasets():
    assert {(d, n) for d, n, _ in ROWS} == {(d, n) for d in ("whole", "invented") for n in CHECKS}


@pytest.mark.parametrize(("dataset", "name", "columns"), ROWS)
def test_the_findings_are_the_rows_written_by_hand(
    dataset: str, name: str, columns: str, asked_of: Mapping[str, Asked]
) -> None:
    assert rows(asked_of[dataset], name, columns) == ROWS[dataset, name, columns]


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_is_written_like_every_stored_query(
    name: str, article: Dataset, empty: Path
) -> None:
    general.test_the_header_tells_a_reader_what_comes(name)
    general.test_each_parameter_is_a_values_line_with_one_default(name)
    general.test_it_selects_by_name_and_orders(name)
    general.test_its_prefixes_are_those_of_the_table_and_all_used(name, article)
    general.test_it_names_no_term_and_no_thing_that_is_not_there(name, article)
    general.test_the_guard_lets_it_pass(name)
    general.test_it_has_no_rows_on_an_empty_dataset(name, empty)


@pytest.mark.parametrize("name", CHECKS)
def test_the_columns_are_those_documented(name: str, asked_of: Mapping[str, Asked]) -> None:
    for of in asked_of.values():
        for row in of.rows(name):
            assert list(row) == list(CATALOGUE.get(name).returns)


# --- One thing is changed in the Turtle, and the finding comes or goes


def test_a_resolved_short_form_is_no_finding(changed: Changed) -> None:
    old = 'con:shortForm "Указ. соч." ; con:resolution resolution:dangling'
    after = changed(INVENTED, old, old.replace("dangling", "resolved"))
    found = rows(after, "checks/unresolved-short-forms", "citation")
    assert found == [("eqcite:n4",), ("eqcite:n6",), ("vtcite:n8",)]


def test_a_page_far_from_the_others(changed: Changed) -> None:
    """The memoirs are cited at pages 300-302 and 301: at 301 and 600 both are far."""
    after = changed(INVENTED, 'bibo:locator "s. 300-302"', 'bibo:locator "s. 600"')
    found = rows(after, "checks/suspect-locators", "rule citation nearest")
    assert found[-2:] == [("far page", "vtcite:n3", 299), ("far page", "eqcite:n6", 299)]
    assert rows(after, "checks/suspect-locators", "rule", {"pages": "299"})[-1] == ("far leaf",)


def test_leaves_are_far_only_beyond_the_number_given(asked_of: Mapping[str, Asked]) -> None:
    found = rows(asked_of["invented"], "checks/suspect-locators", "citation", {"leaves": "40"})
    assert found == [("eqcite:n5",), ("vtcite:n5",)]


def test_parts_that_exceed_the_whole(changed: Changed) -> None:
    """A battery of 3,000 and a regiment of 1,200: more than 2,800, and than 3,300."""
    old = "con:answers q:lantern-battery--strength--kazhvar ; con:point 90 ;"
    after = changed(INVENTED, old, old.replace("90", "3000"))
    name = "checks/sums-that-do-not-add-up"
    assert rows(after, name, "finding claim wholeMost partsLeast") == [
        ("lower bound only", None, None, 4200),
        ("parts exceed the whole", "eq:17", 3300, 4200),
        ("parts exceed the whole", "vt:16", 2800, 4200),
    ]


def test_parts_that_fall_short_of_the_whole(changed: Changed) -> None:
    """Without the flotilla all parts are numbered: 1,250 and 90 are fewer than 2,000 and 2,700."""
    old = "q:lantern-battery--strength--kazhvar , q:otter-flotilla--strength--kazhvar ;"
    after = changed(INVENTED, old, "q:lantern-battery--strength--kazhvar ;")
    name = "checks/sums-that-do-not-add-up"
    assert rows(after, name, "finding claim wholeLeast partsMost") == [
        ("parts fall short of the whole", "eq:17", 2700, 1340),
        ("parts fall short of the whole", "vt:16", 2000, 1340),
    ]


def test_a_figure_that_gets_a_note_is_no_finding(changed: Changed) -> None:
    after = changed(
        INVENTED, 'con:page "77" ; con:wording', 'con:page "77" ; con:note 6 ; con:wording'
    )
    assert ("eq:6",) not in rows(after, "checks/figures-without-a-note", "claim")


def test_a_question_that_lost_its_claim(changed: Changed) -> None:
    old = "con:answers q:reed-war--place ; con:object id:shurvezan ;"
    new = "con:answers q:order-of-the-fifth-bell--issuer ; con:object id:river-guild ;"
    after = changed(INVENTED, old, new)
    name = "checks/questions-without-answers"
    assert rows(after, name, "question about property withdrawn") == [
        ("q:reed-war--place", "id:reed-war", "property:place", 0)
    ]


def test_an_entity_that_lost_its_claim(changed: Changed) -> None:
    after = changed(INVENTED, "con:speaker id:ferryman-of-ummuz ; ", "")
    assert rows(after, "checks/entities-nobody-refers-to", "entity label type") == [
        ("id:ferryman-of-ummuz", "Ferryman of the Ummuz", "crm:E21_Person")
    ]


def test_a_work_that_comes_to_contradict_itself(changed: Changed) -> None:
    """The battle on 2 April, and in the abstract on a day in May."""
    after = changed(INVENTED, "[1731-04-01..1731-04-30]", "[1731-05-01..1731-05-31]")
    name = "checks/self-contradictions"
    assert rows(after, name, "question voice voiceLabel first firstPage second secondPage") == [
        (
            "q:battle-of-tushkel--date",
            "id:quillfeather-2001",
            "Quillfeather 2001",
            "eq:32",
            "30",
            "eq:33",
            "abstract",
        )
    ]


def test_what_the_author_no_longer_says_himself_is_no_contradiction(changed: Changed) -> None:
    old = """con:wording "1921'in başlarına kadar süren"@tr ;
    con:stance stance:endorses ;"""
    after = changed(ROOT, old, old.replace("endorses", "doubts"), whole=True)
    found = rows(after, "checks/self-contradictions", "question")
    assert found == []  # it is the only one
