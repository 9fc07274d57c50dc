"""Conditions: If-Match of any request, If-None-Match of a write (RFC 9110, 13.1.1 and 13.1.2).

They guard against the update that is lost: who has read a graph says by its ETag what it must still
be, or by ``*`` that it must, or must not, be there.
"""

from __future__ import annotations

from collections.abc import Collection

from kg.protocol.cache import matches
from kg.protocol.exchange import Request
from kg.protocol.problems import HttpError

__all__ = ["Condition", "demand"]


class Condition:
    """What a request demands of what it is about."""

    def __init__(self, request: Request) -> None:
        self._match = request.listed("if-match").strip()
        self._none_match = request.listed("if-none-match").strip()

    def __bool__(self) -> bool:
        """Whether it demands anything."""
        return bool(self._match or self._none_match)

    def hold(self, tags: Collection[str]) -> None:
        """Let the write pass for what has these ETags now, in all its forms; none: it is not there.

        Raises HttpError: 412.
        """
        if self._match and not _among(self._match, tags):
            raise HttpError(
                412,
                "it is not what If-Match says"
                if tags
                else "there is nothing that If-Match can fit",
                hint="read it again; nothing was changed",
            )
        none = self._none_match
        if none and (tags if none == "*" else any(matches(none, tag) for tag in tags)):
            raise HttpError(
                412,
                "it is there" if none == "*" else "it is what If-None-Match says it must not be",
                hint="read it again; nothing was changed",
            )


def demand(request: Request, tag: str) -> None:
    """Let a read pass for an answer that has this ETag; an empty one fits nothing but ``*``.

    Raises HttpError: 412.
    """
    match = request.listed("if-match").strip()
    if match and not _among(match, (tag or "none",)):
        raise HttpError(412, "it is not what If-Match says", hint="read it again without If-Match")


def _among(header: str, tags: Collection[str]) -> bool:
    """Whether If-Match names one of the tags, by strong comparison: a weak one never fits."""
    if header == "*":
        return bool(tags)
    return any(part.strip() in tags for part in header.split(","))
