"""Pages of people, units, places, events and works: what is claimed, in groups, and by whom."""

from __future__ import annotations

import re
from html import unescape

import pyoxigraph as ox
import pytest

from kg import dataset as datasets
from kg.catalogue import Catalogue
from kg.engine import Engine
from kg.engine.evaluate import Request
from kg.names import Names, bibo, con
from kg.web import create_app
from kg.web.site import Site


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_a_person_has_a_dossier(article_client) -> None:
    page = article_client.get("/page/nuri-pasha").text
    said = page.index("What is claimed")
    named = page.index("Named in other answers")
    assert said < named
    assert re.search(r"64\s*claims", text_of(page))
    # The properties stand in the order of their groups: time and place before who was involved.
    assert page.index("vocab/property#moved-to") < page.index("vocab/property#participant")
    assert "/list/claims?thing=nuri-pasha" in page


def test_the_claims_of_a_thing_are_all_there_over_its_pages(article_client, article) -> None:
    iri = article.names.thing("nuri-pasha")
    wanted = {
        q.subject.value
        for q in article.authored()
        if q.object.value == iri and q.predicate.value.endswith("#object")
    }
    questions = {
        q.subject.value
        for q in article.authored()
        if q.object.value == iri and q.predicate.value.endswith("#about")
    }
    wanted |= {
        q.subject.value
        for q in article.authored()
        if q.predicate.value.endswith("#answers") and q.object.value in questions
    }
    shown: set[str] = set()
    path: str | None = "/page/nuri-pasha"
    while path:
        page = article_client.get(path).text
        shown |= set(re.findall(r'class="permalink" href="[^"]*/page/(claim/[^"?]*)', page))
        following = re.search(r'<a rel="next" href="[^"]*(/page/[^"]*)"', page)
        path = unescape(following.group(1)) if following else None
    assert {article.names.thing(identifier) for identifier in shown} == wanted


def claims_on_its_pages(client, path: str) -> list[str]:
    """The ids of the claims on the pages of a thing, in their order, page after page."""
    shown: list[str] = []
    following: str | None = path
    while following:
        page = client.get(following).text
        shown += re.findall(r'class="permalink" href="[^"]*/page/(claim/[^"?]*)', page)
        link = re.search(r'<a rel="next" href="[^"]*(/page/[^"]*)"', page)
        following = unescape(link.group(1)) if link else None
    return shown


def test_a_source_shows_each_claim_once_page_by_page(article_client, article) -> None:
    iri = article.names.thing("suleymanov-2022")
    pages = {
        q.subject.value: q.object.value
        for q in article.authored()
        if q.predicate.value.endswith("ontology#page")
    }
    wanted = [
        q.subject.value
        for q in article.authored()
        if q.object.value == iri and q.predicate.value.endswith("#statedIn")
    ]
    shown = [
        article.names.thing(i) for i in claims_on_its_pages(article_client, "/page/suleymanov-2022")
    ]
    assert len(shown) == len(set(shown))
    assert set(shown) == set(wanted)
    read_at = [int(pages[c].partition("-")[0]) for c in shown if c in pages]
    assert read_at == sorted(read_at)
    assert len(read_at) > 1000


def test_a_claim_that_bears_on_its_source_in_two_ways_stands_there_once() -> None:
    names = Names()
    lines = ["<{id}work> a bibo:Book . <{id}citation/w/n1> a con:Citation ; con:work <{id}work> ."]
    citing, unpaged, paged = [], [], []
    for n in range(1, 131):
        claim = f"claim/w/{n}"
        lines.append(f"<{{id}}{claim}> a con:Claim ; con:answers <{{id}}question/q> ; ")
        lines.append("con:statedIn <{id}work> ; con:text 'so'@en")
        page = f"{n % 7 + 96}"  # 96 to 102: in the order of numbers, not of letters
        lines.append(f"; con:page '{page}'" if n % 10 else "")
        lines.append("; con:cites <{id}citation/w/n1> ." if n % 13 == 0 else ".")
        if n % 13 == 0:
            citing.append(claim)
        elif n % 10 == 0:
            unpaged.append(claim)
        else:
            paged.append((int(page), n, claim))
    turtle = "".join(f"PREFIX {p}: <{n.iri}>\n" for p, n in (("con", con), ("bibo", bibo)))
    turtle += "\n".join(lines).format(id=names.thing(""))
    store = ox.Store()
    store.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    engine = Engine(store, names)
    site = Site(
        names, Catalogue({}), None, "http://127.0.0.1/", engine.answer, lambda: {"digest": "1"}
    )
    client = create_app(site).test_client()
    shown = claims_on_its_pages(client, "/page/work")
    assert set(shown[: len(citing)]) == set(citing)
    assert set(shown[len(citing) : len(citing) + len(unpaged)]) == set(unpaged)
    assert shown[len(citing) + len(unpaged) :] == [claim for _, _, claim in sorted(paged)]
    assert len(shown) == 130
    assert re.search(r"130\s*claims", text_of(client.get("/page/work?from=100").text))


def test_a_place_tells_what_happened_there_and_when(article_client) -> None:
    page = text_of(article_client.get("/page/karabakh").text)
    assert "Suppression of the Karabakh uprising 10 June 1920" in page
    assert "Linked from" in page  # the places within


def test_a_source_is_read_page_by_page(article_client) -> None:
    page = article_client.get("/page/suleymanov-2022").text
    assert "Claims by page" in page
    counts = re.findall(r'([?#][^"]*)">([\d-]+)</a> <span>(\d+)</span>', page)
    assert sum(int(n) for _, _, n in counts) > 1000
    where, number, _ = counts[12]
    there = article_client.get(f"/page/suleymanov-2022{unescape(where)}").text
    assert f'id="p{number}"' in there, "the link of a page leads to its claims"


def test_a_cited_work_says_what_it_is_cited_for(article_client) -> None:
    page = article_client.get("/page/adr-encyclopedia-2005").text
    assert "What it is cited for" in page
    assert "s. 130" in text_of(page)


def test_a_voice_and_a_citation_have_their_claims(article_client) -> None:
    voice = article_client.get("/page/by-karabekir-memoirs").text
    assert "Claims in this voice" in voice
    citation = article_client.get("/page/citation/suleymanov-2022/n40").text
    assert "What it is cited for" in citation


def test_bad_positions_are_refused(article_client) -> None:
    for name in ("from", "links"):
        for bad in ("-1", "x", "1" * 30):
            answer = article_client.get(f"/page/karabakh?{name}={bad}")
            assert answer.status_code == 400
            assert answer.get_json()["where"] == name


@pytest.mark.parametrize(
    "identifier", ["nuri-pasha", "karabakh", "suleymanov-2022", "by-karabekir-memoirs"]
)
def test_a_page_asks_the_engine_four_times_at_most(article_engine, root, identifier: str) -> None:
    asked: list[str] = []

    def ask(request: Request):
        asked.append(request.text)
        return article_engine.answer(request)

    outline = datasets.outline(root)
    assert isinstance(outline.names, Names)
    site = Site.of(outline, "http://127.0.0.1/", ask, lambda: {"digest": identifier})
    client = create_app(site).test_client()
    assert client.get(f"/page/{identifier}").status_code == 200
    # Its kind, its claims, the names of what they mention; of a work, how many were read where.
    assert len(asked) == (4 if identifier == "suleymanov-2022" else 3)
    asked.clear()
    assert client.get(f"/page/{identifier}?view=2").status_code == 200
    assert len(asked) == 2  # names and numbers are known for this version of the data
