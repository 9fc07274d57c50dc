"""Stored queries as pages and as an API."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from kg.dataset import Dataset
from kg.formats import RESULTS

API = "/api/queries/"
FIGURES = f"{API}figures/side-by-side"


def links(response) -> dict[str, str]:
    found = re.findall(r'<([^>]*)>; rel="(\w+)"', response.headers.get("Link", ""))
    return {relation: target for target, relation in found}


def follow(client, target: str, **headers):
    parts = urlsplit(target)
    return client.get(f"{parts.path}?{parts.query}", headers=headers)


def test_every_query_answers_as_itself(article_client, invented_client, article, invented) -> None:
    for client, dataset in ((article_client, article), (invented_client, invented)):
        for query in dataset.catalogue:
            text = query.fill({}, dataset.names)
            by_hand = client.get("/sparql", query_string={"query": text, "format": "tsv"})
            ready = client.get(f"{API}{query.name}?format=tsv")
            assert ready.status_code == 200, query.name
            assert ready.data == by_hand.data, query.name
            assert links(ready)["describedby"].endswith(f"/queries/{query.name}")


@pytest.mark.parametrize("form", RESULTS, ids=lambda form: form.name)
def test_every_format_by_name_and_by_accept(article_client, form) -> None:
    named = article_client.get(FIGURES, query_string={"format": form.suffix})
    accepted = article_client.get(FIGURES, headers={"Accept": form.media_type})
    assert named.data == accepted.data
    assert accepted.mimetype == named.mimetype == form.media_type
    if form.serializer != ox.QueryResultsFormat.CSV:
        assert len(list(ox.parse_query_results(named.data, format=form.serializer))) > 10


def test_json_is_plain_until_sparql_is_asked_for(article_client) -> None:
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        response = article_client.get(f"{FIGURES}?limit=2", headers=headers)
        assert response.mimetype == "application/json"
        assert list(response.get_json()) == ["page", "head", "results"]
    sparql = {"Accept": "application/sparql-results+json"}
    response = article_client.get(f"{FIGURES}?limit=2", headers=sparql)
    assert response.mimetype == sparql["Accept"]
    assert set(response.get_json(force=True)) == {"head", "results"}
    assert article_client.get(FIGURES, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("form", ["json", "csv"])
def test_pages_are_pieces_of_the_whole(article_client, form: str) -> None:
    whole = article_client.get(FIGURES, query_string={"format": form})
    rows = rows_of(whole, form)
    found: list = []
    seen = set()
    target = f"{FIGURES}?format={form}&limit=4"
    while target:
        response = follow(article_client, target)
        piece = rows_of(response, form)
        found += piece
        known = links(response)
        if form == "json":
            page = response.get_json()["page"]
            assert page["total"] == len(rows)
            assert {page[name] for name in ("next", "prev")} == {
                known.get("next"),
                known.get("prev"),
            }
        assert parse_qs(urlsplit(known["last"]).query)["offset"] == [str((len(rows) - 1) // 4 * 4)]
        target = known.get("next", "")
        assert target not in seen
        seen.add(target)
    assert found == rows
    back = follow(article_client, known["prev"])
    assert rows_of(back, form) == rows[len(rows) - len(piece) - 4 : len(rows) - len(piece)]
    beyond = article_client.get(FIGURES, query_string={"format": form, "limit": 4, "offset": 999})
    assert rows_of(beyond, form) == []
    assert "next" not in links(beyond)
    assert rows_of(follow(article_client, links(beyond)["prev"]), form) == rows[-4:]


def rows_of(response, form: str) -> list:
    assert response.status_code == 200
    if form == "json":
        return response.get_json(force=True)["results"]["bindings"]
    return response.text.splitlines()[1:]


def test_strong_etags_of_wholes_and_pages(article_client) -> None:
    tags = set()
    for query in ("", "?limit=3", "?limit=3&offset=3", "?format=csv", "?format=csv&limit=3"):
        first = article_client.get(FIGURES + query)
        tag = first.headers["ETag"]
        assert not tag.startswith("W/")
        tags.add(tag)
        again = article_client.get(FIGURES + query, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        other = article_client.get(FIGURES + query, headers={"If-None-Match": '"x"'})
        assert (other.status_code, other.data) == (200, first.data)
        assert "must-revalidate" in first.headers["Cache-Control"]
    assert len(tags) == 5


def test_parameters_narrow_the_answer(article_client) -> None:
    for value in ("nargin-camp", "id:nargin-camp", "https://w3id.org/contested/id/nargin-camp"):
        response = article_client.get(f"{API}things/about", query_string={"thing": value})
        assert response.data == article_client.get(f"{API}things/about").data
    other = article_client.get(f"{API}things/about", query_string={"thing": "baku", "limit": 1})
    assert "thing=baku" in links(other)["next"]
    # What a form sends empty is left out.
    assert article_client.get(f"{API}things/about?thing=").data == response.data


@pytest.mark.parametrize(
    ("name", "query", "where", "given", "expected"),
    [
        ("places/what-happened", "from=1921-02-30", "from", "1921-02-30", "YYYY-MM-DD"),
        ("places/what-happened", "from=20210203", "from", "20210203", "YYYY-MM-DD"),
        ("places/what-happened", "place=a b", "place", "a b", "a full IRI"),
        ("places/what-happened", "place=<x>} DROP", "place", "DROP", "a full IRI"),
        ("places/names", "plaec=baku", "plaec", "plaec", "place"),
        ("figures/parts-and-whole", "width=1e3", "width", "1e3", "0.25"),
        ("figures/parts-and-whole", "width=NaN", "width", "NaN", "0.25"),
        ("figures/parts-and-whole", "modal=yes", "modal", "yes", "true or false"),
        ("checks/suspect-locators", "pages=1.5", "pages", "1.5", "whole number"),
        ("checks/suspect-locators", "pages=٣", "pages", "٣", "whole number"),
        ("disagreement/effect-of-policies", "policy=none", "policy", "none", "archival-only"),
        ("places/names", "place=" + "x" * 1001, "place", "1,001", "1,000"),
        ("places/names", "place=baku&place=shusha", "place", "2 times", "once"),
        ("places/names", "limit=0", "limit", "0", "from 1 to 10,000"),
        ("places/names", "limit=10001", "limit", "10001", "from 1 to 10,000"),
        ("places/names", "limit=5&offset=-1", "offset", "-1", "from 0"),
        ("places/names", "offset=5", "offset", "", "limit"),
        ("places/names", "format=png", "", "png", "csv"),
        ("places/names", "timeout=soon", "timeout", "soon", "seconds"),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said(
    article_client, name: str, query: str, where: str, given: str, expected: str
) -> None:
    pairs = [part.split("=", 1) for part in query.split("&")]
    response = article_client.get(API + name, query_string=[tuple(pair) for pair in pairs])
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    problem = response.get_json(force=True)
    assert where in problem.get("where", "")
    assert given in problem["detail"]
    assert expected in problem["hint"]


def test_an_unknown_query_names_its_neighbours(article_client) -> None:
    response = article_client.get(f"{API}figures/side-by-sid")
    assert response.status_code == 404
    assert "figures/side-by-side" in response.get_json(force=True)["hint"]


def test_any_web_page_may_ask(article_client) -> None:
    assert article_client.get(FIGURES).headers["Access-Control-Allow-Origin"] == "*"
    asked = article_client.options(FIGURES)
    assert asked.status_code == 204
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]
    refused = article_client.post(FIGURES)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_list_names_every_query(article_client, article: Dataset) -> None:
    body = article_client.get("/api/queries").get_json()
    assert [entry["name"] for entry in body["queries"]] == list(article.catalogue.queries)
    for entry in body["queries"]:
        stored = article.catalogue.named(entry["name"])
        assert [p["name"] for p in entry["parameters"]] == [p.name for p in stored.params]
        assert entry["columns"] == dict(stored.returns)
        assert follow(article_client, entry["page"]).status_code == 200
    moved = article_client.get("/api/queries/")
    assert moved.status_code == 308


def test_every_page_shows_its_answer(article_client, invented_client, article, invented) -> None:
    for client, dataset in ((article_client, article), (invented_client, invented)):
        for query in dataset.catalogue:
            response = client.get(f"/queries/{query.name}")
            assert response.status_code == 200, query.name
            rows = rows_of(client.get(f"{API}{query.name}?format=json"), "json")
            shown = response.text.count("<tr>") - 1 if rows else 0
            assert shown == min(len(rows), 50), query.name
            for parameter in query.params:
                assert f'name="{parameter.name}"' in response.text
            for form in RESULTS:
                assert f"format={form.name}" in response.text


def test_things_of_a_form_are_picked_by_name(article_client) -> None:
    page = article_client.get("/queries/places/what-happened").text
    assert '<option value="baku">Baku</option>' in page
    assert 'type="date"' in page
    roles = article_client.get("/queries/events/leaders").text
    assert re.search(r'<option value="role:leader"[^>]*>', roles)
    by_name = article_client.get(
        "/queries/people/of-a-group", query_string={"group": "Nargin kampları"}
    )
    by_id = article_client.get("/queries/people/of-a-group", query_string={"group": "nargin-camp"})
    for spelling in ("Şuşa", "Шуша", "SHUSHA"):
        found = article_client.get("/queries/places/names", query_string={"place": spelling})
        assert found.status_code == 200, spelling
        assert 'value="shusha"' in found.text
    assert by_id.status_code == 200
    other_name = article_client.get(
        "/queries/people/of-a-group", query_string={"group": "Nargin kampı"}
    )
    assert other_name.status_code == 200
    assert 'value="nargin-camp"' in other_name.text
    # A name of no single thing is asked back.
    assert by_name.status_code == 400
    assert "group=nargin-camp" in by_name.text
    nobody = article_client.get("/queries/places/names", query_string={"place": "Zzyzx"})
    assert nobody.status_code == 400


def test_a_page_with_a_wrong_parameter_keeps_the_form(article_client) -> None:
    response = article_client.get("/queries/places/what-happened?from=1921-02-30&place=baku")
    assert response.status_code == 400
    assert 'type="text" value="1921-02-30"' in response.text
    assert 'value="baku"' in response.text
    assert "YYYY-MM-DD" in response.text


def test_a_page_leads_on(article_client) -> None:
    first = article_client.get("/queries/claims/from-source").text
    target = re.search(r'rel="next" href="([^"]*)"', first)
    assert target
    second = follow(article_client, target.group(1).replace("&amp;", "&"))
    assert 'rel="prev"' in second.text
    assert first != second.text


def test_the_gallery_is_searched_by_words(article_client) -> None:
    everything = article_client.get("/queries/").text
    some = article_client.get("/queries/", query_string={"q": "rival figure"}).text
    assert "figures/side-by-side" in some
    assert "people/names" not in some
    assert "people/names" in everything
    none = article_client.get("/queries/", query_string={"q": "zebra"})
    assert none.status_code == 200
    assert "figures/side-by-side" not in none.text


def test_the_forms_fields_are_those_that_exist(article: Dataset) -> None:
    from kg.finding.texts import KINDS

    lists = {path.stem for path in (article.path / "ontology" / "vocab").glob("*.ttl")}
    for query in article.catalogue:
        for parameter in query.params:
            kind, slash, name = parameter.of.partition("/")
            if slash:
                assert (kind, name in lists) == ("list", True), query.name
            else:
                assert set(parameter.of.split()) <= {*KINDS, "any"}, query.name


def test_json_pages_are_json_whatever_is_in_them(invented_client, invented: Dataset) -> None:
    for query in invented.catalogue:
        response = invented_client.get(f"{API}{query.name}?limit=3")
        assert json.loads(response.data)["page"]["query"] == query.name


TITLES = {"tr": "Bu soru için kim hangi", "az": "Bu sual üçün kim", "ru": "Кто какое число даёт"}


@pytest.mark.parametrize("language", TITLES)
def test_stored_queries_speak_the_language_of_the_reader(article_client, language) -> None:
    for page in ("/queries/", "/sparql", "/queries/figures/for-one-question"):
        shown = article_client.get(f"{page}?lang={language}", headers={"Accept": "text/html"}).text
        assert f'<bdi lang="{language}">{TITLES[language]}' in shown, page
        assert "Who gives which figure" not in shown
        told, _, _ = shown.partition('<table class="answer">')
        assert "borrowed" not in told.partition("<select")[0], page
    found = article_client.get(f"/queries/?lang={language}&q={TITLES[language][:12]}").text
    assert TITLES[language] in found
    listed = article_client.get("/api/queries", headers={"Accept-Language": language}).get_json()
    questions = {query["question"] for query in listed["queries"]}
    assert "Who gives which figure for this question?" in questions


def test_what_nobody_has_translated_is_shown_in_its_own_language(invented_client) -> None:
    query = next(iter(invented_client.get("/api/queries").get_json()["queries"]))
    page = invented_client.get(f"/queries/{query['name']}?lang=ru", headers={"Accept": "text/html"})
    assert f'<bdi lang="en" class="borrowed">{query["question"]}' in page.text
