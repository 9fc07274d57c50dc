"""The reader's language: English, Turkish, Azerbaijani or Russian.

An address may name it (``?lang=tr``), and then it holds for the pages that this page links to; else
the browser's Accept-Language decides (RFC 9110, 12.5.4). Catalogues stand in translations/ as .po
files; what a catalogue lacks is shown in English.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, get_locale, get_translations, lazy_gettext
from markupsafe import Markup

from kg.errors import ParameterError
from kg.explain import LANGUAGES as GRAMMARS
from kg.explain.when import when
from kg.web.records import Label

__all__ = [
    "LANGUAGES",
    "Counted",
    "current",
    "date",
    "explicit",
    "field",
    "number",
    "order",
    "phrase",
    "read",
    "set_up",
]

LANGUAGES: dict[str, str] = {
    "en": "English",
    "tr": "Türkçe",
    "az": "Azərbaycanca",
    "ru": "Русский",
}
"""The languages of the pages, each by its own name."""

# What a status means, for people.
_PHRASES = {
    400: lazy_gettext("The request can't be understood"),
    401: lazy_gettext("Not without the token"),
    403: lazy_gettext("Not allowed"),
    404: lazy_gettext("Not found"),
    405: lazy_gettext("Not done here"),
    406: lazy_gettext("Not in that format"),
    408: lazy_gettext("It took too long"),
    413: lazy_gettext("Too large"),
    414: lazy_gettext("The address is too long"),
    415: lazy_gettext("Not in that format"),
    422: lazy_gettext("That can't be done"),
    429: lazy_gettext("Too many requests"),
    500: lazy_gettext("A mistake of the server"),
    503: lazy_gettext("The server is busy"),
    504: lazy_gettext("It took too long"),
}


def explicit() -> str | None:
    """The language that the address names; None when it names none of ours."""
    named = request.args.get("lang") if has_request_context() else None
    return named if named in LANGUAGES else None


def current() -> str:
    """The reader's language: a key of LANGUAGES. English outside of a request."""
    if not has_request_context():
        return "en"
    known: str | None = g.get("reader")
    if known is None:  # asked for with every name on a page
        locale = get_locale()
        known = locale.language if locale and locale.language in LANGUAGES else "en"
        g.reader = known
    return known


def order() -> tuple[str, ...]:
    """The languages in which a name is looked for: the reader's first, then the others."""
    mine = current()
    return (mine, *(name for name in LANGUAGES if name != mine))


def read() -> str:
    """The languages in which a translation is shown, the reader's or else English, as SPARQL
    strings with commas between them.
    """
    return ", ".join(f'"{name}"' for name in dict.fromkeys((current(), "en")))


def field() -> Markup:
    """What a form needs to keep the language that the address names."""
    hidden = Markup('<input type="hidden" name="lang" value="{}">')
    return hidden.format(explicit()) if explicit() else Markup()


def number(value: object) -> str:
    """A number by the rules of the reader's language; a text that is none stays as it is."""
    try:
        exact = (
            Decimal(value.numerator) / value.denominator
            if isinstance(value, Fraction)
            else Decimal(str(value))
        )
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return str(value)
    return format_decimal(exact, locale=current(), decimal_quantization=False)


class Counted(int):
    """A count for a sentence: it chooses the plural as the number it is, and is written by the
    rules of the reader's language ("1,414 claims").
    """

    def __str__(self) -> str:
        return number(int(self))


def date(edtf: str) -> str:
    """An EDTF date in words of the reader's language; a form without words stays as it is."""
    return _in_words(current(), edtf)


@lru_cache(maxsize=4096)
def _in_words(language: str, edtf: str) -> str:
    return GRAMMARS[language].time(when(edtf))


def supplied(text: str) -> str:
    """What the work does not print at that place, as the reader's language marks it."""
    return GRAMMARS[current()].supplied(text)


def bracketed(label: Label) -> Label:
    """The same of a name."""
    parts = label.parts and (Label("["), *label.parts, Label("]"))
    return Label(supplied(label.text), label.language, parts)


def phrase(status: int) -> str:
    """An HTTP status in the reader's words."""
    found = _PHRASES.get(status)
    return str(found) if found is not None else HTTPStatus(status).phrase


def set_up(app: Flask) -> None:
    """Give an application the languages. Its templates get ``_`` and ``{% trans %}``, `languages`,
    `language()`, `language_field()`, and the filters `number`, `counted` and `date`.
    """
    Babel(app, locale_selector=_choose)
    app.jinja_env.policies["ext.i18n.trimmed"] = True  # as `make messages` collects them
    # As Flask-Babel does it, but that a page looks its catalogue up once, not for each text.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, n: _catalogue().ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.filters.update(number=number, counted=Counted, date=date)
    app.jinja_env.globals.update(
        languages=LANGUAGES, language=current, language_field=field, status_phrase=phrase
    )
    app.before_request(_known)
    app.after_request(_marked)


def _catalogue() -> Any:
    """The words of the reader's language."""
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


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
