"""``kg explain`` at the terminal."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from kg.cli import main

ROOT = Path(__file__).resolve().parents[2]


def kg(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, [*arguments])
    return done.exit_code, done.stdout, done.stderr


def test_explain_says_it_in_the_language() -> None:
    code, out, _ = kg("explain", "sul:45", str(ROOT), "--lang", "tr")
    assert code == 0
    assert "M. Süleymanov 2022'ye göre: Sovyet işgali (s. 823;" in out


def test_a_name_may_be_an_id_or_an_address() -> None:
    names = ("q:nargin-camp--stationed-at", "question/nargin-camp--stationed-at")
    address = "https://w3id.org/contested/id/question/nargin-camp--stationed-at"
    outs = {kg("explain", name, str(ROOT))[1] for name in (*names, address)}
    assert len(outs) == 1
    assert outs.pop().startswith("Where was the Nargin camp?\n")


def test_trace_lists_the_claims_behind_each_clause() -> None:
    code, out, _ = kg("explain", "q:lankaran-astara-rising--ended", str(ROOT), "--trace")
    assert code == 0
    lines = out.splitlines()
    said = lines.index(
        "(1) and (2) are both the word of M. Süleymanov 2022; as read here, they exclude"
        " each other."
    )
    assert lines[said + 1] == "    contradicts: sul:49, sul:50"
    assert lines[-2:] == [
        "One independent line stands behind these answers: M. Süleymanov 2022.",
        "    supported: sul:49, sul:50",
    ]


def test_policy_and_width_are_those_of_disputes() -> None:
    asked = ("explain", "q:battle-of-tushkel--killed--soldiers", str(ROOT / "tests/invented"))
    code, out, _ = kg(*asked, "--policy", "not-doubted", "--about", "0", "--format", "json")
    assert code == 0
    told = json.loads(out)
    assert (told["policy"], told["about_width"]) == ("not-doubted", 0.0)
    dropped = [clause for clause in told["clauses"] if clause["clause"] == "left-out"]
    assert [c["claims"] for c in dropped] == [
        ["https://example.org/invented/id/claim/trostnikov-1998/2"]
    ]
    # Without a width 412 and about 400 exclude each other.
    assert any("(1) and (3) exclude each other." in clause["text"] for clause in told["clauses"])


def test_wrong_names_policies_and_shares_are_errors() -> None:
    where = str(ROOT)
    code, out, err = kg("explain", "sul:66666", where)
    assert (code, out) == (2, "")
    assert err.startswith("kg: CLAIM|QUESTION: there is no claim or question 'sul:66666' (did you")
    assert kg("explain", "sul:6", where, "--policy", "mine")[0] == 2
    assert kg("explain", "sul:6", where, "--about", "2")[0] == 2
    assert kg("explain", "sul:6", where, "--lang", "de")[0] == 2


def test_disputes_show_beside_the_count_what_shares_a_file_or_an_author() -> None:
    _, out, _ = kg("disputes", str(ROOT / "tests/invented"))
    horses = "same file: q:siege-of-kazhvar--losses--horses: eq:11 and vt:12: id:record-7-2-31"
    assert f"{horses}, a leaf in common\n" in out
    assert "same author: q:battle-of-tushkel--wounded--soldiers: eqcite:n3\n" in out
