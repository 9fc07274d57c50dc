"""Lists: narrowed by plain links with true counts, sorted, paged; a bad address is told."""

from __future__ import annotations

import re
from html import unescape
from typing import ClassVar, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from kg.engine.limits import LIMITS
from kg.web.collation import key
from kg.web.index import FACETS, _labels
from kg.web.site import Site


def facets_of(page: str) -> list[tuple[str, str, int]]:
    """The links of the facets: address, name, count."""
    aside = page[page.index("<aside") : page.index("</aside>")]
    return [
        (unescape(address), name, int(count))
        for address, name, count in re.findall(
            r'<a rel="nofollow" href="([^"]*)"><bdi[^>]*>([^<]*)</bdi></a> <span>(\d+)</span>',
            aside,
        )
    ]


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path.removeprefix('/kg')}?{parts.query}"


def found(page: str) -> tuple[int, int]:
    match = re.search(r'class="summary">([\d,]+)(?: of ([\d,]+)| claims?| in all)\b', page)
    assert match
    some, every = (int((said or match[1]).replace(",", "")) for said in match.groups())
    return some, every


@pytest.fixture(params=["article", "invented"])
def client(request: pytest.FixtureRequest):
    return request.getfixturevalue(f"{request.param}_client")


@pytest.mark.parametrize("name", FACETS)
def test_each_facet_leaves_as_many_as_it_says(client, name: str) -> None:
    page = client.get(f"/list/{name}").text
    for address, value, count in facets_of(page)[::3]:
        narrowed = client.get(path_of(address)).text
        assert found(narrowed)[0] == count, (name, value)
        assert "take away" in narrowed


def test_facets_combine_and_each_can_be_taken_away(article_client) -> None:
    one = article_client.get("/list/claims?side=soviet").text
    address, _value, count = next(f for f in facets_of(one) if f[1] == "strength")
    both = article_client.get(path_of(address)).text
    assert found(both)[0] == count < found(one)[0]
    taken = re.findall(r'class="chosen" rel="nofollow" href="([^"]*)"', both)
    left = [parse_qs(urlsplit(unescape(t)).query) for t in taken]
    assert left == [{"side": ["soviet"]}, {"property": ["strength"]}]


def test_the_claims_of_a_thing(article_client) -> None:
    page = article_client.get("/list/claims?thing=nuri-pasha").text
    assert found(page)[0] >= 64
    assert len(re.findall(r'class="permalink"', page)) == 40
    following = re.search(r'<link rel="next" href="([^"]*)"', page)
    assert following
    rest = article_client.get(path_of(unescape(following.group(1)))).text
    assert len(re.findall(r'class="permalink"', rest)) == found(page)[0] - 40
    assert '<link rel="prev"' in rest


@pytest.mark.parametrize("language", ["en", "tr", "az", "ru"])
def test_names_stand_in_the_order_of_the_language(article_client, language: str) -> None:
    page = article_client.get(f"/list/people?lang={language}").text
    things = page[page.index('<ul class="things">') :]
    names = [unescape(n) for n in re.findall(r"<li><a [^>]*><bdi[^>]*>([^<]*)</bdi>", things)]
    assert len(names) == 100
    assert names == sorted(names, key=lambda name: key(name, language)[0])


def test_other_orders(article_client) -> None:
    page = article_client.get("/list/people?sort=claims").text
    counts = [int(n) for n in re.findall(r"<span>(\d+) claims?</span>", page)]
    assert counts[0] >= 60
    assert counts == sorted(counts, reverse=True)
    years = re.findall(r'class="when">(\d+)', article_client.get("/list/events?sort=year").text)
    assert years == sorted(years)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("colour=red", "colour"),
        ("side=absent", "side"),
        ("side=soviet&side=insurgent", "side"),
        ("sort=size", "sort"),
        ("from=x", "from"),
        ("thing=nobody", "thing"),
        ("year=99", "year"),
        ("side=%3Cb%3E", "side"),
    ],
)
def test_a_bad_address_is_told(article_client, query: str, where: str) -> None:
    answer = article_client.get(f"/list/claims?{query}")
    assert answer.status_code == 400
    problem = answer.get_json()
    assert problem["where"] == where
    assert problem["hint"]


def test_beyond_the_end_there_is_nothing(client) -> None:
    page = client.get("/list/people?from=99999")
    assert page.status_code == 200
    assert "None." in page.text


def test_names_are_asked_for_in_as_many_questions_as_they_need() -> None:
    """A text beyond the guard's limit would be refused, and the list of a large dataset with it."""

    class Asked:
        texts: ClassVar[list[str]] = []

        def rows(self, text: str) -> list[dict[str, str]]:
            self.texts.append(text)
            return []

    things = {f"https://example.org/{'x' * (n % 90)}/{n}" for n in range(9000)}
    assert _labels(cast(Site, Asked()), things) == {}
    assert 2 < len(Asked.texts) < 20
    assert max(map(len, Asked.texts)) < LIMITS.length
    whole = " ".join(Asked.texts)
    named = re.findall(r"<(https://example\.org/[^>]*)>", whole)
    assert sorted(named) == sorted(things)


def test_a_list_says_how_many_it_has_once_and_plainly(article_client) -> None:
    def summary(address: str) -> str:
        page = article_client.get(address).text
        return " ".join(re.search(r'class="summary">([^<]*)', page)[1].split())

    assert re.fullmatch(r"1,[0-9]{3} claims", summary("/list/claims"))
    assert re.fullmatch(r"[0-9]+ in all", summary("/list/places"))
    source = re.search(r"[?]source=([^&\"]+)", article_client.get("/list/claims").text)
    stance = re.search(r"[?]stance=([^&\"]+)", article_client.get("/list/claims").text)
    chosen = f"stance={stance[1]}" if stance else f"source={source[1]}"
    assert re.fullmatch(r"[0-9,]+ of 1,[0-9]{3} claims", summary(f"/list/claims?{chosen}"))
