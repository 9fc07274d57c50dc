"""What pages keep between requests: only for one version of the data, and never too much."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock
from typing import Any

__all__ = ["Kept"]


class Kept:
    """Values by key, for the version of the data that was put last; at most `most` bytes by what
    whoever puts them says of their size. What was not used for longest goes first.

    A version that is empty is not known: nothing is kept for it. Several threads may ask.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._version = ""
        self._found: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, version: str, key: Hashable) -> Any:
        """The value kept under a key; None for none."""
        return self.many(version, (key,)).get(key)

    def many(self, version: str, keys: Iterable[Hashable]) -> dict[Hashable, Any]:
        """Those of some keys under which a value is kept, with it."""
        with self._lock:
            if version != self._version:
                return {}
            known = {}
            for key in keys:
                entry = self._found.get(key)
                if entry is not None:
                    known[key] = entry[0]
                    self._found.move_to_end(key)
            return known

    def put(self, version: str, key: Hashable, value: Any, size: int) -> None:
        """Keep a value of so many bytes. That of another version is forgotten with all of it."""
        if not version or size > self.most:
            return
        with self._lock:
            if version != self._version:
                self._found.clear()
                self._version, self.size = version, 0
            before = self._found.pop(key, None)
            self.size += size - (before[1] if before else 0)
            self._found[key] = (value, size)
            while self.size > self.most:
                _, (_, gone) = self._found.popitem(last=False)
                self.size -= gone
