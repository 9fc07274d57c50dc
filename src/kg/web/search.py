"""A first search: words of a question against the names of things, folded, ranked.

Names are short and few; a scan over their folded words is enough at this size. Letters are folded
by the standard library's decomposition and a small table, so that Karabağ, Karabag and КАРАБАГ's
Latin kin find each other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kg.web.site import Site
from kg.web.view import Label

__all__ = ["Hit", "find", "fold"]

# Letters that decomposition leaves alone.
_LETTERS = str.maketrans({"ı": "i", "ə": "e", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae"})


def fold(text: str) -> str:
    """Lower case without marks: ``Hüseyin`` and ``HUSEYIN`` are one."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("i̇", "i"))
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)


_LABELS = """PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?thing ?text (LANG(?text) AS ?language) (STR(?kind) AS ?type)
  (EXISTS { ?thing con:countMode ?mode } AS ?counts)
  (EXISTS { ?claim con:answers ?thing } AS ?answered)
WHERE {
  ?thing rdfs:label|skos:prefLabel|skos:altLabel|dcterms:title ?text ; a ?kind .
  FILTER(STRSTARTS(STR(?thing), "%s"))
} ORDER BY ?thing ?text"""

# Words that carry the question, not its matter.
_STOP = frozenset(
    "a an and are at by did does for from had has have how in is it many much of on or says the "
    "there to was were what when where which who whom with".split()
)
# Words that ask for a number, in the four languages of the labels.
_COUNTING = frozenset(map(fold, ("how many", "how much", "kaç", "neçə", "сколько")))
_HITS = 50


@dataclass(frozen=True)
class Hit:
    """A thing whose name fits; `kind` is "question" for a question that has claims, else
    "thing".
    """

    iri: str
    label: Label
    kind: str
    score: float


def find(site: Site, text: str) -> list[Hit]:
    """The things whose names share words with a text, best first, at most 50."""
    wanted = [w for w in _words(text) if w not in _STOP] or _words(text)
    if not wanted:
        return []
    folded = " ".join(_words(text))
    counting = any(words in folded for words in _COUNTING)
    best: dict[str, Hit] = {}
    for row in site.rows(_LABELS % site.names.thing("")):
        score = _score(wanted, _words(row["text"]))
        if score <= 0:
            continue
        is_question = row["type"].endswith("#Question") and row["answered"] == "true"
        if counting and row["counts"] == "true":
            score += 0.3
        hit = Hit(
            row["thing"],
            Label(row["text"], row.get("language", "")),
            "question" if is_question else "thing",
            score,
        )
        if row["thing"] not in best or best[row["thing"]].score < score:
            best[row["thing"]] = hit
    ranked = sorted(best.values(), key=lambda h: (-h.score, h.kind != "question", h.iri))
    return ranked[:_HITS]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _score(wanted: list[str], name: list[str]) -> float:
    """The share of the wanted words that the name has (a shared stem counts less), and a little
    for a short name; nothing below a third.
    """
    hits = 0.0
    for word in wanted:
        if word in name:
            hits += 1
        elif any(
            len(word) > 3 and (n.startswith(word) or word.startswith(n)) for n in name if len(n) > 3
        ):
            hits += 0.8
    # "Ottoman … Russian" and "Russian … Ottoman" are two questions: order counts a little.
    at = [name.index(word) for word in wanted if word in name]
    hits += 0.1 * sum(a < b for i, a in enumerate(at) for b in at[i + 1 :])
    share = hits / len(wanted)
    return share + 0.1 * hits / max(len(name), 1) if share >= 1 / 3 else 0.0
