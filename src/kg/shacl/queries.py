"""The text of SPARQL-based constraints (SHACL 5): what it may say, and its pre-bound variables.

A scan by tokens. Pre-binding puts a term in the place of a variable wherever it stands (Appendix
A), so that sub-selects, aggregates and EXISTS see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

__all__ = ["IllFormedQuery", "Query", "Token", "calls_out", "tokenized"]

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n\r]*)
  | (?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
      |\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[^<>\"{}|^`\\\x00-\x20]*>)
  | (?P<var>[?$]\w+)
  | (?P<name>[\w.-]*:[\w.:%\\-]*)
  | (?P<word>[A-Za-z_][\w-]*)
  | (?P<number>[0-9][\w.]*)
  | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_REFUSED = {
    "SERVICE": "a query of a shape may not call another server (SERVICE)",
    "MINUS": "a query of a shape may not use MINUS",
    "VALUES": "a query of a shape may not use VALUES",
}
# Words under which the answers for all nodes at once may differ from those node by node.
_INTRICATE = frozenset(
    """GROUP HAVING LIMIT OFFSET ORDER BIND AS OPTIONAL UNION BOUND COALESCE IF GRAPH REDUCED
    COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT RAND UUID STRUUID BNODE""".split()
)
_LEXICAL = frozenset(
    """STR STRLEN SUBSTR REGEX CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER CONCAT REPLACE UCASE
    LCASE ENCODE_FOR_URI MD5 SHA1 SHA256 SHA384 SHA512 SAMETERM DATATYPE GROUP_CONCAT DISTINCT
    STRDT IRI URI""".split()
)


class IllFormedQuery(ValueError):
    """A query that SHACL-SPARQL does not allow; says why."""


@dataclass(frozen=True)
class Token:
    """A piece of a query: space, string, iri, var, name, word, number, path or mark."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "word" else ""


@dataclass(frozen=True)
class Query:
    """One query as tokens, $PATH already in place."""

    tokens: tuple[Token, ...]

    @classmethod
    def read(cls, text: str, path: str | None = None) -> Query:
        """Raises IllFormedQuery for what 5.2 and Appendix A forbid."""
        tokens = list(tokenized(text))
        for number, token in enumerate(tokens):
            if token.word in _REFUSED:
                raise IllFormedQuery(_REFUSED[token.word])
            if token.text in ("$PATH", "?PATH"):
                if path is None:
                    raise IllFormedQuery("$PATH stands only in queries of property shapes")
                tokens[number] = Token("path", path)
        query = cls(tuple(tokens))
        query._check_bindings()
        return query

    def _check_bindings(self) -> None:
        words = [t for t in self.tokens if t.kind != "space"]
        for at, token in enumerate(words[:-1]):
            if token.word == "AS" and words[at + 1].text[1:] in (
                "this",
                "shapesGraph",
                "currentShape",
            ):
                raise IllFormedQuery(f"a query may not bind {words[at + 1].text}: SHACL does")
        for clause in self._clauses()[1:]:
            projected = {t.text[1:] for t in clause if t.kind == "var"}
            if "this" not in projected:
                raise IllFormedQuery("a SELECT inside a query must select $this")

    def _clauses(self) -> list[list[Token]]:
        """The tokens between each SELECT and its pattern."""
        found: list[list[Token]] = []
        inside = False
        for token in self.tokens:
            if token.word == "SELECT":
                inside = True
                found.append([])
            elif inside and (token.word in ("WHERE", "FROM") or token.text == "{"):
                inside = False
            elif inside:
                found[-1].append(token)
        return found

    @property
    def projects_this(self) -> bool:
        """Whether the outermost SELECT names $this."""
        clauses = self._clauses()
        return bool(clauses) and any(
            t.text in ("$this", "?this") or t.text == "*" for t in clauses[0]
        )

    def mentions(self, name: str) -> bool:
        """Whether a variable stands anywhere in the query."""
        return any(t.kind == "var" and t.text[1:] == name for t in self.tokens)

    @property
    def is_lexical(self) -> bool:
        """Whether an answer may hang on how a literal was written."""
        return any(token.word in _LEXICAL for token in self.tokens)

    @property
    def follows_path(self) -> bool:
        """Whether $PATH stood in it."""
        return any(t.kind == "path" for t in self.tokens)

    @property
    def may_stand_still(self) -> bool:
        """Whether a path in it may have no length; the store finds none at nodes that it lacks."""
        return any(
            t.text in ("*", "?") or (t.kind == "path" and set("*?") & {*t.text})
            for t in self.tokens
        )

    @property
    def is_plain(self) -> bool:
        """Whether it can be asked once for all nodes.

        Then $this opens the pattern, so that only nodes of the data are found, and no group, path
        or function stands in it that would miss a $this that is not bound from outside.
        """
        words = [t for t in self.tokens if t.kind != "space"]
        if not self.projects_this or any(t.word in _INTRICATE for t in words):
            return False
        if self.may_stand_still:
            return False
        groups = [at for at, t in enumerate(words) if t.text == "{"]
        return (
            [t.word for t in words].count("SELECT") == 1
            and words[groups[0] + 1].text in ("$this", "?this")
            and all(words[at - 1].word == "EXISTS" for at in groups[1:])
        )

    def bound(self, terms: Mapping[str, str]) -> str:
        """The query with terms in the place of variables.

        A variable that a SELECT names by itself becomes a column of the term; BOUND of one is true.
        """
        out: list[str] = []
        tokens = self.tokens
        clause = False
        depth = columns = skip = 0
        for at, token in enumerate(tokens):
            if skip:
                skip -= 1
                continue
            if token.word == "SELECT":
                clause, depth = True, 0
            elif clause and (token.word in ("WHERE", "FROM") or token.text == "{"):
                clause = False
            depth += (token.text == "(") - (token.text == ")")
            if token.word == "BOUND":
                length = _bound_of(tokens[at:], terms)
                if length:
                    out.append("(true)")
                    skip = length - 1
                    continue
            if token.kind == "var" and token.text[1:] in terms:
                term = terms[token.text[1:]]
                columns += 1
                bare = (clause and depth == 0) or _grouped(tokens[:at])
                out.append(f"({term} AS ?bound{columns}) " if clause and bare else term)
                if bare and not clause:
                    out[-1] = f"({term})"
            else:
                out.append(token.text)
        return "".join(out)


def tokenized(text: str) -> Iterator[Token]:
    """The tokens of a text, spaces and comments among them."""
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "mark", match.group())


def calls_out(text: str) -> bool:
    """Whether a query or update names another server to call, code point escapes resolved."""
    plain = _ESCAPE.sub(lambda m: chr(min(int(m.group(1) or m.group(2), 16), 0x10FFFF)), text)
    return any(token.word in ("SERVICE", "LOAD") for token in tokenized(plain))


def _bound_of(tokens: Iterable[Token], terms: Mapping[str, str]) -> int:
    """How many tokens BOUND(?x) has, if x is one of the terms; else 0."""
    seen: list[Token] = []
    count = 0
    for token in tokens:
        count += 1
        if token.kind == "space":
            continue
        seen.append(token)
        if len(seen) == 4:
            break
    if len(seen) == 4 and seen[1].text == "(" and seen[3].text == ")":
        return count if seen[2].text[1:] in terms and seen[2].kind == "var" else 0
    return 0


def _grouped(before: tuple[Token, ...]) -> bool:
    """Whether the next token stands right in a GROUP BY."""
    words = [token for token in before if token.kind != "space"]
    while words and words[-1].kind == "var":
        words.pop()
    return len(words) > 1 and words[-1].word == "BY" and words[-2].word == "GROUP"
