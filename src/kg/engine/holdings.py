"""What a server holds: a store, its version, and how a change gets into it.

The zygote opens the holdings and is their only owner; workers are forked from it and read. Three
kinds: a store in memory (workers share it copy-on-write), one on disk (workers read an unchanging
snapshot), one behind another SPARQL service (workers ask it).
"""

from __future__ import annotations

import contextlib
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import store as stores
from kg.changes import Delta, Journal, Origin, apply
from kg.dataset import Dataset, load
from kg.derive import derive, derive_quads
from kg.engine.evaluate import Engine
from kg.engine.judging import Prepared
from kg.errors import SettingsError
from kg.names import Names
from kg.shacl import ShapesError

__all__ = [
    "Holdings",
    "MemoryHoldings",
    "Opening",
    "Rules",
    "Uncertain",
    "counted",
    "filled",
    "fingerprint",
    "replayed",
    "rules_of",
]


@dataclass(frozen=True)
class Opening:
    """How holdings are opened: the dataset's `folder`, and the options of ``kg serve``."""

    folder: Path
    store: str = "memory"
    merged: bool = True
    writable: bool = False
    validate: bool = True
    journal: Path | None = None
    reload: bool = False
    seconds: float = 30.0


@dataclass(frozen=True)
class Rules:
    """What a change has to respect: namespaces, the merged default graph, the shapes."""

    names: Names
    merged: bool
    validate: bool
    shapes: tuple[ox.Quad, ...] = ()

    def authored(self, delta: Delta) -> Delta:
        """What of a change is no consequence of the rest: the merge and what is derived are."""
        if not self.merged:
            return delta
        derived = self.names.graph("derived/")

        def is_authored(quad: ox.Quad) -> bool:
            graph = quad.graph_name
            return isinstance(graph, ox.NamedNode) and not graph.value.startswith(derived)

        return Delta(
            tuple(filter(is_authored, delta.added)),
            tuple(filter(is_authored, delta.removed)),
            delta.graphs_added,
            delta.graphs_removed,
        )

    def version_after(self, delta: Delta, digest: str) -> str:
        """The version of the data after a change to version `digest`."""
        return self.authored(delta).digest_after(digest)


@dataclass
class Holdings(ABC):
    """A store and its version. `generation` counts the changes since it was opened."""

    rules: Rules
    folder_digest: str
    digest: str = ""
    origin: str = ""
    """The version of the folder that the store was filled from."""
    generation: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @abstractmethod
    def engine(self) -> Engine:
        """What answers queries in a worker's own process."""

    @abstractmethod
    def scratch(self) -> ox.Store:
        """A store of the same content that a worker may change, and nobody else sees."""

    @abstractmethod
    def _keep(self, delta: Delta) -> None:
        """Make a change last and take effect. Raises OSError, and nothing has changed."""

    def commit(self, delta: Delta) -> None:
        """Take a change: it lasts when this returns. Raises OSError, and nothing has changed."""
        if not delta:
            return
        digest = self.rules.version_after(delta, self.digest)
        self._keep(delta)
        self.digest = digest
        self.generation += 1
        self._count(delta)

    def _count(self, delta: Delta) -> None:
        for sign, quads in ((1, delta.added), (-1, delta.removed)):
            for quad in quads:
                name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
                self.counts[name] = self.counts.get(name, 0) + sign
        for iri in delta.graphs_added:
            self.counts.setdefault(iri, 0)
        for iri in delta.graphs_removed:
            self.counts.pop(iri, None)

    def state(self) -> dict[str, Any]:
        """What the front is told: version, generation, triples by graph (``""``: the default) and
        in all (a default graph that is the merge of the others has them all).
        """
        counts = self.counts
        return {
            "digest": self.digest,
            "folder_digest": self.folder_digest,
            "origin": self.origin,
            "generation": self.generation,
            "counts": counts,
            "triples": counts.get("", 0) if self.rules.merged else sum(counts.values()),
            "store": self.kind,
            "notes": [*([] if self.origin == self.folder_digest else [self.moved]), *self.notes],
        }

    prepared: Prepared | None = None
    """What the shapes need to judge a change, where that is kept."""
    kind = "memory"
    moved = "the folder has changed since the store was filled from it; --reload"
    """What is said when the folder is not at `origin` any more."""
    network = False
    """Whether a worker needs the network to answer."""


class Uncertain(OSError):
    """It is not known whether a change was kept: whoever would have said so fell silent."""


class MemoryHoldings(Holdings):
    """A store in memory, filled from the folder and, where there is one, the journal."""

    store: ox.Store
    alone: ox.Store | None = None
    """The merged default graph by itself, for the questions that name no graph."""
    journal: Journal | None = None

    @classmethod
    def open(cls, opening: Opening) -> MemoryHoldings:
        """Load the folder, then what the journal holds. Raises DatasetError, SettingsError."""
        if opening.writable and opening.journal is None:
            raise SettingsError(
                "a store in memory forgets its updates when it stops",
                where="--update-token-file",
                hint="add --journal FILE, or keep the store on disk with --store PATH",
            )
        dataset = load(opening.folder)
        digest = dataset.digest
        held = cls(rules_of(dataset, opening), digest, digest, digest)
        deltas = held._journalled(dataset, opening) if opening.journal is not None else []
        for delta in deltas:
            held.digest = held.rules.version_after(delta, held.digest)
        held.store = (
            replayed(dataset, deltas, held.rules, held.digest)
            if deltas
            else filled(dataset, merged=opening.merged)
        )
        held.counts = counted(held.store)
        if opening.merged:
            held.alone = stores.default_alone(held.store)
        held._prepare()
        return held

    def _prepare(self) -> None:
        """Read what the shapes need, where they will be asked. Malformed ones are told to whoever
        sends a change.
        """
        rules = self.rules
        if rules.validate and rules.shapes:
            with contextlib.suppress(ShapesError):
                self.prepared = Prepared(rules.shapes, self.store, rules.names, merged=rules.merged)

    def _journalled(self, dataset: Dataset, opening: Opening) -> list[Delta]:
        """Open the journal; its changes. Raises SettingsError for one of another default graph."""
        assert opening.journal is not None
        now = Origin(dataset.digest, fingerprint(opening.folder), opening.merged)
        self.journal = Journal(opening.journal, now)
        deltas = self.journal.open()
        if self.journal.cut:
            self.notes.append(f"an unfinished change of {self.journal.cut:,} bytes was cut off")
        begun = self.journal.begun
        if opening.reload or (not deltas and begun != now):  # nothing is in it that could be lost
            self.journal.restart()
            return []
        if begun is None:
            self.notes.append(
                "the journal does not say on what it was begun; --reload begins it anew"
            )
            return deltas
        if begun.merged != opening.merged:
            mode = "merged" if begun.merged else "exact"
            self.journal.close()
            raise SettingsError(
                f"the journal was written with --default-graph {mode}",
                where=f"--journal {opening.journal}",
                hint=f"serve it with --default-graph {mode}, or name another file",
            )
        if begun.digest != now.digest and (begun.files != now.files or not _has_blanks(dataset)):
            self.origin = begun.digest
        return deltas

    moved = (
        "the folder has changed since the journal was begun: its changes were made again on what "
        "the folder holds now"
    )

    def engine(self) -> Engine:
        """Over the store itself: the worker has it copy-on-write."""
        return Engine(self.store, self.rules.names, alone=self.alone)

    def scratch(self) -> ox.Store:
        """The same: in a forked process a change stays there."""
        return self.store

    def _keep(self, delta: Delta) -> None:
        if self.journal is not None:
            self.journal.append(delta)
        apply(self.store, delta)
        if self.alone is not None:
            apply(self.alone, delta.in_default_graph())
        if self.prepared is not None:
            self.prepared.follow(self.rules.authored(delta))


def rules_of(dataset: Dataset, opening: Opening) -> Rules:
    """The rules of a dataset; its shapes are needed only where changes are validated."""
    shapes: Iterable[ox.Quad] = ()
    if opening.writable and opening.validate:
        shapes = (quad for file in dataset.shapes for quad in file.quads)
    return Rules(dataset.names, opening.merged, opening.validate, tuple(shapes))


def filled(dataset: Dataset, *, merged: bool) -> ox.Store:
    """A memory store of a dataset; `merged`: with its merged default graph and derived graphs."""
    return stores.build(dataset, derive(dataset) if merged else (), merged=merged)


def replayed(dataset: Dataset, deltas: Iterable[Delta], rules: Rules, digest: str) -> ox.Store:
    """A memory store of a dataset after changes, as of version `digest`.

    With a merged default graph only what was authored is taken from the changes. The merge and the
    derived graphs are made from all of it, so they are right whatever the folder holds by now.
    Raises DateError or FigureError for a claim that no rule can read.
    """
    store = stores.build(dataset, merged=False)
    for delta in deltas:
        apply(store, rules.authored(delta))
    if rules.merged:

        def place(iri: str) -> str | None:
            return dataset.place(ox.NamedNode(iri))

        derived = list(derive_quads(store, rules.names, digest, place))
        store.bulk_extend([ox.Quad(q.subject, q.predicate, q.object) for q in store])
        store.bulk_extend(derived)
    return store


def fingerprint(folder: Path) -> str:
    """A hash over the files of a dataset: whether they changed can be seen without parsing."""
    digest = hashlib.sha256()
    for part in ("ontology", "data"):
        for file in sorted((folder / part).rglob("*")):
            if file.is_file():
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                digest.update(f"{file.relative_to(folder)}\0{content}\n".encode())
    return digest.hexdigest()


def _has_blanks(dataset: Dataset) -> bool:
    """Whether a version of the dataset is one of this process alone: blank nodes have no names."""
    return any(
        isinstance(node, ox.BlankNode) for q in dataset.quads() for node in (q.subject, q.object)
    )


def counted(store: ox.Store) -> dict[str, int]:
    """Triples by graph IRI; ``""`` is the default graph. Empty named graphs count 0."""
    found = {"": 0} | {g.value: 0 for g in store.named_graphs() if isinstance(g, ox.NamedNode)}
    for text in (
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    ):
        solutions = store.query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        for solution in solutions:
            graph, number = solution["g"] if "?g" in text else None, solution["n"]
            assert isinstance(number, ox.Literal)
            found[graph.value if isinstance(graph, ox.NamedNode) else ""] = int(number.value)
    return found
