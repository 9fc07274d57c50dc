"""The front process: granian, its event loop, and the front door behind RSGI.

RSGI is the interface that sees a client leave, breaks a transfer that ends early (where a length
was announced), and sends files without reading them into memory. What it does not do is in
docs/decisions/0011.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import multiprocessing
import os
import resource
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

from kg import dataset as datasets
from kg.engine import isolation
from kg.engine.pool import Pool
from kg.engine.zygote import Sockets
from kg.errors import KgError
from kg.protocol.exchange import Reply, Request
from kg.protocol.front import Front, Options
from kg.protocol.pages import Pages, asker
from kg.protocol.problems import HttpError
from kg.protocol.scribe import Scribe
from kg.serve.plan import Plan
from kg.serve.talk import Talk
from kg.settings import here
from kg.web import create_app, make_ready, render
from kg.web.site import Site

__all__ = ["Door", "front_of", "host"]

_FLUSH = 0.25
_DRAINED = 2.0  # seconds in which who reads the log may take its last lines


def front_of(
    pool: Pool, site: Site, options: Options, say: Callable[[str], None], *, ready: bool = False
) -> Front:
    """A front door with the pages of a site behind it; with `ready` nothing of them is made only
    when the first is asked for.
    """
    app = create_app(site)
    if ready:
        make_ready(app)
    pool.changed.append(app.extensions["finder"].prepare)
    error, form = render.error(app), render.form(app)
    return Front(pool, Pages(app), site.names, options, error, form, say, site.catalogue)


class Door:
    """What granian calls, in RSGI 1.x."""

    def __init__(self, plan: Plan, sockets: Sockets, token: str | None) -> None:
        self._plan = plan
        self._sockets = sockets
        self._token = token

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called once in the process that serves, before the first request."""
        parent = multiprocessing.parent_process()
        isolation.die_with_parent(os.getppid() if parent is None else parent.pid or os.getppid())
        _raise_file_limit()
        settings = self._plan.settings
        self._loop = loop
        self._scribe = Scribe(2)
        self._stderr = sys.stderr
        sys.stderr = Talk(self._scribe)  # nothing in this process waits for who reads it
        self._pool = Pool(self._sockets, self._plan.bounds)
        site = Site.of(
            datasets.outline(self._plan.folder),
            settings.base_iri,
            asker(self._pool, lambda: loop),
            lambda: self._pool.state,
        )
        options = Options(
            base=settings.base_iri,
            base_fixed=settings.base_fixed,
            token=self._token,
            rate=settings.rate,
            proxies=settings.trusted_proxies,
            seconds=settings.timeout,
            large=settings.cache << 20,
            scribe=self._scribe,
            log=settings.access_log != "none",
        )
        self._front = front_of(self._pool, site, options, _say, ready=True)
        self._pool.start(loop)
        gc.collect()
        gc.freeze()  # what is there now stays; collections need not look at it again
        gc.set_threshold(20_000, 20, 50)
        self._flushing = loop.create_task(self._flush())
        self._trying = loop.create_task(self._try_network())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called when the server has stopped."""
        self._flushing.cancel()
        self._trying.cancel()
        self._pool.close()
        self._front.log.flush()
        if self._scribe.close(_DRAINED):
            sys.stderr = self._stderr

    async def _try_network(self) -> None:
        """Have a worker try to reach this very server: what /health announces was seen."""
        settings = self._plan.settings
        frame = {"kind": "connect", "address": [here(settings.host), settings.port]}
        while self._pool.reached is None:
            await asyncio.sleep(0.2)
            with contextlib.suppress(KgError):
                given = await self._pool.ask(frame, seconds=5)
                self._pool.reached = bool(given.header["reached"])

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH)
            self._front.log.flush()
            self._front.cache.files.sweep()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        peer = scope.client.rpartition(":")[0].strip("[]")

        def chunks() -> AsyncIterator[bytes]:
            return _body(scope, protocol)

        request = Request(
            scope.method,
            scope.path,
            scope.query_string,
            scope.headers,
            peer,
            chunks,
            protocol.client_disconnect,
            version=scope.http_version,
        )
        try:
            reply = await self._front.handle(request)
        except asyncio.CancelledError:
            # The client has left: whatever is answered now goes nowhere.
            protocol.response_empty(503, [("connection", "close")])
            return
        self._send(protocol, reply)

    def _send(self, protocol: Any, reply: Reply) -> None:
        if reply.file is not None:
            try:  # the server says 404 where it may open no more files: see first whether it may
                os.close(os.open(reply.file.path, os.O_RDONLY))
            except OSError:
                protocol.response_empty(503, [("retry-after", "5"), ("content-length", "0")])
                return
            reply.headers.append(("content-length", str(reply.size)))
            protocol.response_file(reply.status, reply.headers, reply.file.path)
        else:
            protocol.response_bytes(reply.status, reply.headers, reply.body)


async def _body(scope: Any, protocol: Any) -> AsyncIterator[bytes]:
    """The body. One whose length was announced comes whole or not at all."""
    if scope.headers.get("content-length") and not scope.headers.get("transfer-encoding"):
        try:
            whole = await protocol()
        except RuntimeError:  # granian's ProtocolClosed
            raise HttpError(
                400, "the body is shorter than its Content-Length", hint="send it again"
            ) from None
        yield whole
        return
    async for chunk in protocol:
        yield chunk


def _raise_file_limit() -> None:
    """Connections are files: take as many as the system lets us."""
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _say(text: str) -> None:
    sys.stderr.write(f"kg: {text}\n")


def host(plan: Plan, sockets: Sockets, token: str | None) -> None:
    """Run the HTTP server in this process until SIGTERM or SIGINT."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    settings = plan.settings
    door: Any = Door(plan, sockets, token)

    def load(_target: str) -> Any:
        return door

    Granian(
        "contested",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=1,
        websockets=False,
        http=HTTPModes.http1,
        # The server counts idle connections too, so its own limit is out of the way; what may wait
        # for an answer is limited in the pool.
        backpressure=1 << 16,
        backlog=2048,
        http1_settings=HTTP1Settings(header_read_timeout=15_000, max_buffer_size=128 << 10),
        log_level=LogLevels.critical,
        workers_kill_timeout=int(settings.timeout) + 5,
    ).serve(target_loader=load)
