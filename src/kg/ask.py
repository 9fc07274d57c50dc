"""Ask a dataset one question: a stored query, a file, or a text, in any format."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

import pyoxigraph as ox

from kg import formats, report, store
from kg.catalogue import iri_of
from kg.dataset import Dataset
from kg.derive import derive
from kg.engine import Answer, Engine, Request
from kg.engine.stored import engine_of
from kg.errors import FormatError, NotAcceptable, ParameterError, UnknownQuery

__all__ = ["ask", "find", "unknown"]


def find(name: str, dataset: Dataset, arguments: Mapping[str, str], stdin: TextIO) -> str:
    """The text of a query: ``-`` reads stdin; else a stored name; else a file.

    Only stored queries take arguments. Raises UnknownQuery or ParameterError.
    """
    if name == "-":
        text = stdin.read()
    else:
        try:
            return dataset.catalogue.get(name).fill(arguments, dataset.names)
        except UnknownQuery:
            path = Path(name)
            if not path.is_file():
                raise
            text = path.read_text(encoding="utf-8")
    if arguments:
        raise ParameterError(
            "only stored queries take parameters",
            where="--param",
            hint="write the value into the query, or name a stored query",
        )
    return text


def unknown(dataset: Dataset, arguments: Mapping[str, str]) -> list[str]:
    """A word for each argument that names a thing which the dataset does not hold.

    Such a query is answered all the same, with nothing; a slip of the pen should not pass for it.
    """
    names = dataset.names
    held = {q.subject.value for q in dataset.quads() if isinstance(q.subject, ox.NamedNode)}
    words = []
    for name, value in arguments.items():
        iri = iri_of(value, names)
        if iri is None or iri in held or not names.owns(iri):
            continue
        near = get_close_matches(iri, held, 1, 0.8)
        hint = f"; did you mean {names.compact(near[0])}?" if near else ""
        words.append(f"{name}: nothing in this dataset is called {names.compact(iri)}{hint}")
    return words


def ask(dataset: Dataset, text: str, form: str | None, kept: str = "memory") -> bytes:
    """The answer in a format by name; by default a table, or Turtle for a graph. `kept` is a store
    (``memory``: the dataset's files) that is asked in their place.

    Raises a QueryError, or FormatError for a format that can't hold this kind of answer.
    """
    if kept == "memory":
        engine = Engine(store.build(dataset, derive(dataset)), dataset.names)
    else:
        engine = engine_of(dataset.path, kept)
    if form in (None, "table"):
        graph = formats.GRAPHS[0] if form is None else None
        answer = _answer(engine, Request(text, results=formats.RESULTS[0], graph=graph), form)
        if answer.format.kind == "graph":
            return answer.body
        return (report.table(answer.body, dataset.names) + "\n").encode()
    chosen = formats.by_name(form or "")
    request = Request(
        text,
        results=chosen if chosen.kind == "results" else None,
        graph=chosen if chosen.kind == "graph" else None,
    )
    return _answer(engine, request, form).body


def _answer(engine: Engine, request: Request, form: str | None) -> Answer:
    try:
        return engine.answer(request)
    except NotAcceptable as error:
        raise FormatError(
            f"the format {form} can't hold this answer: {error.message.partition(',')[0]}",
            where="--format",
            hint=error.hint,
        ) from None
