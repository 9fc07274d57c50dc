"""Content negotiation for a Flask request; `kg.negotiation` does the work."""

from __future__ import annotations

from flask import Request

from kg import formats, negotiation
from kg.formats import Format, Kind
from kg.negotiation import not_acceptable

__all__ = ["best", "not_acceptable", "wants_html"]


def best(request: Request, kind: Kind) -> Format | None:
    """The best format of a kind by ``?format=`` or Accept; None when none is accepted."""
    name = request.args.get("format")
    if name:
        chosen = formats.by_name(name)
        return chosen if chosen.kind == kind else None
    return negotiation.best(request.headers.get("Accept", ""), kind)


def wants_html(request: Request) -> bool:
    """Whether HTML is accepted and nothing of ours more so (a browser's Accept, not ``*/*``)."""
    return not request.args.get("format") and negotiation.wants_html(
        request.headers.get("Accept", "")
    )
