"""A worker's end of its socket: the questions that were sent to it and are not begun yet.

The front may send a question behind another one, so that a worker need not sleep between quick
ones. When the one before turns out slow, the front gives those behind it to somebody else and says
so by ``skip``: questions from one number to another are not to be begun any more. Each is answered
all the same, in its turn, so that both ends count alike.
"""

from __future__ import annotations

import signal
import socket
from collections import deque

from kg.engine.frames import Assembler, Frame, send

__all__ = ["Line"]


class Line:
    """What comes over the blocking socket `channel`, a question at a time."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._assembler = Assembler()
        self._waiting: deque[Frame] = deque()
        self._number = 0
        self._skip = range(0)

    def next(self) -> Frame | None:
        """The next question; None when the front has hung up, whatever it had sent before."""
        while self._read():
            if not self._waiting:
                continue
            frame = self._waiting.popleft()
            self._number += 1
            if self._number not in self._skip:
                return frame
            send(self._channel, {"skipped": True})
        return None

    def _read(self) -> bool:
        """Take in what has come, and wait for it when nothing waits; False when that was all."""
        idle = not self._waiting
        if idle:
            signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            if not self._assembler.read(self._channel, 0 if idle else socket.MSG_DONTWAIT):
                return False
        except BlockingIOError:
            pass
        while (frame := self._assembler.next()) is not None:
            if "skip" in frame.header:
                first, last = frame.header["skip"]
                self._skip = range(first, last + 1)
            else:
                self._waiting.append(frame)
        return True
