"""The query form for people: the same answer as programs get, as a page."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask

from kg.engine import limits
from kg.errors import KgError
from kg.web import editor
from kg.web.graphs import graphs
from kg.web.site import Site

__all__ = ["ROWS", "form"]

ROWS = 1_000
"""Rows that a page shows; it says so when there are more, and offers the whole as a file."""

_EXAMPLE = """# Which questions have the most answers?
PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?question (SAMPLE(?name) AS ?label) (COUNT(DISTINCT ?claim) AS ?claims)
WHERE {
  ?claim con:answers ?question .
  OPTIONAL { ?question rdfs:label ?name FILTER(LANG(?name) = "en") }
}
GROUP BY ?question
ORDER BY DESC(?claims) ?question
LIMIT 20
"""


def form(
    app: Flask,
    site: Site,
    *,
    text: str | None,
    body: bytes | None = None,
    kind: str = "",
    size: int = 0,
    error: KgError | None = None,
    request: str | None = None,
    seconds: float,
    inside: dict[str, Any],
) -> str:
    """The page with the query `text` and what came of it: a `body` of a `kind` (a media type), or
    an error of the `request` of that name. A body that is too large for a page is None, and has a
    `size` in bytes. A query may run for `seconds`. `inside` makes the request that the page
    belongs to.
    """
    answer: dict[str, Any] | None = None
    if body is not None and kind.startswith("text/turtle"):
        answer = {"graph": body.decode()}
    elif body is not None:
        answer = json.loads(body)
        bindings = answer.get("results", {}).get("bindings") if answer else None
        if bindings is not None:
            answer = {**(answer or {}), "rows": len(bindings)}
            answer["results"]["bindings"] = bindings[:ROWS]
    elif size:
        answer = {"bytes": size}
    with app.test_request_context(**inside):
        return app.jinja_env.get_template("sparql.html").render(
            **editor.members(site, text),
            written=_EXAMPLE if text is None else text,
            answer=answer,
            most=ROWS,
            problem=error,
            request_id=request,
            fault=_fault(error),
            limits=limits.rows(),
            seconds=seconds,
            graphs=graphs(site),
        )


def _fault(error: KgError | None) -> dict[str, Any] | None:
    """The members of a problem that the editor shows at their place."""
    if error is None:
        return None
    members = {
        "detail": error.message,
        "hint": error.hint,
        "line": getattr(error, "row", None),
        "column": getattr(error, "column", None),
        "excerpt": getattr(error, "excerpt", None),
    }
    return {name: value for name, value in members.items() if value is not None}
