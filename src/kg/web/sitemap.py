"""sitemap.xml and robots.txt: what there is to find, and what crawlers had better leave.

No page has a date of change of its own, so none is told (``lastmod`` would be a guess).
"""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from kg.web.site import Site
from kg.web.tables import KINDS

__all__ = ["SIZE", "add_to"]

SIZE = 20_000
"""Addresses in one file; the protocol allows 50,000 (sitemaps.org, 0.9)."""

_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_FIXED = ("", "map", "timeline", "queries/", "ontology", "shapes")
# Text positions have pages, but nobody looks for them.
_THINGS = """PREFIX oa: <http://www.w3.org/ns/oa#> SELECT %s WHERE { ?thing a ?kind .
  FILTER(STRSTARTS(STR(?thing), "%s")
    && ?kind NOT IN (oa:SpecificResource, oa:TextPositionSelector)) }"""


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes for crawlers."""

    def count() -> int:
        text = _THINGS % ("(COUNT(DISTINCT ?thing) AS ?n)", site.names.thing(""))
        return int(site.rows(text)[0]["n"])

    def page(number: int) -> list[str]:
        text = _THINGS % ("DISTINCT ?thing", site.names.thing(""))
        rows = site.rows(f"{text} ORDER BY ?thing LIMIT {SIZE} OFFSET {number * SIZE}")
        things = [site.page_of(row["thing"]) for row in rows]
        return [path for path in things if path is not None]

    @routes.get("/sitemap.xml")
    def sitemap() -> Response:
        files = -(-count() // SIZE)
        if files <= 1:
            return _urls(site, [*_doors(site), *page(0)])
        listed = "".join(
            f"<sitemap><loc>{escape(site.url(f'sitemap/{n}.xml', lang=None))}</loc></sitemap>\n"
            for n in range(files + 1)
        )
        return _xml(f"<sitemapindex {_SPACE}>\n{listed}</sitemapindex>\n")

    @routes.get("/sitemap/<int:number>.xml")
    def part(number: int) -> Response:
        found = _doors(site) if number == 0 else page(number - 1)
        if not found or number > 50_000:
            raise NotFound("There is no such part of the sitemap.")
        return _urls(site, found)

    @routes.get("/robots.txt")
    def robots() -> Response:
        base = urlsplit(site.url("", lang=None)).path
        shut = ("sparql", "search", "api/", "update", "graph-store", "list/*?*=*&", "*?lang=")
        lines = ["User-agent: *", *(f"Disallow: {base}{path}" for path in shut), ""]
        lines.append(f"Sitemap: {site.url('sitemap.xml', lang=None)}")
        return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _doors(site: Site) -> list[str]:
    lists = [f"list/{name}" for name in KINDS]
    return [*_FIXED, *lists, *(f"queries/{query.name}" for query in site.catalogue)]


def _urls(site: Site, paths: list[str]) -> Response:
    listed = "".join(f"<url><loc>{escape(site.url(p, lang=None))}</loc></url>\n" for p in paths)
    return _xml(f"<urlset {_SPACE}>\n{listed}</urlset>\n")


def _xml(body: str) -> Response:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return Response(head + body, content_type="application/xml; charset=utf-8")
