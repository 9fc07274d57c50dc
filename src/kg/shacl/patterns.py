"""Queries of triple patterns, and filters of a few kinds, as they are read from their text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.names import rdf
from kg.shacl.paths import Alternative, Inverse, Path, Predicate, Repeated, Sequence
from kg.shacl.queries import Query, Token, tokenized

__all__ = ["Among", "End", "Exists", "OtherQuery", "Patterns", "TriplePattern", "read_patterns"]

_LOCAL = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")

End = str | ox.NamedNode
"""A variable by its name, or an IRI."""


class OtherQuery(Exception):
    """The query says something that is not read here."""


@dataclass(frozen=True)
class TriplePattern:
    """One triple pattern; its path may be a variable."""

    subject: End
    path: Path | str
    value: End


@dataclass(frozen=True)
class Exists:
    """FILTER EXISTS, or FILTER NOT EXISTS."""

    triples: tuple[TriplePattern, ...]
    wanted: bool


@dataclass(frozen=True)
class Among:
    """FILTER (?x IN (…)), ?x = iri, and what denies them."""

    variable: str
    iris: frozenset[ox.NamedNode]
    wanted: bool


@dataclass(frozen=True)
class Patterns:
    """A query: the variables that it selects (None: all), its triple patterns, its filters."""

    names: tuple[str, ...] | None
    triples: tuple[TriplePattern, ...]
    filters: tuple[Exists | Among, ...]


def read_patterns(query: Query, prefixes: Mapping[str, str]) -> Patterns:
    """The patterns of a query. Raises OtherQuery where it says anything else.

    Not everything that is SPARQL is read, but nothing that is none.
    """
    try:
        return _Reader(query, prefixes).read()
    except ValueError:  # an IRI that is none
        raise OtherQuery from None


class _Reader:
    """Reads a query of triple patterns and a few filters; raises OtherQuery for more."""

    def __init__(self, query: Query, prefixes: Mapping[str, str]) -> None:
        self._tokens: list[Token] = []
        for token in query.tokens:
            if token.kind == "path":
                self._tokens += [t for t in tokenized(token.text) if t.kind != "space"]
            elif token.kind != "space":
                self._tokens.append(token)
        self._at = 0
        self._prefixes = dict(prefixes)

    def read(self) -> Patterns:
        while self._takes("PREFIX"):
            name, iri = self._next(), self._next()
            if name.kind != "name" or not name.text.endswith(":") or iri.kind != "iri":
                raise OtherQuery
            self._prefixes[name.text[:-1]] = self._absolute(iri.text[1:-1])
        self._expect("SELECT")
        self._takes("DISTINCT")
        every = self._takes("*")
        names: list[str] = []
        while not every and self._peek().kind == "var":
            names.append(self._next().text[1:])
        self._takes("WHERE")
        triples, filters = self._group()
        if self._at != len(self._tokens) or not (names or every) or len(set(names)) < len(names):
            raise OtherQuery
        return Patterns(None if every else tuple(names), tuple(triples), tuple(filters))

    def _group(self) -> tuple[list[TriplePattern], list[Exists | Among]]:
        self._expect("{")
        triples: list[TriplePattern] = []
        filters: list[Exists | Among] = []
        closed = True  # whether triples may begin here
        while not self._takes("}"):
            if self._takes("FILTER"):
                filters.append(self._filter())
                self._takes(".")
                closed = True
            elif closed:
                self._same_subject(triples)
                closed = self._takes(".")
            else:
                raise OtherQuery
        return triples, filters

    def _filter(self) -> Exists | Among:
        denied = self._takes("NOT")
        if not self._takes("EXISTS"):
            if denied:
                raise OtherQuery
            return self._among()
        triples, filters = self._group()
        if filters:
            raise OtherQuery
        return Exists(tuple(triples), not denied)

    def _among(self) -> Among:
        self._expect("(")
        variable = self._next()
        if variable.kind != "var":
            raise OtherQuery
        iris: list[ox.NamedNode] = []
        denied = self._takes("!")
        if denied or self._peek().text == "=":
            self._expect("=")
            iris.append(self._iri())
        else:
            denied = self._takes("NOT")
            self._expect("IN")
            self._expect("(")
            while True:
                iris.append(self._iri())
                if not self._takes(","):
                    break
            self._expect(")")
        self._expect(")")
        return Among(variable.text[1:], frozenset(iris), not denied)

    def _same_subject(self, triples: list[TriplePattern]) -> None:
        subject = self._end()
        while True:
            path = self._next().text[1:] if self._peek().kind == "var" else self._alternatives()
            while True:
                triples.append(TriplePattern(subject, path, self._end()))
                if not self._takes(","):
                    break
            more = False
            while self._takes(";"):
                more = True
            if not more or self._peek().text in (".", "}") or self._peek().word == "FILTER":
                return

    def _end(self) -> End:
        return self._next().text[1:] if self._peek().kind == "var" else self._iri()

    def _alternatives(self) -> Path:
        choices = [self._sequence()]
        while self._takes("|"):
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else Alternative(tuple(choices))

    def _sequence(self) -> Path:
        steps = [self._element()]
        while self._takes("/"):
            steps.append(self._element())
        return steps[0] if len(steps) == 1 else Sequence(tuple(steps))

    def _element(self) -> Path:
        if self._takes("^"):
            return Inverse(self._repeated())
        return self._repeated()

    def _repeated(self) -> Path:
        path: Path
        if self._takes("("):
            path = self._alternatives()
            self._expect(")")
        elif self._peek().text == "a":
            self._at += 1
            path = Predicate(rdf["type"])
        else:
            path = Predicate(self._iri())
        return Repeated(path, "+") if self._takes("+") else path

    def _iri(self) -> ox.NamedNode:
        token = self._next()
        if token.kind == "iri":
            return ox.NamedNode(self._absolute(token.text[1:-1]))
        prefix, _, local = token.text.partition(":")
        if local.endswith("."):  # a name ends before the dot that ends its triple
            local = local[:-1]
            self._tokens.insert(self._at, Token("mark", "."))
        if token.kind != "name" or prefix not in self._prefixes or not _LOCAL.fullmatch(local):
            raise OtherQuery
        return ox.NamedNode(self._prefixes[prefix] + local)

    @staticmethod
    def _absolute(iri: str) -> str:
        if "\\" in iri or ":" not in iri:
            raise OtherQuery
        return iri

    def _peek(self) -> Token:
        if self._at >= len(self._tokens):
            raise OtherQuery
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _takes(self, text: str) -> bool:
        """Whether the next token is this one; then it is passed."""
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if text == (token.text if token.kind == "mark" else token.word):
                self._at += 1
                return True
        return False

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise OtherQuery
