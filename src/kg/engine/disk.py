"""A store on disk, as a row of versions that never change.

``PATH/<n>/`` is an Oxigraph store, ``PATH/contested.json`` names the one that is in force. A change
is made on a copy (hard links: its price is the change, not the data), and takes effect when the
file that names it is replaced. A process that is killed at any moment leaves the version before or
the version after. Workers only ever read.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import dataset as datasets
from kg.changes import Delta, apply
from kg.dataset import Dataset
from kg.derive import derive
from kg.engine.evaluate import Engine
from kg.engine.holdings import Holdings, Opening, Rules, counted, fingerprint, rules_of
from kg.errors import SettingsError
from kg.exports import write_whole

__all__ = ["DiskHoldings", "in_force"]

_META = "contested.json"
_KEPT = 2  # versions that stay for workers which still read them


class DiskHoldings(Holdings):
    """Versions of a store below `path`; the folder fills an empty one."""

    kind = "disk"
    path: Path
    number: int = 0
    _print = ""
    _lock: Any = None

    @classmethod
    def open(cls, opening: Opening) -> DiskHoldings:
        """Open or fill the store. Raises DatasetError, SettingsError."""
        path = Path(opening.store)
        lock = _locked(path)
        meta = _read_meta(path)
        found = fingerprint(opening.folder)
        outline = datasets.outline(opening.folder)
        shapes: tuple[ox.Quad, ...] = ()
        dataset: Dataset | None = None
        if meta is None or opening.reload or meta["print"] != found or opening.writable:
            dataset = datasets.load(opening.folder)
            shapes = rules_of(dataset, opening).shapes
        rules = Rules(outline.names, opening.merged, opening.validate, shapes)
        held = cls(rules, dataset.digest if dataset else str(meta and meta["origin"]))
        held.path, held._lock = path, lock
        if meta is None or opening.reload:
            assert dataset is not None
            held.number = meta["version"] if meta else 0
            held._fill(dataset, found)
        else:
            if meta["merged"] != opening.merged:
                raise SettingsError(
                    "the store was filled with another default graph",
                    where="--default-graph",
                    hint=f"leave it out, or fill the store anew: --reload ({path})",
                )
            held._take(meta)
        held._tidy()
        return held

    def _fill(self, dataset: Dataset, found: str) -> None:
        """Make the first version of a folder, or the next one with another content.

        In a process of its own: whoever has opened such a store has threads ever after, and what
        was forked from it would wait for threads that it does not have.
        """
        number = self.number + 1
        target = self.path / str(number)
        shutil.rmtree(target, ignore_errors=True)

        def fill() -> None:
            store = ox.Store(str(target))
            quads = list(dataset.quads())
            store.bulk_extend(quads)
            if self.rules.merged:
                store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
                store.bulk_extend(derive(dataset))
            self.counts = counted(store)
            store.flush()
            self.digest = self.origin = dataset.digest
            self._print = found
            self._name(number)

        try:
            _in_a_child(fill)
        except OSError as error:
            raise SettingsError(
                f"the store can't be filled: {error}",
                where=f"--store {self.path}",
                hint="look at the space on the disk, or name another folder",
            ) from None
        self._take(_read_meta(self.path) or {})

    def _take(self, meta: dict[str, Any]) -> None:
        """Be what the file says."""
        self.number, self.digest = meta["version"], meta["digest"]
        self.origin, self._print, self.counts = meta["origin"], meta["print"], meta["counts"]

    def _name(self, number: int) -> None:
        """Put a version in force: a file is replaced, whole, and is on the disk then."""
        meta = {
            "version": number,
            "digest": self.digest,
            "origin": self.origin,
            "print": self._print,
            "merged": self.rules.merged,
            "counts": self.counts,
        }
        write_whole(self.path / _META, (json.dumps(meta, indent=1) + "\n").encode())
        _sync(self.path)
        self.number = number

    def engine(self) -> Engine:
        """Over the version in force."""
        return Engine(self.reader(), self.rules.names)

    def reader(self) -> ox.Store:
        """The version in force, opened to read."""
        return ox.Store.read_only(str(self.path / str(self.number)))

    def scratch(self) -> ox.Store:
        """A copy of the version in force that nobody else sees."""
        target = self.path / f"scratch-{os.getpid()}"
        shutil.rmtree(target, ignore_errors=True)
        self.reader().backup(str(target))
        return ox.Store(str(target))

    def commit(self, delta: Delta) -> None:
        """Take a change; see `Holdings.commit`."""
        if not delta:
            return
        super().commit(delta)
        self._tidy()

    def _keep(self, delta: Delta) -> None:
        """Make the next version in a process of its own: an open store brings threads, and whoever
        has threads must not fork workers.
        """
        number = self.number + 1
        target = self.path / str(number)
        shutil.rmtree(target, ignore_errors=True)

        def change() -> None:
            self.reader().backup(str(target))
            store = ox.Store(str(target))
            apply(store, delta)
            store.flush()
            self._count(delta)
            self.digest = self.rules.version_after(delta, self.digest)
            self._name(number)

        _in_a_child(change)
        self.number = number

    def _tidy(self) -> None:
        """Remove versions that nobody reads any more, and what unfinished changes left."""
        for entry in self.path.iterdir():
            old = entry.name.isdigit() and int(entry.name) not in range(
                self.number - _KEPT, self.number + 1
            )
            if old or (entry.name.startswith("scratch-") and not _alive(entry.name)):
                shutil.rmtree(entry, ignore_errors=True)


def in_force(path: Path) -> tuple[ox.Store, bool]:
    """The version in force now, opened to read beside whoever serves it; and whether its default
    graph is the merge of the others.

    Raises SettingsError when the folder holds none.
    """
    meta = _read_meta(path)
    if meta is None:
        raise SettingsError(
            "there is no store here",
            where=f"--store {path}",
            hint=f"kg serve DIR --store {path} fills one",
        )
    return ox.Store.read_only(str(path / str(meta["version"]))), bool(meta["merged"])


def _in_a_child(work: Callable[[], None]) -> None:
    """Do the work in a forked process. Raises OSError when it fails or dies."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(read)
            work()
            code = 0
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.write(write, str(error).encode()[:1000])
        finally:
            os._exit(code)
    os.close(write)
    with open(read, "rb") as pipe:  # noqa: PTH123
        said = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(pid, 0)
    if status != 0:
        raise OSError(said or "the process that writes the store died")


def _alive(scratch: str) -> bool:
    return Path(f"/proc/{scratch.partition('-')[2]}").exists()


def _locked(path: Path) -> Any:
    """The folder, made and locked: one server at a time. Raises SettingsError."""
    where = f"--store {path}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        if (path / "CURRENT").exists():
            raise SettingsError(
                "this is a bare Oxigraph store",
                where=where,
                hint="name a new folder; kg serve keeps its versions below it",
            )
        strange = [e for e in path.iterdir() if not _ours(e.name)]
        if strange:
            raise SettingsError(
                f"the folder holds something else: {strange[0].name}",
                where=where,
                hint="name a new folder, or one that kg serve has made",
            )
        lock = (path / "lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SettingsError(
            "another server has this store open", where=where, hint="stop it first"
        ) from None
    except OSError as error:
        raise SettingsError(
            f"the store can't be opened: {error.strerror}",
            where=where,
            hint="name a folder that you may write to",
        ) from None
    return lock


def _ours(name: str) -> bool:
    return name.isdigit() or name.startswith(("scratch-", f".{_META}.")) or name in (_META, "lock")


def _read_meta(path: Path) -> dict[str, Any] | None:
    try:
        meta: dict[str, Any] = json.loads((path / _META).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise SettingsError(
            f"{_META} can't be read",
            where=f"--store {path}",
            hint="restore the folder from a copy, or fill a new one",
        ) from None
    if not (path / str(meta["version"])).is_dir():
        raise SettingsError(
            f"the version {meta['version']} that {_META} names is missing",
            where=f"--store {path}",
            hint="restore the folder from a copy, or fill a new one",
        )
    return meta


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
