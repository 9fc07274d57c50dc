"""How disagreement grows with the claims: deriving, a change, the register, one crowded question
(its kind, an order in it, one work against itself), one answer.

    .venv/bin/python bench/disputes.py                      all of them, about three minutes
    .venv/bin/python bench/disputes.py derive --sizes 1000 10000 100000 1000000
    .venv/bin/python bench/disputes.py ask --triples 1000000 --write

With --write what was asked goes into bench/results.md.
Each size runs in a process of its own, so that its peak of memory is its own. The exponent is the
slope of a line through log time over log size: 1 is linear. An operation is one call of a
function, Python's own or in C, counted, so it does not depend on the machine.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pyoxigraph as ox
from contested_claims import ROOT, claims

from kg.catalogue import Catalogue
from kg.dataset import digest_of
from kg.derive import derive_quads, rederive
from kg.disputes import register, self_contradictions
from kg.engine import Engine, Request
from kg.figures import Figure
from kg.lineage import Lineage
from kg.model import Claim, Facts
from kg.names import Names, con
from kg.policies import envelope
from kg.rivals import Rivals

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))
from bench.results import put  # noqa: E402
from bench.table import machine  # noqa: E402

NAMES = Names(root=ROOT)
MOST_COUNTED = 64_000  # counting calls makes each of them dear
ASKED = 1000  # questions


class Invented:
    """What the rooms ask of a dataset."""

    names, digest = NAMES, "0" * 64

    def __init__(self, count: int) -> None:
        self._quads = list(claims(count))

    def quads(self):
        return iter(self._quads)

    def place(self, *terms: str) -> None:
        return None


def measured(work) -> tuple[float, object]:
    gc.collect()
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def run_derive(size: int) -> dict[str, object]:
    data = Invented(size)
    seconds, made = measured(lambda: sum(1 for _ in derive_quads(data.quads(), NAMES, data.digest)))
    return {"quads in": len(data._quads), "quads out": made, "seconds": seconds}


def run_register(size: int) -> dict[str, object]:
    data = Invented(size)

    def listed() -> int:
        found = register(data)
        return sum(dispute.kind is not None for dispute in found.disputes)

    seconds, disputes = measured(listed)
    return {"disputes": disputes, "seconds": seconds}


def run_change(size: int) -> dict[str, object]:
    """One claim changed in a store of so many: what is made anew, and the digest beside it."""
    store = ox.Store()
    store.bulk_extend(claims(size))
    before, after = "0" * 64, "1" * 64
    store.bulk_extend(derive_quads(store, NAMES, before))
    claim = ox.NamedNode(f"{ROOT}id/claim/bench/0")
    old = next(iter(store.quads_for_pattern(claim, con.point, None)), None)
    old = old or next(iter(store.quads_for_pattern(claim, con.low, None)))
    new = ox.Quad(claim, old.predicate, ox.Literal(1), old.graph_name)
    store.remove(old)
    store.add(new)
    times = [
        measured(lambda: rederive(store, [old, new], NAMES, before=before, after=after))
        for _ in range(9)
    ]
    digest, _ = measured(lambda: digest_of(claims(size)))
    changed = times[0][1]
    return {
        "seconds": statistics.median(t for t, _ in times),
        "quads changed": len(changed.added) + len(changed.removed),
        "digest seconds": digest,
    }


def crowd(size: int, **said) -> list[Claim]:
    """Claims of one work on one question, whose figures overlap or are nested; what is `said` of
    each is a function of its number.
    """
    empty = {
        "question": "urn:q", "stated_in": "urn:w", "stance": "endorses", "modality": None,
        "object": None, "date": None, "no_value": None, "during": None, "later_than": (),
        "contrasted_with": (), "cites": (), "withdrawn": False,
    }  # fmt: skip
    return [
        Claim(
            iri=f"urn:{n}",
            figure=Figure(
                "between",
                low=Fraction(1000 - n * 7919 % 701),
                high=Fraction(1001 + n * 104729 % 503),
            ),
            **{**empty, **{name: of(n) for name, of in said.items()}},
        )
        for n in range(size)
    ]


def run_crowd(size: int) -> dict[str, object]:
    """The strongest kind and the envelope of one question with so many claims, none disjoint."""
    claims = crowd(size, during=lambda n: f"{1700 + n % 50}/1799" if n % 3 else None)
    return crowded(claims, lambda rivals: (rivals.strongest(claims), envelope(claims))[0])


def run_order(size: int) -> dict[str, object]:
    """The strongest kind of so many claims that a work orders one after another."""
    claims = crowd(size, later_than=lambda n: (f"urn:{n - 1}",) if n else ())
    return crowded(claims, lambda rivals: rivals.strongest(claims))


def run_contradictions(size: int) -> dict[str, object]:
    """The contradictions of one work with itself among so many claims, one in a thousand."""
    claims = crowd(size, during=lambda n: str(1000 + n % 999))
    claims[7] = replace(claims[7], figure=Figure("exactly", point=Fraction(1)))
    lineage = Lineage(Facts(()))
    return crowded(claims, lambda rivals: len(self_contradictions(claims, rivals, lineage)))


def crowded(claims: list[Claim], work) -> dict[str, object]:
    seconds, found = measured(lambda: work(Rivals(Facts(()), claims=claims)))
    size = len(claims)
    shown = {"found": found, "seconds": seconds}
    if size > MOST_COUNTED:
        return {"operations": None, "per k log k": None, **shown}
    operations = 0

    def count(frame, event, argument) -> None:
        nonlocal operations
        operations += event in ("call", "c_call")

    rivals = Rivals(Facts(()), claims=claims)
    sys.setprofile(count)
    work(rivals)
    sys.setprofile(None)
    per = operations / (size * math.log2(size))
    return {"operations": operations, "per k log k": round(per, 1), **shown}


def run_ask(triples: int) -> dict[str, object]:
    """The disputes of each of a thousand questions, from derived graphs, beside ``ASK {}``.

    A question counts with the median of the times it is asked, in milliseconds: as the engine
    answers (with its guard, as JSON), and as pyoxigraph alone does.
    """
    store = ox.Store()
    size = 1000
    while True:  # as many claims as give so many triples with what is derived
        made = len(list(claims(size))) * 2 + sum(1 for _ in derive_quads(claims(size), NAMES, "0"))
        if size > 1000 or made >= triples:
            break
        size = size * triples // made
    quads = list(claims(size))
    store.bulk_extend(quads)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    store.bulk_extend(derive_quads(quads, NAMES, "0" * 64))
    query = Catalogue.read(REPOSITORY / "queries").get("disagreement/of-one-question")
    engine = Engine(store, NAMES)

    def answered(text: str) -> bytes:
        return engine.answer(Request(text)).body

    def alone(text: str) -> object:
        found = store.query(text)
        assert not isinstance(found, ox.QueryTriples)
        return found.serialize(format=ox.QueryResultsFormat.JSON)

    there = -(-size // 4)
    asked = [f"{ROOT}id/question/{n * there // ASKED}" for n in range(ASKED)]
    texts = [query.fill({"question": question}, NAMES) for question in asked]
    gc.collect()
    gc.disable()
    rows = [len(json.loads(answered(text))["results"]["bindings"]) for text in texts]
    found: dict[str, object] = {"triples": len(store), "claims": size, "questions": ASKED}
    found["pairs"], found["most pairs"] = statistics.median(rows), max(rows)
    for name, way in {"ms": answered, "pyoxigraph ms": alone}.items():
        times = [typical(lambda text=text, way=way: way(text)) for text in texts]
        found[name] = statistics.median(times)
        found[f"{name}, p95"] = statistics.quantiles(times, n=20)[-1]
        found[f"{name}, worst"] = max(times)
        found[f"{name}, ASK {{}}"] = typical(lambda way=way: way("ASK {}"))
    return found


def typical(work) -> float:
    """The median time of nine calls, in milliseconds."""
    return 1000 * statistics.median(measured_briefly(work)[0] for _ in range(9))


def measured_briefly(work) -> tuple[float, object]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


RUNS = {
    "derive": (run_derive, [1000, 4000, 16000, 64000]),
    "register": (run_register, [1000, 4000, 16000, 64000]),
    "change": (run_change, [1000, 8000, 64000]),
    "crowd": (run_crowd, [1000, 4000, 16000, 64000]),
    "order": (run_order, [1000, 4000, 16000, 64000]),
    "contradictions": (run_contradictions, [1000, 4000, 16000, 64000]),
    "ask": (run_ask, [1_000_000]),
}


def write(triples: int, found: dict[str, float]) -> None:
    """The section of results.md on the disputes of one question."""
    command = f".venv/bin/python bench/disputes.py ask --triples {triples} --write"
    ways = {"our engine: guard, evaluation, JSON": "ms", "pyoxigraph alone": "pyoxigraph ms"}
    put(
        "Disputes of one question",
        f"Written by `{command}`. {machine()}; load average {os.getloadavg()[0]:.1f}.\n\n"
        "`disagreement/of-one-question` (twelve columns, as JSON), asked of "
        f"{found['questions']:,} questions of {found['claims']:,} claims at "
        f"{found['triples']:,} triples with what is derived; "
        "each question counts with the median of nine times.\n\n"
        f"| milliseconds | median ({found['pairs']:g} pairs) | p95 "
        f"| worst ({found['most pairs']} pairs) | `ASK {{}}` |\n|---|---|---|---|---|\n"
        + "\n".join(
            f"| {name} | "
            + " | ".join(
                f"{found[key]:.2f}"
                for key in (way, f"{way}, p95", f"{way}, worst", f"{way}, ASK {{}}")
            )
            + " |"
            for name, way in ways.items()
        ),
    )


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """The slope of the line through the logarithms, by least squares."""
    xs, ys = [math.log(s) for s in sizes], [math.log(s) for s in seconds]
    return statistics.linear_regression(xs, ys).slope


def table(name: str, sizes: list[int]) -> list[dict[str, float]]:
    rows = []
    for size in sizes:
        command = [sys.executable, __file__, "--one", name, str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append({"size": size, **json.loads(done.stdout)})
    columns = list(rows[0])
    print(f"\n{name}\n" + " | ".join(columns))
    for row in rows:
        cells = (f"{v:.3f}" if isinstance(v, float) else f"{v or '-'}" for v in row.values())
        print(" | ".join(cells))
    if len(rows) > 1:
        by = "operations" if rows[-1].get("operations") else "seconds"
        print(f"grows as size^{exponent(sizes, [row[by] for row in rows]):.2f} by {by}")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="*", help=f"of {', '.join(RUNS)}; all when left out")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of claims")
    parser.add_argument("--triples", type=int, help="of the store that is asked")
    parser.add_argument("--write", action="store_true", help="put what was asked into results.md")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        found = RUNS[given.one[0]][0](int(given.one[1]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({**found, "peak MB": peak}))
        return
    if unknown := set(given.what) - set(RUNS):
        parser.error(f"there is no {unknown.pop()}")
    for name in given.what or RUNS:
        sizes = [given.triples] if name == "ask" and given.triples else given.sizes
        chosen = RUNS[name][1] if name == "ask" and not given.triples else sizes or RUNS[name][1]
        rows = table(name, chosen)
        if name == "ask" and given.write:
            write(chosen[0], rows[0])


if __name__ == "__main__":
    main()
