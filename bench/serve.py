"""``make bench``: the server against its peers, in turn in each round, on the same triples.

Every query's answers are compared first; a difference ends the run. See README.md for how to read
the table that this prints and writes to bench/results.md.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyoxigraph as ox

from bench import measures, table
from bench.compare import Different, same_everywhere
from bench.generate import Made, generate
from bench.results import put
from bench.rounds import Contender, again, each_once, load, say, throughput
from bench.servers import Ours, Raw, RdflibEndpoint, Server, Unreachable
from bench.table import Cell, Line
from bench.templates import TEMPLATES, Template
from kg.dataset import load as read_dataset

_HERE = Path(__file__).resolve().parent
_PATIENCE = 30.0  # seconds that rdflib's engine may take for one answer


@dataclass(frozen=True)
class Plan:
    """How much is measured: sizes in triples (`small` for rdflib-endpoint), rounds, a factor on
    all times, and the seconds of the attack.
    """

    triples: int
    small: int
    rounds: int
    pace: float
    attack: float


FULL = Plan(1_000_000, 100_000, 5, 1.0, 10.0)
QUICK = Plan(20_000, 20_000, 2, 0.15, 3.0)


@dataclass(frozen=True)
class Bench:
    """One run: what is measured, where it may write, and how the servers are started."""

    plan: Plan
    templates: list[Template]
    scratch: Path
    peers: Path
    arguments: str

    def all(self, *, rdflib: bool) -> str:
        """Measure everything; the text of the results. Raises Different or Unreachable."""
        made = self._make("large", self.plan.triples)
        raw = Raw(self.scratch / "large", self._log, self.peers)
        ours = self._ours("large")
        with _serving(raw, ours):
            rows = self._compare([raw, ours], made)
            contenders = [
                Contender("raw", raw, each_once(raw)),
                Contender("ours", ours, each_once(ours), "engine"),
                Contender("ours, asked again", ours, again(ours), "cache"),
            ]
            rounds, pace = self.plan.rounds, self.plan.pace
            lines = throughput(self.templates, contenders, made, rounds=rounds, pace=pace)
            lines += [_memory(server) for server in (raw, ours)]
            lines += [_validators(ours, made), *self._deadline(ours, made)]
        if rdflib:
            lines += self._against_rdflib()
        notes = [f"rows compared before anything was timed: {rows:,}"]
        heading = table.heading(made.triples, rounds, notes, self.peers)
        return f"{heading}\n\n{table.markdown(lines)}\n"

    @property
    def _log(self) -> Path:
        return self.scratch / "servers.log"

    def _ours(self, size: str) -> Ours:
        return Ours(self.scratch / size, self._log, arguments=self.arguments)

    def _make(self, size: str, triples: int) -> Made:
        """The dataset, its merged triples, and those of the model beneath it (model.nt)."""
        say(f"writing {triples:,} triples")
        folder = self.scratch / size
        folder.mkdir()
        made = generate(folder, triples)
        tiny = self.scratch / f"model-of-{size}"
        tiny.mkdir()
        generate(tiny, 1)  # the model is the same beneath a dataset of any size
        ontology = read_dataset(tiny / "dataset").ontology
        model = {quad.triple for file in ontology for quad in file.quads}
        own = folder / "dataset" / "ontology" / "prefixes.ttl"
        model |= {quad.triple for quad in ox.parse(path=str(own), format=ox.RdfFormat.TURTLE)}
        lines = "".join(f"{triple} .\n" for triple in sorted(map(str, model)))
        (folder / "model.nt").write_text(lines, encoding="utf-8")
        return made

    def _compare(self, servers: list[Server], made: Made) -> int:
        rows = 0
        for template in self.templates:
            found = same_everywhere(template, servers, made)
            say(f"{template.name}: {found:,} rows, the same from {len(servers)} servers")
            rows += found
        return rows

    def _deadline(self, server: Server, made: Made) -> list[Line]:
        light = [t for t in TEMPLATES if t.name in ("point lookup", "list with OPTIONALs")]
        good = [request for t in light for request in each_once(server)(t, made)]
        calm = measures.drive(server, good, 4, self.plan.attack / 2)
        found = measures.attack(server, good, seconds=self.plan.attack)
        what = "three runaways with timeout=1"
        if found is None:
            return [Line(what, "", server.name, "no deadline: still running after 4 s")]
        taken = sorted(found.taken)
        middle = taken[len(taken) // 2] / found.timeout
        answers = ", ".join(f"{n} × {status}" for status, n in sorted(found.statuses.items()))
        return [
            Line(
                what,
                "3 runaways",
                server.name,
                f"answered after {middle:.3f} × the timeout (worst {taken[-1]:.3f}); {answers}",
                "",
                table.judged("≤ 1.05 ×", middle <= 1.05),
            ),
            Line(
                "good queries beside them",
                load(4),
                server.name,
                f"{found.good.rate():,.0f}/s, p99 {found.good.quantile(0.99) * 1e3:.3g} ms "
                f"(calm: {calm.rate():,.0f}/s, p99 {calm.quantile(0.99) * 1e3:.3g} ms), "
                f"{found.lost} lost of {found.good.answers:,}",
                "",
                table.judged("none lost", found.lost == 0),
            ),
        ]

    def _against_rdflib(self) -> list[Line]:
        """The same queries on less data, where rdflib's engine still answers; one connection."""
        made = self._make("small", self.plan.small)
        peer = RdflibEndpoint(self.scratch / "small", self._log, self.peers)
        ours = self._ours("small")
        lines = []
        with _serving(peer, ours):
            for template in self.templates:
                what = f"{template.name}, {self.plan.small // 1000} k triples"
                try:
                    same_everywhere(template, [ours, peer], made, _PATIENCE)
                except TimeoutError:
                    late = f"no answer within {_PATIENCE:.0f} s"
                    lines.append(Line(what, load(1), peer.name, late))
                    peer.stop()
                    peer.start()
                    continue
                say(f"{template.name}: the same from {peer.name}")
                base, mine = self._pair(template, peer, ours, made)
                if not base.rounds[0].answers:
                    lines.append(Line(what, load(1), peer.name, "no answer in a round's time"))
                    continue
                line = Line.of(what, load(1), ours.name, mine, base, 10.0)
                ratio = f"{line.ratio} to rdflib-endpoint"
                lines.append(Line(what, load(1), ours.name, line.figures, ratio, line.goal))
                slow = Line.of(what, load(1), peer.name, base, base, 0.0)
                lines.append(Line(what, load(1), peer.name, slow.figures))
        return lines

    def _pair(
        self, template: Template, peer: Server, ours: Server, made: Made
    ) -> tuple[Cell, Cell]:
        cells = {peer.name: Cell(), ours.name: Cell()}
        for turn in range(max(self.plan.rounds // 2, 1)):
            for server in (peer, ours) if turn % 2 else (ours, peer):
                asked = each_once(server)(template, made)
                seconds = max(template.seconds * self.plan.pace, 0.5)
                outcome = measures.drive(server, asked, 1, seconds, first=turn * 100_000, least=2)
                cells[server.name].rounds.append(outcome)
        return cells[peer.name], cells[ours.name]


@contextlib.contextmanager
def _serving(*servers: Server) -> Iterator[None]:
    try:
        for server in servers:
            server.start()
            say(f"{server.name} is ready after {server.ready_after:.1f} s")
        yield
    finally:
        for server in servers:
            server.stop()


def _memory(server: Server) -> Line:
    figures = f"{server.memory() / 2**20:,.0f} MiB (PSS), ready after {server.ready_after:.1f} s"
    return Line("memory after the rounds", "", server.name, figures)


def _validators(server: Server, made: Made) -> Line:
    template = next(t for t in TEMPLATES if t.name == "table of many rows")
    found = measures.validated(server, template.queries(made)[0], template.accept)
    if found is None:
        return Line("304 against the whole answer", "", server.name, "no ETag is given")
    ratio = found.full / found.conditional
    return Line(
        f"304 against the whole answer ({found.size / 1e6:.1f} MB)",
        load(1),
        server.name,
        f"{found.conditional * 1e3:.3g} ms against {found.full * 1e3:.3g} ms: {ratio:,.0f} times "
        f"(given again: {found.again * 1e3:.3g} ms)",
        "",
        table.judged("≥ 1,500 times", ratio >= 1500) if found.size > 5e6 else "",
    )


def main() -> int:
    """The command line; 0 when all goes well, 1 when answers differ, 2 for an error."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a minute: small data, two rounds")
    parser.add_argument("--triples", type=int, help="size of the data [1,000,000]")
    parser.add_argument("--rounds", type=int, help="rounds [5]")
    parser.add_argument("--pace", type=float, help="factor on the seconds of each measure [1]")
    parser.add_argument("--only", default="", help="templates whose name contains this")
    parser.add_argument("--without-rdflib", action="store_true", help="leave rdflib-endpoint out")
    parser.add_argument("--serve", default="", metavar="ARGS", help="more arguments for kg serve")
    parser.add_argument("--peers", type=Path, default=Path(sys.prefix), help="environment of peers")
    parser.add_argument("--output", type=Path, help="[bench/results.md; none with --quick]")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that the servers end too
    plan = QUICK if given.quick else FULL
    triples = given.triples or plan.triples
    plan = Plan(
        triples,
        min(plan.small, triples),
        given.rounds or plan.rounds,
        given.pace or plan.pace,
        plan.attack,
    )
    templates = [t for t in TEMPLATES if given.only in t.name]
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as scratch:
        bench = Bench(plan, templates, Path(scratch), given.peers.resolve(), given.serve)
        try:
            text = bench.all(rdflib=not given.without_rdflib)
        except Different as difference:
            print(f"The answers differ, so nothing was timed.\n{difference}", file=sys.stderr)
            return 1
        except (Unreachable, RuntimeError) as error:
            print(error, file=sys.stderr)
            return 2
    output = given.output or (None if given.quick else _HERE / "results.md")
    if output:
        put("The server", text, output)
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
