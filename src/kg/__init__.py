"""Contested: contested history as a knowledge graph of claims with sources.

>>> import kg
>>> dataset = kg.open_dataset()                    # rdflib.Dataset on the dataset in use
>>> dataset.query("ASK { ?claim a <https://w3id.org/contested/ontology#Claim> }").askAnswer
True
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

    from kg.shapes import Finding

try:
    __version__ = version("contested")
except PackageNotFoundError:  # run from a folder that was never installed
    __version__ = "0.0.0"

__all__ = ["__version__", "check", "open_dataset"]


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


def check(
    *data: str | Path | rdflib.Graph | pyoxigraph.Store,
    shapes: str | Path | rdflib.Graph | Sequence[str | Path] | None = None,
    ontology: Sequence[str | Path] = (),
    inference: str = "none",
    advanced: bool = False,
    engine: str = "fast",
    timeout: float | None = None,
) -> tuple[Finding, ...]:
    """What ``kg check`` finds, as typed values: ``.severity`` tells what is to be mended.

    Without `shapes`, `data` is a dataset folder (chosen as the command line does when none is
    named), or files and folders of one. With them, it is any RDF: files, folders, an rdflib graph,
    a pyoxigraph store. `inference`, `ontology` and `advanced` are those of ``kg check --shapes``; a
    validation is stopped after `timeout` seconds, where one is given. Raises kg.errors.DatasetError
    and the errors below it.

    >>> import kg
    >>> {finding.severity for finding in kg.check("data/entities")}
    {'info'}
    """
    from kg import checking
    from kg import dataset as datasets
    from kg.checking import foreign

    if shapes is not None:
        options = foreign.Options(inference, advanced, engine=engine, timeout=timeout)
        chosen = (
            shapes if isinstance(shapes, Sequence) and not isinstance(shapes, str) else [shapes]
        )
        return foreign.judge(foreign.gather(data, chosen, ontology), options).findings
    paths = tuple(str(each) for each in data)
    choice, inside = checking.what_to_check(paths, None)
    loaded = datasets.load(choice.path)
    loaded = loaded.plus(path for path in inside if not checking.below(path, choice.path))
    return checking.check(loaded, inside, engine=engine, timeout=timeout)
