"""Which of our formats a client would rather have (RFC 9110, 12.5.1), by Werkzeug's parser."""

from __future__ import annotations

from dataclasses import replace

from flask import Request
from werkzeug.datastructures import MIMEAccept

from kg import formats
from kg.errors import NotAcceptable
from kg.formats import Format, Kind

__all__ = ["best", "wants_html"]


def best(request: Request, kind: Kind) -> Format | None:
    """The best format of a kind by ``?format=`` or Accept; None when none is accepted.

    Without an Accept header, and for ``*/*``, it is the first of the table. A client that asks by
    another name of a format (``text/xml``) gets that name back, first in `media_types`.
    """
    name = request.values.get("format")
    choice = formats.RESULTS if kind == "results" else formats.GRAPHS
    if name:
        chosen = formats.by_name(name)
        return chosen if chosen.kind == kind else None
    accept = _accept(request)
    ranked = [
        (accept.quality(media), -position, -rank, media, form)
        for position, form in enumerate(choice)
        for rank, media in enumerate(form.media_types)
        if accept.quality(media) > 0
    ]
    if not ranked:
        return None
    *_, media, form = max(ranked, key=lambda entry: entry[:3])
    return replace(form, media_types=(media, *(m for m in form.media_types if m != media)))


def wants_html(request: Request) -> bool:
    """Whether HTML is accepted and nothing of ours more so (a browser's Accept, not ``*/*``)."""
    if request.values.get("format"):
        return False
    accept = _accept(request)
    html = accept.quality("text/html")
    named = any(value.lower().startswith("text/html") for value in accept.values())
    rivals = (
        accept.quality(media)
        for form in formats.FORMATS
        for media in form.media_types
        if media != "text/plain"
    )
    return named and html > 0 and all(quality <= html for quality in rivals)


def _accept(request: Request) -> MIMEAccept:
    if not request.headers.get("Accept", "").strip():
        return MIMEAccept([("*/*", 1)])
    return request.accept_mimetypes


def not_acceptable(kind: Kind) -> NotAcceptable:
    """The error for a client that accepts no format of a kind."""
    choice = formats.RESULTS if kind == "results" else formats.GRAPHS
    return NotAcceptable(
        "nothing that was asked for can be given here",
        hint="ask for one of: " + ", ".join(f.media_type for f in choice),
    )
