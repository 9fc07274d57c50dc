"""Addresses with parameters, and one page of many as links."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import request

from kg.errors import ParameterError
from kg.web.site import Site

__all__ = ["address", "link_header", "pages_of", "whole"]


def address(site: Site, path: str, **parameters: object) -> str:
    """The public address of a path with parameters; empty ones are left out."""
    root = site.url(path)
    text = urlencode({name: value for name, value in parameters.items() if value not in ("", None)})
    return f"{root}{'&' if '?' in root else '?'}{text}" if text else root


def whole(name: str, default: int, least: int, most: int) -> int:
    """A whole number that the address may give. Raises ParameterError for what is none."""
    text = request.args.get(name, "")
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most:
        return int(text)
    raise ParameterError(
        f"{text[:40]!r} is no value of {name}",
        where=name,
        hint=f"a whole number from {least:,} to {most:,}",
    )


def pages_of(start: int, limit: int, total: int) -> dict[str, int]:
    """Where the neighbours of a page begin: ``prev`` and ``next``, each where there is one."""
    found = {}
    if start > 0:
        found["prev"] = max(0, min(start, total) - limit)
    if start + limit < total:
        found["next"] = start + limit
    return found


def link_header(links: Mapping[str, str]) -> str:
    """The value of a Link header (RFC 8288) from addresses by relation."""
    return ", ".join(f'<{target}>; rel="{relation}"' for relation, target in links.items())
