"""How the shapes judge a change, and what they have to know of the data before they can.

To read all of it takes seconds, to judge a change of a few quads takes milliseconds. So the owner
of a store in memory keeps the data as the shapes want it, and has it follow what is committed. It
judges nothing: that is done in a worker, which has the owner's memory copy-on-write, and can be
killed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.changes import Delta
from kg.errors import InvalidUpdate
from kg.names import Names
from kg.shapes import Checker, Finding, Update

__all__ = ["Prepared", "judge", "judged"]

_MORE = 100_000  # terms that have come and gone, beyond as many again as there were


def judged(store: ox.Store, names: Names, *, merged: bool) -> Iterator[ox.Quad]:
    """The quads of a store that the shapes are asked about: where the default graph is the merge of
    the others, those of all graphs but it and the derived ones.
    """
    if not merged:
        yield from store
        return
    derived = names.graph("derived/")
    for graph in store.named_graphs():
        if not (isinstance(graph, ox.NamedNode) and graph.value.startswith(derived)):
            yield from store.quads_for_pattern(None, None, None, graph)


def judge(checker: Checker, added: list[ox.Quad], removed: list[ox.Quad]) -> None:
    """Raise InvalidUpdate when the shapes object to something that they did not object to.

    Only what the change can reach is judged: as it would become and, where there is anything to
    object to, as it was. `checker` holds what was, and is spent afterwards.
    """
    now = _violations(checker.update(added, removed))
    if not now:
        return
    known = set(_violations(checker.update(removed, added)))
    fresh = [finding for finding in now if finding not in known]
    if fresh:
        many = f"{len(fresh):,} results" if len(fresh) > 1 else "one result"
        raise InvalidUpdate(
            f"the shapes object to what the data would become: {many}",
            where=fresh[0].focus,
            hint=f"{fresh[0].message} Nothing was changed.",
            report=[
                {
                    "focus": f.focus,
                    "path": f.path,
                    "value": f.value,
                    "shape": f.rule,
                    "message": f.message,
                }
                for f in fresh[:100]
            ],
        )


def _violations(found: Update) -> list[Finding]:
    return [finding for finding in found.findings if finding.severity == "violation"]


class Prepared:
    """A `checker` that holds what is judged of `store`, and has judged nothing."""

    def __init__(
        self, shapes: tuple[ox.Quad, ...], store: ox.Store, names: Names, *, merged: bool
    ) -> None:
        """Raises ShapesError for malformed shapes."""
        self._shapes = shapes
        self._store = store
        self._names = names
        self._merged = merged
        self._read()

    def _read(self) -> None:
        data = judged(self._store, self._names, merged=self._merged)
        self.checker = Checker(self._shapes, data, judge=False)
        self._most = 2 * self.checker.size + _MORE

    def follow(self, authored: Delta) -> None:
        """Take over what was committed. Terms that nothing names any more stay for a while; when
        they are as many as the others, all is read anew.
        """
        self.checker.follow(authored.added, authored.removed)
        if self.checker.size > self._most:
            self._read()
