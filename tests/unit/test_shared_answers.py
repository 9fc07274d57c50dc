"""One evaluation for everybody who asks the same thing at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from kg.engine.pool import Given, Pool
from kg.formats import by_name
from kg.protocol.answers import Answers, Question
from kg.protocol.cache import Cache
from kg.protocol.exchange import Fields, Reply, Request

QUESTION = Question("ASK {}", by_name("json"), None, {"kind": "query"}, 5.0)


class _Pool:
    """A pool whose worker takes until `done`; it gives an evaluation up when nobody waits."""

    def __init__(self) -> None:
        self.state = {"digest": "1"}
        self.asked = 0
        self.read: str | None = None
        """The version that the worker reads, where it is not the present one."""
        self.done = asyncio.Event()
        self.giving_up = asyncio.Event()

    async def ask(
        self, header: Any, body: bytes, *, gone: Callable[[], Awaitable[None]], **_: Any
    ) -> Given:
        self.asked += 1
        leaving, ready = asyncio.ensure_future(gone()), asyncio.ensure_future(self.done.wait())
        await asyncio.wait({leaving, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if leaving.done():
            self.giving_up.set()
            await asyncio.sleep(0.01)  # somebody may come just now
            raise asyncio.CancelledError
        leaving.cancel()
        return Given({"format": "json"}, b"answer", digest=self.read or self.state["digest"])


def _request(left: asyncio.Event) -> Request:
    async def gone() -> None:
        await left.wait()

    return Request("GET", "/sparql", "", Fields({}), "127.0.0.1", cast(Any, None), gone)


def _asking(answers: Answers, left: asyncio.Event) -> asyncio.Task[Reply]:
    return asyncio.ensure_future(answers.reply(_request(left), QUESTION))


def _with(story: Callable[[Answers, _Pool], Awaitable[None]]) -> None:
    async def run() -> None:
        pool = _Pool()
        await asyncio.wait_for(story(Answers(cast(Pool, pool), Cache(1 << 20)), pool), 10)

    asyncio.run(run())


def test_two_who_ask_the_same_are_answered_by_one_evaluation() -> None:
    async def story(answers: Answers, pool: _Pool) -> None:
        both = [_asking(answers, asyncio.Event()) for _ in range(2)]
        await asyncio.sleep(0)
        pool.done.set()
        replies = await asyncio.gather(*both)
        assert [(reply.status, reply.body) for reply in replies] == [(200, b"answer")] * 2
        assert pool.asked == 1

    _with(story)


def test_the_one_who_asked_first_may_leave() -> None:
    async def story(answers: Answers, pool: _Pool) -> None:
        left = asyncio.Event()
        first, second = _asking(answers, left), _asking(answers, asyncio.Event())
        await asyncio.sleep(0.01)
        left.set()
        await asyncio.sleep(0.01)
        pool.done.set()
        assert (await second).body == b"answer"
        await first
        assert pool.asked == 1

    _with(story)


def test_who_comes_while_an_evaluation_is_given_up_is_answered_all_the_same() -> None:
    async def story(answers: Answers, pool: _Pool) -> None:
        left = asyncio.Event()
        first = _asking(answers, left)
        await asyncio.sleep(0.01)
        left.set()
        await pool.giving_up.wait()
        second = _asking(answers, asyncio.Event())
        await asyncio.sleep(0.02)
        assert first.cancelled()
        pool.done.set()
        assert (await second).body == b"answer"
        assert pool.asked == 2

    _with(story)


def _tag(reply: Reply) -> str:
    return dict(reply.headers)["etag"]


def test_an_answer_that_comes_after_a_change_is_not_kept() -> None:
    async def story(answers: Answers, pool: _Pool) -> None:
        pool.read, words = "1", _request(asyncio.Event())
        pool.done.set()
        for _ in range(2):
            await answers.reply(words, QUESTION)
        assert answers.remembered(words) is not None
        answers._cache.clear()  # as if others had needed the room
        pool.done.clear()
        slow = _asking(answers, asyncio.Event())
        await asyncio.sleep(0.01)
        pool.state = {"digest": "2"}
        answers.forget()
        pool.done.set()
        before = await slow
        assert answers.remembered(words) is None
        pool.read = "2"
        after = await _asking(answers, asyncio.Event())
        assert pool.asked == 3
        assert (after.note, _tag(after) != _tag(before)) == ("", True)
        pool.state, pool.read = {"digest": "1"}, "1"
        assert _tag(await _asking(answers, asyncio.Event())) == _tag(before)
        assert pool.asked == 4, "what was read of version 1 came too late to be kept"

    _with(story)


def test_an_answer_bears_the_tag_of_the_version_that_it_was_read_from() -> None:
    async def story(answers: Answers, pool: _Pool) -> None:
        waiting = _asking(answers, asyncio.Event())
        await asyncio.sleep(0.01)
        pool.state = {"digest": "2"}  # it waits for a worker, and gets one of the new data
        answers.forget()
        pool.done.set()
        late = await waiting
        again = await _asking(answers, asyncio.Event())
        assert (_tag(again), again.note, pool.asked) == (_tag(late), "hit", 1)

    _with(story)
