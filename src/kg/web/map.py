"""The map: what claims put at a place, as marks; the same marks as a table without a script."""

from __future__ import annotations

from flask import Blueprint, render_template

from kg.web import about
from kg.web.choosing import LAYERS, Choice, map_query
from kg.web.happenings import asked_for
from kg.web.site import Site
from kg.web.ways import STOPS, joined

__all__ = ["add_to"]


def add_to(routes: Blueprint, site: Site) -> None:
    """The route of the map."""

    @routes.get("/map")
    def map_page() -> str:
        choice, found, shown = asked_for(site, map_query)
        order = list(LAYERS)
        found.sort(key=lambda h: (order.index(h.layer), h.thing.label.text, h.claims[0]))
        return render_template(
            "map.html",
            drawable=about.has("leaflet"),
            marks=[h for h in found if h.place and h.place.degrees],
            unplaced=[h for h in found if not (h.place and h.place.degrees)],
            ways=joined(found) if _whole(choice) and not shown["more"] else [],
            **shown,
        )


def _whole(choice: Choice) -> bool:
    """Whether a choice leaves out no stop of a thing: a hidden one may lie between two others.
    (An uprising chooses things, each with all its stops; a source is an account of its own.)
    """
    return set(choice.layers) >= STOPS and choice.side is None
