"""``SELECT *`` with its columns in the order in which the query names them.

SPARQL leaves the order of the columns of ``SELECT *`` open, and the engine answers with that of
the alphabet, so ``?s ?p ?o`` becomes ``?o ?p ?s``: a table that nobody wrote. The star is replaced
by the variables that it stands for, as the text mentions them first. Which ones are in scope the
engine says itself, asked with an empty store.
"""

from __future__ import annotations

import pyoxigraph as ox

from kg.engine.tokens import tokens

__all__ = ["named"]

_NOTHING = ox.Store()


def named(text: str, base: str | None = None) -> str:
    """The query with its outermost star written out; any other text, or a wrong one, unchanged.

    `text` must have passed the guard: the engine parses it here.
    """
    if "*" not in text:
        return text
    star = _star(text)
    if star is None:
        return text
    try:
        result = _NOTHING.query(text, base_iri=base)
    except (SyntaxError, ValueError, RuntimeError, OSError):
        return text  # whoever evaluates it says what is wrong
    if not isinstance(result, ox.QuerySolutions):
        return text
    wanted = {variable.value for variable in result.variables}
    mentioned = (t[1:] for kind, t, at in tokens(text) if kind == "variable" and at > star)
    order = [name for name in dict.fromkeys(mentioned) if name in wanted]
    if len(order) < 2 or len(order) != len(wanted):
        return text
    columns = " ".join(f"?{name}" for name in order)
    return f"{text[:star]} {columns} {text[star + 1 :]}"


def _star(text: str) -> int | None:
    """Where the star of the outermost SELECT stands; None when it has none."""
    steps = tokens(text)
    for kind, piece, _ in steps:
        if kind == "open":
            return None
        if kind == "words" and piece.upper() == "SELECT":
            kind, piece, at = next(steps, ("", "", 0))
            if kind == "words" and piece.upper() in ("DISTINCT", "REDUCED"):
                kind, piece, at = next(steps, ("", "", 0))
            return at if piece == "*" else None
    return None
