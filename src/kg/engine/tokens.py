r"""The tokens of SPARQL text, cut exactly as the engine's parser cuts them.

Who reads a text otherwise than its parser can be deceived: a quote that one of them takes for
part of an IRI, a name that one of them ends a letter earlier, and what follows is code for the
parser and a string for the guard. So the parser's rules are kept where they differ from SPARQL's
grammar: words need no space between them, a local name has one run of dots, ``\u0027`` in a
string does not end it. Every pattern is possessive: no text is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["SOUND", "TOKEN", "WORD", "tokens", "unescaped"]

# Every character beyond ASCII counts as a letter of names: the parser stops at those that are
# none, and nothing but strings, IRIs and comments may hold them.
_C = r"[-A-Za-z0-9_\x80-\U0010FFFF]"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL = (
    rf"(?:[A-Za-z0-9_:\x80-\U0010FFFF]|{_PLX})(?:[-A-Za-z0-9_:\x80-\U0010FFFF]|{_PLX})*+"
    rf"(?:\.++(?:[-A-Za-z0-9_:\x80-\U0010FFFF]|{_PLX})++)?+"
)
TOKEN = re.compile(
    rf"""
    (?P<skip>[ \t\r\n]++|\#[^\r\n]*+)
  | (?P<variable>[?$][A-Za-z0-9_\x80-\U0010FFFF]++)
  | (?P<iri><[^<>"{{}}|^`\x00-\x20]*+>)
  | (?P<name>(?:[A-Za-z\x80-\U0010FFFF]{_C}*+(?:\.++{_C}++)*+)?+:(?:{_LOCAL})?+)
  | (?P<words>[A-Za-z\x80-\U0010FFFF]{_C}*+(?:\.++{_C}++)*+)
  | (?P<string>\"\"\"[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+\"\"\"
      |'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''
      |"(?!"")(?:[^"\\\r\n]|\\.)*+"|'(?!'')(?:[^'\\\r\n]|\\.)*+')
  | (?P<nil>\([ \t\r\n]*+\)|\[[ \t\r\n]*+\])
  | (?P<open>\{{\||<<\(?+|[({{\[])
  | (?P<close>\|\}}|\)?>>|[)}}\]])
  | (?P<end>[;,]|\.(?![0-9]))
  | (?P<number>(?:[0-9]++\.[0-9]*+|\.[0-9]++|[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)
  | (?P<operator>\|\||&&|!=|<=|>=|\^\^|[!+*/|^=<>?~-])
  | (?P<blank>_:[A-Za-z0-9_\x80-\U0010FFFF]{_C}*+(?:\.++{_C}++)*+)
  | (?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+)
  | (?P<other>.)
""",
    re.VERBOSE | re.DOTALL,
)
_U4 = r"u(?:[0-9A-CEFa-cef][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})"
_U8 = rf"U(?:0000(?:{_U4[1:]})|000[1-9A-Fa-f][0-9A-Fa-f]{{4}}|0010[0-9A-Fa-f]{{4}})"
SOUND = re.compile(rf"(?:[^\\]|\\(?:[tbnrf\"'\\]|{_U4}|{_U8}))*+", re.DOTALL)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|.", re.DOTALL)


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and offset of each token outside expressions (where ``<`` begins an IRI).

    The last one is a quote that is not closed, if there is one.
    """
    for match in TOKEN.finditer(text):
        kind, piece = match.lastgroup or "other", match.group()
        if kind != "skip":
            yield kind, piece, match.start()
        if kind == "other" and piece in "\"'":
            return


def unescaped(text: str) -> str:
    """The text with its code point escapes written out (SPARQL 1.1, 19.2)."""

    def char(match: re.Match[str]) -> str:
        point = int(match.group(1) or match.group(2), 16)
        return chr(point) if point <= 0x10FFFF else match.group()

    return _ESCAPE.sub(char, text)
