"""What a page costs: ``python bench/pages.py [FOLDER] [--rounds 15] [--swept 3000]``, one run.

A server of the folder is started as anybody starts it. Every resource is asked for once (at most
`--swept` of them, spread over all kinds); of each kind the slowest are then asked `--rounds` times,
in turns with an empty page of the same server, as are the lists, a search and the other pages.
Prints medians in milliseconds, the slowest kind first, of two views: the first, which the server
has to make (a parameter that no page reads gives it an address never asked for before), and the
repeated one, which it may have kept. Exits with 1 when the median first view of any resource is
above 30 ms, or that of a search above 50 ms.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import quote

RESOURCE, SEARCH = 30.0, 50.0  # milliseconds, at the median
_EMPTY = "/absent"  # a page without a question to the engine
_SLOWEST = 3
_LISTS = "questions people units groups events acts places works attributions claims".split()
_OTHERS = ("/", "/map", "/timeline", "/queries/", "/ontology", "/shapes", "/vocab/property")
_SEARCHES = ("Hüseyin", "Гусейн", "prisoners in Russian hands", "q")
_THINGS = """SELECT ?thing (MIN(STR(?type)) AS ?kind) WHERE { ?thing a ?type
  FILTER(CONTAINS(STR(?thing), "/id/") && !STRENDS(STR(?thing), "-anchor")
    && !STRENDS(STR(?thing), "-position")) } GROUP BY ?thing ORDER BY ?kind ?thing"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=str(Path(__file__).resolve().parents[1]))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--swept", type=int, default=3_000)
    arguments = parser.parse_args()
    with server(Path(arguments.folder)) as port:
        ask = Asker(port)
        kinds = things(ask)
        slowest = swept(ask, kinds, arguments.swept)
        late = report(ask, "resources", slowest, arguments.rounds, RESOURCE)
        late += report(
            ask,
            "searches",
            {f"search: {text}": [f"/search?q={quote(text)}"] for text in _SEARCHES},
            arguments.rounds,
            SEARCH,
        )
        lists = {f"list of {n}": [f"/list/{n}"] for n in _LISTS}
        report(ask, "lists", lists, arguments.rounds, first=False)
        report(ask, "other pages", {path: [path] for path in _OTHERS}, arguments.rounds)
    return int(late > 0)


@contextmanager
def server(folder: Path) -> Iterator[int]:
    """A server of the folder on a free port of this machine, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "kg", "serve", "--dataset", str(folder), "--port", str(port)]
    process = subprocess.Popen([*command, "--access-log", "none"], stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit("the server did not start")
            try:
                if Asker(port).get("/health")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


class Asker:
    """One connection that is kept open; asks as a browser does."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, accept: str = "text/html") -> tuple[int, bytes, float]:
        """The status, the body, and how many milliseconds it took."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers={"Accept": accept})
        answer = self._connection.getresponse()
        body = answer.read()
        return answer.status, body, (time.perf_counter() - began) * 1e3


def things(ask: Asker) -> dict[str, list[str]]:
    """The paths of the pages of all resources, by kind."""
    accept = "application/sparql-results+json"
    _, body, _ = ask.get(f"/sparql?query={quote(_THINGS)}", accept)
    kinds: dict[str, list[str]] = defaultdict(list)
    for row in json.loads(body)["results"]["bindings"]:
        identifier = row["thing"]["value"].partition("/id/")[2]
        kinds[row["kind"]["value"].rpartition("/")[2].rpartition("#")[2]].append(
            f"/page/{identifier}"
        )
    return kinds


def swept(ask: Asker, kinds: dict[str, list[str]], most: int) -> dict[str, list[str]]:
    """The slowest pages of each kind, after each was asked for once."""
    share = max(1, sum(map(len, kinds.values())) // most)
    slowest = {}
    times_of_all = []
    for kind, paths in kinds.items():
        times = []
        for path in paths if len(paths) <= 200 else paths[::share]:
            status, _, took = ask.get(path)
            if status != 200:
                raise SystemExit(f"{path} answers {status}")
            times.append((took, path))
        times_of_all += [took for took, _ in times]
        slowest[kind] = [path for _, path in sorted(times, reverse=True)[:_SLOWEST]]
    times_of_all.sort()
    print(
        f"{len(times_of_all):,} resources of {len(kinds)} kinds answered, each asked for once: "
        f"median {median(times_of_all):.1f} ms, "
        f"99 of 100 within {times_of_all[len(times_of_all) * 99 // 100]:.1f} ms"
    )
    return slowest


def report(
    ask: Asker,
    title: str,
    paths: dict[str, list[str]],
    rounds: int,
    bar: float | None = None,
    *,
    first: bool = True,
) -> int:
    """Print the medians, the slowest first; return how many are above the bar. `first` says whether
    the pages take the parameter that makes a view the first.
    """
    times: dict[str, list[float]] = defaultdict(list)
    again: dict[str, list[float]] = defaultdict(list)
    empty: list[float] = []
    for path in [p for found in paths.values() for p in found]:
        ask.get(path)  # the first of a list or search builds what the next ones use
    for number in range(rounds):
        for found in paths.values():
            empty.append(ask.get(_EMPTY)[2])
            for path in found:
                if first:
                    fresh = f"{path}{'&' if '?' in path else '?'}view={number}"
                    times[path].append(ask.get(fresh)[2])
                again[path].append(ask.get(path)[2])
    chosen = times if first else again
    worst = {name: max((median(chosen[p]), p) for p in found) for name, found in paths.items()}
    words = f", bar {bar:g} ms" if bar else ""
    print(f"\n{title}: median of {rounds}, ms{words}; an empty page {median(empty):.1f}")
    print("   first  repeated" if first else "repeated")
    for name, (took, path) in sorted(worst.items(), key=lambda item: -item[1][0]):
        mark = "  too slow" if bar and took > bar else ""
        repeated = f"  {median(again[path]):8.1f}" if first else ""
        print(f"{took:8.1f}{repeated}  {name:32} {path if name != path else ''}{mark}")
    return sum(1 for took, _ in worst.values() if bar and took > bar)


if __name__ == "__main__":
    sys.exit(main())
