"""What an update would change, worked out in a worker on a copy that nobody else sees.

The result is a `Delta`: the store's owner applies that list and never parses anybody's text. With
a merged default graph the worker adds what follows from the change: the merge itself and the
derived graphs; and it asks the shapes before anything is committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from typing import Any

import pyoxigraph as ox

from kg import formats
from kg.changes import Delta, apply, difference
from kg.derive import Change as Rederived
from kg.derive import rederive
from kg.engine import guard, naming
from kg.engine.bodies import admit_rdf
from kg.engine.holdings import Rules
from kg.engine.judging import judge, judged
from kg.engine.limits import LIMITS
from kg.engine.multipart import MULTIPART, documents
from kg.engine.rewrite import with_dataset
from kg.engine.syntax import syntax_error
from kg.engine.tokens import tokens
from kg.errors import (
    DatasetError,
    DateError,
    FigureError,
    InvalidUpdate,
    KgError,
    NotHere,
    ParseError,
    QueryRefused,
    UpdateError,
    UpdateRefused,
)
from kg.shapes import Checker

__all__ = ["UPDATES", "Change", "Changer"]

UPDATES = replace(LIMITS, length=16_000_000)
"""What an update may be: longer than a query, since it may carry data."""
_FAILS = "CREATE GRAPH <urn:x-contested:twice> ; CREATE GRAPH <urn:x-contested:twice> ;"


@dataclass(frozen=True)
class Change:
    """A delta, and whether the graph that a Graph Store request names was there before."""

    delta: Delta
    existed: bool = True


class Changer:
    """Works changes out on `store`, which is spent afterwards; `digest` is its version. `checker`
    holds what the shapes need of it, and is spent too; without one, all of it is read.
    """

    def __init__(
        self, store: ox.Store, rules: Rules, digest: str, checker: Checker | None = None
    ) -> None:
        self._checker = checker
        self._store = store
        self._rules = rules
        self._digest = digest
        self._derived = rules.names.graph("derived/")

    def change(self, header: dict[str, Any], body: bytes) -> Change:
        """The change that a request asks for. `header` has ``verb``: ``update`` (the body is
        SPARQL), ``put``, ``post`` or ``delete`` (the body is RDF for the graph ``iri``).

        Raises an UpdateError, a QueryError for a text that is no update, or ParameterError for a
        graph whose name is no IRI.
        """
        existed = True
        if header["verb"] == "update":
            delta = self._update(body.decode(), header)
        else:
            delta, existed = self._graph(header, body)
        if not delta:
            return Change(delta, existed)
        whole = self._merged(delta) if self._rules.merged else delta
        self._validated(delta)
        return Change(whole, existed)

    def _update(self, text: str, header: dict[str, Any]) -> Delta:
        try:
            guard.admit(text, UPDATES, update=True)
        except QueryRefused:
            self._read(text, header)  # what is no update at all is told so
            raise
        default, named = header.get("default"), header.get("named")
        data = guard.data_operations(text)
        if data and default is None and named is None:
            return self._data(text, data, header)
        before, graphs = _snapshot(self._store), set(self._store.named_graphs())
        self._run(text, header)
        added, removed = difference(before, _snapshot(self._store))
        later = set(self._store.named_graphs())
        return Delta(
            tuple(_parsed(added)),
            tuple(_parsed(removed)),
            tuple(sorted(g.value for g in later - graphs if isinstance(g, ox.NamedNode))),
            tuple(sorted(g.value for g in graphs - later if isinstance(g, ox.NamedNode))),
        )

    def _data(
        self, text: str, operations: Iterable[guard.DataOperation], header: dict[str, Any]
    ) -> Delta:
        """The change of INSERT DATA and DELETE DATA, without a look at the rest of the store."""
        self._run_on(ox.Store(), text, header)  # says what is wrong with the text, if anything
        added: dict[ox.Quad, None] = {}
        removed: dict[ox.Quad, None] = {}
        for operation in operations:
            alone = operation.alone()
            deletes = operation.operation.startswith("DELETE")
            if deletes:
                text = operation.text
                alone = f"{operation.prologue}\nINSERT{text[len('DELETE') :]}"
            told = ox.Store()
            self._run_on(told, alone, header)
            for quad in told:
                there = quad in added or (quad in self._store and quad not in removed)
                if there and deletes:
                    if quad in added:
                        del added[quad]
                    else:
                        removed[quad] = None
                elif not there and not deletes:
                    if quad in removed:
                        del removed[quad]
                    else:
                        added[quad] = None
        graphs = {q.graph_name for q in added if isinstance(q.graph_name, ox.NamedNode)}
        new = [g.value for g in graphs if not self._store.contains_named_graph(g)]
        delta = Delta(tuple(added), tuple(removed), tuple(sorted(new)))
        apply(self._store, delta)
        return delta

    def _run(self, text: str, header: dict[str, Any]) -> None:
        default, named = header.get("default"), header.get("named")
        if default is not None or named is not None:
            text = with_dataset(text, default or (), named or ())
        self._run_on(self._store, text, header)

    def _read(self, text: str, header: dict[str, Any]) -> None:
        """Have a refused text parsed, and no part of it run. Raises QuerySyntaxError.

        The engine parses a request whole and stops at the first operation that fails; here one
        that always does stands before the others, on a line of its own.
        """
        counts = asdict(guard.count(text, update=True))
        if any(counts[name] > most for name, most in asdict(UPDATES).items()):
            return
        first = (at for kind, word, at in tokens(text) if kind == "words" and not _begins(word))
        at = next(first, 0)
        row, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        try:
            ox.Store().update(f"{text[:at]}{_FAILS}\n{text[at:]}", base_iri=header.get("base"))
        except SyntaxError as error:

            def place(match: re.Match[str]) -> str:
                line, place = int(match[1]), int(match[2])
                place += column - 1 if line == row + 1 else 0
                return f"error at {line - (line > row)}:{place}"

            said = re.sub(r"error at (\d+):(\d+)", place, str(error), count=1)
            raise syntax_error(text, said, self._rules.names, update=True) from None
        except (RuntimeError, ValueError, OSError):
            return

    def _run_on(self, store: ox.Store, text: str, header: dict[str, Any]) -> None:
        try:
            store.update(text, base_iri=header.get("base"))
        except SyntaxError as error:
            raise syntax_error(text, str(error), self._rules.names, update=True) from None
        except (RuntimeError, ValueError, OSError) as error:
            raise UpdateError(
                f"the engine could not make this update: {error}",
                hint="look at the graphs that it names; nothing was changed",
            ) from None

    def _graph(self, header: dict[str, Any], body: bytes) -> tuple[Delta, bool]:
        iri = header.get("iri")
        node = naming.graph(iri) if iri else ox.DefaultGraph()
        existed = not isinstance(node, ox.NamedNode) or self._store.contains_named_graph(node)
        verb = header["verb"]
        if verb == "delete" and not existed:
            raise NotHere(f"there is no graph <{iri}> here", hint="see /sparql for a list")
        told = {
            ox.Quad(q.subject, q.predicate, q.object, node)
            for q in (_rdf(header, body) if verb != "delete" else ())
        }
        held = set(self._store.quads_for_pattern(None, None, None, node))
        new = iri and not existed
        delta = Delta(
            tuple(told - held),
            tuple(held - told) if verb != "post" else (),
            (str(iri),) if new and verb != "delete" else (),
            (str(iri),) if iri and verb == "delete" else (),
        )
        apply(self._store, delta)
        return delta, existed

    def _merged(self, asked: Delta) -> Delta:
        """The change with the merge and the derived graphs that follow from it.

        Raises UpdateRefused for a change of what is only ever computed.
        """
        added, removed = (
            _by_kind(asked.added, self._derived),
            _by_kind(asked.removed, self._derived),
        )
        for quad in (
            *added.derived,
            *(q for q in added.default if not self._states(q)),
            *(q for q in removed.default if self._states(q)),
        ):
            raise _refused(quad)
        new = set(added.authored)
        gone = {_merged_copy(q) for q in removed.authored}
        came = {
            copy
            for copy in map(_merged_copy, added.authored)
            if copy not in gone and not self._states(copy, besides=new)
        }
        left = {copy for copy in gone if not self._states(copy)}
        self._store.extend(removed.derived)  # they follow from claims, and stay as long as these
        plain = Delta(
            tuple(added.authored),
            tuple(removed.authored),
            tuple(g for g in asked.graphs_added if not g.startswith(self._derived)),
            tuple(g for g in asked.graphs_removed if not g.startswith(self._derived)),
        )
        derived = self._derive(plain)
        return replace(
            plain,
            added=(*plain.added, *came, *derived.added),
            removed=(*plain.removed, *left, *derived.removed),
        )

    def _states(self, quad: ox.Quad, besides: AbstractSet[ox.Quad] = frozenset()) -> bool:
        """Whether an authored graph or the ontology states the triple now, other than in
        `besides`.
        """
        found = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return any(self._is_authored(q) and q not in besides for q in found)

    def _is_authored(self, quad: ox.Quad) -> bool:
        return quad.graph_name != ox.DefaultGraph() and not _is_in(quad, self._derived)

    def _derive(self, plain: Delta) -> Rederived:
        """How the derived graphs change; only what the change can reach is computed again."""
        try:
            return rederive(
                self._store,
                (*plain.added, *plain.removed),
                self._rules.names,
                before=self._digest,
                after=self._rules.version_after(plain, self._digest),
            )
        except (DateError, FigureError, DatasetError, ValueError) as error:
            said = error.message if isinstance(error, KgError) else str(error)
            hint = error.hint if isinstance(error, KgError) else None
            raise InvalidUpdate(
                f"no rule can read what the data would become: {said}",
                hint=f"{hint}; nothing was changed" if hint else "nothing was changed",
            ) from None

    def _validated(self, delta: Delta) -> None:
        """Ask the shapes, where they are to be asked. Raises InvalidUpdate."""
        if not self._rules.validate or not self._rules.shapes:
            return
        added, removed = self._judged(delta.added), self._judged(delta.removed)
        checker = self._checker or self._reading(added, removed)
        judge(checker, added, removed)

    def _reading(self, added: list[ox.Quad], removed: list[ox.Quad]) -> Checker:
        """A checker of the data as it was."""
        came = set(added)
        now = judged(self._store, self._rules.names, merged=self._rules.merged)
        before = (*(q for q in now if q not in came), *removed)
        return Checker(self._rules.shapes, before, judge=False)

    def _judged(self, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        return [q for q in quads if not self._rules.merged or self._is_authored(q)]


@dataclass(frozen=True)
class _Kinds:
    authored: list[ox.Quad]
    default: list[ox.Quad]
    derived: list[ox.Quad]


def _begins(word: str) -> bool:
    """Whether a word belongs to the prologue."""
    return word.upper() in ("BASE", "PREFIX", "VERSION")


def _by_kind(quads: Iterable[ox.Quad], derived: str) -> _Kinds:
    kinds = _Kinds([], [], [])
    for quad in quads:
        if quad.graph_name == ox.DefaultGraph():
            kinds.default.append(quad)
        elif _is_in(quad, derived):
            kinds.derived.append(quad)
        else:
            kinds.authored.append(quad)
    return kinds


def _is_in(quad: ox.Quad, space: str) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(space)


def _merged_copy(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object)


def _snapshot(store: ox.Store) -> list[bytes]:
    return (store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()


def _parsed(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    return iter(ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_QUADS))


def _refused(quad: ox.Quad) -> UpdateRefused:
    if isinstance(quad.graph_name, ox.NamedNode):
        return UpdateRefused(
            f"the graph <{quad.graph_name.value}> is derived by a rule",
            hint="change the claims that it follows from",
        )
    return UpdateRefused(
        "the default graph here is the merge of the named graphs",
        hint="name the graph: INSERT DATA { GRAPH <…> { … } }, or ?graph= in the Graph Store",
    )


def _rdf(header: dict[str, Any], body: bytes) -> Iterator[ox.Quad]:
    """The triples of a body. Raises ParseError, QuerySyntaxError."""
    if header["format"] == MULTIPART:
        for part, document in documents(body, header["boundary"]):
            yield from _rdf({**header, "format": part.name}, document)
        return
    form = formats.by_name(header["format"], kind="graph")
    assert isinstance(form.serializer, ox.RdfFormat)
    admit_rdf(body, form.name)
    try:
        for quad in ox.parse(
            body,
            format=form.serializer,
            base_iri=header.get("iri") or header.get("base"),
            rename_blank_nodes=True,
        ):
            if quad.graph_name != ox.DefaultGraph():
                raise ParseError(
                    "the body names a graph of its own",
                    hint="send triples; the address says which graph they are for",
                )
            yield quad
    except SyntaxError as error:
        raise ParseError(
            f"the body is no {form.name}: {error.msg}",
            hint="look at this place and just before it",
            row=error.lineno or None,
            column=error.offset or None,
        ) from None
    except UnicodeDecodeError:
        raise ParseError("the body is not UTF-8", hint="send UTF-8") from None
