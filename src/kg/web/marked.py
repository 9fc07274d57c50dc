"""The rows of the map's table and of the timeline: what is claimed, where, when, by whom.

A page of either has some hundred rows, which is why these are functions and no macros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from flask import g
from flask_babel import gettext
from markupsafe import Markup, escape

from kg.web.happenings import Happening, Place
from kg.web.inline import text
from kg.web.records import Value
from kg.web.timeline import Bar, Row, Tick
from kg.web.times import Time

__all__ = ["globals_of"]


def globals_of(
    link: Callable[[Value], Markup],
    by_rule: Callable[[Value | None], Markup],
    href: Callable[[str | None], str | None],
) -> dict[str, Callable[..., Any]]:
    """``said``, ``times``, ``claim_links``, ``marks_rows`` and ``timeline_rows`` for templates;
    `href` says where an IRI leads.
    """

    def said(h: Happening) -> Markup:
        """What is claimed, in a line."""
        answer = modality = ""
        if h.answer and h.answer.iri != h.thing.iri:
            answer = f": {link(h.answer)}"
        if h.modality:
            modality = f' <small class="modal">({text(h.modality.label)})</small>'
        relation = f'<span class="relation">{text(h.property.label)}</span>'
        return Markup(f"{link(h.thing)} — {relation}{answer}{modality}")  # noqa: S704

    def times(h: Happening) -> Markup:
        """All its times."""
        return Markup("; ".join(map(time, h.times)))  # noqa: S704

    def time(t: Time) -> str:
        more = [str(by_rule(t.rule))] if t.rule else []
        if t.elsewhere:
            claims = Markup(", ").join(map(claim_link, t.elsewhere))
            elsewhere = Markup(escape(gettext("dated elsewhere: %(claims)s")))  # noqa: S704
            more.append(f'<small class="elsewhere">{elsewhere % {"claims": claims}}</small>')
        return " ".join([f'<span class="time">{escape(t.words)}</span>', *more])

    def claim_links(h: Happening) -> Markup:
        """A list that leads to its claims."""
        found = "".join(f"<li>{claim_link(claim)}</li>" for claim in h.claims)
        return Markup(f'<ul class="claim-links">{found}</ul>')  # noqa: S704

    def claim_link(claim: str) -> Markup:
        words = g.get("claim_words")
        if words is None:
            words = g.claim_words = str(escape(gettext("Claim %(number)s")))
        name = words % {"number": escape(claim.rpartition("/")[2])}
        return Markup(f'<a href="{escape(href(claim))}">{name}</a>')  # noqa: S704

    def place(found: Place) -> str:
        parts = []
        if found.degrees:
            parts.append(", ".join(f"{degree:.3f}" for degree in found.degrees))
            parts += map(text, found.told)
        degrees = f' <small class="degrees">{" · ".join(parts)}</small>' if parts else ""
        return f"{link(found.thing)}{degrees}"

    def marks_rows(marks: Iterable[Happening]) -> Markup:
        """A row for each mark, with what a script needs to draw it."""
        heads = [
            escape(head) for head in (gettext("Place"), gettext("Time"), gettext("Who says so"))
        ]
        return Markup("".join(_marks_rows(marks, heads, escape(gettext("Claims")))))  # noqa: S704

    def _marks_rows(marks: Iterable[Happening], heads: Sequence[str], claims: str) -> Iterator[str]:
        where, when, who = heads
        unsaid, author = escape(gettext("not said")), escape(gettext("the author"))
        for h in marks:
            yield f'<tr class="layer-{h.layer}"'
            if h.place and h.place.degrees:
                latitude, longitude = h.place.degrees
                yield f' data-mark="{h.layer}" data-latitude="{latitude}"'
                yield f' data-longitude="{longitude}"'
                yield f' data-place="{escape(h.place.thing.label.text)}"'
            yield f'>\n<td class="what">{sign(h.layer)} {said(h)}</td>\n'
            yield f'<td class="where" data-label="{where}">'
            yield f"{place(h.place) if h.place else ''}</td>\n"
            yield f'<td class="when" data-label="{when}">{times(h) if h.times else unsaid}</td>\n'
            voice = text(h.side.label) if h.side else author
            yield f'<td class="who" data-label="{who}">{voice}</td>\n'
            yield f'<td class="claims-of" data-label="{claims}">{claim_links(h)}</td>\n</tr>\n'

    def timeline_rows(rows: Iterable[Row], ticks: Iterable[Tick]) -> Markup:
        """A row for each mark of a timeline, with its bars."""
        grid = "".join(
            f'<line class="grid" x1="{t.at}%" x2="{t.at}%" y1="0" y2="24"/>' for t in ticks
        )
        found = []
        for row in rows:
            h = row.happening
            side = f" <small>{text(h.side.label)}</small>" if h.side else ""
            planned = " planned" if h.modality else ""
            found.append(
                f'<tr class="layer-{h.layer}">\n<th scope="row">{said(h)}{side}</th>\n'
                f'<td class="times">{times(h)} {claim_links(h)}</td>\n'
                f'<td class="drawn"><a href="{escape(href(h.claims[0]))}" tabindex="-1"'
                f' aria-hidden="true"><svg class="bar{planned}" width="100%" height="24"'
                f' aria-hidden="true" focusable="false">{grid}{"".join(map(_bar, row.bars))}'
                "</svg></a></td>\n</tr>\n"
            )
        return Markup("".join(found))  # noqa: S704

    return {
        "mark": sign,
        "said": said,
        "times": times,
        "claim_links": claim_links,
        "marks_rows": marks_rows,
        "timeline_rows": timeline_rows,
    }


def sign(layer: str) -> Markup:
    """The sign of a layer, once the page has its symbols."""
    return Markup(  # noqa: S704
        f'<svg class="mark layer-{layer}" width="16" height="16" aria-hidden="true"'
        f' focusable="false"><use href="#mark-{layer}"/></svg>'
    )


def _bar(bar: Bar) -> str:
    if bar.look == "day":
        return _at(bar.start + bar.width / 2, "day", "M0-7 7 0 0 7-7 0Z", y=12)
    fill = ""
    if bar.look == "within":
        fades = "out" if bar.opens and not bar.closes else "in"
        fill = f' fill="url(#fade-{fades if bar.opens != bar.closes else "both"})"'
    box = f'x="{bar.start}%" width="{bar.width}%" y="6" height="12"'
    opens = _at(bar.start, "arrow", "M0 0 9-9V9Z", y=12) if bar.opens else ""
    closes = _at(bar.start + bar.width, "arrow", "M0 0-9-9V9Z", y=12) if bar.closes else ""
    return f'<rect class="{bar.look}" {box}{fill}/>{opens}{closes}'


def _at(x: float, kind: str, path: str, *, y: int) -> str:
    return f'<svg x="{x}%" y="{y}" overflow="visible"><path class="{kind}" d="{path}"/></svg>'
