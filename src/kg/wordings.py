"""What stored queries say of themselves, in other languages than their own.

A file queries/<language>.yaml stands beside the topics::

    topics:
      figures: Sayılar
    questions:
      figures/side-by-side:
        summary: Bir soru için hangi rakip sayılar verilmiştir?
        description: …
    words:                    # what parameters and columns mean, each once
      the claim: iddia

Each part, and each entry of it, may be left out: then the words of the query itself are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from kg.errors import CatalogueError

__all__ = ["Wordings", "tag"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Wordings:
    """What a file queries/<language>.yaml says of the stored queries.

    `questions` gives the summary and the description of a query by its name (empty where one is
    missing), `words` what a parameter or a column means by the words of the query itself.
    """

    topics: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, known: Iterable[str]) -> Wordings:
        """The wordings of a file, for the queries of the names `known`. Raises CatalogueError."""
        try:
            found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise CatalogueError(
                "this is not YAML",
                where=f"{path}:{mark.line + 1}" if mark else str(path),
                hint="put texts that hold a colon or a quote into double quotes",
            ) from None
        parts = ("topics", "questions", "words")
        if not isinstance(found, dict) or not set(found) <= set(parts):
            raise CatalogueError(
                "a file of wordings has other parts than " + ", ".join(parts),
                where=str(path),
                hint="begin with: questions:",
            )
        topics, words = (_texts(found.get(part), part, path) for part in ("topics", "words"))
        names = list(known)
        questions: dict[str, tuple[str, str]] = {}
        for name, given in _mapping(found.get("questions"), "questions", path).items():
            if name not in names:
                near = get_close_matches(name, names, 1)
                raise CatalogueError(
                    f"there is no stored query {name[:80]!r}",
                    where=str(path),
                    hint=f"did you mean {near[0]}?" if near else "write its topic and its name",
                )
            said = _texts(given, name, path)
            if not set(said) <= {"summary", "description"}:
                raise CatalogueError(
                    f"the wording of {name} has other parts than summary and description",
                    where=str(path),
                    hint="what its parameters and columns mean stands under words:",
                )
            questions[name] = (said.get("summary", ""), said.get("description", ""))
        return cls(topics, questions, words)


def _mapping(found: object, part: str, path: Path) -> dict[str, Any]:
    if not isinstance(found, dict | None):
        raise CatalogueError(
            f"what stands under {part} is no list of names and texts",
            where=str(path),
            hint="one on each line, as in: the claim: iddia",
        )
    return {str(name): value for name, value in (found or {}).items()}


def _texts(found: object, part: str, path: Path) -> dict[str, str]:
    texts = _mapping(found, part, path)
    for name, value in texts.items():
        if not isinstance(value, str) or not value.strip():
            raise CatalogueError(
                f"{name[:80]!r} under {part} has no text",
                where=str(path),
                hint="put a text that holds a colon or is a number into double quotes",
            )
    return {name: " ".join(value.split()) for name, value in texts.items()}


def tag(language: str, where: str) -> str:
    """A tag of a language (BCP 47), as it is. Raises CatalogueError for anything else."""
    if not _LANGUAGE.fullmatch(language):
        raise CatalogueError(
            f"{language[:40]!r} is no tag of a language", where=where, hint="for instance en, tr"
        )
    return language
