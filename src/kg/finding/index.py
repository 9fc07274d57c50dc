"""The index: one SQLite file with the texts, their words, and the trigrams of the words.

It is written once and then only read. SQLite's FTS5 with its trigram tokenizer (3.34 and newer)
finds words by their parts; where it is missing, the words themselves are looked through.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.finding.folding import sound, words
from kg.finding.texts import KINDS, Thing

__all__ = ["Index", "build", "has_trigrams", "trigrams"]

_TABLES = """
CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT, kind INTEGER, about TEXT, counts INTEGER,
  claims INTEGER, spoken_of INTEGER);
CREATE TABLE texts (id INTEGER PRIMARY KEY, thing INTEGER, field TEXT, text TEXT, language TEXT,
  folded TEXT, size INTEGER);
CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT, sound TEXT);
CREATE TABLE places (word INTEGER, text INTEGER, at INTEGER, PRIMARY KEY (word, text, at))
  WITHOUT ROWID;
CREATE TABLE facts (name TEXT, value TEXT);
"""
_INDEXES = """
CREATE INDEX things_iri ON things (iri);
CREATE INDEX texts_folded ON texts (folded);
CREATE INDEX texts_thing ON texts (thing);
CREATE UNIQUE INDEX words_word ON words (word);
CREATE INDEX words_sound ON words (sound) WHERE sound <> '';
"""
_TRIGRAMS = (
    "CREATE VIRTUAL TABLE grams USING fts5(word, content='words', content_rowid='id', "
    "tokenize='trigram case_sensitive 1')"
)
_READERS = 4


def has_trigrams() -> bool:
    """Whether this Python's SQLite has FTS5 with the trigram tokenizer."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram')")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def trigrams(word: str) -> set[str]:
    """Every three letters that stand together in a word."""
    return {word[i : i + 3] for i in range(len(word) - 2)}


def build(things: Iterable[Thing], path: Path, version: str, *, trigram: bool = True) -> None:
    """Write the index of some things to a new file. `trigram`: use FTS5 where there is one."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        _fill(connection, things)
        for statement in _INDEXES.split(";"):
            connection.execute(statement)
        trigram = trigram and has_trigrams()
        if trigram:
            connection.execute(_TRIGRAMS)
            connection.execute("INSERT INTO grams(grams) VALUES ('rebuild')")
            connection.execute("INSERT INTO grams(grams) VALUES ('optimize')")
        facts = {"version": version, "trigrams": "yes" if trigram else ""}
        connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, things: Iterable[Thing]) -> None:
    known: dict[str, int] = {}
    number = 0
    for place, thing in enumerate(things):
        kind = KINDS.index(thing.kind)
        row = (place, thing.iri, kind, thing.about, thing.counts, thing.claims, thing.spoken_of)
        connection.execute("INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        for text in thing.texts:
            found = [word.text for word in words(text.text)]
            if not found:
                continue
            connection.execute(
                "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, place, text.field, text.text, text.language, " ".join(found), len(found)),
            )
            connection.executemany(
                "INSERT INTO places VALUES (?, ?, ?)",
                [(known.setdefault(w, len(known)), number, at) for at, w in enumerate(found)],
            )
            number += 1
    connection.executemany(
        "INSERT INTO words VALUES (?, ?, ?)", ((i, w, sound(w)) for w, i in known.items())
    )


class Index:
    """An open index, for several threads. `version` is that of the data it was made from."""

    def __init__(self, path: Path) -> None:
        self._free: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        for _ in range(_READERS):
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            facts = dict(connection.execute("SELECT name, value FROM facts"))
            self._free.put(connection)
        self.version = str(facts["version"])
        self.trigrams = bool(facts["trigrams"])

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else uses meanwhile."""
        connection = self._free.get()
        try:
            yield connection
        finally:
            self._free.put(connection)

    def __del__(self) -> None:
        # Whoever searches holds the index, so by now nobody does.
        with contextlib.suppress(queue.Empty, AttributeError):
            while True:
                self._free.get_nowait().close()
