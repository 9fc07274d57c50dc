"""`kg check` as people and machines call it: other people's shapes, changes, watching, limits."""

# ruff: noqa: E501

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg import dataset as datasets
from kg.checking import beyond, check
from kg.checking.changed import changed
from kg.checking.watch import Watch, watch
from kg.errors import CheckTimeout, DatasetError, SettingsError
from kg.shacl.graph import ShapesGraph
from kg.shacl.report import compared, read_report
from kg.shapes import Checker, findings

BIN = Path(sys.executable).parent
CLAIMS = "data/sources/trostnikov-1998/claims.ttl"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .
:S a sh:NodeShape ; sh:targetClass :P ; sh:property :N , :K .
:N a sh:PropertyShape ; sh:path :name ; sh:minCount 1 ; sh:message "A name, please." .
:K a sh:PropertyShape ; sh:path (:knows [ sh:inversePath :knows ]) ; sh:class :P ; sh:severity sh:Warning .
"""
DATA = """@prefix : <http://e/> .
:a a :P . :b a :Q ; :name "b" . :c :q 1 ; :knows :b . :a :knows :b .
"""
ONTOLOGY = """@prefix : <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Q rdfs:subClassOf :P . :q rdfs:domain :P .
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("s.ttl", SHAPES), ("d.ttl", DATA), ("o.ttl", ONTOLOGY)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(
    *words: str, cwd: Path, stdin: str = "", command: str = "kg"
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(BIN / command), *(["check"] if command == "kg" else []), *words],
        cwd=cwd, input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    "options", [(), ("-e", "o.ttl"), ("-e", "o.ttl", "-i", "rdfs"), ("-m",), ("-a",)]
)
def test_it_stands_in_for_the_pyshacl_command(folder: Path, options: tuple[str, ...]) -> None:
    ours = run("-s", "s.ttl", *options, "-f", "nt", "d.ttl", cwd=folder)
    theirs = run("-s", "s.ttl", *options, "-f", "nt", "d.ttl", cwd=folder, command="pyshacl")
    assert ours.returncode == theirs.returncode == 1, (ours.stderr, theirs.stderr)
    shapes = ShapesGraph(ox.parse(SHAPES, format=ox.RdfFormat.TURTLE))
    reports = [
        ShapesGraph(ox.parse(done.stdout, format=ox.RdfFormat.N_TRIPLES)) for done in (ours, theirs)
    ]
    rows = [compared(read_report(report), report, shapes) for report in reports]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("form", ["turtle", "xml", "json-ld", "nt", "n3"])
def test_reports_in_its_formats_are_read_back(folder: Path, form: str) -> None:
    from rdflib import Graph
    from rdflib.namespace import SH

    done = run("-s", "s.ttl", "-f", form, "-o", "report", "d.ttl", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the library's own
        report = Graph().parse(folder / "report", format=form)
    assert len(list(report.objects(None, SH.result))) == 2


def test_standard_input_and_words(folder: Path) -> None:
    done = run("-s", "s.ttl", "-", cwd=folder, stdin=DATA)
    assert done.returncode == 1
    assert done.stdout.startswith("Validation Report\nConforms: False\nResults (2):\n-:2:1:")
    nquads = '<http://e/a> <http://e/name> "x" <http://e/g> .\n'
    done = run("-s", "s.ttl", "-f", "table", "-", cwd=folder, stdin=nquads)
    assert (done.returncode, done.stdout) == (0, "Validation Report\nConforms: True\n")


def test_malformed_shapes_are_named_each(folder: Path) -> None:
    (folder / "s.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .
        :S sh:targetNode :a ; sh:node :T . :T sh:node :S . :U sh:minCunt 1 ; sh:targetNode :a .
        :V a sh:PropertyShape ; sh:path 5 . :W sh:targetNode :a ; sh:path (:p) .
        """
    )
    done = run("-s", "s.ttl", "d.ttl", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    for part in ("recursive: it leads back to", "<http://e/U>: SHACL has no sh:minCunt",
                 "<http://e/V>: sh:path is ill-typed", "<http://e/W>: sh:path is ill-typed"):  # fmt: skip
        assert part in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "query", ["sh:select", "sh:ask", "sh:construct", "sh:update"], ids=lambda q: q.partition(":")[2]
)
def test_a_query_that_calls_out_is_refused(folder: Path, query: str) -> None:
    for text in ("SELECT $this { SERVICE <http://127.0.0.1:1/> { $this ?p ?o } }", "LOAD <http://127.0.0.1:1/>",
                 "SELECT $this { \\\\u0053ERVICE <http://127.0.0.1:1/> {} }"):  # fmt: skip
        (folder / "s.ttl").write_text(SHAPES + f':Q {query} "{text}" .\n')
        done = run("-s", "s.ttl", "-a", "d.ttl", cwd=folder)
        assert done.returncode == 2
        assert "http://e/Q" in done.stderr and "another server" in done.stderr


def test_a_constraint_without_end_is_stopped_and_named(folder: Path) -> None:
    (folder / "s.ttl").write_text(SHAPES + ':N sh:pattern "^(a+)+$" .\n')
    (folder / "d.ttl").write_text(DATA + ':a :name "' + "a" * 60 + '!" .\n')
    start = time.monotonic()
    done = run("-s", "s.ttl", "--timeout", "1.5", "d.ttl", cwd=folder)
    assert time.monotonic() - start < 60
    assert done.returncode == 2
    assert (
        "did not end within 1.5 s; it was at <http://e/N>, PatternConstraintComponent"
        in done.stderr
    )


def test_a_query_without_end_is_stopped_and_named(folder: Path) -> None:
    many = " ".join(f":n{n} :name {n} ." for n in range(400))
    (folder / "d.ttl").write_text(DATA + many)
    (folder / "s.ttl").write_text(
        SHAPES
        + """: sh:declare [ sh:prefix "e" ; sh:namespace "http://e/" ] . :S sh:sparql :Q . :Q sh:prefixes : ;
        sh:select "SELECT $this { $this a e:P . ?a e:name ?x . ?b e:name ?y . ?c e:name ?z . FILTER (?x + ?y + ?z < 0) }" .
        """
    )
    done = run("-s", "s.ttl", "--timeout", "1", "d.ttl", cwd=folder)
    assert done.returncode == 2
    assert "it was at <http://e/Q>" in done.stderr


def test_a_rule_without_end_is_stopped_and_named(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    query = folder / "queries/checks/endless.rq"
    query.parent.mkdir(parents=True, exist_ok=True)
    query.write_text(
        "#+ summary: When will this end?\n#+ returns:\n#+   a: one\n"
        "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c + ?f + ?i < 0) }\n"
    )
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "all")
    for narrowed in ((), ("--changed",)):
        start = time.monotonic()
        done = run("--timeout", "4", str(folder), *narrowed, cwd=folder)
        assert time.monotonic() - start < 60
        assert done.returncode == 2
        assert "did not end within 4 s; it was at" in done.stderr
        assert "the rule endless" in done.stderr


FORMATS = "table json csv markdown html junit sarif github turtle jsonld human xml nt n3".split()


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_findings_about_other_peoples_data(folder: Path, form: str) -> None:
    done = run("-s", "s.ttl", "-f", form, "-o", "report", "d.ttl", cwd=folder)
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    text = (folder / "report").read_text(encoding="utf-8")
    assert "A name, please." in text
    assert ("d.ttl" in text) == (form not in ("turtle", "jsonld", "xml", "nt", "n3")), text


def test_a_baseline_and_gates_with_other_peoples_shapes(folder: Path) -> None:
    """A violation and a warning: without a gate both fail, as with pyshacl."""
    assert run("-s", "s.ttl", "d.ttl", cwd=folder).returncode == 1
    written = run("-s", "s.ttl", "--write-baseline", "known.json", "d.ttl", cwd=folder)
    assert written.returncode == 0
    assert "2 findings are known now" in written.stderr
    known = run("-s", "s.ttl", "--baseline", "known.json", "-f", "json", "d.ttl", cwd=folder)
    assert known.returncode == 0, known.stderr
    assert "2 known" in known.stderr
    more = DATA.replace(":a ", ":z ") + DATA
    found = run(
        "-s", "s.ttl", "--baseline", "known.json", "-f", "sarif", "-", cwd=folder, stdin=more
    )
    assert found.returncode == 1
    sarif = json.loads(found.stdout)["runs"][0]["results"]
    assert len(sarif) == 2
    assert all("http://e/z" in json.dumps(each) for each in sarif)


def test_verbose_says_what_was_left(folder: Path) -> None:
    (folder / "s.ttl").write_text(
        SHAPES
        + ":own a sh:ConstraintComponent ; sh:parameter [ sh:path :least ] ; sh:nodeValidator "
        '[ a sh:SPARQLSelectValidator ; sh:select "SELECT $this { }" ] . :S :least 1 .'
    )
    done = run("-s", "s.ttl", "--verbose", "d.ttl", cwd=folder)
    assert (
        "<http://e/S> is left to pySHACL: <http://e/own> is a constraint component" in done.stderr
    )
    assert "left" not in run("-s", "s.ttl", "d.ttl", cwd=folder).stderr


def test_both_names_and_excuses_departures(folder: Path) -> None:
    (folder / "s.ttl").write_text(
        SHAPES + ":D sh:targetNode :b ; sh:path [ sh:inversePath (:knows :name) ] ; sh:minCount 1 ."
        ':E sh:targetNode :a ; sh:path :x ; sh:uniqueLang "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .'
    )
    (folder / "d.ttl").write_text(DATA + ':a :x "u"@en , "v"@en .')
    done = run("-s", "s.ttl", "--engine", "both", "d.ttl", cwd=folder)
    assert done.returncode == 1, done.stderr
    assert "<http://e/E>: pySHACL differs, excused by uniqueLang" in done.stderr


def test_the_python_call(folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rdflib import Graph

    monkeypatch.chdir(folder)
    found = kg.check("d.ttl", shapes="s.ttl")
    assert [(f.focus, f.severity) for f in found] == [
        ("http://e/a", "violation"), ("http://e/a", "warning")]  # fmt: skip
    assert found[0].place == "d.ttl:2:1"
    as_graph = kg.check(Graph().parse("d.ttl"), shapes=Graph().parse("s.ttl"))
    store = ox.Store()
    store.load(path="d.ttl", format=ox.RdfFormat.TURTLE)
    assert as_graph == found  # places do not count
    assert [f.place for f in as_graph] == ["", ""]
    assert kg.check(store, shapes=["s.ttl"]) == found
    assert {f.severity for f in kg.check(root / "tests" / "invented")} == {"info"}
    with pytest.raises(DatasetError):
        kg.check("nothing.ttl", shapes="s.ttl")
    assert CheckTimeout.exit_code == 2


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org", *words],
        check=True, capture_output=True,
    )  # fmt: skip


def slips(folder: Path, chance: random.Random) -> None:
    """Some mistakes, and some changes that are none, in the files of a dataset."""
    olds = ["con:comparator comparator:about", 'con:page "', "con:stance ", "con:point ", "con:statedIn ",
            "con:answers ", "con:cites ", 'edtf:EDTF', "con:note "]  # fmt: skip
    files = sorted((folder / "data").rglob("*.ttl"))
    for _ in range(chance.choice((1, 2, 3))):
        path = chance.choice(files)
        text = path.read_text(encoding="utf-8")
        old = chance.choice(olds)
        places = [m.start() for m in re.finditer(re.escape(old), text)]
        if not places:
            path.write_text(text + "\n# a remark\n", encoding="utf-8")
            continue
        at = chance.choice(places)
        new = chance.choice([old.replace("con:", "con:x"), old + '"odd" ; ' + old, old.upper()])
        if old == 'con:page "':
            new = 'con:page "iv '
        mended = text[:at] + new + text[at + len(old) :]
        try:
            list(ox.parse(mended.encode(), format=ox.RdfFormat.TURTLE))
        except SyntaxError:
            continue
        path.write_text(mended, encoding="utf-8")


def test_changed_shows_what_the_change_can_affect(a_copy: Callable[..., Path]) -> None:
    """Of a full run nothing is left out but what stood there before in the same words."""
    folder = a_copy()
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    assert changed(datasets.load(folder)) == ()
    chance = random.Random(6)

    def plain(found):
        return set(found)

    at_rest = before = plain(check(datasets.load(folder)))
    shown_in_all = spared = 0
    for _ in range(8):
        slips(folder, chance)
        loaded = datasets.load(folder)
        full, shown = plain(check(loaded)), plain(changed(loaded))
        assert shown <= full
        assert full - shown <= before
        assert full - before <= shown
        shown_in_all += len(shown)
        spared += len(full - shown)
        before = full
        git(folder, "commit", "-qam", "slips", "--allow-empty")
    assert shown_in_all > 5
    assert spared > 5
    assert full - at_rest <= plain(changed(loaded, "HEAD~8")) <= full
    with pytest.raises(SettingsError, match="no such revision"):
        changed(loaded, "nowhere")
    done = run("--dataset", str(folder), "--changed=HEAD~8", cwd=folder)
    assert done.returncode == 1
    done = run("--dataset", str(folder), "--changed", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_translation_left_behind_is_named_when_its_wording_changes(
    a_copy: Callable[..., Path],
) -> None:
    folder = a_copy()
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    source = folder / "data/sources/trostnikov-1998"
    claims, translations = source / "claims.ttl", source / "translations.ttl"
    wording = claims.read_text(encoding="utf-8")
    claims.write_text(wording.replace("около 400 убитых", "почти 400 убитых"), encoding="utf-8")

    def told():
        every = changed(datasets.load(folder))
        return [f for f in every if f.rule == "translation-out-of-step"]

    found = told()
    assert {f.severity for f in found} == {"info"}
    rows = translations.read_text(encoding="utf-8").split("\n")
    line = 1 + next(n for n, row in enumerate(rows) if row.startswith("vt:1 "))
    assert {f.line for f in found} == {line}
    assert len(found) == 3
    text = "\n".join(rows).replace("about 400", "almost 400").replace("400-ə yaxın", "az qala 400")
    translations.write_text(text, encoding="utf-8")
    (turkish,) = told()
    assert turkish.value == '"400 kadar ölü"@tr'
    assert "read the two again" in turkish.message


def test_a_changed_shape_asks_for_everything(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    (folder / "ontology/shapes").mkdir()
    (folder / "ontology/shapes/mine.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<https://example.org/invented/s> sh:targetSubjectsOf <https://w3id.org/contested/ontology#page> ;\n"
        "  sh:property [ sh:path <https://w3id.org/contested/ontology#page> ; sh:maxLength 0 ] .\n"
    )
    notes: list[str] = []
    found = changed(datasets.load(folder), "HEAD", notes.append)
    assert len(found) > 5
    assert "everything is checked" in notes[0]


def test_watching_follows_what_is_saved(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    looked = Watch(folder)
    at_rest = looked.poll()
    assert {f.severity for f in at_rest} == {"info"}
    assert looked.poll() is None
    path = folder / CLAIMS
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("con:comparator comparator:about", 'con:comparator "about"', 1))
    found = looked.poll()
    assert found == (*findings(datasets.load(folder)), *beyond(datasets.load(folder)))
    assert "violation" in {f.severity for f in found}
    path.write_text(good + "a broken line\n")
    with pytest.raises(DatasetError):
        looked.poll()
    path.write_text(good)
    assert looked.poll() == at_rest


def test_watching_reads_only_what_was_saved(
    a_copy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_copy()
    looked = Watch(folder)
    looked.poll()
    read: list[Path] = []
    whole = datasets.read_file

    def noted(path: Path, graph: str) -> datasets.File:
        if graph:  # the tables of prefixes are read each time
            read.append(path)
        return whole(path, graph)

    monkeypatch.setattr(datasets, "read_file", noted)
    path = folder / CLAIMS
    path.write_text(path.read_text(encoding="utf-8").replace('con:page "', 'con:page "1', 1))
    assert looked.poll() is not None
    assert read == [path]
    moved = path.with_name("moved.ttl")
    path.rename(moved)
    read.clear()
    found = looked.poll()
    assert read == [moved]
    fresh = datasets.load(folder)
    assert found == (*findings(fresh), *beyond(fresh))
    moved.unlink()
    gone = looked.poll()
    fresh = datasets.load(folder)
    assert gone == (*findings(fresh), *beyond(fresh))
    assert gone != found


def test_the_loop_tells_findings_and_errors(a_copy: Callable[..., Path]) -> None:
    folder = a_copy()
    path = folder / CLAIMS
    said: list[object] = []

    def show(found, dataset, seconds: float) -> None:
        assert seconds > 0
        said.append({f.severity for f in found})

    watch(folder, show, said.append, every=0, rounds=3)
    assert said == [{"info"}]
    path.write_text(path.read_text(encoding="utf-8") + "broken", encoding="utf-8")
    watch(folder, show, said.append, every=0, rounds=2)
    assert len(said) == 2
    assert isinstance(said[1], DatasetError)


def test_one_changed_claim_is_judged_without_the_others(invented) -> None:
    """The kept validation looks at a handful of nodes, however many there are."""
    shapes = [q for file in invented.shapes for q in file.quads]
    data = [q for file in (*invented.files, *invented.ontology) for q in file.quads]
    kept = Checker(shapes, data)
    page = next(q for q in data if q.predicate.value.endswith("#page"))
    looked: set[int] = set()
    validator = kept._checker._validator
    ask = validator.faults
    validator.faults = lambda shape, nodes: looked.update(nodes) or ask(shape, nodes)
    update = kept.update(removed=[page])
    assert [f.rule.rpartition("#")[2] for f in update.appeared] == ["claim-page-or-section"]
    assert len(looked) < 30
    assert kept.update(added=[page]).gone == update.appeared
    assert kept.findings == ()


def test_the_pytest_plugin(folder: Path) -> None:
    def tests(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(BIN / "pytest"), "-p", "no:cacheprovider", "-q", *words],
            cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTEST_ADDOPTS": ""},
        )  # fmt: skip

    (folder / "e.ttl").write_text('@prefix : <http://e/> . :z a :P ; :name "z" .')
    done = tests("--kg-check", "d.ttl", "--kg-check", "e.ttl", "--kg-shapes", "s.ttl", "-rA")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 failed, 4 passed" in done.stdout
    assert "d.ttl:2:1: violation http://e/N http://e/a" in done.stdout
    assert "A name, please." in done.stdout
    assert tests("--kg-check", "e.ttl", "--kg-shapes", "s.ttl").returncode == 0
    (folder / "blank.ttl").write_text(SHAPES.replace(":N a", "_:n a").replace(":N ,", "_:n ,"))
    done = tests("--kg-check", "d.ttl", "--kg-shapes", "blank.ttl", "-rA")
    assert "d.ttl::sh:MinCountConstraintComponent" in done.stdout
    assert "violation sh:MinCountConstraintComponent http://e/a" in done.stdout
    assert "no such file" in tests("--kg-check", "none").stderr


def test_the_hooks_run_what_exists(folder: Path) -> None:
    import yaml

    root = Path(__file__).resolve().parents[2]
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in hooks} == {"kg-check", "kg-check-shapes"}
    for hook in hooks:
        assert {"id", "name", "entry", "language"} <= set(hook)
        assert re.compile(hook["files"]).search("data/sources/x/claims.ttl")
        assert hook["entry"].startswith("kg check")
    words = next(h for h in hooks if h["id"] == "kg-check-shapes")["entry"].split()[2:]
    assert run(*words, "--shapes", "s.ttl", "d.ttl", cwd=folder).returncode == 1


@pytest.mark.parametrize("system", ["GitHub Actions", "GitLab CI"])
def test_the_snippets_for_ci_run(folder: Path, system: str) -> None:
    """Each command line of a snippet, but the installation, run as it stands there."""
    import yaml

    page = (Path(__file__).resolve().parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
    block = page.partition(f"## {system}")[2].partition("```yaml\n")[2].partition("```")[0]
    document = yaml.safe_load(block)
    if system == "GitLab CI":
        lines = document["kg-check"]["script"]
    else:
        lines = [s["run"] for s in document["jobs"]["kg-check"]["steps"] if "run" in s]
    commands = [line for text in lines for line in text.splitlines() if not line.startswith("pip ")]
    assert commands
    (folder / "shapes.ttl").write_text(SHAPES)
    (folder / "data").mkdir()
    (folder / "data" / "d.ttl").write_text(DATA)
    for command in commands:
        done = subprocess.run(
            ["bash", "-ec", command], cwd=folder, capture_output=True, text=True, check=False,
            env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert done.returncode == 1, command + done.stderr
