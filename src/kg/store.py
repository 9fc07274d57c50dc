"""The quad store of a dataset: pyoxigraph in memory.

Each authored graph, the ontology and the derived graphs are named graphs. When neither query nor
protocol names a dataset, a query sees the RDF merge of the authored graphs and the ontology: a
merged copy stands in the store's default graph, so that a triple which two sources state counts
once there. (Oxigraph's own union would count it twice.)
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import Dataset as RdfDataset

from kg.dataset import Dataset

__all__ = ["as_rdflib", "build", "default_alone"]


def build(dataset: Dataset, derived: Iterable[ox.Quad] = (), *, merged: bool = True) -> ox.Store:
    """A memory store that holds the dataset, its merged default graph, and `derived` quads.

    Without `merged` the default graph stays empty.
    """
    store = ox.Store()
    # A store keeps each quad once, whatever it is given: no need to look for repeats before.
    quads = [quad for file in (*dataset.files, *dataset.ontology) for quad in file.quads]
    store.bulk_extend(quads)
    if merged:
        store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    store.bulk_extend(derived)
    return store


def default_alone(store: ox.Store) -> ox.Store:
    """A memory store of nothing but the default graph of `store`, blank nodes and all.

    A memory store finds the quads of a predicate or subject in one list for all graphs. Where each
    statement stands in its source's graph and in the merge, a question to the merge walks past
    every other quad; here it does not.
    """
    alone = ox.Store()
    alone.bulk_extend(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    return alone


def as_rdflib(store: ox.Store) -> RdfDataset:
    """An rdflib Dataset on the same store, through oxrdflib: the doorway for rdflib users."""
    from oxrdflib import OxigraphStore

    return RdfDataset(store=OxigraphStore(store=store))
