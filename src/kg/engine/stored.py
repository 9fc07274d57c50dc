"""A dataset as a store holds it: for the verbs that work on whole datasets.

The ontology, the shapes and the stored queries' names come from the folder; what is stated comes
from the store. A folder's files have places, a store has none.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg import dataset as datasets
from kg.dataset import Dataset, File
from kg.engine import disk
from kg.engine.asking import RemoteEngine, triples
from kg.engine.endpoint import Access, Endpoint
from kg.engine.evaluate import Engine
from kg.engine.remote import about, complete
from kg.engine.sparql11 import plain
from kg.errors import SettingsError
from kg.names import Names
from kg.positions import Positions

__all__ = ["engine_of", "stored"]

_SECONDS = 600.0
_CAP = 1 << 40  # whoever asks is at this machine


@dataclass(frozen=True)
class _Graph(File):
    """A named graph in the place of a file."""

    @cached_property
    def positions(self) -> Positions:
        """None: a store keeps no places."""
        return Positions("")


def stored(folder: Path, store: str) -> Dataset:
    """The dataset of `folder` with what `store` holds in the place of its files.

    `store` is ``memory`` (the folder itself), a folder of ``kg serve --store``, which may be
    served meanwhile, or the address of a SPARQL 1.1 service. Raises DatasetError, SettingsError,
    StoreUnavailable.
    """
    dataset = datasets.load(folder)
    if store == "memory":
        return dataset
    names = dataset.names
    graphs: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in _quads(store, names):
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        graphs[name].append(quad)
    files = [
        _Graph(Path(store), name, tuple(quads), names.prefixes)
        for name, quads in sorted(graphs.items())
        if not name.startswith(names.graph("derived/"))
    ]
    ontology = names.graph("ontology")
    return replace(
        dataset,
        files=tuple(f for f in files if f.graph != ontology),
        ontology=tuple(f for f in files if f.graph == ontology),
    )


def engine_of(folder: Path, store: str) -> Engine:
    """What answers queries about the store by itself. Raises SettingsError, StoreUnavailable."""
    names = datasets.outline(folder).names
    if not _is_address(store):
        return Engine(disk.in_force(Path(store))[0], names)
    return _remote(store, names)[0]


def _is_address(store: str) -> bool:
    return store.startswith(("http://", "https://"))


def _quads(store: str, names: Names) -> Iterator[ox.Quad]:
    """The named graphs of a store; its default graph too, where that is no merge of them."""
    if not _is_address(store):
        held, merged = disk.in_force(Path(store))
        yield from (q for q in held if not merged or isinstance(q.graph_name, ox.NamedNode))
        return
    engine, counts, merged = _remote(store, names)
    found: dict[str, int] = {}
    wanted = {iri: n for iri, n in counts.items() if n and (iri or not merged)}
    try:
        for iri in wanted:
            target = ox.NamedNode(iri) if iri else ox.DefaultGraph()
            number = 0
            for t in triples(engine.graph(iri or None)):
                subject, value = plain(t.subject, names), plain(t.object, names)
                assert not isinstance(subject, ox.Literal)
                yield ox.Quad(subject, t.predicate, value, target)
                number += 1
            found[iri] = number
    finally:
        engine.close()
    complete(found, wanted)


def _remote(store: str, names: Names) -> tuple[RemoteEngine, dict[str, int], bool]:
    endpoint = Endpoint(Access.from_environment(store, os.environ), seconds=_SECONDS, cap=_CAP)
    known = about(endpoint, names)
    if known is None:
        raise SettingsError(
            f"the store holds no dataset of {names.root}",
            where=f"--store {store}",
            hint=f"kg serve DIR --store {store} fills it",
        )
    meta = json.loads(known)
    counts: dict[str, int] = meta["counts"]
    graphs = tuple(iri for iri in counts if iri)
    merged = names.graph("merged") if meta["merged"] else None
    return RemoteEngine(endpoint, names, graphs, merged), counts, bool(meta["merged"])
