"""Translations of wordings: beside the original, in the reader's language, and marked as ours."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from kg.names import con

CLAIM = "/page/claim/trostnikov-1998/1"
ONLY_ENGLISH = "/page/claim/trostnikov-1998/2"
QUESTION = "/page/question/battle-of-tushkel--killed--soldiers"
ENGLISH = '<bdi lang="en">about 400 killed</bdi>'


def page(client, path: str, language: str) -> str:
    path += f"{'&' if '?' in path else '?'}lang={language}"
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def beneath(text: str) -> str:
    """What stands under the wording on the page of a claim; empty for nothing."""
    found = re.search(
        r'<dd><q lang="ru">[^<]*</q>.*?</dd>\s*<dt>([^<]*)</dt><dd><q>(.*?)</q></dd>', text
    )
    return f"{found[1]}: {found[2]}" if found else ""


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", f"In our translation: {ENGLISH}"),
        ("tr", 'Bizim çevirimizle: <bdi lang="tr">400 kadar ölü</bdi>'),
        ("az", 'Bizim tərcüməmizdə: <bdi lang="az">400-ə yaxın ölən</bdi>'),
        ("ru", ""),
    ],
)
def test_a_claim_is_translated_for_who_does_not_read_the_original(
    invented_client, language: str, shown: str
) -> None:
    text = page(invented_client, CLAIM, language)
    assert '<q lang="ru">около 400 убитых</q>' in text
    assert beneath(text) == shown


def test_english_stands_in_for_a_language_without_a_translation(invented_client) -> None:
    borrowed = '<bdi lang="en" class="borrowed">allegedly over 900</bdi>'
    assert beneath(page(invented_client, ONLY_ENGLISH, "tr")) == f"Bizim çevirimizle: {borrowed}"
    assert beneath(page(invented_client, ONLY_ENGLISH, "ru")) == ""


def test_a_wording_in_the_readers_language_has_none(invented_client) -> None:
    text = page(invented_client, "/page/claim/quillfeather-2001/1", "en")
    assert "four hundred and twelve dead" in text
    assert "In our translation" not in text


@pytest.mark.parametrize("path", [QUESTION, ONLY_ENGLISH, "/search?q=killed+at+Tushkel"])
def test_tables_have_it_under_the_wording(invented_client, path: str) -> None:
    headed = '<th scope="col">{}</th>'.format
    text = page(invented_client, path, "en")
    row = r'data-label="As worded, and in our translation"><q lang="ru">около 400 убитых</q>\s*'
    assert re.search(row + re.escape(f"<small>{ENGLISH}</small></td>"), text)
    assert headed("As worded, and in our translation") in text
    assert 'data-label="As worded"><q lang="en">four hundred and twelve dead</q>' in text


def test_a_table_without_any_says_nothing_of_translations(invented_client) -> None:
    text = page(invented_client, "/page/question/reed-band--strength", "ru")
    assert "и наш перевод" not in text


@pytest.mark.parametrize(
    "path", ["/page/trostnikov-1998", "/page/battle-of-tushkel", "/list/claims"]
)
def test_lists_of_answers_have_it_after_the_wording(invented_client, path: str) -> None:
    text = page(invented_client, path, "en")
    assert f"<span><i>in our translation:</i> {ENGLISH}</span>" in text
    assert "<i>in our translation:</i>" in text
    assert "400 kadar ölü" not in text
    assert "наш перевод:" not in page(invented_client, path, "ru")


def test_everything_stated_of_a_claim_has_every_language(invented_client) -> None:
    stated = page(invented_client, CLAIM, "az").rpartition("<dl")[2]
    for words in ("about 400 killed", "400 kadar ölü", "400-ə yaxın ölən"):
        assert words in stated


def test_the_data_of_a_claim_carries_its_translations(invented_client, invented) -> None:
    """Turtle and JSON-LD, with one language tag each; nothing of the page is needed for it."""
    claim = f"{invented.names.root}id/claim/trostnikov-1998/1"
    wanted = {"en": "about 400 killed", "tr": "400 kadar ölü", "az": "400-ə yaxın ölən"}
    body = invented_client.get("/data/claim/trostnikov-1998/1.ttl").data
    found = {
        quad.object.language: quad.object.value
        for quad in ox.parse(body, format=ox.RdfFormat.TURTLE)
        if quad.subject == ox.NamedNode(claim) and quad.predicate == con.translation
        if isinstance(quad.object, ox.Literal)
    }
    assert found == wanted
    node = invented_client.get("/data/claim/trostnikov-1998/1.jsonld").get_json()
    said = next(n for n in node.get("@graph", [node]) if "translation" in n)["translation"]
    assert {text["@language"]: text["@value"] for text in said} == wanted


def test_a_search_finds_a_translation(invented_client) -> None:
    def hits(text: str) -> list[dict]:
        return invented_client.get(
            "/api/search", query_string={"q": text, "kind": "claim"}
        ).get_json()["hits"]

    first = hits("allegedly over 900")[0]
    assert first["iri"].endswith("/claim/trostnikov-1998/2")
    assert first["matched"]["field"] == "translation"
    assert first["matched"]["language"] == "en"
    text = page(invented_client, "/search?q=allegedly+over", "en")
    assert "<span>in our translation:</span>" in text


@pytest.mark.parametrize(
    ("claim", "language", "shown"),
    [
        (2729, "ru", "Доклад … № 434"),  # the wording is Russian in Latin letters
        (780, "tr", "yalnızca 23 ay"),  # an abstract in English
        (780, "en", ""),
        (811, "ru", ""),
    ],
)
def test_every_wording_of_the_article_has_all_other_languages(
    article_client, article, claim: int, language: str, shown: str
) -> None:
    text = page(article_client, f"/page/claim/suleymanov-2022/{claim}", language)
    found = re.search(r"</dd>\s*<dt>[^<]*</dt><dd><q><bdi[^>]*>(.*?)</bdi></q></dd>", text)
    assert (found[1] if found else "") == shown
    tags: dict[str, set[str]] = {}
    for quad in article.quads():
        if quad.predicate in (con.wording, con.translation):
            assert isinstance(quad.object, ox.Literal)
            tags.setdefault(str(quad.subject), set()).add(quad.object.language or "")
    assert len(tags) > 1000
    assert all(found >= {"en", "tr", "az", "ru"} for found in tags.values())
