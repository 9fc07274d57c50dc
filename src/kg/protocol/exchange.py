"""A request and its reply, as the protocol sees them, whatever server carries them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from kg.errors import ParameterError

__all__ = ["Headers", "Reply", "Request"]


class Headers(Protocol):
    """Field lines of a request by lower-case name."""

    def get(self, name: str, default: str | None = None, /) -> str | None:
        """The first value of a field."""


@dataclass(slots=True)
class Request:
    """What came in. `path` is decoded, `query` is not; `peer` is the socket's address.

    `chunks` gives the body piece by piece; `gone` returns when the client has left.
    """

    method: str
    path: str
    query: str
    headers: Headers
    peer: str
    chunks: Callable[[], AsyncIterator[bytes]]
    gone: Callable[[], Awaitable[None]] | None = None
    identifier: str = ""
    client: str = ""
    base: str = ""

    def header(self, name: str) -> str:
        """The value of a field; empty when it is not there."""
        return self.headers.get(name) or ""


@dataclass(slots=True)
class Reply:
    """What goes out: `body`, or the open `descriptor` of a file of `size` bytes."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    descriptor: int | None = None
    size: int = 0
    note: str = ""
    """A word for the access log: ``hit``, ``shared``, an error's code."""

    def add(self, name: str, value: str) -> Reply:
        """Add a field line; the reply itself."""
        self.headers.append((name, value))
        return self


def unreadable(what: str) -> ParameterError:
    """The error for text that is not UTF-8."""
    return ParameterError(f"{what} is not UTF-8", hint="send UTF-8")
