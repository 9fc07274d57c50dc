"""Pages are Flask's: a WSGI application, run in a few threads beside the event loop."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit

from kg.engine import Answer
from kg.engine.evaluate import Request as EngineRequest
from kg.engine.pool import Given, Pool
from kg.errors import QueueFull
from kg.formats import by_name
from kg.protocol.exchange import Reply, Request

__all__ = ["Pages", "asker"]

_THREADS = 8
_WAITING = 128
_SECONDS = 20.0

Made = TypeVar("Made")
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Pages:
    """Runs `app` for requests that are no protocol's."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="page")
        self._waiting = 0

    async def answer(self, request: Request, body: bytes) -> Reply:
        """The application's reply. Raises QueueFull when too many wait."""
        return await self.beside(lambda: self._run(request, body))

    async def beside(self, make: Callable[[], Made]) -> Made:
        """What `make` gives, made in one of the threads: whoever makes a page may wait for workers,
        and the event loop must not. Raises QueueFull when too many wait.
        """
        if self._waiting >= _WAITING:
            raise QueueFull("too many pages are being made", hint="ask again in a moment")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, make)
        finally:
            self._waiting -= 1

    def _run(self, request: Request, body: bytes) -> Reply:
        reply = Reply(500)

        def start(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
            reply.status = int(status.split(" ", 1)[0])
            reply.headers = [(name.lower(), value) for name, value in headers]

        parts = self._app(_environ(request, body), start)
        try:
            reply.body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        return reply


def _environ(request: Request, body: bytes) -> dict[str, Any]:
    """The request as PEP 3333 has it."""
    base = urlsplit(request.base)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": base.hostname or "localhost",
        "SERVER_PORT": str(base.port or (443 if base.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": base.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "kg.base": request.base,
        "kg.request": request.identifier,
        "CONTENT_TYPE": request.header("content-type"),
        "CONTENT_LENGTH": str(len(body)),
    }
    fields = {
        "accept-language": request.spoken(),
        **{name: request.listed(name) for name in ("accept", "if-none-match")},
        **{name: request.header(name) for name in ("cookie", "referer", "user-agent")},
    }
    for name, value in fields.items():
        if value:
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ


def asker(
    pool: Pool, loop: Callable[[], asyncio.AbstractEventLoop]
) -> Callable[[EngineRequest], Answer]:
    """A function for pages: it asks one of their own queries in the pool and waits for it."""

    def ask(request: EngineRequest) -> Answer:
        frame = {
            "kind": "query",
            "results": request.results.name if request.results else None,
            "graph": request.graph.name if request.graph else None,
        }
        question: Awaitable[Given] = pool.ask(
            frame, request.text.encode(), seconds=_SECONDS, client="our own pages"
        )
        waiting = asyncio.run_coroutine_threadsafe(_awaited(question), loop())
        try:
            given = waiting.result(_SECONDS + pool.patience + 1)
        except TimeoutError:
            waiting.cancel()
            raise QueueFull("no worker answered in time", hint="ask again in a moment") from None
        return Answer(given.whole(), by_name(given.header["format"]))

    return ask


async def _awaited(question: Awaitable[Given]) -> Given:
    return await question
