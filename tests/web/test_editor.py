"""The page of the query editor: the plain form under it, its words, the ready questions."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from kg.web import about
from kg.web.languages import LANGUAGES

BROWSER = {"Accept": "text/html"}


@pytest.fixture
def page(article_client) -> str:
    return article_client.get("/sparql", headers=BROWSER).text


def test_the_plain_form_is_there_without_a_script(article_client, page: str) -> None:
    form = re.search(r"<form[^>]*class=\"query\".*?</form>", page, re.DOTALL)[0]
    assert "<textarea" in form and "<button>" in form
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)[1])
    answer = article_client.get("/sparql", query_string={"query": text}, headers=BROWSER).text
    assert "Who took part in the Karabakh uprising?" in answer


def test_the_gallery_has_every_ready_question(article_client, article, page: str) -> None:
    shown = re.findall(r'<a href="[^"]*/queries/([^"]+)" data-question="([^"]+)"', page)
    assert {name for _, name in shown} == set(article.catalogue.queries)
    assert all(path == name for path, name in shown)
    texts = article_client.get("/editor/questions").get_json()
    assert texts == {query.name: query.text for query in article.catalogue}


def test_the_headings_of_the_gallery_are_in_the_language_of_the_reader(article_client) -> None:
    for language, last in (("tr", "Denetimler"), ("ru", "Проверки"), ("en", "Checks")):
        page = article_client.get(f"/sparql?lang={language}", headers=BROWSER).text
        heads = re.findall(r"<section data-topic><h2><bdi lang=\"(..)\">([^<]*)</bdi></h2>", page)
        assert len(heads) == page.count("<section data-topic>") > 5
        assert {spoken for spoken, _ in heads} == {language}
        assert heads[-1][1] == last


def test_a_bare_get_by_a_program_is_still_the_service_description(article_client) -> None:
    answer = article_client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    assert 'sh:prefix "con"' in answer.text
    assert "https://w3id.org/contested/ontology#" in answer.text


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_script_has_all_its_words_in_every_language(
    article_client, root, monkeypatch, language: str
) -> None:
    monkeypatch.setattr(about, "has", lambda name: True)
    page = article_client.get("/sparql", query_string={"lang": language}, headers=BROWSER).text
    words = json.loads(unescape(re.search(r'data-words="([^"]*)"', page)[1]))
    used = set()
    for script in ("editor.js", "results.js"):
        code = (root / "src" / "kg" / "web" / "static" / script).read_text(encoding="utf-8")
        used |= set(re.findall(r'\bwords\.(\w+)|\bsay\("(\w+)"', code))
    names = {a or b for a, b in used}
    assert names and names <= set(words)
    for name in ("rows", "place", "of"):  # what is filled in must be there to be filled
        assert set(re.findall(r"\{\w+\}", words[name])), name


def test_an_installation_without_the_editor_says_so(article_client, monkeypatch) -> None:
    monkeypatch.setattr(about, "has", lambda name: False)
    page = article_client.get("/sparql", headers=BROWSER).text
    assert "This installation has no editor" in page
    assert "<script" not in page


def test_limits_are_on_the_page_before_they_bite(page: str) -> None:
    for figure in ("200,000", "1,000", "64"):
        assert figure in page


def test_an_answer_is_a_page_however_the_browser_likes_it_coded(article_client) -> None:
    rows = "SELECT ?claim ?page WHERE { ?claim <https://w3id.org/contested/ontology#page> ?page }"
    for _ in range(2):  # evaluated, then out of the cache
        answer = article_client.get(
            "/sparql",
            query_string={"query": rows},
            headers={**BROWSER, "Accept-Encoding": "gzip, deflate, br, zstd"},
        )
        assert answer.status_code == 200
        assert "1,000 are shown" in answer.text
