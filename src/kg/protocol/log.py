"""The access log: one line of JSON for each reply, handed over a few times a second."""

from __future__ import annotations

import time
from itertools import count
from json.encoder import encode_basestring_ascii as quoted
from secrets import token_hex

from kg.protocol.exchange import Reply, Request
from kg.protocol.scribe import Scribe

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
    """Lines for a scribe; None keeps no log."""

    def __init__(self, scribe: Scribe | None) -> None:
        self._scribe = scribe
        self._lines: list[str] = []
        self._second = 0
        self._date = ""

    def add(self, request: Request, reply: Reply, seconds: float) -> None:
        """Note one reply."""
        if self._scribe is None:
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
            f'"status": {reply.status}, "bytes": {reply.size}, '
            f'"seconds": {seconds:.6f}, "note": "{reply.note}"}}'
        )

    def flush(self) -> None:
        """Hand over what has gathered. Waits for nobody."""
        if self._lines and self._scribe is not None:
            self._scribe.put("\n".join(self._lines) + "\n")
            self._lines.clear()
