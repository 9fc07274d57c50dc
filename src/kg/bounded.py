"""Work that is stopped when its time is over: in a child process, which can be killed.

Neither a regular expression nor a query can be interrupted from within. The child shares the
memory of its parent as it stood, so starting it costs milliseconds, whatever is loaded.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from kg.errors import CheckTimeout, KgError, SettingsError

__all__ = ["CAN_STOP", "run"]

T = TypeVar("T")
Note = Callable[[str], None]

CAN_STOP = hasattr(os, "fork")
"""Whether this system can stop work; where it can't, a time limit is refused."""

_HEADER = struct.Struct("!cQ")


def run(work: Callable[[Note], T], seconds: float | None) -> T:
    """The value of ``work(note)``, or CheckTimeout when it takes longer than that.

    The work says by `note` where it is, and the error tells the last of it. The value and errors
    travel by pickle. None for `seconds` calls the work here, without a limit. Raises SettingsError
    where the system can't stop work, or other threads run (a child of a threaded process can hang).
    """
    if seconds is None:
        return work(lambda _: None)
    if not CAN_STOP or threading.active_count() > 1:
        raise SettingsError(
            "a time limit needs a system that can fork, and a program of one thread",
            where="timeout",
            hint="leave the limit out",
        )
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(work, writing)
    os.close(writing)
    try:
        answer: T = _parent(reading, seconds)
        return answer
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _child(work: Callable[[Note], Any], pipe: int) -> NoReturn:
    """Never returns: the parent's clean-up is not the child's."""
    status = 1
    try:
        try:
            kind, body = b"V", pickle.dumps(work(lambda text: _send(pipe, b"N", text.encode())))
        except KgError as error:
            kind, body = b"E", pickle.dumps(error)
        except Exception as error:
            kind, body = b"X", f"{type(error).__name__}: {error}".encode()
        _send(pipe, kind, body)
        status = 0
    finally:
        os._exit(status)


def _send(pipe: int, kind: bytes, body: bytes) -> None:
    view = memoryview(_HEADER.pack(kind, len(body)) + body)
    while view:
        view = view[os.write(pipe, view) :]


def _parent(pipe: int, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    data = bytearray()
    last = ""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                at = f"; it was at {last}" if last else ""
                raise CheckTimeout(
                    f"the validation did not end within {seconds:g} s{at}",
                    where="--timeout",
                    hint="mend that constraint, or allow more seconds",
                )
            chunk = os.read(pipe, 1 << 20)
            if not chunk:
                raise RuntimeError("the child process ended without an answer")
            data += chunk
            while len(data) >= _HEADER.size:
                kind, length = _HEADER.unpack_from(data)
                end = _HEADER.size + length
                if len(data) < end:
                    break
                body = bytes(data[_HEADER.size : end])
                del data[:end]
                if kind == b"N":
                    last = body.decode()
                elif kind == b"V":
                    return pickle.loads(body)  # noqa: S301  from our own child
                elif kind == b"E":
                    raise pickle.loads(body)  # noqa: S301  the same
                else:
                    raise RuntimeError(body.decode())
