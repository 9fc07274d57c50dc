"""The process that a person starts: it keeps a zygote and a front alive, and ends them.

It loads nothing and has one thread, so it can fork either of them again at any time. The order at
the start is: claim the port, load the data, open the port; a broken dataset never answers.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from kg.dataset import shown
from kg.engine import failures, isolation
from kg.engine.frames import Assembler, pack
from kg.engine.opening import open_holdings
from kg.engine.zygote import Sockets, Zygote
from kg.errors import KgError, SettingsError
from kg.serve.plan import Plan
from kg.serve.talk import tell
from kg.settings import ServeSettings, address, here

__all__ = ["serve"]

_OPEN_WITHIN = 60.0
_RESTART_PAUSE = 0.2
_DRAIN = 10.0


def serve(folder: Path, settings: ServeSettings, *, say: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    `say` prints one line when the port is open, with the address. Raises DatasetError for a
    dataset that can't be read and SettingsError for what can't be had: a port, a file, a store.
    """
    plan = Plan(folder, with_port(settings))
    token = read_token(settings.update_token_file)
    if not hasattr(os, "fork"):
        from kg.serve.simple import serve_simply

        serve_simply(plan, say=say)
        return
    meeting = Path(tempfile.mkdtemp(prefix="kg-"))  # mode 0700
    try:
        _Supervisor(plan, Sockets(meeting), token, say).run()
    finally:
        shutil.rmtree(meeting, ignore_errors=True)


class _Supervisor:
    def __init__(
        self,
        plan: Plan,
        sockets: Sockets,
        token: str | None,
        say: Callable[[str], None],
    ) -> None:
        self._plan = plan
        self._settings = plan.settings
        self._sockets = sockets
        self._token = token
        self._say = say
        self._children: dict[int, Callable[[], int]] = {}
        self._stopping = False
        self._pid = os.getpid()

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            state = self._zygote_ready(*self._start_zygote())
            # A zygote that is started again must find what has been written since.
            self._plan = replace(self._plan, settings=replace(self._settings, reload=False))
            if self._stopping:
                return
            self._start_front()
            if not self._when_open():
                return
            self._announce(state)
            self._keep()
        finally:
            self._end()

    def _stop(self, *_: Any) -> None:
        self._stopping = True

    # -- the zygote

    def _start_zygote(self) -> tuple[int, socket.socket]:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            _child(self._pid, lambda: self._be_zygote(theirs))
        theirs.close()
        self._children[pid] = self._again_zygote
        return pid, ours

    def _again_zygote(self) -> int:
        pid, channel = self._start_zygote()
        channel.close()  # nobody waits for its word; the front finds its socket
        return pid

    def _be_zygote(self, channel: socket.socket) -> None:
        try:
            holdings = open_holdings(self._plan.opening)
        except KgError as error:
            with contextlib.suppress(OSError):
                channel.sendall(pack({"error": failures.packed(error)}))
            return
        zygote = Zygote(
            holdings,
            self._sockets,
            self._settings.workers,
            self._plan.bounds,
            tell,
        )

        def ready() -> None:
            with contextlib.suppress(OSError):
                channel.sendall(pack({"ready": holdings.state()}))
            channel.close()

        zygote.run(ready)

    def _zygote_ready(self, pid: int, channel: socket.socket) -> dict[str, Any]:
        """Wait for the zygote's word. Raises the KgError that it met."""
        assembler = Assembler()
        frame = None
        with channel:
            while frame is None and not self._stopping:
                channel.settimeout(0.2)
                try:
                    if not assembler.read(channel):
                        break
                except TimeoutError:
                    continue
                frame = assembler.next()
        if self._stopping:
            return {}
        if frame is None or "error" in frame.header:
            self._children.pop(pid, None)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
            if frame is None:
                raise SettingsError("the process that loads the data died", hint="look at memory")
            raise failures.unpacked(frame.header["error"])
        found: dict[str, Any] = frame.header["ready"]
        return found

    # -- the front

    def _start_front(self) -> int:
        pid = os.fork()
        if pid == 0:
            from kg.serve.door import host

            _child(self._pid, lambda: host(self._plan, self._sockets, self._token))
        self._children[pid] = self._start_front
        return pid

    def _when_open(self) -> bool:
        """Wait until the port answers; whether it did before we were told to stop."""
        host = here(self._settings.host)
        until = time.monotonic() + _OPEN_WITHIN
        while time.monotonic() < until and not self._stopping:
            try:
                with socket.create_connection((host, self._settings.port), timeout=1) as probe:
                    probe.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    if probe.recv(12) == b"HTTP/1.1 200":
                        return True
            except OSError:
                pass
            self._look_after()
            time.sleep(0.03)
        return False

    def _announce(self, state: dict[str, Any]) -> None:
        local = local_address(self._settings)
        base = self._settings.base_iri
        public = f" as {base}" if base != local else ""
        for note in (*state.get("notes", ()), *unreachable(self._settings)):
            self._say(f"Note: {note}")
        self._say(
            f"Contested serves {state['triples']:,} triples of {shown(self._plan.folder)} "
            f"at {local}{public} (stop with Ctrl-C)"
        )

    # -- watching

    def _keep(self) -> None:
        while not self._stopping:
            time.sleep(0.1)
            self._look_after()

    def _look_after(self) -> None:
        """Start again whichever of the two has died."""
        while not self._stopping and self._children:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            again = self._children.pop(pid, None)
            if again is not None:
                self._say_died(again, status)
                time.sleep(_RESTART_PAUSE)
                if not self._stopping:
                    again()

    def _say_died(self, again: Callable[[], int], status: int) -> None:
        what = "front" if again == self._start_front else "zygote"
        code = os.waitstatus_to_exitcode(status)
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        tell(f"the {what} died ({how}) and is started again")

    def _end(self) -> None:
        """The front first, so that it answers what it has; then the zygote."""
        fronts = [pid for pid, again in self._children.items() if again == self._start_front]
        others = [pid for pid in self._children if pid not in fronts]
        for group in (fronts, others):
            for pid in group:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
            until = time.monotonic() + self._settings.timeout + _DRAIN
            for pid in group:
                _wait(pid, until)


def _wait(pid: int, until: float) -> None:
    while True:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            return
        if time.monotonic() > until:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            until += 5
        time.sleep(0.02)


def _child(parent: int, work: Callable[[], None]) -> NoReturn:
    """Be a child of `parent`: do the work, and never return to the parent's code."""
    code = 1
    try:
        isolation.die_with_parent(parent)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        work()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except KeyboardInterrupt:
        code = 0
    except BaseException:
        import traceback

        tell(traceback.format_exc())
    finally:
        with contextlib.suppress(BaseException):
            sys.stderr.flush()
        os._exit(code)


def read_token(path: Path | None) -> str | None:
    """The token in a file of one line. Raises SettingsError."""
    if path is None:
        return None
    where = f"--update-token-file {path}"
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingsError(
            f"the token can't be read: {reason}", where=where, hint="name a file with one line"
        ) from None
    if not text.strip() or "\n" in text:
        raise SettingsError(
            "the file does not hold one line", where=where, hint="put the token on its only line"
        )
    return text


def local_address(settings: ServeSettings) -> str:
    """The address that this machine itself can open."""
    return address(here(settings.host), settings.port)


def unreachable(settings: ServeSettings) -> tuple[str, ...]:
    """A word to the operator where links would lead whoever is elsewhere to his own machine."""
    if settings.base_fixed or settings.trusted_proxies or here(settings.host) == settings.host:
        return ()
    return (
        f"{settings.host} is every network of this machine and no address: pages, descriptions and "
        f"Location name {settings.base_iri}, which nobody else can open; name the public address "
        "with --base-iri (or a --trusted-proxy that says it)",
    )


def with_port(settings: ServeSettings) -> ServeSettings:
    """The settings with a port that was free a moment ago; port 0 becomes the one it got."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise SettingsError(
            f"{settings.host!r} is no address of this machine",
            where="--host",
            hint="127.0.0.1 for this machine alone, 0.0.0.0 for every network it is on",
        ) from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            reason = {
                errno.EADDRINUSE: "something else listens there",
                errno.EACCES: "you may not open a port this low",
                errno.EADDRNOTAVAIL: "this machine does not have that address",
            }.get(error.errno or 0, str(error.strerror))
            raise SettingsError(
                f"{settings.host}:{settings.port} can't be opened: {reason}",
                where="--port",
                hint="name another port; --port 0 takes a free one",
            ) from None
        port = int(probe.getsockname()[1])
    found = replace(settings, port=port)
    if not settings.base_fixed:
        found = replace(found, base_iri=local_address(found))
    return found
