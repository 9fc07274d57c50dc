"""The browser's tests open a page of every route that answers people."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from kg.catalogue import Catalogue
from kg.engine import Answer
from kg.formats import FORMATS
from kg.names import Names
from kg.web import create_app
from kg.web.site import Site

KINDS = Path(__file__).parents[1] / "browser" / "kinds.py"
# Files and programs' answers, and addresses that only send on to a page.
NO_PAGES = {
    "/static/<path:filename>", "/id/<path:identifier>", "/data/<path:name>", "/cite/<path:name>",
    "/disputes/<path:identifier>.json", "/editor/questions", "/openapi.json", "/api/queries",
    "/api/queries/", "/api/search", "/queries", "/sitemap.xml",
    "/sitemap/<int:number>.xml", "/robots.txt", "/.well-known/void", "/shapes.<suffix>",
    "/ontology/<version>", "/vocab/<name>/<concept>", "/ontology.<suffix>",
    "/derived/<path:name>",  # as the page of any thing; its address changes with the data
}  # fmt: skip


def test_every_route_for_people_is_opened_in_the_browser() -> None:
    spec = importlib.util.spec_from_file_location("kinds_of_pages", KINDS)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    nothing = Answer(b"", FORMATS[0])
    app = create_app(Site(Names(), Catalogue({}), None, "http://127.0.0.1/", lambda _: nothing))
    routes = app.url_map.bind("127.0.0.1")
    opened = set()
    for path in module.KINDS.values():
        try:
            rule, _ = routes.match("/" + path.partition("?")[0], return_rule=True)
            opened.add(rule.rule)
        except (HTTPException, RequestRedirect):
            continue  # the front's own, or the page of what is not there
    rules = {r.rule for r in app.url_map.iter_rules() if "GET" in (r.methods or ())}
    assert rules - opened - NO_PAGES == set()
    assert rules >= NO_PAGES  # a route that is gone leaves this list
