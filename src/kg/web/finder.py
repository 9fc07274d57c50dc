"""The search index of a site: made beside the pages, and anew when the data has another version.

The texts come out of the store by one query of ours, in a worker like any other; a process of its
own makes the index of them, so that neither a large dataset nor a fault in it stops the pages.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from flask import Blueprint

from kg.engine import Request
from kg.errors import IndexUnavailable, KgError
from kg.finding import Index
from kg.finding.texts import GATHER
from kg.formats import by_name
from kg.web.site import Site

__all__ = ["Finder", "finder_of"]

_WAIT = 10.0  # seconds that a search waits where there is no index at all
_WAIT_FOR_NEWER = 3.0  # and where there is one of an older version
_MAKING = 120.0
_SHARED = "kg_finder"
_AGAIN = "ask again in a moment"


class Finder:
    """Keeps the index of `site`. Several threads may ask."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._index: Index | None = None
        self._making = False
        self._failed: tuple[str, IndexUnavailable] | None = None
        self._changed = threading.Condition()

    def prepare(self) -> None:
        """Begin to make the first index, where there is none. Returns at once."""
        with self._changed:
            if self._index is None:
                self._make()

    def index(self) -> Index:
        """The index of the present version of the data, or an older one while it is being made.

        Raises IndexUnavailable when there is none within ten seconds, or none can be made.
        """
        version = self._site.digest
        with self._changed:
            if self._wants(version):
                self._make()
                wait = _WAIT if self._index is None else _WAIT_FOR_NEWER
                self._changed.wait_for(lambda: not self._making, wait)
            if self._index is not None:
                return self._index
            if self._failed is not None and not self._making:
                raise self._failed[1]
        raise IndexUnavailable("the search index is being made", hint=_AGAIN, retry_after=5)

    def _wants(self, version: str) -> bool:
        """Whether an index is to be made: none is of this version, and none has failed for it."""
        if self._index is not None and self._index.version == version:
            return False
        return self._failed is None or self._failed[0] != version

    def _make(self) -> None:
        if not self._making:
            self._making = True
            threading.Thread(target=self._work, name="search index", daemon=True).start()

    def _work(self) -> None:
        version = self._site.digest
        made: Index | None = None
        failed: IndexUnavailable | None = None
        try:
            made = made_of(self._site, version)
        except IndexUnavailable as error:
            failed = error
        except KgError as error:
            # Whoever is busy now may not be in a moment: the next search tries again.
            failed, version = IndexUnavailable(error.message, hint=_AGAIN, retry_after=5), ""
        except OSError as error:
            failed = IndexUnavailable(f"the search index can't be written: {error.strerror}")
        with self._changed:
            self._index = made or self._index
            self._failed = (version, failed) if failed else None
            self._making = False
            self._changed.notify_all()


def finder_of(routes: Blueprint, site: Site) -> Finder:
    """The finder that all routes of a blueprint share; the application has it too."""
    shared: Finder | None = getattr(routes, _SHARED, None)
    if shared is None:
        shared = Finder(site)
        setattr(routes, _SHARED, shared)
        routes.record_once(lambda setup: setup.app.extensions.update(finder=shared))
    return shared


def made_of(site: Site, version: str) -> Index:
    """An index of the names in a site's store. Raises IndexUnavailable, KgError, OSError."""
    answer = site.ask(Request(GATHER, graph=by_name("ntriples")))
    with tempfile.TemporaryDirectory(prefix="kg-search-") as folder:
        path = Path(folder) / "index.sqlite"
        command = [sys.executable, "-m", "kg.finding", site.names.root, version, str(path)]
        try:
            done = subprocess.run(  # noqa: S603
                command, input=answer.body, capture_output=True, timeout=_MAKING, check=False
            )
        except subprocess.TimeoutExpired:
            raise IndexUnavailable(
                f"the search index was not made within {_MAKING:g} seconds",
                hint="its operator: this dataset is too large for this machine's search",
            ) from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise IndexUnavailable(
                f"the search index could not be made: {said or f'exit code {done.returncode}'}",
                hint="its operator: look at memory and the free space for temporary files",
            )
        return Index(path)  # which holds the file open when its name is gone
