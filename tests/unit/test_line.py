"""Questions that stand behind one another before a worker, and are taken back."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from kg.engine.crew import QUICK, Worker
from kg.engine.frames import pack, send
from kg.engine.line import Line
from kg.engine.queues import Job


class Ends:
    """Both ends of a worker's socket: the front's `worker`, the worker's `line`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        ours, self.theirs = socket.socketpair()
        ours.setblocking(False)
        self._loop = loop
        self.worker = Worker(ours, loop, lambda _worker, _job: None)
        self.line = Line(self.theirs)

    def job(self, name: str) -> Job:
        future = self._loop.create_future()
        return Job(pack({"kind": "query", "name": name}), future, 30.0, "somebody", 0.0)

    def given(self, *names: str) -> list[Job]:
        jobs = [self.job(name) for name in names]
        for job in jobs:
            self.worker.give(job, 0.0)
        return jobs

    def begun(self) -> str:
        """What the worker begins next."""
        frame = self.line.next()
        assert frame is not None
        return str(frame.header["name"])

    def answered(self, count: int) -> list[tuple[Job | None, dict[str, object]]]:
        """The next answers with those who waited for them."""
        found = []
        while len(found) < count:
            frame = self.worker.assembler.next()
            if frame is None:
                assert self.worker.assembler.read(self.worker.channel)
            else:
                found.append((self.worker.done(0.0), frame.header))
        return found


@pytest.fixture
def ends() -> Iterator[Ends]:
    loop = asyncio.new_event_loop()
    both = Ends(loop)
    yield both
    both.worker.close()
    both.theirs.close()
    loop.close()


def test_answers_come_in_the_order_of_questions(ends: Ends) -> None:
    one, two = ends.given("one", "two")
    for name in ("one", "two"):
        assert ends.begun() == name
        send(ends.theirs, {"answers": name})
    assert ends.answered(2) == [(one, {"answers": "one"}), (two, {"answers": "two"})]


@pytest.mark.parametrize("early", [True, False])
def test_what_is_taken_back_is_never_begun(ends: Ends, early: bool) -> None:
    """The first is, whether the worker hears of it before or after it begins."""
    first, *behind = ends.given("first", "second", "third")
    if not early:
        assert ends.begun() == "first"
    assert ends.worker.withdraw() == behind
    (later,) = ends.given("later")
    if early:
        assert ends.begun() == "first"
    send(ends.theirs, {"answers": "first"})
    assert ends.begun() == "later"
    send(ends.theirs, {"answers": "later"})
    skipped = {"skipped": True}
    assert ends.answered(4) == [
        (first, {"answers": "first"}),
        (None, skipped),
        (None, skipped),
        (later, {"answers": "later"}),
    ]


def test_nobody_is_put_behind_a_slow_question_or_one_to_be_alone(ends: Ends) -> None:
    ends.given("one")
    assert ends.worker.takes(QUICK / 2)
    assert not ends.worker.takes(QUICK * 2)
    alone = ends.job("a change")
    alone.alone = True
    ends.worker.give(alone, 0.0)
    assert not ends.worker.takes(QUICK / 2)


def test_a_front_that_hangs_up_ends_the_line(ends: Ends) -> None:
    ends.given("one", "two")
    assert ends.begun() == "one"
    ends.worker.channel.close()
    assert ends.line.next() is None
