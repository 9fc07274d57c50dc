"""The reader's language: chosen by the address or the browser, kept by links and forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.test import Client

TEMPLATES = Path(__file__).parents[2] / "src/kg/web/templates"


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/", "", "en"),
        ("/", "tr", "tr"),
        ("/", "de, az-Latn-AZ;q=0.8, en;q=0.5", "az"),
        ("/", "de", "en"),
        ("/?lang=ru", "tr", "ru"),
        ("/list/people?lang=tr", "", "tr"),
    ],
)
def test_the_address_decides_and_else_the_browser(
    article_client: Client, address: str, accepted: str, language: str
) -> None:
    answer = article_client.get(address, headers={"Accept-Language": accepted} if accepted else {})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_links_and_forms_keep_the_language_of_the_address(article_client: Client) -> None:
    page = article_client.get("/?lang=tr").text
    inner = re.findall(r'href="http://127.0.0.1:8000/([^"]*)"', page)
    kept = [link for link in inner if not link.startswith("static/")]
    others = [link for link in kept if "lang=tr" not in link]
    assert sorted(re.findall("lang=..", " ".join(others))) == ["lang=az", "lang=en", "lang=ru"]
    assert len(others) == 3
    assert page.count('<input type="hidden" name="lang" value="tr">') == page.count("<form ")
    assert 'name="lang"' not in article_client.get("/").text


def test_the_switch_stays_on_the_page(article_client: Client) -> None:
    page = article_client.get("/list/people?from=1&lang=tr").text
    assert 'href="http://127.0.0.1:8000/list/people?from=1&amp;lang=ru"' in page


def test_a_language_that_we_do_not_have_is_refused(article_client: Client) -> None:
    answer = article_client.get("/?lang=fr")
    assert answer.status_code == 400
    assert "en, tr, az, ru" in answer.text


def test_no_template_glues_a_query_to_an_address() -> None:
    """``url`` adds the language: what is written behind it would come after a second ``?``."""
    for file in TEMPLATES.glob("*.html"):
        assert not re.search(r"(url|href|here)\([^}]*\}\}[?&]", file.read_text()), file.name
        forms = len(re.findall(r"<form ", file.read_text()))
        assert file.read_text().count("language_field()") == forms, file.name
