"""What the query editor needs of the server: words in the reader's language, the ready questions.

The editor itself is a script over the plain form of `kg.web.sparql`; without it nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify
from flask_babel import gettext

from kg.web import about
from kg.web.asked import asked, by_topic
from kg.web.site import Site

__all__ = ["add_to", "members"]


def add_to(routes: Blueprint, site: Site) -> None:
    """The texts of the ready questions, which the gallery puts into the editor."""

    @routes.get("/editor/questions")
    def questions() -> Response:
        return jsonify({query.name: query.text for query in site.catalogue})


def members(site: Site, text: str | None) -> Mapping[str, Any]:
    """What the template of the editor's page needs besides the form; `text` is what was asked."""
    return {
        "editable": about.has("yasgui"),
        "gallery": by_topic([asked(site.catalogue, query) for query in site.catalogue]),
        "words": _words(),
        "asked": text is not None,
    }


def _words() -> dict[str, str]:
    """What the script says; ``{…}`` is filled there."""
    return {
        "query": gettext("Query"),
        "running": gettext("The query runs."),
        "unanswered": gettext("The server could not be reached."),
        "rows": gettext("Rows: {n}. Seconds: {seconds}."),
        "done": gettext("Answered. Seconds: {seconds}."),
        "characters": gettext("Characters: {n}"),
        "length": gettext("Length of the query"),
        "place": gettext("Line {line}, column {column}"),
        "expected": gettext("Not complete here. One of these may follow: {what}"),
        "copied": gettext("The address of this query was copied."),
        "table": gettext("Table"),
        "chart": gettext("Chart"),
        "map": gettext("Map"),
        "raw": gettext("As sent"),
        "sort": gettext("Sort by {name}"),
        "cut": gettext("The first {n} rows are shown; the files have all of them."),
        "ranges": gettext("From the low end to the high end"),
        "bars": gettext("Figures of {name}"),
        "some": gettext("{n} of {all} rows are drawn."),
        "of": gettext("{used} of {limit}"),
        "cost": gettext("The answer has {bytes} bytes."),
        "nesting": gettext("Brackets inside one another"),
        "operators": gettext("Operators and variables"),
        "patterns": gettext("Patterns joined with one another"),
        "path_steps": gettext("Steps of property paths"),
        "rereadings": gettext("Tokens read anew"),
        "seconds": gettext("Seconds of evaluation"),
    }
