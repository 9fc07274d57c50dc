"""``kg serve``: the web application under granian.

The dataset is loaded before the port is opened, so that a broken one never answers. Workers are
forked from the loaded process where the platform forks, and load for themselves where it does not.
"""

from __future__ import annotations

import errno
import socket
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
    server.on_startup(
        lambda: say(
            f"Contested serves {site.counts['']:,} triples of {shown(path)} "
            f"at {settings.base_iri} (stop with Ctrl-C)"
        )
    )
    server.serve(target_loader=partial(_application, path, settings.base_iri))


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
    base = settings.base_iri.replace(":0/", f":{port}/")
    return replace(settings, port=port, base_iri=base)
