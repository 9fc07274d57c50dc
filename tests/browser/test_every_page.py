"""What holds for a page of every kind, in a browser."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from kinds import KINDS, STATUS
from playwright.sync_api import Page

Visit = Any  # the Visits of conftest
every_kind = pytest.mark.parametrize("kind", KINDS)
NARROW = 360
DRAWN = {"map", "timeline", "sparql", "sparql, rows", "sparql, error"}


def opened(visit: Visit, kind: str, **more: object) -> Page:
    page = visit(KINDS[kind], status=STATUS.get(kind, 200), **more)
    if kind in DRAWN and more.get("javascript", True):
        page.wait_for_load_state("networkidle")  # its script has drawn then
    return page


@every_kind
def test_axe_finds_no_serious_violation(visit: Visit, axe: str, kind: str) -> None:
    page = opened(visit, kind)
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        told = [
            f"{v['id']} ({v['impact']}): {n['target']} {n['failureSummary']} {n['html'][:200]}"
            for v in found
            if v["impact"] in ("serious", "critical")
            for n in v["nodes"][:3]
        ]
        assert told == [], scheme


@every_kind
def test_a_phone_scrolls_only_downwards(visit: Visit, kind: str) -> None:
    page = opened(visit, kind, width=NARROW, height=740, language="ru")  # the longest words
    wide = page.evaluate(
        """(most) => document.documentElement.scrollWidth <= most ? [] :
          [...document.querySelectorAll("body *")]
            .filter((e) => e.getBoundingClientRect().right > most + 1)
            .slice(0, 5).map((e) => e.outerHTML.slice(0, 160))""",
        NARROW,
    )
    assert wide == []


@every_kind
def test_without_a_script_nothing_that_can_be_read_is_missing(visit: Visit, kind: str) -> None:
    plain = visit(KINDS[kind], javascript=False, status=STATUS.get(kind, 200))
    links = {link.get_attribute("href") for link in plain.query_selector_all("main a[href]")}
    text = " ".join((plain.text_content("main") or "").split())
    assert len(text) > 20
    page = opened(visit, kind)
    for element in page.query_selector_all("main :is(h1, h2, td, li) a[href], main h1"):
        words = " ".join((element.text_content() or "").split())
        assert words in text, words
        assert element.get_attribute("href") in {*links, None}


def test_all_claims_of_a_question_stand_without_a_script(visit: Visit) -> None:
    for kind in ("question", "question of things"):
        page = visit(KINDS[kind], javascript=False)
        question = "https://w3id.org/contested/id/" + KINDS[kind].removeprefix("page/")
        text = (
            f"SELECT ?claim {{ ?claim <https://w3id.org/contested/ontology#answers> <{question}> }}"
        )
        answer = page.request.get(
            f"{visit.address}sparql", params={"query": text, "format": "json"}
        )
        rows = answer.json()["results"]["bindings"]
        assert len(rows) > 1
        for row in rows:
            claim = row["claim"]["value"].removeprefix("https://w3id.org/contested/id/")
            assert page.locator(f"main a[href$='/page/{claim}']").count() > 0, claim


@every_kind
def test_paper_shows_all_of_it(visit: Visit, kind: str) -> None:
    page = opened(visit, kind)
    page.emulate_media(media="print")
    hidden = page.evaluate(
        """() => [...document.querySelectorAll("main :is(h1,h2,h3,p,li,td,dt,dd,pre,figcaption)")]
          .filter((e) => !e.closest("form, nav, aside, .sorts, .downloads, .screen, [hidden]"))
          .filter((e) => e.textContent.trim() &&
            (!e.getClientRects().length || !e.checkVisibility()))
          .slice(0, 5).map((e) => e.outerHTML.slice(0, 160))"""
    )
    assert hidden == []


@every_kind
def test_the_keyboard_comes_to_the_content_first(visit: Visit, kind: str) -> None:
    page = opened(visit, kind)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    levels = page.evaluate(
        "[...document.querySelectorAll('main :is(h1,h2,h3,h4)')].map((h) => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_must_not_happen_is_noticed(visit) -> None:
    """The harness itself: requests to other machines, the policy's reports, errors of scripts."""
    page = visit("about")
    page.evaluate("fetch('http://192.0.2.1/x').catch(() => 0)")
    page.wait_for_function("true")
    assert any("policy: connect-src" in said for said in visit.complaints)
    visit.complaints.clear()
    page.evaluate("document.body.setAttribute('onclick', 'x()'); console.error('broken')")
    page.wait_for_function("true")
    assert any("broken" in said for said in visit.complaints)
    assert any("policy: script-src" in said for said in visit.complaints)
    visit.complaints.clear()
    page.evaluate("location = 'http://192.0.2.1/y'")
    page.wait_for_timeout(500)
    assert any("a request to http://192.0.2.1/y" in said for said in visit.complaints)
    visit.complaints.clear()
