"""What the program can do is documented, and what the documents say works."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import Group

from kg.catalogue import Catalogue
from kg.cli import main
from kg.engine import Answer
from kg.formats import FORMATS
from kg.names import Names
from kg.web import create_app
from kg.web.site import Site
from kg.web.tables import KINDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def build():
    spec = importlib.util.spec_from_file_location("build", ROOT / "docs" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["shapes.md", "terms.md", "queries.md", "rules.md"])
def test_reference_pages_are_up_to_date(name: str) -> None:
    assert build().PAGES[name]() == page(name), "run `make docs`"


def test_every_verb_and_option_is_documented() -> None:
    assert isinstance(main, Group)
    for name, command in main.commands.items():
        assert f"`kg {name}" in README, f"README.md does not name kg {name}"
        assert command.help
        for parameter in command.params:
            options = [o for o in parameter.opts if o.startswith("--")]
            for option in options:
                assert getattr(parameter, "help", None), f"kg {name} {option} has no help"


def test_every_route_is_documented() -> None:
    text = page("http.md")
    site = Site(
        Names(), Catalogue({}), None, "http://127.0.0.1/", lambda _: Answer(b"", FORMATS[0])
    )
    for rule in create_app(site).url_map.iter_rules():
        route = re.sub(r"<path:identifier>", "<id>", rule.rule)
        route = re.sub(r"<path:name>", "<name>", route)
        if route in ("/queries", "/api/queries/"):
            continue  # only adds or takes the slash
        if route == "/data/<name>":
            route = "/data/<id>.<suffix>"
        assert f"`{route}" in text, f"docs/http.md does not name {rule.rule}"


def test_every_route_has_one_row() -> None:
    rows = page("http.md").partition("\n\n## ")[0].splitlines()
    named = [route for row in rows for route in re.findall(r"`([/*][^`]*)`", row.split(" | ")[0])]
    assert len(named) > 30
    assert len(named) == len(set(named)), [x for x in named if named.count(x) > 1]


def test_every_promise_names_tests_that_are_there() -> None:
    rows = [row for row in page("threat-model.md").splitlines() if row.startswith("| ")][2:]
    assert len(rows) > 10
    for row in rows:
        cell = row.strip("| ").rpartition(" | ")[2]
        assert "`tests/" in cell, row
        for part in cell.split("; "):
            files = [ROOT / name for name in re.findall(r"`(tests/[^`]*)`", part)]
            assert all(file.exists() for file in files), part
            for name in re.findall(r"`(test_\w+)`", part):
                texts = [file.read_text(encoding="utf-8") for file in files]
                assert any(f"\ndef {name}(" in text for text in texts), name


def test_every_format_list_and_error_is_documented() -> None:
    from kg import errors

    for form in FORMATS:
        row = next(x for x in page("http.md").splitlines() if x.startswith(f"| {form.name} "))
        assert all(media in row for media in form.media_types)
        assert f" {form.suffix} " in row
    for name in KINDS:
        assert name in page("http.md")
    for name in errors.__all__:
        cls = getattr(errors, name)
        assert f"| `{cls.code}` | {cls.status} |" in page("errors.md"), name


def test_every_rule_has_its_anchor_and_every_report_format_is_named(article) -> None:
    from kg.reports import FORMATS as REPORTS
    from kg.rules import rules

    headings = re.findall(r"^## (.*)$", page("rules.md"), re.M)
    assert headings == sorted(rules(article))
    for form in REPORTS:
        assert f"`{form}`" in page("errors.md"), form


def test_links_in_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:", "mailto:")):
                assert (path.parent / target).exists(), f"{path.name} points to {target}"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


def environment() -> dict[str, str]:
    binaries = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}"}


def run(command: str, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=cwd, capture_output=True, text=True, env=environment(), timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_query_of_the_readme_and_its_output() -> None:
    (block,) = blocks("console")
    command, _, output = block.partition("\nEND\n")
    said = run(command.removeprefix("$ ") + "\nEND\n")
    assert [x.rstrip() for x in said.splitlines()] == output.rstrip("\n").splitlines()


def test_the_recipe_in_python() -> None:
    (block,) = blocks("python")
    said = run(f"python - <<'END'\n{block}\nEND")
    assert sorted(said.splitlines()) == ["824 15 bin kadar", "824 20.000-25.000 kadar"]


def test_the_example_in_the_package() -> None:
    said = run("python -W error::SyntaxWarning -m doctest src/kg/__init__.py && echo fine")
    assert said == "fine\n"


def test_the_recipe_for_export(tmp_path: Path) -> None:
    block = next(b for b in blocks("sh") if "kg export" in b)
    run(f"export KG_DATASET='{ROOT}'\n{block}", cwd=tmp_path)
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["everything.nq", "suleymanov.jsonld", "suleymanov.ttl"]


def test_the_recipe_for_curl(invented_client) -> None:
    """The query of the recipe, sent to the application as curl would send it."""
    block = next(b for b in blocks("sh") if "curl" in b)
    query = block.partition("'query=")[2].rpartition("'")[0]
    answer = invented_client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer.text.splitlines()[0] == "page,words"
    assert len(answer.text.splitlines()) > 10


def test_the_table_of_the_readme_is_what_the_data_says(article_client) -> None:
    rows = [r for r in README.splitlines() if re.match(r"^\| .*\| p\. 824", r) or "p. 824" in r]
    assert len(rows) == 4
    shown = (
        article_client.get("/page/question/russian-imperial-army--prisoners-taken").text
        + article_client.get("/page/question/nargin-camp--prisoners-held--in-all").text
    )
    for row in rows:
        figure = row.split("|")[2].strip()
        assert figure in shown
        note = re.search(r"note \d+", row).group()
        assert note in shown
