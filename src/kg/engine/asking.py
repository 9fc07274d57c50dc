"""Queries answered by another service, in our grammar and our formats.

A text is read by our own parser first (on a store with nothing in it), so that its errors are ours
and no dialect of the other side passes. The answer always comes in one format of its kind and is
written anew: only an answer that was read to its end leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import pyoxigraph as ox

from kg.engine import guard
from kg.engine.endpoint import Answered, Endpoint
from kg.engine.evaluate import LOOKED_AT, Engine, Request, Sink
from kg.engine.tokens import tokens, unescaped
from kg.errors import NotHere, ResultTooLarge, StoreUnavailable
from kg.exports import used_prefixes
from kg.formats import Format
from kg.names import Names

__all__ = ["RemoteEngine", "solutions", "triples"]

_TABLE = "application/sparql-results+json"
_GRAPH = "application/n-triples, text/turtle;q=0.5, application/rdf+xml;q=0.3"
_VIRTUOSO_SHAPE = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
_WKT = ox.NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


class RemoteEngine(Engine):
    """What `Engine` is to a store, to an `endpoint`.

    `graphs` are the named graphs that a query sees which names no dataset, and `merged` is the
    graph that it sees as the default one; None leaves both to the service.
    """

    def __init__(
        self, endpoint: Endpoint, names: Names, graphs: tuple[str, ...], merged: str | None
    ) -> None:
        super().__init__(ox.Store(), names)
        self._endpoint = endpoint
        self._graphs = graphs
        self._merged = merged

    def close(self) -> None:
        """Close the connection; another question opens one again."""
        self._endpoint.close()

    def write(self, request: Request, sink: Sink) -> Format:
        """See `Engine.write`. Also raises StoreUnavailable."""
        guard.admit(request.text, self.limits)
        parsed = self._result(ox.Store(), request, None, None)
        form = self._form(parsed, request)
        default, named = request.default_graphs, request.named_graphs
        text = unescaped(request.text)
        words = [(kind, token) for kind, token, _ in tokens(text)]
        if default is None and named is None and self._merged and not _says(words, "FROM"):
            default, named = (self._merged,), self._graphs
        if request.base and _is_relative(words):
            text = f"BASE <{request.base}> {text}"
        written: Any = sink
        if isinstance(parsed, ox.QueryTriples):
            assert isinstance(form.serializer, ox.RdfFormat)
            answer = self._endpoint.ask(text, _GRAPH, default, named)
            self._read(answer, lambda: self._copy(triples(answer), form, written))
            return form
        assert isinstance(form.serializer, ox.QueryResultsFormat)
        answer = self._endpoint.ask(text, _TABLE, default, named)
        serializer = form.serializer
        if isinstance(parsed, ox.QueryBoolean):
            yes = self._read(answer, lambda: _truth(answer))
            told = b'{"head":{},"boolean":%s}' % (b"true" if yes else b"false")
            known = ox.parse_query_results(told, format=ox.QueryResultsFormat.JSON)
            known.serialize(written, format=serializer)
        else:
            self._read(answer, lambda: _rows(answer).serialize(written, format=serializer))
        return form

    def dump(self, graph: str | None, form: Format, sink: Sink) -> None:
        """See `Engine.dump`. Also raises StoreUnavailable."""
        if graph is not None and graph not in self._graphs:
            raise NotHere(f"there is no graph <{graph}> here", hint="see /sparql for a list")
        answer = self.graph(graph or self._merged)
        self._read(answer, lambda: self._copy(triples(answer), form, sink))

    def graph(self, graph: str | None) -> Answered:
        """All triples of one graph, or of the service's default graph for None."""
        where = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        return self._endpoint.ask(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", _GRAPH)

    def _copy(self, found: Iterator[ox.Triple], form: Format, sink: Any) -> None:
        assert isinstance(form.serializer, ox.RdfFormat)
        first = list(islice(found, LOOKED_AT))
        prefixes = used_prefixes(first, self._names)
        ox.serialize(chain(first, found), sink, format=form.serializer, prefixes=prefixes)

    def _read(self, answer: Answered, work: Callable[[], Any]) -> Any:
        """Read an answer, and make sure that it was all of it."""
        try:
            found = work()
            while answer.read(1 << 16):
                pass
        except (SyntaxError, UnicodeDecodeError, ValueError) as error:
            self._endpoint.close()
            raise answer.error or StoreUnavailable(
                f"the store behind this server gave an answer that can't be read: {error}"[:300],
                hint="its operator: look at what the store says by itself",
                retry_after=5,
            ) from None
        except BaseException:
            self._endpoint.close()
            raise
        return found


def solutions(answer: Answered) -> ox.QuerySolutions:
    """The rows of an answer in JSON. Raises SyntaxError, and ResultTooLarge for a part of them."""
    _admit(answer)
    found = ox.parse_query_results(_stream(answer), format=ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QuerySolutions):
        raise SyntaxError("a yes or no where rows were asked for")
    return found


def _rows(answer: Answered) -> ox.QuerySolutions:
    """The same, counted where Virtuoso says that it gives no more than so many rows."""
    most = answer.headers.get("X-SPARQL-MaxRows", "")
    if not most.isdigit():
        return solutions(answer)
    body = b"".join(iter(lambda: answer.read(1 << 16), b""))
    form = ox.QueryResultsFormat.JSON
    counted, found = (ox.parse_query_results(body, format=form) for _ in range(2))
    assert isinstance(counted, ox.QuerySolutions) and isinstance(found, ox.QuerySolutions)
    if sum(1 for _ in counted) >= int(most):
        raise ResultTooLarge(
            f"the store behind this server gives {int(most):,} rows at most, and none was sent",
            hint="ask for less with LIMIT and OFFSET",
        )
    return found


def triples(answer: Answered) -> Iterator[ox.Triple]:
    """The triples of an answer in RDF. Raises SyntaxError, and ResultTooLarge for a part of them.

    N-Triples and Turtle have no end of their own, so the transfer must have one.
    """
    _admit(answer)
    form = ox.RdfFormat.from_media_type(answer.kind)
    if form is None or not answer.bounded:
        raise SyntaxError(f"{answer.kind} of unknown length where RDF was asked for")
    for quad in ox.parse(_stream(answer), format=form):
        value = quad.object
        if isinstance(value, ox.Literal) and value.datatype.value == _VIRTUOSO_SHAPE:
            value = ox.Literal(value.value, datatype=_WKT)  # as it was sent
        yield ox.Triple(quad.subject, quad.predicate, value)


def _stream(answer: Answered) -> Any:
    return answer  # it has what the engine asks of a file: read(size)


def _truth(answer: Answered) -> bool:
    """A yes or no. (Virtuoso gives a table with one number, or with none.)"""
    found = ox.parse_query_results(_stream(answer), format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    for row in found:
        value = row[0]
        return isinstance(value, ox.Literal) and value.value not in ("0", "false")
    return False


def _admit(answer: Answered) -> None:
    """Virtuoso marks an answer that it broke off (a time limit) by a header alone."""
    if answer.headers.get("X-SQL-State"):
        raise ResultTooLarge(
            "the store behind this server broke its answer off, and none of it was sent",
            hint="ask for less: LIMIT, or narrower patterns",
        )


def _says(words: list[tuple[str, str]], word: str) -> bool:
    return any(kind == "words" and token.upper() == word for kind, token in words)


def _is_relative(words: list[tuple[str, str]]) -> bool:
    """Whether an IRI of the text is relative, and the text has no BASE of its own."""
    return not _says(words, "BASE") and any(
        kind == "iri" and not _ABSOLUTE.match(token) for kind, token in words
    )
