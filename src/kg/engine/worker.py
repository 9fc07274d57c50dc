"""A worker: one question at a time, evaluated under limits that the kernel keeps.

It is forked from the zygote, reads the store that it finds there, and talks to the front over one
Unix socket: a frame in, a frame out. Whatever goes wrong in here, the front still has the client.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg import formats
from kg.engine import failures, guard, isolation
from kg.engine.change import Changer
from kg.engine.evaluate import Request
from kg.engine.frames import Frame, send
from kg.engine.holdings import Holdings
from kg.engine.line import Line
from kg.engine.spool import Spool
from kg.errors import KgError, MemoryExceeded
from kg.formats import Format

__all__ = ["LEFT_ALONE", "Bounds", "Desk", "beyond", "run", "work"]


@dataclass(frozen=True)
class Bounds:
    """What one question may cost: `memory` bytes beyond the shared store, `result` bytes of
    answer, `seconds` as the outermost deadline.
    """

    memory: int = 1 << 30
    result: int = 256 << 20
    seconds: float = 30.0


LEFT_ALONE = 3
"""The exit code of a worker whose front is gone, or speaks something else."""
_GROWN = 256 << 20
"""A worker that has needed this much memory retires, and gives it back to the system."""


def work(holdings: Holdings, front: Path, bounds: Bounds, isolation_reached: str) -> None:
    """Answer until the front hangs up. Returns in the forked process, which then exits."""
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel.connect(str(front))
    try:
        desk = Desk(holdings, bounds)
        isolation.limit(bounds.memory, bounds.result)
    except Exception as error:
        send(channel, {"failed": failures.traced(error)})
        raise failures.Mistake from error
    send(
        channel,
        {
            "pid": os.getpid(),
            "generation": holdings.generation,
            "digest": holdings.digest,
            "isolation": isolation_reached,
        },
    )
    line = Line(channel)
    while (frame := line.next()) is not None:
        # Should front and zygote both be gone, the kernel still ends a query that never does.
        signal.setitimer(signal.ITIMER_REAL, float(frame.header["seconds"]) + 5)
        if _reply(channel, desk, frame):
            return


def _reply(channel: socket.socket, desk: Desk, frame: Frame) -> bool:
    """Answer one frame; whether the worker should retire."""
    began = time.perf_counter()
    spool = Spool(desk.bounds.result, str(frame.header.get("encoding", "")))
    header: dict[str, Any]
    try:
        header = desk.answer(frame, spool)
        body, file, size = spool.finish()
    except KgError as error:
        header, body, file, size = {"error": failures.packed(_said(error, spool))}, b"", None, 0
    except MemoryError:
        header, body, file, size = {"error": failures.packed(beyond(desk.bounds))}, b"", None, 0
    except Exception as error:
        header, body, file, size = failures.mistaken(error), b"", None, 0
    except BaseException as error:  # the engine's own panic: what it has locked stays locked
        header, body, file, size = failures.mistaken(error), b"", None, 0
        desk.spent = True
    took = time.perf_counter() - began
    if frame.header.get("explain"):
        header["took"] = round(took, 6)
    grown = took > 0.05 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10 > _GROWN
    retire = bool(desk.spent or (grown and desk.private() > _GROWN))
    if retire:
        header["retires"] = True
    if file is not None:
        header |= {"file": size, "encoding": spool.encoding}
        send(channel, header, descriptor=file.fileno())
        file.close()
    else:
        if spool.encoding:
            header["encoding"] = spool.encoding
        send(channel, header, body)
    return retire


def beyond(bounds: Bounds) -> MemoryExceeded:
    """The error for a question that needed more memory than there is."""
    return MemoryExceeded(
        f"the query needed more than {bounds.memory >> 20:,} MiB of memory and was stopped",
        hint="ask for less at once: narrower patterns, LIMIT, no ORDER BY over everything",
    ).at("memory", bounds.memory)


def _said(error: KgError, spool: Spool) -> KgError:
    """The engine reports a sink that takes no more as an error of its own."""
    return spool.failed or error


class Desk:
    """What a worker can be asked: a query, a graph, a change, a look at its own isolation."""

    def __init__(self, holdings: Holdings, bounds: Bounds) -> None:
        self.bounds = bounds
        self.spent = False
        """This process may answer nothing else: its copy has been changed, or its engine broke."""
        self._engine = holdings.engine()
        self._holdings = holdings
        self._kinds: dict[str, Callable[[Frame, Spool], dict[str, Any]]] = {
            "query": self._query,
            "graph": self._graph,
            "change": self._change,
            "connect": self._connect,
        }

    def answer(self, frame: Frame, spool: Spool) -> dict[str, Any]:
        """The header of the answer; its body goes into the spool. Raises a KgError."""
        return self._kinds[frame.header["kind"]](frame, spool)

    def _query(self, frame: Frame, spool: Spool) -> dict[str, Any]:
        header = frame.header
        text = frame.body.decode()
        form = self._engine.write(
            Request(
                text,
                _format(header["results"]),
                _format(header["graph"]),
                _tuple(header.get("default")),
                _tuple(header.get("named")),
                header.get("base"),
            ),
            spool,
        )
        if header.get("explain"):
            return {"format": form.name, "counts": asdict(guard.count(text))}
        return {"format": form.name}

    def _graph(self, frame: Frame, spool: Spool) -> dict[str, Any]:
        form = formats.by_name(frame.header["graph"], kind="graph")
        self._engine.dump(frame.header.get("iri"), form, spool)
        return {"format": form.name}

    def _change(self, frame: Frame, spool: Spool) -> dict[str, Any]:
        self.spent = True
        held = self._holdings
        checker = held.prepared.checker if held.prepared is not None else None
        changer = Changer(held.scratch(), held.rules, held.digest, checker)
        found = changer.change(frame.header, frame.body)
        if found.delta:
            spool.write(found.delta.to_bytes())
        return {"existed": found.existed, "generation": self._holdings.generation}

    def _connect(self, frame: Frame, spool: Spool) -> dict[str, Any]:
        """Try to reach an address, so that the isolation that is announced is one that was seen."""
        try:
            socket.create_connection(tuple(frame.header["address"]), timeout=1).close()
        except OSError as error:
            return {"reached": False, "why": error.strerror or type(error).__name__}
        return {"reached": True}

    def private(self) -> int:
        """Bytes that this process alone keeps, the shared store not counted; 0 if not known."""
        try:
            with open("/proc/self/smaps_rollup", encoding="ascii") as file:  # noqa: PTH123
                found = [line.split()[1] for line in file if line.startswith("Private_Dirty:")]
        except OSError:
            return 0
        return int(found[0]) << 10 if found else 0


@lru_cache
def _format(name: str | None) -> Format | None:
    return formats.by_name(name) if name else None


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _own(codes: list[int], holdings: Holdings, front: Path, bounds: Bounds, reached: str) -> None:
    """Work, and say how it ended."""
    try:
        work(holdings, front, bounds, reached)
        codes.append(0)
    except (OSError, ValueError):
        codes.append(LEFT_ALONE)
    except BaseException:
        codes.append(1)


def run(holdings: Holdings, front: Path, bounds: Bounds, reached: str, parent: int) -> None:
    """Be a worker and exit; for a process that was just forked for it by `parent`."""
    code = 1
    try:
        gc.disable()  # a worker is short-lived, and a collection would copy the shared pages
        with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
            for number in range(3):
                os.dup2(nothing.fileno(), number)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        isolation.die_with_parent(parent)
        # The engine's random numbers belong to a thread, and fork copies their state: two workers
        # would make the same blank nodes and UUIDs. A thread that begins here has its own.
        threading.stack_size(isolation.STACK)
        codes: list[int] = []
        thread = threading.Thread(target=_own, args=(codes, holdings, front, bounds, reached))
        thread.start()
        thread.join()
        code = codes[0]
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
        os._exit(code)
