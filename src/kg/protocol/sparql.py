"""``/sparql``: the SPARQL 1.1 Protocol for queries (2.1), and its service description."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict
from typing import Any

from kg import formats
from kg.engine.limits import LIMITS
from kg.errors import ParameterError, QueryRefused
from kg.formats import Format
from kg.negotiation import best, not_acceptable, wants_html
from kg.protocol.answers import Answers, Question
from kg.protocol.bodies import Bodies
from kg.protocol.exchange import Reply, Request, unreadable
from kg.protocol.parameters import Parameters
from kg.protocol.problems import HttpError

__all__ = ["FORM", "QUERY", "Sparql", "media_type"]

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
_METHODS = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")


class Sparql:
    """The query route. `describe` writes the service description in a graph format."""

    methods = _METHODS

    def __init__(self, answers: Answers, bodies: Bodies, seconds: float) -> None:
        self._answers = answers
        self._bodies = bodies
        self._seconds = seconds

    async def read(self, request: Request, suffix: str = "") -> Question | None:
        """The question that a request asks; None for a bare GET. Raises a KgError."""
        parameters = Parameters(request.query)
        text: str | None
        if request.method in ("POST", "QUERY"):
            kind = media_type(request)
            body = await self._bodies.read(request)
            if kind == QUERY:
                if "query" in parameters:
                    raise ParameterError(
                        "the query is sent twice, as the body and as query=",
                        where="query",
                        hint="send it once",
                    )
                text = _decoded(body, "the query")
            elif kind == FORM:
                form = Parameters(_decoded(body, "the form"), "the form")
                if "update" in form:
                    raise QueryRefused(
                        "this address only reads", hint="send updates to /update by POST"
                    )
                parameters = form.besides(parameters)
                text = parameters.one("query")
            else:
                raise HttpError(
                    415,
                    f"{kind or 'a body without a Content-Type'} is no query",
                    hint=f"send {QUERY} or {FORM}",
                    fields=(("accept-post", f"{QUERY}, {FORM}"),),
                )
            if text is None:
                raise ParameterError("there is no query", where="query", hint="send query=SELECT …")
        else:
            text = parameters.one("query")
            if text is None:
                if "update" in parameters:
                    raise QueryRefused(
                        "an update is never made by GET", hint="send it to /update by POST"
                    )
                return None
        return self._question(request, text, parameters, suffix)

    def _question(
        self, request: Request, text: str, parameters: Parameters, suffix: str
    ) -> Question:
        base = f"{request.base}sparql"
        default = parameters.graphs("default-graph-uri", base)
        named = parameters.graphs("named-graph-uri", base)
        if named is not None and default is None:
            default = ()  # as soon as the protocol names a dataset, it is all there is
        name = parameters.one("format") or suffix
        results, graph = chosen(request, name)
        frame: dict[str, Any] = {"kind": "query", "base": base}
        if default is not None:
            frame |= {"default": default, "named": named or ()}
        seconds = parameters.seconds("timeout", self._seconds)
        explain = "explain" in parameters or "explain" in request.query.split("&")
        return Question(text, results, graph, frame, seconds, bool(name), explain)

    async def answer(self, request: Request, question: Question, *, coded: bool = True) -> Reply:
        """The reply to a question, `coded` as the client likes it. Raises a KgError."""
        if question.results is None and question.graph is None:
            raise not_acceptable("results")
        return await self._answers.reply(request, question, coded=coded)

    async def explain(self, request: Request, question: Question) -> Reply:
        """What a query costs: the guard's counts beside its limits, and the time it took."""
        began = time.perf_counter()
        given = await self._answers.explained(request, question)
        took = time.perf_counter() - began
        told = {
            "counts": given.header["counts"],
            "limits": {**asdict(LIMITS), "seconds": question.seconds},
            "seconds": {"evaluation": given.header["took"], "all": round(took, 6)},
            "bytes": len(given.body) or given.header.get("file", 0),
            "format": given.header["format"],
        }
        if given.descriptor is not None:
            os.close(given.descriptor)
        body = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
        return Reply(
            200, [("content-type", "application/json"), ("cache-control", "no-store")], body
        )


def chosen(request: Request, name: str) -> tuple[Format | None, Format | None]:
    """The formats for a table and for a graph: by name, else by Accept. Raises FormatError."""
    if name:
        form = formats.by_name(name)
        return (form, None) if form.kind == "results" else (None, form)
    accept = request.listed("accept")
    if wants_html(accept):
        return formats.by_name("json"), formats.by_name("turtle")
    return best(accept, "results"), best(accept, "graph")


def media_type(request: Request) -> str:
    """The media type of the body without its parameters, in lower case.

    Raises HttpError for a charset that is not UTF-8.
    """
    kind, *parameters = request.header("content-type").split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset" and value.strip('"').lower() not in ("utf-8", "utf8"):
            raise HttpError(415, f"the charset {value} is not read here", hint="send UTF-8")
    return kind.strip().lower()


def _decoded(body: bytes, what: str) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise unreadable(what) from None
