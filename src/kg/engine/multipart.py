"""Several RDF documents in one body (``multipart/form-data``, RFC 7578).

SPARQL 1.1 Graph Store HTTP Protocol, 5.5: a POST may bring more than one document; all of them are
added to the graph. Werkzeug's decoder takes the body apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.datastructures import Headers
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from kg import formats
from kg.errors import FormatError, ParseError
from kg.formats import Format

__all__ = ["MULTIPART", "documents"]

MULTIPART = "multipart/form-data"
_MOST = 100  # documents


def documents(body: bytes, boundary: str) -> Iterator[tuple[Format, bytes]]:
    """The documents of a body, each with its format.

    Raises ParseError for a body that is no multipart, FormatError for a part that is no RDF.
    """
    try:
        decoder = MultipartDecoder(boundary.encode("ascii"), max_parts=_MOST)
        decoder.receive_data(body)
        decoder.receive_data(None)
        form: Format | None = None
        parts: list[bytes] = []
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                form, parts = _format(event.headers), []
            elif isinstance(event, Data):
                parts.append(event.data)
                if not event.more_data and form is not None:
                    yield form, b"".join(parts)
    except (ValueError, RuntimeError) as error:
        raise ParseError(
            f"the body is no {MULTIPART}: {error or 'it has no such parts'}",
            hint="curl -F writes one: -F 'one=@one.ttl;type=text/turtle'",
        ) from None


def _format(headers: Headers) -> Format:
    media, options = parse_options_header(headers.get("content-type"))
    for form in formats.GRAPHS:
        if media.lower() in form.media_types and options.get("charset", "utf-8").lower() == "utf-8":
            return form
    raise FormatError(
        f"a part of the body is {media or 'without a Content-Type'}",
        hint="each part is one of: " + ", ".join(f.media_type for f in formats.GRAPHS),
    )
