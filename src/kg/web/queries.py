"""The stored questions as pages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.errors import UnknownQuery
from kg.web.site import Site

__all__ = ["add_to"]


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of the stored questions."""

    @routes.get("/queries/")
    def queries() -> str:
        return render_template("queries.html", catalogue=site.catalogue)

    @routes.get("/queries/<path:name>")
    def query(name: str) -> str:
        catalogue = site.catalogue
        if name not in catalogue.queries:
            raise UnknownQuery(f"there is no stored query {name!r}", hint="see /queries/")
        stored = catalogue.queries[name]
        arguments = {k: v for k, v in request.args.items() if v}
        return render_template(
            "query.html",
            query=stored,
            text=stored.fill(arguments, site.names),
            arguments=arguments,
        )

    @routes.get("/queries")
    def queries_without_slash() -> WerkzeugResponse:
        return redirect(site.url("queries/"), 308)
