"""One worker as the front sees it, and the line of questions that were sent to it.

Only the first of the line is being evaluated; those behind it have not begun, and can be taken
back and given to somebody else. A question that was taken back stands in the line as None: the
worker still answers in its turn, and the answer is dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from kg.engine.frames import Assembler, Frame, pack
from kg.engine.queues import Given, Job

__all__ = ["DEEP", "QUICK", "Worker", "accepted", "now"]

QUICK = 0.002  # seconds within which most questions are answered; only then one may stand behind
DEEP = 4
"""Questions that one worker is sent at most; the rest waits where clients take turns."""
_NICE = 10


class Worker:
    """A connected worker over the non-blocking `channel`; `overdue` is told of a late question."""

    def __init__(
        self,
        channel: socket.socket,
        loop: asyncio.AbstractEventLoop,
        overdue: Callable[[Worker, Job], None],
    ) -> None:
        self.channel = channel
        self.assembler = Assembler()
        self.pid = 0
        self.handle: int | None = None  # a pidfd: a number that can't come to mean another process
        self.generation = -1
        self._digest = ""
        self.line: deque[Job | None] = deque()
        self.began = 0.0
        """When the first of the line began, by the monotonic clock."""
        self.slowed = False
        """It runs at a lower priority, which only root could undo: it goes when it is done."""
        self._loop = loop
        self._overdue = overdue
        self._timer: asyncio.TimerHandle | None = None
        self._sent = 0
        self._left = b""

    def born(self, told: dict[str, Any]) -> None:
        """Take in what the worker says of itself, and of the data that it reads."""
        self.pid, self.generation = int(told["pid"]), int(told["generation"])
        self._digest = str(told["digest"])
        with contextlib.suppress(OSError, AttributeError):
            self.handle = os.pidfd_open(self.pid)

    def given(self, frame: Frame) -> Given:
        """What it answered, with the version of the data that it reads."""
        return Given(frame.header, frame.body, frame.descriptor, self._digest)

    @property
    def job(self) -> Job | None:
        """What it works on; None for nothing, or for what nobody waits for any more."""
        return self.line[0] if self.line else None

    def takes(self, now: float) -> bool:
        """Whether one more question may stand behind those it has."""
        return (
            len(self.line) < DEEP
            and now - self.began < QUICK
            and not self.slowed
            and (job := self.line[-1]) is not None
            and not job.alone
        )

    def give(self, job: Job, now: float) -> None:
        """Send a question. Raises OSError when the worker is gone."""
        self.line.append(job)
        self._sent += 1
        if len(self.line) == 1:
            self.begin(now)
        self._send(job.data)

    def begin(self, now: float) -> None:
        """The first of the line begins."""
        self.began = now
        job = self.line[0]
        if job is not None:
            job.began = now

    def done(self, now: float) -> Job | None:
        """The first of the line has been answered: whoever waited for that."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        job = self.line.popleft() if self.line else None
        if self.line:
            self.begin(now)
        return job

    def watch(self, now: float, within: float) -> None:
        """Set the clock when the deadline of the first is nearer than `within` seconds."""
        job = self.job
        if job is not None and self._timer is None:
            left = job.seconds - (now - job.began)
            if left < within:
                self._timer = self._loop.call_later(max(left, 0.0), self._late, job)

    def _late(self, job: Job) -> None:
        if self.job is job:
            self._overdue(self, job)

    def withdraw(self) -> list[Job]:
        """Take back all that has not begun, in its order."""
        taken = [job for job in list(self.line)[1:] if job is not None]
        if taken:
            self.line = deque([self.line[0], *[None] * (len(self.line) - 1)])
            with contextlib.suppress(OSError):
                self._send(pack({"skip": [self._sent - len(self.line) + 2, self._sent]}))
        return taken

    def drop(self, job: Job) -> None:
        """Nobody waits for a question that has not begun."""
        self.line = deque(None if one is job else one for one in self.line)

    def _send(self, data: bytes) -> None:
        if self._left:
            self._left += data
            return
        try:
            sent = self.channel.send(data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            self._left = data[sent:]
            self._loop.add_writer(self.channel.fileno(), self._send_rest)

    def _send_rest(self) -> None:
        self._loop.remove_writer(self.channel.fileno())
        data, self._left = self._left, b""
        with contextlib.suppress(OSError):  # whoever reads from it will notice
            self._send(data)

    def slow_down(self) -> None:
        """Let quick questions come first on a busy machine."""
        self.slowed = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _NICE)

    def kill(self) -> None:
        """End the process."""
        with contextlib.suppress(ProcessLookupError):
            if self.handle is not None:
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            elif self.pid:
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Close what belongs to it here; the worker exits when it has nothing else to do."""
        number = self.channel.fileno()
        if number >= 0:
            self._loop.remove_reader(number)
            self._loop.remove_writer(number)
            self.channel.close()
        self.assembler.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


def accepted(door: socket.socket) -> Iterator[socket.socket]:
    """The connections that wait at a non-blocking door, themselves non-blocking."""
    while True:
        try:
            channel, _ = door.accept()
        except (BlockingIOError, InterruptedError):
            return
        channel.setblocking(False)
        yield channel


def now() -> float:
    """Seconds of the clock that the times here are read from."""
    return time.monotonic()
