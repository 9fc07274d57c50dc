"""A request and its reply, as the protocol sees them, whatever server carries them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kg.errors import ParameterError
from kg.negotiation import fits
from kg.protocol.files import File

__all__ = ["Fields", "Headers", "Reply", "Request"]


class Headers(Protocol):
    """Field lines of a request by lower-case name."""

    def get(self, name: str, default: str | None = None, /) -> str | None:
        """The first value of a field."""

    def get_all(self, name: str, /) -> list[str]:
        """The values of all lines of a field, in their order."""


class Fields:
    """Field lines that are at hand already, one for each lower-case name."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        self._lines = lines

    def get(self, name: str, default: str | None = None, /) -> str | None:
        """The value of a field."""
        return self._lines.get(name, default)

    def get_all(self, name: str, /) -> list[str]:
        """The same as a list; empty when it is not there."""
        return [self._lines[name]] if name in self._lines else []


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
    version: str = ""
    """Of HTTP, where it is known: ``1.1``."""

    def header(self, name: str) -> str:
        """The value of a field; empty when it is not there."""
        return self.headers.get(name) or ""

    def listed(self, name: str) -> str:
        """The value of a field that is a list: its lines combined (RFC 9110, 5.3)."""
        lines = self.headers.get_all(name)
        if len(lines) == 1:
            return lines[0]
        return ", ".join(lines) if lines else ""

    def spoken(self) -> str:
        """Accept-Language; empty, as if nothing were said, when it is too long to be weighed."""
        found = self.listed("accept-language")
        return found if fits(found) else ""


@dataclass(slots=True)
class Reply:
    """What goes out: `body`, or the `file` that holds it."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    file: File | None = None
    note: str = ""
    """A word for the access log: ``hit``, ``shared``, an error's code."""

    @property
    def size(self) -> int:
        """Bytes of what goes out."""
        return len(self.body) if self.file is None else self.file.size

    def whole(self) -> bytes:
        """All that goes out, wherever it is."""
        return self.body if self.file is None else self.file.read()

    def add(self, name: str, value: str) -> Reply:
        """Add a field line; the reply itself."""
        self.headers.append((name, value))
        return self


def unreadable(what: str) -> ParameterError:
    """The error for text that is not UTF-8."""
    return ParameterError(f"{what} is not UTF-8", hint="send UTF-8")
