"""Names that mean harm: whatever data says, a page shows it as text and nothing else."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HARM = "</title></bdi><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"
TURNED = "abc\u202eevil\u2066"
LONG = "word " * 400
PERSON = f"""
id:harmful a crm:E21_Person ;
    rdfs:label {HARM!r}@en , "{TURNED}"@tr ;
    rdfs:seeAlso <javascript:alert(3)> , <data:text/html,x> , <https://example.org/fine> ,
      <mailto:a@example.org> ;
    con:identityNote "{LONG}"@en .
"""


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, client_of, root):
    """A client of the invented dataset with one person more."""
    import shutil

    folder = tmp_path_factory.mktemp("harm")
    for name in ("ontology", "data", "queries"):
        shutil.copytree(root / "tests" / "invented" / name, folder / name)
    people = folder / "data" / "entities" / "people.ttl"
    label = HARM.replace("\\", "\\\\").replace('"', '\\"')
    people.write_text(
        people.read_text(encoding="utf-8") + PERSON.replace(repr(HARM), f'"{label}"'),
        encoding="utf-8",
    )
    return client_of(folder, "http://127.0.0.1:8000/")


PAGES = [
    "/page/harmful",
    "/page/harmful?lang=tr",
    "/list/people",
    "/search?q=evil",
    "/search?q=alert",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_name_is_text_wherever_it_stands(client, path: str) -> None:
    page = client.get(path, headers=BROWSER).text
    tags = Tags(page).found
    for tag, attributes in tags:
        assert tag != "img"
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        kind = attributes.get("type")
        assert tag != "script" or attributes.get("src") or kind == "application/ld+json", tag
        for name in ("href", "action", "src"):
            address = attributes.get(name)
            if address is not None:
                assert re.match(r"(https?://|mailto:|/|\\?|#|$)", address), address
    assert "<script>alert" not in page
    assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(.{0,12})", page)


def test_the_name_is_there_all_the_same_and_kept_from_turning_its_neighbours(client) -> None:
    page = client.get("/page/harmful", headers=BROWSER).text
    assert HARM in unescape(page)
    for found in re.finditer(TURNED[:4], page):
        before = page[: found.start()]
        inside = before.rfind("<bdi") > before.rfind("</bdi>")
        attribute = before.rfind("<") > before.rfind(">")
        title = before.rfind("<title>") > before.rfind("</title>")
        data = before.rfind("<script") > before.rfind("</script>")
        assert inside or attribute or title or data, page[found.start() - 80 : found.end() + 20]


def test_only_addresses_of_the_web_and_of_mail_are_links(client) -> None:
    page = client.get("/page/harmful", headers=BROWSER).text
    links = {a.get("href") for tag, a in Tags(page).found if tag == "a"}
    assert {"https://example.org/fine", "mailto:a@example.org"} <= links
    assert "javascript:alert(3)" in page  # told, not linked
    assert not any(link and link.startswith(("javascript:", "data:")) for link in links)


def test_a_long_value_is_folded_and_whole(client) -> None:
    page = client.get("/page/harmful", headers=BROWSER).text
    assert '<details class="fold">' in page
    assert LONG.strip() in page
