"""Parameters of a request: decoded once, by the standard library, and checked.

SPARQL 1.1 Protocol, 2.1 and 2.2; graph IRIs are resolved by RFC 3986 against the address that was
asked, and only absolute ones are taken.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

from kg.errors import ParameterError
from kg.protocol.exchange import unreadable

__all__ = ["Parameters", "absolute", "is_absolute"]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_FIELDS = 1000


class Parameters:
    """The parameters of a query string or a form, in their order."""

    def __init__(self, text: str, what: str = "the query string") -> None:
        self._values: dict[str, list[str]] = {}
        try:
            for name, value in parse_qsl(
                text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS
            ):
                self._values.setdefault(name, []).append(value)
        except UnicodeDecodeError:
            raise unreadable(what) from None
        except ValueError:
            raise ParameterError(
                f"{what} has more than {_FIELDS:,} parameters", hint="send fewer"
            ) from None

    def besides(self, others: Parameters) -> Parameters:
        """These and others together: a form, and the address that it was sent to."""
        both = Parameters("")
        for name in {**self._values, **others._values}:
            both._values[name] = [*self.all(name), *others.all(name)]
        return both

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> list[str]:
        """The names of all parameters, in order."""
        return list(self._values)

    def all(self, name: str) -> list[str]:
        """Every value of a parameter."""
        return self._values.get(name, [])

    def one(self, name: str) -> str | None:
        """The value of a parameter that may be given once. Raises ParameterError for two."""
        values = self.all(name)
        if len(values) > 1:
            raise ParameterError(
                f"the parameter {name!r} is given {len(values)} times",
                where=name,
                hint="give it once",
            )
        return values[0] if values else None

    def graphs(self, name: str, base: str) -> tuple[str, ...] | None:
        """The graph IRIs of a parameter, resolved against `base`; None when it is not given."""
        values = self.all(name)
        return tuple(absolute(value, base, name) for value in values) if values else None

    def seconds(self, name: str, most: float) -> float:
        """A time limit that a client asks for, never more than `most`. Raises ParameterError."""
        text = self.one(name)
        if text is None:
            return most
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 < value < float("inf"):
            raise ParameterError(
                f"{text!r} is no time", where=name, hint="seconds, for instance timeout=2.5"
            )
        return min(value, most)


def is_absolute(iri: str) -> bool:
    """Whether a text is an absolute IRI."""
    return _IRI.fullmatch(iri) is not None


def absolute(iri: str, base: str, name: str) -> str:
    """The absolute IRI that a reference stands for (RFC 3986, 5). Raises ParameterError."""
    resolved = iri if _IRI.fullmatch(iri) else _joined(base, iri)
    if not _IRI.fullmatch(resolved) or resolved == base:
        raise ParameterError(
            f"{iri!r} is no IRI", where=name, hint="an absolute IRI, percent-encoded once"
        )
    return resolved


def _joined(base: str, iri: str) -> str:
    try:
        if not iri or urlsplit(iri).scheme:
            return ""
        return urljoin(base, iri)
    except ValueError:
        return ""
