"""Holdings behind another service: any SPARQL 1.1 endpoint (docs/decisions/0012).

The service keeps our graphs under their own names, the merge of them in ``…/graph/merged``, and in
``…/graph/store`` one literal that says which version of which dataset this is. Every change is one
update request that takes effect only where that literal is still the one we know, so two servers
over one store can't overwrite each other unseen.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from kg import dataset as datasets
from kg.changes import Delta
from kg.dataset import Dataset
from kg.engine.asking import RemoteEngine, solutions, triples
from kg.engine.endpoint import Access, Endpoint
from kg.engine.holdings import (
    Holdings,
    Opening,
    Rules,
    Uncertain,
    counted,
    filled,
    fingerprint,
    rules_of,
)
from kg.engine.sparql11 import block, chunks, term
from kg.errors import KgError, QueryFailed, SettingsError, StoreUnavailable, UpdateRefused
from kg.names import Names, prov

__all__ = ["FETCHED", "RemoteHoldings", "about"]

FETCHED = 200_000
"""Quads up to which a store is fetched whole to work a change out."""
_CAP = 256 << 20
_SMALL = 200  # triples that any service must take in one request
_COMMIT = 60.0  # seconds that a change may take on the other side; nobody is served meanwhile


class RemoteHoldings(Holdings):
    """A dataset in another service; the folder fills it once."""

    kind = "remote"
    network = True
    access: Access
    seconds: float = 30.0
    _print = ""
    _known = ""
    """What the service says of itself, as we last read or wrote it."""

    @classmethod
    def open(cls, opening: Opening) -> RemoteHoldings:
        """Open or fill the store. Raises DatasetError, SettingsError, StoreUnavailable."""
        access = Access.from_environment(opening.store, os.environ)
        outline = datasets.outline(opening.folder)
        endpoint = Endpoint(access, seconds=max(opening.seconds, _COMMIT), cap=_CAP)
        try:
            known = about(endpoint, outline.names)
            found = fingerprint(opening.folder)
            meta: dict[str, Any] = json.loads(known) if known else {}
            filling = not meta or opening.reload
            dataset: Dataset | None = None
            shapes: tuple[ox.Quad, ...] = ()
            if filling or opening.writable or meta["print"] != found:
                dataset = datasets.load(opening.folder)
                shapes = rules_of(dataset, opening).shapes
            rules = Rules(outline.names, opening.merged, opening.validate, shapes)
            held = cls(rules, dataset.digest if dataset else meta["origin"])
            held.access, held.seconds, held._known = access, opening.seconds, known or ""
            if filling or opening.writable:
                endpoint.find_update(_harmless(outline.names))
                held.access = endpoint.access
            if filling:
                assert dataset is not None
                held._fill(endpoint, dataset, found)
            else:
                if meta["merged"] != opening.merged:
                    raise SettingsError(
                        "the store was filled with another default graph",
                        where="--default-graph",
                        hint="leave it out, or fill the store anew: --reload",
                    )
                held._take(meta)
        finally:
            endpoint.close()
        held.notes.append(
            "the deadline frees this side at once; the store behind it may go on working"
        )
        if access.exposed:
            held.notes.append("credentials for the store travel over plain http")
        return held

    def _take(self, meta: dict[str, Any]) -> None:
        self.digest, self.origin, self._print = meta["digest"], meta["origin"], meta["print"]
        self.counts = meta["counts"]

    @property
    def _merged(self) -> str | None:
        return self.rules.names.graph("merged") if self.rules.merged else None

    def engine(self) -> RemoteEngine:
        """Asks the service, over a connection of the worker's own."""
        # The deadline is kept by whoever can kill this process; the socket's own is for the rest.
        endpoint = Endpoint(self.access, seconds=self.seconds + 5, cap=_CAP)
        graphs = tuple(iri for iri in self.counts if iri)
        return RemoteEngine(endpoint, self.rules.names, graphs, self._merged)

    def scratch(self) -> ox.Store:
        """The whole content in memory. Raises UpdateRefused beyond `FETCHED` quads."""
        number = sum(self.counts.values())
        if number > FETCHED:
            raise UpdateRefused(
                f"a change here is worked out on the whole, and this store holds {number:,} quads",
                hint=f"the limit is {FETCHED:,}: change the files and fill it anew (--reload)",
            )
        store = ox.Store()
        engine = self.engine()
        for iri, expected in self.counts.items():
            target = ox.NamedNode(iri) if iri else ox.DefaultGraph()
            if isinstance(target, ox.NamedNode):
                store.add_graph(target)
            if expected:
                found = triples(engine.graph(iri or self._merged))
                store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, target) for t in found)
        complete(counted(store), self.counts)
        return store

    # -- changes

    def _keep(self, delta: Delta) -> None:
        """One request: the change, and what the store says of itself, if that is still what we
        know. Raises OSError when nothing has changed, Uncertain when that is not known.
        """
        names = self.rules.names
        own = {names.graph("store"), self._merged}
        if any(
            isinstance(q.graph_name, ox.NamedNode) and q.graph_name.value in own
            for q in (*delta.added, *delta.removed)
        ):
            raise OSError("this graph is kept by the server alone")
        self._count(delta)
        known = self._described(self.rules.version_after(delta, self.digest))
        self._count(Delta(delta.removed, delta.added, delta.graphs_removed, delta.graphs_added))
        merged = self._merged
        text = (
            f"DELETE {{ {_says(names, self._known)} {block(delta.removed, names, merged)} }}\n"
            f"INSERT {{ {_says(names, known)} {block(delta.added, names, merged)} }}\n"
            f"WHERE {{ {_says(names, self._known)} }}"
        )
        endpoint = Endpoint(self.access, seconds=_COMMIT, cap=_CAP)
        why = "the store did not take it"
        try:
            with _within(_COMMIT):
                try:
                    endpoint.update(text)
                except KgError as error:
                    why = error.message
            with _within(10):
                now = about(endpoint, names)
        except (KgError, TimeoutError) as error:
            said = error.message if isinstance(error, KgError) else "it did not answer in time"
            raise Uncertain(f"the store fell silent while it kept this change: {said}") from None
        finally:
            endpoint.close()
        if now == known:
            self._known = known
            self._sweep(endpoint, delta)
        elif now == self._known:
            raise OSError(why)
        elif now is None:
            raise OSError("the store has been emptied")
        else:
            self._known = now
            self._take(json.loads(now))
            self.generation += 1
            raise OSError("another server has changed the store meanwhile")

    def _sweep(self, endpoint: Endpoint, delta: Delta) -> None:
        """Remove again what Virtuoso leaves: its DELETE with WHERE overlooks literals that have a
        language and are not ASCII; its DELETE DATA of one graph does not. Elsewhere this changes
        nothing.
        """
        left: dict[str, list[ox.Quad]] = defaultdict(list)
        for quad in delta.removed:
            if not str(quad).isascii():
                left[str(quad.graph_name)].append(quad)
        try:
            for quads in left.values():
                body = block(quads, self.rules.names, self._merged)
                with _within(_COMMIT):
                    endpoint.update(f"DELETE DATA {{ {body} }}")
        except (KgError, TimeoutError):
            self.notes.append("a removal may be incomplete; --reload mends it")
        finally:
            endpoint.close()

    def _described(self, digest: str) -> str:
        meta = {
            "digest": digest,
            "origin": self.origin,
            "print": self._print,
            "merged": self.rules.merged,
            "counts": self.counts,
        }
        return json.dumps(meta, sort_keys=True)

    def _fill(self, endpoint: Endpoint, dataset: Dataset, found: str) -> None:
        """Write everything beside what is there; then one request puts it in the place of that.

        A filling that is interrupted has changed nothing that is served, and the next one clears
        away what it left.
        """
        names, merged = self.rules.names, self._merged
        old = tuple(json.loads(self._known)["counts"]) if self._known else ()
        source = filled(dataset, merged=self.rules.merged)
        self.counts = counted(source)
        self.digest = self.origin = dataset.digest
        self._print = found
        staged = {iri: names.graph(f"staging/{n}") for n, iri in enumerate(sorted(self.counts))}
        self._clear_staging(endpoint)
        for iri, stage in staged.items():
            graph = ox.NamedNode(iri) if iri else ox.DefaultGraph()
            quads = source.quads_for_pattern(None, None, None, graph)
            for lines in chunks(quads, names):
                _insert(endpoint, stage, lines)
        known = self._described(self.digest)
        steps = [
            f"DROP SILENT GRAPH <{target}>"
            for iri in old
            if (target := iri or merged) and iri not in self.counts
        ]
        steps += [
            f"MOVE SILENT GRAPH <{stage}> TO GRAPH <{iri or merged}>"
            if self.counts[iri]
            else f"DROP SILENT GRAPH <{iri or merged}>"
            for iri, stage in staged.items()
            if iri or merged
        ]
        steps.append(f"DROP SILENT GRAPH <{names.graph('store')}>")
        steps.append(f"INSERT DATA {{ {_says(names, known)} }}")
        endpoint.update(" ;\n".join(steps))
        if about(endpoint, names) != known:
            raise SettingsError(
                "the store did not keep what it was filled with",
                where="--store",
                hint="look at its log, and fill it again: --reload",
            )
        self._known = known

    def _clear_staging(self, endpoint: Endpoint) -> None:
        space = self.rules.names.graph("staging/")
        rows = solutions(
            endpoint.ask(
                "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } "
                f'FILTER (STRSTARTS(STR(?g), "{space}")) }}',
                "application/sparql-results+json",
            )
        )
        left = [str(row["g"]) for row in rows]
        endpoint.close()
        if left:
            endpoint.update(" ;\n".join(f"DROP SILENT GRAPH {graph}" for graph in left))


def about(endpoint: Endpoint, names: Names) -> str | None:
    """What a store says of itself (JSON); None when no dataset of this root is in it.

    Raises StoreUnavailable, and SettingsError for a service that does not answer as one does.
    """
    graph = names.graph("store")
    text = f"SELECT ?v WHERE {{ GRAPH <{graph}> {{ <{graph}> {prov.value} ?v }} }}"
    answer = endpoint.ask(text, "application/sparql-results+json")
    try:
        found = [row["v"] for row in solutions(answer)]
    except (SyntaxError, ValueError) as error:
        raise SettingsError(
            f"this is no SPARQL endpoint: {error}"[:200],
            where="--store",
            hint="name the address that answers SPARQL queries, often …/sparql",
        ) from None
    finally:
        endpoint.close()
    values = sorted(v.value for v in found if isinstance(v, ox.Literal))
    return values[0] if values else None


def complete(found: dict[str, int], expected: dict[str, int]) -> None:
    """Raise SettingsError when a store gave fewer or more triples than it is known to hold."""
    for iri, number in expected.items():
        if found.get(iri, 0) != number:
            raise SettingsError(
                f"the store gives {found.get(iri, 0):,} of {number:,} triples of "
                f"{'<' + iri + '>' if iri else 'the default graph'}",
                where="--store",
                hint="it may cut answers short (Virtuoso: ResultSetMaxRows), or others write to it",
            )


def _says(names: Names, value: str) -> str:
    graph = names.graph("store")
    return f"GRAPH <{graph}> {{ <{graph}> {prov.value} {term(ox.Literal(value), names)} }}"


def _insert(endpoint: Endpoint, graph: str, lines: list[str]) -> None:
    """Add triples to a graph nobody sees yet; in smaller pieces where a service takes no more."""
    try:
        endpoint.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{''.join(lines)}}} }}")
    except (QueryFailed, StoreUnavailable):
        if len(lines) <= _SMALL:
            raise
        half = len(lines) // 2
        _insert(endpoint, graph, lines[:half])
        _insert(endpoint, graph, lines[half:])


def _harmless(names: Names) -> str:
    """An update that changes nothing wherever it is made."""
    graph = f"<{names.graph('staging/probe')}>"
    return f"DELETE DATA {{ GRAPH {graph} {{ {graph} {prov.value} {graph} }} }}"


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError when the block takes longer; for a process with one thread."""

    def late(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
