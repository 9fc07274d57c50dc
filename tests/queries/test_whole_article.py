"""Questions that need the whole article: counts by page and leaf, and answers that change when one
claim is changed in the Turtle, worked out by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import pyoxigraph as ox
import pytest
from stored import ROOT, Asked
from test_changed_claims import adding, of

from kg.names import prov

INVENTED = ROOT / "tests" / "invented"
Changed = Callable[..., Asked]

# Claims without a note, page by page. Counted against the text on pp. 834 (the sentence before
# heading 4, the one under it, and the last before note 51), 835 (all from "Sovyet yönetimine
# karşı mücadele başladığında", but for note 55 on the next page), 836 (the chief of the 4th
# militia) and 840 (the last three sentences).
WITHOUT_NOTE = {
    "abstract (English)": 38,
    "abstract (Russian)": 31,
    "abstract (Turkish)": 31,
    "823": 49,
    "824": 21,
    "825": 15,
    "826": 31,
    "826-827": 2,
    "827": 16,
    "828": 31,
    "829": 15,
    "830": 17,
    "831": 63,
    "832": 16,
    "833": 28,
    "834": 11,
    "835": 15,
    "835-836": 1,
    "836": 3,
    "840": 6,
    "841": 34,
}

# Claims that rest on fonds 1059, inventory 1, file 7, by citation, in the order of the leaves.
# Notes 54 and 66 are written out in golden/sources/resting-on-a-file.json, as are 55 and 58.
ON_FILE_7 = {
    ("sulcite:n54", 14, 14): 14,
    ("sulcite:n55b", 19, 19): 5,
    ("sulcite:n58", 19, 19): 8,
    ("sulcite:n59", 117, 118): 12,
    ("sulcite:n50a", 230, 230): 40,
    ("sulcite:n55a", 230, 230): 2,
    ("sulcite:n60", 230, 230): 37,
    ("sulcite:n50b", 230, 232): 40,
    ("sulcite:n56", 231, 231): 22,
    ("sulcite:n52", 232, 232): 4,
    ("sulcite:n53", 258, 264): 60,
    ("sulcite:n57", 259, 260): 25,
    ("sulcite:n62", 259, 260): 20,
    ("sulcite:n66", 303, 303): 22,
}


def test_claims_without_a_note_page_by_page(asked_of: Mapping[str, Asked]) -> None:
    rows = asked_of["whole"].rows("claims/without-note")
    assert Counter(row["page"] for row in rows) == WITHOUT_NOTE


def test_what_the_author_doubts_has_a_reason(asked_of: Mapping[str, Asked]) -> None:
    rows = asked_of["whole"].rows("claims/doubted")
    assert len(rows) == 7
    assert all(row["reason"] for row in rows)


def test_claims_that_rest_on_one_file_leaf_by_leaf(asked_of: Mapping[str, Asked]) -> None:
    rows = asked_of["whole"].rows("sources/resting-on-a-file")
    keys = [(row["citation"], row["firstLeaf"], row["lastLeaf"]) for row in rows]
    assert Counter(keys) == ON_FILE_7
    assert list(dict.fromkeys(keys)) == list(ON_FILE_7)


@pytest.mark.parametrize(
    ("name", "params", "claim"),
    [
        ("people/names", {"person": "samed-bey-refibeyov"}, "sul:2321"),
        ("places/names", {}, "sul:178"),
    ],
)
def test_a_withdrawn_name_is_no_name(
    name: str, params: dict[str, str], claim: str, asked_of: Mapping[str, Asked]
) -> None:
    before = asked_of["whole"]
    withdrawal = ox.NamedNode(before.dataset.names.thing("suleymanov-2022"))
    after = adding(before, claim, prov.wasInvalidatedBy, withdrawal)
    assert (claim,) in of(before.rows(name, params), "claim")
    assert (claim,) not in of(after.rows(name, params), "claim")
    assert len(after.rows(name, params)) == len(before.rows(name, params)) - 1


def test_an_event_is_dated_otherwise(changed: Changed) -> None:
    after = changed(INVENTED, 'con:date "1734-22"^^', 'con:date "1735"^^')
    rows = after.rows("events/where-and-when", {"kind": "con:War"})
    assert of(rows, "property", "value", "earliest", "latest", "claim") == [
        ("property:ended", "1735", "1735-01-01", "1735-12-31", "eq:34"),
        ("property:ended", "1734-11", "1734-11-01", "1734-11-30", "vt:28"),
        ("property:place", "id:shurvezan", None, None, "eq:36"),
    ]


def test_another_leads(changed: Changed) -> None:
    old = "con:object id:1st-heron-regiment ; con:role role:attacker ;"
    after = changed(INVENTED, old, "con:object id:sedge-marlwick ; con:role role:leader ;")
    rows = after.rows("events/leaders", {"kind": "con:MilitaryOperation"})
    assert of(rows, "event", "leader", "how", "claim") == [
        ("id:siege-of-kazhvar", "id:sedge-marlwick", "role:leader", "eq:22")
    ]


def test_a_unit_gets_another_strength_and_another_side(changed: Changed) -> None:
    old = (
        "con:object id:lantern-battery ; con:role role:artillery-support ; con:onSide side:other ;"
    )
    after = changed(INVENTED, old, old.replace("side:other", "side:insurgent"))
    rows = after.rows("participation/units-and-strength", {"event": "siege-of-kazhvar"})
    assert of(rows, "onSide", "unit", "strengthPoint")[0] == (
        "side:insurgent",
        "id:lantern-battery",
        90,
    )


def test_the_units_of_a_part_of_the_event_are_among_its_units(changed: Changed) -> None:
    old = "con:about id:reed-war ; con:property property:place ."
    new = "con:about id:siege-of-kazhvar ; con:property property:part-of ."
    folder = changed(INVENTED, old, new)
    rows = folder.rows("participation/units-and-strength", {"event": "shurvezan"})
    assert {row["action"] for row in rows} == {"id:siege-of-kazhvar"}
    assert len(rows) == 4


def test_another_man_is_of_the_group(changed: Changed) -> None:
    old = 'con:object id:oshunguz-pasha ; con:holdsDuring "1732"'
    after = changed(INVENTED, old, old.replace("oshunguz-pasha", "tolya-lampwright"))
    rows = after.rows("people/of-a-group", {"group": "1st-heron-regiment"})
    assert of(rows, "person", "claim") == [
        ("id:oshunguz-pasha", "vt:26"),
        ("id:sedge-marlwick", "eq:30"),
        ("id:tolya-lampwright", "eq:31"),
    ]


def test_a_claim_rests_on_another_leaf(changed: Changed) -> None:
    old = "con:firstLeaf 88 ; con:lastLeaf 88 ; con:note 5 ; con:resolution"
    after = changed(INVENTED, old, old.replace("88", "7"))
    rows = after.rows(
        "sources/resting-on-a-file", {"fonds": "7", "inventory": "2", "file": "31", "leaf": "7"}
    )
    assert of(rows, "claim", "firstLeaf") == [("eq:11", 7)]


def test_what_happened_falls_outside_the_days(changed: Changed) -> None:
    old = 'con:holdsDuring "[1731-10-01..1731-10-09]"'
    after = changed(INVENTED, old, 'con:holdsDuring "[1732-01-01..1732-01-09]"')
    days = {"place": "kazhvar", "from": "1731-10-01", "to": "1731-12-31"}
    assert after.rows("places/what-happened", days) == []
    days["to"] = "1732-01-01"
    assert of(after.rows("places/what-happened", days), "claim") == [("eq:29",)]


def test_an_undated_event_moves_with_the_one_before_it(changed: Changed) -> None:
    """The attack on the prison came after the arrest of Sultanov, and has no date of its own."""
    old = 'q:arrest-of-sultanov--date ; con:date "1921-10-21"^^'
    later = changed(ROOT, old, old.replace("10-21", "12-24"), whole=True)
    days = {"from": "1921-12-20", "to": "1921-12-31"}
    attack = [r for r in later.rows("places/what-happened", days) if "attack" in r["thing"]]
    assert {(row["basis"], row["earliest"], row["latest"]) for row in attack} == {
        ("after a dated event", "1921-12-24", None)
    }
    assert len(attack) == 6


def test_the_least_total_rises_with_a_part(changed: Changed) -> None:
    old = "con:answers q:infantry-of-nukha--strength ; con:point 35 ;"
    after = changed(ROOT, old, old.replace("35", "60"), whole=True)
    rows = after.rows("figures/parts-and-whole")
    assert of(rows, "row", "least", "unnumbered")[-2:] == [
        ("sum of the parts", 280, 1),
        ("sum with the possible parts", 370, 1),
    ]


def test_a_thing_is_counted_in_people(changed: Changed) -> None:
    after = changed(INVENTED, "con:unitCounted unit:horse ;", "con:unitCounted unit:person ;")
    assert of(after.rows("figures/of-things"), "claim") == [("eq:12",), ("vt:13",)]


def test_a_new_spelling_of_a_person(changed: Changed) -> None:
    after = changed(INVENTED, '"ÖŞÜNGÜZ"@tr , ', '"Öşüngüz"@tr , ')
    rows = after.rows("people/names", {"person": "oshunguz-pasha"})
    assert of(rows, "kind", "name")[-1] == ("spelling", "Öşüngüz")


def test_a_new_spelling_of_a_place(changed: Changed) -> None:
    after = changed(INVENTED, '"Tushkel [توشكل] town"@en ;', '"Tishkel"@en ;')
    assert of(after.rows("places/names"), "name")[0] == ("Tishkel",)


def test_a_town_changes_hands_in_another_order(changed: Changed) -> None:
    old = 'con:holdsDuring "1731-08/1731-10"'
    after = changed(INVENTED, old, 'con:holdsDuring "1730"')
    assert of(after.rows("places/held-by"), "holder", "claim") == [
        ("id:river-guild", "vt:24"),
        ("id:reed-band", "eq:27"),
        ("id:1st-heron-regiment", "eq:28"),
    ]
