"""Stored queries in the reader's language: their titles, what they answer, what their words mean.

What nobody has put into that language is shown as the query has it, with its own language marked.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.catalogue import Catalogue, StoredQuery
from kg.web import languages
from kg.web.records import Label
from kg.wordings import Wordings

__all__ = ["Asked", "asked", "by_topic"]

_NONE = Wordings()


@dataclass(frozen=True)
class Asked:
    """A stored query for one reader."""

    query: StoredQuery
    reader: str
    wordings: Wordings

    @property
    def name(self) -> str:
        """Its name, the same in all languages."""
        return self.query.name

    @property
    def question(self) -> Label:
        """What it asks."""
        return self._said(0, self.query.question)

    @property
    def description(self) -> Label:
        """What its answer has and what not; the text is empty where that is not said."""
        return self._said(1, " ".join(self.query.description.split()))

    def meaning(self, words: str) -> Label:
        """What a parameter or a column means, by the words that the query has for it."""
        return self._label(self.wordings.words.get(words, ""), words)

    @property
    def topic(self) -> Label:
        """The title of its topic."""
        name = self.query.topic
        return self._label(self.wordings.topics.get(name, ""), name.replace("-", " ").capitalize())

    def _said(self, part: int, own: str) -> Label:
        found = self.wordings.questions.get(self.name)
        return self._label(found[part] if found else "", own)

    def _label(self, found: str, own: str) -> Label:
        return Label(found, self.reader) if found else Label(own, self.query.language)


def asked(catalogue: Catalogue, query: StoredQuery) -> Asked:
    """A query of a catalogue for the reader of this page."""
    reader = languages.current()
    mine = query.language.partition("-")[0].lower() == reader
    return Asked(query, reader, _NONE if mine else catalogue.wordings.get(reader, _NONE))


def by_topic(found: list[Asked]) -> list[tuple[Label, str, list[Asked]]]:
    """The title and the name of each topic with its queries; those that look for trouble last."""
    topics: dict[str, list[Asked]] = {}
    for one in sorted(found, key=lambda one: one.query.topic == "checks"):
        topics.setdefault(one.query.topic, []).append(one)
    return [(its[0].topic, name, its) for name, its in topics.items()]
