"""The tables of tests/invented/EXPECTED.md, which was worked out by hand from the model's rules."""

from __future__ import annotations

import re
from pathlib import Path

EXPECTED = Path(__file__).resolve().parents[1] / "invented" / "EXPECTED.md"


def table(heading: str) -> list[dict[str, str]]:
    """The first table below a heading of EXPECTED.md; code marks taken off."""
    text = EXPECTED.read_text(encoding="utf-8")
    match = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    assert match, f"EXPECTED.md has no heading {heading!r}"
    rows = [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in match.group(1).splitlines()
        if line.startswith("|")
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]
