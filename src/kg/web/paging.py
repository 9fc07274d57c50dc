"""Where a page of a long list begins: ``?from=``."""

from __future__ import annotations

from flask import request

from kg.errors import ParameterError

__all__ = ["offset"]


def offset(name: str = "from") -> int:
    """The position that the address names, from 0. Raises ParameterError for what is none."""
    text = request.args.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ParameterError(f"{text!r} is no position", where=name, hint="a whole number")
    return int(text)
