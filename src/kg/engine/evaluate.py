"""Evaluate a query and write its answer, whole, in one format.

Evaluation and serialization stay in one thread (results of the engine are bound to theirs), and
only bytes leave: an answer is complete before its first byte is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg.engine import guard
from kg.errors import NotAcceptable, QueryFailed, QueryRefused, QuerySyntaxError
from kg.formats import GRAPHS, RESULTS, Format
from kg.names import Names

__all__ = ["Answer", "Engine", "Request"]


@dataclass(frozen=True)
class Request:
    """A query and how its answer may be written.

    `results` is for SELECT and ASK, `graph` for CONSTRUCT and DESCRIBE; None means that the asker
    accepts no such answer. The graph lists are the dataset that the protocol names (SPARQL 1.1
    Protocol, 2.1.4); None when it names none.
    """

    text: str
    results: Format | None = RESULTS[0]
    graph: Format | None = GRAPHS[0]
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Answer:
    """A complete answer and the format it is written in."""

    body: bytes
    format: Format


class Engine:
    """The engine over one store; `names` gives the prefixes that error messages propose."""

    def __init__(self, store: ox.Store, names: Names, limits: guard.Limits = guard.LIMITS) -> None:
        self.limits = limits
        self._store = store
        self._names = names

    def answer(self, request: Request) -> Answer:
        """Evaluate the query. Raises a QueryError, or NotAcceptable for its kind of answer."""
        guard.admit(request.text, self.limits)
        named = request.default_graphs is not None or request.named_graphs is not None
        try:
            result = self._store.query(
                request.text,
                default_graph=_nodes(request.default_graphs) if named else None,
                named_graphs=_nodes(request.named_graphs) if named else None,
            )
        except SyntaxError as error:
            raise self._syntax_error(request.text, str(error)) from None
        except ValueError as error:  # an IRI of the protocol that is none
            raise QueryFailed(str(error), hint="graph names are absolute IRIs") from None
        except (RuntimeError, OSError) as error:
            raise _failed(error) from None
        try:
            return self._write(result, request)
        except (RuntimeError, OSError) as error:
            raise _failed(error) from None

    def _write(
        self, result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, request: Request
    ) -> Answer:
        if isinstance(result, ox.QueryTriples):
            form = request.graph
            if form is None or not isinstance(form.serializer, ox.RdfFormat):
                raise _not_acceptable("this query gives a graph", GRAPHS)
            body = result.serialize(format=form.serializer)
        else:
            form = request.results
            if form is None or not isinstance(form.serializer, ox.QueryResultsFormat):
                raise _not_acceptable("this query gives a table or a yes or no", RESULTS)
            body = result.serialize(format=form.serializer)
        return Answer(body or b"", form)

    def _syntax_error(self, text: str, said: str) -> QuerySyntaxError:
        match = re.match(r"error at (\d+):(\d+): (.*)", said, re.DOTALL)
        row = int(match.group(1)) if match else None
        column = int(match.group(2)) if match else None
        prefix = guard.undeclared_prefix(text)
        if prefix is not None:
            iri = self._names.prefixes.get(prefix, "…")
            return QuerySyntaxError(
                f"the prefix {prefix}: is not declared",
                hint=f"begin the query with: PREFIX {prefix}: <{iri}>",
                row=row,
                column=column,
            )
        expected = _expected(match.group(3)) if match else said
        return QuerySyntaxError(
            f"not SPARQL 1.1 here: {expected}",
            hint="look at this place and just before it: a missing bracket, dot or quote",
            row=row,
            column=column,
        )


def _expected(said: str) -> str:
    """What the parser expected, without its lists of code point ranges."""
    words = re.sub(r"\[[^\]]*\](?:\n\|\s*\[[^\]]*\])*", "", said, flags=re.DOTALL)
    words = re.sub(r"(?:,\s*)+", ", ", words.replace("\n", " ")).strip(" ,")
    return words if len(words) <= 200 else words[:200].rpartition(",")[0] + ", …"


def _nodes(iris: tuple[str, ...] | None) -> list[Any]:
    return [ox.NamedNode(iri) for iri in iris or ()]


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
