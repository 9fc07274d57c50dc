"""The reader's language: chosen by the address or the browser, kept by links and forms."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from werkzeug.test import Client

from kg.web.languages import LANGUAGES

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "src/kg/web/translations"
TEMPLATES = Path(__file__).parents[2] / "src/kg/web/templates"


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/", "", "en"),
        ("/", "tr", "tr"),
        ("/", "de, az-Latn-AZ;q=0.8, en;q=0.5", "az"),
        ("/", "de", "en"),
        ("/", "tr-TR, en;q=0.8", "tr"),
        ("/", "ru;q=0.3, az;q=0.5", "az"),
        ("/", "ru;q=0", "en"),
        ("/nothing-here", "ru", "ru"),
        ("/?lang=ru", "tr", "ru"),
        ("/list/people?lang=tr", "", "tr"),
    ],
)
def test_the_address_decides_and_else_the_browser(
    article_client: Client, address: str, accepted: str, language: str
) -> None:
    answer = article_client.get(address, headers={**BROWSER, "Accept-Language": accepted})
    assert f'<html lang="{language}" dir="ltr">' in answer.text
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_links_and_forms_keep_the_language_of_the_address(article_client: Client) -> None:
    page = article_client.get("/?lang=tr").text
    inner = re.findall(r'<a [^>]*href="http://127.0.0.1:8000/([^"]*)"', page)
    kept = [link for link in inner if not link.startswith(("static/", "openapi.json"))]
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


def test_errors_speak_the_readers_language_and_mark_what_is_english(article_client: Client) -> None:
    page = article_client.get("/nothing-here?lang=az", headers=BROWSER).text
    assert "<h1>Tapılmadı</h1>" in page
    assert '<p class="lead" lang="az">Bu ünvanda heç nə yoxdur' in page
    page = article_client.get("/list/people?zzz=1&lang=az", headers=BROWSER).text
    assert '<p class="lead" lang="en">' in page
    page = article_client.get("/list/none?lang=tr", headers=BROWSER).text
    assert '<p class="lead" lang="tr">Böyle bir liste yok' in page
    page = article_client.get("/sparql?query=SELECT&lang=ru", headers=BROWSER).text
    assert '<html lang="ru"' in page and "носителем языка" in page
    page = article_client.get("/graph-store?graph=", headers={**BROWSER, "Accept-Language": "tr"})
    assert '<html lang="tr"' in page.text and "Accept-Language" in page.headers["Vary"]


def test_names_and_figures_are_in_the_readers_language(article_client: Client) -> None:
    assert "60.000–70.000" in article_client.get("/?lang=tr").text
    assert "60,000–70,000" in article_client.get("/").text
    ontology = article_client.get("/ontology?lang=ru", headers={"Accept": "text/html"}).text
    assert '<bdi lang="ru">утверждение</bdi>' in ontology
    assert 'lang="en" class="borrowed"' in ontology  # a definition that has no Russian


def test_the_model_is_headed_in_the_readers_language(article_client: Client) -> None:
    page = article_client.get("/ontology?lang=tr", headers={"Accept": "text/html"}).text
    assert "<h2>Sınıflar</h2>" in page and "Classes" not in page
    assert '<bdi lang="tr">tanım</bdi>' in page and ">skos:definition<" not in page
    term = page[page.index('id="Claim"') :]
    assert term.index("#definition") < term.index("#isDefinedBy")  # what it is comes first


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "1,414 claims"), ("tr", "1.414 iddia"), ("ru", "1\xa0414 ")]
)
def test_counts_are_written_by_the_rules_of_the_language(
    article_client: Client, language: str, shown: str
) -> None:
    assert shown in article_client.get(f"/page/suleymanov-2022?lang={language}").text


def test_what_the_dataset_says_in_several_languages_is_in_the_readers(a_copy, client_of) -> None:
    folder = a_copy()
    source = folder / "data/sources/trostnikov-1998"
    for name, before, after in (
        ("claims.ttl", 'nets."@en', 'nets."@en , "Забили двери рыбаков."@ru'),
        (
            "attributions.ttl",
            "id:by-reed-songs a con:Attribution ;",
            "id:by-reed-songs a con:Attribution ;\n"
            '    rdfs:label "Reed songs"@en , "Тростниковые песни"@ru ;',
        ),
    ):
        text = (source / name).read_text()
        assert before in text
        prefix = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        (source / name).write_text(prefix * ("rdfs:" not in text) + text.replace(before, after))
    pages = client_of(folder, "https://example.org/kg/")
    page = pages.get("/page/trostnikov-1998?lang=ru").text
    assert ">Забили двери рыбаков.<" in page and "Nailed the doors" not in page
    assert ">Тростниковые песни<" in page and "Reed songs" not in page


def words() -> set[str]:
    """Every text of the pages that a reader can see, as `make messages` collects them."""
    methods, options = [], {}
    for mapping in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"][
        "mappings"
    ]:
        methods.append((mapping["pattern"].removeprefix("src/kg/web/"), mapping["method"]))
        options[methods[-1][0]] = {k: v for k, v in mapping.items() if k == "trimmed"}
    keywords = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "NotFound": None}
    found = extract_from_dir(ROOT / "src/kg/web", methods, options, keywords=keywords)
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_word_of_the_pages_is_in_the_catalogue(language: str) -> None:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue}
    seen = words()
    assert len(seen) > 100
    assert seen - known == set(), "make messages, and translate what is new"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_entry_is_untranslated_or_fuzzy(language: str) -> None:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    assert len(catalogue) > 20
    for message in catalogue:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), f"{language}: {message.id!r} is not translated"
        if message.pluralizable:
            assert len(texts) == catalogue.num_plurals, message.id
        assert not message.fuzzy, message.id
        assert list(message.check(catalogue)) == [], message.id
    assert not catalogue.obsolete


@pytest.mark.parametrize("language", ["tr", "az", "ru"])
def test_the_ready_citation_is_english_whatever_the_reader(
    article_client: Client, language: str
) -> None:
    """It goes into other texts: names of the work, its author and the dataset are the English."""

    def quoted(lang: str) -> str:
        page = article_client.get(f"/page/claim/suleymanov-2022/44?lang={lang}").text
        found = re.findall(
            r'<p class="citation" lang="en">.*?</p>|<pre lang="en">.*?</pre>', page, re.S
        )
        assert len(found) == 3  # plain text, BibTeX, CSL-JSON
        return "".join(found)

    assert quoted(language) == quoted("en")
    assert "M. Süleymanov" in quoted(language) and "Contested: what sources" in quoted(language)


def test_a_dataset_without_a_title_is_cited_as_contested(a_copy, client_of, root) -> None:
    folder = a_copy(root)
    path = folder / "ontology/prefixes.ttl"
    text = path.read_text(encoding="utf-8")
    untitled = re.sub(r'    dcterms:title (?:"[^"]*"@\w+\s*[,;]\s*)+', "    ", text)
    assert untitled != text
    path.write_text(untitled, encoding="utf-8")
    page = client_of(folder, "http://127.0.0.1:8000/").get("/cite/claim/suleymanov-2022/44.txt")
    assert " in Contested, version " in page.text
