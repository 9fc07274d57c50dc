"""``/update`` and ``/graph-store``: SPARQL 1.1 Update by protocol, and the Graph Store Protocol.

Reading graphs is always there. Writing needs the bearer token; what is written is worked out in a
worker, judged by the shapes, and committed whole or not at all.
"""

from __future__ import annotations

import hmac
import json
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from werkzeug.http import parse_options_header

from kg import formats
from kg.engine.multipart import MULTIPART
from kg.engine.pool import Pool
from kg.engine.queues import Asker
from kg.errors import NotHere, ParameterError, Unauthorized, UpdateRefused
from kg.negotiation import best, not_acceptable
from kg.protocol.answers import Answers, Question
from kg.protocol.bodies import Bodies
from kg.protocol.conditions import Condition
from kg.protocol.exchange import Reply, Request, unreadable
from kg.protocol.parameters import Parameters, is_absolute
from kg.protocol.problems import HttpError
from kg.protocol.sparql import FORM, media_type

__all__ = ["GraphStore", "Update", "authorised"]

UPDATE = "application/sparql-update"


def authorised(request: Request, token: str | None) -> None:
    """Let a write pass. Raises UpdateRefused (writes are off) or Unauthorized."""
    if token is None:
        raise UpdateRefused(
            "this server takes no writes", hint="its operator can allow them (--update-token-file)"
        )
    scheme, _, given = request.header("authorization").partition(" ")
    fits = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not fits:
        raise Unauthorized(
            "a write needs this server's token", hint="send Authorization: Bearer <token>"
        )


class Update:
    """``/update``: SPARQL 1.1 Protocol, 2.2."""

    methods = ("POST", "OPTIONS")

    def __init__(self, pool: Pool, bodies: Bodies, token: str | None) -> None:
        self._pool = pool
        self._bodies = bodies
        self._token = token

    async def answer(self, request: Request) -> Reply:
        """Make an update. Raises a KgError, and nothing has changed."""
        authorised(request, self._token)
        kind = media_type(request)
        if kind not in (UPDATE, FORM):
            raise HttpError(
                415,
                f"{kind or 'a body without a Content-Type'} is no update",
                hint=f"send {UPDATE} or {FORM}",
                fields=(("accept-post", f"{UPDATE}, {FORM}"),),
            )
        self._pool.turns.admit()
        body = await self._bodies.read(request)
        parameters = Parameters(request.query)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise unreadable("the update") from None
        if kind == FORM:
            parameters = Parameters(text, "the form").besides(parameters)
            if "query" in parameters:
                raise ParameterError(
                    "a query is no update", where="query", hint="send queries to /sparql"
                )
            found = parameters.one("update")
            if found is None:
                raise ParameterError(
                    "there is no update", where="update", hint="send update=INSERT …"
                )
            text = found
        elif "update" in parameters:
            raise ParameterError(
                "the update is sent twice, as the body and as update=",
                where="update",
                hint="send it once",
            )
        Condition(request).hold(())  # this address has no state of its own to be compared
        base = f"{request.base}update"
        default = parameters.graphs("using-graph-uri", base)
        named = parameters.graphs("using-named-graph-uri", base)
        header: dict[str, Any] = {"kind": "change", "verb": "update", "base": base}
        if default is not None or named is not None:
            header |= {"default": default or (), "named": named or ()}
        asker = Asker(request.client, request.gone)
        _, changed = await self._pool.change(header, text.encode(), asker)
        return _made(self._pool, changed)


def _made(pool: Pool, changed: bool) -> Reply:
    told = {"changed": changed, "digest": pool.state.get("digest")}
    body = (json.dumps(told) + "\n").encode()
    return Reply(200, [("content-type", "application/json"), ("cache-control", "no-store")], body)


class GraphStore:
    """``/graph-store``: SPARQL 1.1 Graph Store HTTP Protocol, direct and indirect."""

    methods = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")

    def __init__(
        self, pool: Pool, answers: Answers, bodies: Bodies, token: str | None, seconds: float
    ) -> None:
        self._pool = pool
        self._answers = answers
        self._bodies = bodies
        self._token = token
        self._seconds = seconds

    async def answer(self, request: Request) -> Reply:
        """Read or write a graph. Raises a KgError."""
        write = request.method not in ("GET", "HEAD")
        if write:
            authorised(request, self._token)
        graph = self._graph(request)
        if not write:
            return await self._read(request, graph)
        if request.method == "DELETE":
            if graph is _ITSELF:
                raise _unnamed()
            await self._change(request, "delete", graph)
            return Reply(204)
        form, boundary = self._format(request)
        self._pool.turns.admit()
        body = await self._bodies.read(request)
        if graph is _ITSELF:
            if request.method == "PUT":
                raise _unnamed()
            return await self._new(request, form, boundary, body)
        verb = request.method.lower()
        existed = await self._change(request, verb, graph, form, boundary, body)
        return Reply(204 if existed else 201)

    def _graph(self, request: Request) -> str | None:
        """The graph that a request is about: an IRI, None for the default one, or `_ITSELF`."""
        parameters = Parameters(request.query)
        here = f"{request.base}graph-store"
        rest = request.path.removeprefix("/graph-store").removeprefix("/")
        named, default = parameters.one("graph"), parameters.one("default")
        if named is not None and default is not None:
            raise ParameterError(
                "both ?default and ?graph= are given", where="graph", hint="name one graph"
            )
        if rest:
            if "%" in rest:  # it was %25 once: part of no IRI, or it could be another's address
                raise ParameterError(
                    "an address with %25 in it can't be told from another",
                    where=rest,
                    hint="name this graph by ?graph=",
                )
            if named is not None or default is not None:
                raise ParameterError(
                    "the graph is named by the address and by a parameter",
                    where="graph",
                    hint="name it once",
                )
            # What the server decoded is encoded again: one spelling for each address.
            return f"{here}/{quote(rest, safe='/-._~!$&()*+,;=:@' + chr(39))}"
        if default is not None:
            if default:
                raise ParameterError("?default takes no value", where="default", hint="?default")
            return None
        if named is None:
            return _ITSELF
        if not is_absolute(named):  # 4.2: what is not absolute is refused, not resolved
            raise ParameterError(
                f"{named!r} is no absolute IRI", where="graph", hint="?graph=https://…"
            )
        return named

    async def _read(self, request: Request, graph: str | None) -> Reply:
        if graph is _ITSELF:
            raise ParameterError(
                "no graph is named", where="graph", hint="add ?default or ?graph=IRI"
            )
        name = Parameters(request.query).one("format")
        form = formats.by_name(name, kind="graph") if name else None
        form = form or best(request.listed("accept"), "graph")
        if form is None:
            raise not_acceptable("graph")
        if not self._holds(graph):
            raise NotHere(f"there is no graph <{graph}> here", hint="see /sparql for a list")
        question = Question("", None, form, _frame(graph), self._seconds)
        return await self._answers.reply(request, question)

    def _format(self, request: Request) -> tuple[str, str]:
        """The format of the body by name, and what stands between the parts of a multipart."""
        kind = media_type(request)
        for form in formats.GRAPHS:
            if kind in form.media_types:
                return form.name, ""
        if kind == MULTIPART and request.method == "POST":
            _, options = parse_options_header(request.header("content-type"))
            return MULTIPART, options.get("boundary", "")
        if not kind and request.header("content-length") in ("", "0"):
            return formats.GRAPHS[0].name, ""
        raise HttpError(
            415,
            f"{kind or 'a body without a Content-Type'} is no RDF that is read here",
            hint="send one of: " + ", ".join(f.media_type for f in formats.GRAPHS),
            fields=(("accept-post", ", ".join(f.media_type for f in formats.GRAPHS)),),
        )

    async def _new(self, request: Request, form: str, boundary: str, body: bytes) -> Reply:
        """A POST to the store itself makes a graph and says where it is (5.5)."""
        graph = f"{request.base}graph-store/new-{token_hex(8)}"  # nobody else draws the same
        await self._change(request, "post", graph, form, boundary, body)
        return Reply(201, [("location", graph)])

    async def _change(
        self,
        request: Request,
        verb: str,
        graph: str | None,
        form: str | None = None,
        boundary: str = "",
        body: bytes = b"",
    ) -> bool:
        header = {
            "kind": "change",
            "verb": verb,
            "iri": graph,
            "base": graph or f"{request.base}graph-store",
            "format": form,
            "boundary": boundary,
        }
        condition = Condition(request)

        def first() -> None:
            if condition and (verb != "delete" or self._holds(graph)):  # else it is a 404
                frame = _frame(graph)
                condition.hold(self._answers.tags(frame) if self._holds(graph) else ())

        asker = Asker(request.client, request.gone, first)
        found, _ = await self._pool.change(header, body, asker)
        return bool(found["existed"])

    def _holds(self, graph: str | None) -> bool:
        return graph is None or graph in self._pool.state.get("counts", {})


_ITSELF = "\0"  # the graph store, no graph of it


def _frame(graph: str | None) -> dict[str, Any]:
    return {"kind": "graph", "iri": graph}


def _unnamed() -> ParameterError:
    return ParameterError(
        "no graph is named", where="graph", hint="add ?default or ?graph=IRI, or POST to make one"
    )
