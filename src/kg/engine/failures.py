"""Errors on their way from a worker to the front: as plain values, and back as what they were."""

from __future__ import annotations

from typing import Any

from kg import errors
from kg.errors import InvalidUpdate, KgError, ParseError, QueryError

__all__ = ["packed", "unpacked"]

_BY_CODE: dict[str, type[KgError]] = {
    kind.code: kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, KgError)
}


def packed(error: KgError) -> dict[str, Any]:
    """The error as values that JSON can carry."""
    found = {
        name: getattr(error, name, None)
        for name in ("message", "where", "hint", "row", "column", "excerpt", "report")
    }
    return {"code": error.code, **{name: value for name, value in found.items() if value}}


def unpacked(values: dict[str, Any]) -> KgError:
    """The error that `packed` was given. One of an unknown code becomes a KgError."""
    kind = _BY_CODE.get(str(values.get("code")), KgError)
    said: dict[str, Any] = {
        "where": values.get("where"),
        "hint": values.get("hint"),
    }
    if issubclass(kind, QueryError | ParseError):
        said |= {name: values.get(name) for name in ("row", "column", "excerpt")}
    elif issubclass(kind, InvalidUpdate):
        said["report"] = values.get("report")
    return kind(str(values.get("message", "")), **said)
