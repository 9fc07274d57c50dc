"""One question with the claims that answer it, as the pages of things and the list of claims show
it. A page has up to fifty of these lines, each of some twenty parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from flask_babel import ngettext
from markupsafe import Markup, escape

from kg.web.inline import text
from kg.web.records import Cited, ClaimView, Value
from kg.web.sections import Asked

__all__ = ["entries"]

_OWN_WORD = "/endorses"


def entries(
    link: Callable[[Value], Markup],
    by_rule: Callable[[Value | None], Markup],
    href: Callable[[str | None], str | None],
) -> Callable[[Asked, str, Mapping[str, str]], Markup]:
    """A function for templates: a question with its answers, as they stand in a section of that
    name. `words` are those of `kg.web.sections.words`, `href` says where an IRI leads.
    """

    def entry(asked: Asked, name: str, words: Mapping[str, str]) -> Markup:
        claims = asked.claims
        parts = ['<div class="asked">\n<p class="question">']
        if name == "answer" and asked.about:
            parts.append(f"<strong>{link(asked.about)}</strong>")
            if asked.when:
                parts.append(f' <span class="when">{escape("; ".join(asked.when))}</span>')
            parts.append(" ")
        parts.append(link(asked.question))
        if len(claims) > 1:
            number = ngettext("%(n)s claim", "%(n)s claims", len(claims), n=len(claims))
            parts.append(f'\n<span class="count">{escape(number)}</span>')
        for side, n in asked.sides:
            times = f" × {n}" if n > 1 else ""
            parts.append(f'\n<span class="side">{link(side)}{times}</span>')
        parts.append('</p>\n<ul class="answers">\n')
        for claim in claims:
            gone = ' class="withdrawn"' if claim.withdrawn else ""
            parts.append(f"<li{gone}>{''.join(answer(claim, name, words))}</li>\n")
        parts.append("</ul>\n</div>\n")
        return Markup("".join(parts))  # noqa: S704

    def answer(c: ClaimView, section: str, words: Mapping[str, str]) -> Iterator[str]:
        said = text(c.answer.label)
        yield f'<a class="permalink" href="{escape(href(c.iri))}">'
        yield f"<strong>{said}</strong></a>\n" if c.is_figure else f"{said}</a>\n"
        if c.counted:
            yield f"<span>{', '.join(map(link, c.counted))}</span>\n"
        if c.role:
            yield f"<span>{link(c.role)}</span>\n"
        if c.side:
            yield f"<span><i>{escape(words['side'])}</i> {link(c.side)}</span>\n"
        if c.during:
            yield f"<span><i>{escape(words['time'])}</i> {escape(c.during)}</span>\n"
        if c.rule:
            yield f"<span>{by_rule(c.rule)}</span>\n"
        if c.modality:
            yield f'<span class="modal">{link(c.modality)}</span>\n'
        if c.withdrawn:
            yield f"<span>{escape(words['withdrawn'])}</span>\n"
        for worded in c.wording:
            yield f'<q lang="{escape(worded.language)}"><bdi>{escape(worded.text)}</bdi></q> '
        if c.translation:
            yield f"<span><i>{escape(words['ours'])}</i> {text(c.translation)}</span>\n"
        yield "\n<small>"
        if c.voice:
            yield f"<i>{escape(words['says'])}</i> {' ← '.join(map(link, c.voice))}"
            if c.voice_side:
                yield f" ({link(c.voice_side)})"
        else:
            yield escape(words["own"])
        if c.stance and (c.voice or not (c.stance.iri or "").endswith(_OWN_WORD)):
            yield f" · <i>{escape(words['author'])}</i> {link(c.stance)}"
        if c.certainty:
            yield f" · <i>{escape(words['worded'])}</i> {link(c.certainty)}"
        if section != "read":
            if c.source:
                yield f" · {link(c.source)}"
            if c.page:
                place = words["page"] % {"page": c.page} if c.page[0].isdigit() else c.page
                yield f", {escape(place)}"
        if c.notes:
            yield f", {escape(words['notes'] % {'notes': c.notes})}"
        if c.cited and section != "cited":
            yield f" · <i>{escape(words['cites'])}</i> {'; '.join(works(c.cited))}"
        yield "</small>"

    def works(cited: Iterable[Cited]) -> Iterator[str]:
        """Each work once, with the places in it."""
        for _, same in groupby(sorted(cited, key=_work), key=_work):
            found = list(same)
            places = "".join(f", {escape(c.locator)}" for c in found if c.locator)
            yield f"{link(found[0].work)}{places}"

    return entry


def _work(cited: Cited) -> str:
    return cited.work.iri or ""
