"""Questions have a title in the reader's language, composed where nobody has worded one in it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from kg.dataset import Dataset
from kg.disputes import Chosen
from kg.engine.evaluate import Request
from kg.explain import LANGUAGES
from kg.explain.telling import Teller
from kg.web import languages
from kg.web.naming import named
from kg.web.site import Site
from kg.web.view import View

TAKEN = "russian-imperial-army--prisoners-taken"
HELD = "nargin-camp--prisoners-held--in-all"
CAUSE = "karabakh-rising--cause--of-its-success"

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


@pytest.mark.parametrize(("language", "question"), GOLDEN)
def test_a_question_is_titled_in_the_language_of_its_page(
    article_client, language: str, question: str
) -> None:
    page = article_client.get(f"/page/question/{question}?lang={language}").text
    heading = re.search(r"<h1>(.*?)</h1>", page).group(1)
    assert heading == f'<bdi lang="{language}">{GOLDEN[language, question]}</bdi>'


def test_the_wording_in_another_language_stands_under_a_composed_title(article_client) -> None:
    under = re.compile(r'</h1>\s*<p class="names">(.*?)</p>')
    page = article_client.get(f"/page/question/{TAKEN}?lang=tr").text
    assert f'<bdi lang="en" class="borrowed">{WORDED}</bdi>' in under.search(page).group(1)
    assert under.search(article_client.get(f"/page/question/{TAKEN}?lang=en").text) is None


@pytest.mark.parametrize(
    "path",
    [
        "/list/questions",
        "/list/claims?thing=nargin-camp",
        "/page/nargin-camp",
        "/",
        "/search?q=prisoners+Nargin+camp",
    ],
)
def test_pages_that_list_it_call_it_so(article_client, path: str) -> None:
    title = GOLDEN["ru", HELD]
    following: str | None = f"{path}{'&' if '?' in path else '?'}lang=ru"
    while following:
        page = article_client.get(following).text
        if f'<bdi lang="ru">{title}</bdi>' in page:
            return
        link = re.search(r'<a rel="next" href="[^"]*?(/list/[^"]*)"', page)
        following = link.group(1).replace("&amp;", "&") if link else None
    raise AssertionError(f"{path} does not name it so")


@pytest.mark.parametrize("language", ["tr", "az", "ru"])
def test_kg_explain_composes_the_same_title(article: Dataset, language: str) -> None:
    chosen = Chosen(article)
    iri = article.names.thing(f"question/{TAKEN}")
    teller = Teller(chosen, article.names, LANGUAGES[language])
    said = teller._title(chosen.rivals.questions[iri])
    wanted = re.sub(r"<[^>]+>", "", GOLDEN[language, TAKEN])
    assert re.sub(r" \[\w+\]", "", said) == wanted


def test_titles_cost_one_more_question_at_most(article_engine, article: Dataset, root) -> None:
    """However many questions are named: those of a list that have no title of their own."""
    asked: list[str] = []

    def ask(request: Request):
        asked.append(request.text)
        return article_engine.answer(request)

    site = Site.of(article, "http://127.0.0.1/", ask, lambda: {"digest": "1"})
    questions = [
        q.subject.value for q in article.authored() if q.predicate.value.endswith("ontology#about")
    ][:200]
    app = Flask("kg.web")
    languages.set_up(app)
    with app.test_request_context("/?lang=ru"):
        view = View({}, site.names, named(site, questions))
        titles = [view.label(iri) for iri in questions]
    assert len(asked) <= 2
    assert sum(title.language == "ru" for title in titles) == len(questions)
