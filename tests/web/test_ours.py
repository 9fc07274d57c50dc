"""What a work does not print is told from what it prints wherever the date or answer is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import Client

from kg.model import Facts
from kg.names import CONTESTED, con

SAID = "from about June 1920 to 11 June 1920"  # of sul:79: who held Aghdam
LEGEND = "A time or an answer in square brackets is ours, from the context."
PAGES = [
    "/page/claim/suleymanov-2022/79",
    "/page/question/aghdam--controlled-by",
    "/page/aghdam",
    "/list/claims?thing=aghdam",
    "/map",
    "/timeline",
    "/search?q=Who+held+Aghdam",
    "/cite/claim/suleymanov-2022/79.txt",
    "/cite/claim/suleymanov-2022/79.bib",
    "/cite/claim/suleymanov-2022/79.csl.json",
]


def plain(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


@pytest.mark.parametrize("path", PAGES)
def test_a_time_from_the_context_stands_in_brackets_wherever_it_is_read(
    path: str, article_client: Client
) -> None:
    text = plain(article_client.get(path).text)
    assert text.count(f"[{SAID}]") == text.count(SAID) > 0
    assert LEGEND in text or "A time in square brackets is ours" in text or path[:5] == "/cite"


def test_a_claim_that_prints_its_time_has_no_brackets(
    a_copy: Callable[..., Path], client_of: Callable[..., Client], root: Path
) -> None:
    """The same claim without con:supplied: nothing else was edited."""
    folder = a_copy(root)
    path = folder / "data/sources/suleymanov-2022/claims-828-831.ttl"
    text = path.read_text(encoding="utf-8")
    old = 'con:holdsDuring "1920-06~/1920-06-11"^^edtf:EDTF ; con:supplied con:holdsDuring ;'
    assert text.count(old) == 1
    path.write_text(text.replace(old, old.partition(" ; con:supplied")[0] + " ;"), encoding="utf-8")
    client = client_of(folder, "http://127.0.0.1:8000/")
    for page in (PAGES[0], PAGES[2], "/timeline"):
        text = plain(client.get(page).text)
        assert SAID in text and f"[{SAID}]" not in text


def test_an_answer_from_the_context_stands_in_brackets(article_client: Client) -> None:
    page = article_client.get("/page/claim/suleymanov-2022/156").text
    assert plain(re.search(r"<h1>.*?</h1>", page)[0]) == "[Baku]"
    assert "[Baku]" in plain(re.search(r'<p class="citation".*?</p>', page)[0])


def test_the_rule_that_read_a_loose_word_stands_beside_the_date(article_client: Client) -> None:
    page = article_client.get("/page/claim/suleymanov-2022/49").text
    row = re.search(r"<dt>Read by the rule</dt><dd>(.*?)</dd>", page)[1]
    assert plain(row) == "early in a year = between January 1921 and April 1921"
    for path in ("/timeline", "/page/lankaran-astara-rising", "/page/claim/suleymanov-2022/50"):
        assert "by the rule “ early in a year ”" in plain(article_client.get(path).text)


def test_the_map_and_the_page_of_a_thing_date_alike(article, article_client: Client) -> None:
    """Where a claim has no time, what others say of when its event was, with these claims."""
    whens = {}
    for path in ("/map", "/page/ganja-rising"):
        page = article_client.get(path).text
        rows = re.findall(r"<tr[^>]*data-mark=.*?</tr>", page, re.DOTALL)
        (row,) = (r for r in rows if "/claim/suleymanov-2022/2050" in r)
        whens[path] = re.search(r'<td class="when".*?</td>', row, re.DOTALL)[0]
    assert len(set(whens.values())) == 1
    dates = {
        claim.iri.rpartition("/")[2]
        for claim in Facts(article.authored()).claims()
        if claim.question.endswith("/ganja-rising--date")
    }
    said = re.search(r'<small class="elsewhere">.*?</small>', whens["/map"])[0]
    assert plain(said).startswith("dated elsewhere: Claim ")
    assert set(re.findall(r"/suleymanov-2022/(\d+)", said)) == dates != set()


def test_a_small_timeline_draws_only_what_its_claims_date(article_client: Client) -> None:
    page = article_client.get("/page/ganja-rising").text
    drawn = re.search(r'<table class="timeline small">.*?</table>', page, re.DOTALL)[0]
    assert "elsewhere" not in drawn and "/claim/suleymanov-2022/2049" in drawn


def test_every_rule_by_which_a_date_was_read_has_its_name(article, article_client: Client) -> None:
    """Rules are named by a question of their own kind: no page shows one by its IRI."""
    used = {q.object.value for q in article.authored() if q.predicate == con.dateRule}
    assert used
    for path in ("/map", "/timeline", "/page/karabakh", "/page/nuri-pasha"):
        text = plain(article_client.get(path).text)
        assert "date-rule:" not in text and f"{CONTESTED}vocab/date-rule/" not in text
