"""The engine in this process: for tests, and for machines that can't fork.

It answers as the pool does, but nothing here can be killed: a deadline can't be kept, and a text
that breaks the engine breaks the process. It therefore only ever listens on this machine.
"""

from __future__ import annotations

import asyncio
from typing import Any

from kg.engine.frames import Frame
from kg.engine.holdings import Holdings
from kg.engine.pool import Given, Pool
from kg.engine.queues import NOBODY, Asker, Gone
from kg.engine.spool import Spool
from kg.engine.worker import Bounds, Desk
from kg.engine.zygote import Sockets
from kg.errors import UpdateRefused

__all__ = ["LocalPool"]


class LocalPool(Pool):
    """Answers from `holdings` at once, one question after the other."""

    def __init__(self, holdings: Holdings, bounds: Bounds, sockets: Sockets) -> None:
        super().__init__(sockets, bounds)
        self._desk = Desk(holdings, bounds)
        self.state = {**holdings.state(), "isolation": "none", "workers": 1, "deadline": False}

    @property
    def alive(self) -> int:
        """One: the process itself."""
        return 1

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """There is nobody to wait for."""

    def close(self) -> None:
        """There is nobody to let go."""

    async def ask(
        self,
        header: dict[str, Any],
        body: bytes = b"",
        *,
        seconds: float | None = None,
        client: str = "",
        gone: Gone | None = None,
    ) -> Given:
        """Answer here and now. Raises a KgError."""
        return self.answer(header, body)

    def answer(self, header: dict[str, Any], body: bytes) -> Given:
        """The same for callers without an event loop."""
        spool = Spool(self.bounds.result, str(header.get("encoding", "")))
        found = {"took": 0.0, **self._desk.answer(Frame(header, body), spool)}
        data, file, _ = spool.finish()
        if file is not None:
            file.seek(0)
            data = file.read()
            file.close()
        coded = {"encoding": spool.encoding} if spool.encoding else {}
        self.tally.served += 1
        return Given({**found, **coded}, data, digest=str(self.state.get("digest")))

    async def change(
        self, header: dict[str, Any], body: bytes, by: Asker = NOBODY
    ) -> tuple[dict[str, Any], bool]:
        """Never: without workers there is no way to try a change out. Raises UpdateRefused."""
        raise UpdateRefused(
            "without workers nothing can be written here", hint="serve from a system that forks"
        )
