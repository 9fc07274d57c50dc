"""What a run gave: results.json, the table of README.md, and the verdict.

Everything is in a fixed order and holds no time, so that two runs of one state write one file.
"""

from __future__ import annotations

import json
import platform
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from w3c.evaluation import FAILED, FOLDERS, PASSED, REFUSED, Outcome

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
RESULTS = HERE.parent / "results.json"
REASONS = HERE / "reasons.toml"
README = ROOT / "README.md"
BEGIN, END = "<!-- conformance -->", "<!-- /conformance -->"
# How many tests each group has: a run with fewer is not a run of the whole suite.
SIZES = {
    "SPARQL 1.1 Query": 328,
    "SPARQL 1.1 Update": 157,
    "SPARQL 1.1 result formats": 10,
    "SPARQL 1.1 Federated Query": 10,
    "SPARQL 1.1 Protocol": 34,
    "SPARQL 1.1 Service Description": 3,
    "SPARQL 1.1 Graph Store Protocol": 13,
    "the same, told in prose": 18,
}
WHOLE = tuple(name for name in SIZES if name not in FOLDERS)  # groups where nothing may miss
# SERVICE tests need other endpoints on the net; what remains is what an engine can be held to.
NEEDS_THE_NET = "service/"
AT_LEAST = 476


@dataclass(frozen=True)
class Reasons:
    """Why a test may fail, and why a query is refused, by the name of the test or its keyword."""

    misses: dict[str, str]
    policy: dict[str, str]


def reasons() -> Reasons:
    table = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    misses = {test: entry["why"] for entry in table["miss"] for test in entry["tests"]}
    assert len(misses) == sum(len(entry["tests"]) for entry in table["miss"]), "a test twice"
    return Reasons(misses, table["policy"])


def document(groups: dict[str, list[Outcome]], why: Reasons) -> dict[str, Any]:
    """The content of results.json."""
    tests = []
    for group, outcomes in groups.items():
        for outcome in outcomes:
            entry = {"test": outcome.test, "group": group, "outcome": outcome.outcome}
            if outcome.outcome == REFUSED:
                entry["reason"] = why.policy[outcome.detail]
            elif outcome.outcome == FAILED:
                entry["reason"] = why.misses.get(outcome.test, outcome.detail)
            elif outcome.detail:
                entry["reason"] = outcome.detail
            tests.append(entry)
    return {
        "versions": {
            "contested": version("contested"),
            "pyoxigraph": version("pyoxigraph"),
            "python": ".".join(platform.python_version_tuple()[:2]),
        },
        "counts": {
            group: dict(sorted(Counter(o.outcome for o in outcomes).items()))
            for group, outcomes in groups.items()
        },
        "tests": tests,
    }


def write(content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    # One test a line: a change of one outcome is a change of one line.
    text = re.sub(
        r"\{\n   (\"test\".*?)\n  \}",
        lambda m: "{" + re.sub(r"\n\s*", " ", m.group(1)) + "}",
        text,
        flags=re.DOTALL,
    )
    RESULTS.write_text(text, encoding="utf-8")


def table(content: dict[str, Any]) -> str:
    """The table of README.md."""
    lines = [
        "| W3C suite | tests | pass | refused by policy | miss |",
        "| --- | --- | --- | --- | --- |",
    ]
    for group, counts in content["counts"].items():
        numbers = [counts.get(kind, 0) for kind in (PASSED, REFUSED, FAILED)]
        cells = " | ".join(map(str, [sum(numbers), *numbers]))
        lines.append(f"| {group} | {cells} |")
    return "\n".join(lines)


def write_readme(content: dict[str, Any]) -> None:
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    assert after, f"README.md has no {BEGIN} … {END}"
    README.write_text(f"{before}{BEGIN}\n{table(content)}\n{END}{after}", encoding="utf-8")


def faults(groups: dict[str, list[Outcome]], why: Reasons) -> list[str]:
    """What makes a run a failure: a miss without a reason, a reason without a miss, a group that
    is not whole, too few passes."""
    wrong = []
    for group, size in SIZES.items():
        if len(groups.get(group, [])) != size:
            wrong.append(f"{group}: {len(groups.get(group, []))} tests, the suite has {size}")
    every = [o for outcomes in groups.values() for o in outcomes]
    failed = {o.test: o.detail for o in every if o.outcome == FAILED}
    for test, detail in failed.items():
        if test not in why.misses:
            wrong.append(f"{test}: {detail}")
    wrong += [
        f"{test} is in reasons.toml and does not fail: strike it out"
        for test in why.misses
        if test not in failed
    ]
    for group in WHOLE:
        wrong += [f"{o.test}: all of {group} must pass" for o in groups[group] if o.test in failed]
    engine = [
        o for g in FOLDERS for o in groups.get(g, [])
        if not o.test.startswith(NEEDS_THE_NET) and o.outcome != REFUSED
    ]  # fmt: skip
    passes = sum(o.outcome == PASSED for o in engine)
    if passes < AT_LEAST:
        wrong.append(f"{passes} of {len(engine)} pass, at least {AT_LEAST} must")
    return wrong
