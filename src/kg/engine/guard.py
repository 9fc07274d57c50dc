"""What stands between a text from the internet and the engine's parser.

The engine has no switch against federation, its parser can overflow the native stack or read one
line for hours, and its planner slows down with the fourth power: such texts are refused before
anything parses them. `admit` is cheap where it can be: for a short text a few counts of
characters prove that no way of cutting it into tokens comes near a limit. All else is scanned, but
for a short text that has been, with other addresses in it: a stored query asked of another thing.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kg.engine.limits import LIMITS, Limits, rows
from kg.engine.scan import Counts, scan
from kg.engine.tokens import tokens, unescaped
from kg.engine.vocabulary import WORDS
from kg.errors import QueryError, QuerySyntaxError

__all__ = [
    "LIMITS",
    "Admitted",
    "Counts",
    "DataOperation",
    "Limits",
    "admit",
    "admits_at_once",
    "count",
    "data_operations",
    "known",
    "rows",
    "undeclared_prefix",
]


class Admitted:
    """A text within the limits; what it holds is counted when it is asked for.

    `has_from`, `has_using` and `has_with` cost nothing for a text without those letters.
    """

    def __init__(self, text: str, counts: Counts | None = None, *, update: bool = False) -> None:
        self._text = text
        self._lower = text.lower() if counts is None else ""
        self._update = update
        if counts is not None:
            self.counts = counts

    @cached_property
    def counts(self) -> Counts:
        """What the guard counts in the text."""
        return count(self._text, update=self._update)

    @cached_property
    def has_from(self) -> bool:
        """Whether the text names its dataset with FROM or FROM NAMED."""
        return self._holds("from") and self.counts.has_from

    @cached_property
    def has_using(self) -> bool:
        """Whether the update names its dataset with USING or USING NAMED."""
        return self._holds("using") and self.counts.has_using

    @cached_property
    def has_with(self) -> bool:
        """Whether the update names its graph with WITH."""
        return self._holds("with") and self.counts.has_with

    def _holds(self, word: str) -> bool:
        return "counts" in self.__dict__ or word in self._lower


def admit(text: str, limits: Limits = LIMITS, *, update: bool = False) -> Admitted:
    """Let a query (or update) pass, or say why not.

    Raises QueryTooComplex beyond a limit, QueryRefused for SERVICE and LOAD (and for an update
    unless `update`), QuerySyntaxError for a text with more than one reading.
    """
    if not update and (admits_at_once(text, limits) or known(text, limits)):
        return Admitted(text)
    if "\\u" in text or "\\U" in text:
        # This engine unescapes strings and IRIs only; one that follows SPARQL 1.1, 19.2, would
        # read code where this one reads a string. The text must pass in both readings.
        # Only what this engine reads has to be clear.
        with suppress(QuerySyntaxError):
            scan(unescaped(text), limits, update=update)
    return Admitted(text, scan(text, limits, update=update), update=update)


def count(text: str, *, update: bool = False) -> Counts:
    """What the guard counts in a text, of whatever size; never raises."""
    return scan(text, None, update=update)


_INNER = r"[^<>\"'{}|^`\\\x00-\x20]*+"
_OPENING = re.compile(
    rf"(?:[ \t\r\n]++|\#[^\r\n]*+|prefix[ \t\r\n]++[-.a-z0-9_]*+:[ \t\r\n]*+<{_INNER}>"
    rf"|base[ \t\r\n]++<{_INNER}>)*+(?:select|ask|construct|describe)"
)
# An address cannot be an operator and an expression: two slashes never follow a name. Without
# quotes inside it, it hides nothing wherever it stands.
_ADDRESS = re.compile(rf"<https?://{_INNER}>")
_COMMENT = re.compile(r"#[^\r\n]*+")
_SHORT = 4_000
_SIGNS = frozenset(["", *"&|=<>+"])  # a bracket after nothing stands in another, already judged
_BEFORE_EXPRESSIONS = frozenset(word.lower() for word in WORDS - {"A", "TRUE", "FALSE", "UNDEF"})


def admits_at_once(text: str, limits: Limits) -> bool:
    """Whether counts of characters prove that the text is within the limits: microseconds.

    Each operator, bracket or step takes at least a character of its own, each pattern one of the
    marks that can come before it; how the text is cut into tokens makes no difference.
    """
    if len(text) > min(_SHORT, limits.length) or "\\" in text:
        return False
    low = text.lower()
    if "service" in low or "load" in low or not _OPENING.match(low):
        return False
    if len(text) > limits.operators or len(text) << _rereads(low) > limits.rereadings:
        return False
    bare = _ADDRESS.sub("", text)
    n = bare.count
    opened = n("(") + n("[") + n("{")
    if opened + n("<") > limits.nesting:
        return False
    dots = n(".") + n(";") + n(",") + n("/") + n("~") + n("|") + n("<<")
    if dots + opened + 2 * n("}") + n(")") > limits.patterns:
        return False
    if n("*") + n("+") + n("|") + n("^") + n("!") + n("/") + n("?") > limits.path_steps:
        return False
    if "(" not in bare:
        return True
    if "#" in bare:  # a comment comes between a bracket and what stands before it
        if "<" in bare or '"' in bare or "'" in bare:
            return False  # or it is no comment
        bare = _COMMENT.sub(" ", bare)
    return _no_list(bare)


def known(text: str, limits: Limits) -> bool:
    """Whether a short text is within the limits by what was found of one of the same shape.

    The shape is the text with one address in the place of all: what an address says makes no
    difference to the scan, and where it would be read as something else, nothing can parse it. A
    shape is scanned when it is first met; one that is refused is not remembered.
    """
    if len(text) > min(_SHORT, limits.length) or "\\" in text:
        return False
    try:
        return _passes(_ADDRESS.sub("<http://a>", text), limits)
    except QueryError:  # the scan of the text itself says what is wrong, and where
        return False


@lru_cache(maxsize=128)
def _passes(shape: str, limits: Limits) -> bool:
    scan(shape, limits)
    return True


def _rereads(low: str) -> int:
    count = low.count
    return count("regex") + count("substr") + count("replace") + count("group_concat")


def _no_list(text: str) -> bool:
    """Whether no bracket, by what stands before and after it, can hold a list of terms.

    A list of terms costs patterns without any mark between them. It never comes after a word or
    an operator of expressions, and has no call of a function in it.
    """
    before, *rest = text.split("(")
    for after in rest:
        words = before.split()
        last = words[-1] if words else ""
        if last.lstrip("!").lower() not in _BEFORE_EXPRESSIONS and last[-1:] not in _SIGNS:
            first = after.strip().lower()  # a call: only a word, then the next bracket
            if first not in _BEFORE_EXPRESSIONS:
                return False
        before = after
    return True


@dataclass(frozen=True)
class DataOperation:
    """One INSERT DATA or DELETE DATA of an update: where it stands, and what it reads alone."""

    operation: str
    start: int
    end: int
    prologue: str
    text: str

    def alone(self) -> str:
        """The operation as an update of its own, with all declarations that come before it."""
        return f"{self.prologue}\n{self.text}"


def data_operations(text: str) -> tuple[DataOperation, ...]:
    """The operations of an update of INSERT DATA and DELETE DATA only; empty for any other.

    `start` and `end` are offsets into the text, from the word INSERT or DELETE to behind the
    brace. Declarations between operations belong to those after them (SPARQL 1.1 Update, 29).
    """
    found: list[DataOperation] = []
    declarations: list[str] = []
    words: list[str] = []
    start = depth = 0
    for kind, piece, at in tokens(text):
        if depth == 0 and kind == "words":
            word = piece.upper()
            if not words and word in ("PREFIX", "BASE", "VERSION", "INSERT", "DELETE"):
                words, start = [word], at
            elif words in (["INSERT"], ["DELETE"]) and word == "DATA":
                words.append(word)
            else:
                return ()
        elif depth == 0 and words and words[0] in ("PREFIX", "BASE", "VERSION"):
            if kind in ("iri", "string"):
                declarations.append(text[start : at + len(piece)])
                words = []
            elif kind != "name":
                return ()
        elif kind == "open":
            if depth == 0 and len(words) != 2:
                return ()
            depth += 1
        elif kind == "close":
            depth -= 1
            if depth == 0:
                end = at + len(piece)
                prologue = "\n".join(declarations)
                found.append(DataOperation(" ".join(words), start, end, prologue, text[start:end]))
                words = []
        elif depth == 0 and piece != ";":
            return ()
    return () if words or depth else tuple(found)


def undeclared_prefix(text: str) -> str | None:
    """The first prefix that the query uses and does not declare, for a better error."""
    declared: set[str] = set()
    before = ""
    for kind, piece, _ in tokens(text):
        if kind == "name":
            prefix = piece.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return prefix
        before = piece.upper() if kind == "words" else ""
    return None
