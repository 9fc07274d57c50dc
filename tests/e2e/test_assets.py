"""Files of others in the pages: their licences, and installs with and without them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "assets"))
import build  # noqa: E402

VENDOR = ROOT / "src/kg/web/static/vendor"
fetched = pytest.mark.skipif(
    not (VENDOR / "licences.json").is_file(),
    reason="the files of others are not here: run make assets",
)
ALLOWED = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Apache-2.0"}

LOOK = """
import json, sys
import kg
from kg.dataset import bundled
from kg.serve.plan import Plan
from kg.serve.simple import local_front, wsgi
from kg.settings import ServeSettings
from werkzeug.test import Client
c = Client(wsgi(local_front(Plan(bundled(), ServeSettings()))))
paths = ["/?lang=tr", "/map?lang=tr", "/about/licences", "/static/style.css",
         "/static/vendor/leaflet/leaflet.js", "/static/vendor/yasgui/LICENCES.txt"]
seen = {p: c.get(p, headers={"Accept": "text/html"}) for p in paths}
print(json.dumps([kg.__file__, {p: [r.status_code, r.text[:200_000]] for p, r in seen.items()}]))
"""


def unpacked(tree: Path, target: Path) -> dict[str, list]:
    """Build a wheel of a tree, unpack it alone, and look at some pages of what it serves."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", target],
        cwd=tree, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = target.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(target / "alone")
    env = {k: v for k, v in os.environ.items() if not k.startswith("KG_")}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=target, check=False, capture_output=True, text=True,
        env={**env, "PYTHONPATH": str(target / "alone")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    file, seen = json.loads(done.stdout)
    assert Path(file).is_relative_to(target)
    return seen


def plain_copy(target: Path) -> Path:
    """A checkout before anything was made in it: no catalogue compiled, nothing of others there."""
    made = shutil.ignore_patterns("*.mo", "vendor", "__pycache__")
    for folder in ("src", "data", "ontology", "queries"):
        shutil.copytree(ROOT / folder, target / folder, ignore=made)
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "LICENSE-DATA"):
        shutil.copyfile(ROOT / name, target / name)
    return target


def test_a_plain_install_speaks_four_languages_and_says_what_it_has_not(tmp_path: Path) -> None:
    tree = plain_copy(tmp_path / "tree")
    assert not list(tree.rglob("*.mo")) and not list(tree.rglob("vendor"))
    seen = unpacked(tree, tmp_path / "out")
    assert seen["/?lang=tr"][0] == 200 and "İçeriğe geç" in seen["/?lang=tr"][1]
    assert seen["/static/style.css"][0] == 200
    assert seen["/map?lang=tr"][0] == 200 and "vendor/" not in seen["/map?lang=tr"][1]
    assert "no map and no query editor" in seen["/about/licences"][1]
    assert seen["/static/vendor/leaflet/leaflet.js"][0] == 404


@fetched
def test_a_wheel_brings_the_map_and_the_editor_with_their_licences(tmp_path: Path) -> None:
    seen = unpacked(ROOT, tmp_path)
    assert "İçeriğe geç" in seen["/?lang=tr"][1]
    assert "vendor/leaflet/leaflet.js" in seen["/map?lang=tr"][1]
    assert seen["/static/vendor/leaflet/leaflet.js"][0] == 200
    assert "MIT" in seen["/static/vendor/yasgui/LICENCES.txt"][1]
    for name in ("GeoNames", "Natural Earth", "leaflet/LICENCES.txt", "dompurify", "Apache-2.0"):
        assert name in seen["/about/licences"][1], name


@fetched
def test_every_bundle_has_the_licence_text_of_all_that_is_in_it() -> None:
    listed = json.loads((VENDOR / "licences.json").read_text(encoding="utf-8"))
    assert {b["name"] for b in listed} == {p.name for p in VENDOR.iterdir() if p.is_dir()}
    for bundle in listed:
        texts = (VENDOR / bundle["name"] / "LICENCES.txt").read_text(encoding="utf-8")
        parts = texts.split("-" * 72)
        assert len(parts) == len(bundle["packages"])
        for package, part in zip(bundle["packages"], parts, strict=True):
            assert part.strip().startswith(f"{package['name']} {package['version']} (")
            assert package["licence"] in ALLOWED
            assert len(part) > 500, package
            assert "opyright" in part, package
    assert "fas`,n=`download`" in (VENDOR / "yasgui/yasgui.min.js").read_text(encoding="utf-8")
    for file in VENDOR.rglob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert "M216 0h80c13.3" not in text  # a drawing under CC BY
        assert "sourceMappingURL" not in text


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder of packages, and a function that puts one there."""
    monkeypatch.setattr(build, "MODULES", tmp_path)

    def package(name: str, licence: str, files: dict[str, str], **more: object) -> None:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        about = {"name": name, "version": "1.0.0", "license": licence, **more}
        (folder / "package.json").write_text(json.dumps(about))
        for file, text in files.items():
            (folder / file).write_text(text)

    return package


BUNDLE = {"name": "x", "package": "x", "files": ["x.js"], "below": "", "for": "a test"}


def listing(**stated: str) -> dict[str, object]:
    return {"allowed": sorted(ALLOWED), "stated": stated}


@pytest.mark.parametrize("licence", ["GPL-3.0", "MPL-2.0", "CC0-1.0", "", "UNLICENSED"])
def test_any_other_licence_is_refused(modules, tmp_path: Path, licence: str) -> None:
    modules("x", licence, {"x.js": "1", "LICENSE": "text"})
    with pytest.raises(build.Refused, match="not allowed"):
        build.put(BUNDLE, listing(), tmp_path / "out")


def test_a_package_without_a_text_is_refused(modules, tmp_path: Path) -> None:
    modules("x", "ISC", {"x.js": "1"})
    with pytest.raises(build.Refused, match="without the text"):
        build.put(BUNDLE, listing(), tmp_path / "out")


def test_a_package_inside_a_bundle_that_nobody_named_is_refused(modules, tmp_path: Path) -> None:
    sources = json.dumps({"sources": ["../node_modules/@a/b/c.js", "../src/x.js"]})
    modules("x", "MIT", {"x.js": "1", "LICENSE": "text", "x.map": sources})
    with pytest.raises(build.Refused, match="unlisted: @a/b"):
        build.put({**BUNDLE, "map": "x.map"}, listing(), tmp_path / "out")


def test_one_of_two_licences_is_taken_only_when_it_is_offered(modules, tmp_path: Path) -> None:
    modules(
        "x", "(MPL-2.0 OR Apache-2.0)", {"x.js": "1\n//# sourceMappingURL=x.map", "LICENSE": "text"}
    )
    with pytest.raises(build.Refused, match="correct"):
        build.put(BUNDLE, listing(), tmp_path / "out")
    with pytest.raises(build.Refused, match="correct"):
        build.put(BUNDLE, listing(x="MIT"), tmp_path / "out")
    shown = build.put(BUNDLE, listing(x="Apache-2.0"), tmp_path / "out")
    assert shown["packages"] == [{"name": "x", "version": "1.0.0", "licence": "Apache-2.0"}]
    assert (tmp_path / "out/x/x.js").read_text() == "1\n"


def test_the_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "assets/package-lock.json").read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name
    wanted = json.loads((ROOT / "assets/package.json").read_text(encoding="utf-8"))
    for version in [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]:
        assert version[0].isdigit()
