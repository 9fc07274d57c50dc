"""The zygote: the process that owns the store and forks the workers that read it.

It has one thread for life, since only such a process can fork safely, and it never parses anybody's
text. Over its control socket the front learns the state of the holdings and why a worker died, and
hands in changes to commit.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.changes import Delta
from kg.engine import isolation, worker
from kg.engine.frames import Assembler, Frame, pack
from kg.engine.holdings import Holdings, Uncertain
from kg.engine.worker import Bounds

__all__ = ["Sockets", "Zygote"]

_SETTLED = 1.0  # seconds that a worker must have lived to count as one that started well
_PAUSE = 0.5  # seconds between two tries to start workers that don't


@dataclass(frozen=True)
class Sockets:
    """Where front and zygote meet: files of mode 0600 in a folder of mode 0700."""

    folder: Path

    @property
    def workers(self) -> Path:
        """The front listens here for workers."""
        return self.folder / "workers.sock"

    @property
    def control(self) -> Path:
        """The zygote listens here for the front."""
        return self.folder / "control.sock"


def listen(path: Path) -> socket.socket:
    """A listening Unix socket that only its owner may connect to."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        channel.bind(str(path))
    finally:
        os.umask(before)
    channel.listen(128)
    return channel


@dataclass
class _Client:
    """One connection of a front."""

    channel: socket.socket
    assembler: Assembler


class Zygote:
    """Owns `holdings` and keeps `count` workers alive. `say` logs one line."""

    def __init__(
        self,
        holdings: Holdings,
        sockets: Sockets,
        count: int,
        bounds: Bounds,
        say: Callable[[str], None],
    ) -> None:
        self._holdings = holdings
        self._sockets = sockets
        self._count = count
        self._bounds = bounds
        self._say = say
        self._born: dict[int, float] = {}
        self._clients: list[_Client] = []
        self._wait_until = 0.0
        self._stopping = False

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM; `ready` is called when the control socket is open."""
        self._pid = os.getpid()
        isolation.tune_allocator()
        self._reached = "none: workers ask another service"
        if not self._holdings.network:
            self._reached = isolation.leave_network()
        gc.collect()
        gc.freeze()  # a collection in a child would copy every page it looks at
        control = listen(self._sockets.control)
        control.setblocking(False)
        wake, waker = socket.socketpair()
        wake.setblocking(False)
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, "control")
        self._selector.register(wake, selectors.EVENT_READ, "wake")
        self._own = (control, wake, waker)
        ready()
        while not self._stopping:
            self._reap()
            self._fill()
            for key, _ in self._selector.select(self._pause()):
                if key.data == "control":
                    self._accept(control)
                elif key.data == "wake":
                    with contextlib.suppress(BlockingIOError):
                        wake.recv(4096)
                else:
                    self._read(key.data)
        for pid in self._born:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _stop(self, *_: Any) -> None:
        self._stopping = True

    def _pause(self) -> float | None:
        if len(self._born) < self._count and self._clients:
            return max(0.0, self._wait_until - time.monotonic())
        return None

    def _reap(self) -> None:
        """Take leave of workers that have died, and tell the front why."""
        while self._born:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            born = self._born.pop(pid, 0.0)
            by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            code = os.waitstatus_to_exitcode(status)
            if code != 0 and time.monotonic() - born < _SETTLED:
                self._wait_until = time.monotonic() + _PAUSE
            if by not in (0, signal.SIGKILL):
                self._say(f"a worker died of {signal.Signals(by).name} and is replaced")
            elif code not in (0, -by, worker.LEFT_ALONE):
                self._say(f"a worker ended with exit code {code} and is replaced")
            self._tell({"gone": pid, "signal": by, "code": code})

    def _fill(self) -> None:
        """Fork until there are enough workers; none before a front is there to talk to them."""
        while (
            len(self._born) < self._count
            and self._clients
            and time.monotonic() >= self._wait_until
            and not self._stopping
        ):
            pid = os.fork()
            if pid == 0:
                self._become_worker()
            self._born[pid] = time.monotonic()

    def _become_worker(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self._selector.close()
        for channel in (*self._own, *(client.channel for client in self._clients)):
            channel.close()
        worker.run(self._holdings, self._sockets.workers, self._bounds, self._reached, self._pid)

    def _accept(self, control: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            channel, _ = control.accept()
            channel.setblocking(True)
            client = _Client(channel, Assembler())
            self._clients.append(client)
            self._selector.register(channel, selectors.EVENT_READ, client)
            self._send(client, {"state": self._state()})

    def _state(self) -> dict[str, Any]:
        return {**self._holdings.state(), "isolation": self._reached, "workers": self._count}

    def _read(self, client: _Client) -> None:
        try:
            alive = client.assembler.read(client.channel)
        except OSError:
            alive = False
        if not alive:
            self._drop(client)
            return
        while (frame := client.assembler.next()) is not None:
            self._commit(client, frame)

    def _drop(self, client: _Client) -> None:
        if client in self._clients:
            self._clients.remove(client)
            self._selector.unregister(client.channel)
            client.channel.close()
            client.assembler.close()

    def _commit(self, client: _Client, frame: Frame) -> None:
        """Apply a change that was worked out on the present generation, and say what came of it."""
        answer: dict[str, Any] = {"committed": frame.header["commit"], "fine": False}
        if frame.header["generation"] != self._holdings.generation:
            answer["why"] = "the data has changed meanwhile"
        else:
            body = frame.body
            if frame.descriptor is not None:
                with open(frame.descriptor, "rb") as file:  # noqa: PTH123
                    file.seek(0)
                    body = file.read()
            try:
                self._holdings.commit(Delta.from_bytes(body))
                answer["fine"] = True
            except Uncertain as error:
                answer |= {"fine": None, "why": str(error)}
                self._say(f"a change may or may not have been kept: {error}")
            except (OSError, ValueError) as error:
                answer["why"] = str(error)
                self._say(f"a change could not be kept: {error}")
        # The state first: whoever hears that a change is in must find it there. (A store that
        # others change too may be at another generation though nothing of ours was kept.)
        if self._holdings.generation != frame.header["generation"]:
            self._tell({"state": self._state()})
        self._send(client, answer)

    def _tell(self, header: dict[str, Any]) -> None:
        for client in list(self._clients):
            self._send(client, header)

    def _send(self, client: _Client, header: dict[str, Any]) -> None:
        try:
            client.channel.sendall(pack(header))
        except OSError:
            self._drop(client)
