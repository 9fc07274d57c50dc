"""Settings: arguments, then KG_* variables of the environment, then defaults.

Nothing is read when a module is imported; whoever starts the program calls `from_environment`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kg.errors import SettingsError

__all__ = ["ServeSettings"]


@dataclass(frozen=True)
class ServeSettings:
    """What ``kg serve`` is told.

    `base_iri` is the public address that links, Location headers and descriptions are written
    with; it ends in a slash. The data's own IRIs never change with it.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    base_iri: str = ""

    @classmethod
    def from_environment(
        cls,
        *,
        host: str | None = None,
        port: int | None = None,
        base_iri: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> ServeSettings:
        """Settings from arguments (not None), else KG_HOST, KG_PORT, KG_BASE_IRI, else defaults."""
        env = os.environ if environ is None else environ
        if port is None:
            port = _port(env["KG_PORT"], "KG_PORT") if env.get("KG_PORT") else cls.port
        if not 0 <= port <= 65535:
            raise SettingsError(
                f"{port} is no port", where="--port", hint="a number from 0 to 65535"
            )
        host = host or env.get("KG_HOST") or cls.host
        base_iri = base_iri or env.get("KG_BASE_IRI") or ""
        return cls(host=host, port=port, base_iri=_base(base_iri, host, port))


def _port(text: str, where: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SettingsError(
            f"{text!r} is no port", where=where, hint="a number from 0 to 65535"
        ) from None


def _base(base_iri: str, host: str, port: int) -> str:
    if not base_iri:
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{port}/"
    parts = urlsplit(base_iri)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"{base_iri!r} is no public address",
            where="--base-iri",
            hint="an http or https address without query, for instance https://example.org/kg/",
        )
    return base_iri if base_iri.endswith("/") else base_iri + "/"
