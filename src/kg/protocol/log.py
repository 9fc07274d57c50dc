"""The access log: one line of JSON for each reply, written a few times a second."""

from __future__ import annotations

import os
import time
from itertools import count
from json.encoder import encode_basestring_ascii as quoted
from secrets import token_hex

from kg.protocol.exchange import Reply, Request

__all__ = ["AccessLog", "Identifiers"]

_SHOWN = 500


class Identifiers:
    """Names for requests that no two have: a random head for this process, then a number."""

    def __init__(self) -> None:
        self._head = token_hex(5)
        self._numbers = count(1)

    def next(self) -> str:
        """The next name."""
        return f"{self._head}-{next(self._numbers):x}"


class AccessLog:
    """Lines for the open file `descriptor`; None keeps no log. Nothing waits for a slow disk."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._lines: list[str] = []
        self._second = 0
        self._date = ""

    def add(self, request: Request, reply: Reply, seconds: float) -> None:
        """Note one reply."""
        if self._descriptor is None:
            return
        target = f"{request.path}?{request.query}" if request.query else request.path
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._date = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        # Written out because this is done for every reply, and half of it never needs escaping.
        self._lines.append(
            f'{{"time": "{self._date}.{int((now - second) * 1000):03d}+00:00", '
            f'"request": "{request.identifier}", '
            f'"client": {quoted(request.client or request.peer)}, '
            f'"method": {quoted(request.method)}, "target": {quoted(target[:_SHOWN])}, '
            f'"status": {reply.status}, "bytes": {reply.size or len(reply.body)}, '
            f'"seconds": {seconds:.6f}, "note": "{reply.note}"}}'
        )

    def flush(self) -> None:
        """Write what has gathered."""
        if not self._lines or self._descriptor is None:
            return
        data = ("\n".join(self._lines) + "\n").encode()
        self._lines.clear()
        try:
            os.write(self._descriptor, data)
        except OSError:
            self._descriptor = None  # a log that can't be written stops nobody
