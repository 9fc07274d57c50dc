"""Messages between the front and its workers, over Unix stream sockets.

A frame is two lengths (unsigned 32-bit, network order), a header in JSON, and a body of bytes. A
body too large for memory travels as the descriptor of an unlinked file beside its header
(SCM_RIGHTS); the header then says how many bytes the file has.
"""

from __future__ import annotations

import array
import json
import os
import socket
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["INLINE", "Assembler", "Frame", "pack", "send"]

_LENGTHS = struct.Struct("!II")
_ANCILLARY = socket.CMSG_SPACE(struct.calcsize("i"))
INLINE = 1 << 20
"""Bytes of a body that still travel in the frame itself."""
_LARGEST = 1 << 30
_CHUNK = 1 << 16
_CLOEXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SAME = 256  # bytes of a header that is likely to come again


@dataclass(slots=True)
class Frame:
    """One message: `header` as JSON gives it, `body`, and the descriptor that came with it.

    Frames share their headers: nobody changes one.
    """

    header: dict[str, Any]
    body: bytes = b""
    descriptor: int | None = None


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """The bytes of a frame."""
    head = _encoded(header).encode()
    return b"".join((_LENGTHS.pack(len(head), len(body)), head, body))


def send(
    channel: socket.socket,
    header: dict[str, Any],
    body: bytes = b"",
    descriptor: int | None = None,
) -> None:
    """Send a frame whole over a blocking socket, with a descriptor where there is one."""
    data = pack(header, body)
    if descriptor is not None:
        sent = socket.send_fds(channel, [data], [descriptor])
        data = data[sent:]
    channel.sendall(data)


class Assembler:
    """Puts frames together from what a socket gives; for blocking and non-blocking ones."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._descriptors: list[int] = []
        self._room = memoryview(bytearray(_CHUNK))

    def read(self, channel: socket.socket, flags: int = 0) -> bool:
        """Read once; False when the other side has closed. Raises BlockingIOError, OSError."""
        size, ancillary, _, _ = channel.recvmsg_into([self._room], _ANCILLARY, _CLOEXEC | flags)
        for level, kind, payload in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                found = array.array("i")
                found.frombytes(payload[: len(payload) - len(payload) % found.itemsize])
                self._descriptors.extend(found)
        self._buffer += self._room[:size]
        return size > 0

    def feed(self, data: bytes) -> None:
        """Take bytes that were read elsewhere."""
        self._buffer += data

    def next(self) -> Frame | None:
        """The next complete frame; None until there is one. Raises ValueError for a bad length, and
        for a file that did not come.
        """
        if len(self._buffer) < _LENGTHS.size:
            return None
        head, body = _LENGTHS.unpack_from(self._buffer)
        if head > _LARGEST or body > _LARGEST:
            raise ValueError(f"a frame of {head} and {body} bytes")
        start, end = _LENGTHS.size + head, _LENGTHS.size + head + body
        if len(self._buffer) < end:
            return None
        told = bytes(self._buffer[_LENGTHS.size : start])
        header = _known(told) if head <= _SAME else json.loads(told)
        payload = bytes(self._buffer[start:end])
        del self._buffer[:end]
        if header.get("file") is None:
            return Frame(header, payload)
        if not self._descriptors:  # the system drops one when this process may open no more
            raise ValueError("a file came without its descriptor")
        return Frame(header, payload, self._descriptors.pop(0))

    def close(self) -> None:
        """Close descriptors that no frame has taken."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()


@lru_cache(maxsize=256)
def _known(told: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told)
    return found
