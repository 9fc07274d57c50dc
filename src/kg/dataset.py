"""A folder with ontology/, data/ and queries/ as quads, one named graph per source.

``data/sources/<key>/`` is the graph ``…/graph/source/<key>``, ``data/entities/`` is
``…/graph/entities``, ``ontology/`` (without shapes/ and alignments/) is ``…/graph/ontology``.
A dataset that states something but has no ontology/contested.ttl of its own stands on the model
that comes with the program; an empty one stays empty.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg import formats, intake
from kg.blanks import BlankNames
from kg.catalogue import Catalogue
from kg.errors import DatasetError, NotADataset, ParseError, SettingsError
from kg.names import CONTESTED, KEY_PATTERN, Names, rdf, void
from kg.positions import SUFFIXES, Part, Positions

__all__ = [
    "Choice", "Dataset", "File", "Outline", "bundled", "choose", "choose_one", "digest_of",
    "is_dataset", "load", "outline", "parse", "read_file",
]  # fmt: skip

_MODEL = "contested.ttl"
Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True)
class Choice:
    """The folder that a verb works on, and why it is that one."""

    path: Path
    reason: str


@dataclass(frozen=True)
class File:
    """One file of a dataset, parsed: its triples with literals as written, and its graph."""

    path: Path
    graph: str
    quads: tuple[ox.Quad, ...]
    prefixes: Mapping[str, str]
    text: str | None = None
    """What it says, where that can't be read again (standard input)."""

    @cached_property
    def positions(self) -> Positions:
        """Where the file states what; scanned when first asked for."""
        if self.text is not None:
            return Positions(self.text)
        known = self.path.suffix.removeprefix(".") in SUFFIXES and self.path.is_file()
        return Positions(self.path.read_text(encoding="utf-8-sig") if known else "")

    def place(self, number: int, part: Part = "object") -> str:
        """``file:line:column`` of a part of the quad with this number, the file alone where the
        format is not scanned or the file has changed meanwhile; empty for a graph in memory.
        """
        if self.text == "":
            return ""
        if len(self.positions) != len(self.quads):
            return shown(self.path)
        place = self.positions.place(number, part)
        return f"{shown(self.path)}:{place.line}:{place.column}"


@dataclass(frozen=True)
class Dataset:
    """A dataset as read: authored `files`, `ontology` files, and `shapes` files.

    The shapes are not part of any graph that is served: they are about the data.
    """

    path: Path
    names: Names
    files: tuple[File, ...]
    ontology: tuple[File, ...]
    shapes: tuple[File, ...]
    ontology_folders: tuple[Path, ...] = ()

    def plus(self, paths: Iterable[Path]) -> Dataset:
        """The same dataset with files from elsewhere beside its own, in a graph of their own."""
        graph = self.names.graph("source/unnamed")
        extra = tuple(read_file(path, graph) for path in paths)
        return replace(self, files=(*self.files, *extra)) if extra else self

    @property
    def sources(self) -> list[str]:
        """The keys of the sources, sorted."""
        space = self.names.graph("source/")
        return sorted({f.graph[len(space) :] for f in self.files if f.graph.startswith(space)})

    @cached_property
    def catalogue(self) -> Catalogue:
        """The stored queries of the dataset's queries/ folder."""
        return Catalogue.read(self.path / "queries")

    def authored(self) -> Iterator[ox.Quad]:
        """Each authored quad once, in its named graph."""
        return _distinct(self.files)

    def quads(self) -> Iterator[ox.Quad]:
        """Each authored and ontology quad once, in its named graph."""
        return _distinct((*self.files, *self.ontology))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over the sorted N-Quads of all graphs: the version of the dataset."""
        return digest_of(self.quads())

    def place(
        self, subject: Node, predicate: Node | None = None, value: Node | None = None
    ) -> str | None:
        """``file:line:column`` of this triple's object, else of the predicate where the subject
        has it, else of the subject where its type is stated, else where anything is; None for a
        subject that nothing is stated of. Authored files come first.
        """
        nearest: dict[Part, tuple[File, int]] = {}
        for file, number in self.stating.get(subject, ()):
            quad = file.quads[number]
            if quad.predicate == predicate:
                if quad.object == value:
                    return file.place(number)
                nearest.setdefault("predicate", (file, number))
            elif quad.predicate == rdf["type"]:
                nearest.setdefault("subject", (file, number))
            else:
                nearest.setdefault("object", (file, number))
        for part in ("predicate", "subject", "object"):
            if part in nearest:
                file, number = nearest[part]
                return file.place(number, "subject" if part == "object" else part)
        return None

    @cached_property
    def stating(self) -> Mapping[Node, Sequence[tuple[File, int]]]:
        """Where something is stated of a subject: files, authored ones first, and quad numbers."""
        return self._by(lambda quad: quad.subject)

    @cached_property
    def naming(self) -> Mapping[Node, Sequence[tuple[File, int]]]:
        """Where something is the object: files, authored ones first, and quad numbers."""
        return self._by(lambda quad: quad.object)

    def _by(self, part: Callable[[ox.Quad], Node]) -> Mapping[Node, Sequence[tuple[File, int]]]:
        found: dict[Node, list[tuple[File, int]]] = {}
        for file in (*self.files, *self.ontology, *self.shapes):
            for number, quad in enumerate(file.quads):
                found.setdefault(part(quad), []).append((file, number))
        return found


@dataclass(frozen=True)
class Outline:
    """What of a dataset can be known without reading its data."""

    path: Path
    names: Names
    ontology_folders: tuple[Path, ...] = ()

    @cached_property
    def catalogue(self) -> Catalogue:
        """The stored queries of the dataset's queries/ folder."""
        return Catalogue.read(self.path / "queries")


def outline(path: Path) -> Outline:
    """The outline of the dataset in a folder. Raises NotADataset, ParseError, DatasetError."""
    path = _checked(path)
    folders, tables = _folders(path, any(True for _ in _data_paths(path / "data")))
    return Outline(path, _names(tables), tuple(reversed(folders)))


def _folders(path: Path, states: bool) -> tuple[list[Path], list[Path]]:
    """The ontology folders that a dataset stands on, and its prefix tables, the nearest last."""
    own = path / "ontology"
    if (own / _MODEL).is_file():
        return [own], [own / "prefixes.ttl"]
    model = bundled() / "ontology"
    tables = [model / "prefixes.ttl", own / "prefixes.ttl"]
    return ([model, own] if states else [own]), tables


def digest_of(quads: Iterable[ox.Quad]) -> str:
    """SHA-256 (hex) over the sorted N-Quads of some quads, each taken once: their version."""
    lines = sorted({str(quad) for quad in quads})
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _distinct(files: Iterable[File]) -> Iterator[ox.Quad]:
    yield from dict.fromkeys(quad for file in files for quad in file.quads)


def shown(path: Path) -> str:
    """A path as people type it: relative to the working directory where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def is_dataset(path: Path) -> bool:
    """Whether the folder has ontology/ and data/."""
    return (path / "ontology").is_dir() and (path / "data").is_dir()


def bundled() -> Path:
    """The dataset that comes with the program: inside the wheel, or the checkout it runs from."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "bundled", package.parents[1]):
        if is_dataset(candidate):
            return candidate
    raise NotADataset(
        "this installation carries no dataset", hint="name a folder with --dataset DIR"
    )


def choose(given: str | Path | None = None, environ: Mapping[str, str] | None = None) -> Choice:
    """The dataset to work on: what was `given`, else KG_DATASET, else here, else the bundled one.

    Raises NotADataset when what was named is none; only the last two steps look further.
    """
    env = os.environ if environ is None else environ
    if given is not None:
        return Choice(_checked(Path(given)), "named on the command line")
    if env.get("KG_DATASET"):
        return Choice(_checked(Path(env["KG_DATASET"]), "KG_DATASET="), "named by KG_DATASET")
    if is_dataset(Path.cwd()):
        return Choice(Path.cwd(), "the working directory")
    return Choice(bundled(), "the copy that comes with the program")


def choose_one(folder: str | None, dataset: str | None) -> Choice:
    """`choose` for a verb that takes its dataset as DIR or as ``--dataset DIR``, but not as two."""
    if folder and dataset and Path(folder).resolve() != Path(dataset).resolve():
        raise SettingsError(
            f"two datasets are named: {folder} and {dataset}",
            where="--dataset",
            hint="name one, as DIR or with --dataset",
        )
    return choose(folder or dataset)


def _checked(path: Path, named: str = "") -> Path:
    where = f"{named}{path}"
    if not path.exists():
        raise NotADataset("there is no such folder", where=where, hint="look at the spelling")
    missing = [f"{name}/" for name in ("ontology", "data") if not (path / name).is_dir()]
    if missing:
        raise NotADataset(
            "this is no dataset: it has no " + " and no ".join(missing),
            where=where,
            hint="a dataset is a folder with ontology/, data/ and queries/; they may be empty",
        )
    return path.resolve()


def load(path: Path, read: Callable[[Path, str], File] | None = None) -> Dataset:
    """Read and parse the dataset in a folder; `read` does it in the place of `read_file`.

    Raises NotADataset, ParseError (file, line and column) or DatasetError (a file in a place that
    belongs to no graph).
    """
    path, read = _checked(path), read or read_file
    own = path / "ontology"
    files = tuple(_data_files(path / "data", _names(_folders(path, False)[1]), read))
    folders, tables = _folders(path, any(file.quads for file in files))
    names = _names(tables)
    ontology, shapes = [], []
    for folder in folders:
        for file in sorted(folder.rglob("*.ttl")):
            part = file.relative_to(folder).parts[0]
            if part == "shapes":
                shapes.append(read(file, names.graph("shapes")))
            elif part != "alignments" and (folder == own or file.name != "prefixes.ttl"):
                ontology.append(read(file, names.graph("ontology")))
    return Dataset(path, names, files, tuple(ontology), tuple(shapes), tuple(reversed(folders)))


def _names(tables: list[Path]) -> Names:
    root = CONTESTED
    prefixes: dict[str, str] = {}
    for table in tables:
        if table.is_file():
            file = read_file(table, "")
            prefixes.update(file.prefixes)
            for quad in file.quads:
                if quad.predicate == void.uriSpace and isinstance(quad.object, ox.Literal):
                    root = quad.object.value
    if not root.endswith("/"):
        raise DatasetError(
            f"the dataset's void:uriSpace {root!r} does not end in a slash",
            where=shown(tables[-1]),
            hint="write for instance https://example.org/mine/",
        )
    return Names(root, prefixes)


def _data_paths(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        known = formats.by_suffix(file.suffix.removeprefix(".")) is not None
        if known and not hidden and file.is_file():
            yield file


def _data_files(folder: Path, names: Names, read: Callable[[Path, str], File]) -> Iterator[File]:
    for file in _data_paths(folder):
        relative = file.relative_to(folder).parts
        if relative[0] == "entities":
            yield read(file, names.graph("entities"))
        elif relative[0] == "sources" and len(relative) > 2:
            key = relative[1]
            if not KEY_PATTERN.fullmatch(key):
                raise DatasetError(
                    f"{key!r} can't be the key of a source",
                    where=shown(file.parent),
                    hint="use lower-case letters, digits and hyphens, for instance rashid-1990",
                )
            yield read(file, names.graph(f"source/{key}"))
        else:
            raise DatasetError(
                "this file belongs to no graph",
                where=shown(file),
                hint="move it to data/entities/ or to data/sources/<key>/",
            )


def read_file(path: Path, graph: str) -> File:
    """Parse one RDF file into a graph; quads that name a graph of their own keep it.

    Raises ParseError with the place, and with the line itself as `excerpt`.
    """
    form = formats.by_suffix(path.suffix.removeprefix("."))
    if form is None or not isinstance(form.serializer, ox.RdfFormat):
        suffixes = ", ".join(f".{f.suffix}" for f in formats.GRAPHS)
        raise DatasetError(
            "this is no RDF file by its name", where=shown(path), hint=f"known: {suffixes}"
        )
    try:
        intake.admit_size(path.stat().st_size, shown(path))
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"the file can't be read: {error.strerror}", where=shown(path)) from None
    return parse(path, data, form.serializer, graph)


def parse(path: Path, data: bytes, form: ox.RdfFormat, graph: str) -> File:
    """Parse what a file holds; see `read_file`. Raises InputRefused for what could do harm."""
    data = data.removeprefix(b"\xef\xbb\xbf")  # a mark that some editors leave
    intake.admit(data, form, shown(path))
    parser = ox.parse(data, format=form)
    default = ox.DefaultGraph()
    target = ox.NamedNode(graph) if graph else default
    quads, names = [], BlankNames(graph, data)
    try:
        for quad in parser:
            subject, value, place = quad.subject, quad.object, quad.graph_name
            subject = names.of(subject) if isinstance(subject, ox.BlankNode) else subject
            if not isinstance(value, ox.NamedNode | ox.Literal):
                value = names.of(value) if isinstance(value, ox.BlankNode) else names.within(value)
            place = names.of(place) if isinstance(place, ox.BlankNode) else place
            place = target if place == default else place
            quads.append(ox.Quad(subject, quad.predicate, value, place))
    except SyntaxError as error:
        raise _parse_error(path, data, error) from None
    except UnicodeDecodeError:
        raise ParseError(
            "the file is not UTF-8", where=shown(path), hint="save it as UTF-8"
        ) from None
    return File(path, graph, tuple(quads), dict(parser.prefixes))


def _parse_error(path: Path, data: bytes, error: SyntaxError) -> ParseError:
    line, column = error.lineno or 1, error.offset or 1
    message = str(error.msg).partition(": ")[2] if ": " in str(error.msg) else str(error.msg)
    lines = data.decode("utf-8", "replace").splitlines()
    if line > len(lines):  # the file ends where more was expected: show its end
        line, column = max(len(lines), 1), len(lines[-1]) + 1 if lines else 1
    excerpt = None
    if lines:
        shown_line = lines[line - 1]
        before = re.sub(r"[^\t]", " ", shown_line[: column - 1].ljust(column - 1))
        excerpt = f"{shown_line}\n{before}^"
    return ParseError(
        f"not well-formed: {message}",
        where=f"{shown(path)}:{line}:{column}",
        hint="look at this line and the end of the one before: a missing dot, quote or prefix",
        excerpt=excerpt,
    )
