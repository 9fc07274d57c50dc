"""Where a worker writes an answer: in memory while it is small, then in an unlinked file.

An answer is complete before its first byte is sent, so the front always knows its length. The
result cap counts the bytes of the answer before compression.
"""

from __future__ import annotations

import tempfile
import zlib
from typing import IO, Protocol

import zstandard

from kg.engine.frames import INLINE
from kg.errors import DiskFull, KgError, ResultTooLarge

__all__ = ["ENCODINGS", "SMALLEST", "Spool"]

ENCODINGS = ("zstd", "gzip")
"""Content codings that we can write, the better one first."""
SMALLEST = 1024
"""Bytes below which no coding is worth its header."""
_GZIP_LEVEL = 5
_ZSTD_LEVEL = 3


class _Coder(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class Spool:
    """A sink with a cap of `cap` bytes; what it holds is coded by `encoding` (``""``: not at all).

    `finish` gives the body, or the open file that holds it with its length.
    """

    def __init__(self, cap: int, encoding: str = "") -> None:
        self.encoding = encoding
        self.failed: KgError | None = None
        """Why no more could be taken."""
        self._cap = cap
        self._size = 0
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._coder: _Coder | None = None

    def write(self, data: bytes, /) -> int:
        """Take a piece. Raises ResultTooLarge beyond the cap, DiskFull where there is no room."""
        self._size += len(data)
        if self._size > self._cap:
            self.failed = ResultTooLarge(
                f"the answer is larger than {self._cap:,} bytes, and none of it was sent",
                hint="ask for less: LIMIT with OFFSET, fewer columns, or a count",
            ).at("result", self._cap)
            raise self.failed
        try:
            if self._file is None and self._size > INLINE:
                self._file = tempfile.TemporaryFile(buffering=INLINE)  # noqa: SIM115
                self._coder = _coder(self.encoding)
                for part in self._parts:
                    self._put(part)
                self._parts.clear()
            if self._file is None:
                self._parts.append(bytes(data))
            else:
                self._put(bytes(data))
        except OSError as error:
            raise self._no_room(error) from None
        return len(data)

    def _put(self, data: bytes) -> None:
        assert self._file is not None
        self._file.write(self._coder.compress(data) if self._coder else data)

    def _no_room(self, error: OSError) -> DiskFull:
        self.failed = DiskFull(
            f"an answer of this size can't be written: {error.strerror or error}",
            hint="ask for less, or in a moment; its operator can give the server another TMPDIR",
            retry_after=5,
        )
        return self.failed

    def flush(self) -> None:
        """Nothing to do before the end."""

    def finish(self) -> tuple[bytes, IO[bytes] | None, int]:
        """The body; or nothing, the file that holds it, and the file's length in bytes.

        Raises DiskFull.
        """
        if self._file is not None:
            try:
                if self._coder is not None:
                    self._file.write(self._coder.flush())
                self._file.flush()
            except OSError as error:
                raise self._no_room(error) from None
            return b"", self._file, self._file.seek(0, 1)
        body = b"".join(self._parts)
        coder = _coder(self.encoding) if len(body) >= SMALLEST else None
        if coder is None:
            self.encoding = ""
        else:
            body = coder.compress(body) + coder.flush()
        return body, None, 0


def _coder(encoding: str) -> _Coder | None:
    if encoding == "gzip":
        return zlib.compressobj(_GZIP_LEVEL, wbits=31)
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
    return None
