"""Every error that Contested raises on purpose, in one tree.

::

    KgError                      exit 2   500
    ├── SettingsError            exit 2   500   an option or KG_* variable that can't be used
    ├── DatasetError             exit 2   500   a folder or file that can't be read as a dataset
    │   ├── NotADataset          exit 2   500   ontology/ or data/ is missing
    │   ├── ParseError           exit 2   400   a syntax error, with file, line and column
    │   ├── InputRefused         exit 2   400   a file that could harm its reader
    │   └── CheckTimeout         exit 2   504   a validation that did not end within its time
    ├── FormatError              exit 2   400   a format that does not exist, or not for this answer
    │   └── NotAcceptable        exit 2   406   nothing in Accept that we can write
    ├── DateError                exit 2   400   not a date of EDTF level 0-2
    ├── FigureError              exit 2   400   a comparator without a rule, or ends that misfit
    ├── CatalogueError           exit 2   500   a stored query whose header or VALUES line is wrong
    │   └── UnknownQuery         exit 2   404   no stored query of that name
    ├── ParameterError           exit 2   400   a parameter that a query or route does not take
    ├── HeaderTooLong            exit 2   431   a list of what is accepted, too long to be weighed
    ├── QueryError               exit 2   400   a query that can't be answered
    │   ├── QuerySyntaxError     exit 2   400   with line, column and the line itself
    │   ├── QueryTooComplex      exit 2   400   beyond a limit of the guard
    │   ├── QueryRefused         exit 2   403   SERVICE, LOAD or an update
    │   ├── QueryFailed          exit 2   400   the engine gave up while it evaluated
    │   ├── DeadlineExceeded     exit 2   504   it ran until its deadline and was stopped
    │   ├── MemoryExceeded       exit 2   507   it needed more memory than a worker has
    │   └── ResultTooLarge       exit 2   507   its answer is larger than any may be
    ├── ServiceError             exit 2   503   the server can't answer now
    │   ├── QueueFull            exit 2   503   too many queries wait already
    │   ├── WorkerLost           exit 2   503   the worker died of something else than a limit
    │   ├── StoreUnavailable     exit 2   503   the remote store does not answer, or refuses us
    │   ├── IndexUnavailable     exit 2   503   the search index is not there yet, or can't be made
    │   ├── DiskFull             exit 2   507   an answer can't be written to the disk
    │   └── TooManyRequests      exit 2   429   one client asks more often than it may
    └── UpdateError              exit 2   400   an update that can't be made
        ├── Unauthorized         exit 2   401   no token, or not the right one
        ├── UpdateRefused        exit 2   403   updates are off, or not of this graph
        ├── InvalidUpdate        exit 2   422   the shapes object to what the data would become
        └── NotHere              exit 2   404   a graph that the store does not hold

Each carries a *message* (what is wrong), *where* (a file with its line, an option, or a place in
a query) and a *hint* (what to do next). The command line prints them in one line and exits with
`exit_code`; the server turns them into ``application/problem+json`` (RFC 9457) with `status`.
Findings of ``kg check`` are not errors: they are its answer, and exit with 1.
"""

from __future__ import annotations

from typing import Self

__all__ = [
    "CatalogueError",
    "CheckTimeout",
    "DatasetError",
    "DateError",
    "DeadlineExceeded",
    "DiskFull",
    "FigureError",
    "FormatError",
    "HeaderTooLong",
    "IndexUnavailable",
    "InputRefused",
    "InvalidUpdate",
    "KgError",
    "MemoryExceeded",
    "NotADataset",
    "NotAcceptable",
    "NotHere",
    "ParameterError",
    "ParseError",
    "QueryError",
    "QueryFailed",
    "QueryRefused",
    "QuerySyntaxError",
    "QueryTooComplex",
    "QueueFull",
    "ResultTooLarge",
    "ServiceError",
    "SettingsError",
    "StoreUnavailable",
    "TooManyRequests",
    "Unauthorized",
    "UnknownQuery",
    "UpdateError",
    "UpdateRefused",
    "WorkerLost",
]


class KgError(Exception):
    """What is wrong, where, and what to do next. The root of the tree."""

    code = "error"
    status = 500
    exit_code = 2
    limit: tuple[str, float] | None = None
    """The limit that was met, by name and value, where it was one."""

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between processes with all they carry."""
        return _again, (type(self), self.args, self.__dict__)

    def at(self, name: str, value: float) -> Self:
        """The same error, with the limit that it is about."""
        self.limit = (name, value)
        return self

    def line(self) -> str:
        """The error in one line, as the command line prints it."""
        place = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint}"

    def __str__(self) -> str:
        return self.line()


def _again(cls: type[KgError], args: tuple[object, ...], state: dict[str, object]) -> KgError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class _InText(KgError):
    """An error at a place in a text."""

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        row: int | None = None,
        column: int | None = None,
        excerpt: str | None = None,
    ) -> None:
        if where is None and row is not None:
            where = f"line {row}, column {column}"
        super().__init__(message, where=where, hint=hint)
        self.row = row
        self.column = column
        self.excerpt = excerpt


class SettingsError(KgError):
    """An option or a KG_* variable that can't be used."""

    code = "settings"


class DatasetError(KgError):
    """A folder or file that can't be read as (part of) a dataset."""

    code = "dataset"


class NotADataset(DatasetError):
    """The folder has no ontology/ or no data/."""

    code = "not-a-dataset"


class ParseError(_InText, DatasetError):
    """A syntax error in RDF, at `row` and `column` (from 1) where they are known; `excerpt` shows
    the line with a caret under the column.
    """

    code = "parse"
    status = 400


class InputRefused(DatasetError):
    """An input that could kill or hold up its reader, or that asks for something to be fetched."""

    code = "input-refused"
    status = 400


class CheckTimeout(DatasetError):
    """A validation that did not end within its time; the message says where it was."""

    code = "check-timeout"
    status = 504


class FormatError(KgError):
    """A format that does not exist, or that can't hold this kind of answer."""

    code = "format"
    status = 400


class NotAcceptable(FormatError):
    """Nothing in the Accept header that the answer can be written in."""

    code = "not-acceptable"
    status = 406


class DateError(KgError):
    """A text that is no EDTF date, or a date that can't be."""

    code = "date"
    status = 400


class FigureError(KgError):
    """A figure whose comparator has no rule or whose ends contradict it."""

    code = "figure"
    status = 400


class CatalogueError(KgError):
    """A stored query whose header, parameters or VALUES lines are wrong."""

    code = "catalogue"


class UnknownQuery(CatalogueError):
    """No stored query of that name."""

    code = "unknown-query"
    status = 404


class ParameterError(KgError):
    """A parameter that is not taken, is repeated, or has a value of the wrong type."""

    code = "parameter"
    status = 400


class HeaderTooLong(KgError):
    """A header field that says what is accepted is longer than is ever needed."""

    code = "header-too-long"
    status = 431


class QueryError(_InText):
    """A query that can't be answered; `row` and `column` (from 1) where they are known, and the
    line itself as `excerpt`.
    """

    code = "query"
    status = 400


class QuerySyntaxError(QueryError):
    """The text is not SPARQL 1.1."""

    code = "query-syntax"


class QueryTooComplex(QueryError):
    """The text is beyond a limit of the guard."""

    code = "query-too-complex"


class QueryRefused(QueryError):
    """The text asks for what this endpoint never does: SERVICE, LOAD, or an update."""

    code = "query-refused"
    status = 403


class QueryFailed(QueryError):
    """The engine gave up while it evaluated the query (an unknown function, for instance)."""

    code = "query-failed"


class DeadlineExceeded(QueryError):
    """The query ran until its deadline; the worker that evaluated it was killed."""

    code = "deadline"
    status = 504


class MemoryExceeded(QueryError):
    """The query needed more memory than a worker may take."""

    code = "memory"
    status = 507


class ResultTooLarge(QueryError):
    """The answer is larger than any answer may be; none of it was sent."""

    code = "result-too-large"
    status = 507


class ServiceError(KgError):
    """The server can't answer now; `retry_after` says in how many seconds it may."""

    code = "unavailable"
    status = 503
    retry_after = 1

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        if retry_after is not None:
            self.retry_after = retry_after


class QueueFull(ServiceError):
    """Too many queries wait already, or this one has waited too long."""

    code = "busy"


class WorkerLost(ServiceError):
    """The worker died of something that is no limit; another takes its place."""

    code = "worker-lost"


class StoreUnavailable(ServiceError):
    """The remote store does not answer, answers with half an answer, or refuses us."""

    code = "store-unavailable"


class IndexUnavailable(ServiceError):
    """The index of the search is being made, or could not be made."""

    code = "index-unavailable"


class DiskFull(ServiceError):
    """There is no room on the disk for an answer of this size, or for what it takes to send it."""

    code = "disk-full"
    status = 507


class TooManyRequests(ServiceError):
    """One client asks more often than a client may."""

    code = "too-many-requests"
    status = 429


class UpdateError(KgError):
    """An update that can't be made; nothing was changed."""

    code = "update"
    status = 400


class Unauthorized(UpdateError):
    """A write without the token, or with another one."""

    code = "unauthorized"
    status = 401


class UpdateRefused(UpdateError):
    """Writes are off, or this graph takes none."""

    code = "update-refused"
    status = 403


class InvalidUpdate(UpdateError):
    """The shapes object to what the data would become; `report` has their results."""

    code = "invalid"
    status = 422

    def __init__(
        self, message: str, *, report: list[dict[str, str]] | None = None, **said: str | None
    ) -> None:
        super().__init__(message, **said)
        self.report = report or []


class NotHere(UpdateError):
    """A graph that the store does not hold."""

    code = "no-such-graph"
    status = 404
