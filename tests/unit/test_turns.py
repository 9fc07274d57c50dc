"""Changes wait for each other: not too many of them, not for ever, and not when nobody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from kg.engine.turns import Turns
from kg.errors import QueueFull


def _with(story: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await asyncio.wait_for(story(), 10)

    asyncio.run(run())


async def _hold(turns: Turns, until: asyncio.Event, done: list[str], name: str) -> None:
    async with turns.mine(None):
        await until.wait()
        done.append(name)


def test_changes_come_one_after_the_other_in_their_order() -> None:
    async def story() -> None:
        turns, inside, most, order = Turns(8, 5), 0, 0, []

        async def change(number: int) -> None:
            nonlocal inside, most
            async with turns.mine(None):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                order.append(number)
                inside -= 1

        await asyncio.gather(*(change(number) for number in range(6)))
        assert (most, order) == (1, list(range(6)))

    _with(story)


def test_no_more_wait_than_may_and_none_longer_than_its_patience() -> None:
    async def story() -> None:
        turns, free, done = Turns(2, 0.05), asyncio.Event(), []
        holding = asyncio.ensure_future(_hold(turns, free, done, "first"))
        await asyncio.sleep(0)
        waiting = [asyncio.ensure_future(_hold(turns, free, done, "later")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(QueueFull, match="2 changes wait already"):
            turns.admit()
        with pytest.raises(QueueFull, match="2 changes wait already"):
            async with turns.mine(None):
                pass
        for late in waiting:
            with pytest.raises(QueueFull, match=r"0\.05 seconds") as caught:
                await late
            assert caught.value.limit == ("patience", 0.05)
        turns.admit()
        free.set()
        await holding
        await _hold(turns, free, done, "last")  # whoever gave up has not kept the turn
        assert done == ["first", "last"]

    _with(story)


def test_who_leaves_waits_no_more() -> None:
    async def story() -> None:
        turns, free, done = Turns(8, 5), asyncio.Event(), []
        holding = asyncio.ensure_future(_hold(turns, free, done, "first"))
        await asyncio.sleep(0)
        left = asyncio.Event()

        async def gone() -> None:
            await left.wait()

        async def change() -> None:
            async with turns.mine(gone):
                done.append("gone")

        leaving, other = (asyncio.ensure_future(change()) for _ in range(2))
        await asyncio.sleep(0)
        other.cancel()  # the server itself stops
        left.set()
        for one in (leaving, other):
            with pytest.raises(asyncio.CancelledError):
                await one
        free.set()
        await holding
        await _hold(turns, free, done, "last")
        assert done == ["first", "last"]

    _with(story)
