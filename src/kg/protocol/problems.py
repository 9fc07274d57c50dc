"""The one shape of an error: problem+json (RFC 9457), or a page for a person who has a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from kg.errors import KgError, ServiceError, Unauthorized
from kg.negotiation import prefers_html
from kg.protocol.exchange import Reply, Request

__all__ = ["HttpError", "Page", "problem"]

Page = Callable[..., str]
"""Renders status, title, detail and the other members of a problem as HTML."""


class HttpError(KgError):
    """A request that HTTP itself has a status for; `fields` are header fields that go with it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        hint: str | None = None,
        fields: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = HTTPStatus(status).phrase.lower().replace(" ", "-")
        self.fields = fields


def problem(request: Request, error: KgError, page: Page) -> Reply:
    """The reply for an error."""
    extra: dict[str, Any] = {
        key: value
        for key, value in {
            "where": error.where,
            "hint": error.hint,
            "line": getattr(error, "row", None),
            "column": getattr(error, "column", None),
            "excerpt": getattr(error, "excerpt", None),
            "limit": error.limit and {"name": error.limit[0], "value": error.limit[1]},
            "report": getattr(error, "report", None),
        }.items()
        if value
    }
    title = HTTPStatus(error.status).phrase
    reply = Reply(error.status, note=error.code)
    if prefers_html(request.listed("accept")):
        text = page(
            status=error.status,
            title=title,
            detail=error.message,
            request=request.identifier,
            base=request.base,
            path=request.path,
            asked=request.query,
            speaks=request.spoken(),
            **extra,
        )
        reply.add("content-type", "text/html; charset=utf-8")
    else:
        members = {
            "type": f"about:blank#{error.code}",
            "title": title,
            "status": error.status,
            "detail": error.message,
            **extra,
            "request": request.identifier,
        }
        text = json.dumps(members, ensure_ascii=False)
        reply.add("content-type", "application/problem+json")
    reply.body = text.encode()
    reply.add("vary", "Accept, Accept-Language").add("cache-control", "no-store")
    if isinstance(error, ServiceError):
        reply.add("retry-after", str(error.retry_after))
    if isinstance(error, Unauthorized):
        reply.add("www-authenticate", 'Bearer realm="contested"')
    if isinstance(error, HttpError):
        reply.headers.extend(error.fields)
    return reply
