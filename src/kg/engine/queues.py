"""Who waits for a worker: clients in turn, and each client's own questions in their order."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.engine import failures
from kg.errors import QueueFull

__all__ = ["NOBODY", "Asker", "Given", "Gone", "Job", "Queue", "Tally"]

Gone = Callable[[], Awaitable[None]]
"""Returns when whoever asked has left."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants a change: a client by name, whether it has `gone`, and what is to be looked at
    `first`, when no other change is under way; that may raise.
    """

    client: str = ""
    gone: Gone | None = None
    first: Callable[[], None] = lambda: None


NOBODY = Asker()


@dataclass(frozen=True, slots=True)
class Given:
    """What a worker answered: `header`, the body, or the descriptor of the file that holds it;
    and the version of the data that it was read from.
    """

    header: dict[str, Any]
    body: bytes = b""
    descriptor: int | None = None
    digest: str = ""

    def whole(self) -> bytes:
        """The body, wherever it is; its file is closed."""
        if self.descriptor is None:
            return self.body
        with open(self.descriptor, "rb") as file:  # noqa: PTH123
            file.seek(0)
            return file.read()


@dataclass(eq=False, slots=True)
class Job:
    """One question on its way: its frame, its deadline in seconds, who asks, since when.

    `gone` is awaited by the side, and returns when whoever asked has left. A question that is to
    be `alone` with a worker has none behind it, and stands behind none.
    """

    data: bytes
    future: asyncio.Future[Given]
    seconds: float
    client: str
    queued: float
    gone: Gone | None = None
    watch: asyncio.Task[None] | None = None
    began: float = 0.0
    alone: bool = False


@dataclass
class Tally:
    """Counts since the front began, for /metrics."""

    served: int = 0
    failed: int = 0
    refused: int = 0
    deadline: int = 0
    memory: int = 0
    lost: int = 0
    abandoned: int = 0
    busy: int = 0
    started: int = 0
    killed: int = 0
    crashed: int = 0
    retired: int = 0

    def fail(self, code: str) -> None:
        """Count an answer that is an error: refused by the guard, or failed."""
        if code in ("query-refused", "query-too-complex"):
            self.refused += 1
        else:
            self.failed += 1


class Queue:
    """At most `most` questions; one that asks a lot waits behind its own questions."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._queues: OrderedDict[str, deque[Job]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Job]:
        return (job for queue in list(self._queues.values()) for job in list(queue))

    def put(self, job: Job) -> None:
        """Let a question wait. Raises QueueFull."""
        if self._size >= self.most:
            raise QueueFull(
                f"{self._size:,} queries wait already",
                hint=f"ask again in a moment; at most {self.most:,} wait",
                retry_after=2,
            ).at("waiting", self.most)
        self._queues.setdefault(job.client, deque()).append(job)
        self._size += 1

    def back(self, jobs: list[Job]) -> None:
        """Let questions wait again that had been given to a worker: first in their client's row,
        whatever waits already.
        """
        for job in reversed(jobs):
            self._queues.setdefault(job.client, deque()).appendleft(job)
            self._size += 1

    def peek(self) -> Job | None:
        """The next question that still wants an answer."""
        while self._queues:
            job = next(iter(self._queues.values()))[0]
            if not job.future.done():
                return job
            self.drop(job)
        return None

    def turn(self, client: str) -> None:
        """A client had its turn: the others come first now."""
        if client in self._queues:
            self._queues.move_to_end(client)

    def dismiss(self, at: float, patience: float) -> int:
        """Send away whoever has waited longer than `patience` seconds at `at`; how many."""
        number = 0
        for job in self:
            late = at - job.queued > patience
            if late or job.future.done():
                self.drop(job)
            if late and not job.future.done():
                number += 1
                job.future.set_exception(failures.crowded(patience))
        return number

    def drop(self, job: Job) -> None:
        """Forget a question, so that its place is free at once."""
        queue = self._queues.get(job.client)
        if queue is not None and job in queue:
            queue.remove(job)
            self._size -= 1
            if not queue:
                del self._queues[job.client]
