"""The command line as a process: what people type, what they see, what the exit code says."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "tests" / "invented"
KG = [sys.executable, "-m", "kg"]


def kg(*arguments: object, cwd: Path = ROOT, stdin: str = "", **env: str):
    return subprocess.run(
        [*KG, *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("KG_")}, **env},
        check=False,
    )


def fails(done, code: int = 2) -> str:
    """The one line on stderr of a run that failed as it should."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_help_names_every_verb() -> None:
    done = kg("--help")
    assert done.returncode == 0
    for verb in ("check", "serve", "query", "export", "stats"):
        assert f"  {verb} " in done.stdout
        assert kg(verb, "--help").returncode == 0
    assert kg("--version").stdout.startswith("kg, version ")
    script = subprocess.run(
        [Path(sys.executable).parent / "kg", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert script.stdout == kg("--version").stdout


def test_the_dataset_is_chosen_in_four_ways(tmp_path: Path, empty: Path) -> None:
    def used(done) -> str:
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["dataset"]

    stats = ("stats", "--format", "json")
    assert used(kg(*stats, INVENTED, cwd=tmp_path)) == str(INVENTED)
    assert used(kg(*stats, "--dataset", INVENTED, cwd=tmp_path)) == str(INVENTED)
    assert used(kg(*stats, cwd=tmp_path, KG_DATASET=str(INVENTED))) == str(INVENTED)
    assert used(kg(*stats, cwd=INVENTED)) == str(INVENTED)
    assert used(kg(*stats, cwd=tmp_path)) == str(ROOT)
    line = fails(kg("stats", INVENTED, "--dataset", empty))
    assert "two datasets are named" in line


@pytest.mark.parametrize("verb", ["check", "query", "export", "stats", "serve"])
def test_a_folder_that_is_no_dataset(tmp_path: Path, verb: str) -> None:
    first = ["side-by-side"] if verb == "query" else []
    for bad in (tmp_path, tmp_path / "absent"):
        line = fails(kg(verb, *first, "--dataset", bad))
        assert str(bad) in line
        assert "(" in line, "no hint"
        assert len(line.splitlines()) == 1


def test_stats() -> None:
    done = kg("stats", INVENTED)
    assert done.returncode == 0
    assert str(INVENTED) in done.stdout
    assert "named on the command line" in done.stdout
    found = json.loads(kg("stats", INVENTED, "--format", "json").stdout)
    assert found["claims"]["total"] == sum(found["claims"]["by source"].values())
    assert set(found["claims"]["by source"]) == {"quillfeather-2001", "trostnikov-1998"}


def test_check_fine_findings_error(a_copy: Callable[..., Path], empty: Path) -> None:
    assert kg("check", INVENTED).returncode == 0
    assert kg("check", empty).returncode == 0
    folder = a_copy()
    path = folder / "data/sources/trostnikov-1998/claims.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("comparator:about", "comparator:abuot", 1), encoding="utf-8")
    done = kg("check", folder)
    assert done.returncode == 1
    assert "undefined-term" in done.stdout
    assert "claims.ttl:" in done.stdout
    assert "violation" in done.stderr
    path.write_text(text + "\nvt:1 con:page \n", encoding="utf-8")
    done = kg("check", folder)
    assert done.returncode == 2
    first, shown, caret = done.stderr.splitlines()
    assert f"claims.ttl:{len(text.splitlines()) + 2}:" in first
    assert "con:page" in shown
    assert caret.strip() == "^"


def test_check_gates_formats_and_baselines(a_copy: Callable[..., Path], tmp_path: Path) -> None:
    folder = a_copy()
    assert kg("check", folder, "--fail-on", "info").returncode == 1  # facts about the works
    assert kg("check", folder, "--fail-on", "warning").returncode == 0
    path = folder / "data/sources/trostnikov-1998/claims.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("con:stance ", "con:stanze ", 1), encoding="utf-8")
    report = tmp_path / "report.sarif"
    done = kg("check", folder, "-o", report)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(r"violations?, \d+ infos? in \d+\.\d\d s$", done.stderr.strip())
    assert json.loads(report.read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert "file" in fails(kg("check", folder, "-o", tmp_path / "absent" / "report.json"))
    known = tmp_path / "known.json"
    assert kg("check", folder, "--write-baseline", known).returncode == 0
    done = kg("check", folder, "--baseline", known, "--fail-on", "info")
    assert (done.returncode, done.stdout) == (0, "")
    assert "known, left out" in done.stderr
    path.write_text(text, encoding="utf-8")
    done = kg("check", folder, "--baseline", known)
    assert done.returncode == 0
    assert "no longer found: consh:claim-stance" in done.stderr
    assert "undefined-term" in done.stderr
    assert "baseline" in fails(kg("check", folder, "--baseline", report))


def test_check_explains_a_rule_and_a_shape() -> None:
    assert "ends before it begins" in kg("check", INVENTED, "--explain", "edtf-date").stdout
    assert "consh:claim-page" in kg("check", INVENTED, "--explain", "claim-page").stdout
    assert "did you mean edtf-date?" in fails(kg("check", INVENTED, "--explain", "etdf-date"))


def test_check_one_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "slip.ttl"
    path.write_text(
        "@prefix con: <https://w3id.org/contested/ontology#> .\n"
        "<https://example.org/mine/id/claim/book/1> a con:Claim ;\n"
        "    con:stanze <https://w3id.org/contested/vocab/stance/reports> .\n",
        encoding="utf-8",
    )
    done = kg("check", path, cwd=INVENTED)
    assert done.returncode == 1
    assert "did you mean con:stance?" in done.stdout
    heads = [x for x in done.stdout.splitlines() if x and not x.startswith((" ", "not shown: "))]
    assert len(heads) == 1
    assert "slip.ttl: " in heads[0]
    assert "no such file" in fails(kg("check", tmp_path / "absent.ttl"))


def test_query_by_name_file_and_stdin(tmp_path: Path) -> None:
    ask = "ASK { ?c a <https://w3id.org/contested/ontology#Claim> }"
    assert kg("query", "-", INVENTED, stdin=ask).stdout == "yes\n"
    path = tmp_path / "mine.rq"
    path.write_text(ask, encoding="utf-8")
    assert kg("query", path, "--dataset", INVENTED).stdout == "yes\n"
    assert kg("query", path, "--dataset", INVENTED, "--format", "json").stdout.startswith("{")
    by_name = kg("query", "figures/side-by-side", "--format", "csv")
    assert by_name.returncode == 0
    assert "60000" in by_name.stdout
    assert kg("query", "side-by-side", "--format", "csv").stdout == by_name.stdout
    listing = kg("query", "--list")
    assert "figures/side-by-side" in listing.stdout
    graph = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1"
    assert kg("query", "-", INVENTED, "--format", "ntriples", stdin=graph).stdout.endswith(" .\n")


def test_a_slip_in_an_argument_does_not_pass_for_an_empty_answer() -> None:
    done = kg("query", "figures/for-one-question", "-p", "question=q:nargin-camp--prisoners-hold")
    assert done.returncode == 0
    assert "did you mean q:nargin-camp--prisoners-held" in done.stderr


def test_an_impossible_date_keeps_the_server_from_starting(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    path = folder / "data/sources/trostnikov-1998/claims.ttl"
    text = path.read_text(encoding="utf-8")
    at = text.index('"^^edtf:EDTF')
    begin = text.rindex('"', 0, at)
    path.write_text(text[: begin + 1] + "1920-02-30" + text[at:], encoding="utf-8")
    line = fails(kg("serve", folder, "--port", "0"))
    assert "claims.ttl:" in line
    assert "'1920-02-30'" in line


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["query", "absent-query"], "", "no stored query 'absent-query'"),
        (["query", "-"], "SELECT * WHERE { ?s ?p }", "line 1, column"),
        (["query", "-"], "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> {} }", "never calls"),
        (["query", "-", "--format", "turtle"], "ASK {}", "--format"),
        (["query", "-", "--format", "csv"], "DESCRIBE <a:b>", "--format"),
        (["query", "-", "-p", "x=1"], "ASK {}", "only stored queries"),
        (["query", "side-by-side", "-p", "x"], "", "write --param name=value"),
        (["query", "side-by-side", "-p", "absent=1"], "", "takes no parameter"),
        (["export", "--source", "absent"], "", "there is no source"),
        (["export", "-o", "out.xyz"], "", "--output"),
        (["export", "-o", "/nowhere/at/all.ttl"], "", "can't be written"),
        (["serve", "--port", "99999"], "", "--port"),
        (["serve", "--base-iri", "nonsense"], "", "--base-iri"),
        (["serve", "--host", "not.an.address.invalid"], "", "--host"),
    ],
)
def test_one_clear_line(arguments: list[str], stdin: str, words: str) -> None:
    line = fails(kg(*arguments, stdin=stdin))
    assert words in line
    assert line.startswith("kg: ")
    assert len(line.splitlines()) == 1


def test_unknown_options_are_errors_too() -> None:
    assert kg("check", "--absent").returncode == 2
    assert kg("absent").returncode == 2
    assert kg("export", "--format", "yaml").returncode == 2


def test_debug_shows_the_traceback() -> None:
    done = kg("--debug", "query", "absent-query")
    assert "Traceback" in done.stderr
    assert done.returncode != 0


def test_export_to_a_file_and_to_stdout(tmp_path: Path) -> None:
    done = kg("export", INVENTED, "--format", "nquads")
    assert done.returncode == 0
    target = tmp_path / "out.nq"
    assert kg("export", INVENTED, "-o", target).returncode == 0
    assert target.read_text(encoding="utf-8") == done.stdout
    assert kg("export", INVENTED, "--format", "nquads").stdout == done.stdout


def test_a_closed_pipe_is_no_error() -> None:
    command = f"'{sys.executable}' -m kg export tests/invented --format nquads | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.stdout.count("\n") == 1


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        line = fails(kg("serve", INVENTED, "--port", taken.getsockname()[1]))
    assert "--port" in line
    assert "something else listens there" in line
