"""What this site is, and under which licences everything on it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template

from kg.web.site import Site

__all__ = ["add_to", "bundles", "has"]

_VENDOR = Path(__file__).parent / "static" / "vendor"


@dataclass(frozen=True)
class Bundle:
    """Files of others that are served: what for, and the packages in them with their licences."""

    name: str
    purpose: str
    packages: list[dict[str, str]]


def bundles() -> list[Bundle]:
    """What `make assets` put here; nothing in an installation without it."""
    listed = _VENDOR / "licences.json"
    if not listed.is_file():
        return []
    read: list[dict[str, Any]] = json.loads(listed.read_text(encoding="utf-8"))
    return [Bundle(one["name"], one["for"], one["packages"]) for one in read]


def has(name: str) -> bool:
    """Whether a bundle is served here."""
    return any(bundle.name == name for bundle in bundles())


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of these pages."""

    @routes.get("/about")
    def about() -> str:
        return render_template("about.html")

    @routes.get("/about/licences")
    def licences() -> str:
        return render_template("licences.html", bundles=bundles())
