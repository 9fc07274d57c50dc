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
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from kg.errors import CheckTimeout, KgError, SettingsError

__all__ = ["CAN_STOP", "run", "run_all"]

T = TypeVar("T")
Note = Callable[[str], None]
Work = Callable[[Note], T]

CAN_STOP = hasattr(os, "fork")
"""Whether this system can stop work; where it can't, a time limit is refused."""

_PULSE = 0.5
_HEADER = struct.Struct("!cQ")


def run(
    work: Work[T], seconds: float | None, waiting: Callable[[list[str]], None] = lambda _: None
) -> T:
    """The value of one piece of work; see `run_all`."""
    value: T = run_all((work,), seconds, waiting=waiting)[0]
    return value


def run_all(
    works: Sequence[Work[Any]],
    seconds: float | None,
    heard: Callable[[int, str], None] = lambda *_: None,
    waiting: Callable[[list[str]], None] = lambda _: None,
) -> list[Any]:
    """The values of ``work(note)``, or CheckTimeout when that takes longer; each in a process of
    its own, all at once.

    Work says by `note` where it is; `heard` is told so with the number of the work, `waiting` twice
    a second where all that is not done is, and the error names the last of it. Values and errors
    travel by pickle; the first error is raised and ends the rest. None for `seconds` calls the
    works here, one after the other, without a limit. Raises SettingsError where the system can't
    stop work, or other threads run (a child of a threaded process can hang).
    """
    if seconds is None:
        return [work(_saying(heard, number, waiting)) for number, work in enumerate(works)]
    if not CAN_STOP or threading.active_count() > 1:
        raise SettingsError(
            "a time limit needs a system that can fork, and a program of one thread",
            where="timeout",
            hint="leave the limit out",
        )
    sys.stdout.flush()
    sys.stderr.flush()
    children: list[_Child] = []
    try:
        for number, work in enumerate(works):
            children.append(_Child(work, _saying(heard, number)))
        return _answers(children, seconds, waiting)
    finally:
        for child in children:
            child.end()


def _saying(
    heard: Callable[[int, str], None],
    number: int,
    waiting: Callable[[list[str]], None] = lambda _: None,
) -> Note:
    def say(text: str) -> None:
        heard(number, text)
        waiting([text])

    return say


class _Child:
    """One piece of work in a process of its own."""

    def __init__(self, work: Work[Any], heard: Note) -> None:
        self.pipe, writing = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            os.close(self.pipe)
            _work(work, writing)
        os.close(writing)
        self.last = ""
        self.done = False
        self.value: Any = None
        self._heard = heard
        self._data = bytearray()

    def read(self) -> None:
        """Take what the pipe holds. Raises what the work raised."""
        chunk = os.read(self.pipe, 1 << 20)
        if not chunk:
            raise RuntimeError("the child process ended without an answer")
        data = self._data
        data += chunk
        while len(data) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(data)
            end = _HEADER.size + length
            if len(data) < end:
                break
            body = bytes(data[_HEADER.size : end])
            del data[:end]
            if kind == b"N":
                self.last = body.decode()
                self._heard(self.last)
            elif kind == b"V":
                self.value, self.done = pickle.loads(body), True  # noqa: S301  from our own child
            elif kind == b"E":
                raise pickle.loads(body)  # noqa: S301  the same
            else:
                raise RuntimeError(body.decode())

    def end(self) -> None:
        """Let go of the process, whatever it is doing."""
        os.close(self.pipe)
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _work(work: Work[Any], pipe: int) -> NoReturn:
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


def _answers(
    children: Sequence[_Child], seconds: float, waiting: Callable[[list[str]], None]
) -> list[Any]:
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for child in children:
            selector.register(child.pipe, selectors.EVENT_READ, child)
        while selector.get_map():
            left = deadline - time.monotonic()
            ready = selector.select(max(0.0, min(left, _PULSE)))
            places = [c.last for c in children if c.last and not c.done]
            waiting(places)
            if left <= 0 or (not ready and left <= _PULSE):
                at = f"; it was at {' and at '.join(places)}" if places else ""
                raise CheckTimeout(
                    f"the validation did not end within {seconds:g} s{at}",
                    where="--timeout",
                    hint="mend that constraint, or allow more seconds",
                )
            for key, _ in ready:
                key.data.read()
                if key.data.done:
                    selector.unregister(key.data.pipe)
    return [child.value for child in children]
