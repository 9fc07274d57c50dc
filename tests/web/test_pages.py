"""Pages and linked data: every id answers, everything is escaped, nothing is a 500."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest

from kg.dataset import Dataset
from kg.formats import GRAPHS
from kg.web.tables import KINDS

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="session", params=["article", "invented"])
def site(request: pytest.FixtureRequest):
    """A client with its dataset and the public address it writes links with."""
    name = request.param
    base = {"article": "http://127.0.0.1:8000/", "invented": "https://example.org/kg/"}[name]
    return request.getfixturevalue(f"{name}_client"), request.getfixturevalue(name), base


class Reader(HTMLParser):
    """Links and text of a page; complains about tags that are not closed."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.links += [v for k, v in attrs if k in ("href", "action") and v]
        data = dict(attrs).get("type") == "application/ld+json"
        assert tag != "script" or data or dict(attrs).get("src"), "a script inside a page"
        assert not any(k.startswith("on") or k == "style" for k, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def ids(dataset: Dataset, most: int = 60) -> list[str]:
    """Ids of every kind of thing, at most so many of a kind, spread over all of them."""
    kinds: dict[str, list[str]] = {}
    for subject in sorted({q.subject.value for q in dataset.authored()}):
        identifier = dataset.names.identifier(subject)
        if identifier:
            kinds.setdefault(identifier.rpartition("/")[0], []).append(identifier)
    return [i for found in kinds.values() for i in found[:: max(1, len(found) // most)]]


def test_the_question_of_a_newcomer(article_client) -> None:
    page = Reader(
        article_client.get(
            "/search", query_string={"q": "how many Ottoman prisoners were in Russian hands?"}
        ).text
    ).text
    for words in ("19,000–22,000", "60,000–70,000", "p. 824", "note 3", "note 4"):
        assert words in page, words
    assert page.index("19,000–22,000") < page.index("more than 17,000")
    for cited in ("Gafarov", "Aşırlı"):
        assert cited in page


def test_every_kind_of_thing_has_a_page(site) -> None:
    client, dataset, base = site
    for identifier in ids(dataset):
        response = client.get(f"/page/{identifier}")
        assert response.status_code == 200, identifier
        page = Reader(response.text)
        for link in page.links:
            assert link.startswith((base, "http://", "https://", "#", "mailto:")), link


def test_links_between_pages_lead_somewhere(site) -> None:
    client, dataset, base = site
    seen: set[str] = set()
    for start in ("", "list/questions", "queries/", "ontology", f"page/{ids(dataset)[0]}"):
        for link in Reader(client.get(f"/{start}", headers=BROWSER).text).links:
            if link.startswith(base):
                seen.add(link[len(base) :].partition("#")[0])
    assert len(seen) > 30
    for path in sorted(seen)[:: max(1, len(seen) // 150)]:
        response = client.get(f"/{path}", headers=BROWSER)
        assert response.status_code == 200, path
        response.close()


def test_303_to_the_page_or_to_the_data(site) -> None:
    client, dataset, base = site
    identifier = ids(dataset)[0]
    to_page = client.get(f"/id/{identifier}", headers=BROWSER)
    assert to_page.status_code == 303
    assert to_page.headers["Location"] == f"{base}page/{identifier}"
    for form in GRAPHS:
        to_data = client.get(f"/id/{identifier}", headers={"Accept": form.media_type})
        assert to_data.status_code == 303
        assert to_data.headers["Location"] == f"{base}data/{identifier}.{form.suffix}"
        assert "Accept" in to_data.headers["Vary"]
        data = client.get(f"/data/{identifier}.{form.suffix}")
        assert data.status_code == 200
        assert data.mimetype == form.media_type
        triples = list(ox.parse(data.data, format=form.serializer))
        about = ox.NamedNode(dataset.names.thing(identifier))
        assert any(about in (t.subject, t.object) for t in triples)
    assert client.get(f"/id/{identifier}").headers["Location"].endswith(".ttl")
    assert client.get(f"/id/{identifier}", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "path",
    ["absent", "Upper", "claim/absent/1", "a.b", "%00", "..%2F..%2Fetc", "x" * 200, "ə"],
)
def test_an_unknown_id_is_404_everywhere(site, path: str) -> None:
    client, _, _ = site
    for form in ("/id/{}", "/page/{}", "/data/{}.ttl"):
        assert client.get(form.format(path)).status_code == 404, form
    assert client.get("/data/absent.exe").status_code == 404
    assert client.get("/data/").status_code == 404


def test_lists_count_and_page(site) -> None:
    client, _, _ = site
    for name in KINDS:
        assert client.get(f"/list/{name}").status_code == 200, name
    assert client.get("/list/absent").status_code == 404
    assert client.get("/list/people?from=99999").status_code == 200
    for bad in ("-1", "x", "1" * 30, "²"):
        assert client.get("/list/people", query_string={"from": bad}).status_code == 400


def test_labels_that_look_like_markup_stay_text(invented_client, invented: Dataset) -> None:
    nasty = [
        q
        for q in invented.authored()
        if isinstance(q.object, ox.Literal) and "<b>" in q.object.value and q.subject.value
    ]
    assert nasty, "the invented dataset has no label that needs escaping"
    for quad in nasty:
        page = invented_client.get(f"/page/{invented.names.identifier(quad.subject.value)}").text
        assert "<b>" not in page
        assert "&lt;b&gt;" in page
        Reader(page)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "'; DROP ALL", "\u202eabc", "}} {{ 7*7 }}", "a" * 5000, "?"],
)
def test_search_takes_any_text(site, text: str) -> None:
    client, _, _ = site
    page = client.get("/search", query_string={"q": text})
    assert page.status_code == 200
    Reader(page.text)


def test_search_folds_letters(article_client) -> None:
    for spelling in ("Nargin", "NARGİN", "nargin kampı", "Şuşa", "susa", "SUSA"):
        found = Reader(article_client.get("/search", query_string={"q": spelling}).text).text
        assert "Nothing here" not in found, spelling


def test_stored_queries_have_pages(site) -> None:
    client, dataset, _ = site
    for query in dataset.catalogue:
        page = client.get(f"/queries/{query.name}")
        assert page.status_code == 200
        assert query.question in Reader(page.text).text
    assert client.get("/queries/absent/absent", headers=BROWSER).status_code == 404


def test_the_model_can_be_read(site) -> None:
    client, _, _ = site
    model = client.get("/ontology", headers=BROWSER)
    assert b'id="Claim"' in model.data
    for name in ("comparator", "property", "side", "attribution-kind"):
        assert client.get(f"/vocab/{name}").status_code == 200
    assert client.get("/vocab/absent").status_code == 404
    assert client.get("/vocab/a'b").status_code == 404


def test_health_names_the_dataset(site) -> None:
    client, dataset, _ = site
    health = client.get("/health").get_json()
    assert health["status"] == "ok"
    assert health["digest"] == dataset.digest
    assert health["triples"] > 1000


def test_headers_that_keep_a_page_safe(site) -> None:
    client, _, _ = site
    for path in ("/", "/sparql", "/absent", "/health"):
        headers = client.get(path, headers=BROWSER).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src" not in policy or "script-src 'self';" in policy
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_errors_are_pages_for_people_and_problems_for_programs(site) -> None:
    client, _, _ = site
    assert client.get("/absent", headers=BROWSER).mimetype == "text/html"
    problem = client.get("/absent")
    assert problem.mimetype == "application/problem+json"
    assert problem.get_json()["status"] == 404


def test_an_empty_dataset_has_pages_too(empty, client_of) -> None:
    client = client_of(empty, "http://127.0.0.1:8000/")
    for path in (
        "/",
        "/search?q=x",
        "/queries/",
        "/sparql",
        "/ontology",
        "/list/people",
        "/health",
    ):
        assert client.get(path, headers=BROWSER).status_code == 200, path
    count = client.get("/sparql?query=SELECT*%7B%3Fs%3Fp%3Fo%7D")
    assert count.get_json(force=True)["results"]["bindings"] == []
