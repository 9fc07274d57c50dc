"""The query form for people: the same answer as programs get, as a page."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask

from kg.engine import limits
from kg.errors import KgError
from kg.web.site import Site

__all__ = ["ROWS", "form"]

ROWS = 1_000
"""Rows that a page shows; it says so when there are more, and offers the whole as a file."""


def form(
    app: Flask,
    site: Site,
    *,
    text: str | None,
    body: bytes | None = None,
    kind: str = "",
    size: int = 0,
    error: KgError | None = None,
    inside: dict[str, Any],
) -> str:
    """The page with the query `text` and what came of it: a `body` of a `kind` (a media type), or
    an error. A body that is too large for a page is None, and has a `size` in bytes. `inside` makes
    the request that the page belongs to.
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
            text=_example(site) if text is None else text,
            answer=answer,
            most=ROWS,
            problem=error,
            limits=limits.rows(),
            graphs={iri: n for iri, n in sorted(site.state().get("counts", {}).items()) if iri},
        )


def _example(site: Site) -> str:
    first = next(iter(site.catalogue), None)
    return first.text if first else "SELECT * WHERE { ?s ?p ?o } LIMIT 10\n"
