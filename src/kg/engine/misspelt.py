"""Words, prefixes and signs that SPARQL does not have, with what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from kg.engine.vocabulary import WORDS
from kg.names import Names

__all__ = ["Found", "cut", "no_prefix", "no_word", "strange", "unknown", "words_that_join"]

_LONGEST = 60
_QUOTES = "“”„‟«»‹›″‘’‚‛′"
_SIGNS = {"–": "-", "—": "-", "−": "-", "×": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!="}
_SPACES = "\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000"
_STRANGE = re.compile(f"[{_QUOTES}{''.join(_SIGNS)}{_SPACES}]")
_ADDRESSES = ("http", "https", "urn", "mailto", "doi")
_OTHERWISE = {
    "AND": "in a condition write &&; triples follow one another with a dot between",
    "OR": "in a condition write ||; between groups write { … } UNION { … }",
    "NULL": "write !BOUND(?x) for what has no value",
    "IS": "compare with =, or with BOUND(?x), isIRI(?x), isLiteral(?x)",
    "LIKE": 'write CONTAINS(?text, "…") or REGEX(?text, "…")',
    "BETWEEN": "write ?n >= 1 && ?n <= 5",
    "LENGTH": "write STRLEN(…)",
    "LEN": "write STRLEN(…)",
    "LOWER": "write LCASE(…)",
    "UPPER": "write UCASE(…)",
    "SUBSTRING": "write SUBSTR(…)",
    "JOIN": "triples that share a variable are joined; nothing else is to be written",
    "TOP": "write LIMIT 10 behind the closing }",
    "INT": "write xsd:integer(…)",
    "CAST": "write xsd:integer(…), xsd:date(…) and so on",
}
_WORDS_IN_ONE = re.compile(f"(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})+")


class Found(NamedTuple):
    """A mistake: what it is, what to do, where it is shown, and where it can be known."""

    message: str
    hint: str
    at: int
    seen: int


def cut(piece: str) -> str:
    """A piece of somebody's text, of a length that an error may have."""
    return piece if len(piece) <= _LONGEST else f"{piece[:_LONGEST]}…"


def words_that_join(word: str) -> bool:
    """Whether a word, in capitals, is one of SPARQL or several without a space between."""
    return word in WORDS or (len(word) <= _LONGEST and bool(_WORDS_IN_ONE.fullmatch(word)))


def no_word(piece: str, at: int, near: Iterable[str], hint: str) -> Found:
    """The mistake for a word that SPARQL does not have; `near` are those it may have been."""
    word = piece.upper()
    close = get_close_matches(word[:_LONGEST], list(near), 1, 0.7)
    if word in _OTHERWISE:
        hint = _OTHERWISE[word]
    elif close:
        hint = f"did you mean {close[0]}?"
    return Found(f"{cut(piece)} is no word of SPARQL", hint, at, at)


def unknown(piece: str, at: int, *, column: bool, called: bool) -> Found:
    """The mistake for such a word where a `column` of SELECT should stand, or something in braces;
    `called` where a round bracket follows.
    """
    name = cut(piece)
    if column:
        what = f": ?{name}" if re.fullmatch(r"\w+", piece) else ""
        return Found(f"{name} is no variable", f"a variable begins with ?{what}", at, at)
    if called:
        hint = "a function is one of SPARQL's own, or has a prefix as xsd:date has"
        return no_word(piece, at, sorted(WORDS), hint)
    hint = f'write ?{name} for a variable, "{name}" for a text, prefix:{name} for a name'
    return no_word(piece, at, (), hint)


def strange(text: str, tokens: Iterable[tuple[str, str, int]]) -> Iterator[Found]:
    """Signs of typography, outside of texts, addresses and comments."""
    if text.startswith("\ufeff"):
        hint = "save the file as UTF-8 without a byte order mark"
        yield Found("the text begins with a mark that is not seen (U+FEFF)", hint, 0, 0)
    for kind, piece, at in tokens:
        if kind in ("string", "iri") or piece.isascii():
            continue
        match = _STRANGE.search(piece)
        if match is None:
            continue
        sign, where = match.group(), at + match.start()
        if sign in _QUOTES:
            message = f"{sign} is a quotation mark of print, not of SPARQL"
            hint = 'write straight quotes: "text"'
        elif sign in _SIGNS:
            message = f"{sign} is a sign of print, not of SPARQL"
            hint = f"write {_SIGNS[sign]}"
        else:
            message = f"this is a space of print (U+{ord(sign):04X}), not of SPARQL"
            hint = "delete it and press the space bar"
        yield Found(message, hint, where, where)


def no_prefix(text: str, tokens: Iterable[tuple[str, str, int]], names: Names) -> Iterator[Found]:
    """Prefixes that are used and not declared, and declarations that are none."""
    declared: set[str] = set()
    before, name = "", ""
    for kind, piece, at in tokens:
        word = piece.upper() if kind == "words" else ""
        if kind == "tag" and piece.lower() in ("@prefix", "@base"):
            hint = f"write {piece[1:].upper()} without @, and no dot at the end"
            yield Found("this is how Turtle declares a prefix", hint, at, at)
        elif kind == "name":
            prefix = piece.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared and prefix.lower() in _ADDRESSES:
                whole = re.match(r"[^\s<>\"{}|^`]*", text[at : at + 200])
                address = cut(whole.group() if whole else piece)
                start = f"PREFIX {cut(name)} " if name else ""
                hint = f"write {start}<{address}>"
                yield Found("an address stands between < and >", hint, at, at)
            elif prefix not in declared:
                yield Found(
                    f"the prefix {cut(prefix)}: is not declared",
                    _meant(prefix, declared, names),
                    at,
                    at,
                )
        name = piece if before == "PREFIX" and kind == "name" else ""
        before = word


def _meant(prefix: str, declared: Iterable[str], names: Names) -> str:
    if prefix in names.prefixes:
        return f"begin with: PREFIX {prefix}: <{names.prefixes[prefix]}>"
    near = get_close_matches(prefix[:_LONGEST], sorted({*declared, *names.prefixes}), 2, 0.7)
    begin = f"begin with: PREFIX {cut(prefix)}: <…>"
    meant = " or ".join(f"{prefix}:" for prefix in near)
    return f"did you mean {meant}? Else {begin}" if near else begin
