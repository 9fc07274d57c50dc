"""What the processes of a server say on standard error, without ever waiting for its reader."""

from __future__ import annotations

import contextlib
import io
import os
import select
import threading

from kg.protocol.scribe import Scribe

__all__ = ["Talk", "plain", "tell"]

_PIECE = 4096
"""Bytes that a pipe takes at once when it takes anything (PIPE_BUF on Linux)."""


def plain(line: str) -> str:
    """A line as it may stand beside the access log, whatever it quotes.

    No control character of it reaches a terminal, and it is none of the access log's lines, which
    begin with a brace.
    """
    if not line.isprintable():
        line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return f" {line}" if line.startswith("{") else line


def tell(text: str, descriptor: int = 2) -> None:
    """Say a few lines, for a process with one thread: what is not taken at once is lost."""
    lines = "".join(f"{plain(line)}\n" for line in f"kg: {text}".rstrip("\n").split("\n"))
    data = lines.encode("utf-8", "backslashreplace")
    with contextlib.suppress(OSError, ValueError):
        for start in range(0, len(data), _PIECE):
            if not select.select([], [descriptor], [], 0)[1]:
                return
            os.write(descriptor, data[start : start + _PIECE])


class Talk(io.TextIOBase):
    """A stream in the place of sys.stderr: whole lines go to a scribe."""

    def __init__(self, scribe: Scribe) -> None:
        self._scribe = scribe
        self._begun = ""
        self._alone = threading.Lock()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str, /) -> int:
        """Take a text; what has no end of line yet waits for it."""
        with self._alone:
            *lines, self._begun = (self._begun + text).split("\n")
            if lines:
                self._scribe.put("".join(f"{plain(line)}\n" for line in lines))
        return len(text)
