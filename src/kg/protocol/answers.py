"""A query's way through the front: cache, validators, one evaluation for many askers, the pool."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from kg.engine.pool import Given, Pool
from kg.engine.spool import ENCODINGS
from kg.errors import DiskFull
from kg.formats import FORMATS, GRAPHS, Format
from kg.negotiation import coding, wants_html
from kg.protocol.cache import Cache, Stored, etag, matches, varies
from kg.protocol.conditions import demand
from kg.protocol.exchange import Reply, Request
from kg.protocol.files import File

__all__ = ["Answers", "Question"]

_FRESH = "public, max-age=0, must-revalidate"
_BY_NAME = {form.name: form for form in FORMATS}
_LONGEST = 4096  # characters of an address that is remembered
_REMEMBERED = 4096
VARY = ("vary", "Accept, Accept-Encoding, Accept-Language")


@dataclass(slots=True)
class Question:
    """One read: a query or a whole graph, the formats it may be answered in, its deadline.

    `frame` is what a worker is sent beside the text. `named` says that the format was asked for by
    name, `explain` that the cost is asked for instead of the answer.
    """

    text: str
    results: Format | None
    graph: Format | None
    frame: dict[str, Any]
    seconds: float
    named: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What a worker gave, and the file that holds it where it is large."""

    given: Given
    file: File | None = None


class _Flight:
    """One evaluation that several askers may wait for."""

    def __init__(self, future: asyncio.Future[_Found]) -> None:
        self.future = future
        self.followers = 0
        self._left: asyncio.Event | None = None

    def join(self) -> None:
        self.followers += 1

    def leave(self) -> None:
        self.followers -= 1
        if not self.followers and self._left is not None:
            self._left.set()

    async def deserted(self) -> None:
        """Wait until nobody follows."""
        while self.followers:
            self._left = asyncio.Event()
            await self._left.wait()


class Answers:
    """Replies to questions, from the cache or from a worker."""

    def __init__(self, pool: Pool, cache: Cache) -> None:
        self._pool = pool
        self._cache = cache
        self._flights: dict[str, _Flight] = {}
        # What a request said, word for word, and the name of the answer to it: who asks the same
        # in the same words is answered without reading them.
        self._said: dict[tuple[str, str, str, str, str], str] = {}

    def remembered(self, request: Request) -> Reply | None:
        """The reply to a GET that was answered before in the same words, if it is still there."""
        tag = self._said.get(_words(request)) if request.method == "GET" else None
        stored = self._cache.get(tag) if tag else None
        if tag is None or stored is None:
            return None
        if request.header("if-match"):
            demand(request, tag)
        condition = request.listed("if-none-match")
        if condition and (condition.strip() == "*" or matches(condition, tag)):
            return _unchanged(tag)
        return _kept(stored)

    def forget(self) -> None:
        """The data has changed: no answer that was given before is one now."""
        self._cache.clear()
        self._said.clear()

    def _remember(self, request: Request, question: Question, tag: str) -> None:
        shown = not question.named and wants_html(request.listed("accept"))  # as a page
        if request.method == "GET" and not shown and len(request.query) <= _LONGEST:
            if len(self._said) >= _REMEMBERED:
                self._said.clear()
            self._said[_words(request)] = tag

    async def reply(self, request: Request, question: Question, *, coded: bool = True) -> Reply:
        """The reply to a question; not `coded` is for whoever reads it here, and wants it whole.

        Raises a KgError.
        """
        wanted = coding(request.listed("accept-encoding"), ENCODINGS) if coded else ""
        frame = _frame(question, wanted)
        # A POST is no question of what the client has already (RFC 9110, 13.1.2).
        asked = coded and request.method in ("GET", "HEAD", "QUERY")
        if varies(question.text):
            if asked:
                demand(request, "")
            found = await self._found(request, question, frame, request.gone)
            return self._written(question, found, "", shared=False)
        condition = request.listed("if-none-match") if asked else ""
        digest = self._version()
        tag = _tag(digest, question, wanted)
        if asked:
            demand(request, tag)
        if condition and matches(condition, tag):
            return _unchanged(tag)
        stored = self._cache.get(tag)
        if stored is not None:
            self._remember(request, question, tag)
            if condition.strip() == "*":
                return _unchanged(tag)
            return _kept(stored)
        found, shared = await self._shared(request, f"{tag} {question.seconds}", question, frame)
        if found.given.digest != digest:  # it waited while the data changed
            tag = _tag(found.given.digest, question, wanted)
            if asked:
                demand(request, tag)
        if condition and (condition.strip() == "*" or matches(condition, tag)):
            return _unchanged(tag)
        return self._written(question, found, tag, shared=shared)

    def tags(self, frame: dict[str, Any]) -> set[str]:
        """The ETags that a whole graph has now, in every form that it is given in."""
        digest = self._version()
        forms = [replace(form, media_types=(m,)) for form in GRAPHS for m in form.media_types]
        questions = [Question("", None, form, frame, 0.0) for form in forms]
        return {_tag(digest, asked, c) for asked in questions for c in ("", *ENCODINGS)}

    def _version(self) -> str:
        return str(self._pool.state.get("digest"))

    async def explained(self, request: Request, question: Question) -> Given:
        """A worker's own answer, evaluated anew, with what the guard counted."""
        frame = {**_frame(question, ""), "explain": True}
        return await self._ask(request, question, frame, request.gone)

    async def _ask(
        self,
        request: Request,
        question: Question,
        frame: dict[str, Any],
        gone: Callable[[], Awaitable[None]] | None,
    ) -> Given:
        return await self._pool.ask(
            frame,
            question.text.encode(),
            seconds=question.seconds,
            client=request.client,
            gone=gone,
        )

    async def _found(
        self,
        request: Request,
        question: Question,
        frame: dict[str, Any],
        gone: Callable[[], Awaitable[None]] | None,
    ) -> _Found:
        """What a worker gives. Where the disk is full, those give way that are only kept."""
        try:
            given = await self._ask(request, question, frame, gone)
        except DiskFull:
            if not self._cache.files.give_way():
                raise
            given = await self._ask(request, question, frame, gone)
        if given.descriptor is None:
            return _Found(given)
        size = int(given.header["file"])
        return _Found(given, self._cache.files.take(given.descriptor, size))

    async def _shared(
        self, request: Request, key: str, question: Question, frame: dict[str, Any]
    ) -> tuple[_Found, bool]:
        """The same question asked at the same time is evaluated once.

        The worker is freed when the last one who waits for it has left.
        """
        while (flight := self._flights.get(key)) is not None:
            if (found := await self._follow(request, flight)) is not None:
                return found, True
        flight = _Flight(asyncio.get_running_loop().create_future())
        self._flights[key] = flight

        async def gone() -> None:
            assert request.gone is not None
            await request.gone()
            await flight.deserted()

        try:
            found = await self._found(request, question, frame, gone if request.gone else None)
        except BaseException as error:
            if flight.followers and not isinstance(error, asyncio.CancelledError):
                flight.future.set_exception(error)
            else:
                flight.future.cancel()
            raise
        else:
            flight.future.set_result(found)
            return found, False
        finally:
            del self._flights[key]

    async def _follow(self, request: Request, flight: _Flight) -> _Found | None:
        """What somebody else's evaluation gives; None when it was given up after all, because the
        last who waited for it left as this one came.
        """
        flight.join()
        leaving = asyncio.ensure_future(request.gone()) if request.gone else None
        try:
            waiting: set[asyncio.Future[Any]] = {flight.future}
            if leaving is not None:
                waiting.add(leaving)
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if flight.future.cancelled():
                return None
            if flight.future.done():
                return flight.future.result()
            raise asyncio.CancelledError
        finally:
            flight.leave()
            if leaving is not None:
                leaving.cancel()

    def _written(self, question: Question, found: _Found, tag: str, *, shared: bool) -> Reply:
        given, file = found.given, found.file
        if file is not None and shared:
            file.replies += 1
        form = _BY_NAME[given.header["format"]]
        asked = question.graph if form.kind == "graph" else question.results
        assert asked is not None
        encoding = given.header.get("encoding", "")
        headers = [("content-type", asked.content_type), VARY]
        if encoding:
            headers.append(("content-encoding", encoding))
        if tag:
            headers += [("etag", tag), ("cache-control", _FRESH)]
        else:
            headers.append(("cache-control", "no-store"))
        # An answer from the data before a change may come when the cache is cleared already.
        if tag and not shared and given.digest == self._version():
            self._cache.put(tag, Stored(given.body, tuple(headers), file))
        return Reply(200, headers, given.body, file, note="shared" if shared else "")


def _words(request: Request) -> tuple[str, str, str, str, str]:
    listed = request.listed
    return (
        request.path,
        request.query,
        listed("accept"),
        listed("accept-encoding"),
        request.base,
    )


def _tag(digest: str, question: Question, encoding: str) -> str:
    """The name of the answer that a version of the data has to a question."""
    return etag(
        (
            digest,
            question.text,
            repr(question.frame),
            question.results.media_type if question.results else "",
            question.graph.media_type if question.graph else "",
            encoding,
        )
    )


def _frame(question: Question, encoding: str) -> dict[str, Any]:
    """What a worker is told beside the text."""
    return {
        **question.frame,
        "encoding": encoding,
        "results": question.results.name if question.results else None,
        "graph": question.graph.name if question.graph else None,
    }


def _unchanged(tag: str) -> Reply:
    return Reply(304, [("etag", tag), VARY, ("cache-control", _FRESH)], note="304")


def _kept(stored: Stored) -> Reply:
    return Reply(200, list(stored.headers), stored.body, stored.file, note="hit")
