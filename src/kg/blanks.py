"""Names for blank nodes that last.

A parser gives blank nodes names of its own, others each time, or those of the document, which may
be another document's too. A journal, though, has to find the nodes again that it took away.
"""

from __future__ import annotations

from hashlib import sha256

import pyoxigraph as ox

__all__ = ["BlankNames"]


class BlankNames:
    """Names for the blank nodes of one document of a `space`, by its content and their order in it:
    the same each time that it is read, and those of no other document.
    """

    def __init__(self, space: str, document: bytes) -> None:
        self._document = space.encode() + b"\0" + document
        self._names: dict[ox.BlankNode, ox.BlankNode] = {}
        self._head = ""

    def of(self, node: ox.BlankNode) -> ox.BlankNode:
        """The node under its lasting name."""
        found = self._names.get(node)
        if found is None:
            self._head = self._head or f"f{sha256(self._document).hexdigest()[:24]}n"
            found = self._names[node] = ox.BlankNode(f"{self._head}{len(self._names)}")
        return found

    def within(self, triple: ox.Triple) -> ox.Triple:
        """A triple term with its nodes renamed (RDF 1.2)."""
        subject, value = triple.subject, triple.object
        if isinstance(subject, ox.BlankNode):
            subject = self.of(subject)
        if isinstance(value, ox.BlankNode):
            value = self.of(value)
        elif isinstance(value, ox.Triple):
            value = self.within(value)
        return ox.Triple(subject, triple.predicate, value)
