"""What `kg explain` says is what a careful editor of each language wrote, word for word.

The golden texts were written by hand from the data and read against the printed page.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg import dataset as datasets
from kg.dataset import Dataset
from kg.disputes import Chosen, share
from kg.errors import ParameterError
from kg.explain import LANGUAGES, explain
from kg.explain.plan import of_question
from kg.explain.telling import Teller

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"


def texts(language: str) -> Iterator[tuple[str, str, list[str], str]]:
    """Dataset, name, options and the expected text of each golden text of a language."""
    for part in (GOLDEN / f"{language}.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        head, _, body = part.partition("\n")
        dataset, name, *options = shlex.split(head)
        yield dataset, name, options, body.strip()


ALL = [
    pytest.param(language, *golden, id=f"{language} {golden[1]}")
    for language in LANGUAGES
    for golden in texts(language)
]


@pytest.mark.parametrize(("language", "dataset", "name", "options", "expected"), ALL)
def test_golden(
    language: str,
    dataset: str,
    name: str,
    options: list[str],
    expected: str,
    article: Dataset,
    invented: Dataset,
) -> None:
    given = dict(zip(options[::2], options[1::2], strict=True))
    told = explain(
        {"article": article, "invented": invented}[dataset],
        name,
        language=language,
        policy=given.get("--policy", "all"),
        about=share(given.get("--about", "0.1")),
    )
    assert told.text() == expected


def test_each_golden_case_is_there_in_every_language() -> None:
    """Six at the least, and the kinds of case that readers meet."""
    for language in LANGUAGES:
        names = {name for _, name, _, _ in texts(language)}
        assert len(names) >= 14
        assert names >= {"sul:44", "sul:84", "sul:45", "sul:189", "sul:156", "eq:32", "eq:25"}


def test_a_changed_claim_changes_what_is_said(a_copy: Callable[..., Path]) -> None:
    """19,000-22,000 against 20,000-70,000: nothing but the claim was edited."""
    folder = a_copy(ROOT)
    path = folder / "data/sources/suleymanov-2022/claims-823-827.ttl"
    old = "con:low 60000 ; con:high 70000 ;"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, "con:low 20000 ; con:high 70000 ;"), encoding="utf-8")
    said = explain(datasets.load(folder), "q:russian-imperial-army--prisoners-taken").text()
    assert "from 20,000 to 70,000 persons" in said
    assert "(1) and (2) overlap in part." in said
    assert "exclude each other" not in said


def test_what_was_planned_is_taken_together_by_itself(a_copy: Callable[..., Path]) -> None:
    """Of four figures two become plans: each two reach as far as they reach."""
    folder = a_copy()
    path = folder / "data/sources/trostnikov-1998/claims.ttl"
    text = path.read_text(encoding="utf-8")
    for number in ("con:point 900 ;", "con:point 400 ;"):
        assert text.count(number) == 1
        text = text.replace(number, f"{number} con:modality modality:planned ;")
    if "prefix modality:" not in text:
        text = f"@prefix modality: <https://w3id.org/contested/vocab/modality/> .\n{text}"
    path.write_text(text, encoding="utf-8")
    told = {
        language: explain(
            datasets.load(folder), "q:battle-of-tushkel--killed--soldiers", language=language
        ).text()
        for language in LANGUAGES
    }
    assert "Taken together the figures run from 360 to 440 persons." in told["en"]
    assert "Taken together the figures (planned) start at 360 persons;" in told["en"]
    assert "Sayılar (planlanmış) birlikte alındığında 360 kişiden başlıyor;" in told["tr"]
    assert "Rəqəmlər (planlaşdırılmış) birlikdə 360 nəfərdən başlayır;" in told["az"]
    assert "числа (запланировано) начинаются с 360 человек;" in told["ru"]
    assert "(2) and (4) exclude each other" not in told["en"]


def test_every_language_has_every_sentence() -> None:
    """What is in brackets may differ (a language bends its words), but no sentence is missing."""
    own = {"from", "until", "after", "in the work", "numbered", "unnumbered", "broken", "hearsay"}
    own |= {name for name in LANGUAGES["en"].phrases if name.endswith(", after")}
    first, *others = (set(language.phrases) - own for language in LANGUAGES.values())
    assert all(first == other for other in others)


def test_the_width_of_about_is_the_askers_and_is_said(article: Dataset) -> None:
    name = "q:lankaran-astara-rising--strength"
    said = explain(article, name, language="ru", about=share("20%")).text()
    assert "«Около» при одном числе понимается как ±20\u00a0%;" in said


def test_json_gives_each_clause_with_the_claims_behind_it(
    article: Dataset, a_copy: Callable[..., Path]
) -> None:
    """In a copy in which the question isn't worded in Turkish; as it is, nothing is borrowed."""
    folder = a_copy(ROOT)
    path = folder / "data/entities/questions.ttl"
    text = path.read_text(encoding="utf-8")
    wording = ' ,\n        "Rus ordusu kaç Osmanlı askerini esir aldı?"@tr'
    assert text.count(wording) == 1
    path.write_text(text.replace(wording, ""), encoding="utf-8")
    name = "q:russian-imperial-army--prisoners-taken"
    told = explain(datasets.load(folder), name, language="tr").as_json()
    space = "https://w3id.org/contested/id/"
    assert told["question"] == f"{space}question/russian-imperial-army--prisoners-taken"
    assert (told["language"], told["policy"], told["about_width"]) == ("tr", "all", 0.1)
    clauses = {clause["clause"]: clause for clause in told["clauses"]}
    three, four = (f"{space}claim/suleymanov-2022/{number}" for number in (3, 4))
    assert clauses["stands"]["claims"] == clauses["set-against"]["claims"] == [three, four]
    assert clauses["says"]["claims"] == clauses["cites"]["claims"] == [four]
    assert all(c["claims"] for c in told["clauses"] if c["clause"] != "borrowed")
    assert told["borrowed"] == {"en": [told["question"]]}
    worded = explain(article, name, language="tr").as_json()
    assert worded["borrowed"] == {}
    assert all(clause["clause"] != "borrowed" for clause in worded["clauses"])


def test_every_question_and_claim_can_be_told_in_every_language(
    article: Dataset, invented: Dataset
) -> None:
    """No sentence fails for want of a name, a form or a voice, whatever the dataset holds."""
    for dataset in (article, invented):
        chosen = Chosen(dataset)
        for language in LANGUAGES.values():
            teller = Teller(chosen, dataset.names, language)
            for iri in chosen.rivals.questions:
                for sentence in teller.tell(of_question(chosen, iri)):
                    assert sentence.text
                    assert "None" not in sentence.text


@pytest.mark.parametrize("word", ["sul:99999", "q:russian-imperial-army--prisoner-taken"])
def test_a_name_that_is_not_there_gets_the_nearest(word: str, article: Dataset) -> None:
    with pytest.raises(ParameterError) as caught:
        explain(article, word)
    assert caught.value.message == f"there is no claim or question {word!r}"
    near = {"s": "sul:", "q": "q:russian-imperial-army--prisoners-taken"}[word[0]]
    assert near in (caught.value.hint or "")
