"""Which of our formats a client would rather have (RFC 9110, 12.5), by Werkzeug's parser.

Everything here is a pure function of a header's text, and remembers the answer: clients send the
same few headers over and over. One beyond `LONGEST` characters or `MOST` entries is refused unread,
for reading it costs everybody's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from werkzeug.http import parse_accept_header, parse_options_header

from kg import formats
from kg.errors import HeaderTooLong, NotAcceptable
from kg.formats import Format, Kind

__all__ = [
    "LONGEST",
    "MOST",
    "best",
    "coding",
    "fits",
    "not_acceptable",
    "offered",
    "prefers_html",
    "wants_html",
]

LONGEST = 4096
"""Characters that a header may have which is weighed here."""
MOST = 100
"""Entries that it may have."""


def fits(header: str) -> bool:
    """Whether a header is short enough to be weighed."""
    return len(header) <= LONGEST and header.count(",") < MOST


def _bounded(header: str, name: str) -> str:
    if not fits(header):
        raise HeaderTooLong(
            f"the field {name} has more than {LONGEST:,} characters or {MOST} entries",
            where=name,
            hint="name the few that matter, or */*",
        )
    return header


@lru_cache(maxsize=1024)
def best(accept: str, kind: Kind) -> Format | None:
    """The best format of a kind for an Accept header; None when none is accepted.

    Without an Accept header, and for ``*/*``, it is the first of the table. A client that asks by
    another name of a format (``text/xml``) gets that name back, first in `media_types`. Raises
    HeaderTooLong.
    """
    ranges = _ranges(accept)
    ranked = [
        (quality, -position, -rank, media, form)
        for position, form in enumerate(offered(kind))
        for rank, media in enumerate(form.media_types)
        if (quality := _weight(ranges, media)[0]) > 0
    ]
    if not ranked:
        return None
    *_, media, form = max(ranked, key=lambda entry: entry[:3])
    return replace(form, media_types=(media, *(m for m in form.media_types if m != media)))


def offered(kind: Kind) -> tuple[Format, ...]:
    """The formats of a kind."""
    return formats.RESULTS if kind == "results" else formats.GRAPHS


@lru_cache(maxsize=1024)
def wants_html(accept: str) -> bool:
    """Whether HTML is accepted and nothing of ours more so (a browser's Accept, not ``*/*``).

    Raises HeaderTooLong.
    """
    ranges = _ranges(accept)
    html = ranges.get("text/html", 0)
    rivals = (
        _weight(ranges, media)[0]
        for form in formats.FORMATS
        for media in form.media_types
        if media != "text/plain"
    )
    return html > 0 and all(quality <= html for quality in rivals)


def prefers_html(accept: str) -> bool:
    """Whether an error is better shown as a page than as problem+json; False for what is too long
    to be weighed.
    """
    return fits(accept) and _prefers_html(accept)


@lru_cache(maxsize=1024)
def _prefers_html(accept: str) -> bool:
    choice = ["application/problem+json", "application/json", "text/html"]
    choice += [f.media_type for f in formats.FORMATS]
    ranges = _ranges(accept)
    first = max(choice, key=lambda media: _weight(ranges, media))
    return first == "text/html" and _weight(ranges, first)[0] > 0


@lru_cache(maxsize=1024)
def coding(accept_encoding: str, ours: tuple[str, ...]) -> str:
    """The content coding to use (RFC 9110, 12.5.3): one of `ours`, or ``""`` for none.

    Raises HeaderTooLong.
    """
    if not accept_encoding:
        return ""
    parsed = parse_accept_header(_bounded(accept_encoding, "Accept-Encoding"))
    named = {value.lower(): quality for value, quality in parsed}
    star = named.get("*", 0)
    ranked = [(named.get(name, star), -position, name) for position, name in enumerate(ours)]
    quality, _, name = max(ranked)
    return name if quality > 0 and quality >= named.get("identity", 0) else ""


@lru_cache(maxsize=1024)
def _ranges(accept: str) -> Mapping[str, float]:
    """The quality of each media range, by its name in lower case."""
    if not accept.strip():
        return {"*/*": 1.0}
    ranges: dict[str, float] = {}
    for value, quality in parse_accept_header(_bounded(accept, "Accept")):
        # What we write has no parameter but its charset, and that is UTF-8: a range that asks for
        # another does not match, and no other parameter (a profile, a version) changes anything.
        media, options = parse_options_header(value)
        if options.get("charset", "utf-8").lower() in ("utf-8", "utf8"):
            name = media.lower()
            ranges[name] = max(quality, ranges.get(name, 0))
    return ranges


def _weight(ranges: Mapping[str, float], media: str) -> tuple[float, int]:
    """The quality that the most specific range gives a media type, and how specific that is."""
    for specific, name in ((2, media), (1, media.partition("/")[0] + "/*"), (0, "*/*")):
        if name in ranges:
            return ranges[name], specific
    return 0.0, 0


def not_acceptable(kind: Kind) -> NotAcceptable:
    """The error for a client that accepts no format of a kind."""
    return NotAcceptable(
        "nothing that was asked for can be given here",
        hint="ask for one of: " + ", ".join(f.media_type for f in offered(kind)),
    )
