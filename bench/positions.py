"""What places of findings cost: ``python bench/positions.py [--claims 10000]``, all in one run.

An invented dataset is loaded and checked as it is, and with one slip in each of 100 claims. A run
that shows no finding should pay for places less than a tenth of its load, and one with 100 findings
less than twice its load. Exits with 1 when it does not.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyoxigraph as ox

from bench.generate import generate
from kg import dataset as datasets
from kg.dataset import Dataset
from kg.names import con
from kg.rules import WRITTEN, Material
from kg.shapes import Finding

_TRIPLES_PER_CLAIM = 23  # of the generator, entities and questions shared out among the claims
_CLAIM = "con:stance "
_SLIP = "con:stanse "


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "clean", arguments.claims * _TRIPLES_PER_CLAIM)
        clean = folder / "clean" / "dataset"
        faulty = folder / "faulty"
        shutil.copytree(clean, faulty)
        spoil(faulty, arguments.faults)
        rounds = [measure(clean, faulty) for _ in range(arguments.rounds)]
    load, quiet, placed = (min(column) for column in zip(*rounds, strict=True))
    print(f"load {load:.3f} s")
    print(f"places of a run without findings {quiet:.3f} s, {quiet / load:.2f} of the load")
    print(f"places of {arguments.faults} findings {placed:.3f} s, {placed / load:.2f} of the load")
    return int(quiet >= load / 10 or placed >= 2 * load)


def spoil(folder: Path, faults: int) -> None:
    """One slip in each of so many claims, spread over all files that have claims."""
    files = [p for p in sorted(folder.glob("data/sources/**/*.ttl")) if _CLAIM in p.read_text()]
    for number, path in enumerate(files):
        text = path.read_text(encoding="utf-8")
        share = faults // len(files) + (number < faults % len(files))
        step = max(text.count(_CLAIM) // max(share, 1), 1)
        parts = text.split(_CLAIM)
        spoilt = parts[0]
        done = 0
        for count, part in enumerate(parts[1:]):
            slip = count % step == 0 and done < share
            done += slip
            spoilt += (_SLIP if slip else _CLAIM) + part
        path.write_text(spoilt, encoding="utf-8")


def measure(clean: Path, faulty: Path) -> tuple[float, float, float]:
    """Seconds of a load, of what rules do for places in a run without findings of theirs, and of
    the places of the findings of a spoilt copy.
    """
    began = perf_counter()
    dataset = datasets.load(clean)
    loaded = perf_counter() - began
    findings = undefined(dataset)
    began = perf_counter()
    shown = [f.place for f in findings]
    quiet = perf_counter() - began
    assert not shown
    assert "stating" not in vars(dataset)  # nothing was indexed or scanned for places
    assert not any("positions" in vars(file) for file in dataset.files)
    findings = undefined(spoilt := datasets.load(faulty))
    began = perf_counter()
    places = [spoilt.place(*slip) for slip in slips(spoilt)]
    placed = perf_counter() - began
    assert findings
    assert all(place and len(place.split(":")) == 3 for place in places)
    return loaded, quiet, placed


def undefined(dataset: Dataset) -> list[Finding]:
    """The findings of a rule that looks at every triple."""
    _, find = WRITTEN["undefined-term"]
    return list(find(Material(dataset)))


def slips(dataset: Dataset) -> list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    """The triples with a slip, as a shape names them: by their three terms."""
    slip = con["stanse"]
    return [
        (q.subject, q.predicate, q.object)
        for file in dataset.files
        for q in file.quads
        if q.predicate == slip
    ]


if __name__ == "__main__":
    sys.exit(main())
