"""Pages that the front shows by itself: errors, and the query form with its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Flask

from kg.errors import KgError
from kg.web import sparql
from kg.web.site import Site

__all__ = ["error", "form"]


def _inside(members: dict[str, Any]) -> dict[str, Any]:
    """A request context for a page, out of its ``base``, ``path``, ``asked`` (the query string)
    and ``speaks`` (the Accept-Language field): links and language are those of the request.
    """
    base, speaks = members.pop("base", ""), members.pop("speaks", "")
    return {
        "path": members.pop("path", "/"),
        "query_string": members.pop("asked", ""),
        "headers": {"Accept-Language": speaks} if speaks else {},
        "environ_overrides": {"kg.base": base} if base else {},
    }


def error(app: Flask) -> Callable[..., str]:
    """A function that renders a problem's members as a page."""

    def page(**members: Any) -> str:
        with app.test_request_context(**_inside(members)):
            members["request_id"] = members.pop("request", None)
            return app.jinja_env.get_template("error.html").render(**members)

    return page


def form(app: Flask) -> Callable[..., str]:
    """A function that renders the query form: ``text``, ``body``, ``kind``, ``size``, ``error``."""
    site = cast(Site, app.jinja_env.globals["site"])

    def page(**members: Any) -> str:
        found: KgError | None = members.get("error")
        assert found is None or isinstance(found, KgError)
        return sparql.form(app, site, inside=_inside(members), **members)

    return page
