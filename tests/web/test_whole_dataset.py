"""The description of the dataset: one for programs and people, found where VoID looks for it."""

from __future__ import annotations

import json
import re
from html import unescape

import pyoxigraph as ox
import pytest

from kg.formats import GRAPHS

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
BROWSER = {"Accept": "text/html"}


def said(body: bytes, form: ox.RdfFormat, subject: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for quad in ox.parse(body, format=form):
        if getattr(quad.subject, "value", "") == subject:
            found.setdefault(quad.predicate.value, []).append(quad.object.value)
    return found


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
def test_the_dataset_is_described_in_every_format(article_client, article, form) -> None:
    sent = article_client.get("/dataset", headers={"Accept": form.media_type})
    assert sent.status_code == 303
    assert sent.headers["Location"].endswith(f"/dataset.{form.suffix}")
    answer = article_client.get(f"/dataset.{form.suffix}")
    assert answer.mimetype == form.media_type
    about = said(answer.data, form.serializer, f"{article.names.root}dataset")
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    rows = article_client.get("/sparql", query_string={"query": count, "format": "json"}).get_json()
    assert about[f"{VOID}triples"] == [rows["results"]["bindings"][0]["n"]["value"]]
    assert about[f"{VOID}sparqlEndpoint"] == ["http://127.0.0.1:8000/sparql"]
    assert about[f"{DCAT}version"] == [article_client.get("/health").get_json()["digest"]]
    assert int(about[f"{VOID}entities"][0]) > 1000
    assert len(about[f"{VOID}classPartition"]) == int(about[f"{VOID}classes"][0]) > 5
    assert len(about[f"{DCAT}distribution"]) == len(GRAPHS) == len(about[f"{VOID}dataDump"])
    assert len(about["http://purl.org/dc/terms/title"]) == 4
    assert about["http://purl.org/dc/terms/license"][0].endswith("/by/4.0/")
    assert "http://purl.org/dc/terms/source" in about


def test_a_bare_get_of_the_endpoint_says_the_same_of_it(article_client, article) -> None:
    name = f"{article.names.root}dataset"
    turtle = ox.RdfFormat.TURTLE
    bare = article_client.get("/sparql", headers={"Accept": "text/turtle"}).data
    whole = article_client.get("/dataset.ttl").data
    about, more = (said(body, turtle, name) for body in (bare, whole))
    assert about
    for predicate, values in about.items():
        assert set(values) <= set(more[predicate]), predicate


def test_its_dumps_are_whole(article_client, article) -> None:
    body = article_client.get("/dataset.nt").data
    about = said(body, ox.RdfFormat.N_TRIPLES, f"{article.names.root}dataset")
    dump = next(one for one in about[f"{VOID}dataDump"] if "ntriples" in one)
    answer = article_client.get(dump.removeprefix("http://127.0.0.1:8000"))
    assert answer.status_code == 200
    assert answer.data.count(b"\n") == int(about[f"{VOID}triples"][0])


def test_void_is_found_where_it_is_looked_for(article_client) -> None:
    answer = article_client.get("/.well-known/void")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "http://127.0.0.1:8000/dataset"


@pytest.mark.parametrize(
    ("language", "heading", "holds"),
    [("en", "What is in it", "no history"), ("tr", "İçinde ne var", "tarihsel bilgi")],
)
def test_the_dataset_has_a_page(article_client, article, language, heading, holds) -> None:
    assert article_client.get("/dataset", headers=BROWSER).status_code == 303
    page = article_client.get(f"/dataset.html?lang={language}", headers=BROWSER).text
    assert heading in page
    assert holds in page
    counts = json.loads(article_client.get("/health").data)["graphs"]
    assert len(re.findall(r"<dt><code>[^<]*/graph/", page)) == counts
    dump = re.search(r'href="http://127.0.0.1:8000(/graph-store[^"]*ntriples)"', page)
    assert article_client.get(unescape(dump[1])).data.count(b"\n") > 1000
    for link in ("/openapi.json", "/dataset.ttl", "/sparql"):
        assert link in page
    assert "/dataset.html" in article_client.get("/", headers=BROWSER).text
