"""The guard's count of a text: brackets, operators, patterns, steps, and what is refused.

``<`` is the one mark whose reading depends on its place: after an operand of an expression it is
an operator, elsewhere it begins an IRI. So the scan knows at each bracket what may stand inside.
A text that could be read in two ways is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.engine.limits import LIMITS, Limits, too_complex
from kg.engine.places import excerpt, place
from kg.engine.planned import Planned
from kg.engine.tokens import SOUND, TOKEN, WORD
from kg.engine.vocabulary import BEFORE_NAMES, GLUED, OPERATORS, REREAD, UPDATES, WORDS
from kg.errors import QueryRefused, QuerySyntaxError

__all__ = ["CLOSE", "UNCLOSED", "Counts", "pieces", "scan"]

UNCLOSED = "this quote is not closed"
CLOSE = 'close it in its line; a quote in a string is written \\"'
_SPACES = "write a space after each word, and declare each prefix before it is used"


@dataclass(frozen=True)
class Counts:
    """What a text holds, in the measures of `Limits`, and whether it names a dataset.

    `has_from`, `has_using` and `has_with` tell of the clauses FROM, USING and WITH (with NAMED
    or without) wherever they stand in the text.
    """

    length: int = 0
    nesting: int = 0
    operators: int = 0
    patterns: int = 0
    path_steps: int = 0
    rereadings: int = 0
    has_from: bool = False
    has_using: bool = False
    has_with: bool = False


def scan(text: str, limits: Limits | None = LIMITS, *, update: bool = False) -> Counts:
    """Count a text and hold it against the limits (None: count only, never refuse).

    Raises QueryTooComplex beyond a limit, QueryRefused for SERVICE and LOAD (and for an update
    unless `update`), QuerySyntaxError where the text has more than one reading.
    """
    return _Scan(text, limits, update).run()


def pieces(text: str) -> list[tuple[str, str, int]]:
    """Kind, text and offset of each token, as the parser reads an admitted text."""
    seen: list[tuple[str, str, int]] = []
    _Scan(text, None, True, seen).run()
    return seen


class _Scan:
    """One pass. `_levels` holds a letter for each open bracket, what may stand in it:

    ``g`` graph patterns, ``s`` the level of a SELECT (its expressions stand in brackets),
    ``x`` an expression, ``X`` one that the parser may read twice, ``t`` terms and paths,
    ``v`` inline tables, ``d`` data and templates, which are never planned.
    """

    def __init__(
        self,
        text: str,
        limits: Limits | None,
        update: bool,
        seen: list[tuple[str, str, int]] | None = None,
    ) -> None:
        self._text = text
        self._seen = seen
        self._limits = limits
        self._update = update
        self._levels = ["s"]
        self._items: list[tuple[int, bool]] = []  # of brackets of terms: members, is a path
        self._nesting = self._operators = self._steps = self._rereadings = 0
        self._planned = Planned()
        self._fold = 0
        self._clauses: set[str] = set()
        self._prefixes: set[str] = set()
        self._fresh = False  # the next term begins a triple pattern
        self._operand = False  # the token before is an operand
        self._expression = False  # FILTER or BIND came, its bracket did not
        self._values = False  # VALUES came, its table did not
        self._prologue = True
        self._word = ""  # the token before, if it is a word

    def run(self) -> Counts:
        text, limits = self._text, self._limits
        if limits and len(text) > limits.length:
            raise too_complex("length", limits, f"has {len(text):,} characters")
        take = {
            "variable": self._variable,
            "iri": self._term_token,
            "number": self._term_token,
            "blank": self._term_token,
            "name": self._name,
            "string": self._string,
            "nil": self._nil,
            "tag": self._tag,
            "open": self._open,
            "close": self._close,
            "end": self._end,
            "operator": self._operator,
        }
        found = TOKEN.finditer(text)
        while True:
            for match in found:
                kind = match.lastgroup or "other"
                if kind == "skip":
                    continue
                piece = match.group()
                at = match.start()
                less = piece[0] == "<" and self._operand and self._levels[-1] in "xX"
                if self._seen is not None:
                    self._seen.append(("operator", "<", at) if less else (kind, piece, at))
                if less:
                    found = TOKEN.finditer(text, at + 1)
                    self._operators += 1
                    self._operand = False
                    self._word = ""
                    break
                if self._planned.closed is not None:
                    self._planned.settle(piece.upper() == "UNION")
                if kind == "words":
                    self._words(piece, at)
                elif kind == "other":
                    if piece in "\"'":
                        self._unclear(UNCLOSED, at, CLOSE)
                    hint = "and is written &&" if piece == "&" else "look just before it"
                    self._unclear(f"{piece!r} can't stand here", at, hint)
                    return self._counts()
                else:
                    take[kind](piece, at)
                    self._word = ""
                    self._prologue &= kind in ("name", "iri", "string")
                if self._fold:
                    self._rereadings += 1 << self._fold
                if limits and (
                    len(self._levels) > limits.nesting
                    or self._operators > limits.operators
                    or self._planned.load > limits.patterns**4
                    or self._steps > limits.path_steps
                    or self._rereadings > limits.rereadings
                ):
                    self._hold(limits, at)
            else:
                return self._counts()

    def _hold(self, limits: Limits, at: int) -> None:
        for name, count, what in (
            ("nesting", self._nesting, "nests brackets more than {:,} deep"),
            ("operators", self._operators, "has more than {:,} operators"),
            ("patterns", self._planned.patterns(), "has more than {:,} triple patterns and groups"),
            ("path_steps", self._steps, "has more than {:,} path steps"),
            ("rereadings", self._rereadings, "nests REGEX, SUBSTR, REPLACE or GROUP_CONCAT"),
        ):
            limit = getattr(limits, name)
            if count > limit:
                raise too_complex(name, limits, what.format(limit), place(self._text, at))

    def _counts(self) -> Counts:
        return Counts(
            len(self._text),
            self._nesting,
            self._operators,
            self._planned.patterns(),
            self._steps,
            self._rereadings,
            "FROM" in self._clauses,
            "USING" in self._clauses,
            "WITH" in self._clauses,
        )

    # Terms

    def _variable(self, _piece: str, _at: int) -> None:
        self._operators += self._levels[-1] in "xX"
        self._term()

    def _term_token(self, _piece: str, _at: int) -> None:
        self._term()

    def _nil(self, _piece: str, _at: int) -> None:
        self._operators += self._levels[-1] in "xX"
        self._term()

    def _term(self) -> None:
        self._operand = True
        level = self._levels[-1]
        if (
            level == "s" and not self._prologue
        ):  # SELECT, DESCRIBE, FROM, ORDER BY: one after the other
            self._operators += 1
        elif level in "gt":
            if self._fresh:
                self._planned.add(1)
                self._fresh = False
            if self._items:
                members, path = self._items[-1]
                self._items[-1] = members + 1, path

    def _string(self, piece: str, at: int) -> None:
        if "\\" in piece and not SOUND.fullmatch(piece):
            self._unclear(
                "a string holds an escape that SPARQL does not know",
                at,
                r"it knows \t \b \n \r \f \" \' \\ and \u with four digits, \U with eight",
            )
        self._term()

    def _tag(self, _piece: str, _at: int) -> None:
        self._operand = True

    def _name(self, piece: str, at: int) -> None:
        prefix, _, local = piece.partition(":")
        if self._word == "PREFIX":
            if not local:
                self._prefixes.add(prefix)
            return
        upper = prefix.upper()
        word = next((w for w in BEFORE_NAMES if upper.startswith(w)), None)
        if prefix in self._prefixes:
            if word and prefix[len(word) :] in self._prefixes:
                self._unclear(f"the prefix {prefix}: can be read as the word {word}", at)
        elif word or self._may_be_glued(prefix):
            self._unclear(f"the prefix {prefix[:60]}: is not declared", at)
        self._term()

    def _may_be_glued(self, prefix: str) -> bool:
        """Whether the parser could take the end of an undeclared prefix for a declared one."""
        if len(prefix) > 100:
            return True
        return any(prefix[i:] in self._prefixes for i in range(1, len(prefix) + 1))

    # Brackets and marks

    def _open(self, piece: str, at: int) -> None:
        outer = self._levels[-1]
        level = outer
        if piece == "{":
            if outer != "d":
                if self._values:
                    level = "v"
                elif self._word in ("DATA", "INSERT", "DELETE", "CONSTRUCT"):
                    level = "d"
                else:
                    level = "g"
            if level == "g":
                alone = self._word in ("OPTIONAL", "MINUS", "EXISTS", "UNION")
                self._planned.open(alone or len(self._levels) == 1)
            elif level == "v":
                self._planned.add(1)
            self._values = False
        elif piece == "(":
            if outer in "xXs" or (outer == "g" and self._expression):
                level = "X" if self._word in REREAD else "x"
                self._fold += level == "X"
                self._operators += 1
            elif outer == "g":
                level = "v" if self._values else "t"
        elif outer not in "vd":
            level = "t"
            self._planned.add(2 if piece == "{|" else 1)
        if level == "t":
            if piece != "{|":
                self._term()
            self._items.append((0, piece != "("))
        self._levels.append(level)
        self._nesting = max(self._nesting, len(self._levels) - 1)
        self._fresh = self._operand = self._expression = False

    def _close(self, _piece: str, _at: int) -> None:
        self._operand = True
        if len(self._levels) == 1:
            return
        level = self._levels.pop()
        if level == "X":
            self._fold -= 1
        elif level == "t":
            members, path = self._items.pop()
            if not path:
                self._planned.add(2 * members)
        elif level in "gs":
            self._planned.close()
        self._fresh = self._levels[-1] == "g" and level in "gsvxX"

    def _end(self, _piece: str, _at: int) -> None:
        self._operand = False
        self._fresh = self._levels[-1] in "gt"

    def _operator(self, piece: str, _at: int) -> None:
        self._operand = False
        if self._levels[-1] not in "gt":
            self._operators += 1
        elif piece == "~":
            self._planned.add(1)
        elif piece != "^^":
            self._steps += 1
            if piece == "/":
                self._planned.add(1)
            if self._items and piece in "/|^!*?":
                self._items[-1] = self._items[-1][0], True

    # Words

    def _words(self, words: str, at: int) -> None:
        for part in WORD.finditer(words):
            piece = part.group()
            if piece == ".":
                self._end(piece, at)
            elif piece == "-":
                self._operator(piece, at)
            elif len(piece) > 1 or piece.isascii():
                self._bare(piece.upper(), at + part.start())

    def _bare(self, word: str, at: int) -> None:
        if word in ("A", "TRUE", "FALSE"):
            self._term()
            self._word = ""
            return
        self._operand = False
        self._word = word
        if word not in WORDS:
            self._unknown(word, at)
        elif word in ("SERVICE", "LOAD"):
            self._refuse(word, at)
        elif self._prologue and word not in ("PREFIX", "BASE", "VERSION"):
            self._prologue = False
            if word in UPDATES and not self._update and self._limits:
                raise QueryRefused(
                    f"this endpoint only reads; {word} is an update",
                    hint="ask with SELECT, ASK, CONSTRUCT or DESCRIBE",
                )
        if word in OPERATORS:
            self._operators += 1
        if word in ("FILTER", "BIND"):
            self._expression, self._fresh = True, False
        elif word == "VALUES":
            self._values, self._fresh = True, False
        elif word == "GRAPH":
            self._fresh = False
        elif word == "SELECT" and self._levels[-1] == "g":
            self._levels[-1] = "s"
        elif word in ("FROM", "USING", "WITH"):
            self._clauses.add(word)

    def _unknown(self, word: str, at: int) -> None:
        """Two words written as one deceive; any other unknown word stops the parser itself."""
        for known in GLUED:
            if known in word:
                if known in ("SERVICE", "LOAD"):
                    self._refuse(known, at)
                self._unclear(f"{word[:60]} is no word of SPARQL", at)

    def _refuse(self, word: str, at: int) -> None:
        if not self._limits:
            return
        row, column = place(self._text, at)
        raise QueryRefused(
            "this endpoint never calls other endpoints (SERVICE)"
            if word == "SERVICE"
            else "this endpoint loads nothing from other places (LOAD)",
            hint="ask each endpoint by itself and join the answers"
            if word == "SERVICE"
            else "send the triples themselves",
            row=row,
            column=column,
        )

    def _unclear(self, what: str, at: int, hint: str = _SPACES) -> None:
        if not self._limits:
            return
        row, column = place(self._text, at)
        shown = excerpt(self._text, row, column)
        raise QuerySyntaxError(what, hint=hint, row=row, column=column, excerpt=shown)
