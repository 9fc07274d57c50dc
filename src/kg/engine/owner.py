"""The front's line to the zygote: the state of the data, why workers died, and commits."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from collections.abc import Callable
from typing import Any

from kg.engine.frames import Assembler, pack
from kg.engine.zygote import Sockets
from kg.errors import WorkerLost

__all__ = ["Owner"]

_CAUSE = 0.5  # seconds to wait for the word on why a worker died
_REMEMBERED = 1000


class Owner:
    """Keeps a connection to whoever owns the store. `heard` is called with each new state."""

    def __init__(self, sockets: Sockets, heard: Callable[[dict[str, Any]], None]) -> None:
        self._sockets = sockets
        self._heard = heard
        self._writer: asyncio.StreamWriter | None = None
        self._causes: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._commits: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)

    async def follow(self) -> None:
        """Listen for ever; connect again when the zygote was replaced."""
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(str(self._sockets.control))
            except OSError:
                await asyncio.sleep(0.1)
                continue
            self._writer = writer
            try:
                while True:
                    lengths = await reader.readexactly(8)
                    head, size = (int.from_bytes(lengths[i : i + 4], "big") for i in (0, 4))
                    assembler = Assembler()
                    assembler.feed(lengths + await reader.readexactly(head + size))
                    frame = assembler.next()
                    assert frame is not None
                    self._told(frame.header)
            except (asyncio.IncompleteReadError, OSError):
                pass
            finally:
                self._writer = None
                writer.close()
                for waiting in self._commits.values():
                    if not waiting.done():
                        waiting.set_result({"fine": None})

    def _told(self, header: dict[str, Any]) -> None:
        if "state" in header:
            self._heard(header["state"])
        elif "gone" in header:
            cause = self._cause(int(header["gone"]))
            if not cause.done():
                cause.set_result(header)
            if len(self._causes) > _REMEMBERED:  # workers that retired in peace: nobody asks
                for pid in [p for p, c in self._causes.items() if c.done()][: _REMEMBERED // 2]:
                    del self._causes[pid]
        elif "committed" in header:
            waiting = self._commits.get(header["committed"])
            if waiting is not None and not waiting.done():
                waiting.set_result(header)

    def _cause(self, pid: int) -> asyncio.Future[dict[str, Any]]:
        if pid not in self._causes:
            self._causes[pid] = asyncio.get_running_loop().create_future()
        return self._causes[pid]

    async def why(self, pid: int) -> int:
        """The number of the signal that a worker died of; 0 when there was none, or no word."""
        word: dict[str, Any] = {}
        with contextlib.suppress(TimeoutError):
            word = await asyncio.wait_for(asyncio.shield(self._cause(pid)), _CAUSE)
        self._causes.pop(pid, None)
        return int(word.get("signal", 0))

    async def commit(self, generation: int, delta: bytes) -> None:
        """Have a change kept that was worked out on a generation of the data.

        Raises WorkerLost, which says whether anything may have changed.
        """
        if self._writer is None:
            raise WorkerLost(
                "the store's owner is not there", hint="nothing was changed; send it again"
            )
        name = f"{os.getpid()}-{next(self._numbers)}"
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._commits[name] = waiting
        try:
            self._writer.write(pack({"commit": name, "generation": generation}, delta))
            answer = await waiting
        finally:
            del self._commits[name]
        if answer["fine"] is None:
            raise WorkerLost(
                "the store's owner died while it kept this change",
                hint="look whether it is there before you send it again",
            )
        if not answer["fine"]:
            raise WorkerLost(
                f"the change could not be kept: {answer.get('why')}",
                hint="nothing was changed; send it again",
            )
