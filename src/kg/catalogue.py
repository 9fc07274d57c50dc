"""Stored questions: queries/<topic>/<question>.rq as named, typed, documented queries.

A file begins with ``#+`` lines that hold YAML (the decorators of grlc)::

    #+ summary: Who gives which figure for this question?
    #+ params:
    #+   - name: question
    #+     type: iri
    #+     description: the question; all questions when left out
    #+ returns:
    #+   claim: the claim

and each parameter is a line ``VALUES ?question { UNDEF }`` with its default, so that the file
runs unchanged in any SPARQL tool. What it says of itself is English, or in the language of a line
``#+ language: tr``; `kg.wordings` reads how other languages say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from kg.errors import CatalogueError, ParameterError, UnknownQuery
from kg.names import Names
from kg.wordings import Wordings, tag

__all__ = [
    "RESERVED",
    "TYPES",
    "Catalogue",
    "Parameter",
    "StoredQuery",
    "iri_of",
    "parse",
]

RESERVED = ("format", "limit", "offset", "timeout", "lang")
"""Names that no parameter may have: the server's own."""

TYPES = ("iri", "string", "langString", "integer", "decimal", "boolean", "date", "edtf")
_EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
_LONGEST = 1000  # characters of an argument
_WRITTEN: dict[str, tuple[str, str]] = {
    # type: what a value of it looks like (XML Schema), in symbols and in words
    "integer": (r"[+-]?[0-9]{1,18}", "a whole number, for instance 25"),
    "decimal": (r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})", "a number, as in 0.25"),
    "boolean": (r"true|false|1|0", "true or false"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day of the calendar as YYYY-MM-DD"),
    "edtf": (r"[-0-9A-Za-z~?%./,{}\[\]]{1,100}", "a date in EDTF, for instance 1920-05?"),
}
_PROLOGUE = re.compile(
    r"(?:\s+|#[^\n]*\n|PREFIX\s+[^\s<]*\s*<[^>]*>|BASE\s*<[^>]*>)*", re.IGNORECASE
)
_VALUES = re.compile(r"^[ \t]*VALUES[ \t]+\?(\w+)[ \t]*\{([^}]*)\}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Parameter:
    """One typed parameter of a stored query; `default` is SPARQL terms or ``UNDEF``.

    `of` says which things an IRI may name: kinds of things (``group unit``), a list of the model
    (``list/role``), or ``any``; empty where it is not said. `choices` are all that a text may be.
    """

    name: str
    type: str
    description: str
    default: str
    of: str = ""
    choices: tuple[str, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether leaving it out means all there is."""
        return self.default == "UNDEF"


@dataclass(frozen=True)
class StoredQuery:
    """One file of queries/: `name` is its path without the suffix, ``figures/side-by-side``."""

    name: str
    question: str
    description: str
    params: tuple[Parameter, ...]
    returns: Mapping[str, str]
    text: str
    path: Path
    header: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"

    @property
    def topic(self) -> str:
        """The folder of the query; ``checks`` holds those that look for trouble."""
        return self.name.rpartition("/")[0]

    def fill(self, arguments: Mapping[str, str], names: Names) -> str:
        """The query with its VALUES lines set from `arguments` (texts, by parameter name).

        An IRI may be given in full, as ``prefix:local``, or as a minted id. Raises ParameterError
        for a name that the query does not take and for a value of the wrong type.
        """
        known = {p.name: p for p in self.params}
        text = self.text
        for name, value in arguments.items():
            if len(value) > _LONGEST:
                raise ParameterError(
                    f"{len(value):,} characters are too long for a value",
                    where=f"parameter {name}"[:100],
                    hint=f"at most {_LONGEST:,}",
                )
            if name not in known:
                taken = ", ".join(known) or "none"
                raise ParameterError(
                    f"the query {self.name} takes no parameter {name[:40]!r}",
                    where=f"parameter {name[:40]}",
                    hint=f"it takes: {taken}",
                )
            term = _term(known[name], value, names)

            def put(match: re.Match[str], wanted: str = name, term: str = term) -> str:
                if match.group(1) != wanted:
                    return match.group(0)
                return f"  VALUES ?{wanted} {{ {term} }}"

            text = _VALUES.sub(put, text)
        return text

    @property
    def pageable(self) -> bool:
        """Whether LIMIT and OFFSET may be put behind it: a SELECT that has none of its own."""
        tail = re.sub(r"#[^\n]*", "", self.text.rpartition("}")[2])
        select = re.match(r"SELECT\b", self.text[self._begins :], re.IGNORECASE)
        return bool(select) and not re.search(r"\b(LIMIT|OFFSET|VALUES)\b", tail, re.IGNORECASE)

    @property
    def _begins(self) -> int:
        """Where the query itself begins, behind its prefixes."""
        found = _PROLOGUE.match(self.text)
        return found.end() if found else 0

    @staticmethod
    def page(text: str, limit: int, offset: int) -> str:
        """A filled text, cut down to `limit` rows from `offset`."""
        return f"{text.rstrip()}\nLIMIT {limit} OFFSET {offset}\n"

    def counting(self, text: str) -> str:
        """A query for the number of rows, ``?n``, that a filled text has."""
        head, body = text[: self._begins], text[self._begins :]
        return f"{head}SELECT (COUNT(*) AS ?n) WHERE {{ {{\n{body}\n}} }}\n"


def parse(text: str, *, name: str, path: Path) -> StoredQuery:
    """A StoredQuery from the text of its file. Raises CatalogueError, naming file and key."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#+"):
            break
        lines.append(line[2:].removeprefix(" "))
    try:
        header = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise CatalogueError(
            "the #+ header is not YAML",
            where=where,
            hint="put values that hold a colon or a quote into double quotes",
        ) from None
    if not isinstance(header, dict) or not str(header.get("summary", "")).endswith("?"):
        raise CatalogueError(
            "the #+ header has no summary that is a question",
            where=f"{path}:1",
            hint="begin with: #+ summary: Who says what?",
        )
    defaults = {m.group(1): m.group(2).strip() for m in _VALUES.finditer(text)}
    params = []
    for entry in header.get("params") or []:
        parameter = str(entry.get("name", ""))
        kind = str(entry.get("type", ""))
        if parameter not in defaults:
            raise CatalogueError(
                f"the parameter {parameter!r} has no VALUES line",
                where=str(path),
                hint=f"put it on a line of its own: VALUES ?{parameter} {{ UNDEF }}",
            )
        if parameter in RESERVED:
            raise CatalogueError(
                f"no parameter can be called {parameter!r}: the server has one of that name",
                where=str(path),
                hint="call it something else than " + ", ".join(RESERVED),
            )
        if kind not in TYPES:
            raise CatalogueError(
                f"the parameter {parameter!r} has the unknown type {kind!r}",
                where=str(path),
                hint="one of " + ", ".join(TYPES),
            )
        description = str(entry.get("description", ""))
        of, choices = str(entry.get("of", "")), tuple(map(str, entry.get("choices") or ()))
        params.append(Parameter(parameter, kind, description, defaults[parameter], of, choices))
    returns = {str(k): str(v) for k, v in (header.get("returns") or {}).items()}
    return StoredQuery(
        name=name,
        question=str(header["summary"]),
        description=str(header.get("description", "")),
        params=tuple(params),
        returns=returns,
        text=text,
        path=path,
        header=header,
        language=tag(str(header.get("language", "en")), f"{path}:1"),
    )


class Catalogue:
    """All stored queries of a dataset, by name, in order; `wordings` in other languages, by tag."""

    def __init__(
        self, queries: Mapping[str, StoredQuery], wordings: Mapping[str, Wordings] | None = None
    ) -> None:
        self.queries = dict(sorted(queries.items()))
        self.wordings = dict(wordings or {})

    @classmethod
    def read(cls, folder: Path) -> Catalogue:
        """The catalogue of ``folder``/<topic>/<question>.rq with the wordings beside the topics;
        empty when there is no folder.
        """
        found = {}
        for path in sorted(folder.rglob("*.rq")):
            name = path.relative_to(folder).with_suffix("").as_posix()
            found[name] = parse(path.read_text(encoding="utf-8"), name=name, path=path)
        wordings = {
            tag(path.stem, str(path)): Wordings.read(path, found)
            for path in sorted(folder.glob("*.yaml"))
        }
        return cls(found, wordings)

    def __iter__(self) -> Iterator[StoredQuery]:
        return iter(self.queries.values())

    def __len__(self) -> int:
        return len(self.queries)

    def named(self, name: str) -> StoredQuery:
        """The query of that whole name. Raises UnknownQuery with the nearest names."""
        if name in self.queries:
            return self.queries[name]
        near = get_close_matches(name, self.queries, 3, 0.5)
        hint = "did you mean " + " or ".join(near) + "?" if near else "see /queries/"
        raise UnknownQuery(f"there is no stored query {name[:80]!r}", hint=hint)

    def get(self, name: str) -> StoredQuery:
        """The query of that name, or of that last part where only one has it.

        Raises UnknownQuery with the nearest names.
        """
        if name in self.queries:
            return self.queries[name]
        tails = [q for key, q in self.queries.items() if key.rpartition("/")[2] == name]
        if len(tails) == 1:
            return tails[0]
        near = [q.name for q in tails] or get_close_matches(name, self.queries, 3, 0.5)
        hint = "did you mean " + " or ".join(near) + "?" if near else "kg query --list shows them"
        raise UnknownQuery(f"there is no stored query {name!r}", hint=hint)


def iri_of(value: str, names: Names) -> str | None:
    """The IRI that a person means by ``<iri>``, ``prefix:local``, a full IRI or a minted id."""
    iri = names.expand(value)
    if iri is None and names.identifier(names.thing(value)) is not None:
        return names.thing(value)
    return iri


def _term(parameter: Parameter, value: str, names: Names) -> str:
    """A SPARQL term for a typed argument."""
    where = f"parameter {parameter.name}"
    if parameter.type == "iri":
        iri = iri_of(value, names)
        if iri is None or re.search(r'[\x00-\x20<>"{}|\\^`]', iri):
            raise ParameterError(
                f"{value[:60]!r} is no IRI",
                where=where,
                hint="give an id (nargin-camp), a prefixed name (id:nargin-camp) or a full IRI",
            )
        return f"<{iri}>"
    if parameter.choices and value not in parameter.choices:
        raise ParameterError(
            f"{value[:60]!r} is none of its choices",
            where=where,
            hint="one of: " + ", ".join(parameter.choices),
        )
    if parameter.type == "string":
        return Literal(value).n3()
    if parameter.type == "langString":
        text, _, language = value.rpartition("@")
        if not text or not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language):
            raise ParameterError(
                f"{value[:60]!r} has no language", where=where, hint="write text@tr"
            )
        return Literal(text, lang=language).n3()
    pattern, meaning = _WRITTEN[parameter.type]
    if not re.fullmatch(pattern, value) or (parameter.type == "date" and not _is_day(value)):
        raise ParameterError(f"{value[:60]!r} is no {parameter.type}", where=where, hint=meaning)
    datatype = _EDTF if parameter.type == "edtf" else XSD[parameter.type]
    return Literal(value, datatype=datatype, normalize=False).n3()


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
