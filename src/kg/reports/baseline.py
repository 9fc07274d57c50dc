"""Baselines: the findings of an old dataset that are known, so that only new ones fail a run.

A baseline is a JSON file with one line for each finding, by fingerprint: lines may move and files
be split without any becoming new. Where several findings have one fingerprint, it holds how many.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import SettingsError
from kg.exports.files import write_whole
from kg.names import Names
from kg.reports.model import fingerprint, rule_name
from kg.shapes import Finding

__all__ = ["Baseline", "read", "split", "write"]

_VERSION = 1


@dataclass(frozen=True)
class Baseline:
    """How often each fingerprint is known, and what it stands for in words."""

    times: Counter[str]
    words: dict[str, str]


def write(path: Path, findings: Iterable[Finding], names: Names) -> int:
    """Write all findings as a baseline; how many there are. Raises SettingsError."""
    entries: dict[str, dict[str, object]] = {}
    total = 0
    for finding in findings:
        total += 1
        key = fingerprint(finding, names)
        entry = entries.setdefault(
            key,
            {
                "rule": rule_name(finding, names),
                "focus": finding.focus,
                "path": finding.path,
                "value": finding.value,
                "times": 0,
                "fingerprint": key,
            },
        )
        entry["times"] = int(str(entry["times"])) + 1
    lines = sorted(json.dumps(entry, ensure_ascii=False) for entry in entries.values())
    body = ",\n".join(f"    {line}" for line in lines)
    text = f'{{\n  "version": {_VERSION},\n  "findings": [\n{body}\n  ]\n}}\n'
    write_whole(path, text.encode())
    return total


def read(path: Path) -> Baseline:
    """The baseline in a file. Raises SettingsError for a file that is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(path, f"the baseline can't be read: {error.strerror}") from None
    except ValueError:
        raise _wrong(path, "the baseline is no JSON") from None
    times: Counter[str] = Counter()
    words = {}
    try:
        if document["version"] != _VERSION:
            raise _wrong(path, "the baseline was written by another version of this program")
        for entry in document["findings"]:
            key, number = entry["fingerprint"], entry["times"]
            if not isinstance(key, str) or not isinstance(number, int):
                raise TypeError
            times[key] += number
            words[key] = f"{entry['rule']} {entry['focus']}"
    except (KeyError, TypeError):
        raise _wrong(path, "this JSON is no baseline") from None
    return Baseline(times, words)


def _wrong(path: Path, message: str) -> SettingsError:
    return SettingsError(message, where=str(path), hint="write one with --write-baseline FILE")


def split(
    findings: Iterable[Finding], baseline: Baseline, names: Names
) -> tuple[tuple[Finding, ...], int, list[str]]:
    """What is new, how much is known, and what the baseline knows and no longer occurs."""
    left = Counter(baseline.times)
    new = []
    known = 0
    for finding in findings:
        key = fingerprint(finding, names)
        if left[key] > 0:
            left[key] -= 1
            known += 1
        else:
            new.append(finding)
    gone = [baseline.words[key] for key, times in left.items() if times > 0]
    return tuple(new), known, sorted(gone)
