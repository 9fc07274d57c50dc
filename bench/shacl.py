"""`kg check`'s engine beside pySHACL and pyrudof, on the same shapes and claims in one run.

    python bench/shacl.py --sizes 1000,10000 --engines kg,pyshacl
    python bench/shacl.py --sizes 1000,10000,100000 --engines kg,pyrudof
    python bench/shacl.py --changed --sizes 1000,10000,100000      one changed claim

Timed is a validation from two files to the list of results: parse the shapes and the data,
validate, read the results; not the start of the interpreter and not imports. Each engine does that
in a process of its own, which reports seconds, processor seconds and peak memory. The engines take
turns; ratios are of processor seconds, which a busy machine blurs less, the median of the rounds.
An engine that needs more than half a minute is run once. Results must be equal by focus node, path
and component. One claim in a hundred has a fault. pyrudof does not read SHACL-SPARQL, so it is
compared on the Core shapes alone, and pySHACL on all of them.

The peers live in an environment of their own (--peers, [.venv-bench]; `make bench` sets it up).
With --write the table goes into bench/results.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.results import put
from bench.shacl_claims import CORE, QUERIES, changed, claims

Rows = list[tuple[str, str, str]]
_SLOW = 30.0
_ROUNDS = 5


def by_kg(shapes: str, data: str) -> Rows:
    import pyoxigraph as ox

    from kg.shacl import validate

    turtle = ox.RdfFormat.TURTLE
    found = validate(
        ox.parse(path=shapes, format=turtle), ox.parse(path=data, format=turtle)
    ).results
    return [(r.focus.value, getattr(r.path, "value", ""), r.component.value) for r in found]


def by_pyshacl(shapes: str, data: str) -> Rows:
    import pyshacl
    from rdflib.namespace import SH

    _, report, _ = pyshacl.validate(
        data, shacl_graph=shapes, data_graph_format="turtle", shacl_graph_format="turtle"
    )
    return [
        tuple(str(report.value(r, p) or "") for p in (SH.focusNode, SH.resultPath,
                                                     SH.sourceConstraintComponent))
        for r in report.objects(None, SH.result)
    ]  # fmt: skip


def by_pyrudof(shapes: str, data: str) -> Rows:
    import re

    from pyrudof import Rudof, RudofConfig

    session = Rudof(RudofConfig())
    session.read_data(data)
    session.read_shacl(shapes)
    report = session.validate_shacl()
    rows = []
    for entry in report:
        names = {n: str(getattr(entry, n)) for n in dir(entry) if not n.startswith("_")}
        rows.append(
            tuple(
                re.sub(r"[<>]|^None$", "", str(names.get(n, "")))
                for n in ("focus_node", "path", "constraint_component")
            )
        )
    return rows


ENGINES = {"kg": by_kg, "pyshacl": by_pyshacl, "pyrudof": by_pyrudof}


MODULES = {"kg": "kg.shacl", "pyshacl": "pyshacl", "pyrudof": "pyrudof"}
GOALS = {  # engine, claims: how many times our processor seconds it takes at least; its memory
    ("pyshacl", 10_000): (200, 0),
    ("pyrudof", 10_000): (5, 0),
    ("pyrudof", 100_000): (8, 10),
}
GROWTH = 1.1


def one(engine: str, shapes: str, data: str) -> None:
    """Validate once, in this process; what came of it as JSON on standard output."""
    importlib.import_module(MODULES[engine])
    start, busy = time.perf_counter(), time.process_time()
    rows = ENGINES[engine](shapes, data)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"seconds": seconds, "busy": busy, "peak": peak, "rows": sorted(rows)}, sys.stdout)


def measured(engine: str, shapes: Path, data: Path, peers: Path) -> dict:
    """One run in a process of its own."""
    python = sys.executable if engine == "kg" else str(peers / "bin" / "python")
    done = subprocess.run(
        [python, __file__, "--one", engine, str(shapes), str(data)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{engine}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


class Side:
    """One engine on one size: its runs."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.runs: list[dict] = []

    def median(self, what: str) -> float:
        return statistics.median(run[what] for run in self.runs)


def compared(peer: str, shapes: Path, data: Path, peers: Path, rounds: int) -> tuple[Side, Side]:
    """Ours and theirs in turn, so many rounds; theirs once where it is slow."""
    ours, theirs = Side("kg"), Side(peer)
    for turn in range(rounds):
        for side in (ours, theirs) if turn % 2 else (theirs, ours):
            if side is theirs and side.runs and side.median("seconds") > _SLOW:
                continue
            side.runs.append(measured(side.engine, shapes, data, peers))
    return ours, theirs


def compare(sizes: list[int], peer: str, peers: Path, rounds: int) -> tuple[list[str], bool]:
    """The lines of the table for one peer, and whether all results were equal."""
    lines = [
        "| claims | engine | seconds | processor seconds | peak memory, MB | times ours | results "
        "| goal |",
        "|---|---|---|---|---|---|---|---|",
    ]
    times: list[tuple[int, float]] = []
    equal = True
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(folder) / "shapes.ttl"
        shapes.write_text(CORE + (QUERIES if peer == "pyshacl" else ""), encoding="utf-8")
        for size in sizes:
            data = Path(folder) / f"{size}.ttl"
            data.write_text(claims(size), encoding="utf-8")
            ours, theirs = compared(peer, shapes, data, peers, rounds)
            same = all(run["rows"] == ours.runs[0]["rows"] for run in (*ours.runs, *theirs.runs))
            equal &= same
            goal = GOALS.get((peer, size))
            for side in (ours, theirs):
                factor = side.median("busy") / ours.median("busy")
                judged = ""
                if side is theirs and goal:
                    least, memory = goal
                    judged = f"{least} times: {_met(factor >= least)}"
                    if memory:
                        met = theirs.median("peak") >= memory * ours.median("peak")
                        judged += f"; {memory} times our memory: {_met(met)}"
                count = len(side.runs[0]["rows"])
                lines.append(
                    f"| {size:,} | {side.engine} | {side.median('seconds'):.2f} "
                    f"| {side.median('busy'):.2f} | {side.median('peak'):,.0f} | {factor:.1f} "
                    f"| {count}{'' if same else ' **different**'} | {judged} |"
                )
                print(lines[-1], flush=True)
            times.append((size, ours.median("busy")))
    if len(times) > 1:
        growth = _growth(times)
        lines.append("")
        lines.append(
            f"Growth of kg: processor seconds as claims to the power {growth:.2f} between the two "
            f"largest sizes (at most {GROWTH}: {_met(growth <= GROWTH)})."
        )
        print(lines[-1])
    return lines, equal


def change(sizes: list[int], rounds: int) -> list[str]:
    """The lines of the table about one changed claim, judged by a validation that is kept."""
    import pyoxigraph as ox

    from kg.shapes import Checker

    turtle = ox.RdfFormat.TURTLE
    shapes = list(ox.parse(CORE + QUERIES, format=turtle))
    lines = [
        "| claims | whole, once | one changed claim, median | slowest | findings that it tells |",
        "|---|---|---|---|---|",
    ]
    for size in sizes:
        data = list(ox.parse(claims(size), format=turtle))
        start = time.perf_counter()
        checker = Checker(shapes, data)
        whole = time.perf_counter() - start
        taken, told = [], 0
        for number in range(rounds * 4):
            came = list(ox.parse(changed(size, number), format=turtle))
            start = time.perf_counter()
            update = checker.update(came)
            taken.append(time.perf_counter() - start)
            told += len(update.appeared)
        lines.append(
            f"| {size:,} | {whole:.2f} s | {statistics.median(taken) * 1e3:.2f} ms "
            f"| {max(taken) * 1e3:.1f} ms | {told} of {len(taken)} |"
        )
        print(lines[-1], flush=True)
    return lines


def _growth(times: list[tuple[int, float]]) -> float:
    (small, fast), (large, slow) = times[-2:]
    return math.log(slow / fast) / math.log(large / small)


def _met(met: bool) -> str:
    return "met" if met else "**missed**"


def _facts(engines: list[str], peers: Path) -> str:
    from bench.table import machine, version

    names = {"kg": "contested", "pyshacl": "pyshacl", "pyrudof": "pyrudof"}
    versions = [f"{names[e]} {version(names[e], peers)}" for e in engines]
    versions.append(f"pyoxigraph {version('pyoxigraph', peers)}")
    return f"On {machine()}; Python {platform.python_version()}, {', '.join(versions)}."


def main() -> int:
    """The command line; 1 where results differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--engines", default="kg,pyshacl")
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--changed", action="store_true", help="one changed claim instead")
    parser.add_argument("--peers", type=Path, default=Path(".venv-bench"))
    parser.add_argument("--write", action="store_true", help="put the table into results.md")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "SHAPES", "DATA"))
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return 0
    sizes = [int(size) for size in options.sizes.split(",")]
    equal = True
    if options.changed:
        title, peer, lines = "SHACL: one changed claim", "", change(sizes, options.rounds)
    else:
        (peer,) = [e for e in options.engines.split(",") if e != "kg"]
        title = f"SHACL: beside {peer}"
        lines, equal = compare(sizes, peer, options.peers, options.rounds)
    if options.write:
        words = " ".join(word for word in sys.argv[1:] if word != "--write")
        command = f"`.venv/bin/python bench/shacl.py {words}`"
        facts = _facts(["kg", peer] if peer else ["kg"], options.peers)
        put(title, "\n".join([f"Written by {command} with `--write`. {facts}", "", *lines]))
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
