"""results.json, README.md and the pinned engine tell one story."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter

from w3c import record

CONTENT = json.loads(record.RESULTS.read_text(encoding="utf-8"))


def test_readme_has_the_counts_of_the_last_run() -> None:
    text = record.README.read_text(encoding="utf-8")
    shown = text.partition(record.BEGIN)[2].partition(record.END)[0].strip()
    assert shown == record.table(CONTENT), "run `make conformance`"


def test_the_counts_are_those_of_the_tests() -> None:
    counted = Counter((t["group"], t["outcome"]) for t in CONTENT["tests"])
    stated = {(g, o): n for g, counts in CONTENT["counts"].items() for o, n in counts.items()}
    assert dict(counted) == stated
    names = [t["test"] for t in CONTENT["tests"]]
    assert len(names) == len(set(names)) == sum(record.SIZES.values())


def test_the_last_run_was_of_the_engine_that_is_pinned() -> None:
    pins = (record.ROOT / "constraints.txt").read_text(encoding="utf-8")
    (pinned,) = re.findall(r"^pyoxigraph==(\S+)", pins, re.MULTILINE)
    assert CONTENT["versions"]["pyoxigraph"] == pinned, "run `make conformance`"
    project = tomllib.loads((record.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert CONTENT["versions"]["contested"] == project["project"]["version"], (
        "run `make conformance`"
    )


def test_every_test_that_does_not_pass_has_its_reason() -> None:
    why = record.reasons()
    failed = {t["test"]: t["reason"] for t in CONTENT["tests"] if t["outcome"] == "failed"}
    assert failed == why.misses
    refused = {t["reason"] for t in CONTENT["tests"] if t["outcome"] == "refused by policy"}
    assert refused <= set(why.policy.values())
