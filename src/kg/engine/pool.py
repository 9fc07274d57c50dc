"""The front's side of the engine: who waits, which worker is free, and when one must die.

Everything here runs in the front's event loop. Nothing here reads a user's text: it is handed to a
worker as bytes, and bytes come back. A deadline is kept by SIGKILL, and the client is answered at
once; the zygote puts another worker in the place of the dead one.

As many workers as there are cores get quick questions one behind another, so that they need not
sleep in between; one that takes longer than `QUICK` loses those behind it to other workers.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import Callable
from typing import Any

from kg.engine import failures
from kg.engine.crew import QUICK, Worker, accepted, now
from kg.engine.frames import Frame, pack
from kg.engine.owner import Owner
from kg.engine.queues import NOBODY, Asker, Given, Gone, Job, Queue, Tally
from kg.engine.turns import Turns
from kg.engine.worker import Bounds, beyond
from kg.engine.zygote import Sockets, listen
from kg.errors import KgError, QueueFull, WorkerLost

__all__ = ["Given", "Pool", "Tally"]

_TICK = 0.05
_WRITERS = 16  # changes that may wait, each with a body of up to 64 MiB
_SLOW = 0.25  # seconds after which a question runs at a lower priority


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
        self.say: Callable[[str], None] = lambda text: None
        """Tells the operator; the front sets it."""
        self.patience = patience
        self.reached: bool | None = None
        """Whether a worker could reach the network when it tried; None before."""
        self._sockets = sockets
        self._workers: set[Worker] = set()
        self._idle: deque[Worker] = deque()
        self._busy: dict[Worker, None] = {}  # those with a line, whose turn came first first
        self._spread = max(2, os.cpu_count() or 2)
        self._queue = Queue(waiting)
        self._owner = Owner(sockets, self._heard_state)
        self._tasks: set[asyncio.Task[None]] = set()
        self.turns = Turns(_WRITERS, patience)
        self._stirring: asyncio.TimerHandle | None = None

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
        for worker in list(self._workers):
            self._part(worker)

    @property
    def alive(self) -> int:
        """Workers that are there."""
        return sum(worker.pid != 0 for worker in self._workers)

    @property
    def running(self) -> int:
        """Questions that are being worked on."""
        return sum(worker.job is not None for worker in self._busy)

    @property
    def queued(self) -> int:
        """Questions that wait."""
        return len(self._queue) + sum(len(worker.line) - 1 for worker in self._busy)

    async def ask(
        self,
        header: dict[str, Any],
        body: bytes = b"",
        *,
        seconds: float | None = None,
        client: str = "",
        gone: Gone | None = None,
    ) -> Given:
        """Put one question to a worker.

        `seconds` is the deadline of its evaluation; once the client has `gone` the worker is freed.
        Raises what the worker says, or DeadlineExceeded, MemoryExceeded, QueueFull, WorkerLost.
        """
        limit = min(seconds or self.bounds.seconds, self.bounds.seconds)
        data, future = pack({**header, "seconds": limit}, body), self._loop.create_future()
        job = Job(data, future, limit, client, now(), gone)
        job.alone = header["kind"] not in ("query", "graph")
        self._submit(job)
        try:
            given: Given = await future
        except asyncio.CancelledError:
            self._abandon(job)
            raise
        finally:
            if job.watch is not None:
                job.watch.cancel()
        error = given.header.get("error")
        if error is not None:
            self.tally.fail(str(error.get("code")))
            raise failures.told(given.header)
        self.tally.served += 1
        return given

    # -- who works on what

    def _submit(self, job: Job) -> None:
        if not self._queue:
            worker = self._chosen(job, job.queued)
            if worker is not None:
                self._give(worker, job, job.queued)
                return
        try:
            self._queue.put(job)
        except QueueFull:
            self.tally.busy += 1
            raise
        self._stir_soon()

    def _chosen(self, job: Job, at: float) -> Worker | None:
        """The worker that a question goes to now; None when it has to wait."""
        young = 0
        shortest: Worker | None = None
        for worker in self._busy:
            if at - worker.began < QUICK:
                young += 1
                if worker.takes(at) and (shortest is None or len(worker.line) < len(shortest.line)):
                    shortest = worker
        if job.alone or young < self._spread or shortest is None:
            idle = self._rested()
            if idle is not None:
                return idle
        if job.alone or shortest is None or shortest.generation != self._generation:
            return None
        return shortest

    @property
    def _generation(self) -> int:
        return int(self.state.get("generation", 0))

    def _rested(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()  # the one that worked last: its memory is still warm
            if worker.generation == self._generation:
                return worker
            self._retire(worker)  # it holds what the data was
        return None

    def _give(self, worker: Worker, job: Job, at: float) -> None:
        self._busy[worker] = None
        try:
            worker.give(job, at)
        except OSError:
            self._lost(worker)
            return
        if len(worker.line) > 1:
            self._stir_soon()
        else:
            worker.watch(at, 3 * _TICK)

    def _dispatch(self, at: float) -> None:
        """Give those who wait to whoever can take them."""
        while (job := self._queue.peek()) is not None:
            worker = self._chosen(job, at)
            if worker is None:
                return
            self._queue.drop(job)
            self._queue.turn(job.client)
            self._give(worker, job, at)

    def _stir_soon(self) -> None:
        if self._stirring is None:
            self._stirring = self._loop.call_later(QUICK, self._stir)

    def _stir(self) -> None:
        """Who stands behind a slow question, or waits though a worker is free, is moved on."""
        self._stirring = None
        at = now()
        for worker in list(self._busy):
            if len(worker.line) > 1 and at - worker.began >= QUICK:
                self._queue.back(worker.withdraw())
        self._dispatch(at)
        if any(len(worker.line) > 1 for worker in self._busy) or (self._queue and self._idle):
            self._stir_soon()

    # -- endings

    def _overdue(self, worker: Worker, job: Job) -> None:
        self.tally.deadline += 1
        self._kill(worker, failures.overdue(job.seconds))

    def _kill(self, worker: Worker, error: KgError | None) -> None:
        """Stop a worker for good; whoever waits for it gets the error now."""
        job = worker.job
        worker.kill()
        self.tally.killed += worker.pid != 0
        self._part(worker)
        if job is not None and error is not None and not job.future.done():
            job.future.set_exception(error)

    def _abandon(self, job: Job) -> None:
        """Nobody waits for this any more: free its worker, or its place in the queue."""
        for worker in self._busy:
            if worker.job is job:
                self.tally.abandoned += 1
                self._kill(worker, None)
                break
            if job in worker.line:
                worker.drop(job)
                break
        else:
            self._queue.drop(job)
        if not job.future.done():
            job.future.cancel()

    def _lost(self, worker: Worker) -> None:
        """The worker's socket has closed: it retired, or it died of the question it had."""
        job = worker.job
        self.tally.crashed += worker.pid != 0
        self._part(worker)
        if job is not None and not job.future.done():
            self._spawn(self._explain(worker.pid, job))

    async def _explain(self, pid: int, job: Job) -> None:
        by = await self._owner.why(pid)
        memory = by == signal.SIGABRT  # how the engine ends when memory is refused
        self.tally.memory += memory
        self.tally.lost += not memory
        error = beyond(self.bounds) if memory else failures.died(by)
        if not memory:
            self.say(f"{error.message} (process {pid})")
        if not job.future.done():
            job.future.set_exception(error)

    def _retire(self, worker: Worker) -> None:
        self.tally.retired += 1
        self._part(worker)

    def _part(self, worker: Worker) -> None:
        """Forget a worker; those who stood behind its first question wait for another one."""
        self._workers.discard(worker)
        self._busy.pop(worker, None)
        if worker in self._idle:
            self._idle.remove(worker)
        behind = [job for job in list(worker.line)[1:] if job is not None]
        worker.line.clear()
        worker.close()
        if behind:
            self._queue.back(behind)
            self._stir_soon()

    # -- workers

    def _welcome(self) -> None:
        for channel in accepted(self._door):
            worker = Worker(channel, self._loop, self._overdue)
            self._workers.add(worker)
            self._loop.add_reader(channel.fileno(), self._hear, worker)

    def _hear(self, worker: Worker) -> None:
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
            while (frame := worker.assembler.next()) is not None:
                self._heard(worker, frame)
                if worker not in self._workers:
                    return
        except ValueError:
            self._kill(worker, WorkerLost("the worker spoke nonsense", hint="ask again"))

    def _heard(self, worker: Worker, frame: Frame) -> None:
        at = now()
        if "failed" in frame.header:
            self.say(f"a worker can't begin:\n{frame.header['failed']}")
            return
        if worker.pid == 0:
            worker.born(frame.header)
            self.tally.started += 1
        else:
            job = worker.done(at)
            if job is not None and not job.future.done():
                job.future.set_result(worker.given(frame))
            elif frame.descriptor is not None:
                os.close(frame.descriptor)
            if frame.header.get("retires"):
                worker.line.appendleft(None)  # whoever stands behind has not begun
                self._retire(worker)
                return
        if worker.line:
            worker.watch(at, 3 * _TICK)
        else:
            self._busy.pop(worker, None)
            if worker.slowed or worker.generation < self._generation:
                self._retire(worker)
                return
            self._idle.append(worker)
        if self._queue:
            self._dispatch(at)

    # -- the clock

    async def _tend(self) -> None:
        """Twenty times a second: look after whoever has waited or worked for a while."""
        while True:
            await asyncio.sleep(_TICK)
            at = now()
            for worker in list(self._busy):
                taken = at - worker.began
                job = worker.job
                if taken < _TICK:
                    continue
                if job is None:  # taken back too late: nobody waits for this
                    self._kill(worker, None)
                    continue
                self._watch(job)
                worker.watch(at, 3 * _TICK)
                if taken > _SLOW and not worker.slowed:
                    worker.slow_down()
            for job in self._queue:
                self._watch(job)
            self.tally.busy += self._queue.dismiss(at, self.patience)

    def _watch(self, job: Job) -> None:
        if job.watch is None and job.gone is not None:
            job.watch = self._spawn(self._until_gone(job, job.gone))

    async def _until_gone(self, job: Job, gone: Gone) -> None:
        await gone()
        if not job.future.done():
            self._abandon(job)

    # -- changes

    def _heard_state(self, state: dict[str, Any]) -> None:
        self.state = state
        for worker in [w for w in self._idle if w.generation != state["generation"]]:
            self._retire(worker)
        for listener in self.changed:
            listener()

    async def change(
        self, header: dict[str, Any], body: bytes, by: Asker = NOBODY
    ) -> tuple[dict[str, Any], bool]:
        """Work out a change in a worker and have the zygote commit it; one change at a time.

        The worker's header, and whether anything changed; nothing has when the client leaves early.
        Raises what `ask` and `by.first` raise, QueueFull, or WorkerLost: nobody knows what is kept.
        """
        async with self.turns.mine(by.gone):
            by.first()
            given = await self.ask(header, body, client=by.client, gone=by.gone)
            delta = given.whole()
            if delta:
                await self._owner.commit(int(given.header["generation"]), delta)
        return given.header, bool(delta)
