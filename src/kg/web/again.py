"""Pages that were made before are given again: same version of the data, address and language.

What a page shows follows from these three, so nothing else is looked at. Each page has a strong
ETag, and who has it already is told so.
"""

from __future__ import annotations

from collections.abc import Hashable
from http import HTTPStatus

from flask import Flask, Response, g, request

from kg.web import languages
from kg.web.keeping import Kept
from kg.web.negotiate import wants_html
from kg.web.site import Site

__all__ = ["ENDPOINTS", "set_up"]

ENDPOINTS = frozenset(
    f"pages.{name}"
    for name in (
        "about",
        "home",
        "licences",
        "listing",
        "map_page",
        "ontology",
        "page",
        "shapes",
        "timeline",
        "vocabulary",
    )
)
"""Pages that are kept. Searches are not (their index may be that of an older version), nor what
shows the answer to a query."""

_ROOM = 32 << 20  # bytes
_FIELDS = ("Content-Type", "ETag", "Link", "Vary")


def set_up(app: Flask, site: Site) -> None:
    """Keep the pages of an application. To be called after whatever refuses requests."""
    kept = Kept(_ROOM)

    @app.before_request
    def made_before() -> Response | None:
        if request.endpoint not in ENDPOINTS or request.method not in ("GET", "HEAD"):
            return None
        version, key = site.digest, _key(site)
        found = kept.get(version, key)
        if found is None:
            g.to_be_kept = version, key
            return None
        body, headers = found
        return Response(body, headers=headers)

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint not in ENDPOINTS or response.status_code != HTTPStatus.OK:
            return response
        if response.mimetype != "text/html":
            return response
        response.add_etag()
        if "to_be_kept" in g and request.method == "GET":
            version, key = g.to_be_kept
            fields = response.headers
            body, headers = response.get_data(), [(n, fields[n]) for n in _FIELDS if n in fields]
            kept.put(version, key, (body, headers), len(body) + 1024)
        response.headers["Cache-Control"] = "no-cache"  # keep it, but ask whether it is still so
        response.make_conditional(request)
        return response


def _key(site: Site) -> Hashable:
    """What a page depends on besides the version of the data."""
    return (
        site.url("", lang=None),
        request.path,
        request.query_string,
        languages.current(),
        wants_html(request),
    )
