"""Where a page of a long list begins: ``?from=``."""

from __future__ import annotations

from typing import Any

from flask import request

from kg.errors import ParameterError
from kg.web.view import CLAIMS_PER_PAGE

__all__ = ["offset", "pages"]


def offset(name: str = "from") -> int:
    """The position that the address names, from 0. Raises ParameterError for what is none."""
    text = request.args.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ParameterError(f"{text!r} is no position", where=name, hint="a whole number")
    return int(text)


def pages(start: int, found: int, size: int = CLAIMS_PER_PAGE) -> dict[str, Any]:
    """What a template needs to link the pages before and after the one that begins at `start`."""
    return {"offset": start, "more": found >= size, "size": size}
