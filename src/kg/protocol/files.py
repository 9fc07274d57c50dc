"""Answers too large for memory: unlinked files, held by their descriptors.

The HTTP server opens such a file anew for each reply, so readers never share an offset, and one
that has begun reads to the end whatever becomes of the descriptor here. What nobody has told us is
when it opens a file, and when it is done: the time of the first access shows that it has begun,
and a lease (fcntl(2)) can be had only where nobody else has the file open. Where a system keeps
neither, half a minute has to be enough.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from kg.errors import DiskFull

__all__ = ["File", "Files"]

_OPENED = 30.0
"""Seconds within which the HTTP server has surely opened what it was told to send."""
_HURRY = 5.0
"""The same where room is needed."""
_LONGEST = 3600.0
"""Seconds that the transfer of one file may take, should somebody read it as slowly as he can."""
_RESERVE = 256 << 20
"""Bytes of the disk that are left to answers yet to come."""


@dataclass(eq=False, slots=True)
class File:
    """An answer of `size` bytes, `sent` last at that time, in so many `replies`."""

    descriptor: int
    size: int
    sent: float
    fresh: int = 0
    """Its time of access before anybody read it."""
    replies: int = 1
    headers: tuple[tuple[str, str], ...] = ()
    """Those that belong to it, while it is kept."""

    @property
    def path(self) -> str:
        """Where whoever opens it anew finds it, for as long as it is open here."""
        return f"/proc/self/fd/{self.descriptor}"

    def read(self) -> bytes:
        """All of it, wherever others stand in it."""
        self.replies += 1
        parts, at = [], 0
        while at < self.size and (part := os.pread(self.descriptor, self.size - at, at)):
            parts.append(part)
            at += len(part)
        return b"".join(parts)

    def has_begun(self) -> bool:
        """Whether the only reply that it was sent in is surely being read, or has been."""
        return self.replies == 1 and os.fstat(self.descriptor).st_atime_ns != self.fresh

    def is_read(self) -> bool:
        """Whether somebody has it open, besides us; False where the system can't tell."""
        take = getattr(fcntl, "F_SETLEASE", None)
        if take is None:
            return False
        try:
            # Who opens it in this very moment waits for us; the signal is one that does no harm.
            fcntl.fcntl(self.descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(self.descriptor, take, fcntl.F_WRLCK)
            fcntl.fcntl(self.descriptor, take, fcntl.F_UNLCK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


class Files:
    """Large answers: those `kept` to be given again, at most `room` bytes and `most` files, and
    those that are only on their way, at most `way` bytes and `ways` files.

    Of those kept, who was not asked for longest goes first, and goes on his way. Of those on their
    way the one that has been there longest is broken off (its transfer ends early, which shows)
    when room is needed, or after an hour: a client that does not read can't fill the disk.
    """

    def __init__(
        self,
        room: int,
        *,
        most: int = 256,
        way: int = 2 << 30,
        ways: int = 1024,
        clock: Callable[[], float] = time.monotonic,
        free: Callable[[int], int] | None = None,
    ) -> None:
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.room = room
        self.most = min(most, allowed // 8)
        self.size = 0
        self.broken = 0
        """Transfers that were broken off to make room."""
        self._way = way
        self._ways = min(ways, allowed // 4)
        self._clock = clock
        self._free = free or _free
        self._scarce = False
        self._kept: OrderedDict[str, File] = OrderedDict()
        self._leaving: dict[File, None] = {}
        self._left = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def under_way(self) -> tuple[int, int]:
        """Files and bytes that are not kept, but may still be read."""
        return len(self._leaving), self._left

    def get(self, key: str) -> File | None:
        """What is kept under a key; it is about to be sent."""
        file = self._kept.get(key)
        if file is not None:
            self._kept.move_to_end(key)
            file.sent = self._clock()
            file.replies += 1
        return file

    def take(self, descriptor: int, size: int) -> File:
        """Take over a file that is about to be sent. Raises DiskFull when there is no room, even
        after others have been broken off.
        """
        file = File(descriptor, size, self._clock(), os.fstat(descriptor).st_atime_ns)
        self._leave(file)
        missing = _RESERVE - self._free(descriptor)
        self._scarce = missing > 0
        given = 0
        while given < missing and self._kept:
            given += self._evict().size
        self._press(missing)
        if self._left > self._way or len(self._leaving) > self._ways:
            self._close(file)
            raise DiskFull(
                "too many large answers are under way", hint="ask again in a moment", retry_after=5
            )
        return file

    def keep(self, key: str, file: File, headers: tuple[tuple[str, str], ...]) -> bool:
        """Keep a file that was taken, to be given again; whether it is kept."""
        if file.size > self.room // 4 or self._scarce or file not in self._leaving or not self.most:
            return False
        old = self._kept.pop(key, None)
        if old is not None:
            self.size -= old.size
            self._leave(old)
        del self._leaving[file]
        self._left -= file.size
        file.headers = headers
        self._kept[key] = file
        self.size += file.size
        while self.size > self.room or len(self._kept) > self.most:
            self._evict()
        return True

    def clear(self) -> None:
        """Keep none of them any longer. Who reads one goes on."""
        while self._kept:
            self._evict()

    def give_way(self) -> bool:
        """Free what can be freed without breaking off anything: a disk is full. Whether there was
        something to free.
        """
        before = len(self._kept) + len(self._leaving)
        self.clear()
        self.sweep(_HURRY)
        return len(self._leaving) < before

    def sweep(self, opened: float = _OPENED) -> None:
        """Close what has been read, or was sent `opened` seconds ago, and is read by nobody."""
        now = self._clock()
        for file in list(self._leaving):
            if now - file.sent >= _LONGEST:
                self._break(file)
            elif self._is_open(file, now, opened) and not file.is_read():
                self._close(file)

    def close(self) -> None:
        """Let go of all of them."""
        self.clear()
        for file in list(self._leaving):
            self._close(file)

    @staticmethod
    def _is_open(file: File, now: float, within: float) -> bool:
        """Whether whoever was to send a file has surely opened it."""
        return now - file.sent >= within or file.has_begun()

    def _leave(self, file: File) -> None:
        self._leaving[file] = None
        self._left += file.size

    def _evict(self) -> File:
        _, file = self._kept.popitem(last=False)
        self.size -= file.size
        self._leave(file)
        return file

    def _press(self, missing: int) -> None:
        """Close, and where that is not enough break off, those that have been sent longest ago
        until the disk has `missing` bytes more and the bounds are kept.
        """
        over = max(missing, self._left - self._way)
        many = len(self._leaving) - self._ways
        if over <= 0 and many <= 0:
            return
        now = self._clock()
        old = [file for file in self._leaving if self._is_open(file, now, _HURRY)]
        old.sort(key=lambda file: file.sent)
        read = [file for file in old if file.is_read()]
        reading = set(read)
        for file in (*(file for file in old if file not in reading), *read):
            if over <= 0 and many <= 0:
                return
            over, many = over - file.size, many - 1
            if file in reading:
                self._break(file)
            else:
                self._close(file)

    def _break(self, file: File) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(file.descriptor, 0)  # who reads it finds its end, too early
        self.broken += 1
        self._close(file)

    def _close(self, file: File) -> None:
        del self._leaving[file]
        self._left -= file.size
        with contextlib.suppress(OSError):
            os.close(file.descriptor)


def _free(descriptor: int) -> int:
    """Bytes that the file's disk still has for us."""
    found = os.fstatvfs(descriptor)
    return found.f_bavail * found.f_frsize
