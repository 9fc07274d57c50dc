"""The application factory: blueprints, limits, headers and the one shape of an error."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from kg import formats
from kg.errors import KgError, ServiceError
from kg.negotiation import prefers_html
from kg.web import again, dossier, inline, languages, marked, pages, resources, schema_org
from kg.web.site import Site

__all__ = ["create_app", "make_ready"]

MAX_BODY = 1_000_000
"""Bytes that a request body may have."""
# What Flask would say in Werkzeug's words, and in English only.
_DETAILS = {
    404: lazy_gettext("There is nothing at this address; the front page leads on."),
    405: lazy_gettext("This address does not take that method."),
}


def create_app(site: Site) -> Flask:
    """A Flask application over one site. It reads no environment and keeps no state."""
    app = Flask("kg.web", static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    shown = inline.globals_of(site.href)
    app.jinja_env.globals.update(
        site=site,
        url=site.url,
        here=site.here,
        href=site.href,
        graph_formats=formats.GRAPHS,
        schema_org=schema_org.script,
        **shown,
        **marked.globals_of(shown["link"], shown["by_rule"], site.href),
        entry=dossier.entries(shown["link"], shown["by_rule"], site.href),
    )
    languages.set_up(app)
    again.set_up(app, site)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(resources.blueprint(site))
    app.register_blueprint(pages.blueprint(site))
    app.register_error_handler(KgError, _problem)
    app.register_error_handler(HTTPException, _http_problem)
    app.after_request(_headers)
    return app


def make_ready(app: Flask) -> None:
    """Compile the templates and load the catalogues: then the first page is as quick as any."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    for language in languages.LANGUAGES:
        with app.test_request_context(f"/?lang={language}"):
            languages.phrase(HTTPStatus.NOT_FOUND)
            languages.number(1234)


def _headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "font-src 'self' data:; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    )
    return response


def _problem(error: KgError) -> Response:
    extra = {
        key: value
        for key, value in {
            "where": error.where,
            "hint": error.hint,
            "line": getattr(error, "row", None),
            "column": getattr(error, "column", None),
        }.items()
        if value is not None
    }
    response = _answer(error.status, error.code, error.message, extra)
    if isinstance(error, ServiceError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    extra: dict[str, object] = {}
    if error.description and error.description != type(error).description:  # a sentence of ours
        detail = gettext(error.description)
        spoken = languages.current() if detail != error.description else "en"
    else:
        detail = str(_DETAILS.get(status) or languages.phrase(status))
        spoken = languages.current()
    if isinstance(error, RequestEntityTooLarge):
        detail = f"The body is larger than {MAX_BODY:,} bytes."
        extra["limit"] = MAX_BODY
    code = HTTPStatus(status).phrase.lower().replace(" ", "-")
    response = _answer(status, code, detail, extra, spoken)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _answer(
    status: int, code: str, detail: str, extra: dict[str, object], spoken: str = "en"
) -> Response:
    """RFC 9457, or the same as a page for a person; `spoken` is the language of the detail."""
    title = HTTPStatus(status).phrase
    name = request.environ.get("kg.request")
    if prefers_html(request.headers.get("Accept", "")):
        page = render_template(
            "error.html", status=status, detail=detail, spoken=spoken, request_id=name, **extra
        )
        response = Response(page, status, mimetype="text/html")
    else:
        body = {"type": f"about:blank#{code}", "title": title, "status": status, "detail": detail}
        response = jsonify({**body, **extra, **({"request": name} if name else {})})
        response.status_code = status
        response.mimetype = "application/problem+json"
    response.vary.update(("Accept", "Accept-Language"))
    return response
