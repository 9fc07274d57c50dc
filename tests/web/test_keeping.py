"""What pages keep: never of another version of the data, never more than was allowed."""

from __future__ import annotations

from kg.web.keeping import Kept


def test_what_is_kept_belongs_to_one_version() -> None:
    kept = Kept(100)
    kept.put("1", "a", "first", 10)
    assert kept.get("1", "a") == "first"
    assert kept.get("2", "a") is None
    kept.put("2", "b", "second", 10)
    assert kept.get("2", "a") is None
    assert kept.get("1", "a") is None  # it was forgotten with its version
    assert (len(kept), kept.size) == (1, 10)


def test_nothing_is_kept_where_the_version_is_not_known() -> None:
    kept = Kept(100)
    kept.put("", "a", "text", 10)
    assert kept.get("", "a") is None
    assert len(kept) == 0


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept = Kept(30)
    for key in "abc":
        kept.put("1", key, key, 10)
    kept.get("1", "a")
    kept.put("1", "d", "d", 10)
    assert kept.many("1", "abcd") == {"a": "a", "c": "c", "d": "d"}
    assert kept.size == 30


def test_the_same_key_counts_once_and_a_value_too_large_is_not_kept() -> None:
    kept = Kept(30)
    kept.put("1", "a", "short", 10)
    kept.put("1", "a", "longer", 25)
    assert (kept.get("1", "a"), kept.size) == ("longer", 25)
    kept.put("1", "b", "too long", 31)
    assert kept.get("1", "b") is None
    assert kept.get("1", "a") == "longer"
