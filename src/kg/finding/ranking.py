"""What a text finds, best first. docs/search.md says the rule in words.

Each wanted word looks for words of the index: the same, one that it begins, its stem, one that
sounds like it, one that contains it, and only where there is none of these, one that shares half
of its trigrams. A text scores the share of the wanted words that it has, each as well as it was
met; a whole name that is the asked one comes first, then names that begin with it.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.finding.folding import Word, sound, words
from kg.finding.index import Index, trigrams
from kg.finding.texts import KINDS

__all__ = ["LONGEST", "Found", "Hit", "Name", "search", "wanted"]

LONGEST = 200
"""Characters that are searched for; a question is shorter."""

_SAME, _BEGINS, _STEM, _SOUNDS, _HOLDS, _ALIKE = 1.0, 0.9, 0.8, 0.75, 0.6, 0.5
_FIELDS = {
    "name": 1.0, "title": 1.0, "other name": 0.97, "wording": 0.75, "translation": 0.72,
    "short form": 0.7,
}  # fmt: skip
_NAMES_NOTHING = {"wording", "translation", "short form"}
_KIND = {"claim": 0.9, "attribution": 0.9, "citation": 0.85, "concept": 0.97, "term": 0.95}
_KNOWN, _KNOWN_MOST = 0.05, 0.15  # for each power of ten of what is said about a thing
_LEAST = 1 / 3  # of the wanted words
_ROWS = 6_000  # texts looked at for one wanted word
_ALIKE_LEAST = 0.5  # trigrams that two words must share of all they have
_NEAR = 60  # words alike that are looked at
_MOST_WORDS = 16
_CHUNK = 500

# Words that carry the question, not its matter.
_STOP = frozenset(
    "a an and are at by did does for from had has have how in is it many much of on or says the "
    "there to was were what when where which who whom with ve ile bir kac ne kim hangi nece "
    "hansi i v na s o skolko kto chto kakoi gde".split()
)
# Words that ask for a number, in the four languages of the labels.
_COUNTING = tuple(
    " ".join(word.text for word in words(said))
    for said in ("how many", "how much", "kaç", "neçə", "сколько")
)


@dataclass(frozen=True, slots=True)
class Name:
    """A text of a thing: what it is to it, and its language tag, which may be empty."""

    field: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, by which of its texts, and where in it (start and end of each word
    that met a wanted one). `names` are its names in all languages, those of its question for a
    claim; `claims` is how many answer a question.
    """

    iri: str
    kind: str
    score: float
    matched: Name
    marks: tuple[tuple[int, int], ...]
    names: tuple[Name, ...]
    about: str
    claims: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found. `kinds` counts all that was found, by kind; `total` those of the
    kinds that were asked for. `more`: there are more than that, which were not looked at.
    """

    hits: tuple[Hit, ...]
    total: int
    kinds: dict[str, int]
    more: bool


@dataclass(slots=True)
class _Match:
    """How well one text meets the wanted words: for each the quality and the place."""

    met: dict[int, tuple[float, int]]
    whole: float = 0.0


def wanted(text: str) -> list[Word]:
    """The words of a text that are searched for: those that carry its matter, if any do."""
    every = words(text[:LONGEST])[:_MOST_WORDS]
    return [word for word in every if word.text not in _STOP] or every


def search(index: Index, text: str, *, kind: str = "", start: int = 0, limit: int = 20) -> Found:
    """The things that a text finds, `limit` of them from `start`, of one `kind` or of any."""
    asked = list(dict.fromkeys(word.text for word in wanted(text)))
    if not asked:
        return Found((), 0, {}, False)
    said = " ".join(word.text for word in words(text[:LONGEST]))
    with index.reading() as connection:
        finding = _Finding(connection, asked, index.trigrams)
        finding.whole_names(said)
        finding.words()
        return finding.page(said, kind, start, limit)


class _Finding:
    """One search."""

    def __init__(self, connection: sqlite3.Connection, asked: list[str], grams: bool) -> None:
        self._sql = connection
        self._asked = asked
        self._grams = grams
        self._texts: dict[int, _Match] = defaultdict(lambda: _Match({}))
        self._more = False

    def whole_names(self, said: str) -> None:
        """Texts that are what was said, or begin with it."""
        rows = self._sql.execute(
            "SELECT id, folded = ? FROM texts WHERE folded >= ? AND folded < ? ORDER BY folded "
            "LIMIT 500",
            (said, said, _after(said)),
        )
        for number, same in rows:
            self._texts[number].whole = 2.0 if same else 1.0

    def words(self) -> None:
        """Texts that have the wanted words, one after the other, the longest first: what a word
        of one or two letters begins is looked for only where longer ones were found.
        """
        order = sorted(enumerate(self._asked), key=lambda entry: -len(entry[1]))
        for place, word in order:
            short = len(word) < 3 and len(self._asked) > 1
            found = self._like(word, short)
            rest = dict(found)
            for _, group in _by_quality(found):
                for number, text, at in self._places(group, within=short):
                    old = self._texts[text].met.get(place)
                    if old is None or old[0] < rest[number]:
                        self._texts[text].met[place] = (rest[number], at)

    def _like(self, word: str, short: bool) -> dict[int, float]:
        """The words of the index that a wanted word meets, by number, with how well."""
        found: dict[int, float] = {}

        def take(quality: float, rows: Iterable[tuple[int, ...]]) -> None:
            for row in rows:
                found.setdefault(row[0], quality)

        ask = self._sql.execute
        take(_SAME, ask("SELECT id FROM words WHERE word = ?", (word,)))
        take(
            _BEGINS,
            ask(
                "SELECT id FROM words WHERE word > ? AND word < ? ORDER BY length(word), word "
                "LIMIT 1000",
                (word, _after(word)),
            ),
        )
        if len(word) < 3 or short or word.isdigit():
            return found
        stems = [word[:end] for end in range(4, len(word))]
        marks = ", ".join("?" * len(stems))
        take(_STEM, ask(f"SELECT id FROM words WHERE word IN ({marks})", stems))  # noqa: S608
        heard = sound(word)
        if heard:
            take(_SOUNDS, ask("SELECT id FROM words WHERE sound = ?", (heard,)))
        take(_HOLDS, self._holding(word))
        if not found and len(word) > 3:
            found.update(self._alike(word))
        return found

    def _holding(self, word: str) -> Iterator[tuple[int]]:
        if self._grams:
            yield from self._sql.execute(
                "SELECT rowid FROM grams WHERE grams MATCH ? LIMIT 1000", (f'"{word}"',)
            )
        else:
            yield from self._sql.execute(
                "SELECT id FROM words WHERE instr(word, ?) > 0 LIMIT 1000", (word,)
            )

    def _alike(self, word: str) -> dict[int, float]:
        """Words that share half of their trigrams with this one, which nothing else meets."""
        ours = trigrams(word)
        if self._grams:
            rows = self._sql.execute(
                "SELECT rowid, word FROM grams WHERE grams MATCH ? ORDER BY rank LIMIT ?",
                (" OR ".join(f'"{gram}"' for gram in sorted(ours)), _NEAR),
            ).fetchall()
        else:
            rows = self._sql.execute("SELECT id, word FROM words").fetchall()
        found = {}
        for number, other in rows:
            theirs = trigrams(other)
            share = 2 * len(ours & theirs) / ((len(ours) + len(theirs)) or 1)
            if share >= _ALIKE_LEAST:
                found[number] = _ALIKE * share
        return found

    def _places(self, numbers: list[int], within: bool) -> Iterator[tuple[int, int, int]]:
        room = _ROWS
        for chunk in _chunks(numbers):
            marks = ", ".join("?" * len(chunk))
            rows = self._sql.execute(
                f"SELECT word, text, at FROM places WHERE word IN ({marks}) LIMIT ?",  # noqa: S608
                (*chunk, room + 1),
            ).fetchall()
            if len(rows) > room:
                self._more = True
                rows = rows[:room]
            room -= len(rows)
            yield from (row for row in rows if not within or row[1] in self._texts)
            if not room:
                return

    def page(self, said: str, kind: str, start: int, limit: int) -> Found:
        """Score what was found, thing by thing, and show one page of it."""
        counting = any(f" {ask} " in f" {said} " for ask in _COUNTING)
        best: dict[int, tuple[float, int, int]] = {}  # by thing: score, kind, text
        answered: dict[int, bool] = {}
        for number, thing, field, size, of, counts, claims, spoken_of in self._rows():
            score = self._score(self._texts[number], field, size)
            if score <= 0:
                continue
            score *= _KIND.get(KINDS[of], 1.0)
            score += min(_KNOWN * math.log10(1 + spoken_of), _KNOWN_MOST)
            if counting and counts:
                score += 0.3
            if thing not in best or best[thing][0] < score:
                best[thing] = (score, of, number)
                answered[thing] = claims > 0
        least = min(max((score for score, *_ in best.values()), default=0.0), 1.0) / 2
        kept = [
            (score, of, thing, number)
            for thing, (score, of, number) in best.items()
            if score >= least
        ]
        kinds = Counter(KINDS[of] for _, of, _, _ in kept)
        chosen = [row for row in kept if not kind or KINDS[row[1]] == kind]
        chosen.sort(key=lambda row: (-row[0], not answered[row[2]], row[1], row[2]))
        hits = tuple(self._shown(row) for row in chosen[start : start + limit])
        ordered = {name: kinds[name] for name in KINDS if name in kinds}
        return Found(hits, len(chosen), ordered, self._more)

    def _rows(self) -> Iterator[tuple[int, int, str, int, int, int, int, int]]:
        least = _LEAST * len(self._asked)
        likely = [
            number
            for number, match in self._texts.items()
            if match.whole or len(match.met) >= least
        ]
        for chunk in _chunks(likely):
            marks = ", ".join("?" * len(chunk))
            yield from self._sql.execute(
                "SELECT texts.id, thing, field, size, kind, counts, claims, spoken_of FROM texts "  # noqa: S608
                f"JOIN things ON things.id = thing WHERE texts.id IN ({marks})",
                chunk,
            )

    def _score(self, match: _Match, field: str, size: int) -> float:
        """The share of the wanted words that a text has; more for their order, for little else
        in it, and for being the asked name; nothing below a third.
        """
        met = match.met
        had = sum(quality for quality, _ in met.values())
        at = [met[place][1] for place in sorted(met)]
        # "Ottoman … Russian" and "Russian … Ottoman" are two questions: order counts a little.
        had += 0.1 * sum(a < b for i, a in enumerate(at) for b in at[i + 1 :])
        share = had / len(self._asked)
        if share < _LEAST and not match.whole:
            return 0.0
        whole = match.whole if field not in _NAMES_NOTHING else 0.0
        return (share + 0.1 * had / max(size, 1)) * _FIELDS[field] + whole

    def _shown(self, row: tuple[float, int, int, int]) -> Hit:
        score, of, thing, number = row
        iri, about, claims = self._sql.execute(
            "SELECT iri, about, claims FROM things WHERE id = ?", (thing,)
        ).fetchone()
        matched = Name(
            *self._sql.execute(
                "SELECT field, text, language FROM texts WHERE id = ?", (number,)
            ).fetchone()
        )
        names = self._names(iri)
        if not names and about:
            names = self._names(about)
        places = {at for _, at in self._texts[number].met.values()}
        marks = tuple(
            (word.start, word.end) for at, word in enumerate(words(matched.text)) if at in places
        )
        return Hit(iri, KINDS[of], round(score, 4), matched, marks, names, about, claims)

    def _names(self, iri: str) -> tuple[Name, ...]:
        rows = self._sql.execute(
            "SELECT field, text, language FROM texts JOIN things ON things.id = thing "
            "WHERE iri = ? AND field IN ('name', 'title') ORDER BY field, language, text",
            (iri,),
        )
        return tuple(Name(*row) for row in rows)


def _after(word: str) -> str:
    """The first text that does not begin with a word: a bound for all that do."""
    return word + "\U0010ffff"


def _by_quality(found: dict[int, float]) -> list[tuple[float, list[int]]]:
    groups: dict[float, list[int]] = defaultdict(list)
    for number, quality in found.items():
        groups[quality].append(number)
    return sorted(groups.items(), reverse=True)


def _chunks(numbers: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(numbers), _CHUNK):
        yield numbers[first : first + _CHUNK]
