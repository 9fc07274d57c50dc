"""Questions have a title in the reader's language, composed where nobody has worded one in it.

The dataset of this repository words its questions in every language. How titles are composed is
tested on a copy of it in which only the English wordings are left.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from markupsafe import escape
from werkzeug.test import Client

from kg import dataset as datasets
from kg import store
from kg.dataset import Dataset
from kg.derive import derive
from kg.disputes import Chosen
from kg.engine import Engine
from kg.engine.evaluate import Request
from kg.explain import LANGUAGES
from kg.explain.telling import Teller
from kg.names import con, rdf, rdfs
from kg.web import languages
from kg.web.naming import named
from kg.web.site import Site
from kg.web.view import View

TAKEN = "russian-imperial-army--prisoners-taken"
HELD = "nargin-camp--prisoners-held--in-all"
CAUSE = "karabakh-rising--cause--of-its-success"

# The wordings of one question, as they stand in the data.
OWN = {
    "en": "How many Turkish prisoners passed through the Nargin camp in all?",
    "tr": "Nargin kampından toplam kaç Türk esir geçti?",
    "az": "Nargin düşərgəsindən ümumilikdə neçə türk əsir keçdi?",
    "ru": "Сколько всего турецких пленных прошло через лагерь на Наргене?",
}

# The pages that list that question.
LISTING = [
    "/list/questions",
    "/list/claims?thing=nargin-camp",
    "/page/nargin-camp",
    "/",
    "/search?q=prisoners+Nargin+camp",
]

WORDED = "How many Ottoman soldiers did the Russian army take prisoner?"
WHY = '<bdi lang="en" class="borrowed">What helped the Karabakh uprising to succeed?</bdi>'

# The inside of the heading, by language and question; written by hand from the names in the data.
GOLDEN = {
    ("en", TAKEN): WORDED,
    ("tr", TAKEN): "Rus ordusu: alınan esirler (Türk esirler; bütün süre boyunca toplam)",
    ("az", TAKEN): "Rus ordusu: alınan əsirlər (türk əsirlər; bütün müddət ərzində cəmi)",
    ("ru", TAKEN): "Русская армия: взятые в плен (турецкие военнопленные; всего за всё время)",
    ("en", HELD): "How many Turkish prisoners passed through the Nargin camp in all?",
    ("tr", HELD): "Nargin toplama kampı: tutulan esirler (Türk esirler; bütün süre boyunca toplam; "
    "1915&#39;ten 1918&#39;e kadar)",
    ("az", HELD): "Nargin əsir düşərgəsi: saxlanılan əsirlər (türk əsirlər; bütün müddət ərzində "
    "cəmi; 1915-ci ildən 1918-ci ilə qədər)",
    (
        "ru",
        HELD,
    ): "Лагерь на острове Нарген: содержавшиеся пленные (турецкие военнопленные; всего за всё "
    "время; с 1915 года по 1918 год)",
    # Its parts do not say of what the cause is asked: the wording stands with them.
    ("en", CAUSE): "What helped the Karabakh uprising to succeed?",
    ("tr", CAUSE): f"Karabağ isyanı: neden – “{WHY}”",
    ("az", CAUSE): f"Qarabağ üsyanı: səbəb – «{WHY}»",
    ("ru", CAUSE): f"Карабахское восстание: причина – «{WHY}»",
}


@pytest.fixture(scope="module")
def in_english(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The dataset of this repository with the questions' wordings in other languages taken out."""
    folder = tmp_path_factory.mktemp("in-english")
    for name in ("ontology", "data", "queries"):
        shutil.copytree(root / name, folder / name)
    path = folder / "data/entities/questions.ttl"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r' ,\s*"(?:[^"\\]|\\.)*"@(?:tr|az|ru)(?=\s*[,;.])', "", text)
    assert not re.search(r'"@(?!en\b)', text)
    path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def unworded(in_english: Path) -> Dataset:
    dataset = datasets.load(in_english)
    assert all(said.keys() == {"en"} for said in wordings(dataset).values())
    return dataset


@pytest.fixture(scope="module")
def unworded_client(in_english: Path, client_of: Callable[[Path, str], Client]) -> Client:
    return client_of(in_english, "http://127.0.0.1:8000/")


def wordings(dataset: Dataset) -> dict[str, dict[str, str]]:
    """The wordings of each question, by its IRI and by language."""
    found: dict[str, dict[str, str]] = {
        q.subject.value: {}
        for q in dataset.authored()
        if q.predicate == rdf.type and q.object == con.Question
    }
    for q in dataset.authored():
        if q.predicate == rdfs.label and q.subject.value in found:
            found[q.subject.value][q.object.language] = q.object.value
    return found


def pages(client: Client, path: str, language: str) -> Iterator[str]:
    """A page, and those of the same list that follow it."""
    following: str | None = f"{path}{'&' if '?' in path else '?'}lang={language}"
    while following:
        page = client.get(following).text
        yield page
        link = re.search(r'<a rel="next" href="[^"]*?(/list/[^"]*)"', page)
        following = link.group(1).replace("&amp;", "&") if link else None


@pytest.mark.parametrize(("language", "question"), GOLDEN)
def test_a_question_is_titled_in_the_language_of_its_page(
    unworded_client, language: str, question: str
) -> None:
    page = unworded_client.get(f"/page/question/{question}?lang={language}").text
    heading = re.search(r"<h1>(.*?)</h1>", page).group(1)
    assert heading == f'<bdi lang="{language}">{GOLDEN[language, question]}</bdi>'


def test_the_wording_in_another_language_stands_under_a_composed_title(unworded_client) -> None:
    under = re.compile(r'</h1>\s*<p class="names">(.*?)</p>')
    page = unworded_client.get(f"/page/question/{TAKEN}?lang=tr").text
    assert f'<bdi lang="en" class="borrowed">{WORDED}</bdi>' in under.search(page).group(1)
    assert under.search(unworded_client.get(f"/page/question/{TAKEN}?lang=en").text) is None


@pytest.mark.parametrize("path", LISTING)
def test_pages_that_list_it_call_it_so(unworded_client, path: str) -> None:
    title = f'<bdi lang="ru">{GOLDEN["ru", HELD]}</bdi>'
    assert any(title in page for page in pages(unworded_client, path, "ru"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_is_worded_is_called_by_its_own_wording(
    article_client, article: Dataset, language: str
) -> None:
    """On its page and wherever it is listed: no title is composed, and no wording borrowed."""
    own = f'<bdi lang="{language}">{OWN[language]}</bdi>'
    page = article_client.get(f"/page/question/{HELD}?lang={language}").text
    assert re.search(r"<h1>(.*?)</h1>", page).group(1) == own
    assert language == "en" or GOLDEN[language, HELD] not in page
    space = article.names.thing("question/x").removesuffix("x")
    wanted = {
        iri.removeprefix(space): f'<bdi lang="{language}">{escape(said[language])}</bdi>'
        for iri, said in wordings(article).items()
    }
    assert wanted[HELD] == own
    answered = {
        q.object.value.removeprefix(space) for q in article.authored() if q.predicate == con.answers
    }
    for path in LISTING:
        called: set[tuple[str, str]] = set()
        for page in pages(article_client, path, language):
            assert language == "en" or OWN["en"] not in page
            links = re.findall(r'<a href="[^"]*/page/question/([^"?]*)[^"]*">(.*?)</a>', page)
            called.update((key, name) for key, name in links if key in wanted)
        assert (HELD, own) in called
        assert called <= wanted.items()
        if path == "/list/questions":
            assert {key for key, _ in called} == answered & wanted.keys()


@pytest.mark.parametrize("language", ["tr", "az", "ru"])
def test_kg_explain_composes_the_same_title(unworded: Dataset, language: str) -> None:
    chosen = Chosen(unworded)
    iri = unworded.names.thing(f"question/{TAKEN}")
    teller = Teller(chosen, unworded.names, LANGUAGES[language])
    said = teller._title(chosen.rivals.questions[iri])
    wanted = re.sub(r"<[^>]+>", "", GOLDEN[language, TAKEN])
    assert re.sub(r" \[\w+\]", "", said) == wanted


@pytest.mark.parametrize("language", ["tr", "az", "ru"])
def test_kg_explain_calls_it_by_its_own_wording(article: Dataset, language: str) -> None:
    """With no mark of another language."""
    chosen = Chosen(article)
    iri = article.names.thing(f"question/{HELD}")
    teller = Teller(chosen, article.names, LANGUAGES[language])
    assert teller._title(chosen.rivals.questions[iri]) == OWN[language]


def test_titles_cost_one_more_question_at_most(unworded: Dataset) -> None:
    """However many questions are named: those of a list that have no title of their own."""
    engine = Engine(store.build(unworded, derive(unworded)), unworded.names)
    asked: list[str] = []

    def ask(request: Request):
        asked.append(request.text)
        return engine.answer(request)

    site = Site.of(unworded, "http://127.0.0.1/", ask, lambda: {"digest": "1"})
    questions = [
        q.subject.value for q in unworded.authored() if q.predicate.value.endswith("ontology#about")
    ][:200]
    app = Flask("kg.web")
    languages.set_up(app)
    with app.test_request_context("/?lang=ru"):
        view = View({}, site.names, named(site, questions))
        titles = [view.label(iri) for iri in questions]
    assert len(asked) <= 2
    assert sum(title.language == "ru" for title in titles) == len(questions)
