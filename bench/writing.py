"""Records to Turtle, one file for each part of a dataset, and to one flat N-Triples file.

A record is a subject with predicates and objects as Turtle writes them. Memory does not grow with
the number of records; only what several sources state is remembered, so that the flat file, which
is the RDF merge of the graphs, has each triple once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TextIO

__all__ = ["Writer"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

Record = list[tuple[str, str]]


class Writer:
    """Writes a dataset below `folder` (data/…) and its merged triples to `flat`.

    `prefixes` are those that the records use. `triples` counts the merged triples.
    """

    def __init__(self, folder: Path, flat: Path, prefixes: Mapping[str, str]) -> None:
        self.triples = 0
        self._folder = folder
        self._prefixes = dict(prefixes)
        self._files: dict[str, TextIO] = {}
        self._flat = flat.open("w", encoding="utf-8", newline="\n", buffering=1 << 20)
        self._shared: set[str] = set()
        self.expand = lru_cache(maxsize=1 << 16)(self._expand)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        for file in (*self._files.values(), self._flat):
            file.close()

    def source(self, key: str, root: str) -> None:
        """Declare the two prefixes of a source: its claims and its citations."""
        self._prefixes[key] = f"{root}claim/{key}/"
        self._prefixes[f"{key}-c"] = f"{root}citation/{key}/"

    def write(self, part: str, subject: str, record: Record, *, shared: bool = False) -> None:
        """Add a record to a part, for instance ``sources/aldren-1/claims``.

        `shared` says that another part may state the same.
        """
        file = self._files.get(part) or self._open(part)
        lines = " ;\n    ".join(f"{predicate} {value}" for predicate, value in record)
        file.write(f"{subject} {lines} .\n\n")
        about = self.expand(subject)
        for predicate, value in record:
            for one in value.split(" , "):
                triple = f"{about} {self.expand(predicate)} {self.expand(one)} .\n"
                if shared:
                    if triple in self._shared:
                        continue
                    self._shared.add(triple)
                self._flat.write(triple)
                self.triples += 1

    def _open(self, part: str) -> TextIO:
        path = self._folder / "data" / f"{part}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w", encoding="utf-8", newline="\n", buffering=1 << 16)
        keys = part.split("/")
        own = {keys[1], f"{keys[1]}-c"} if keys[0] == "sources" else set()
        for prefix, iri in self._prefixes.items():
            if ("/claim/" in iri or "/citation/" in iri) and prefix not in own:
                continue
            file.write(f"@prefix {prefix}: <{iri}> .\n")
        file.write("\n")
        self._files[part] = file
        return file

    def _expand(self, term: str) -> str:
        """A Turtle term of ours as N-Triples."""
        if term == "a":
            return _TYPE
        if term.startswith('"'):
            text, mark, datatype = term.rpartition("^^")
            return f"{text}^^{self._expand(datatype)}" if mark else term
        if term == "true":
            return f'"true"^^<{_XSD}boolean>'
        if term.isdigit():
            return f'"{term}"^^<{_XSD}integer>'
        prefix, _, local = term.partition(":")
        return f"<{self._prefixes[prefix]}{local}>"
