"""One evaluation for everybody who asks the same thing at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from kg.engine.pool import Given, Pool
from kg.formats import by_name
from kg.protocol.answers import Answers, Question
from kg.protocol.cache import Cache
from kg.protocol.exchange import Reply, Request

QUESTION = Question("ASK {}", by_name("json"), None, {"kind": "query"}, 5.0)


class _Pool:
    """A pool whose worker takes until `done`; it gives an evaluation up when nobody waits."""

    def __init__(self) -> None:
        self.state = {"digest": "1"}
        self.asked = 0
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
        return Given({"format": "json"}, b"answer")


def _request(left: asyncio.Event) -> Request:
    async def gone() -> None:
        await left.wait()

    return Request("GET", "/sparql", "", {}, "127.0.0.1", cast(Any, None), gone)


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
