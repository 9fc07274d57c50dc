"""Every minted IRI answers: pages, data by Accept and by suffix, and programs are told where."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from kg.dataset import Dataset
from kg.formats import GRAPHS
from kg.web import linked, sitemap

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(params=["article", "invented"])
def site(request: pytest.FixtureRequest):
    name = request.param
    base = {"article": "http://127.0.0.1:8000/", "invented": "https://example.org/kg/"}[name]
    return request.getfixturevalue(f"{name}_client"), request.getfixturevalue(name), base


def path_of(iri: str, dataset: Dataset) -> str:
    for root in (dataset.names.root, "https://w3id.org/contested/"):
        if iri.startswith(root):
            return "/" + iri.removeprefix(root).partition("#")[0]
    raise AssertionError(iri)


def followed(client, base: str, path: str, headers: dict[str, str]):
    """The answer at the end of the redirects (all of them 303)."""
    for _ in range(4):
        answer = client.get(path, headers=headers)
        if answer.status_code != 303:
            return answer
        path = "/" + answer.headers["Location"].removeprefix(base)
    raise AssertionError(path)


DERIVED = """SELECT DISTINCT ?s WHERE { GRAPH ?g { ?s ?p ?o }
  FILTER(isIRI(?s) && CONTAINS(STR(?s), "/derived/")) } ORDER BY ?s"""


def minted(client, dataset: Dataset) -> list[str]:
    """IRIs of every kind that is not below id/: graphs, derived ones, the model, its lists."""
    answer = client.get("/sparql", query_string={"query": DERIVED, "format": "json"})
    derived = [row["s"]["value"] for row in json.loads(answer.data)["results"]["bindings"]]
    assert derived
    kinds = {re.sub(r"[^/]*$", "", iri): iri for iri in derived}
    found = [*kinds.values(), dataset.names.graph("entities"), dataset.names.graph("ontology")]
    found += [dataset.names.graph(f"source/{key}") for key in dataset.sources]
    contested = "https://w3id.org/contested/"
    found += [f"{contested}ontology", f"{contested}ontology#Claim", f"{contested}shapes#claim"]
    return [*found, f"{contested}vocab/side", f"{contested}vocab/side/soviet"]


def test_every_minted_iri_answers_in_every_form(site) -> None:
    client, dataset, base = site
    for iri in minted(client, dataset):
        path = path_of(iri, dataset)
        page = followed(client, base, path, BROWSER)
        assert page.status_code == 200, iri
        assert page.mimetype == "text/html", iri
        assert 'rel="alternate"; type="text/turtle"' in page.headers["Link"], iri
        for form in GRAPHS:
            data = followed(client, base, path, {"Accept": form.media_type})
            assert (data.status_code, data.mimetype) == (200, form.media_type), iri
            assert any(True for _ in ox.parse(data.data, format=form.serializer)), iri


def test_the_links_of_a_page_lead_to_the_same_as_data(site) -> None:
    client, dataset, base = site
    about = min(q.subject.value for q in dataset.authored() if "/id/" in q.subject.value)
    page = client.get("/page/" + dataset.names.identifier(about))
    links = re.findall(r'<([^>]*)>; rel="(\w+)"(?:; type="([^"]*)")?', page.headers["Link"])
    assert [rel for _, rel, _ in links].count("describedby") == 1
    for address, _, media in links:
        data = client.get("/" + address.removeprefix(base))
        assert (data.status_code, data.mimetype) == (200, media)
        assert any(
            ox.NamedNode(about) == t.subject for t in ox.parse(data.data, mime_type_of(media))
        )
        assert f'<{about}>; rel="describes"' in data.headers["Link"]
        again = client.get(
            "/" + address.removeprefix(base), headers={"If-None-Match": data.headers["ETag"]}
        )
        assert again.status_code == 304


def mime_type_of(media: str) -> ox.RdfFormat:
    return next(f.serializer for f in GRAPHS if f.media_type == media)


def test_documents_name_the_form_they_answer_in(site) -> None:
    client, _, base = site
    for path in ("ontology", "shapes", "vocab/side"):
        answer = client.get(f"/{path}", headers={"Accept": "application/ld+json"})
        assert answer.headers["Content-Location"] == f"{base}{path}.jsonld"
        assert "Accept" in answer.headers["Vary"]
        assert client.get(f"/{path}", headers={"Accept": "image/png"}).status_code == 406
        assert client.get(f"/{path}.exe").status_code == 404


def test_the_ontology_and_the_shapes_are_whole(article_client, article: Dataset) -> None:
    served = set(ox.parse(article_client.get("/shapes.nt").data, format=ox.RdfFormat.N_TRIPLES))
    named = {t.subject for t in served if isinstance(t.subject, ox.NamedNode)}
    assert named == {
        q.subject for f in article.shapes for q in f.quads if isinstance(q.subject, ox.NamedNode)
    }
    page = article_client.get("/shapes", headers=BROWSER).text
    assert 'id="claim-stated-in"' in page
    model = set(ox.parse(article_client.get("/ontology.nt").data, format=ox.RdfFormat.N_TRIPLES))
    contested = "https://w3id.org/contested/ontology"
    wanted = {
        q.subject
        for f in article.ontology
        for q in f.quads
        if isinstance(q.subject, ox.NamedNode) and q.subject.value.startswith(contested)
    }
    assert {t.subject for t in model} == wanted


@pytest.mark.parametrize(
    "path",
    [
        "/graph/absent",
        "/graph/absent.ttl",
        "/derived/absent",
        "/derived/a%3Eb.ttl",
        "/derived/absent.html",
        "/vocab/side/absent",
        "/vocab/a%22b/c",
        "/ontology/9.9",
        "/ontology/%22",
        "/sitemap/7.xml",
    ],
)
def test_what_is_not_there_is_404(site, path: str) -> None:
    client, _, _ = site
    assert client.get(path).status_code == 404


def schema_of(page: str):
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block
    return json.loads(block.group(1))


def test_pages_say_what_they_are_about_in_schema_org(article_client) -> None:
    kinds = {
        "nuri-pasha": "Person",
        "karabakh": "Place",
        "11th-red-army": "Organization",
        "karabakh-rising": "Event",
        "suleymanov-2022": "ScholarlyArticle",
        "claim/suleymanov-2022/32": "Claim",
    }
    for identifier, kind in kinds.items():
        node = schema_of(article_client.get(f"/page/{identifier}").text)
        assert node["@type"] == kind
        assert node["@id"].endswith(f"/id/{identifier}")
        assert node["name"]
        # What sources dispute is not said as if it were so.
        assert not {"startDate", "birthDate", "deathDate", "location"} & set(node)


def test_no_label_can_end_the_data_block(invented_client, invented: Dataset) -> None:
    for quad in invented.authored():
        if isinstance(quad.object, ox.Literal) and "<b>" in quad.object.value:
            page = invented_client.get(
                f"/page/{invented.names.identifier(quad.subject.value)}"
            ).text
            block = re.search(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
            assert block
            assert "<" not in block.group(1)
            json.loads(block.group(1))


def addresses(body: bytes) -> list[str]:
    return [unescape(e.text or "") for e in ElementTree.fromstring(body).iter(f"{MAP}loc")]


def test_the_sitemap_names_pages_that_are_there(site) -> None:
    client, _dataset, base = site
    found = addresses(client.get("/sitemap.xml").data)
    assert len(found) == len(set(found)) > 100
    assert f"{base}list/people" in found
    assert all(address.startswith(base) for address in found)
    for address in found[:: len(found) // 40]:
        assert client.get("/" + address.removeprefix(base), headers=BROWSER).status_code == 200
    robots = client.get("/robots.txt").text
    assert f"Sitemap: {base}sitemap.xml" in robots
    assert "Disallow: " + ("/kg" if "/kg/" in base else "") + "/sparql\n" in robots


def test_a_large_sitemap_is_an_index(site, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _, base = site
    whole = addresses(client.get("/sitemap.xml").data)
    monkeypatch.setattr(sitemap, "SIZE", 100)
    parts = addresses(client.get("/sitemap.xml").data)
    assert len(parts) > 2
    listed = [
        address
        for part in parts
        for address in addresses(client.get("/" + part.removeprefix(base)).data)
    ]
    assert sorted(listed) == sorted(whole)


_DERIVED = """PREFIX con: <https://w3id.org/contested/ontology#>
SELECT ?s { GRAPH ?g { ?s con:disagreementKind ?o } } ORDER BY ?s LIMIT 1"""


def test_what_is_too_much_for_one_answer_is_refused_and_never_cut(
    article_client, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = article_client.get("/sparql", query_string={"query": _DERIVED, "format": "json"})
    path = urlsplit(graph.get_json()["results"]["bindings"][0]["s"]["value"]).path
    path = f"/derived/{path.partition('/derived/')[2]}.nt"
    whole = article_client.get(path)
    assert whole.status_code == 200
    monkeypatch.setattr(linked, "_MOST", whole.text.count("\n"))
    assert article_client.get(path).status_code == 200
    monkeypatch.setattr(linked, "_MOST", whole.text.count("\n") - 1)
    refused = article_client.get(path)
    assert refused.status_code == 507
    assert "/sparql" in refused.json["hint"]
