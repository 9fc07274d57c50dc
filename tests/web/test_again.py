"""A page is made once for a version of the data, an address and a language, not given beyond."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from kg.dataset import Dataset
from kg.engine import Engine, Request
from kg.web import create_app
from kg.web.site import Site

BROWSER = {"Accept": "text/html"}
PERSON = "/page/nuri-pasha"


class Watched:
    """A client of the pages, with what they asked the engine; `version` is that of the data."""

    def __init__(self, dataset: Dataset, engine: Engine) -> None:
        self.asked: list[str] = []
        self.version = "1"

        def ask(request: Request):
            self.asked.append(request.text)
            return engine.answer(request)

        site = Site.of(dataset, "http://127.0.0.1/", ask, lambda: {"digest": self.version})
        self.client: FlaskClient = create_app(site).test_client()

    def get(self, path: str, **headers: str):
        """The answer, and how many questions it took."""
        self.asked.clear()
        answer = self.client.get(path, headers={**BROWSER, **headers})
        return answer, len(self.asked)


@pytest.fixture
def pages(article: Dataset, article_engine: Engine) -> Watched:
    return Watched(article, article_engine)


def test_the_same_page_is_made_once(pages: Watched) -> None:
    first, asked = pages.get(PERSON)
    again, asked_again = pages.get(PERSON)
    assert asked > 0 == asked_again
    assert again.data == first.data
    for name in ("Content-Type", "Content-Language", "Link", "Vary", "ETag", "Cache-Control"):
        assert again.headers.getlist(name) == first.headers.getlist(name)
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_another_version_of_the_data_is_another_page(pages: Watched) -> None:
    first, _ = pages.get(PERSON)
    pages.version = "2"
    second, asked = pages.get(PERSON)
    assert asked > 0
    assert second.headers["ETag"] != first.headers["ETag"]  # it names its version


def test_nothing_is_kept_of_an_unknown_version(pages: Watched) -> None:
    pages.version = ""
    for _ in range(2):
        assert pages.get(PERSON)[1] > 0


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"{PERSON}?lang=tr", {}),
        (PERSON, {"Accept-Language": "ru, en;q=0.5"}),
        (f"{PERSON}?from=50", {}),
        ("/page/karabakh", {}),
    ],
)
def test_another_address_or_language_is_another_page(
    pages: Watched, path: str, headers: dict[str, str]
) -> None:
    first, _ = pages.get(PERSON)
    other, asked = pages.get(path, **headers)
    assert asked > 0
    assert other.data != first.data


def test_another_public_address_is_another_page(pages: Watched) -> None:
    pages.get(PERSON)
    other = pages.client.get(
        PERSON, headers=BROWSER, environ_overrides={"kg.base": "https://example.org/kg/"}
    )
    assert 'href="https://example.org/kg/' in other.text
    assert 'href="http://127.0.0.1/' not in other.text


def test_who_has_it_already_is_told_so(pages: Watched) -> None:
    first, _ = pages.get(PERSON)
    told, asked = pages.get(PERSON, **{"If-None-Match": first.headers["ETag"]})
    assert (told.status_code, told.data, asked) == (304, b"", 0)
    assert told.headers["ETag"] == first.headers["ETag"]
    assert "Accept-Language" in told.headers["Vary"]


def test_a_head_has_the_fields_of_the_page(pages: Watched) -> None:
    first, _ = pages.get(PERSON)
    head = pages.client.head(PERSON, headers=BROWSER)
    assert head.data == b""
    assert head.headers["ETag"] == first.headers["ETag"]
    assert head.headers["Content-Length"] == first.headers["Content-Length"]


def test_a_document_is_still_given_in_the_form_that_is_accepted(pages: Watched) -> None:
    page, _ = pages.get("/ontology")
    data, asked = pages.get("/ontology", Accept="text/turtle")
    assert page.mimetype == "text/html"
    assert (data.mimetype, asked) == ("text/turtle", 1)
    assert pages.get("/ontology")[0].data == page.data


def test_what_is_refused_or_not_there_is_not_kept(pages: Watched) -> None:
    for path, status in (
        ("/page/nobody", 404),
        ("/list/people?from=x", 400),
        (f"{PERSON}?lang=xx", 400),
    ):
        for _ in range(2):
            answer, _ = pages.get(path)
            assert answer.status_code == status
            assert "ETag" not in answer.headers
