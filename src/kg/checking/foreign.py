"""``kg check --shapes``: any SHACL shapes on any RDF, with the options of the pyshacl command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kg import bounded, formats, intake, shapes
from kg.checking import Step
from kg.dataset import Dataset, File, parse, read_file
from kg.errors import DatasetError
from kg.names import Names
from kg.positions import SUFFIXES
from kg.shacl import Problem, Result, ShapesError
from kg.shapes import Finding

__all__ = ["Options", "Outcome", "gather", "judge"]


@dataclass(frozen=True)
class Options:
    """How to validate: `inference` as in `kg.reference.INFERENCES`; SHACL-AF; SHACL-JS; whether the
    shapes are first held against SHACL's shapes for shapes.
    """

    inference: str = "none"
    advanced: bool = False
    scripts: bool = False
    meta: bool = False
    engine: str = "fast"
    timeout: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What was found; `notes` say what was left to the reference."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


Source = str | Path | rdflib.Graph | ox.Store


def gather(
    data: Iterable[Source], shapes: Iterable[Source] = (), ontology: Iterable[Source] = ()
) -> Dataset:
    """Files, folders and standard input (``-``) as a dataset without a place of its own.

    Without shapes the data brings them, as with pyshacl. Raises DatasetError, ParseError and
    InputRefused.
    """
    files = _files(data)
    if not files:
        raise DatasetError("no data was named", hint="name files, folders, or - for standard input")
    shape_files = _files(shapes) or files
    prefixes: dict[str, str] = {}
    for file in (*shape_files, *files):
        prefixes.update(file.prefixes)
    return Dataset(Path.cwd(), Names(prefixes=prefixes), files, _files(ontology), shape_files)


def _files(paths: Iterable[Source]) -> tuple[File, ...]:
    found: list[File] = []
    for text in paths:
        if isinstance(text, rdflib.Graph | ox.Store):
            found.append(_in_memory(text))
            continue
        path = Path(text)
        if str(text) == "-":
            found.append(_standard_input())
        elif path.is_dir():
            found += [
                read_file(inner, "")
                for inner in sorted(path.rglob("*"))
                if inner.is_file() and formats.by_suffix(inner.suffix.removeprefix("."))
            ]
        elif formats.by_suffix(path.suffix.removeprefix(".")):
            found.append(read_file(path, ""))
        else:
            found.append(_nameless(path))
    return tuple(found)


def _in_memory(source: rdflib.Graph | ox.Store) -> File:
    """A graph of rdflib, or what a store holds."""
    quads: Iterable[ox.Quad]
    if isinstance(source, ox.Store):
        quads, prefixes = source, {}
    else:
        lines = source.serialize(format="nt", encoding="utf-8")
        quads = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
        prefixes = {prefix: str(iri) for prefix, iri in source.namespaces()}
    return File(Path("memory"), "", tuple(quads), prefixes, "")


def _nameless(path: Path) -> File:
    """A file whose name tells no format."""
    try:
        intake.admit_size(path.stat().st_size, str(path))
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"the file can't be read: {error.strerror}", where=str(path)) from None
    return _with_text(path, data)


def _standard_input() -> File:
    data = sys.stdin.buffer.read(intake.LIMITS.size + 1)
    return _with_text(Path("-"), data)


def _with_text(path: Path, data: bytes) -> File:
    """A file that keeps what it says, where places can be found in that."""
    form = intake.guess(data)
    file = parse(path, data, form, "")
    scanned = form.file_extension in SUFFIXES
    return replace(file, text=data.decode("utf-8-sig")) if scanned and data else file


def judge(dataset: Dataset, options: Options, step: Step = lambda *_: None) -> Outcome:
    """Validate a gathered dataset; `step` is told where it is, for a progress bar. Raises
    ShapesError, CheckTimeout, DatasetError.
    """
    shape_quads = [q for file in dataset.shapes for q in file.quads]
    data = [q for file in dataset.files for q in file.quads]
    ontology = [q for file in dataset.ontology for q in file.quads]
    notes: list[str] = []

    def work(at: Callable[[str], None]) -> tuple[tuple[Result, ...], list[str]]:
        if options.meta:
            at("SHACL's shapes for shapes")
            _well_formed(shape_quads)
        known: Iterable[ox.Quad] = data
        if ontology or options.inference != "none":
            at("the inferences")
            from kg import reference

            known = reference.enriched(data, ontology, options.inference)
        results = shapes.results_of_quads(
            shape_quads,
            known,
            engine=options.engine,
            advanced=options.advanced,
            scripts=options.scripts,
            note=notes.append,
            at=at,
        )
        return results, notes

    results, said = bounded.run(
        work, options.timeout, lambda places: step(" ".join(places) or "the shapes", 0, 1)
    )
    found = shapes.as_findings(results, shapes.read(dataset), dataset)
    return Outcome(found, tuple(said))


def _well_formed(quads: list[ox.Quad]) -> None:
    from kg import reference

    found = shapes.results_of_quads(reference.shapes_for_shapes(), quads)
    if found:
        raise ShapesError(
            Problem(result.focus, f"by SHACL's shapes for shapes: {message}")
            for result in found
            for message in (result.messages[0].value if result.messages else "ill-formed",)
        )
