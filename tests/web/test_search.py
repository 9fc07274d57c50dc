"""The search as a page and as JSON, and its index through updates."""

from __future__ import annotations

import re
import subprocess
from urllib.parse import urlsplit

import pytest

from kg.errors import IndexUnavailable
from kg.web import finder

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def ask(client, path: str = "/api/search", **parameters):
    return client.get(path, query_string={k.strip("_"): v for k, v in parameters.items()})


def test_a_name_in_another_script(article_client) -> None:
    body = ask(article_client, q="Гусейн", kind="person").get_json()
    first = body["hits"][0]
    assert first["iri"] == "https://w3id.org/contested/id/huseyin-efendi"
    assert first["page"] == "http://127.0.0.1:8000/page/huseyin-efendi"
    assert first["matched"] == {
        "text": "Гусейн-эфенди", "language": "ru", "field": "name", "marks": [[0, 6]]
    }  # fmt: skip
    assert {"text": "Hüseyn Əfəndi", "language": "az"} in first["names"]
    assert {hit["kind"] for hit in body["hits"]} == {"person"}
    assert body["total"] == body["kinds"]["person"]
    page = ask(article_client, "/search", q="Huseyn").text
    assert "<mark>Hüseyn</mark> Əfəndi" in page
    for hit in re.findall(r"<li>\s*<a.*?</li>", page, re.DOTALL):
        name, *matched = re.findall(r"(?:<a [^>]*>|</span>\s*<bdi[^>]*>)(.*?)(?:</a>|</bdi>)", hit)
        said = [re.sub(r"<[^>]*>", "", text) for text in (name, *matched)]
        assert "name:" not in hit or len(set(said)) == 2
    assert 'lang="az"' in page


def test_paging_by_links(article_client) -> None:
    seen: list[str] = []
    response = ask(article_client, q="prison", limit=7)
    while True:
        body = response.get_json()
        seen += [hit["iri"] for hit in body["hits"]]
        links = {
            relation: target
            for target, relation in re.findall(
                r'<([^>]*)>; rel="(\w+)"', response.headers.get("Link", "")
            )
        }
        assert links.get("next") == body["next"]
        assert links.get("prev") == body["prev"]
        if not body["next"]:
            break
        parts = urlsplit(body["next"])
        response = article_client.get(f"{parts.path}?{parts.query}")
    assert len(seen) == len(set(seen)) == body["total"] > 20


def test_the_page_links_its_kinds_and_pages(article_client) -> None:
    page = ask(article_client, "/search", q="Baku", from_="20").text
    assert 'rel="prev"' in page
    assert "kind=place" in page
    places = ask(article_client, "/search", q="Baku", kind="place").text
    assert 'aria-current="true"' in places
    assert "/page/baku" in places


def test_an_etag_that_spares_the_body(article_client) -> None:
    first = ask(article_client, q="Baku")
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = article_client.get(
        "/api/search", query_string={"q": "Baku"}, headers={"If-None-Match": tag}
    )
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert first.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("parameters", "where", "hint"),
    [
        ({}, "q", "q=a name"),
        ({"q": "  "}, "q", "q=a name"),
        ({"q": "x" * 201}, "q", "at most 200"),
        ({"q": "x", "kind": "dragon"}, "kind", "person"),
        ({"q": "x", "limit": "0"}, "limit", "from 1 to 100"),
        ({"q": "x", "limit": "²"}, "limit", "from 1 to 100"),
        ({"q": "x", "from_": "-1"}, "from", "from 0 to"),
        ({"q": "x", "from_": "1" * 40}, "from", "from 0 to"),
    ],
)
def test_what_is_wrong_is_named(article_client, parameters, where: str, hint: str) -> None:
    response = ask(article_client, **parameters)
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    problem = response.get_json(force=True)
    assert problem["where"] == where
    assert hint in problem["hint"]


@pytest.mark.parametrize("text", ["\0", '"', "*", "a OR b", "NEAR(x", "name:x", "<b>", "\u202ex"])
def test_hostile_texts_are_texts(article_client, text: str) -> None:
    assert ask(article_client, q=text).status_code == 200
    page = ask(article_client, "/search", q=text)
    assert page.status_code == 200
    assert "<b>" not in page.text


def test_too_long_is_said_on_the_page(article_client) -> None:
    assert "too long" in ask(article_client, "/search", q="y" * 5000).text


def test_an_index_that_can_not_be_made_is_said(client_of, root, monkeypatch) -> None:
    client = client_of(root, "http://127.0.0.1:8000/")
    broken = subprocess.CompletedProcess([], 1, b"", b"Traceback\nMemoryError: no more")
    with monkeypatch.context() as patch:
        patch.setattr(finder.subprocess, "run", lambda *_, **__: broken)
        for _ in range(2):
            response = ask(client, q="Baku")
            assert response.status_code == IndexUnavailable.status
            assert "Retry-After" in response.headers
            assert "MemoryError" in response.get_json(force=True)["detail"]
    assert client.get("/page/baku").status_code == 200
