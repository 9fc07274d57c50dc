"""Answers that were given before, by bytes; and validators for those who have them already.

The data does not change between two versions, so an answer is named by the version, the query, the
format and the coding. That name is its strong ETag (RFC 9110, 8.8.3): who sends it back is told
"not modified" without a worker being asked.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from kg.protocol.files import File, Files

__all__ = ["Cache", "Stored", "etag", "matches", "varies"]

# Functions whose answer differs from one call to the next (a comment may stand before what they are
# given), and blank nodes made for an answer: by label, by brackets, by a list.
_VOLATILE = re.compile(r"(?i)\b(?:NOW|RAND|UUID|STRUUID|BNODE)(?:\s|#[^\n\r]*+)*+\(")
_MINTING = re.compile(r"(?i)\bCONSTRUCT\b")
_BLURRING = re.compile(r"[\"'#\\]")  # what may hide the end of a template


def varies(text: str) -> bool:
    """Whether asking the same again may give other bytes; true rather too often than too rarely."""
    upper = text.upper()
    if "\\U" in upper:
        return True
    # The words are looked for one by one first: that is a tenth of what the pattern takes.
    named = "NOW" in upper or "RAND" in upper or "UUID" in upper or "BNODE" in upper
    if named and _VOLATILE.search(text):
        return True
    return "CONSTRUCT" in upper and _mints(text)


def _mints(text: str) -> bool:
    """Whether a CONSTRUCT may have a blank node in its template."""
    found = _MINTING.search(text)
    if found is None:
        return False
    template = text[found.end() : text.find("}", found.end()) + 1]
    if not template or _BLURRING.search(template) or _MINTING.search(text, found.end()):
        template = text  # where it ends is not plain to see
    return "_:" in template or "[" in template or "(" in template or "\\" in template


def etag(parts: Iterable[str]) -> str:
    """A strong ETag for what `parts` name."""
    digest = blake2b("\0".join(parts).encode(), digest_size=18)
    return f'"{digest.hexdigest()}"'


def matches(header: str, tag: str) -> bool:
    """Whether If-None-Match names the tag (weak comparison, RFC 9110, 13.1.2)."""
    if header == tag:
        return True
    return any(part.strip().removeprefix("W/") == tag for part in header.split(","))


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer: its body, or the file that holds it, and the header fields that belong to it."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    file: File | None = None


class Cache:
    """At most `room` bytes of answers; who was not asked for longest goes first. Large ones are
    kept in `files`, which has bounds of its own.
    """

    def __init__(self, room: int, files: Files | None = None) -> None:
        self.room = room
        self.files = Files(0) if files is None else files
        self.size = 0
        self.hits = 0
        self.misses = 0
        self._stored: OrderedDict[str, Stored] = OrderedDict()

    def __len__(self) -> int:
        return len(self._stored)

    def get(self, key: str) -> Stored | None:
        """What is stored under a key."""
        found = self._stored.get(key)
        if found is not None:
            self._stored.move_to_end(key)
        else:
            file = self.files.get(key)
            found = Stored(b"", file.headers, file) if file is not None else None
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def put(self, key: str, stored: Stored) -> None:
        """Store an answer, unless it alone would take an eighth of the room, or a quarter of that
        for files.
        """
        if stored.file is not None:
            self.files.keep(key, stored.file, stored.headers)
            return
        weight = len(stored.body) + 512
        if weight > self.room // 8:
            return
        old = self._stored.pop(key, None)
        if old is not None:
            self.size -= len(old.body) + 512
        self._stored[key] = stored
        self.size += weight
        while self.size > self.room:
            _, gone = self._stored.popitem(last=False)
            self.size -= len(gone.body) + 512

    def clear(self) -> None:
        """Forget everything: the data has changed."""
        self._stored.clear()
        self.size = 0
        self.files.clear()
