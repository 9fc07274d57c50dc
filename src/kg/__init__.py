"""Contested: contested history as a knowledge graph of claims with sources.

>>> import kg
>>> dataset = kg.open_dataset()                    # rdflib.Dataset on the dataset in use
>>> dataset.query("ASK { ?claim a <https://w3id.org/contested/ontology#Claim> }").askAnswer
True
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib

try:
    __version__ = version("contested")
except PackageNotFoundError:  # run from a folder that was never installed
    __version__ = "0.0.0"

__all__ = ["__version__", "open_dataset"]


def open_dataset(path: str | Path | None = None, *, derived: bool = True) -> rdflib.Dataset:
    """A dataset as an rdflib.Dataset over the same kind of store that the server uses.

    `path` is a folder with ontology/ and data/; without it the dataset is chosen as the command
    line does (KG_DATASET, the working directory, the copy that comes with the program). The
    default graph is the merge of the authored graphs and the ontology. With `derived` the derived
    graphs are there too, under their own names. Raises kg.errors.DatasetError.
    """
    from kg import dataset as datasets
    from kg import store
    from kg.derive import derive

    found = datasets.load(datasets.choose(path).path)
    return store.as_rdflib(store.build(found, derive(found) if derived else ()))
