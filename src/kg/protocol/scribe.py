"""Lines for a descriptor that may be slow: written in a thread, so that nobody else waits for it.

Whoever reads a server's standard error may stall: a pipe is full then, and a write to it blocks.
The descriptor itself stays as it is, since other processes share it.
"""

from __future__ import annotations

import os
import select
import threading

__all__ = ["Scribe"]

_GAP = b""  # stands in the row where lines were dropped


class Scribe:
    """Writes to `descriptor` what it is given, in its order; keeps at most `most` bytes waiting."""

    def __init__(self, descriptor: int, most: int = 8 << 20) -> None:
        self.most = most
        self.dropped = 0
        """Lines that were not written, because too many waited or the descriptor took none."""
        self._descriptor = descriptor
        self._changed = threading.Condition()
        self._waiting: list[bytes] = []
        self._size = 0
        self._told = 0  # of those dropped
        self._torn = False  # the last line that was written lacks its end
        self._closed = False
        threading.Thread(target=self._work, name="scribe", daemon=True).start()

    def put(self, text: str) -> None:
        """Take whole lines, to be written soon; or drop and count them. Never waits."""
        data = text.encode("utf-8", "backslashreplace")
        with self._changed:
            if self._closed or self._size + len(data) > self.most:
                self.dropped += data.count(b"\n")
                data = _GAP
            if data or self._waiting[-1:] != [_GAP]:
                self._waiting.append(data)
            self._size += len(data)
            self._changed.notify_all()

    def close(self, seconds: float) -> bool:
        """Take nothing more, and wait until all is written; whether it was, within `seconds`."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not (self._size or self._waiting), seconds)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                size = sum(map(len, self._waiting))
                data = b"".join(piece or self._gap() for piece in self._waiting)
                self._waiting.clear()
            lost = self._write(data)
            with self._changed:
                self._size -= size
                self.dropped += lost
                self._changed.notify_all()

    def _gap(self) -> bytes:
        """What the log says of itself where lines are missing."""
        fresh = self.dropped - self._told
        self._told = self.dropped
        said = f"kg: {fresh:,} lines of this log were dropped: they were not taken in time\n"
        return said.encode() if fresh else b""

    def _write(self, data: bytes) -> int:
        """Write all of it, however long that takes; the number of lines that could not be."""
        whole = b"\n" + data if self._torn else data
        left = memoryview(whole)
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:  # somebody who shares it made it so
                select.select([], [self._descriptor], [], 1.0)
            except OSError:  # no space on the disk, or nobody reads any more
                done = len(whole) - len(left)
                if done:
                    self._torn = whole[done - 1 : done] != b"\n"
                return bytes(left).count(b"\n")
        self._torn = False
        return 0
