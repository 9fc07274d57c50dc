"""What an update changes, as lists of quads and graphs; and the journal that keeps such lists.

A `Delta` is all that ever reaches the owner of a store: it is applied without parsing anybody's
update. Applying one twice is the same as applying it once, so a journal may be replayed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.errors import SettingsError

__all__ = ["Delta", "Journal", "Origin", "apply"]

_FIRST = b"contested-journal 1\n"  # the form that does not say what it was begun on
_HEAD = re.compile(rb"contested-journal 2 ([0-9a-f]*) ([0-9a-f]*) (merged|exact)\n")
_BEGINNING = b"contested-journal "


@dataclass(frozen=True)
class Delta:
    """Quads added and removed; graphs that come to be, and cease to be, even if empty."""

    added: tuple[ox.Quad, ...] = ()
    removed: tuple[ox.Quad, ...] = ()
    graphs_added: tuple[str, ...] = ()
    graphs_removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.graphs_added or self.graphs_removed)

    def in_default_graph(self) -> Delta:
        """What of the change the default graph sees."""
        default = ox.DefaultGraph()
        return Delta(
            tuple(quad for quad in self.added if quad.graph_name == default),
            tuple(quad for quad in self.removed if quad.graph_name == default),
        )

    def to_bytes(self) -> bytes:
        """One line for each change: ``+`` or ``-`` and the quad, or ``+g`` / ``-g`` and a graph."""
        lines = [
            *(f"-g <{iri}> .\n" for iri in self.graphs_removed),
            *(f"- {quad} .\n" for quad in self.removed),
            *(f"+g <{iri}> .\n" for iri in self.graphs_added),
            *(f"+ {quad} .\n" for quad in self.added),
        ]
        return "".join(lines).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Delta:
        """Read what `to_bytes` wrote. Raises ValueError."""
        quads: dict[bytes, list[bytes]] = {b"+ ": [], b"- ": []}
        graphs: dict[bytes, list[str]] = {b"+g": [], b"-g": []}
        for line in data.split(b"\n"):
            mark = line[:2]
            if mark in quads:
                quads[mark].append(line[2:])
            elif mark in graphs:
                graphs[mark].append(line[4:-3].decode())
            elif line:
                raise ValueError("a line of a change that is neither added nor removed")
        return cls(
            tuple(_quads(quads[b"+ "])),
            tuple(_quads(quads[b"- "])),
            tuple(graphs[b"+g"]),
            tuple(graphs[b"-g"]),
        )

    def digest_after(self, digest: str) -> str:
        """The version (SHA-256, hex) of a dataset of version `digest` after this change."""
        lines = b"".join(sorted(self.to_bytes().splitlines(keepends=True)))
        return hashlib.sha256(digest.encode() + b"\n" + lines).hexdigest()


def _quads(lines: list[bytes]) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise ValueError(str(error)) from None


def apply(store: ox.Store, delta: Delta) -> None:
    """Make the store what the change says: removals first, then additions.

    The additions are one transaction of the store; the caller keeps readers away meanwhile.
    """
    for iri in delta.graphs_removed:
        store.remove_graph(ox.NamedNode(iri))
    for quad in delta.removed:
        store.remove(quad)
    for iri in delta.graphs_added:
        store.add_graph(ox.NamedNode(iri))
    store.extend(delta.added)


@dataclass(frozen=True)
class Origin:
    """What the changes of a journal were made on: the `digest` of the folder, a hash of its files
    (`files`), and whether the default graph was the `merged` one.
    """

    digest: str
    files: str
    merged: bool

    def head(self) -> bytes:
        """The first line of a journal."""
        mode = "merged" if self.merged else "exact"
        return f"contested-journal 2 {self.digest} {self.files} {mode}\n".encode()


@dataclass
class Journal:
    """A file of changes in their order, each with its length and checksum; opened by one process.

    Its first line says what the first of them was made on; `origin` is what a new one begins on. A
    change is in the journal when `append` returns: it is on the disk then. A tail that was being
    written when the machine stopped was never acknowledged, and is cut off when the file is opened.
    """

    path: Path
    origin: Origin
    cut: int = field(default=0, init=False)
    """Bytes of an unfinished tail that opening the file has cut off."""
    begun: Origin | None = field(default=None, init=False)
    """What an opened journal was begun on; None for one of the form that does not say."""

    def open(self) -> list[Delta]:
        """Lock the file, cut off an unfinished tail, read the rest. Raises SettingsError."""
        where = f"--journal {self.path}"
        new = not self.path.exists()
        try:
            self._file = self.path.open("a+b")
        except OSError as error:
            raise SettingsError(
                f"the journal can't be opened: {error.strerror}",
                where=where,
                hint="name a file in a folder that exists and that you may write to",
            ) from None
        try:
            return self._opened(where, new)
        except BaseException:
            self._file.close()
            raise

    def _opened(self, where: str, new: bool) -> list[Delta]:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                "another server writes to this journal",
                where=where,
                hint="stop it, or name another file",
            ) from None
        self._file.seek(0)
        data = self._file.read()
        head = _HEAD.match(data)
        if head is None and not data.startswith(_FIRST):
            unfinished = b"\n" not in data and (
                data.startswith(_BEGINNING) or _BEGINNING.startswith(data)
            )
            if not unfinished:
                raise SettingsError(
                    "this file is no journal of ours",
                    where=where,
                    hint="name a new file, or the one that an earlier run wrote",
                )
            self.restart()
            if new:
                _sync_folder(self.path.parent)
            return []
        if head is not None:
            self.begun = Origin(head[1].decode(), head[2].decode(), head[3] == b"merged")
        deltas, end = _read(data, head.end() if head else len(_FIRST), where)
        self.cut = len(data) - end
        if self.cut:
            self._file.truncate(end)
            self._sync()
        return deltas

    def append(self, delta: Delta) -> None:
        """Write a change to the disk. Raises OSError, and the file is as before."""
        body = delta.to_bytes()
        head = f"{len(body)} {hashlib.sha256(body).hexdigest()}\n".encode()
        end = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(head + body)
            self._sync()
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(end)
            raise

    def restart(self) -> None:
        """Forget what is in it, and begin on `origin`: on the data that has taken its place.

        Whatever a kill leaves of this holds no change, and is begun anew when it is opened.
        """
        self._file.truncate(0)
        self._file.write(self.origin.head())
        self._sync()
        self.begun = self.origin

    def close(self) -> None:
        """Close the file and let another process have it."""
        self._file.close()

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


def _read(data: bytes, position: int, where: str) -> tuple[list[Delta], int]:
    """The whole records of a journal from `position` on, and where the last of them ends.

    Only the last record can be unfinished. A broken one with others behind it is damage, and
    nothing is cut off then. Raises SettingsError.
    """
    deltas: list[Delta] = []
    while True:
        line_end = data.find(b"\n", position)
        if line_end < 0:
            return deltas, position
        try:
            length_text, checksum = data[position:line_end].decode("ascii").split(" ")
            end = line_end + 1 + int(length_text)
        except ValueError:
            raise _damaged(where, position) from None
        body = data[line_end + 1 : end]
        if hashlib.sha256(body).hexdigest() != checksum:
            if end < len(data):
                raise _damaged(where, position)
            return deltas, position
        deltas.append(Delta.from_bytes(body))
        position = end


def _damaged(where: str, position: int) -> SettingsError:
    return SettingsError(
        f"the journal is damaged at byte {position:,}, with changes behind it",
        where=where,
        hint="restore the file from a copy; nothing was changed",
    )


def _sync_folder(folder: Path) -> None:
    """The name of a new file is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def difference(before: Iterable[bytes], after: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Lines that are only in `after`, and lines that are only in `before`."""
    old, new = set(before), set(after)
    return list(new - old), list(old - new)
