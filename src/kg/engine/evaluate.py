"""Evaluate a query and write its answer, whole, in one format.

Evaluation and serialization stay in one thread (results of the engine are bound to theirs), and
only bytes leave: an answer is complete before its first byte is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import pyoxigraph as ox

from kg.engine import columns, guard, merge, naming
from kg.engine.syntax import syntax_error
from kg.errors import NotAcceptable, NotHere, QueryFailed, QueryRefused
from kg.exports import used_prefixes
from kg.formats import GRAPHS, RESULTS, Format
from kg.names import Names

__all__ = ["LOOKED_AT", "Answer", "Engine", "Request", "Sink"]


@dataclass(frozen=True)
class Request:
    """A query and how its answer may be written.

    `results` is for SELECT and ASK, `graph` for CONSTRUCT and DESCRIBE; None means that the asker
    accepts no such answer. The graph lists are the dataset that the protocol names (SPARQL 1.1
    Protocol, 2.1.4); None when it names none. Relative IRIs are resolved against `base`.
    """

    text: str
    results: Format | None = RESULTS[0]
    graph: Format | None = GRAPHS[0]
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    base: str | None = None


LOOKED_AT = 2_000
"""Triples whose prefixes a written graph declares."""


class Sink(Protocol):
    """What an answer is written to, piece by piece."""

    def write(self, data: bytes, /) -> int:
        """Take a piece; the number of bytes taken, which is all of them."""

    def flush(self) -> None:
        """Nothing waits behind this."""


@dataclass(frozen=True)
class Answer:
    """A complete answer and the format it is written in."""

    body: bytes
    format: Format


class Engine:
    """The engine over one store; `names` gives the prefixes that error messages propose.

    `alone` is a store of nothing but the same default graph, if there is one: it answers the
    questions that can't see any other graph, and doesn't walk past the quads of all the others.
    """

    def __init__(
        self,
        store: ox.Store,
        names: Names,
        limits: guard.Limits = guard.LIMITS,
        alone: ox.Store | None = None,
    ) -> None:
        self.limits = limits
        self._store = store
        self._names = names
        self._alone = store if alone is None else alone

    def answer(self, request: Request) -> Answer:
        """Evaluate the query. Raises a QueryError, or NotAcceptable for its kind of answer."""
        whole = _Whole()
        form = self.write(request, whole)
        return Answer(b"".join(whole.parts), form)

    def write(self, request: Request, sink: Sink) -> Format:
        """Evaluate the query and write its answer to `sink`; the format that it is written in.

        Raises a QueryError, NotAcceptable, ParameterError for a graph whose name is no IRI, or
        what the sink raises.
        """
        guard.admit(request.text, self.limits)
        default, named = request.default_graphs, request.named_graphs
        if default is None and named is None:
            default, named = merge.named_in(request.text, request.base) or (None, None)
        if default is None and named is None:
            store = self._store if _may_name_graphs(request.text) else self._alone
            return self._evaluate(store, request, None, None, sink)
        if not default or not merge.tells_twice_from_once(request.text):
            default_graphs, named_graphs = naming.graphs(default), naming.graphs(named)
            return self._evaluate(self._store, request, default_graphs, named_graphs, sink)
        with merge.once(self._store, default, named or ()) as (store, graphs):
            return self._evaluate(store, request, graphs, naming.graphs(named), sink)

    def _evaluate(
        self,
        store: ox.Store,
        request: Request,
        default: list[Any] | None,
        named: list[Any] | None,
        sink: Sink,
    ) -> Format:
        result = self._result(store, request, default, named)
        try:
            return self._write(result, request, sink)
        except (RuntimeError, OSError) as error:
            raise _failed(error) from None

    def _result(
        self,
        store: ox.Store,
        request: Request,
        default: list[Any] | None,
        named: list[Any] | None,
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """What the text gives on `store`, before any of it is read. Raises a QueryError."""
        try:
            return store.query(
                columns.named(request.text, request.base),
                base_iri=request.base,
                default_graph=default,
                named_graphs=named,
            )
        except SyntaxError as error:
            raise syntax_error(request.text, str(error), self._names) from None
        except ValueError as error:  # an IRI of the protocol that is none
            raise QueryFailed(str(error), hint="graph names are absolute IRIs") from None
        except (RuntimeError, OSError) as error:
            raise _failed(error) from None

    def dump(self, graph: str | None, form: Format, sink: Sink) -> None:
        """Write one named graph, or the default graph for None.

        Raises NotHere, and ParameterError for a name that is no IRI.
        """
        node: ox.NamedNode | ox.DefaultGraph = ox.DefaultGraph()
        if graph is not None:
            node = naming.graph(graph)
            if not self._store.contains_named_graph(node):
                raise NotHere(f"there is no graph <{graph}> here", hint="see /sparql for a list")
        assert isinstance(form.serializer, ox.RdfFormat)
        written: Any = sink
        first = islice(self._store.quads_for_pattern(None, None, None, node), LOOKED_AT)
        prefixes = used_prefixes(first, self._names)
        self._store.dump(written, form.serializer, from_graph=node, prefixes=prefixes)

    def _write(
        self,
        result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
        request: Request,
        sink: Any,
    ) -> Format:
        form = self._form(result, request)
        if isinstance(result, ox.QueryTriples):
            assert isinstance(form.serializer, ox.RdfFormat)
            result.serialize(sink, format=form.serializer)
        else:
            assert isinstance(form.serializer, ox.QueryResultsFormat)
            result.serialize(sink, format=form.serializer)
        return form

    @staticmethod
    def _form(
        result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, request: Request
    ) -> Format:
        """The format for this kind of answer. Raises NotAcceptable."""
        if isinstance(result, ox.QueryTriples):
            if request.graph is None or not isinstance(request.graph.serializer, ox.RdfFormat):
                raise _not_acceptable("this query gives a graph", GRAPHS)
            return request.graph
        form = request.results
        if form is None or not isinstance(form.serializer, ox.QueryResultsFormat):
            raise _not_acceptable("this query gives a table or a yes or no", RESULTS)
        return form


class _Whole:
    """A sink in memory."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""


def _may_name_graphs(text: str) -> bool:
    """Whether a query could look beyond the default graph: GRAPH and FROM are the only ways.

    Keywords have no escapes in this engine, so the letters stand in every text that has the word.
    """
    low = text.lower()
    return "graph" in low or "from" in low


def _failed(error: Exception) -> QueryFailed | QueryRefused:
    return QueryFailed(
        f"the engine could not evaluate this: {error}",
        hint="functions are those of SPARQL 1.1; look at the spelling of their IRIs",
    )


def _not_acceptable(what: str, choice: tuple[Format, ...]) -> NotAcceptable:
    return NotAcceptable(
        f"{what}, and nothing that was asked for can hold it",
        hint="ask for one of: " + ", ".join(f"{f.name} ({f.media_type})" for f in choice),
    )
