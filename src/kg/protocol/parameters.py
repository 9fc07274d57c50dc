"""Parameters of a request: decoded once, and checked.

SPARQL 1.1 Protocol, 2.1 and 2.2; graph IRIs are resolved by RFC 3986 against the address that was
asked, and only absolute ones are taken.
"""

from __future__ import annotations

from binascii import a2b_qp
from urllib.parse import unquote, urljoin, urlsplit

from kg.engine.naming import is_absolute
from kg.errors import ParameterError
from kg.protocol.exchange import unreadable

__all__ = ["Parameters", "absolute", "is_absolute"]

_FIELDS = 1000


def _decoded(text: str) -> str:
    """A name or value of a form, as `urllib.parse.parse_qsl` reads it. Raises UnicodeDecodeError.

    Quoted-printable is percent-encoding with another sign, and the standard library decodes it in
    C: a twentieth of the time, on the road of every query.
    """
    text = text.replace("+", " ")
    if "%" not in text:
        return text
    if text.isascii() and "\n" not in text and "\r" not in text:
        found = a2b_qp(text.replace("=", "=3D").replace("%", "="))
        if len(found) == len(text) - 2 * text.count("%"):  # else a sign has no two digits
            return found.decode()
    return unquote(text, errors="strict")


class Parameters:
    """The parameters of a query string or a form, in their order."""

    def __init__(self, text: str, what: str = "the query string") -> None:
        self._values: dict[str, list[str]] = {}
        fields = text.split("&")
        if len(fields) > _FIELDS:
            raise ParameterError(f"{what} has more than {_FIELDS:,} parameters", hint="send fewer")
        try:
            for field in fields:
                if field:
                    name, _, value = field.partition("=")
                    self._values.setdefault(_decoded(name), []).append(_decoded(value))
        except UnicodeDecodeError:
            raise unreadable(what) from None

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


def absolute(iri: str, base: str, name: str) -> str:
    """The absolute IRI that a reference stands for (RFC 3986, 5). Raises ParameterError."""
    resolved = iri if is_absolute(iri) else _joined(base, iri)
    if not is_absolute(resolved) or resolved == base:
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
