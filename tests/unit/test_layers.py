"""A room imports only rooms on lower floors (docs/architecture.md draws them)."""

from __future__ import annotations

import ast
from pathlib import Path

FLOORS = [
    {"errors", "terms", "positions", "blanks"},
    {"names", "formats", "settings", "intake", "bounded", "wordings"},
    {"dates", "figures", "catalogue", "negotiation", "finding"},
    {"dataset", "model", "sweep"},
    {"lineage", "rivals", "shacl"},
    {"store", "reference", "derive", "anchors", "policies", "sums", "changes"},
    {"exports", "coverage", "disputes", "shapes"},
    {"engine"},
    {"describe", "report", "reading", "rules", "explain"},
    {"web", "checking", "reports"},
    {"protocol", "ask"},
    {"serve"},
    {"cli", "pytest_plugin"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
PACKAGE = Path(__file__).resolve().parents[2] / "src" / "kg"
ENTRANCES = {"__init__", "__main__"}  # they open the house from outside


def rooms_imported(path: Path) -> set[str]:
    """The rooms of kg that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "kg":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kg."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("kg.")}
    return found - {"__version__"}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def files() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if room_of(p) not in ENTRANCES]


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in files()} == set(FLOOR)


def test_imports_go_downwards() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {other}"
        for path in files()
        for other in rooms_imported(path) - {room_of(path)}
        if FLOOR[other] >= FLOOR[room_of(path)]
    ]
    assert wrong == []


def test_only_one_room_knows_each_library() -> None:
    owners = {"pyshacl": {"reference"}, "edtf": {"dates"}, "granian": {"serve"}}
    for library, allowed in owners.items():
        for path in files():
            modules = {
                name
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                for name in (
                    [a.name for a in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
            }
            if any(m == library or m.startswith(f"{library}.") for m in modules):
                assert room_of(path) in allowed, f"{path.name} imports {library}"


def test_no_room_is_too_large_or_misnamed() -> None:
    for path in files():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 400, f"{path.name} has {lines} lines"
        assert path.stem not in {"utils", "helpers", "common", "manager", "base"}


def test_only_the_engine_evaluates_queries() -> None:
    for path in files():
        if room_of(path) == "engine":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr != "query" or room_of(path) in {"reference", "shacl"}, path
