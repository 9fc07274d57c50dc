"""The front's side of the engine: who waits, which worker is free, and when one must die.

Everything here runs in the front's event loop. Nothing here reads a user's text: it is handed to a
worker as bytes, and bytes come back. A deadline is kept by SIGKILL, and the client is answered at
once; the zygote puts another worker in the place of the dead one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from kg.engine import failures
from kg.engine.frames import Assembler, Frame, pack
from kg.engine.owner import Owner
from kg.engine.queues import Given, Job, Queue, Tally
from kg.engine.worker import Bounds, beyond
from kg.engine.zygote import Sockets, listen
from kg.errors import DeadlineExceeded, KgError, QueueFull, WorkerLost

__all__ = ["Given", "Pool", "Tally"]

_TICK = 0.05
_SLOW = 0.25  # seconds after which a question runs at a lower priority
_NICE = 10


@dataclass(eq=False)
class _Worker:
    """One connected worker; `job` is what it works on."""

    channel: socket.socket
    assembler: Assembler = field(default_factory=Assembler)
    pid: int = 0
    handle: int | None = None  # a pidfd: a number that can't come to mean another process
    generation: int = -1
    job: Job | None = None
    timer: asyncio.TimerHandle | None = None
    slowed: bool = False


class Pool:
    """Workers and those who wait for them.

    `waiting` is how many questions may wait, `patience` how many seconds each. Clients take turns:
    one that asks a lot waits behind its own questions, not in front of everybody else's.
    """

    def __init__(
        self, sockets: Sockets, bounds: Bounds, *, waiting: int = 256, patience: float = 10.0
    ) -> None:
        self.bounds = bounds
        self.tally = Tally()
        self.state: dict[str, Any] = {}
        self.changed: list[Callable[[], None]] = []
        self.patience = patience
        self.reached: bool | None = None
        """Whether a worker could reach the network when it tried; None before."""
        self._sockets = sockets
        self._workers: dict[int, _Worker] = {}  # by the descriptor of their socket
        self._idle: deque[_Worker] = deque()
        self._queue = Queue(waiting)
        self._owner = Owner(sockets, self._heard_state)
        self._tasks: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()

    # -- life

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Listen for workers and look for the zygote. Called in the loop that serves."""
        self._loop = loop
        self._door = listen(self._sockets.workers)
        self._door.setblocking(False)
        loop.add_reader(self._door.fileno(), self._welcome)
        self._spawn(self._owner.follow())
        self._spawn(self._tend())

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def close(self) -> None:
        """Let go of the workers; they exit."""
        for task in list(self._tasks):
            task.cancel()
        self._loop.remove_reader(self._door.fileno())
        self._door.close()
        for worker in list(self._workers.values()):
            self._part(worker)

    @property
    def alive(self) -> int:
        """Workers that are there."""
        return sum(worker.pid != 0 for worker in self._workers.values())

    @property
    def running(self) -> int:
        """Questions that are being worked on."""
        return sum(worker.job is not None for worker in self._workers.values())

    @property
    def queued(self) -> int:
        """Questions that wait."""
        return len(self._queue)

    async def ask(
        self,
        header: dict[str, Any],
        body: bytes = b"",
        *,
        seconds: float | None = None,
        client: str = "",
        gone: Callable[[], Awaitable[None]] | None = None,
    ) -> Given:
        """Put one question to a worker.

        `seconds` is the deadline of its evaluation; `gone` is awaited by the side for a client
        that leaves, and then the worker is freed. Raises the worker's KgError, DeadlineExceeded,
        MemoryExceeded, QueueFull or WorkerLost.
        """
        limit = min(seconds or self.bounds.seconds, self.bounds.seconds)
        data, future = pack({**header, "seconds": limit}, body), self._loop.create_future()
        job = Job(data, future, limit, client, self._loop.time(), gone)
        worker = self._free()
        if worker is not None:
            self._give(worker, job)
        else:
            self._enqueue(job)
        try:
            given = await job.future
        except asyncio.CancelledError:
            self._abandon(job)
            raise
        finally:
            if job.watch is not None:
                job.watch.cancel()
        error = given.header.get("error")
        if error is not None:
            self.tally.fail(str(error.get("code")))
            raise failures.unpacked(error)
        self.tally.served += 1
        return given

    def _free(self) -> _Worker | None:
        generation = self.state.get("generation", 0)
        while self._idle:
            worker = self._idle.pop()  # the one that worked last: its memory is still warm
            if worker.channel.fileno() < 0:
                continue
            if worker.generation == generation:
                return worker
            self._part(worker)  # it holds what the data was
        return None

    def _enqueue(self, job: Job) -> None:
        try:
            self._queue.put(job)
        except QueueFull:
            self.tally.busy += 1
            raise

    def _give(self, worker: _Worker, job: Job) -> None:
        worker.job = job
        job.began = self._loop.time()
        worker.timer = self._loop.call_later(job.seconds, self._overdue, worker, job)
        self._send(worker, job)

    def _send(self, worker: _Worker, job: Job) -> None:
        try:
            sent = worker.channel.send(job.data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._lost(worker)
            return
        job.data = job.data[sent:]
        if job.data:
            self._loop.add_writer(worker.channel.fileno(), self._send_rest, worker, job)

    def _send_rest(self, worker: _Worker, job: Job) -> None:
        self._loop.remove_writer(worker.channel.fileno())
        self._send(worker, job)

    # -- endings

    def _overdue(self, worker: _Worker, job: Job) -> None:
        if worker.job is not job:
            return
        self.tally.deadline += 1
        self._kill(
            worker,
            DeadlineExceeded(
                f"the query ran until its deadline of {job.seconds:g} s and was stopped",
                hint="ask for less at once: narrower patterns, LIMIT, fewer OPTIONAL",
            ),
        )

    def _kill(self, worker: _Worker, error: KgError | None) -> None:
        """Stop a worker for good; whoever waits for it gets the error now."""
        job, worker.job = worker.job, None
        try:
            if worker.handle is not None:
                signal.pidfd_send_signal(worker.handle, signal.SIGKILL)
            elif worker.pid:
                os.kill(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._part(worker)
        if job is not None and error is not None and not job.future.done():
            job.future.set_exception(error)

    def _abandon(self, job: Job) -> None:
        """Nobody waits for this any more: free its worker, or its place in the queue."""
        for worker in self._workers.values():
            if worker.job is job:
                self.tally.abandoned += 1
                self._kill(worker, None)
                return
        self._queue.drop(job)
        if not job.future.done():
            job.future.cancel()

    def _lost(self, worker: _Worker) -> None:
        """The worker's socket has closed: it retired, or it died of the question it had."""
        job, worker.job = worker.job, None
        pid = worker.pid
        self._part(worker)
        if job is not None and not job.future.done():
            self._spawn(self._explain(pid, job))

    async def _explain(self, pid: int, job: Job) -> None:
        by = await self._owner.why(pid)
        error: KgError
        if by == signal.SIGABRT:  # how the engine ends when memory is refused
            self.tally.memory += 1
            error = beyond(self.bounds)
        else:
            self.tally.lost += 1
            how = f" of {signal.Signals(by).name}" if by else ""
            error = WorkerLost(
                f"the worker that evaluated this died{how}",
                hint="another has taken its place; ask again, and tell us if it happens again",
            )
        if not job.future.done():
            job.future.set_exception(error)

    def _part(self, worker: _Worker) -> None:
        """Forget a worker and close what belongs to it."""
        number = worker.channel.fileno()
        if number >= 0:
            self._workers.pop(number, None)
            self._loop.remove_reader(number)
            self._loop.remove_writer(number)
            worker.channel.close()
        worker.assembler.close()
        if worker.timer is not None:
            worker.timer.cancel()
        if worker.handle is not None:
            os.close(worker.handle)
            worker.handle = None
        with contextlib.suppress(ValueError):
            self._idle.remove(worker)

    # -- workers

    def _welcome(self) -> None:
        while True:
            try:
                channel, _ = self._door.accept()
            except (BlockingIOError, InterruptedError):
                return
            channel.setblocking(False)
            worker = _Worker(channel)
            self._workers[channel.fileno()] = worker
            self._loop.add_reader(channel.fileno(), self._hear, worker)

    def _hear(self, worker: _Worker) -> None:
        try:
            alive = worker.assembler.read(worker.channel)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            alive = False
        if not alive:
            self._lost(worker)
            return
        try:
            frame = worker.assembler.next()
        except ValueError:
            self._kill(worker, WorkerLost("the worker spoke nonsense", hint="ask again"))
            return
        if frame is not None:
            self._heard(worker, frame)

    def _heard(self, worker: _Worker, frame: Frame) -> None:
        if worker.pid == 0:
            worker.pid = int(frame.header["pid"])
            worker.generation = int(frame.header["generation"])
            self.tally.started += 1
            with contextlib.suppress(OSError, AttributeError):
                worker.handle = os.pidfd_open(worker.pid)
        else:
            job, worker.job = worker.job, None
            if worker.timer is not None:
                worker.timer.cancel()
            if job is not None and not job.future.done():
                job.future.set_result(Given(frame.header, frame.body, frame.descriptor))
            elif frame.descriptor is not None:
                os.close(frame.descriptor)
            if frame.header.get("retires") or worker.slowed:
                self._part(worker)
                return
        if worker.generation < self.state.get("generation", 0):
            self._part(worker)
            return
        job = self._queue.take()
        if job is not None:
            self._give(worker, job)
        else:
            self._idle.append(worker)

    # -- the clock

    async def _tend(self) -> None:
        """Twenty times a second: look after whoever has waited or worked for a while."""
        while True:
            await asyncio.sleep(_TICK)
            now = self._loop.time()
            for worker in list(self._workers.values()):
                job = worker.job
                if job is None or now - job.began < _TICK:
                    continue
                self._watch(job)
                if not worker.slowed and now - job.began > _SLOW and worker.pid:
                    # Quick questions come first on a busy machine; only root could undo this, so
                    # the worker retires when it is done.
                    worker.slowed = True
                    with contextlib.suppress(OSError):
                        os.setpriority(os.PRIO_PROCESS, worker.pid, _NICE)
            for job in self._queue:
                self._watch(job)
                if job.future.done() or now - job.queued > self.patience:
                    self._queue.drop(job)
                if not job.future.done() and now - job.queued > self.patience:
                    self.tally.busy += 1
                    job.future.set_exception(
                        QueueFull(
                            f"no worker was free within {self.patience:g} seconds",
                            hint="ask again in a moment",
                            retry_after=5,
                        )
                    )

    def _watch(self, job: Job) -> None:
        if job.watch is None and job.gone is not None:
            job.watch = self._spawn(self._until_gone(job, job.gone))

    async def _until_gone(self, job: Job, gone: Callable[[], Awaitable[None]]) -> None:
        await gone()
        if not job.future.done():
            self._abandon(job)
            job.future.cancel()

    # -- changes

    def _heard_state(self, state: dict[str, Any]) -> None:
        self.state = state
        for worker in [w for w in self._idle if w.generation != state["generation"]]:
            self._part(worker)
        for listener in self.changed:
            listener()

    async def change(
        self, header: dict[str, Any], body: bytes, *, client: str = ""
    ) -> tuple[dict[str, Any], bool]:
        """Work out a change in a worker and have the zygote commit it; one change at a time.

        The worker's header, and whether anything changed. Raises what `ask` raises; WorkerLost when
        it is not known whether the change was kept.
        """
        async with self._writing:
            given = await self.ask({**header, "kind": "change"}, body, client=client)
            delta = given.body
            if given.descriptor is not None:
                with open(given.descriptor, "rb") as file:  # noqa: PTH123
                    file.seek(0)
                    delta = file.read()
            if not delta:
                return given.header, False
            await self._owner.commit(int(given.header["generation"]), delta)
            return given.header, True
