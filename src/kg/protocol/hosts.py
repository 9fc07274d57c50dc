"""The field Host, which a request of HTTP/1.1 has once (RFC 9112, 3.2)."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.protocol.exchange import Request
from kg.protocol.problems import HttpError

__all__ = ["check"]

_LONGEST = 262  # a name of 255 characters, a colon, a port
_HOST = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*(?::\d*)?|\[[^]\[]+\](?::\d*)?")


def check(request: Request) -> None:
    """Let a request pass that says once, and readably, whom it is for. Raises HttpError: 400."""
    lines = request.headers.get_all("host")
    if len(lines) == 1:
        if _readable(lines[0][: _LONGEST + 1]):
            return
        what = "the field Host is no host"
    elif lines:
        what = f"the field Host is there {len(lines)} times"
    elif request.version != "1.1":
        return
    else:
        what = "the field Host is missing"
    raise HttpError(400, what, hint="send it once: the host of the address, and its port")


@lru_cache(maxsize=1024)
def _readable(host: str) -> bool:
    return len(host) <= _LONGEST and _HOST.fullmatch(host) is not None
