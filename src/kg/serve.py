"""``kg serve``: the web application under granian.

The dataset is loaded before the port is opened, so that a broken one never answers. Workers are
forked from the loaded process where the platform forks, and load for themselves where it does not.
"""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from kg.dataset import load, shown
from kg.errors import SettingsError
from kg.settings import ServeSettings
from kg.web import create_app
from kg.web.site import Site

__all__ = ["serve"]


@lru_cache(maxsize=1)
def _site(path: Path, base_iri: str) -> Site:
    return Site.open(load(path), base_iri)


def _application(path: Path, base_iri: str, _target: str) -> Flask:
    """What a worker runs; the cache is already warm in a forked one."""
    return create_app(_site(path, base_iri))


def serve(path: Path, settings: ServeSettings, *, say: Callable[[str], None]) -> None:
    """Serve the dataset in `path` until SIGINT or SIGTERM.

    `say` prints one line when the port is open, with the address. Raises DatasetError for a
    dataset that can't be read and SettingsError for a port that can't be had.
    """
    settings = _with_port(settings)
    site = _site(path, settings.base_iri)
    local = _local(settings)
    public = f" as {settings.base_iri}" if settings.base_iri != local else ""
    server = Granian(
        "contested",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    line = (
        f"Contested serves {site.counts['']:,} triples of {shown(path)} "
        f"at {local}{public} (stop with Ctrl-C)"
    )
    server.on_startup(lambda: _when_open(settings, lambda: say(line)))
    server.serve(target_loader=partial(_application, path, settings.base_iri))


def _when_open(settings: ServeSettings, then: Callable[[], None]) -> None:
    """Call `then` when the port answers; the server binds it some time before it listens."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104

    def wait() -> None:
        for _ in range(1200):
            try:
                socket.create_connection((host, settings.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                then()
                return

    threading.Thread(target=wait, daemon=True).start()


def _local(settings: ServeSettings) -> str:
    """The address that this machine itself can open."""
    return ServeSettings.from_environment(
        host=settings.host, port=settings.port, environ={}
    ).base_iri


def _with_port(settings: ServeSettings) -> ServeSettings:
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
    if port == settings.port:
        return settings
    found = replace(settings, port=port)
    if settings.base_iri == _local(settings):
        found = replace(found, base_iri=_local(found))
    return found
