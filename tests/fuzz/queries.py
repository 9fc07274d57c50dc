"""Random queries that are SPARQL: every form, over the words of one small dataset.

A seed gives the same queries for ever. Variables that a clause must not bind again (BIND, AS,
sub-selects) are new ones, so each query is valid and means something.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

import pyoxigraph as ox

__all__ = ["Queries", "Vocabulary"]


@dataclass(frozen=True)
class Vocabulary:
    """Terms as SPARQL writes them: what queries over a dataset can be about."""

    triples: tuple[tuple[str, str, str], ...]
    subjects: tuple[str, ...]
    predicates: tuple[str, ...]
    objects: tuple[str, ...]
    graphs: tuple[str, ...]

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Vocabulary:
        """The terms of some quads; blank nodes are no words."""
        found: list[dict[str, None]] = [{}, {}, {}, {}]
        triples: dict[tuple[str, str, str], None] = {}
        for quad in quads:
            terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
            if any(isinstance(term, ox.BlankNode | ox.Triple) for term in terms):
                continue
            for words, term in zip(found, terms, strict=True):
                if not isinstance(term, ox.DefaultGraph):
                    words[str(term)] = None
            triples[str(terms[0]), str(terms[1]), str(terms[2])] = None
        return cls(tuple(triples), *(tuple(words) for words in found))


_COMPARED = ("=", "!=", "<", ">", "<=", ">=")
_TESTS = ("isIRI", "isBLANK", "isLITERAL", "isNUMERIC")


class Queries:
    """Queries from a random source.

    `exact` leaves out what two right engines may answer differently (LIMIT and OFFSET, SAMPLE,
    GROUP_CONCAT, AVG, REDUCED, DESCRIBE) and what `differential` says that the reference gets
    wrong.
    """

    def __init__(self, random: Random, words: Vocabulary, *, exact: bool = False) -> None:
        self._random = random
        self._words = words
        self._exact = exact
        self._fresh = 0

    def query(self) -> str:
        """One query."""
        self._fresh = 0
        forms = ["SELECT"] * 6 + ["ASK", "CONSTRUCT"] + ([] if self._exact else ["DESCRIBE"])
        form = self._random.choice(forms)
        dataset = self._dataset()
        body = self._group(self._random.choice((1, 2, 2, 3)))
        if form == "ASK":
            return f"ASK {dataset}{body}"
        if form == "CONSTRUCT":
            template = " . ".join(self._triple(path=False) for _ in range(self._number(3)))
            return f"CONSTRUCT {{ {template} }} {dataset}WHERE {body}"
        if form == "DESCRIBE":
            what = self._random.choice([self._variable(), self._subject(), "*"])
            return f"DESCRIBE {what} {dataset}WHERE {body}{self._slice()}"
        return self._select(body, dataset)

    def _select(self, body: str, dataset: str = "") -> str:
        random = self._random
        keep = "DISTINCT " if random.random() < 0.3 else ""
        if not keep and not self._exact and random.random() < 0.1:
            keep = "REDUCED "
        if random.random() < 0.3:
            return self._aggregate(body, dataset)
        variables = list(dict.fromkeys(self._variable() for _ in range(self._number(4))))
        columns = " ".join(variables)
        if random.random() < 0.25:
            columns += f" ({self._value(2)} AS {self._new()})"
        elif random.random() < 0.2:
            columns = "*"
        order = ""
        if random.random() < 0.3:
            keys = [random.choice(["{}", "ASC({})", "DESC({})"]) for _ in variables]
            order = " ORDER BY " + " ".join(
                k.format(v) for k, v in zip(keys, variables, strict=True)
            )
        return f"SELECT {keep}{columns} {dataset}WHERE {body}{order}{self._slice()}"

    def _aggregate(self, body: str, dataset: str) -> str:
        random = self._random
        kinds = ["COUNT", "MIN", "MAX", "SUM", "COUNT"]
        if not self._exact:
            kinds += ["SAMPLE", "AVG", "GROUP_CONCAT"]
        group = self._variable()
        star = random.random() < 0.3
        distinct = random.choice(["", "DISTINCT "])
        kind, what = random.choice(kinds), self._variable("abcd")
        if self._exact and kind in ("MIN", "MAX"):
            what = f"COALESCE(STR({what}), '')"
        elif self._exact and kind == "SUM":
            what = f"COALESCE(IF(isNUMERIC({what}), {what}, 0), 0)"
        counted = "COUNT(*)" if star else f"{kind}({distinct}{what})"
        name = self._new()
        if random.random() < 0.3:
            return f"SELECT ({counted} AS {name}) {dataset}WHERE {body}"
        having = f" HAVING (COUNT(*) {random.choice(_COMPARED)} 2)" if random.random() < 0.3 else ""
        return (
            f"SELECT {group} ({counted} AS {name}) {dataset}WHERE {body} GROUP BY {group}{having}"
        )

    def _dataset(self) -> str:
        if self._random.random() < 0.85 or not self._words.graphs:
            return ""
        names = self._random.sample(self._words.graphs, self._number(len(self._words.graphs)))
        return "".join(
            f"FROM {name} " if self._random.random() < 0.6 else f"FROM NAMED {name} "
            for name in names
        )

    def _slice(self) -> str:
        if self._exact or self._random.random() < 0.6:
            return ""
        return f" LIMIT {self._random.choice((0, 1, 10))}" + self._random.choice(["", " OFFSET 1"])

    def _group(self, depth: int) -> str:
        parts = [self._block()]
        for _ in range(self._number(3) - 1 if depth else 0):
            parts.append(self._part(depth - 1))
        if self._random.random() < 0.1:
            parts.reverse()
        return "{ " + " ".join(parts) + " }"

    def _part(self, depth: int) -> str:
        random = self._random
        inner = self._group
        kind = random.randrange(12)
        if kind == 0:
            return f"OPTIONAL {inner(depth)}"
        if kind == 1:
            return f"{inner(depth)} UNION {inner(depth)}"
        if kind == 2:
            return f"MINUS {inner(depth)}"
        if kind in (3, 4, 5):
            return f"FILTER({self._truth(2)})"
        if kind == 6:
            return f"BIND({self._value(2)} AS {self._new()})"
        if kind == 7:
            return self._values()
        if kind == 8:
            graph = random.choice([self._variable(), *self._words.graphs])
            return f"GRAPH {graph} {inner(depth)}"
        if kind == 9:
            return f"FILTER {random.choice(['', 'NOT '])}EXISTS {inner(depth)}"
        if kind == 10 and depth:
            body = inner(depth - 1)
            if self._exact:
                return "{ SELECT " + random.choice(["", "DISTINCT "]) + f"* {body} }}"
            return "{ " + self._select(body) + " }"
        return f"{self._triple()} ."

    def _block(self) -> str:
        lines = []
        for _ in range(self._number(3)):
            line = self._triple()
            for _ in range(self._number(3) - 2):
                line += f" ; {self._said(self._random.choice(self._words.triples))}"
            if self._random.random() < 0.1:
                line += f" , {self._variable('cd')}"
            lines.append(f"{line} .")
        return " ".join(lines)

    def _triple(self, *, path: bool = True) -> str:
        """One that the data has, with variables in some places; seldom one of chance."""
        triple = self._random.choice(self._words.triples)
        subject = self._variable("ab") if self._random.random() < 0.85 else triple[0]
        if self._random.random() < 0.06:
            subject = self._variable()
        return f"{subject} {self._said(triple, path=path)}"

    def _said(self, triple: tuple[str, str, str], *, path: bool = True) -> str:
        chance = self._random.random()
        verb = triple[1]
        if chance < 0.1:
            verb = self._variable("pd")
        elif chance < 0.2 and path:
            verb = self._path(2)
        return f"{verb} {self._object(triple)}"

    def _path(self, depth: int) -> str:
        step = self._random.choice(self._words.predicates)
        if not depth:
            return step
        left, right = self._path(depth - 1), self._path(depth - 1)
        again = step if self._exact else left
        return self._random.choice(
            [
                f"({left}/{right})",
                f"({left}|{right})",
                f"({left}/^{step})",
                f"^({left})",
                f"({again}){'+' if self._exact else '*'}",
                f"({again})+",
                f"({again})?",
                f"!({step}|{'^' * (not self._exact)}{self._random.choice(self._words.predicates)})",
            ]
        )

    def _object(self, triple: tuple[str, str, str]) -> str:
        chance = self._random.random()
        if chance < 0.65:
            return self._variable("cd")
        if chance < 0.7:
            return self._variable()
        if chance < 0.73:
            return f"[ {self._random.choice(self._words.predicates)} {self._variable('cd')} ]"
        return triple[2]

    def _values(self) -> str:
        random = self._random
        terms = (*self._words.subjects, *self._words.objects)
        if random.random() < 0.6:
            chosen = " ".join(random.choice(terms) for _ in range(self._number(4)))
            return f"VALUES {self._variable()} {{ {chosen} }}"
        names = random.sample(("?a", "?b", "?c", "?d"), 2)
        rows = " ".join(
            f"({random.choice(terms)} {random.choice([*terms[:3], 'UNDEF'])})"
            for _ in range(self._number(3))
        )
        return f"VALUES ({' '.join(names)}) {{ {rows} }}"

    def _truth(self, depth: int) -> str:
        """An expression that is true, false or an error.

        What is not a boolean itself is one here only where engines need not agree (see `exact`).
        """
        random = self._random
        if not depth or (not self._exact and random.random() < 0.2):
            return f"BOUND({self._variable()})" if self._exact else self._value(0)
        one, two = self._value(depth - 1), self._value(depth - 1)
        left, right = self._truth(depth - 1), self._truth(depth - 1)
        return random.choice(
            [
                f"{one} {random.choice(_COMPARED)} {two}",
                f"{one} {random.choice(_COMPARED)} {two}",
                f"({left} && {right})",
                f"({left} || {right})",
                f"(!{left})",
                f"{random.choice(_TESTS)}({one})",
                f"({one} {random.choice(['IN', 'NOT IN'])} ({self._list(depth - 1)}))",
                f"sameTerm({one}, {two})",
                f"CONTAINS(STR({one}), 'a')",
                f"STRSTARTS(STR({one}), {self._text()})",
                f"REGEX(STR({one}), 'e.*a', 'i')",
                f"LANGMATCHES(LANG({self._variable()}), '*')",
                f"IF({left}, {right}, {left})",
            ]
        )

    def _value(self, depth: int) -> str:
        """An expression of any kind of value."""
        random = self._random
        if not depth or random.random() < 0.3:
            return random.choice([self._variable(), self._variable(), *self._words.objects[:6]])
        one, two = self._value(depth - 1), self._value(depth - 1)
        return random.choice(
            [
                f"({self._variable()} {random.choice('+-*')} {random.choice('123')})",
                f"({self._variable()} * {self._variable()})",
                f"IF({self._truth(depth - 1)}, {two}, {self._variable()})",
                f"COALESCE({one}, {two})",
                f"STRLEN(STR({one}))",
                f"LANG({self._variable()})",
                f"DATATYPE({self._variable()})",
                f"UCASE(STR({one}))",
                f"SUBSTR(STR({one}), 2, 3)",
                f"REPLACE(STR({one}), '[aeiou]', 'y')",
                f"STRAFTER(STR({one}), {self._text()})",
                f"CONCAT(STR({one}), {self._text()})",
                f"({self._truth(depth - 1)})",
            ]
        )

    def _list(self, depth: int) -> str:
        members = self._random.sample(self._words.objects, 2)
        return ", ".join(members if self._exact else [*members, self._value(depth)])

    def _text(self) -> str:
        return self._random.choice(["'h'", "'ht'", "''", '"it\'s"', "'3'"])

    def _variable(self, names: str = "abcd") -> str:
        return f"?{self._random.choice(names)}"

    def _new(self) -> str:
        self._fresh += 1
        return f"?new{self._fresh}"

    def _subject(self) -> str:
        return self._random.choice(self._words.subjects)

    def _number(self, most: int) -> int:
        return self._random.randint(1, max(1, most))
