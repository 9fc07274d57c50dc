"""Bodies of requests: read whole, within limits of size and time, or refused."""

from __future__ import annotations

import asyncio

from kg.protocol.exchange import Request
from kg.protocol.problems import HttpError

__all__ = ["READS", "WRITES", "Bodies"]

READS = 1_000_000
"""Bytes that the body of a query may have."""
WRITES = 64 << 20
"""Bytes that the body of an update or of a graph may have."""
_CLOSE = (("connection", "close"),)


class Bodies:
    """Reads bodies of at most `most` bytes within `seconds`.

    Where what is sent is kept (`whole`), the length has to be announced: only then can it be seen
    that nothing is missing.
    """

    def __init__(self, most: int, *, seconds: float = 30.0, whole: bool = False) -> None:
        self.most = most
        self._seconds = seconds
        self._whole = whole

    async def read(self, request: Request) -> bytes:
        """The body. Raises HttpError: 408, 411, 413 or 415."""
        coding = request.header("content-encoding").strip().lower()
        if coding not in ("", "identity"):
            raise HttpError(
                415,
                f"a body coded as {coding} is not read here",
                hint="send it as it is",
                fields=(("accept-encoding", "identity"), *_CLOSE),
            )
        length = request.header("content-length")
        chunked = bool(request.header("transfer-encoding"))
        if self._whole and (not length or chunked):
            raise HttpError(
                411,
                "a body that is kept has to say its length",
                hint="send Content-Length (0 for an empty body) and no chunks",
                fields=_CLOSE,
            )
        if length.isascii() and length.isdigit() and int(length) > self.most:
            raise self._too_large()
        if not length and not chunked:
            return b""
        try:
            return await asyncio.wait_for(self._read(request), self._seconds)
        except TimeoutError:
            raise HttpError(
                408,
                f"the body did not come within {self._seconds:g} seconds",
                hint="send it again",
                fields=_CLOSE,
            ).at("body_seconds", self._seconds) from None

    async def _read(self, request: Request) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for chunk in request.chunks():
            size += len(chunk)
            if size > self.most:
                raise self._too_large()
            parts.append(chunk)
        length = request.header("content-length")
        if length.isdigit() and not request.header("transfer-encoding") and size < int(length):
            raise HttpError(
                400, "the body is shorter than its Content-Length", hint="send it again"
            )
        return b"".join(parts)

    def _too_large(self) -> HttpError:
        return HttpError(
            413,
            f"the body is larger than {self.most:,} bytes",
            hint=f"at most {self.most:,} bytes; send less at once",
            fields=_CLOSE,
        ).at("body", self.most)
