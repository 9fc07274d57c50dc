"""Settings: arguments, then KG_* variables of the environment, then defaults.

Nothing is read when a module is imported; whoever starts the program calls `from_environment`.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from kg.errors import SettingsError

__all__ = ["ServeSettings", "address", "here"]

_T = TypeVar("_T")
STORES = "memory, a folder, or the http(s) address of a SPARQL endpoint"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class ServeSettings:
    """What ``kg serve`` is told.

    `base_iri` is the public address that links, Location headers and descriptions are written
    with; it ends in a slash, and is `base_fixed` when it was given. The data's own IRIs never
    change with it. `timeout` is in seconds, `memory` in MiB beyond the shared store, `rate` in
    requests a second for each client (None: 20, and none for clients on this machine), `cache` in
    MiB of the disk for large answers that are kept.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    base_iri: str = ""
    base_fixed: bool = False
    store: str = "memory"
    merged: bool = True
    workers: int = 4
    timeout: float = 30.0
    memory: int = 1024
    rate: float | None = None
    trusted_proxies: tuple[str, ...] = ()
    update_token_file: Path | None = None
    validate: bool = True
    journal: Path | None = None
    reload: bool = False
    access_log: str = "stderr"
    cache: int = 512

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, **given: Any
    ) -> ServeSettings:
        """Settings from arguments (those that are not None), else the KG_* variables, else
        defaults.

        The arguments have the names of the options: ``host``, ``port``, ``base_iri``, ``store``,
        ``default_graph``, ``workers``, ``timeout``, ``memory``, ``rate``, ``trusted_proxy``,
        ``update_token_file``, ``validate``, ``journal``, ``reload``, ``access_log``, ``cache``.
        Raises SettingsError.
        """
        env = os.environ if environ is None else environ

        def value(name: str, read: Callable[[Any, str], _T], default: _T) -> _T:
            found = given.get(name)
            if found is not None and found != ():
                return read(found, "--" + name.replace("_", "-"))
            text = env.get(f"KG_{name.upper()}")
            return read(text, f"KG_{name.upper()}") if text else default

        host = value("host", _text, cls.host)
        port = value("port", _whole(0, 65535, "port"), cls.port)
        base = value("base_iri", _base, "")
        return cls(
            host=host,
            port=port,
            base_iri=base or address(here(host), port),
            base_fixed=bool(base),
            store=value("store", _store, cls.store),
            merged=value("default_graph", _merged, cls.merged),
            workers=value("workers", _whole(1, 1024, "number of workers"), max(4, _cores() + 2)),
            timeout=value("timeout", _number(0.05, 86_400, "time in seconds"), cls.timeout),
            memory=value("memory", _whole(32, 1 << 20, "memory in MiB"), cls.memory),
            rate=value("rate", _number(0, 1e6, "rate"), cls.rate),
            trusted_proxies=value("trusted_proxy", _proxies, cls.trusted_proxies),
            update_token_file=value("update_token_file", _path, cls.update_token_file),
            validate=value("validate", _yes, cls.validate),
            journal=value("journal", _path, cls.journal),
            reload=value("reload", _yes, cls.reload),
            access_log=value("access_log", _log, cls.access_log),
            cache=value("cache", _whole(0, 1 << 20, "size in MiB"), cls.cache),
        )


def here(host: str) -> str:
    """Where this machine itself reaches what listens on `host`: every network is no address."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not found.is_unspecified:
        return host
    return "127.0.0.1" if found.version == 4 else "::1"


def address(host: str, port: int) -> str:
    """The address of a server's root."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _text(found: Any, _where: str) -> str:
    return str(found)


def _path(found: Any, _where: str) -> Path | None:
    return Path(found)


def _whole(least: int, most: int, what: str) -> Callable[[Any, str], int]:
    def read(found: Any, where: str) -> int:
        try:
            number = int(found)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise SettingsError(
                f"{found!r} is no {what}", where=where, hint=f"a number from {least} to {most}"
            )
        return number

    return read


def _number(least: float, most: float, what: str) -> Callable[[Any, str], float | Any]:
    def read(found: Any, where: str) -> float:
        try:
            number = float(found)
        except ValueError:
            number = -1.0
        if not least <= number <= most:
            raise SettingsError(
                f"{found!r} is no {what}", where=where, hint=f"a number from {least:g} to {most:g}"
            )
        return number

    return read


def _yes(found: Any, where: str) -> bool:
    if isinstance(found, bool):
        return found
    text = str(found).lower()
    if text not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        raise SettingsError(f"{found!r} is neither yes nor no", where=where, hint="write 1 or 0")
    return text in ("1", "true", "yes", "on")


def _merged(found: Any, where: str) -> bool:
    if found not in ("merged", "exact"):
        raise SettingsError(f"{found!r} is no default graph", where=where, hint="merged or exact")
    return bool(found == "merged")


def _log(found: Any, where: str) -> str:
    if found not in ("stderr", "none"):
        raise SettingsError(f"{found!r} is no access log", where=where, hint="stderr or none")
    return str(found)


def _store(found: Any, where: str) -> str:
    text = str(found)
    if text.startswith(("http://", "https://")):
        parts = urlsplit(text)
        if not parts.hostname or parts.username or parts.password:
            raise SettingsError(
                f"{parts.scheme}://{parts.hostname or ''}… can't be asked",
                where=where,
                hint="an address without user and password; those come from KG_STORE_USER and "
                "KG_STORE_PASSWORD",
            )
    elif not text.strip():
        raise SettingsError("no store is named", where=where, hint=STORES)
    return text


def _proxies(found: Any, where: str) -> tuple[str, ...]:
    texts = found.replace(",", " ").split() if isinstance(found, str) else list(found)
    for text in texts:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise SettingsError(
                f"{text!r} is no address",
                where=where,
                hint="an IP address or a network, for instance 10.0.0.0/8",
            ) from None
    return tuple(texts)


def _base(found: Any, where: str) -> str:
    parts = urlsplit(str(found))
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"{found!r} is no public address",
            where=where,
            hint="an http or https address without query, for instance https://example.org/kg/",
        )
    return str(found) if str(found).endswith("/") else f"{found}/"
