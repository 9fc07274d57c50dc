"""The reader's language: English, Turkish, Azerbaijani or Russian.

An address may name it (``?lang=tr``), and then it holds for the pages that this page links to; else
the browser's Accept-Language decides (RFC 9110, 12.5.4). Catalogues stand in translations/ as .po
files; what a catalogue lacks is shown in English.
"""

from __future__ import annotations

from flask import Flask, Response, has_request_context, request
from flask_babel import Babel, get_locale
from markupsafe import Markup

from kg.errors import ParameterError

__all__ = ["LANGUAGES", "current", "explicit", "field", "set_up"]

LANGUAGES: dict[str, str] = {
    "en": "English",
    "tr": "Türkçe",
    "az": "Azərbaycanca",
    "ru": "Русский",
}
"""The languages of the pages, each by its own name."""


def explicit() -> str | None:
    """The language that the address names; None when it names none of ours."""
    named = request.args.get("lang") if has_request_context() else None
    return named if named in LANGUAGES else None


def current() -> str:
    """The reader's language: a key of LANGUAGES. English outside of a request."""
    locale = get_locale() if has_request_context() else None
    return locale.language if locale and locale.language in LANGUAGES else "en"


def field() -> Markup:
    """What a form needs to keep the language that the address names."""
    hidden = Markup('<input type="hidden" name="lang" value="{}">')
    return hidden.format(explicit()) if explicit() else Markup()


def set_up(app: Flask) -> None:
    """Give an application the languages. Its templates get ``_`` and ``{% trans %}``, `languages`,
    `language()` and `language_field()`.
    """
    Babel(app, locale_selector=_choose)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(languages=LANGUAGES, language=current, language_field=field)
    app.before_request(_known)
    app.after_request(_marked)


def _choose() -> str:
    """What the reader would rather have, by primary subtags (RFC 4647, 3.4: ``az-Latn-AZ`` is
    content with ``az``).
    """
    named = explicit()
    if named:
        return named
    for tag, quality in request.accept_languages:  # the best first
        primary = tag.partition("-")[0].lower()
        if quality > 0 and primary in LANGUAGES:
            return primary
    return "en"


def _known() -> None:
    """Refuse a language that we do not have, rather than answer in another."""
    if "lang" in request.args and explicit() is None:
        raise ParameterError(
            f"there are no pages in the language {request.args['lang']!r}",
            where="lang",
            hint="one of " + ", ".join(LANGUAGES),
        )


def _marked(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("Accept-Language")
        response.headers.setdefault("Content-Language", current())
    return response
