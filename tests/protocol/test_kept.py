"""What pages and the search keep follows the data: found when added, gone when it is gone."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from live import TURTLE, Client

PREFIXES = """PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX id: <https://w3id.org/contested/id/>
"""
NAMED = 'id:otto-wanderstab a crm:E21_Person ; rdfs:label "Otto Wanderstab"@en'
PAGE = "/page/otto-wanderstab"
PATIENCE = 20.0  # seconds; another process makes the index


def found(server: Client, text: str) -> list[str]:
    """The IRIs that a search finds, once its index is that of the present version."""
    version = server.get("/health").json()["digest"]
    until = time.monotonic() + PATIENCE
    while True:
        reply = server.get(f"/api/search?q={quote(text)}")
        if reply.status == 200 and reply.json()["version"] == version:
            return [hit["iri"] for hit in reply.json()["hits"]]
        assert time.monotonic() < until, reply
        time.sleep(0.05)


@pytest.mark.parametrize("through", ["update", "graph store"])
def test_the_search_finds_what_was_added_and_not_what_was_removed(
    server: Client, through: str
) -> None:
    iri = "https://w3id.org/contested/id/otto-wanderstab"
    assert found(server, "Wanderstab") == []
    if through == "update":
        assert server.update(f"{PREFIXES} INSERT DATA {{ {NAMED} }}").status in (200, 204)
    else:
        turtle = f"{PREFIXES} {NAMED} ."
        reply = server.send(
            "PUT", "/graph-store?default", turtle, {"Content-Type": TURTLE}, signed=True
        )
        assert reply.status in (200, 201, 204), reply
    assert found(server, "Wanderstab") == [iri]
    assert server.update(f"{PREFIXES} DELETE DATA {{ {NAMED} }}").status in (200, 204)
    assert found(server, "Wanderstab") == []


def test_a_page_is_that_of_the_present_version(server: Client) -> None:
    assert server.get(PAGE, "text/html").status == 404
    assert server.update(f"{PREFIXES} INSERT DATA {{ {NAMED} }}").status in (200, 204)
    first = server.get(PAGE, "text/html")
    assert "Otto Wanderstab" in first.text
    assert server.get(PAGE, "text/html").body == first.body
    renamed = f"""{PREFIXES} DELETE {{ ?s rdfs:label ?old }}
        INSERT {{ ?s rdfs:label "Otto Staff"@en }} WHERE {{ ?s rdfs:label ?old }}"""
    assert server.update(renamed).status in (200, 204)
    second = server.get(PAGE, "text/html")
    assert "Otto Staff" in second.text
    assert "Wanderstab" not in second.text.replace("otto-wanderstab", "")
    assert second.headers["ETag"] != first.headers["ETag"]
    assert server.update(f"{PREFIXES} DELETE WHERE {{ id:otto-wanderstab ?p ?o }}").status in (
        200,
        204,
    )
    assert server.get(PAGE, "text/html").status == 404
