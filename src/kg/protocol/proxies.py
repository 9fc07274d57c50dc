"""Who asks, and by which address, when a proxy of ours stands in between.

``Forwarded`` (RFC 7239) and ``X-Forwarded-*`` are what anybody can write, so they count only from
a peer that the operator trusts.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from kg.protocol.exchange import Request

__all__ = ["Proxies"]

_PAIR = re.compile(r'\s*([A-Za-z-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,\s]*)')
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The proxies that are trusted: addresses or networks. Raises ValueError for what is none."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted: list[_Network] = [ipaddress.ip_network(t, strict=False) for t in trusted]

    def trusts(self, address: str) -> bool:
        """Whether an address is one of them."""
        if not self._trusted:
            return False
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in network for network in self._trusted)

    def place(self, request: Request, base: str, *, fixed: bool) -> None:
        """Set the client and the public base address of a request.

        `base` is the server's own; it stays when it is `fixed` or no trusted proxy says otherwise.
        """
        request.client, request.base = request.peer, base
        if not self.trusts(request.peer):
            return
        hops = _forwarded(request)
        for hop in reversed(hops):  # the nearest first; the first that is no proxy is the client
            request.client = _address(hop.get("for", "")) or request.client
            if not self.trusts(request.client):
                break
        if fixed or not hops:
            return
        nearest = hops[-1]
        host = nearest.get("host", "")
        if not _HOST.fullmatch(host):
            return
        proto = nearest.get("proto", "").lower()
        scheme = proto if proto in ("http", "https") else base.partition(":")[0]
        prefix = request.header("x-forwarded-prefix").strip()
        if not _PREFIX.fullmatch(prefix):
            prefix = ""
        request.base = f"{scheme}://{host}{prefix.rstrip('/')}/"


def _forwarded(request: Request) -> list[dict[str, str]]:
    """One dictionary for each hop, the farthest first."""
    text = request.listed("forwarded")
    if text:
        return [
            {name.lower(): value.strip('"') for name, value in _PAIR.findall(part)}
            for part in text.split(",")
        ]
    hops = [{"for": part.strip()} for part in request.listed("x-forwarded-for").split(",")]
    for field, name in (("x-forwarded-host", "host"), ("x-forwarded-proto", "proto")):
        value = request.header(field).rpartition(",")[2].strip()
        if value:
            hops[-1][name] = value
    return [hop for hop in hops if any(hop.values())]


def _address(text: str) -> str:
    """The address in a ``for=`` value, without its port; empty when it is none."""
    text = text.strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
