"""A server for systems that can't fork: this machine only, without the limits of workers.

The same front door, behind Werkzeug's own server, answers from this process. A query that never
ends is not stopped here, so nobody else is let in.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

from kg import dataset as datasets
from kg.engine.evaluate import Answer
from kg.engine.evaluate import Request as EngineRequest
from kg.engine.local import LocalPool
from kg.engine.opening import open_holdings
from kg.engine.zygote import Sockets
from kg.errors import SettingsError
from kg.formats import by_name
from kg.protocol.exchange import Fields, Request
from kg.protocol.front import Front, Options
from kg.protocol.rates import is_loopback
from kg.serve.door import front_of
from kg.serve.plan import Plan
from kg.web.site import Site

__all__ = ["local_front", "serve_simply", "wsgi"]


def local_front(plan: Plan, *, say: Callable[[str], None] = print) -> Front:
    """A front door whose engine is in this process."""
    settings = plan.settings
    pool = LocalPool(open_holdings(plan.opening), plan.bounds, Sockets(Path()))

    def ask(request: EngineRequest) -> Answer:
        frame = {
            "kind": "query",
            "results": request.results.name if request.results else None,
            "graph": request.graph.name if request.graph else None,
        }
        given = pool.answer(frame, request.text.encode())
        return Answer(given.body, by_name(given.header["format"]))

    outline = datasets.outline(plan.folder)
    site = Site.of(outline, settings.base_iri, ask, lambda: pool.state)
    options = Options(
        base=settings.base_iri,
        base_fixed=settings.base_fixed,
        rate=settings.rate,
        proxies=settings.trusted_proxies,
        seconds=settings.timeout,
    )
    return front_of(pool, site, options, say)


def wsgi(front: Front) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """A front door as a WSGI application (PEP 3333)."""

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        reply = asyncio.run(front.handle(_request(environ)))
        from http.client import responses

        if reply.status not in (204, 304):
            reply.headers.append(("content-length", str(reply.size)))
        start(f"{reply.status} {responses.get(reply.status, 'Unknown')}", reply.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.whole()]

    return app


def _request(environ: dict[str, Any]) -> Request:
    fields = {
        name[5:].lower().replace("_", "-"): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            fields[name.lower().replace("_", "-")] = environ[name]
    source = environ.get("wsgi.input") or io.BytesIO()
    length = int(environ.get("CONTENT_LENGTH") or 0)

    async def chunks() -> AsyncIterator[bytes]:
        yield source.read(length)

    return Request(
        environ["REQUEST_METHOD"],
        environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
        environ.get("QUERY_STRING", ""),
        Fields(fields),
        environ.get("REMOTE_ADDR", "127.0.0.1"),
        chunks,
    )


def serve_simply(plan: Plan, *, say: Callable[[str], None]) -> None:
    """Serve on this machine until interrupted. Raises SettingsError for any other address."""
    from werkzeug.serving import make_server

    settings = plan.settings
    if not is_loopback(settings.host):
        raise SettingsError(
            "this system can't fork, so no query could be stopped",
            where=f"--host {settings.host}",
            hint="listen on 127.0.0.1, or serve from Linux, macOS or a container",
        )
    front = local_front(plan, say=say)
    server = make_server(settings.host, settings.port, wsgi(front))
    say("Note: this system can't fork: one query at a time, and none can be stopped")
    say(
        f"Contested serves {front.pool.state['triples']:,} triples of "
        f"{datasets.shown(plan.folder)} at {settings.base_iri} (stop with Ctrl-C)"
    )
    server.serve_forever()
