"""Errors on their way from a worker to the front: as plain values, and back as what they were.

And those that the front has to find words for, because the worker can't any more.
"""

from __future__ import annotations

import signal
from typing import Any

from kg import errors
from kg.errors import (
    DeadlineExceeded,
    InvalidUpdate,
    KgError,
    ParseError,
    QueryError,
    QueueFull,
    ServiceError,
    WorkerLost,
)

__all__ = ["crowded", "died", "overdue", "packed", "unpacked"]

_BY_CODE: dict[str, type[KgError]] = {
    kind.code: kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, KgError)
}


def packed(error: KgError) -> dict[str, Any]:
    """The error as values that JSON can carry."""
    found = {
        name: getattr(error, name, None)
        for name in (
            "message",
            "where",
            "hint",
            "row",
            "column",
            "excerpt",
            "report",
            "retry_after",
            "limit",
        )
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
    elif issubclass(kind, ServiceError):
        said["retry_after"] = values.get("retry_after")
    elif issubclass(kind, InvalidUpdate):
        said["report"] = values.get("report")
    error = kind(str(values.get("message", "")), **said)
    limit = values.get("limit")
    return error.at(*limit) if limit else error


def overdue(seconds: float) -> KgError:
    """The error for a question that was stopped at its deadline."""
    return DeadlineExceeded(
        f"the query ran until its deadline of {seconds:g} s and was stopped",
        hint="ask for less at once: narrower patterns, LIMIT, fewer OPTIONAL",
    ).at("seconds", seconds)


def died(by: int) -> KgError:
    """The error for a question whose worker died of the signal `by`; 0 when that is not known."""
    how = f" of {signal.Signals(by).name}" if by else ""
    return WorkerLost(
        f"the worker that evaluated this died{how}",
        hint="another has taken its place; ask again, and tell us if it happens again",
    )


def crowded(patience: float) -> KgError:
    """The error for a question that has waited `patience` seconds for a worker."""
    return QueueFull(
        f"no worker was free within {patience:g} seconds",
        hint="ask again in a moment",
        retry_after=5,
    ).at("patience", patience)
