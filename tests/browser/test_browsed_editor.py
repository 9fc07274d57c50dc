"""The query editor in a browser: it completes, runs and shows, and asks this server alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

Visit = Callable[..., Page]


def opened(visit: Visit, path: str = "sparql", **more: object) -> Page:
    page = visit(path, **more)
    expect(page.locator(".CodeMirror")).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    """Put a text into the editor in place of what is there, as typing does."""
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def test_typing_completing_and_running_ask_this_server_alone(visit: Visit) -> None:
    # That nothing leaves is what `visit` fails for: it lets no other request through.
    page = opened(visit)
    write(page, "")
    page.keyboard.type("SELECT * WHERE { ?claim con:answ", delay=20)
    hint = page.locator(".CodeMirror-hint")
    expect(hint.first).to_have_text("con:answers")
    page.keyboard.press("Enter")
    page.keyboard.type(" ?question } LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("table.answer tbody tr")).to_have_count(3)
    text = page.locator(".CodeMirror-code").inner_text()
    assert "PREFIX con: <https://w3id.org/contested/ontology#>" in text
    link = page.locator("table.answer td a").first.get_attribute("href")
    assert link and "/page/" in link


def test_classes_prefixes_and_variables_are_completed_from_here(visit: Visit) -> None:
    page = opened(visit)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    write(page, "PREFIX sk")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("skos: <")
    page.keyboard.press("Escape")
    write(page, "PREFIX con: <https://w3id.org/contested/ontology#>\nSELECT * { ?x a con:Upri")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint").first).to_have_text("con:Uprising")
    assert all("/sparql" in address for address in asked)


def test_a_question_of_the_gallery_runs_by_one_click(visit: Visit) -> None:
    page = opened(visit)
    page.get_by_text("Ready questions").click()
    page.get_by_label("Find a question").fill("uprisings where")
    found = page.locator("[data-question]:visible")
    expect(found).to_have_count(1)
    found.click()
    expect(page.locator("[data-status]")).to_contain_text("Rows: 31")
    assert "query=" in page.url


def test_an_error_is_shown_at_its_line(visit: Visit) -> None:
    page = opened(visit)
    write(page, "SELECT * {\n  ?s ?p ?o .\n  ?s ?p ] .\n}")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".problem")).to_contain_text("Line 3")
    expect(page.locator(".problem")).to_have_attribute("lang", "en")
    expect(page.get_by_role("alert")).to_contain_text("Line 3")
    expect(page.locator("[data-status]")).to_be_empty()
    expect(page.locator(".fault-line")).to_have_count(1)
    number = page.locator(".CodeMirror-code > div:has(.fault-line) .CodeMirror-linenumber")
    expect(number).to_have_text("3")
    page.locator(".CodeMirror").click()
    page.keyboard.type(" ")
    expect(page.locator(".fault-line")).to_have_count(0)
    # The refusal itself is what the browser complains of.
    visit.complaints[:] = [c for c in visit.complaints if "status of 400" not in c]


def test_an_error_of_the_address_is_shown_without_asking_again(visit: Visit) -> None:
    page = visit("sparql?query=SELECT%20*%20%7B%0A%20%3Fs", status=400)
    expect(page.locator(".fault-line")).to_have_count(1)
    expect(page.locator(".editor .problem")).to_be_visible()


def test_answers_as_chart_and_as_map(visit: Visit) -> None:
    page = opened(visit)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("table.answer tbody tr")).to_have_count(20)
    page.locator(".select_chart").click()
    expect(page.locator("table.bars rect")).to_have_count(20)
    write(page, "PREFIX geo: <http://www.opengis.net/ont/geosparql#>\nSELECT * { ?p geo:asWKT ?w }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-status]")).to_contain_text("Rows: 23")
    page.locator(".select_pointmap").click()
    expect(page.locator(".leaflet-marker-icon")).to_have_count(23)
    page.locator(".select_table").click()
    expect(page.locator("table.answer tbody tr")).to_have_count(23)


def test_what_a_query_costs_stands_against_the_limits(visit: Visit) -> None:
    page = opened(visit)
    expect(page.locator("[data-length]")).to_contain_text("Characters: ")
    page.get_by_role("button", name="What does it cost?").click()
    expect(page.locator("[data-costs] li").first).to_be_visible()
    expect(page.locator("[data-costs]")).to_contain_text("of 64")


def test_the_address_of_a_query_opens_with_its_answer(visit: Visit) -> None:
    page = opened(visit)
    write(page, "ASK { ?s ?p ?o }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-status]")).to_contain_text("Answered")
    again = opened(
        visit, page.url.partition("/sparql")[1].lstrip("/") + page.url.partition("/sparql")[2]
    )
    expect(again.locator(".CodeMirror-code")).to_contain_text("ASK")
    expect(again.locator("[data-status]")).to_contain_text("Answered")


def test_nothing_of_a_query_is_kept_in_the_browser(visit: Visit) -> None:
    page = opened(visit)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("table.answer")).to_be_visible()
    kept = page.evaluate("Object.values(localStorage).join(' ')")
    assert "SELECT" not in kept and "karabakh" not in kept


def test_the_words_of_the_editor_are_in_the_readers_language(visit: Visit) -> None:
    page = opened(visit, language="ru")
    assert page.locator("html").get_attribute("lang") == "ru"
    page.locator("[data-run]").click()
    expect(page.locator("table.answer")).to_be_visible()
