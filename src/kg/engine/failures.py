"""Errors on their way from a worker to the front: as plain values, and back as what they were.

And those that the front has to find words for, because the worker can't any more.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable
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

__all__ = [
    "Mistake",
    "crowded",
    "died",
    "mistaken",
    "once",
    "overdue",
    "packed",
    "told",
    "traced",
    "unpacked",
]

_LONGEST = 20_000  # characters of a traceback; its end says most

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


class Mistake(Exception):
    """What nobody foresaw, in a worker: the text is the traceback from there."""


def once(say: Callable[[str], None]) -> Callable[[str], None]:
    """The same, but the same words only once in a row."""
    last = ""

    def saying(text: str) -> None:
        nonlocal last
        if text != last:
            last = text
            say(text)

    return saying


def mistaken(error: BaseException) -> dict[str, Any]:
    """The header for an error that is no KgError: nothing of it is for the client."""
    return {"error": packed(KgError("the server made a mistake")), "trace": traced(error)}


def told(header: dict[str, Any]) -> KgError | Mistake:
    """What went wrong, by the header of a worker's answer that has an error."""
    return Mistake(header["trace"]) if "trace" in header else unpacked(header["error"])


def traced(error: BaseException) -> str:
    """The traceback of an error."""
    return "".join(traceback.format_exception(error))[-_LONGEST:]


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
