"""The search, as a page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request

from kg.errors import ParameterError
from kg.finding import Found, Hit, search
from kg.finding.ranking import LONGEST, Name
from kg.finding.texts import KINDS
from kg.web import languages
from kg.web.addresses import address, link_header, pages_of, whole
from kg.web.finder import finder_of
from kg.web.naming import named
from kg.web.records import Label
from kg.web.site import Site
from kg.web.view import View, look

__all__ = ["add_to", "label_of"]

_PAGE = 20
_MOST = 100
_ANSWERED = 5  # questions whose claims stand on the page


@dataclass(frozen=True)
class Shown:
    """A hit as a line of the page: its label, and the matched text in pieces (text, marked?)."""

    hit: Hit
    label: Label
    pieces: tuple[tuple[str, bool], ...]

    @property
    def other(self) -> bool:
        """Whether what matched is not what the label says."""
        return self.hit.matched.text != self.label.text


def add_to(routes: Blueprint, site: Site) -> None:
    """The routes of the search."""
    finder = finder_of(routes, site)

    @routes.get("/search")
    def searching() -> str:
        text = request.args.get("q", "").strip()
        kind = _kind()
        start = whole("from", 0, 0, 10**6)
        too_long = len(text) > LONGEST
        found, slow = Found((), 0, {}, False), False
        if text and not too_long:
            index = finder.index()
            found, slow = (
                search(index, text, kind=kind, start=start, limit=_PAGE),
                not index.trigrams,
            )
        questions = [] if start else _leading_questions(found.hits)
        titles = _titles(site, found.hits)
        claims = look(site, questions).claims() if questions else []
        return render_template(
            "search.html",
            asked=text,
            kind=kind,
            found=found,
            too_long=too_long,
            longest=LONGEST,
            start=start,
            slow=slow,
            answered=[
                (shown, [c for c in claims if c.question.iri == shown.hit.iri])
                for shown in (_shown(hit, titles) for hit in found.hits)
                if shown.hit.iri in questions
            ],
            hits=[_shown(hit, titles) for hit in found.hits if hit.iri not in questions],
            facets=[
                (name, number, address(site, "search", q=text, kind=name))
                for name, number in found.kinds.items()
            ],
            every=address(site, "search", q=text),
            pages={
                to: address(site, "search", q=text, kind=kind, **{"from": place or ""})
                for to, place in pages_of(start, _PAGE, found.total).items()
            },
        )

    @routes.get("/api/search")
    def searching_for_programs() -> Response:
        text = request.args.get("q", "").strip()
        if not text:
            raise ParameterError("there is nothing to search for", where="q", hint="q=a name")
        if len(text) > LONGEST:
            raise ParameterError(
                f"{len(text):,} characters are no name or question",
                where="q",
                hint=f"at most {LONGEST} characters",
            )
        kind = _kind()
        limit = whole("limit", _PAGE, 1, _MOST)
        start = whole("from", 0, 0, 10**6)
        index = finder.index()
        found = search(index, text, kind=kind, start=start, limit=limit)
        links = {
            to: address(site, "api/search", q=text, kind=kind, limit=limit, **{"from": place})
            for to, place in pages_of(start, limit, found.total).items()
        }
        body = {
            "q": text,
            "kind": kind or None,
            "from": start,
            "limit": limit,
            "total": found.total,
            "more": found.more,
            "kinds": found.kinds,
            "version": index.version,
            "trigrams": index.trigrams,
            "hits": [_told(site, hit) for hit in found.hits],
            "next": links.get("next"),
            "prev": links.get("prev"),
        }
        response = Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")
        if links:
            response.headers["Link"] = link_header(links)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        response.add_etag()
        response.make_conditional(request)
        return response


def _kind() -> str:
    """The kind that the address names; empty for all. Raises ParameterError for what is none."""
    kind = request.args.get("kind", "")
    if kind and kind not in KINDS:
        raise ParameterError(
            f"{kind[:40]!r} is no kind of thing", where="kind", hint="one of: " + ", ".join(KINDS)
        )
    return kind


def _leading_questions(hits: Iterable[Hit]) -> list[str]:
    """The questions with claims that come before anything else."""
    found: list[str] = []
    for hit in hits:
        if hit.kind != "question" or not hit.claims or len(found) == _ANSWERED:
            break
        found.append(hit.iri)
    return found


def _titles(site: Site, hits: Iterable[Hit]) -> dict[str, Label]:
    """The titles of those questions that nobody has worded in the reader's language."""
    reader = languages.current()
    untold = [
        hit.iri
        for hit in hits
        if hit.kind == "question" and all(name.language != reader for name in hit.names)
    ]
    view = View({}, site.names, named(site, untold)) if untold else None
    return {iri: view.label(iri) for iri in untold} if view else {}


def _shown(hit: Hit, titles: Mapping[str, Label]) -> Shown:
    pieces, end = [], 0
    for first, last in hit.marks:
        pieces += [(hit.matched.text[end:first], False), (hit.matched.text[first:last], True)]
        end = last
    pieces.append((hit.matched.text[end:], False))
    return Shown(
        hit, titles.get(hit.iri) or _label(hit), tuple(piece for piece in pieces if piece[0])
    )


def _label(hit: Hit) -> Label:
    """The name in the reader's language, or what matched where a thing has no name."""
    return label_of(hit.names) or Label(hit.matched.text, hit.matched.language)


def label_of(names: Iterable[Name]) -> Label | None:
    """The name in the reader's language, else in the next best; None where there is none."""
    known = {name.language: name for name in reversed(tuple(names))}
    for language in (languages.current(), *languages.LANGUAGES, *known):
        if language in known:
            return Label(known[language].text, language)
    return None


def _told(site: Site, hit: Hit) -> dict[str, Any]:
    label = _label(hit)
    found: dict[str, Any] = {
        "iri": hit.iri,
        "page": site.href(hit.iri),
        "kind": hit.kind,
        "score": hit.score,
        "label": {"text": label.text, "language": label.language or None},
        "matched": {**_named(hit.matched), "field": hit.matched.field, "marks": hit.marks},
        "names": [_named(name) for name in hit.names],
    }
    if hit.about:
        found["question"] = hit.about
    if hit.kind == "question":
        found["claims"] = hit.claims
    return found


def _named(name: Name) -> dict[str, str | None]:
    return {"text": name.text, "language": name.language or None}
