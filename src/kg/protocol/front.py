"""The front door: every request comes in here, and is answered here or handed on.

The protocol's own addresses are answered in the event loop, pages by Flask beside it. Nothing in
this process evaluates, or parses, what a user has written.
"""

from __future__ import annotations

import asyncio
import json
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from kg import exports
from kg.catalogue import Catalogue
from kg.describe import service_description
from kg.engine.failures import once
from kg.engine.pool import Pool
from kg.errors import KgError, ServiceError
from kg.formats import FORMATS, Format, by_name
from kg.names import Names
from kg.negotiation import best, not_acceptable, wants_html
from kg.protocol import hosts
from kg.protocol.answers import VARY, Answers
from kg.protocol.bodies import READS, WRITES, Bodies
from kg.protocol.cache import Cache, etag, matches
from kg.protocol.conditions import demand
from kg.protocol.exchange import Reply, Request
from kg.protocol.files import Files
from kg.protocol.log import AccessLog, Identifiers
from kg.protocol.metrics import Metrics
from kg.protocol.pages import Pages
from kg.protocol.parameters import Parameters
from kg.protocol.problems import HttpError, Page, problem
from kg.protocol.proxies import Proxies
from kg.protocol.rates import Rates
from kg.protocol.scribe import Scribe
from kg.protocol.sparql import Sparql
from kg.protocol.stored import PREFIX as STORED
from kg.protocol.stored import StoredQueries
from kg.protocol.writes import GraphStore, Update

__all__ = ["Front", "Options"]

_SUFFIXES = {name: f.name for f in FORMATS for name in (f.suffix, f.name)}
_ALLOWED = "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match"
_EXPOSED = "ETag, Link, Location, Retry-After, X-Request-Id"
_LOOKING = ("GET", "HEAD")
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "QUERY", "OPTIONS")
_DESCRIPTIONS = 32  # that are kept: by version, address and format
_ALWAYS = (
    ("x-content-type-options", "nosniff"),
    ("server", "contested"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
)
_ON_PAGES = (
    ("referrer-policy", "same-origin"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "font-src 'self' data:; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
)
_ANYBODY = (("access-control-allow-origin", "*"), ("access-control-expose-headers", _EXPOSED))


_Answerer = Callable[[Request, str], Awaitable[Reply]]


@dataclass(frozen=True)
class Options:
    """What the front is told: public address, token, rates, proxies, bytes of answers that are
    kept (in memory, and of large ones in files), deadline in seconds, who writes the log, and
    whether requests stand in it.
    """

    base: str
    base_fixed: bool = False
    token: str | None = None
    rate: float | None = None
    proxies: tuple[str, ...] = ()
    cache: int = 64 << 20
    large: int = 512 << 20
    seconds: float = 30.0
    scribe: Scribe | None = None
    log: bool = True


class Front:
    """One server's front door. `page` renders errors and the query form for browsers."""

    def __init__(
        self,
        pool: Pool,
        pages: Pages,
        names: Names,
        options: Options,
        page: Page,
        form: Callable[..., str],
        say: Callable[[str], None],
        catalogue: Catalogue,
    ) -> None:
        self.pool = pool
        self.cache = Cache(options.cache, Files(options.large))
        self.metrics = Metrics()
        self.log = AccessLog(options.scribe if options.log else None)
        self._pages = pages
        self._names = names
        self._options = options
        self._page = page
        self._form = form
        self._say = say
        self._identifiers = Identifiers()
        self._proxies = Proxies(options.proxies)
        self._rates = Rates(
            20.0 if options.rate is None else options.rate, loopback_too=options.rate is not None
        )
        reads, writes = Bodies(READS), Bodies(WRITES, whole=True)
        self._small = reads
        self._descriptions: dict[tuple[str, str, str], bytes] = {}
        self._answers = Answers(pool, self.cache)
        self._sparql = Sparql(self._answers, reads, options.seconds)
        self._update = Update(pool, writes, options.token)
        self._graphs = GraphStore(pool, self._answers, writes, options.token, options.seconds)
        self._stored = StoredQueries(self._answers, catalogue, names, options.seconds)
        self._protocol: dict[str, tuple[tuple[str, ...], _Answerer]] = {
            "/sparql": (Sparql.methods, self._query),
            "/update": (Update.methods, self._change),
            "/graph-store": (GraphStore.methods, self._graph),
            "/graph-store/{path}": (GraphStore.methods, self._graph),
            f"{STORED}{{name}}": (StoredQueries.methods, self._ready),
        }
        pool.changed.append(self._answers.forget)
        pool.say = once(say)

    async def handle(self, request: Request) -> Reply:
        """The reply to a request, whatever happens on the way."""
        began = time.perf_counter()
        request.identifier = self._identifiers.next()
        self._proxies.place(request, self._options.base, fixed=self._options.base_fixed)
        try:
            hosts.check(request)
            reply = await self._route(request)
        except KgError as error:
            reply = self._problem(request, error)
        except asyncio.CancelledError:
            reply = Reply(499, note="the client has left")
            self._noted(request, reply, began)
            raise
        except Exception:
            self._say(f"request {request.identifier} failed:\n{traceback.format_exc()}")
            mistake = KgError(
                "the server made a mistake",
                hint=f"tell its operator the request {request.identifier}",
            )
            reply = self._problem(request, mistake)
        _complete(request, reply)
        self._noted(request, reply, began)
        return reply

    def _noted(self, request: Request, reply: Reply, began: float) -> None:
        took = time.perf_counter() - began
        self.metrics.count(reply.status, took)
        if request.path not in ("/health", "/metrics"):  # asked by machines, all day
            self.log.add(request, reply, took)

    @property
    def routes(self) -> dict[str, tuple[str, ...]]:
        """The addresses that are answered here and not by the pages, with their methods."""
        own = {path: methods for path, (methods, _) in self._protocol.items()}
        return {**own, "/health": _LOOKING, "/metrics": _LOOKING}

    async def _route(self, request: Request) -> Reply:
        address, suffix = _address(request.path)
        found = self._protocol.get(address)
        if found is not None:
            return await self._open(request, *found, suffix)
        if address in ("/health", "/metrics") and request.method in _LOOKING:
            return self._health() if address == "/health" else self._numbers()
        self._rates.take(request.client, time.monotonic())
        if address == "*" and request.method == "OPTIONS":  # of the server as a whole
            return Reply(204, [("allow", ", ".join(_METHODS))])
        if address in ("/health", "/metrics"):
            _allow(request, _LOOKING)
        _allow(request, ("GET", "HEAD", "POST", "OPTIONS"))
        return await self._pages.answer(request, await self._small.read(request))

    async def _open(
        self,
        request: Request,
        methods: tuple[str, ...],
        answer: _Answerer,
        suffix: str,
    ) -> Reply:
        """A route of the protocol: any web page may ask it (CORS), as long as it keeps the pace."""
        if request.method == "OPTIONS":
            reply = _options(methods)
        else:
            self._rates.take(request.client, time.monotonic())
            _allow(request, methods)
            reply = await answer(request, suffix)
        reply.headers.extend(_ANYBODY)
        return reply

    def _problem(self, request: Request, error: KgError) -> Reply:
        reply = problem(request, error, self._page)
        if _address(request.path)[0] in self._protocol:  # any web page may read why
            reply.headers.extend(_ANYBODY)
        return reply

    async def _query(self, request: Request, suffix: str) -> Reply:
        known = self._answers.remembered(request)
        if known is not None:
            return known
        html = not suffix and wants_html(request.listed("accept"))
        try:
            question = await self._sparql.read(request, suffix)
        except KgError as error:
            if not html:
                raise
            return await self._shown(request, None, None, error)
        if question is None:
            named = "format=" in request.query
            if html and not named:
                return await self._shown(request, None, None, None)
            return self._described(request)
        if question.explain:
            return await self._sparql.explain(request, question)
        if not html or question.named:
            return await self._sparql.answer(request, question)
        try:
            reply = await self._sparql.answer(request, question, coded=False)
        except KgError as error:
            return await self._shown(request, question.text, None, error)
        return await self._shown(request, question.text, reply, None)

    async def _shown(
        self, request: Request, text: str | None, reply: Reply | None, error: KgError | None
    ) -> Reply:
        """The same answer inside a form, for a person."""
        form = partial(
            self._form,
            text=text,
            body=reply.body if reply and reply.file is None else None,  # else too large for a page
            kind=dict(reply.headers).get("content-type", "") if reply else "",
            size=reply.size if reply else 0,
            error=error,
            request=request.identifier,
            seconds=self._options.seconds,
            base=request.base,
            path=request.path,
            asked=request.query,
            speaks=request.spoken(),
        )
        page = await self._pages.beside(form)
        status = error.status if error else 200
        shown = Reply(status, [("content-type", "text/html; charset=utf-8"), VARY], page.encode())
        if isinstance(error, ServiceError):
            shown.add("retry-after", str(error.retry_after))
        return shown.add("cache-control", "no-cache")

    def _described(self, request: Request) -> Reply:
        """The service description (SPARQL 1.1 Service Description)."""
        name = Parameters(request.query).one("format")
        form = by_name(name, kind="graph") if name else best(request.listed("accept"), "graph")
        if form is None:
            raise not_acceptable("graph")
        state = self.pool.state
        key = (str(state.get("digest")), request.base, form.media_type)
        body = self._descriptions.get(key)
        if body is None:
            if len(self._descriptions) >= _DESCRIPTIONS:
                self._descriptions.clear()
            body = self._descriptions[key] = self._description(request, form)
        tag = etag((form.media_type, body.decode()))
        demand(request, tag)
        condition = request.listed("if-none-match")
        if condition.strip() == "*" or matches(condition, tag):
            return Reply(304, [("etag", tag), VARY])
        return Reply(200, [("content-type", form.content_type), ("etag", tag), VARY], body)

    def _description(self, request: Request, form: Format) -> bytes:
        state = self.pool.state
        quads = service_description(
            self._names,
            state.get("counts", {}),
            f"{request.base}sparql",
            digest=str(state.get("digest") or ""),
            updates=f"{request.base}update" if self._options.token else None,
            seconds=self._options.seconds,
            memory=self.pool.bounds.memory,
            result=self.pool.bounds.result,
        )
        return exports.export(quads, form, self._names)

    async def _ready(self, request: Request, _suffix: str) -> Reply:
        return await self._stored.answer(request, str(self.pool.state.get("digest")))

    async def _change(self, request: Request, _suffix: str) -> Reply:
        return await self._update.answer(request)

    async def _graph(self, request: Request, _suffix: str) -> Reply:
        return await self._graphs.answer(request)

    def _health(self) -> Reply:
        pool, state = self.pool, self.pool.state
        well = bool(state) and pool.alive > 0
        counts = state.get("counts", {})
        told = {
            "status": "ok" if well else "starting",
            "digest": state.get("digest"),
            "generation": state.get("generation"),
            "triples": state.get("triples", 0),
            "graphs": max(len(counts) - 1, 0),
            "store": state.get("store"),
            "workers": {"wanted": state.get("workers", 0), "alive": pool.alive},
            "queries": {"running": pool.running, "waiting": pool.queued},
            "isolation": {
                "network": state.get("isolation"),
                "reached_the_network": pool.reached,
                "memory_mib": pool.bounds.memory >> 20,
                "deadline_seconds": self._options.seconds if state.get("deadline", True) else None,
                "result_mib": pool.bounds.result >> 20,
            },
            "kept_answers": {
                "memory_mib": self.cache.room >> 20,
                "files_mib": self.cache.files.room >> 20,
                "files": self.cache.files.most,
            },
            "writes": self._options.token is not None,
        }
        if state.get("folder_digest") not in (None, state.get("origin")):
            told["folder_digest"], told["origin"] = state["folder_digest"], state["origin"]
        if state.get("notes"):
            told["notes"] = state["notes"]
        body = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
        headers = [("content-type", "application/json"), ("cache-control", "no-store")]
        if not well:
            headers.append(("retry-after", "1"))
        return Reply(200 if well else 503, headers, body)

    def _numbers(self) -> Reply:
        scribe = self._options.scribe
        text = self.metrics.text(self.pool, self.cache, scribe.dropped if scribe else 0)
        kind = "text/plain; version=0.0.4; charset=utf-8"
        return Reply(200, [("content-type", kind), ("cache-control", "no-store")], text.encode())


def _address(path: str) -> tuple[str, str]:
    """The route that a path belongs to, as a template, and the format that its suffix names."""
    if path.startswith("/sparql"):
        rest = path[7:]
        if rest in ("", "/"):
            return "/sparql", ""
        if rest[0] == "." and rest[1:] in _SUFFIXES:
            return "/sparql", _SUFFIXES[rest[1:]]
    elif path.startswith("/graph-store/"):
        return "/graph-store/{path}", ""
    elif path.startswith(STORED) and len(path) > len(STORED):
        return f"{STORED}{{name}}", ""
    return ("/update" if path == "/update/" else path), ""


def _complete(request: Request, reply: Reply) -> None:
    """Add the header fields that every reply has, and those of a page to a page."""
    headers = reply.headers
    known = {name for name, _ in headers}
    kind = next((value for name, value in headers if name == "content-type"), "")
    if kind.startswith("text/html"):
        headers.extend(field for field in _ON_PAGES if field[0] not in known)
        known |= {name for name, _ in _ON_PAGES}
    headers.extend(field for field in _ALWAYS if field[0] not in known)
    headers.append(("x-request-id", request.identifier))


def _allow(request: Request, methods: tuple[str, ...]) -> None:
    if request.method not in methods:
        raise HttpError(
            405,
            f"{request.method[:20]} is not done here",
            hint="use one of: " + ", ".join(methods),
            fields=(("allow", ", ".join(methods)),),
        )


def _options(methods: tuple[str, ...]) -> Reply:
    listed = ", ".join(methods)
    headers = [
        ("allow", listed),
        ("access-control-allow-methods", listed),
        ("access-control-allow-headers", _ALLOWED),
        ("access-control-max-age", "86400"),
    ]
    if "POST" in methods:
        headers.append(("accept-encoding", "identity"))
    return Reply(204, headers)
