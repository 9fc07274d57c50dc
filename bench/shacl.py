"""`kg check`'s engine beside pySHACL and pyrudof, on the same claims in one run.

    python bench/shacl.py                       1,000 and 10,000 claims, one in a hundred at fault
    python bench/shacl.py --sizes 1000,10000,100000 --engines kg,pyrudof

Each engine runs in a process of its own (parse, validate, read the results; not its imports),
which reports seconds, processor seconds and peak memory; `times` compares processor seconds, which
a busy machine blurs less. The results must be equal by focus node, path and component. pyrudof comes from
`pip install pyrudof`; it does not read SHACL-SPARQL, so it is compared on the Core shapes alone,
and pySHACL on all of them.
"""

# ruff: noqa: E501  the shapes read better so

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PREFIXES = """@prefix : <http://bench/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CORE = (
    PREFIXES
    + """
:Claim a sh:NodeShape ; sh:targetClass :C ;
  sh:property :answers, :statedIn, :point, :low, :high, :comparator, :page, :note, :wording,
    :stance, :attribution, :cites .
:answers sh:path :answersQ ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Question .
:statedIn sh:path :inWork ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Work .
:point sh:path :hasPoint ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 0 .
:low sh:path :hasLow ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:lessThanOrEquals :hasHigh .
:high sh:path :hasHigh ; sh:maxCount 1 ; sh:datatype xsd:integer .
:comparator sh:path :hasComparator ; sh:maxCount 1 ; sh:in (:about :exactly :over :under :between) .
:page sh:path :onPage ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ; sh:pattern "^[0-9]+$" .
:note sh:path :inNote ; sh:maxCount 1 ; sh:datatype xsd:integer .
:wording sh:path :words ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:minLength 1 ; sh:maxLength 80 .
:stance sh:path :hasStance ; sh:minCount 1 ; sh:in (:reports :doubts :denies) .
:attribution sh:path :by ; sh:minCount 1 ; sh:nodeKind sh:IRI ; sh:node :Voice .
:cites sh:path :citesC ; sh:nodeKind sh:IRI ; sh:class :Citation .
:Voice a sh:NodeShape ; sh:property [ sh:path :voiceLabel ; sh:minCount 1 ] .
:CitationShape a sh:NodeShape ; sh:targetClass :Citation ; sh:property :resolution, :cited .
:resolution sh:path :hasResolution ; sh:minCount 1 ; sh:in (:resolved :dangling) .
:cited sh:path :toWork ; sh:maxCount 1 ; sh:class :Work .
"""
)
QUERIES = """
: sh:declare [ sh:prefix "b" ; sh:namespace "http://bench/"^^xsd:anyURI ] .
:Claim sh:sparql :bound, :selfCited .
:bound sh:prefixes : ; sh:message "A range has both ends." ; sh:select
  "SELECT $this WHERE { $this b:hasComparator b:between . FILTER NOT EXISTS { $this b:hasHigh ?h } }" .
:selfCited sh:prefixes : ; sh:message "It cites its own work." ; sh:select
  "SELECT $this ?value WHERE { $this b:citesC ?value . ?value b:toWork ?w . $this b:inWork ?w }" .
"""


def claims(count: int, share: float = 0.01, seed: int = 1) -> str:
    """Turtle of so many claims, of which a share has one fault each."""
    chance = random.Random(seed)
    works, questions, voices = max(2, count // 100), max(2, count // 10), max(2, count // 20)
    lines = [PREFIXES]
    lines += [f":w{n} a :Work ." for n in range(works)]
    lines += [f":q{n} a :Question ." for n in range(questions)]
    lines += [f':v{n} :voiceLabel "voice {n}" .' for n in range(voices)]
    for n in range(count):
        work = chance.randrange(works)
        low = chance.randrange(1, 50_000)
        fields = {
            "answersQ": f":q{chance.randrange(questions)}",
            "inWork": f":w{work}",
            "onPage": f'"{chance.randrange(1, 900)}"',
            "inNote": str(chance.randrange(1, 90)),
            "words": f'"some {low}"',
            "hasStance": chance.choice((":reports", ":reports", ":doubts")),
            "by": f":v{chance.randrange(voices)}",
            "citesC": f":c{n}x",
        }
        if chance.random() < 0.4:
            fields |= {"hasComparator": ":between", "hasLow": str(low), "hasHigh": str(low + 5)}
        else:
            fields |= {"hasComparator": ":about", "hasPoint": str(low)}
        cited = (work + 1) % works
        if chance.random() < share:
            match chance.randrange(8):
                case 0:
                    del fields["onPage"]
                case 1:
                    fields["hasStance"] = ":shouts"
                case 2:
                    fields["hasPoint"] = '"many"'
                case 3:
                    fields["answersQ"] += f", :q{chance.randrange(questions)}x"
                case 4:
                    fields |= {"hasLow": "9", "hasHigh": "3"}
                case 5:
                    fields["by"] = ":nobody"
                case 6:
                    cited = work
                case 7:
                    fields["hasComparator"] = ":between"
                    fields.pop("hasHigh", None)
        body = " ; ".join(f":{key} {value}" for key, value in fields.items())
        lines.append(f":k{n} a :C ; {body} .")
        lines.append(f":c{n}x a :Citation ; :hasResolution :resolved ; :toWork :w{cited} .")
    return "\n".join(lines) + "\n"


def by_kg(shapes: str, data: str) -> list[tuple[str, str, str]]:
    import pyoxigraph as ox

    from kg.shacl import validate

    turtle = ox.RdfFormat.TURTLE
    found = validate(
        ox.parse(path=shapes, format=turtle), ox.parse(path=data, format=turtle)
    ).results
    return [(r.focus.value, getattr(r.path, "value", ""), r.component.value) for r in found]


def by_pyshacl(shapes: str, data: str) -> list[tuple[str, str, str]]:
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


def by_pyrudof(shapes: str, data: str) -> list[tuple[str, str, str]]:
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


def one(engine: str, shapes: str, data: str) -> None:
    for module in {"kg": ("kg.shacl",), "pyshacl": ("pyshacl",), "pyrudof": ("pyrudof",)}[engine]:
        importlib.import_module(module)
    start, busy = time.perf_counter(), time.process_time()
    rows = ENGINES[engine](shapes, data)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"seconds": seconds, "busy": busy, "peak": peak, "rows": sorted(rows)}, sys.stdout)


def measured(engine: str, shapes: Path, data: Path) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, "--one", engine, str(shapes), str(data)],
        capture_output=True, text=True, check=False, env=os.environ,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{engine}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--engines", default="kg,pyshacl,pyrudof")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "SHAPES", "DATA"))
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return 0
    engines = options.engines.split(",")
    times: dict[str, list[tuple[int, float]]] = {}
    unequal = 0
    print(
        f"{'claims':>8} {'shapes':>7} {'engine':>8} {'seconds':>9} {'cpu':>9} {'MB':>7} {'times':>7}  results"
    )
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, options.sizes.split(",")):
            data = Path(folder) / f"{size}.ttl"
            data.write_text(claims(size), encoding="utf-8")
            for name, text, peer in (("all", CORE + QUERIES, "pyshacl"), ("core", CORE, "pyrudof")):
                if peer not in engines:
                    continue
                shapes = Path(folder) / f"{name}.ttl"
                shapes.write_text(text, encoding="utf-8")
                ours = measured("kg", shapes, data)
                theirs = measured(peer, shapes, data)
                same = sorted(ours["rows"]) == sorted(theirs["rows"])
                unequal += not same
                for engine, found in (("kg", ours), (peer, theirs)):
                    factor = found["busy"] / ours["busy"]
                    print(f"{size:8} {name:>7} {engine:>8} {found['seconds']:9.3f} "
                          f"{found['busy']:9.3f} "
                          f"{found['peak']:7.0f} {factor:7.1f}  {len(found['rows'])}"
                          f"{'' if same else ' DIFFERENT'}", flush=True)  # fmt: skip
                times.setdefault(name, []).append((size, ours["busy"]))
    for name, pairs in times.items():
        if len(pairs) > 1:
            (small, fast), (large, slow) = pairs[0], pairs[-1]
            growth = math.log(slow / fast) / math.log(large / small)
            print(f"growth exponent of kg on {name} shapes: {growth:.2f}")
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main())
