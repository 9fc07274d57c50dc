"""The map and the timeline as pages: one mark for each located or dated claim."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pyoxigraph as ox
import pytest

from kg.names import con, prov

WKT = ox.NamedNode("http://www.opengis.net/ont/geosparql#asWKT")
PROPERTIES = (
    "place centre area-covered target moved-to withdrew-from reinforced-by stationed-at "
    "present-at active-in held-at controlled-by"
).split()


@pytest.fixture(params=["article", "invented"])
def both(request: pytest.FixtureRequest):
    name = request.param
    return request.getfixturevalue(f"{name}_client"), request.getfixturevalue(name)


def located(dataset) -> set[str]:
    """The claims that put something at a place with coordinates, read from the files."""
    facts: dict[str, dict[str, list]] = {}
    for quad in dataset.authored():
        facts.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(
            quad.object
        )
    points = {subject for subject, its in facts.items() if WKT.value in its}
    found = set()
    for claim, its in facts.items():
        if con.answers.value not in its or prov.wasInvalidatedBy.value in its:
            continue
        question = facts[its[con.answers.value][0].value]
        if question[con.property.value][0].value.rpartition("/")[2] not in PROPERTIES:
            continue
        places = [*its.get(con.object.value, ()), *question[con.about.value]]
        if any(place.value in points for place in places):
            found.add(claim.rpartition("/")[2])
    return found


def marked(page: str) -> set[str]:
    """The numbers of the claims of all rows that the map draws."""
    rows = re.findall(r"<tr[^>]*data-mark=.*?</tr>", own(page), re.DOTALL)
    return {n for row in rows for n in re.findall(r"/page/claim/[^\"/]+/(\d+)", row)}


def own(page: str) -> str:
    """A page without the claims that date a thing elsewhere."""
    return re.sub(r'<small class="elsewhere">.*?</small>', "", page)


def query_of(page: str) -> str:
    return unescape(re.search(r"<pre>(.*?)</pre>", page, re.DOTALL)[1])


def test_the_map_has_a_mark_for_every_located_claim(both) -> None:
    client, dataset = both
    page = client.get("/map").text
    claims = located(dataset)
    assert claims
    assert marked(page) == claims


def journeys(page: str) -> list[tuple[str, str, set[str]]]:
    """Whose way each is, from where to where, and its claims."""
    listed = re.split(r"<li data-way", page.partition('class="things ways"')[2])[1:]
    found = []
    for item in listed:
        item = item.partition("</ul>\n")[0]
        text = " ".join(unescape(re.sub(r"<[^>]*>", "", item.partition(">")[2])).split())
        who, _, route = text.partition(": ")
        ends = [re.sub(r" \(.*", "", end) for end in route.split(" → ")]
        claims = set(re.findall(r"/page/claim/suleymanov-2022/(\d+)", item))
        found.append((who, " → ".join(ends), claims))
    return found


def test_the_way_of_nuri_pasha_is_the_one_that_the_article_gives(article_client) -> None:
    drawn = journeys(article_client.get("/map").text)
    his = [(route, claims) for who, route, claims in drawn if who == "Nuri Pasha"]
    # Dagestan lies before Baku and Karabakh after Ganja: no other two are neighbours on the map.
    assert his == [("Baku → Ganja", {"2040", "2045"})]
    assert len(drawn) > 1


@pytest.mark.parametrize("hidden", ["show=movement", "side=author"])
def test_no_way_is_drawn_where_stops_are_hidden(article_client, hidden: str) -> None:
    page = article_client.get(f"/map?{hidden}").text
    assert "data-mark" in page
    assert "data-way" not in page


def test_places_without_coordinates_are_listed(article_client) -> None:
    page = article_client.get("/map").text
    _, _, left = page.partition("Without coordinates")
    assert "Nargin island" in left
    assert "data-mark" not in left


def test_every_mark_of_the_map_says_where_its_coordinates_come_from(article_client) -> None:
    page = article_client.get("/map").text
    rows = re.findall(r"<tr[^>]*data-mark=.*?</tr>", page, re.DOTALL)
    assert rows
    assert all("GeoNames" in row for row in rows)


@pytest.mark.parametrize("path", ["/map", "/timeline"])
def test_choices_narrow_what_is_shown(article_client, path: str) -> None:
    def claims(**chosen: object) -> set[str]:
        page = own(article_client.get(path, query_string=chosen).text)
        return set(re.findall(r"/page/claim/suleymanov-2022/(\d+)", page))

    everything = claims()
    karabakh = claims(uprising="karabakh-rising")
    soviet = claims(side="soviet")
    author = claims(side="author")
    hands = claims(show="hands")
    for some in (karabakh, soviet, author, hands):
        assert some and some < everything
    assert not soviet & author
    assert claims(source="suleymanov-2022") == everything
    assert claims(show=["hands", "movement"]) > hands
    kept = article_client.get(path, query_string={"uprising": "karabakh-rising"}).text
    assert '<option value="karabakh-rising" selected' in kept


@pytest.mark.parametrize("path", ["/map?show=hands&side=author", "/timeline?first=1920&last=1920"])
def test_the_query_that_is_shown_gives_the_marks(article_client, path: str) -> None:
    page = article_client.get(path).text
    answer = article_client.post(
        "/sparql", data={"query": query_of(page)}, headers={"Accept": "text/csv"}
    ).text
    rows = {r["claim"].rpartition("/")[2] for r in csv.DictReader(io.StringIO(answer))}
    assert rows == set(re.findall(r"/page/claim/suleymanov-2022/(\d+)", page))


def test_a_year_leaves_out_what_lies_outside(article_client) -> None:
    page = article_client.get("/timeline?first=1918&last=1918").text
    assert "Declaration of Azerbaijan" in page
    assert "Taking of Baku" not in page


def test_rival_dates_are_two_rows(article_client) -> None:
    page = article_client.get("/timeline?uprising=karabakh-rising&show=uprising").text
    assert len(re.findall(r'<td class="drawn">', page)) == 2
    assert len(re.findall(r'class="within"', page.partition("<table")[2])) == 2


@pytest.mark.parametrize("path", ["/map?side=No Such", "/timeline?show=x", "/timeline?first=x"])
def test_a_choice_that_is_none_is_a_400(article_client, path: str) -> None:
    assert article_client.get(path).status_code == 400


@pytest.mark.parametrize("path", ["/map", "/timeline"])
@pytest.mark.parametrize("name", ["uprising", "side", "source"])
def test_a_choice_that_nothing_here_has_is_a_400(both, path: str, name: str) -> None:
    client, _ = both
    page = client.get(path).text
    select = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)[0]
    offered = re.findall(r'<option value="([^"]+)"', select)
    assert all(client.get(path, query_string={name: key}).status_code == 200 for key in offered)
    refused = client.get(path, query_string={name: "none-such"})
    assert refused.status_code == 400
    assert "none-such" in refused.text
    assert not offered or offered[0] in refused.text


@pytest.mark.parametrize("path", ["/map", "/timeline"])
def test_when_every_box_is_unticked_nothing_is_shown_and_the_page_says_so(both, path: str) -> None:
    client, _ = both
    whole = client.get(path).text
    fields = re.search(r"<fieldset>.*?</fieldset>", whole, re.DOTALL)[0]
    sent = re.findall(r'<input type="hidden" name="show" value="([^"]*)"', fields)
    page = client.get(path, query_string={"show": sent}).text
    assert "Nothing is chosen" in page and "Nothing is chosen" not in whole
    assert not re.search(r'<tr class="layer-', page)
    assert re.search(r'<tr class="layer-', whole)
    assert page.count('type="checkbox"') == whole.count('type="checkbox"')
    assert " checked" not in page
    one = client.get(path, query_string={"show": [*sent, "event"]}).text
    assert one.count(" checked") == 1
    assert "Nothing is chosen" not in one


def test_a_mark_does_not_put_three_names_in_a_row(article_client) -> None:
    page = article_client.get("/map?lang=tr&show=movement").text
    cells = re.findall(r'<td class="what">.*?</td>', page, re.DOTALL)
    said = [" ".join(unescape(re.sub(r"<[^>]*>", "", cell)).split()) for cell in cells]
    assert "Nuri Paşa — gittiği yer: Gence" in said


def test_where_coordinates_come_from_says_its_language(article_client) -> None:
    page = article_client.get("/map?lang=tr").text
    sources = re.findall(r'<small class="degrees">(.*?)</small>', page)
    assert sources
    for source in sources:
        english = r'<bdi lang="en" class="borrowed">[^<]+</bdi>'
        assert re.fullmatch(rf"[-0-9., ]+ · {english} · {english}", source), source
        assert "GeoNames" in source


def test_pages_of_things_have_a_small_map_and_timeline(article_client) -> None:
    place = article_client.get("/page/shusha").text
    assert re.search(r"<tr[^>]*data-mark=\"hands\"", place)
    assert '<table class="timeline small">' in place
    person = article_client.get("/page/nuri-pasha").text
    assert re.search(r"data-mark=\"movement\"[^>]*data-place=\"Baku\"", person)
    nothing = article_client.get("/page/asirli-2011").text
    assert "data-mark" not in nothing and "timeline small" not in nothing


@pytest.mark.parametrize("page", ["map", "timeline"])
def test_only_sides_that_have_something_to_show_are_offered(
    article_client, article, page: str
) -> None:
    client, dataset = article_client, article

    def offered(address: str) -> dict[str, int]:
        select = client.get(address).text.partition('id="side"')[2].partition("</select>")[0]
        found = re.findall(r'<option value="([a-z-]+)"[^>]*>[^<(]*\(([0-9,]+)\)', select)
        assert len(found) == select.count("<option") - 2  # of all, and of the author
        return {key: int(count.replace(",", "")) for key, count in found}

    sides = offered(f"/{page}")
    assert sides
    for key, count in sides.items():
        shown = client.get(f"/{page}?side={key}").text
        lists = "".join(re.findall(r'<ul class="claim-links">.*?</ul>', shown, re.DOTALL))
        assert len(set(re.findall(r'href="([^"]+)"', lists))) == count > 0, key
        assert offered(f"/{page}?side={key}") == sides
    stated = {q.object.value for q in dataset.authored() if q.predicate == con.side}
    assert set(sides) <= {iri.rpartition("/")[2] for iri in stated}
