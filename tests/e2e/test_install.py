"""From a bare wheel in an empty environment: the dataset travels with the program."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(*command: object, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, capture_output=True, text=True, timeout=600,
        check=False,
        env={k: v for k, v in os.environ.items() if not k.startswith(("KG_", "PYTHON"))} | env,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--wheel-dir", out, ROOT, cwd=out,
    )  # fmt: skip
    (found,) = out.glob("contested-*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment that holds the wheel and what it needs, at the
    releases of constraints.txt."""
    folder = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    pins = re.findall(r"^([\w.-]+==[^\s;\\]+)", (ROOT / "constraints.txt").read_text(), re.M)
    constraints = folder / "pins.txt"
    constraints.write_text("\n".join(pins), encoding="utf-8")
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "-c", constraints, wheel, cwd=folder)
    return python


def test_the_wheel_carries_the_dataset(python: Path, tmp_path: Path) -> None:
    kg = python.parent / "kg"
    stats = json.loads(run(kg, "stats", "--format", "json", cwd=tmp_path))
    assert "bundled" in stats["dataset"]
    assert str(ROOT) not in stats["dataset"]
    here = json.loads(
        run(sys.executable, "-m", "kg", "stats", ROOT, "--format", "json", cwd=tmp_path)
    )
    assert stats["digest"] == here["digest"]
    assert stats["queries"] == here["queries"] > 8
    table = run(kg, "query", "figures/side-by-side", "--format", "csv", cwd=tmp_path)
    assert "60000" in table
    assert (python.parent.parent / "lib").exists()


def test_python_m_kg_and_the_page_templates(python: Path, tmp_path: Path) -> None:
    script = (
        "from kg.dataset import bundled; from kg.serve.plan import Plan; "
        "from kg.serve.simple import local_front, wsgi; from kg.settings import ServeSettings; "
        "from werkzeug.test import Client; "
        "c = Client(wsgi(local_front(Plan(bundled(), ServeSettings())))); "
        "print(c.get('/').status_code, c.get('/static/style.css').status_code)"
    )
    assert run(python, "-W", "ignore", "-c", script, cwd=tmp_path).split() == ["200", "200"]
    assert run(python, "-m", "kg", "--version", cwd=tmp_path).startswith("kg, version")


def test_the_recipe_for_ci(python: Path, wheel: Path, tmp_path: Path) -> None:
    """The README's five lines, with the wheel that was just built."""
    block = next(b for b in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S) if "mine" in b)
    claims = tmp_path / "claims.ttl"
    claims.write_text(
        """@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix comparator: <https://w3id.org/contested/vocab/comparator/> .
@prefix con: <https://w3id.org/contested/ontology#> .
@prefix crm: <http://www.cidoc-crm.org/cidoc-crm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix mode: <https://w3id.org/contested/vocab/count-mode/> .
@prefix property: <https://w3id.org/contested/vocab/property/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix review: <https://w3id.org/contested/vocab/review/> .
@prefix stance: <https://w3id.org/contested/vocab/stance/> .
@prefix unit: <https://w3id.org/contested/vocab/unit/> .
@prefix id: <https://example.org/mine/id/> .

<https://example.org/mine/id/claim/my-book/1> a con:Claim ;
    con:answers <https://example.org/mine/id/question/band--strength> ;
    con:point 30 ; con:comparator comparator:nearly ;
    con:statedIn id:my-book ; con:page "7" ; con:wording "nearly thirty"@en ;
    con:stance stance:endorses ; con:reviewStatus review:read .

<https://example.org/mine/id/question/band--strength> a con:Question ;
    rdfs:label "How strong was the band?"@en ;
    con:about id:band ; con:property property:strength ;
    con:unitCounted unit:person ; con:population id:men ; con:countMode mode:stock .

id:band a con:ArmedGroup ; rdfs:label "The band"@en ; con:identityNote "A band in a test."@en .
id:men a <http://www.w3.org/2004/02/skos/core#Concept> ; rdfs:label "Men of the band"@en .
id:my-book a bibo:Book ; rdfs:label "My book"@en ; dcterms:title "A book"@en .
""",
        encoding="utf-8",
    )
    path = f"{python.parent}:{os.environ['PATH']}"
    said = run(
        "bash", "-euo", "pipefail", "-c", block, cwd=tmp_path, PATH=path, CONTESTED=str(wheel)
    )
    assert "my-book" in said
    (tmp_path / "mine/ontology").rmdir()
    done = subprocess.run(
        [python.parent / "kg", "check", "mine"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "ontology/" in done.stderr


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make: install make")
def test_make_says_in_one_line_that_python_is_too_old(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, clone / name)
    old = tmp_path / "python2"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "check", f"PYTHON={old}"], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    first = done.stderr.splitlines()[0]
    assert "Python 3.11" in first
    assert "PYTHON=" in first
