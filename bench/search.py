"""How fast a search is: the page beside an empty answer, and the index beside a scan in the store.

    .venv/bin/python bench/search.py page http://127.0.0.1:8000/     a server of the full dataset
    .venv/bin/python bench/search.py labels --count 32000            invented labels

`page` asks for /search and /api/search by turns with /health, which evaluates nothing: what the
HTTP server and its interface cost. No text is asked twice in the same words. `labels` looks for
parts of invented names in the index, and by FILTER(CONTAINS) in a store with the same labels; the
rows are compared before anything is timed, and a difference ends the run.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyoxigraph as ox

from bench.words import name
from kg.finding import Index, build, search
from kg.finding.texts import Text, Thing
from kg.names import rdfs

_TEXTS = (
    "Hüseyin", "Huseyn", "Гусейн", "how many Ottoman prisoners were in Russian hands?", "Baku",
    "Карабах", "Qarabağ", "prisoners", "nargin kampı", "a", "en", "Gafarof", "kaç esir", "22.000",
    "Shikhlinskiy", "regiment", "Soviet troops in Karabakh", "N", "Nuri Paşa", "uprising 1920",
)  # fmt: skip
_ROOT = "https://example.org/bench/id/"


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def line(what: str, times: list[float]) -> str:
    ordered = sorted(times)
    high = ordered[int(len(ordered) * 0.99)]
    return f"{what:34} median {statistics.median(times):7.2f} ms   p99 {high:7.2f} ms"


def of_pages(address: str, rounds: int) -> None:
    """Time pages of one server, by turns."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)

    def get(path: str) -> None:
        connection.request("GET", path)
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 200, (path, reply.status)

    get("/search?q=warm")
    times: dict[str, list[float]] = {"/search": [], "/api/search": [], "/health (empty)": []}
    for turn, text in itertools.product(range(rounds), _TEXTS):
        asked = quote(text + " " * turn)  # the same search in words that no cache has seen
        for path in ("/search", "/api/search"):
            times[path].append(milliseconds(lambda p=path, a=asked: get(f"{p}?q={a}")))
        times["/health (empty)"].append(milliseconds(lambda: get("/health")))
    for what, found in times.items():
        print(line(what, found))


def of_labels(count: int, rounds: int) -> None:
    """Time the index beside a scan in the store, on the same invented labels."""
    labels = [f"{name(i)} of {name(7 * i + 3)}".lower() for i in range(count)]
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(ox.NamedNode(f"{_ROOT}{i}"), rdfs.label, ox.Literal(text))
        for i, text in enumerate(labels)
    )
    store.optimize()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        things = [
            Thing(f"{_ROOT}{i}", "person", texts=[Text("name", text, "")])
            for i, text in enumerate(labels)
        ]
        took = milliseconds(lambda: build(things, path, ""))
        print(f"{count:,} labels; index made in {took:,.0f} ms")
        index = Index(path)
    parts = sorted(
        {word[1:7] for i in range(0, count, count // 40) for word in (labels[i].split()[0],)}
    )
    parts = [part for part in parts if len(part) == 6 and part.isalpha()]

    def indexed(part: str, limit: int) -> set[str]:
        hits = search(index, part, limit=limit).hits
        return {hit.iri for hit in hits if part in hit.matched.text}

    def scanned(part: str) -> set[str]:
        rows = store.query(
            f'SELECT ?s {{ ?s <{rdfs.label.value}> ?l FILTER(CONTAINS(?l, "{part}")) }}'
        )
        return {row["s"].value for row in rows}

    for part in parts:
        one, other = indexed(part, count), scanned(part)
        if one != other:
            sys.exit(f"{part!r}: {len(one)} rows in the index, {len(other)} in the store")
    print(f"the same rows for {len(parts)} parts of names")
    times: dict[str, list[float]] = {"index, first page": [], "index, all rows": [], "store": []}
    for _, part in itertools.product(range(rounds), parts):
        times["index, first page"].append(milliseconds(lambda p=part: search(index, p)))
        times["index, all rows"].append(milliseconds(lambda p=part: indexed(p, count)))
        times["store"].append(milliseconds(lambda p=part: scanned(p)))
    for what, found in times.items():
        print(line(what, found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["page", "labels"])
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000/")
    parser.add_argument("--count", type=int, default=32_000)
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    if given.what == "page":
        of_pages(given.address, given.rounds)
    else:
        of_labels(given.count, given.rounds)


if __name__ == "__main__":
    main()
