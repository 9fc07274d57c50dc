"""``/api/queries/<topic>/<name>``: a stored query with its parameters, answered as /sparql answers.

Asked for whole, an answer takes the road of every query: complete before its first byte, with a
strong ETag. With ``limit=`` it comes page by page, with links (RFC 8288) and the number of all
rows.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from kg import formats
from kg.catalogue import RESERVED, Catalogue, StoredQuery
from kg.errors import KgError, ParameterError
from kg.formats import Format
from kg.names import Names
from kg.negotiation import not_acceptable
from kg.protocol.answers import VARY, Answers, Question
from kg.protocol.cache import etag, matches
from kg.protocol.conditions import demand
from kg.protocol.exchange import Fields, Reply, Request
from kg.protocol.parameters import Parameters
from kg.protocol.sparql import chosen

__all__ = ["MOST_ROWS", "PREFIX", "StoredQueries"]

PREFIX = "/api/queries/"
MOST_ROWS = 10_000
"""Rows that one page may have; the whole answer may have more."""

_FURTHEST = 100_000_000
_COUNTS = 512
_FRAME: dict[str, Any] = {"kind": "query"}
_PLAIN = "application/json"


class StoredQueries:
    """The route of the stored queries of a `catalogue`."""

    methods = ("GET", "HEAD", "OPTIONS")

    def __init__(
        self, answers: Answers, catalogue: Catalogue, names: Names, seconds: float
    ) -> None:
        self._answers = answers
        self._catalogue = catalogue
        self._names = names
        self._seconds = seconds
        self._totals: OrderedDict[str, int] = OrderedDict()

    async def answer(self, request: Request, version: str) -> Reply:
        """The reply; `version` is that of the data. Raises a KgError."""
        asked = self._read(request)
        if asked.limit is None:
            reply = await self._answers.reply(request, asked.question(asked.text))
            return reply.add("link", _links({"describedby": asked.about}))
        text = StoredQuery.page(asked.text, asked.limit, asked.offset)
        question = asked.question(text)
        total = asyncio.ensure_future(self._total(request, asked, version))
        try:
            if asked.plain:
                return await self._told(request, asked, question, total)
            reply = await self._answers.reply(request, question)
            return reply.add("link", _links(asked.links(await total)))
        finally:
            total.cancel()

    def _read(self, request: Request) -> _Asked:
        """What a request asks for. Raises UnknownQuery, ParameterError, NotAcceptable."""
        name = request.path[len(PREFIX) :].rstrip("/")
        stored = self._catalogue.named(name)
        parameters = Parameters(request.query)
        arguments = {
            each: value
            for each in parameters.names()
            if each not in RESERVED and (value := parameters.one(each))
        }
        text = stored.fill(arguments, self._names)
        limit = _number(parameters, "limit", 1, MOST_ROWS)
        offset = _number(parameters, "offset", 0, _FURTHEST)
        if offset is not None and limit is None:
            raise ParameterError(
                "an offset needs a limit", where="offset", hint=f"limit=1 to {MOST_ROWS:,}"
            )
        if limit is not None and not stored.pageable:
            raise ParameterError(
                "the answer to this query comes whole", where="limit", hint="leave limit out"
            )
        form = parameters.one("format") or ""
        results, graph = chosen(request, form)
        if results is None and graph is None:
            raise not_acceptable("results")
        plain = results is not None and results.name == "json" and _is_plain(request, form)
        if plain and results is not None:
            results = replace(results, media_types=(_PLAIN, *results.media_types))
        seconds = parameters.seconds("timeout", self._seconds)
        kept = {**arguments, "format": form} if form else arguments
        base = f"{request.base}api/queries/{quote(stored.name)}"
        about = f"{request.base}queries/{quote(stored.name)}"
        return _Asked(
            stored, text, limit, offset or 0, results, graph, plain, seconds, kept, base, about
        )

    async def _total(self, request: Request, asked: _Asked, version: str) -> int | None:
        """How many rows there are in all; None where that can't be found out in time."""
        key = f"{version} {asked.text}"
        known = self._totals.get(key)
        if known is not None:
            return known
        counting = asked.stored.counting(asked.text)
        json_ = formats.by_name("json")
        question = Question(counting, json_, None, _FRAME, asked.seconds)
        try:
            alone = replace(request, headers=_NONE, gone=None)
            reply = await self._answers.reply(alone, question)
            row = json.loads(reply.body)["results"]["bindings"][0]
        except KgError:
            return None
        total = int(row["n"]["value"])
        self._totals[key] = total
        if len(self._totals) > _COUNTS:
            self._totals.popitem(last=False)
        return total

    async def _told(
        self,
        request: Request,
        asked: _Asked,
        question: Question,
        counting: asyncio.Future[int | None],
    ) -> Reply:
        """A page as JSON, which says itself where it stands and where the next one is."""
        inner = await self._answers.reply(replace(request, headers=_NONE), question)
        total = await counting
        links = asked.links(total)
        page = {
            "query": asked.stored.name,
            "limit": asked.limit,
            "offset": asked.offset,
            "total": total,
            **{name: links.get(name) for name in ("first", "prev", "next", "last")},
        }
        told = json.dumps(page, ensure_ascii=False)
        reply = Reply(200, [("content-type", _PLAIN), VARY], note=inner.note)
        within = next((value for name, value in inner.headers if name == "etag"), "")
        if total is not None and within:
            tag = etag((within, told))
            demand(request, tag)
            reply.add("etag", tag).add("cache-control", "public, max-age=0, must-revalidate")
            condition = request.listed("if-none-match").strip()
            if condition and (condition == "*" or matches(condition, tag)):
                reply.status, reply.headers = 304, reply.headers[1:]
                return reply.add("link", _links(links))
        else:
            demand(request, "")
            reply.add("cache-control", "no-store")
        reply.body = b'{"page":' + told.encode() + b"," + inner.whole()[1:]
        return reply.add("link", _links(links))


@dataclass(frozen=True)
class _Asked:
    """A request for a stored query, read. `kept` are the parameters that its links repeat."""

    stored: StoredQuery
    text: str
    limit: int | None
    offset: int
    results: Format | None
    graph: Format | None
    plain: bool
    seconds: float
    kept: dict[str, str]
    base: str
    about: str

    def question(self, text: str) -> Question:
        return Question(text, self.results, self.graph, _FRAME, self.seconds, named=True)

    def links(self, total: int | None) -> dict[str, str]:
        """Addresses by relation. Where nobody knows the total there is always a next page."""
        assert self.limit is not None
        limit, offset = self.limit, self.offset
        found = {"describedby": self.about, "first": self._at(0)}
        if offset > 0:
            before = offset if total is None else min(offset, total)
            found["prev"] = self._at(max(0, before - limit))
        if total is None or offset + limit < total:
            found["next"] = self._at(offset + limit)
        if total is not None:
            found["last"] = self._at(max(0, total - 1) // limit * limit)
        return found

    def _at(self, offset: int) -> str:
        return f"{self.base}?" + urlencode({**self.kept, "limit": self.limit, "offset": offset})


_NONE = Fields({})  # for what the server asks itself


def _is_plain(request: Request, form: str) -> bool:
    """Whether JSON may be ours: nobody has asked for SPARQL's by its own name."""
    if form:
        return form == "json"
    return "application/sparql-results+json" not in request.listed("accept").lower()


def _number(parameters: Parameters, name: str, least: int, most: int) -> int | None:
    text = parameters.one(name)
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most:
        return int(text)
    raise ParameterError(
        f"{text[:40]!r} is no {name}", where=name, hint=f"a whole number from {least:,} to {most:,}"
    )


def _links(links: dict[str, str]) -> str:
    return ", ".join(f'<{target}>; rel="{relation}"' for relation, target in links.items())
