"""Take the built files that the pages serve out of npm's packages, each with its licence texts.

Run by `make assets`. Reads bundles.toml, asks npm for exactly what package-lock.json says (no
script of a package is run), and writes src/kg/web/static/vendor whole or not at all.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
TARGET = HERE.parent / "src" / "kg" / "web" / "static" / "vendor"
TEXT = re.compile(r"(?:licen[cs]e|copying)(?:[.-].*)?", re.IGNORECASE)
INSIDE = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)/")
MAPPED = re.compile(r"\n?(?://# |/\*# )sourceMappingURL=[^\n*]*(?: ?\*/)?\n?")


class Refused(Exception):
    """A bundle that may not be served as it is; the message says why."""


def described(package: str) -> dict[str, Any]:
    """What a package says of itself."""
    found: dict[str, Any] = json.loads((MODULES / package / "package.json").read_text("utf-8"))
    return found


def licence(package: str, listed: dict[str, Any]) -> str:
    """The licence under which a package is taken. Raises Refused for one that is not allowed."""
    own = str(described(package).get("license") or "")
    taken: str = listed["stated"].get(package, own)
    if own and taken not in re.split(r" OR |[()]", own):
        raise Refused(f"{package} is under {own}, not {taken}: correct [stated] in bundles.toml")
    if taken not in listed["allowed"]:
        raise Refused(f"{package} is under {taken or 'no licence'}, which is not allowed")
    return taken


def text(package: str, name: str) -> str:
    """The text of a package's licence: its own file, or the common text with its authors."""
    folder = MODULES / package
    files = sorted(f for f in folder.iterdir() if f.is_file() and TEXT.fullmatch(f.name))
    files = [f for f in files if "MPL" not in f.name] or files
    if files:
        return "\n\n".join(f.read_text("utf-8").strip() for f in files) + "\n"
    common = HERE / "licences" / f"{name}.txt"
    if not common.is_file():
        raise Refused(f"{package} comes without the text of its licence ({name})")
    about = described(package)
    people = [about.get("author"), *about.get("contributors", [])]
    named = [p["name"] if isinstance(p, dict) else re.sub(r"\s*<.*", "", p) for p in people if p]
    if not named:
        raise Refused(f"{package} names no author for the text of its licence")
    return common.read_text("utf-8").replace("{holder}", ", ".join(named))


def check_inside(bundle: dict[str, Any]) -> None:
    """Refuse a bundle whose map names a package that the list does not."""
    if "map" not in bundle:
        return
    sources = json.loads((MODULES / bundle["package"] / bundle["map"]).read_text("utf-8"))
    inside = {INSIDE.findall(s)[-1] for s in sources["sources"] if INSIDE.search(s)}
    drawn = {bundle.get("drawings", {}).get("package")}
    unknown = inside - set(bundle.get("contains", ())) - drawn
    if unknown:
        raise Refused(f"{bundle['name']} has in it, unlisted: {', '.join(sorted(unknown))}")


def redrawn(script: str, drawings: dict[str, str]) -> str:
    """The script with our drawings in the place of those whose licence we do not take."""
    for name, path in drawings.items():
        if name == "package":
            continue
        pattern = rf"(=`fas`,\w+=`{re.escape(name)}`,[^;]*?=`)M[^`]+(`;)"
        script, count = re.subn(pattern, lambda m, p=path: m[1] + p + m[2], script)
        if count != 1:
            raise Refused(f"the drawing {name!r} was found {count} times, not once")
    return script


def put(bundle: dict[str, Any], listed: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Copy one bundle below `folder`; what the page of licences shows of it."""
    check_inside(bundle)
    source = MODULES / bundle["package"]
    target = folder / bundle["name"]
    for pattern in bundle["files"]:
        found = sorted(source.glob(pattern))
        if not found:
            raise Refused(f"{bundle['package']} has no file {pattern}")
        for file in found:
            copy = target / file.relative_to(source / bundle["below"])
            copy.parent.mkdir(parents=True, exist_ok=True)
            if file.suffix in (".js", ".css"):  # the maps they point at are not served
                words = MAPPED.sub("\n", file.read_text("utf-8"))
                if file.suffix == ".js":
                    words = redrawn(words, bundle.get("drawings", {}))
                copy.write_text(words, encoding="utf-8")
            else:
                shutil.copyfile(file, copy)
    packages = []
    texts = []
    for package in (bundle["package"], *bundle.get("contains", ())):
        name = licence(package, listed)
        version = described(package)["version"]
        packages.append({"name": package, "version": version, "licence": name})
        texts.append(f"{package} {version} ({name})\n\n{text(package, name)}")
    (target / "LICENCES.txt").write_text(f"\n{'-' * 72}\n\n".join(texts), encoding="utf-8")
    return {"name": bundle["name"], "for": bundle["for"], "packages": packages}


def build(npm: str) -> None:
    """Install, copy, and put the new folder in the place of the old one."""
    lock = HERE / "package-lock.json"
    seen = MODULES / ".package-lock.json"
    if not seen.is_file() or seen.stat().st_mtime < lock.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=HERE, check=True, stdout=sys.stderr)  # noqa: S603
        seen.touch()
    listed = tomllib.loads((HERE / "bundles.toml").read_text("utf-8"))
    fresh = TARGET.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shown = [put(bundle, listed, fresh) for bundle in listed["bundle"]]
    (fresh / "licences.json").write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)


if __name__ == "__main__":
    try:
        build(sys.argv[1])
    except (Refused, subprocess.CalledProcessError, OSError) as error:
        print(f"make assets: {error}", file=sys.stderr)
        sys.exit(2)
