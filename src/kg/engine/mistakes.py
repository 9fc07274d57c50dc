"""The mistakes that people make in SPARQL, told from the tokens of a text that the parser refused.

Each rule speaks of what no SPARQL 1.1 text can have, so that none of them is wrong about a text;
which of them comes first is what a person wants to hear. The parser itself names what it tried
last, which is most often not what is missing. One pass over the tokens, on a text that the guard
has let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.engine.levels import Level
from kg.engine.misspelt import (
    Found,
    cut,
    no_prefix,
    no_word,
    strange,
    unknown,
    words_that_join,
)
from kg.engine.places import place
from kg.engine.vocabulary import UPDATES, WORDS
from kg.names import Names

__all__ = ["Found", "first"]

Token = tuple[str, str, int]

_QUERIES = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_BEGIN = f"a query begins with {', '.join(_QUERIES)}; for a name or a question in words use /search"
_PROLOGUE = ("PREFIX", "BASE", "VERSION")
_CLOSED = {"(": ")", "{": "}", "[": "]"}
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_RANKS = {"GROUP": 1, "HAVING": 2, "ORDER": 3, "LIMIT": 4, "OFFSET": 4, "VALUES": 5}
_IN_FULL = {"GROUP": "GROUP BY", "ORDER": "ORDER BY"}
_GROUPS = ("OPTIONAL", "UNION", "MINUS", "LATERAL", "EXISTS")
_WAITING = ("FILTER", "BIND", "VALUES", "GRAPH", "SERVICE")
_COMPARING = ("=", "!=", ">", ">=", "<=", "<", "&&", "||")
_TERMS = ("variable", "iri", "name", "number", "string", "blank", "nil")
_PLAIN = ("variable", "number", "string")
_BROKEN_IRI = re.compile(r"<[A-Za-z][-A-Za-z0-9+.]*:[^<>\n]{0,300}>")
_NEWER = ("<<", "<<(", "{|", "~")  # signs of SPARQL 1.2, whose triples have other rules
_END = ("end", "", 0)


def first(text: str, tokens: list[Token], names: Names, *, update: bool = False) -> Found | None:
    """The first mistake that can be told for certain; None where there is none."""
    if any(piece in _NEWER for _, piece, _ in tokens):
        return next(strange(text, tokens), None)
    found = [
        *_one(strange(text, tokens)),
        *_one(no_prefix(text, tokens, names)),
        *_one(_Reading(text, tokens, update).mistakes()),
    ]
    return min(found, key=lambda one: one.seen, default=None)


def _one(found: Iterator[Found]) -> list[Found]:
    one = next(found, None)
    return [] if one is None else [one]


class _Reading:
    """One pass; `mistakes` gives what is wrong in the order in which it can be seen."""

    def __init__(self, text: str, tokens: list[Token], update: bool) -> None:
        self._text = text
        self._tokens = tokens
        self._update = update
        self._levels = [Level("s", select=not update)]
        self._began = update

    def mistakes(self) -> Iterator[Found]:
        """What is wrong; only the first of it is sure."""
        for number, (kind, piece, at) in enumerate(self._tokens):
            before = self._tokens[number - 1] if number else _END
            after = self._tokens[number + 1] if number + 1 < len(self._tokens) else _END
            if kind == "open":
                yield from self._open(piece, at, before)
            elif kind == "close":
                yield from self._close(piece, at)
            elif kind == "words":
                yield from self._word(piece, at, before, after)
            elif kind in ("end", "operator"):
                yield from self._sign(piece, at, number)
            elif kind in _TERMS:
                if self._levels[-1].kind == "p" and kind in _PLAIN and before[0] in _PLAIN:
                    hint = "write an operator or a comma between them"
                    yield Found(f"nothing joins {cut(before[1])} and {cut(piece)}", hint, at, at)
                yield from self._term(kind, piece, at)
            elif kind == "other":
                hint = "and is written &&" if piece == "&" else "look just before it"
                yield Found(f"{piece!r} can't stand here", hint, at, at)
                return  # nothing behind it was read
        for level in self._levels[:0:-1]:
            end = len(self._text.rstrip())
            missing = _CLOSED[level.opener]
            row, column = place(self._text, level.at)
            yield Found(
                f"a {level.opener} is not closed: {missing} is missing",
                f"the {level.opener} of line {row}, column {column} is still open at the end",
                level.at,
                end,
            )

    # Brackets

    def _open(self, piece: str, at: int, before: Token) -> Iterator[Found]:
        level = self._levels[-1]
        kind = {"{": "g", "[": "b"}.get(piece, "p")
        if piece == "{":
            kind = "v" if level.waits == "VALUES" else "g"
            if level.kind == "g" and not level.select and level.waits != "VALUES":
                yield from self._ended(level, at)
            level.columns = False
        elif piece == "(":
            expression = level.kind in "sp" or level.select or level.waits
            kind = "p" if expression and level.waits != "VALUES" and level.kind != "v" else "t"
        new = Level(kind, piece, at, whole=kind == "b", terms=int(kind == "b"))
        word = before[1].upper()
        new.called = before[0] in ("name", "iri") or (
            before[0] == "words" and word not in ("FILTER", "BIND", "HAVING", "BY", "SELECT")
        )
        self._levels.append(new)

    def _close(self, piece: str, at: int) -> Iterator[Found]:
        level = self._levels[-1]
        if piece not in ")}]":
            return
        if len(self._levels) == 1:
            hint = "take it out, or look where its opening one is missing"
            yield Found(f"this {piece} closes nothing", hint, at, at)
            return
        if _CLOSED[level.opener] != piece:
            yield self._unclosed(level, piece, at)
            return
        if level.kind in "gb" and not level.select:
            yield from self._ended(level, at)
        self._levels.pop()
        around = self._levels[-1]
        if level.kind == "p" and not level.named:
            if around.waits == "BIND":
                hint = "for instance BIND(?n * 2 AS ?double)"
                yield Found("BIND needs AS and the name of a new variable", hint, at, at)
            elif around.columns and around.kind in "sg":
                hint = "for instance (COUNT(?claim) AS ?claims)"
                yield Found("what SELECT computes needs a name: AS and a variable", hint, at, at)
        if level.opener == "{" or level.kind == "p":
            around.waits = ""
        if level.opener == "{":
            around.done = True
        if level.kind in "bt" and around.kind in "gb":
            around.whole = around.whole or around.terms == 0
            yield from self._counted(around, level.at, at + 1)

    def _unclosed(self, level: Level, piece: str, at: int) -> Found:
        row, column = place(self._text, level.at)
        return Found(
            f"the {level.opener} of line {row}, column {column} is not closed before this {piece}",
            f"write {_CLOSED[level.opener]} where it ends",
            at,
            at,
        )

    # Terms and triples

    def _term(self, kind: str, piece: str, at: int) -> Iterator[Found]:
        level = self._levels[-1]
        if level.columns and level.kind in "sg":
            if kind in ("name", "iri", "string"):
                hint = "write SELECT ?variable … WHERE { … }"
                yield Found(f"{cut(piece)} stands outside of the braces", hint, at, at)
        elif level.waits in ("FILTER", "HAVING", "BIND"):
            if kind in ("variable", "number", "string"):
                hint = f"for instance {level.waits}(?n > 3)"
                if level.waits == "BIND":
                    hint = "for instance BIND(?n * 2 AS ?double)"
                yield Found(f"{level.waits} wants round brackets", hint, at, at)
            elif kind == "nil":
                level.waits = ""
        elif level.kind in "gb" and not level.select and not level.waits:
            yield from self._counted(level, at, at + len(piece))

    def _counted(self, level: Level, at: int, end: int) -> Iterator[Found]:
        if level.select or level.waits:
            return
        if level.joins:
            level.joins = False
        else:
            level.terms += 1
            level.whole = level.whole and level.terms == 1
        if level.terms > 3:
            rows = [place(self._text, where)[0] for where in (level.last, at)]
            where = "at the end of this line" if rows[0] != rows[1] else "here"
            if level.kind == "b":
                wants = ";"
            else:
                wants = "; where it goes on about the same subject, else ."
            yield Found(
                f"the triple ends, and a . or ; is missing {where}",
                f"write {wants}",
                max(level.last - 1, 0),
                at,
            )
        level.last = end

    def _ended(self, level: Level, at: int) -> Iterator[Found]:
        """A triple ends, or nothing does."""
        if level.terms in (1, 2) and not level.whole and not level.waits:
            missing = "value" if level.terms == 2 else "property and no value"
            hint = "a triple has three parts: subject, property, value"
            yield Found(f"this triple has no {missing}", hint, max(level.last - 1, 0), at)
        level.terms, level.whole, level.joins = int(level.kind == "b"), level.kind == "b", False

    def _sign(self, piece: str, at: int, number: int) -> Iterator[Found]:
        level = self._levels[-1]
        after = self._tokens[number + 1] if number + 1 < len(self._tokens) else _END
        before = self._tokens[number - 1] if number else _END
        if level.kind == "p":
            yield from self._in_expression(level, piece, at, before, after)
        elif level.kind == "s" or level.select:
            yield from self._outside(level, piece, at, before, after)
        elif level.kind in "gb":
            yield from self._in_triple(level, piece, at, number)

    def _in_triple(self, level: Level, piece: str, at: int, number: int) -> Iterator[Found]:
        if piece in _COMPARING and piece != "|":
            broken = _BROKEN_IRI.match(self._text, at) if piece == "<" else None
            if broken:
                hint = "write %20 for a space"
                yield Found("an address has no spaces or quotes", hint, at, at)
            elif level.waits in ("FILTER", "BIND"):
                hint = "for instance FILTER(?n > 3)"
                yield Found(f"{level.waits} wants round brackets", hint, at, at)
            else:
                hint = "a triple is: subject property value; compare with FILTER(?x = …)"
                yield Found(f"no {piece} stands in a triple", hint, at, at)
        elif piece == "-" and self._dated(number):
            day = re.match(r"[-0-9]*", self._text[self._tokens[number - 1][2] :])
            said = day.group()[:20] if day else ""
            hint = f'write "{said}" in quotes; with its type: "{said}"^^xsd:date'
            yield Found("a date stands in quotes", hint, self._tokens[number - 1][2], at)
        elif piece == "?" and self._tokens[number - 1][0] not in ("iri", "name", "words", "close"):
            yield Found("this ? has no name", "write a variable as one word: ?name", at, at)
        elif piece in ("/", "|", "^^"):
            level.joins = True
        elif piece == ".":
            if level.kind == "b":
                yield self._unclosed(level, piece, at)
            yield from self._ended(level, at)
        elif piece == ";":
            if level.terms == 2:
                yield from self._ended(level, at)
            level.terms, level.whole = 1, True
        elif piece == "," and level.terms >= 3:
            level.terms = 2

    def _dated(self, number: int) -> bool:
        near = self._tokens[number - 1 : number + 4]
        together = "".join(piece for _, piece, _ in near)
        start = near[0][2]
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", together)) and self._text.startswith(
            together, start
        )

    def _in_expression(
        self, level: Level, piece: str, at: int, before: Token, after: Token
    ) -> Iterator[Found]:
        joined = after[1] if after[2] == at + len(piece) and after[0] == "operator" else ""
        right = {"==": "=", "<>": "!=", "=>": ">=", "=<": "<=", "!==": "!="}.get(piece + joined)
        numbers = before[0] == after[0] == "number"
        if right:
            yield Found(f"{piece}{joined} is written {right}", f"write {right}", at, at)
        elif piece == "|":
            yield Found("or is written ||", "write ||", at, at)
        elif piece == ".":
            yield self._unclosed(level, piece, at)
        elif piece == "," and numbers and not level.called and after[2] == at + 1:
            said = f"{before[1]},{after[1]}"[:40]
            plain = f"{before[1]}.{after[1]}"[:40]
            if re.fullmatch(r"\d{1,3},\d{3}", said):
                plain = f"{said.replace(',', '')}, or {plain} for a fraction"
            hint = f"write {plain}"
            yield Found("a number has a dot for its fraction, and no comma", hint, at, at)

    def _outside(
        self, level: Level, piece: str, at: int, before: Token, after: Token
    ) -> Iterator[Found]:
        if level.columns:
            if piece == ",":
                hint = "write SELECT ?a ?b with a space between them"
                yield Found("no comma stands between the variables of SELECT", hint, at, at)
            elif piece == "-":
                name = f"{before[1]}_{after[1]}"[:40]
                hint = f"write {name}: letters, digits and _"
                yield Found("the name of a variable has no hyphen", hint, at, at)
        elif piece == "." and not self._began:
            hint = "in SPARQL a PREFIX line ends with its address"
            yield Found("no dot stands behind a declaration", hint, at, at)
        elif piece in ".;" and level.kind == "s" and level.done and not self._update:
            yield Found(f"no {piece} stands behind a query", "take it out", at, at)

    # Words

    def _word(self, piece: str, at: int, before: Token, after: Token) -> Iterator[Found]:
        word, level = piece.upper(), self._levels[-1]
        if before[0] == "string" and before[2] + len(before[1]) == at and word not in WORDS:
            hint = f"write {cut(before[1])}@{cut(piece)}"
            yield Found("the language of a text stands behind @", hint, at, at)
        elif not self._began and level.kind == "s":
            self._began = word not in _PROLOGUE
            if word in _QUERIES:
                level.columns = word == "SELECT"
                level.done = word == "DESCRIBE"
            elif self._began and word not in UPDATES and not words_that_join(word):
                yield no_word(piece, at, _QUERIES, _BEGIN)
        elif not words_that_join(word):
            yield unknown(piece, at, column=level.columns, called=after[1] == "(")
        elif level.kind == "p":
            if word == "AS":
                level.named = True
            elif word == "IN" and after[1] != "(" and after[0] != "nil":
                yield Found(
                    "IN wants a list in round brackets", 'for instance ?x IN ("a", "b")', at, at
                )
        elif level.kind == "g" and not level.select:
            yield from self._in_group(word, level, at, before, after)
        elif level.kind == "s" or level.select:
            yield from self._of_query(word, level, at, before, after)
        elif level.kind == "b" and word in ("A", "TRUE", "FALSE"):
            yield from self._counted(level, at, at + len(piece))

    def _in_group(
        self, word: str, level: Level, at: int, before: Token, after: Token
    ) -> Iterator[Found]:
        if word in ("A", "TRUE", "FALSE"):
            if not level.waits:
                yield from self._counted(level, at, at + len(word))
            return
        if word in ("NOT", "EXISTS"):
            if level.waits != "FILTER" and before[1].upper() != "NOT":
                hint = "write FILTER NOT EXISTS { … }"
                yield Found(f"{word} wants FILTER before it", hint, at, at)
        elif word == "SELECT":
            if before[1] == "{":
                level.select = level.columns = True
                return
            hint = "write { SELECT … WHERE { … } } around it"
            yield Found("a SELECT inside another has braces of its own", hint, at, at)
        elif word in _RANKS and word != "VALUES":
            full = _IN_FULL.get(word, word)
            yield Found(f"{full} stands behind the closing }}", f"write }} before {full}", at, at)
        elif word in _WAITING or word in _GROUPS:
            yield from self._ended(level, at)
            level.waits = word if word in _WAITING else ""
            if word == "UNION" and before[1] != "}":
                hint = "write { … } UNION { … }"
                yield Found("UNION stands between two groups in braces", hint, at, at)
        if word in _GROUPS and after[1] != "{":
            yield Found(f"{word} wants braces", f"write {word} {{ … }}", at, at)

    def _of_query(
        self, word: str, level: Level, at: int, before: Token, after: Token
    ) -> Iterator[Found]:
        full = _IN_FULL.get(word, word)
        if word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE") and level.done and not self._update:
            yield Found("a second query begins here", "send one after the other", at, at)
        elif word in ("WHERE", "FROM"):
            level.columns = False
            if word == "FROM" and after[0] == "words" and after[1].upper() != "NAMED":
                hint = "what is asked for stands in WHERE { … }; there are no tables"
                yield Found("FROM names a graph, by its address", hint, at, at)
            elif word == "WHERE" and after[1] != "{":
                yield Found("what is asked for stands in braces", "write WHERE { … }", at, at)
        elif word in _IN_FULL and after[1].upper() != "BY":
            yield Found(f"{word} wants BY behind it", f"write {full}", at, at)
        elif level.columns and word in _AGGREGATES:
            hint = f"write ({word}(…) AS ?n)"
            yield Found(f"{word} in SELECT stands in round brackets, with a name", hint, at, at)
        elif word in _RANKS and not self._update:
            if level.columns or not level.done:
                hint = f"write WHERE {{ … }} {full} …"
                yield Found(f"{full} stands behind the closing }}", hint, at, at)
            if _RANKS[word] < level.rank:
                hint = "the order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, VALUES"
                yield Found(f"{full} comes too late", hint, at, at)
            level.rank = _RANKS[word]
            level.waits = word if word in ("VALUES", "HAVING") else ""
        elif word in ("DESC", "ASC") and after[1] != "(":
            hint = f"write {word}({cut(after[1])})"
            yield Found(f"{word} wants round brackets", hint, at, at)
