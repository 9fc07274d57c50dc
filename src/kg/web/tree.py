"""The chains behind a claim as a picture: an indented tree in SVG. Pure functions.

Each thing has a line of its own under what leads to it, so that the picture reads on a narrow page
and in print; its sign tells what it is without colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import escape

__all__ = ["SIGNS", "Node", "picture"]

SIGNS = {
    "claim": '<circle r="7" {fill}/><path d="M-3 0h6M0-3v6" stroke="currentColor"/>',
    "work": '<rect x="-6" y="-8" width="12" height="16" {fill}/>'
    '<path d="M-3-8v16" stroke="currentColor"/>',
    "record": '<path d="M-6-8h8l4 4v12h-12z" {fill}/>'
    '<path d="M-3 0h6m-6 4h6" stroke="currentColor"/>',
    "voice": '<path d="M-8-7h16v10h-9l-4 5v-5h-3z" {fill}/>',
    "page": '<circle r="7" {fill}/><path d="M-7 0h14M0-7c-5 5-5 9 0 14c5-5 5-9 0-14" fill="none"'
    ' stroke="currentColor"/>',
    "broken": '<path d="M-6-6 6 6M6-6-6 6" stroke="currentColor" stroke-width="3"/>',
    "whole": '<rect x="-8" y="-6" width="16" height="12" rx="2" {fill}/>'
    '<path d="M-8-2h16" stroke="currentColor"/>',
}
"""The signs by the kind of a node, drawn round a point."""

_FILL = 'fill="#fff" stroke="currentColor" stroke-width="1.5"'
_STEP, _INDENT, _LONG = 46, 26, 46


@dataclass(frozen=True)
class Node:
    """One thing in the chains: how it is led to, what it is called, and what follows from it.

    `kind` is one of SIGNS. `note` says more, in few words; `lang` is the language of the name.
    """

    by: str
    name: str
    kind: str
    href: str | None = None
    note: str = ""
    lang: str = ""
    nodes: tuple[Node, ...] = ()


def picture(root: Node, *, title: str, description: str, ident: str) -> str:
    """The tree below and with `root`. `ident` begins the ids within the picture."""
    rows: list[str] = []
    lines: list[str] = []
    at: dict[int, int] = {}  # the row at each depth to which the next branch is drawn
    for row, (depth, node) in enumerate(_walked(root, 0)):
        y = row * _STEP + 22
        x = depth * _INDENT + 12
        if depth:
            top = at[depth - 1] * _STEP + 32
            before = x - _INDENT
            lines.append(f'<path class="branch" d="M{before} {top}V{y}H{x - 12}"/>')
        at[depth] = row
        rows.append(_row(node, x, y))
    height = sum(1 for _ in _walked(root, 0)) * _STEP + 4
    return (
        f'<svg class="tree" xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}"'
        f' role="group" aria-labelledby="{ident}-title" aria-describedby="{ident}-desc"'
        ' font-family="system-ui, sans-serif" font-size="13" color="#1c1b1a">'
        f'<title id="{ident}-title">{escape(title)}</title>'
        f'<desc id="{ident}-desc">{escape(description)}</desc>'
        f'<g fill="none" stroke="#8a857d" aria-hidden="true">{"".join(lines)}</g>'
        f'<g role="list">{"".join(rows)}</g></svg>'
    )


def _walked(node: Node, depth: int) -> Iterator[tuple[int, Node]]:
    waiting = [(depth, node)]
    while waiting:
        here, found = waiting.pop()
        yield here, found
        waiting += [(here + 1, below) for below in reversed(found.nodes)]


def _row(node: Node, x: int, y: int) -> str:
    sign = SIGNS.get(node.kind, SIGNS["work"]).replace("{fill}", _FILL)
    said = f"{node.by}: {node.name}" if node.by else node.name
    full = f"{said} ({node.note})" if node.note else said
    lang = f' lang="{escape(node.lang)}"' if node.lang else ""
    small = ": ".join(part for part in (node.by, node.note) if part)
    body = (
        f"<title>{escape(full)}</title>"
        f'<svg x="{x}" y="{y}" overflow="visible" aria-hidden="true" class="sign">{sign}</svg>'
        f'<text class="name" x="{x + 16}" y="{y - 1}" fill="#1c1b1a"{lang}>{_cut(node.name)}</text>'
        f'<text class="note" x="{x + 16}" y="{y + 14}" font-size="11" fill="#5b5752">'
        f"{_cut(small)}</text>"
    )
    if node.href:
        body = f'<a href="{escape(node.href)}">{body}</a>'
    return f'<g role="listitem" class="node {node.kind}">{body}</g>'


def _cut(text: str) -> str:
    short = text if len(text) <= _LONG else text[: _LONG - 1].rstrip() + "…"
    return f"\u2068{escape(short)}\u2069"
