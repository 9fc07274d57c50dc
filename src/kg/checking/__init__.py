"""``kg check``: the shapes, and what shapes can't see, in one list of findings.

Beyond SHACL: an IRI in our namespaces that nothing defines (with the nearest one that is defined),
and dates that are no EDTF or can't be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from kg import bounded, shapes
from kg.dataset import Choice, Dataset, File, choose, choose_one, is_dataset, shown
from kg.dates import bounds
from kg.engine.guard import admit
from kg.errors import DatasetError, DateError, QueryError, SettingsError
from kg.names import Names, edtf, owl, sh
from kg.shapes import Finding

__all__ = ["CHECKS", "below", "beyond", "check", "dates", "narrowed", "undefined", "what_to_check"]

CHECKS = {
    "undefined-term": "A name that nothing defines is mostly a slip of the pen: a claim under it "
    "is lost to every query.",
    "edtf-date": "A date that can't be read drops out of every timeline and comparison.",
}


def check(
    dataset: Dataset,
    within: Iterable[Path] = (),
    *,
    engine: str = "fast",
    timeout: float | None = None,
    note: Callable[[str], None] | None = None,
) -> tuple[Finding, ...]:
    """All findings of a dataset; with `within`, those placed in these files or folders.

    A validation that takes longer than `timeout` seconds is stopped: CheckTimeout names the
    constraint. `note` is told what was left to the reference, and which differences are excused.
    """
    _refuse_federation(dataset)
    notes: list[str] = []

    def work(at: Callable[[str], None]) -> tuple[tuple[Finding, ...], list[str]]:
        return shapes.findings(dataset, engine=engine, note=notes.append, at=at), notes

    by_shapes, notes = bounded.run(work, timeout)
    if note is not None:
        for line in notes:
            note(line)
    return narrowed([*by_shapes, *beyond(dataset)], within)


def beyond(dataset: Dataset) -> list[Finding]:
    """What shapes can't see."""
    return [*undefined(dataset), *dates(dataset)]


def narrowed(findings: Iterable[Finding], within: Iterable[Path]) -> tuple[Finding, ...]:
    """The findings that are placed in these files or folders; all of them where none is named."""
    limits = [path.resolve() for path in within]
    return tuple(f for f in findings if not limits or _inside(f, limits))


def below(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == folder or folder in path.parents


def what_to_check(paths: tuple[str, ...], dataset: str | None) -> tuple[Choice, list[Path]]:
    """The dataset, and the files or folders to which the findings are narrowed (none: all)."""
    if len(paths) == 1 and Path(paths[0]).is_dir() and is_dataset(Path(paths[0])):
        return choose_one(paths[0], dataset), []
    resolved = []
    for text in paths:
        path = Path(text)
        if not path.exists():
            raise DatasetError(
                "there is no such file or folder", where=text, hint="look at the spelling"
            )
        resolved.append(path.resolve())
    if dataset is None and resolved:
        enclosing = next((p for p in resolved[0].parents if is_dataset(p)), None)
        if enclosing:
            dataset = str(enclosing)
    choice = choose(dataset)
    for text, path in zip(paths, resolved, strict=True):
        if path.is_dir() and not below(path, choice.path):
            choose(text)  # a folder outside: says what it lacks
            raise SettingsError(
                "check one dataset at a time", where=text, hint="run kg check once for each"
            )
    return choice, resolved


def _inside(finding: Finding, limits: list[Path]) -> bool:
    if not finding.place:
        return True
    path = Path(finding.place.rsplit(":", 2)[0]).resolve()
    return any(path == limit or limit in path.parents for limit in limits)


def _refuse_federation(dataset: Dataset) -> None:
    """The queries inside shapes are evaluated too, and nothing here opens a connection."""
    for file in dataset.shapes:
        for quad in file.quads:
            if quad.predicate not in (sh.select, sh.ask) or not isinstance(quad.object, ox.Literal):
                continue
            try:
                admit(quad.object.value)
            except QueryError as error:
                focus = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
                raise DatasetError(
                    f"the query of {dataset.names.compact(focus)} is refused: {error.message}",
                    where=_place(dataset, file, focus, quad.predicate.value),
                    hint="a shape asks the data alone",
                ) from None


def undefined(dataset: Dataset) -> Iterator[Finding]:
    """IRIs of the model's or the dataset's namespaces that are used but state nothing themselves.

    Graph names are no terms; neither are the ids of datatypes, which are borrowed.
    """
    names = dataset.names
    files = (*dataset.files, *dataset.ontology, *dataset.shapes)
    defined = {
        q.subject.value for f in files for q in f.quads if isinstance(q.subject, ox.NamedNode)
    }
    reported: set[tuple[Path, str]] = set()
    for file in files:
        for quad in file.quads:
            for node in (quad.predicate, quad.object):
                if not isinstance(node, ox.NamedNode) or node.value in defined:
                    continue
                if not names.owns(node.value) or _is_space(node.value, names):
                    continue
                if quad.predicate == owl.versionIRI:  # names a release, states nothing itself
                    continue
                if (file.path, node.value) in reported:
                    continue
                reported.add((file.path, node.value))
                yield _undefined_finding(dataset, file, quad, node.value, defined)


def _is_space(iri: str, names: Names) -> bool:
    """Namespaces, graphs and other addresses that are no terms: they end in / or #, or lie below
    graph/ or prefix/.
    """
    return iri.endswith(("/", "#")) or iri.startswith(names.root + "graph/")


def _undefined_finding(
    dataset: Dataset, file: File, quad: ox.Quad, iri: str, defined: set[str]
) -> Finding:
    names = dataset.names
    stem = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
    near = get_close_matches(iri, [d for d in defined if d.startswith(stem)], 1, 0.6)
    hint = f"did you mean {names.compact(near[0])}?" if near else "define it, or mend the name"
    focus = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else str(quad.subject)
    terms = [focus, quad.predicate.value]
    if quad.predicate.value != iri:
        terms.append(iri)
    return Finding(
        rule="undefined-term",
        focus=focus,
        severity="violation",
        message=f"Nothing defines {names.compact(iri)}: {hint}",
        reason=CHECKS["undefined-term"],
        path=quad.predicate.value,
        value=f"<{iri}>",
        place=_place(dataset, file, *terms),
    )


def _place(dataset: Dataset, file: File, *terms: str) -> str:
    place = file.positions.nearest(*terms)
    return f"{shown(file.path)}:{place.line}:{place.column}" if place else shown(file.path)


def dates(dataset: Dataset) -> Iterator[Finding]:
    """EDTF literals of the authored files that are no dates, or that can't be."""
    for file in dataset.files:
        for quad in file.quads:
            node = quad.object
            if not isinstance(node, ox.Literal) or node.datatype != edtf.EDTF:
                continue
            try:
                bounds(node.value)
            except DateError as error:
                focus = quad.subject
                assert isinstance(focus, ox.NamedNode | ox.BlankNode)
                yield Finding(
                    rule="edtf-date",
                    focus=focus.value,
                    severity="violation",
                    message=f"{error.message[0].upper()}{error.message[1:]}: {error.hint}.",
                    reason=CHECKS["edtf-date"],
                    path=quad.predicate.value,
                    value=str(node),
                    place=_place(dataset, file, focus.value, quad.predicate.value),
                )
