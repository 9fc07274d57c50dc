"""Titles of questions in the reader's language, where nobody has worded them in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.explain import LANGUAGES
from kg.explain.titles import pieces
from kg.explain.when import when
from kg.web import languages
from kg.web.records import Label

__all__ = ["title"]


def title(
    about: Label,
    asked: Label,
    details: Sequence[Label],
    during: str,
    worded: Label | None,
    *,
    whole: bool,
) -> Label | None:
    """A question's title in the reader's language, out of the names of what it is made of. `worded`
    is its wording in another language, which is given too where the title is not the `whole`
    question. None where something has no name: then the wording is all there is.
    """
    if worded is not None and not all(part.language for part in (about, asked, *details)):
        return None
    reader = languages.current()
    grammar = LANGUAGES[reader]
    if about.language in ("", reader):
        about = Label(grammar.capital(about.text), about.language)
    if during:
        details = [*details, Label(grammar.time(when(during)), reader)]
    found = pieces(about, asked, details)
    if worded is not None and not whole:
        found += [f" – {grammar.quotes[0]}", worded, grammar.quotes[1]]
    return _joined(found, reader)


def _joined(found: Iterable[Label | str], reader: str) -> Label:
    parts = tuple(Label(piece) if isinstance(piece, str) else piece for piece in found)
    text = "".join(part.text for part in parts)
    borrowed = any(part.language not in ("", reader) for part in parts)
    return Label(text, reader, parts if borrowed else ())
