"""bench/results.md: one section for each bench, each written anew by its own command."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["RESULTS", "put"]

RESULTS = Path(__file__).resolve().parent / "results.md"
_HEAD = """# Results

Each section is written by the command that it names; how to read it: [README.md](README.md).
"""


def put(section: str, text: str, path: Path = RESULTS) -> None:
    """Replace a section of the file, or add it at the end; the others stay as they are."""
    old = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    head, *rest = re.split(r"^## ", old, flags=re.MULTILINE)
    titles = [part.partition("\n")[0] for part in rest]
    new = f"{section}\n\n{text.strip()}\n"
    if section in titles:
        rest[titles.index(section)] = new
    else:
        rest.append(new)
    parts = [head.strip(), *(f"## {part.strip()}" for part in rest)]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
