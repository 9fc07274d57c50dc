"""Who asks, and by which address, when a proxy of ours stands in between.

``Forwarded`` (RFC 7239) and ``X-Forwarded-*`` are what anybody can write, so they count only from
a peer that the operator trusts, and only as far as it wrote them itself: a proxy adds to what the
client has sent. Where that can't be told from each other, nothing of it is believed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.protocol.exchange import Request

__all__ = ["Proxies"]

_PIECE = re.compile(
    r"[ \t]*+(?:([!#$%&'*+.^_`|~0-9A-Za-z-]++)="
    r'("(?:[^"\\]|\\.)*+"|[^\s,;"]*+))?+[ \t]*+([,;]|\Z)'
)
_ESCAPED = re.compile(r"\\(.)")
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
        words = [word for word in (_standard(request), _usual(request)) if word is not None]
        if not words:
            return
        clients = {self._client(request.peer, word.hops) for word in words}
        request.client = clients.pop() if len(clients) == 1 else _unknown(request.peer)
        said = {(word.host, word.proto) for word in words}
        if fixed or len(said) != 1:
            return
        host, proto = said.pop()
        if not _HOST.fullmatch(host):
            return
        scheme = proto if proto in ("http", "https") else base.partition(":")[0]
        prefix = _last(request, "x-forwarded-prefix")
        if not _PREFIX.fullmatch(prefix):
            prefix = ""
        request.base = f"{scheme}://{host}{prefix.rstrip('/')}/"

    def _client(self, peer: str, hops: Sequence[str]) -> str:
        """Who asks: the nearest that is no proxy of ours. Beyond a hop that can't be read the rest
        may be the client's own invention: such clients are one, by the name of who saw them.
        """
        client = peer
        for hop in reversed(hops):
            if not hop:
                break
            found = _address(hop)
            if not found:
                return _unknown(client)
            client = found
            if not self.trusts(client):
                break
        return client


@dataclass(frozen=True)
class _Word:
    """What one family of fields says: the ``for`` of each hop, the farthest first (empty where
    there is none), and host and scheme as the nearest one was asked for them.
    """

    hops: tuple[str, ...]
    host: str
    proto: str


def _standard(request: Request) -> _Word | None:
    """The word of ``Forwarded``; None when it is not there."""
    text = request.listed("forwarded")
    if not text:
        return None
    elements: list[dict[str, str]] = [{}]
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        name = piece[1].lower() if piece and piece[1] else ""
        if piece is None or name in elements[-1]:
            return _Word(("?",), "", "")  # it can't be told where the proxy's own part begins
        if name:
            value = piece[2]
            elements[-1][name] = _ESCAPED.sub(r"\1", value[1:-1]) if value[:1] == '"' else value
        if piece[3] == ",":
            elements.append({})
        at = piece.end()
    elements = [element for element in elements if element] or [{}]
    hops = tuple(element.get("for", "") for element in elements)
    return _Word(hops, elements[-1].get("host", ""), elements[-1].get("proto", "").lower())


def _usual(request: Request) -> _Word | None:
    """The word of ``X-Forwarded-For``, ``-Host`` and ``-Proto``; None when none is there."""
    hops = [part.strip() for part in request.listed("x-forwarded-for").split(",")]
    found = tuple(hop for hop in hops if hop)
    host, proto = _last(request, "x-forwarded-host"), _last(request, "x-forwarded-proto").lower()
    return _Word(found, host, proto) if found or host or proto else None


def _last(request: Request, name: str) -> str:
    """What the nearest proxy wrote into a field."""
    return request.listed(name).rpartition(",")[2].strip()


def _unknown(seen_by: str) -> str:
    """The name of all clients of which no more is known than who saw them; no address, so that it
    is none of this machine.
    """
    return f"unknown@{seen_by}"


def _address(text: str) -> str:
    """The address in a ``for=`` value, without its port; empty when it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
