"""One change after the other: those who want to make one wait for their turn, not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from kg.engine.queues import Gone
from kg.errors import QueueFull

__all__ = ["Turns"]


class Turns:
    """At most `most` wait, each for `patience` seconds at most."""

    def __init__(self, most: int, patience: float) -> None:
        self.most = most
        self.patience = patience
        self._lock = asyncio.Lock()
        self._waiting = 0

    def admit(self) -> None:
        """Raise QueueFull when nobody more may wait. For who has not sent all of a change yet."""
        if self._waiting >= self.most:
            raise QueueFull(
                f"{self._waiting:,} changes wait already",
                hint=f"send it again in a moment; at most {self.most:,} wait",
                retry_after=5,
            ).at("changes_waiting", self.most)

    @asynccontextmanager
    async def mine(self, gone: Gone | None) -> AsyncIterator[None]:
        """Wait for a turn and have it. Raises QueueFull; CancelledError when `gone` returns."""
        self.admit()
        self._waiting += 1
        try:
            await self._come(gone)
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._lock.release()

    async def _come(self, gone: Gone | None) -> None:
        if self._waiting == 1 and not self._lock.locked():
            await self._lock.acquire()  # at once: nobody stands before us
            return
        coming = asyncio.ensure_future(self._lock.acquire())
        leaving = asyncio.ensure_future(gone()) if gone is not None else None
        waiting: set[asyncio.Future[Any]] = {coming} if leaving is None else {coming, leaving}
        came = False
        try:
            await asyncio.wait(waiting, timeout=self.patience, return_when=asyncio.FIRST_COMPLETED)
            came = coming.done()
        finally:
            if leaving is not None:
                leaving.cancel()
            if not came and not coming.cancel():
                self._lock.release()  # it came in the moment in which we were stopped ourselves
        if came:
            return
        if leaving is not None and leaving.done() and not leaving.cancelled():
            raise asyncio.CancelledError
        raise QueueFull(
            f"the changes before this one were not made within {self.patience:g} seconds",
            hint="send it again in a moment",
            retry_after=5,
        ).at("patience", self.patience)
