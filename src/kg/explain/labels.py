"""Names for people, in the language asked for, else openly in another."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model import Facts
from kg.names import con, rdfs, skos

__all__ = ["Forms", "Labels", "Name"]


@dataclass(frozen=True)
class Name:
    """A name as the data give it; `mark` is `` [en]`` where it is in another language."""

    text: str
    mark: str = ""

    def __str__(self) -> str:
        return self.text + self.mark


@dataclass(frozen=True)
class Forms:
    """The forms of a unit beside a number, by the plural categories of CLDR.

    Where the data give no form for a category, `of` says None, and the unit can't be counted with.
    """

    name: Name
    forms: dict[str, str]

    def of(self, category: str) -> str | None:
        """The form for ``one``, ``few``, ``many`` or ``other``."""
        return self.forms.get(category)


@dataclass
class Labels:
    """Looks names up, and keeps what it had to give in another language.

    The first time that a name stands in another language it carries a mark; `borrowed` lists the
    languages that marks speak of, with what was named so.
    """

    facts: Facts
    language: str
    borrowed: dict[str, list[str]] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def has(self, iri: str) -> bool:
        """Whether the data name a thing in the language."""
        return self.language in self._texts(iri)

    def name(self, iri: str) -> Name:
        """The name of a thing; where the data have none at all, the last part of its IRI."""
        found = self._texts(iri)
        if not found:
            return Name(iri.rstrip("/").rpartition("/")[2].rpartition("#")[2])
        return self._chosen(iri, found)

    def text(self, iri: str, predicate: str) -> Name | None:
        """What a thing says under a property with language tags; None where it says nothing."""
        found = self.facts.texts(iri, con[predicate])
        return self._chosen(f"{iri} {predicate}", found, again=True) if found else None

    def unit(self, iri: str) -> Forms:
        """A unit of counting with the forms that it takes beside a number."""
        tables = {
            "few": self.facts.texts(iri, con.labelFew),
            "many": self.facts.texts(iri, con.labelMany),
            "other": self.facts.texts(iri, con.labelOther),
        }
        forms = {c: found[self.language] for c, found in tables.items() if self.language in found}
        if self.has(iri):
            forms["one"] = self._texts(iri)[self.language]
        return Forms(self.name(iri), forms)

    def _texts(self, iri: str) -> dict[str, str]:
        return {**self.facts.texts(iri, skos.prefLabel), **self.facts.texts(iri, rdfs.label)}

    def _chosen(self, key: str, found: dict[str, str], *, again: bool = False) -> Name:
        if self.language in found:
            return Name(found[self.language])
        language = min(found, key=lambda tag: (tag != "en", tag == "", tag))
        if language in ("", "zxx", "mul"):
            return Name(found[language])
        things = self.borrowed.setdefault(language, [])
        iri = key.partition(" ")[0]
        if iri not in things:
            things.append(iri)
        fresh = again or key not in self._said
        self._said.add(key)
        return Name(found[language], f" [{language}]" if fresh else "")
