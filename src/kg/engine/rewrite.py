"""The dataset that the protocol names for an update, written into the update itself.

SPARQL 1.1 Protocol, 2.2.3: ``using-graph-uri`` and ``using-named-graph-uri`` take the place of
USING and USING NAMED. The engine has no parameter for them, so the clauses are put before each
WHERE of a DELETE/INSERT operation; ``DELETE WHERE { … }`` becomes ``DELETE { … } … WHERE { … }``.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.engine.scan import pieces as cut
from kg.errors import UpdateError

__all__ = ["with_dataset"]


def with_dataset(text: str, default: Iterable[str], named: Iterable[str]) -> str:
    """The update with its dataset named. Raises UpdateError when it names one itself."""
    clauses = " ".join(
        [*(f"USING <{iri}>" for iri in default), *(f"USING NAMED <{iri}>" for iri in named)]
    )
    pieces = [(kind, start, start + len(piece)) for kind, piece, start in cut(text)]
    out: list[str] = []
    copied = depth = 0
    previous = ""  # the word or bracket before this one, outside of braces
    for number, (kind, start, end) in enumerate(pieces):
        piece = text[start:end]
        if piece == "{" and kind == "open":
            depth += 1
        elif piece == "}" and kind == "close":
            depth -= 1
            previous = piece
        elif depth == 0 and kind == "words":
            word = piece.upper()
            if word in ("USING", "WITH"):
                raise UpdateError(
                    f"the update says {word} itself, and the request names graphs too",
                    hint="leave out using-graph-uri and using-named-graph-uri, or the clause",
                )
            if word == "WHERE":
                block = _block(text, pieces[number + 1 :]) + " " if previous == "DELETE" else ""
                out.append(f"{text[copied:start]}{block}{clauses} ")
                copied = start
            previous = word
    return "".join(out) + text[copied:]


def _block(text: str, pieces: list[tuple[str, int, int]]) -> str:
    """The group in braces that comes first."""
    depth = 0
    for kind, start, end in pieces:
        if kind == "open" and text[start] == "{":
            depth += 1
        elif kind == "close" and text[start] == "}":
            depth -= 1
            if depth == 0:
                return text[pieces[0][1] : end]
    return ""
