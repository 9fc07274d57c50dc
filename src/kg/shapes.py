"""SHACL validation: a dataset's shapes on the union of its graphs, as findings with places.

Our own engine (`kg.shacl`) does the work; pySHACL (`kg.reference`) takes the shapes that ours does
not compile. What is validated are the triples of the files, not those of the store, because a store
rewrites literals; and their union, because a claim in one graph speaks of things in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox

from kg import shacl
from kg.dataset import Dataset
from kg.errors import DatasetError
from kg.names import rdfs, sh
from kg.shacl import Problem, Result, ShapesError
from kg.shacl.blame import Node, blamed
from kg.shacl.graph import ShapesGraph, Term
from kg.shacl.model import Constraint, Shape
from kg.shacl.queries import calls_out

if TYPE_CHECKING:
    from kg import reference

__all__ = [
    "ENGINES",
    "Checker",
    "Finding",
    "Severity",
    "Update",
    "as_findings",
    "findings",
    "findings_of_quads",
    "read",
    "results",
    "results_of_quads",
]

Severity = Literal["violation", "warning", "info"]
Quads = Iterable[ox.Quad | ox.Triple]
Note = Callable[[str], None]

ENGINES = ("fast", "pyshacl", "both")
_SEVERITIES: dict[object, Severity] = {
    sh.Violation: "violation",
    sh.Warning: "warning",
    sh.Info: "info",
}
_ADVANCED = """rule target SPARQLFunction SPARQLTarget SPARQLTargetType SPARQLRule TripleRule
    JSRule JSTarget expression values function""".split()
_SCRIPTS = "js jsLibrary jsFunctionName JSConstraint JSFunction JSValidator".split()
_QUERIES = (sh.select, sh.ask, sh.construct, sh.update)


@dataclass(frozen=True)
class Finding:
    """One thing that a rule objects to.

    `rule` is the IRI of the shape (or the id of a rule that is no shape), `focus` the thing it
    is about, `path` the property and `value` the value at fault where there is one (as N3),
    `message` what to do, `reason` why. `locate` finds the place of the triple at fault when that is
    first asked for: most findings are counted, compared or hidden and never placed. `results`
    are the SHACL results behind it: several where components of one shape say the same.
    """

    rule: str
    focus: str
    severity: Severity
    message: str
    reason: str = ""
    path: str = ""
    value: str = ""
    locate: Callable[[], str | None] = field(default=str, compare=False, repr=False)
    results: tuple[Result, ...] = field(default=(), compare=False, repr=False)

    @cached_property
    def place(self) -> str:
        """``file:line:column``, the file alone where no line is known, or nothing."""
        return self.locate() or ""

    def __getstate__(self) -> dict[str, object]:
        """For pickle, which can't take along what `locate` looks at: the place is found now."""
        return {**self.__dict__, "place": self.place, "locate": str}

    @property
    def file(self) -> str:
        """The file of the place; empty where there is none."""
        return self._split[0]

    @property
    def line(self) -> int | None:
        """The line of the place, from 1."""
        return self._split[1]

    @property
    def column(self) -> int | None:
        """The column of the place in code points, from 1."""
        return self._split[2]

    @property
    def _split(self) -> tuple[str, int | None, int | None]:
        file, *rest = self.place.rsplit(":", 2)
        if len(rest) == 2 and all(part.isdecimal() for part in rest):
            return file, int(rest[0]), int(rest[1])
        return self.place, None, None


def _quiet(_: str) -> None:
    """Nobody listens."""


def read(dataset: Dataset) -> ShapesGraph:
    """The shapes of a dataset."""
    return ShapesGraph(quad for file in dataset.shapes for quad in file.quads)


def results(
    dataset: Dataset, *, engine: str = "fast", note: Note = _quiet, at: Note | None = None
) -> tuple[Result, ...]:
    """Validate the union of a dataset against its shapes; see `results_of_quads`."""
    shapes = [q for file in dataset.shapes for q in file.quads]
    data = [q for file in (*dataset.files, *dataset.ontology) for q in file.quads]
    if not shapes or not data:
        return ()
    return results_of_quads(shapes, data, engine=engine, note=note, at=at)


def findings(
    dataset: Dataset, *, engine: str = "fast", note: Note = _quiet, at: Note | None = None
) -> tuple[Finding, ...]:
    """`results` as findings with their places."""
    found = results(dataset, engine=engine, note=note, at=at)
    return as_findings(found, read(dataset), dataset)


def findings_of_quads(
    shapes: Quads, data: Quads, *, engine: str = "fast", note: Note = _quiet, at: Note | None = None
) -> tuple[Finding, ...]:
    """The violations in quads or triples, from a store for instance; findings without places.

    A store rewrites literals (``1.50`` to ``1.5``), so what hangs on how one was written can differ
    from what the files would give. See `results_of_quads`.
    """
    shapes = list(shapes)
    ours = results_of_quads(shapes, data, engine=engine, note=note, at=at)
    found = as_findings(ours, ShapesGraph(shapes))
    return tuple(finding for finding in found if finding.severity == "violation")


def results_of_quads(
    shapes: Quads,
    data: Quads,
    *,
    engine: str = "fast",
    advanced: bool = False,
    scripts: bool = False,
    note: Note = _quiet,
    at: Note | None = None,
) -> tuple[Result, ...]:
    """Validate the union of the data's graphs against shapes, as W3C results.

    `engine` is one of `ENGINES`: our own (``fast``, which leaves to pySHACL what it does not
    compile), the reference (``pyshacl``), or ``both``, which raises DatasetError where they differ.
    With `advanced` (SHACL-AF) or `scripts` (SHACL-JS), shapes that use such features go to the
    reference as a whole. `note` is told what was left to the reference and what is excused, `at`
    where the work is. Raises ShapesError for malformed shapes and for one that would call out.
    """
    shapes, data = list(shapes), list(data)
    graph = ShapesGraph(shapes)
    refuse_calls(graph)
    uses_advanced, uses_scripts = _needs_advanced(graph)
    advanced, scripts = advanced and uses_advanced, scripts and uses_scripts
    if advanced or scripts or engine == "pyshacl":
        if at is not None:
            at("the reference, pySHACL")
        from kg import reference  # with pySHACL, which few runs need

        if engine != "pyshacl":
            note("all shapes are left to pySHACL: they use SHACL-AF or SHACL-JS")
        return tuple(reference.results(shapes, data, advanced=advanced, scripts=scripts))

    def left(narrowed: list[ox.Triple]) -> list[Result]:
        if at is not None:
            at("a shape that was left to the reference, pySHACL")
        return _by_reference(narrowed, data)

    validation = shacl.validate(shapes, data, fallback=left, at=_by_constraint(at))
    for node, why in validation.left:
        note(f"{node} is left to pySHACL: {why}")
    if engine == "both":
        if at is not None:
            at("the reference, pySHACL")
        from kg import reference

        _same(reference.difference(shapes, data), note)
    return validation.results


def _by_constraint(at: Note | None) -> Callable[[Shape, Constraint], None] | None:
    """What tells `at` the constraint that is looked at."""
    if at is None:
        return None

    def say(shape: Shape, constraint: Constraint) -> None:
        node = constraint.node if isinstance(constraint.node, ox.NamedNode) else shape.node
        at(f"{node}, {constraint.component.value.removeprefix(sh.iri)}")

    return say


def _needs_advanced(shapes: ShapesGraph) -> tuple[bool, bool]:
    """Whether shapes use features of SHACL-AF, and of SHACL-JS, that our engine leaves out."""
    names: set[Term] = set()
    for statements in shapes.out.values():
        names.update(statements)
        for values in statements.values():
            names.update(values)
    return (
        not names.isdisjoint(sh[name] for name in _ADVANCED),
        not names.isdisjoint(sh[name] for name in _SCRIPTS),
    )


def refuse_calls(shapes: ShapesGraph) -> None:
    """Raise ShapesError when a query in the shapes would call another server."""
    problems = [
        Problem(subject, "its query would call another server; nothing here does (SERVICE, LOAD)")
        for predicate in _QUERIES
        for subject, text in shapes.pairs(predicate)
        if isinstance(text, ox.Literal) and calls_out(text.value)
    ]
    if problems:
        raise ShapesError(problems)


def _by_reference(shapes: Quads, data: Quads) -> list[Result]:
    from kg import reference

    return reference.results(shapes, data)


def _same(found: reference.Difference, note: Note) -> None:
    for node, departures in found.excused:
        for name in departures:
            note(f"{node}: pySHACL differs, excused by {name}: {shacl.DEPARTURES[name]}")
    if found:
        raise DatasetError(
            f"the two engines differ: {len(found.extra)} results only here, "
            f"{len(found.missing)} only by pySHACL",
            where="--engine",
            hint="the first is " + " ".join((found.extra or found.missing)[0]),
        )


def as_findings(
    results: Iterable[Result], shapes: ShapesGraph, dataset: Dataset | None = None
) -> tuple[Finding, ...]:
    """Results as findings, each once with the results behind it, the gravest first; they are
    placed in the files of `dataset`.
    """
    found: dict[Finding, list[Result]] = {}
    for result in results:
        found.setdefault(_finding(result, shapes, dataset), []).append(result)
    order = list(_SEVERITIES.values())
    return tuple(
        replace(finding, results=tuple(found[finding]))
        for finding in sorted(
            found, key=lambda f: (order.index(f.severity), f.rule, f.focus, f.value)
        )
    )


def _finding(result: Result, shapes: ShapesGraph, dataset: Dataset | None) -> Finding:
    def locate() -> str | None:
        return dataset.place(*blamed(result, shapes, neighbours)) if dataset else None

    def neighbours(node: Node, predicate: ox.NamedNode, back: bool) -> list[Node]:
        assert dataset is not None
        index = dataset.naming if back else dataset.stating
        quads = (file.quads[number] for file, number in index.get(node, ()))
        return [q.subject if back else q.object for q in quads if q.predicate == predicate]

    rule = result.shape
    reason = next(iter(shapes.objects(rule, rdfs.comment)), None)
    path = result.path
    return Finding(
        rule=_text(rule),
        focus=_text(result.focus),
        severity=_SEVERITIES.get(result.severity, "violation"),
        message=result.messages[0].value if result.messages else "",
        reason=_text(reason) if reason is not None else "",
        path=path.value if isinstance(path, ox.NamedNode) else "",
        value=str(result.value) if result.value is not None else "",
        locate=locate,
    )


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


@dataclass(frozen=True)
class Update:
    """What a change did: findings where it could alter anything, those that came, those that went.

    `findings` includes what stood there before and still does.
    """

    findings: tuple[Finding, ...]
    appeared: tuple[Finding, ...]
    gone: tuple[Finding, ...]


class Checker:
    """Holds data under shapes; a change of a few triples is judged in milliseconds, at any size.

    `data` are quads or triples; what counts is the union of their graphs. With ``judge=False``
    nothing is judged at the start, and `update` tells only what stands where a change could alter
    anything. Shapes that our engine does not compile are judged as a whole, by the reference, with
    each change. One thread at a time.
    """

    def __init__(
        self,
        shapes: Quads,
        data: Quads,
        *,
        judge: bool = True,
        dataset: Dataset | None = None,
        at: Note | None = None,
    ) -> None:
        """`at` is told of each constraint before it is looked at. Raises ShapesError for malformed
        shapes and for one that would call out.
        """
        shapes = list(shapes)
        self._shapes = ShapesGraph(shapes)
        refuse_calls(self._shapes)
        self.dataset = dataset
        self._checker = shacl.Checker(
            shapes, data, _by_reference, judge=judge, at=_by_constraint(at)
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings as they stand; with ``judge=False``, of what was changed so far."""
        return self._found(self._checker.results)

    def update(self, added: Quads = (), removed: Quads = ()) -> Update:
        """Take quads out and put quads in; what is not there can be removed without effect."""
        return self._update(self._checker.update(added, removed))

    def would(self, added: Quads = (), removed: Quads = ()) -> Update:
        """What an update would do, for instance before it is committed; the data stays as it is."""
        return self._update(self._checker.would(added, removed))

    def follow(self, added: Quads = (), removed: Quads = ()) -> None:
        """Take a change over, and judge nothing. Only for a checker that has judged nothing yet."""
        self._checker.follow(added, removed)

    @property
    def size(self) -> int:
        """Terms that are held: those that came, whether they have gone or not."""
        return self._checker.size

    def _found(self, results: Iterable[Result]) -> tuple[Finding, ...]:
        return as_findings(results, self._shapes, self.dataset)

    def _update(self, found: shacl.Update) -> Update:
        return Update(
            self._found(found.results), self._found(found.appeared), self._found(found.gone)
        )
