"""How often one client may ask: a token bucket for each address, in a bounded table."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from kg.errors import TooManyRequests

__all__ = ["Rates", "is_loopback"]

_CLIENTS = 20_000


@lru_cache(maxsize=1024)
def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _network(address: str) -> str:
    """Who counts as one client: an IPv4 address, or the /64 that an IPv6 address comes from."""
    if ":" not in address:
        return address
    try:
        whole = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(whole, ipaddress.IPv6Address) and whole.ipv4_mapped is not None:
        return str(whole.ipv4_mapped)
    return str(ipaddress.ip_network((whole, 64), strict=False))


@dataclass(slots=True)
class _Bucket:
    tokens: float
    seen: float


class Rates:
    """`rate` requests a second for each client, with bursts of five seconds' worth.

    ``rate=0`` lets everybody pass. Clients on this machine pass unless `loopback_too`.
    """

    def __init__(self, rate: float, *, loopback_too: bool = False) -> None:
        self.rate = rate
        self.burst = max(1.0, rate * 5)
        self._loopback_too = loopback_too
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str, now: float) -> None:
        """Count one request of a client at a time in seconds. Raises TooManyRequests."""
        if self.rate <= 0 or (not self._loopback_too and is_loopback(address)):
            return
        client = _network(address)
        bucket = self._buckets.get(client)
        if bucket is None:
            bucket = self._buckets[client] = _Bucket(self.burst, now)
            if len(self._buckets) > _CLIENTS:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(client)
            bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.seen) * self.rate)
            bucket.seen = now
        if bucket.tokens < 1:
            wait = ceil((1 - bucket.tokens) / self.rate)
            raise TooManyRequests(
                f"more than {self.rate:g} requests a second",
                hint=f"wait {wait} s; bursts of {self.burst:g} are fine",
                retry_after=wait,
            )
        bucket.tokens -= 1
