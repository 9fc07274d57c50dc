"""Names and values as they stand in a line of a page: text with its language, links.

Templates call these some hundred times for one page, which is why they are functions and no macros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import g
from flask_babel import gettext
from markupsafe import Markup, escape

from kg.web import languages
from kg.web.records import Label, Value

__all__ = ["globals_of", "text"]

_LONG, _BEGINNING = 600, 200


def text(label: Label) -> Markup:
    """A text, kept apart from the direction of what is around it. One in another language than the
    page's says so: the style sheet shows the code of it.
    """
    return Markup(_text(label, languages.current()))  # noqa: S704


def _text(label: Label, reader: str) -> str:
    words, language, parts = label
    if parts:
        inner = "".join(
            _text(part, reader) if part.language not in ("", language) else escape(part.text)
            for part in parts
        )
    else:
        inner = escape(words)
    if not language:
        return f"<bdi>{inner}</bdi>"
    borrowed = ' class="borrowed"' if language != reader else ""
    return f'<bdi lang="{escape(language)}"{borrowed}>{inner}</bdi>'


def globals_of(href: Callable[[str | None], str | None]) -> dict[str, Callable[..., Any]]:
    """``text``, ``link``, ``links``, ``folded``, ``facts_of``, ``by_rule`` and ``brackets`` for
    templates; `href` says where an IRI leads.
    """

    def link(value: Value) -> Markup:
        """A thing's name that leads to its page."""
        return made(value, g.setdefault("known_links", {}))

    def made(value: Value, known: dict[Value, Markup]) -> Markup:
        found = known.get(value)
        if found is None:
            label, iri = value
            target = href(iri)
            found = text(label)
            if target:
                found = Markup(f'<a href="{escape(target)}">{found}</a>')  # noqa: S704
            known[value] = found
        return found

    def links(values: Iterable[Value]) -> Markup:
        """Several, with commas between them."""
        return Markup(", ").join(link(value) for value in values)

    def folded(value: Value) -> Markup:
        """A value; one that would push everything else off the page is folded. Paper shows all."""
        words, language, _ = value.label
        if len(words) <= _LONG or href(value.iri):
            return link(value)
        begins = Markup('<bdi class="start"{}>{}…</bdi>').format(
            Markup(' lang="{}"').format(language) if language else "", words[:_BEGINNING]
        )
        return Markup('<details class="fold"><summary>{} {}</summary>{}</details>').format(
            begins, gettext("all of it"), text(value.label)
        )

    def facts_of(rows: Iterable[tuple[Value, Iterable[Value]]]) -> Markup:
        """Terms of a list, each with its values."""
        known: dict[Value, Markup] = g.setdefault("known_links", {})
        found = []
        for head, values in rows:
            found.append(f"<dt>{made(head, known)}</dt>")
            found += [f"<dd>{made(value, known)}</dd>" for value in values]
            found.append("\n")
        return Markup("".join(found))  # noqa: S704

    def by_rule(rule: Value | None) -> Markup:
        """By which rule a loose word for a time was read; nothing for none."""
        if rule is None:
            return Markup()
        said = Markup(escape(gettext("by the rule “%(rule)s”")))  # noqa: S704
        return Markup('<small class="by-rule">{}</small>').format(said % {"rule": link(rule)})

    def brackets() -> Markup:
        """What the brackets mean round some times and answers of a page."""
        said = gettext("A time or an answer in square brackets is ours, from the context.")
        return Markup('<p class="reading">{}</p>').format(said)

    return {
        "text": text,
        "link": link,
        "links": links,
        "folded": folded,
        "facts_of": facts_of,
        "by_rule": by_rule,
        "brackets": brackets,
    }
