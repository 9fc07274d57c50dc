"""Charts of rival claims as SVG: one mark for each claim, and each mark leads to its claim.

Pure functions: words, places and addresses are given, text comes out. Positions across are shares
of the width, so that a chart is as wide as its page while letters keep their size; nothing in it
needs a script, a style attribute or colour to be read:

- a diamond is one number or day, a bar a range; an end that belongs to it is a stroke, one that
  does not (“more than”) a ring; an unknown end is a dashed arrow with a question mark, of one
  length, since it says nothing of how far;
- the letters in the box say from which side the voice speaks, the colour says it again;
- a claim that its author doubts, rejects or calls unconfirmed is hatched; what was only planned or
  ordered stands apart, in outline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import wrap

from markupsafe import escape

from kg.web.scales import Scale

__all__ = ["ROOMY", "SIDES", "Band", "Mark", "Words", "intervals", "symbol", "things"]

SIDES: dict[str, tuple[str, str]] = {
    "soviet": ("S", "#b3261e"),
    "azerbaijani-republican": ("Az", "#0b6e99"),
    "insurgent": ("I", "#7a4f01"),
    "ottoman-or-turkish": ("T", "#7b2d8b"),
    "russian-imperial": ("R", "#3d5a1e"),
    "white-russian": ("W", "#4a5568"),
    "british": ("B", "#1d3f91"),
    "armenian": ("Ar", "#a34a00"),
    "other": ("+", "#2f6f62"),
    "unknown": ("?", "#5b5752"),
    "": ("–", "#1c1b1a"),
}
"""The letters and the colour of each side, by notation; ``""`` is a claim whose voice has none."""

ROOMY = 24
"""So many rows have a line of words each; more stand close together."""
_LEFT, _PLOT = "9%", "82%"
_CELL, _CELLS = 50, 6
_LONG, _BOLD = 44, 40  # letters that fit beside each other at 360 px


@dataclass(frozen=True)
class Mark:
    """One claim on a chart.

    `key` is its number on the page, `label` its answer in few words, `title` all there is to say.
    An end that is None is not known. `value` names the group of a chart of things.
    """

    key: str
    href: str
    label: str
    title: str
    side: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False
    doubted: bool = False
    modal: bool = False
    value: str = ""

    @property
    def placed(self) -> bool:
        """Whether it has a place on an axis."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True)
class Words:
    """What a chart says of itself: a title, a description, and headings for marks that stand
    apart.
    """

    title: str
    description: str
    modal: str
    unplaced: str


@dataclass(frozen=True)
class Band:
    """The envelope behind the marks; an end that is None is not known."""

    low: Fraction | None
    high: Fraction | None


def intervals(
    marks: Iterable[Mark],
    scale: Scale,
    words: Words,
    *,
    ident: str,
    band: Band | None = None,
) -> str:
    """A chart of figures or days: a row for each mark, in order of its place.

    `ident` begins the ids within the chart, which must differ from those of others on the page.
    """
    ordered = sorted(marks, key=_place)
    close = len(ordered) > ROOMY
    groups = [
        ("", [m for m in ordered if m.placed and not m.modal]),
        (words.modal, [m for m in ordered if m.placed and m.modal]),
        (words.unplaced, [m for m in ordered if not m.placed]),
    ]
    step = 18 if close else 40
    rows: list[str] = []
    top = y = 24
    for heading, group in groups:
        if group and heading:
            rows.append(_heading(heading, y))
            y += 30
        for mark in group:
            rows.append(_row(mark, scale, y, step, close=close, ident=ident))
            y += step
    return _svg(ident, words, y + 26, [*_axis(scale, top, y, band), *_list(rows)])


def things(marks: Iterable[Mark], words: Words, *, ident: str) -> str:
    """A chart of answers that have no place on an axis: under each answer, who gives it."""
    rows: list[str] = []
    y = 4
    given = list(marks)
    for heading, modal in (("", False), (words.modal, True)):
        group = [m for m in given if m.modal is modal]
        if group and heading:
            rows.append(_heading(heading, y))
            y += 30
        for value in dict.fromkeys(m.value for m in group):
            same = [m for m in group if m.value == value]
            for half in _lines(value):
                rows.append(_text("0", y + 16, half, "value", hidden=True))
                y += 17
            y -= 17
            for n, mark in enumerate(same):
                line, cell = divmod(n, _CELLS)
                at = y + 24 + 24 * line
                badge = _badge(mark, 2 + cell * _CELL, at, ident=ident)
                key = _text(str(28 + cell * _CELL), at + 13, mark.key, "key")
                rows.append(_linked(mark, f"{badge}{key}"))
            y += 24 + 24 * (1 + (len(same) - 1) // _CELLS) + 8
    return _svg(ident, words, y + 4, _list(rows))


def symbol(kind: str, side: str = "") -> str:
    """One sign of the legend: ``side``, ``point``, ``range``, ``closed``, ``open``, ``unknown``,
    ``doubted``, ``modal`` or ``band``.
    """
    ident = f"key-{kind}"
    if kind == "side":
        body = _badge(Mark("", "", "", "", side), 2, 3, ident=ident)
        return f'<svg {_KEY} width="28" height="22">{_coloured(side, body)}</svg>'
    half, end = Fraction(1, 2), Fraction(1)
    ends: dict[str, Mark] = {
        "point": Mark("", "", "", "", low=half, high=half),
        "range": Mark("", "", "", "", low=Fraction(0), high=end),
        "closed": Mark("", "", "", "", low=Fraction(0), high=end),
        "open": Mark("", "", "", "", low=Fraction(0), high=end, low_open=True, high_open=True),
        "unknown": Mark("", "", "", "", low=Fraction(0)),
        "doubted": Mark("", "", "", "", low=Fraction(0), high=end, doubted=True),
        "modal": Mark("", "", "", "", low=Fraction(0), high=end, modal=True),
    }
    scale = Scale(-0.1, 1.1, ())
    if kind == "band":
        body = '<rect class="band" x="0" y="2" width="100%" height="18" fill="#8881"/>'
    elif kind == "closed":
        bar = _bar(ends[kind], scale.at(Fraction(0)), scale.at(end), 11, ident)
        body = f"{bar}{_at(scale.at(end), 11, _STROKE)}"
    else:
        body = _shape(ends[kind], scale, 11, ident)
    hatch = _hatch(ident) if kind == "doubted" else ""
    return f'<svg {_KEY} width="52" height="22">{hatch}{_coloured("", body)}</svg>'


_KEY = 'class="chart-key" aria-hidden="true" focusable="false"'


def _place(mark: Mark) -> tuple[Fraction, Fraction, int, str]:
    low = mark.low if mark.low is not None else mark.high
    high = mark.high if mark.high is not None else mark.low
    number = int(mark.key) if mark.key.isdecimal() else 0
    return (low or Fraction(0), high or Fraction(0), number, mark.key)


def _svg(ident: str, words: Words, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}"'
        f' role="group" aria-labelledby="{ident}-title" aria-describedby="{ident}-desc"'
        ' font-family="system-ui, sans-serif" font-size="13">'
        f'<title id="{ident}-title">{escape(words.title)}</title>'
        f'<desc id="{ident}-desc">{escape(words.description)}</desc>'
        f"{_hatch(ident)}{''.join(parts)}</svg>"
    )


def _hatch(ident: str) -> str:
    return (
        f'<defs><pattern id="{ident}-hatch" width="5" height="5" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="gap" width="2.5" height="5" fill="#fff"/>'
        "</pattern></defs>"
    )


def _list(rows: Sequence[str]) -> list[str]:
    return ['<g role="list">', *rows, "</g>"]


def _axis(scale: Scale, top: int, bottom: int, band: Band | None) -> list[str]:
    parts = [f'<svg x="{_LEFT}" width="{_PLOT}" overflow="visible" aria-hidden="true">']
    if band is not None and (band.low is not None or band.high is not None):
        low = 0.0 if band.low is None else scale.at(band.low)
        high = 100.0 if band.high is None else scale.at(band.high)
        parts.append(
            f'<rect class="band" x="{low}%" y="{top}" width="{round(max(high - low, 0.2), 2)}%"'
            f' height="{bottom - top}" fill="#000" fill-opacity=".06"/>'
        )
    for value, label in scale.ticks:
        x = round(100 * (value - scale.low) / (scale.high - scale.low), 2)
        parts.append(
            f'<line class="grid" x1="{x}%" x2="{x}%" y1="{top}" y2="{bottom}" stroke="#ccc"/>'
        )
        for y in (top - 8, bottom + 18):
            parts.append(_text(f"{x}%", y, _cut(label, 18), "tick", anchor="middle"))
    parts.append("</svg>")
    return parts


def _heading(text: str, y: int) -> str:
    line = f'<line class="apart" x1="0" x2="100%" y1="{y + 6}" y2="{y + 6}" stroke="#888"/>'
    return f'<g aria-hidden="true">{line}{_text("0", y + 22, text, "heading")}</g>'


def _row(mark: Mark, scale: Scale, y: int, step: int, *, close: bool, ident: str) -> str:
    middle = y + (step // 2 if close else 27)
    parts = [
        f'<rect class="hit" x="0" y="{y}" width="100%" height="{step}" fill="#fff"'
        ' fill-opacity="0"/>',
        _badge(mark, 2, middle - 8 if close else y + 13, ident=ident),
    ]
    if close:
        parts.append(_text("100%", middle + 4, mark.key, "key", anchor="end"))
    else:
        key = f'<tspan class="key" font-weight="bold">{escape(mark.key)}</tspan> ' * bool(mark.key)
        parts.append(
            f'<text class="label" x="32" y="{y + 14}" fill="#1c1b1a">{key}'
            f"{_isolated(_cut(mark.label))}</text>"
        )
    if mark.placed:
        plot = f'<svg x="{_LEFT}" width="{_PLOT}" overflow="visible">'
        parts.append(f"{plot}{_shape(mark, scale, middle, ident)}</svg>")
    return _linked(mark, "".join(parts))


def _linked(mark: Mark, body: str) -> str:
    return (
        f'<g role="listitem"><a class="mark" href="{escape(mark.href)}">'
        f"<title>{escape(mark.title)}</title>"
        f"{_coloured(mark.side, body)}</a></g>"
    )


def _coloured(side: str, body: str) -> str:
    known = side if side in SIDES else "other"
    return f'<g class="side-{known or "none"}" color="{SIDES[known][1]}">{body}</g>'


def _badge(mark: Mark, x: int, y: int, *, ident: str) -> str:
    """The box with the letters of the side."""
    letters = SIDES[mark.side if mark.side in SIDES else "other"][0]
    box = f'x="{x}" y="{y}" width="22" height="16" rx="3"'
    outline = ' stroke-dasharray="3 2"' if mark.modal else ""
    hatched = f'<rect {box} fill="url(#{ident}-hatch)" fill-opacity=".6"/>' if mark.doubted else ""
    return (
        f'<rect class="badge" {box} fill="currentColor" fill-opacity=".16"'
        f' stroke="currentColor"{outline}/>{hatched}<text class="side" x="{x + 11}" y="{y + 12}"'
        ' text-anchor="middle" font-size="11" font-weight="bold" fill="currentColor"'
        f' aria-hidden="true">{letters}</text>'
    )


def _shape(mark: Mark, scale: Scale, y: int, ident: str) -> str:
    low = None if mark.low is None else scale.at(mark.low)
    high = None if mark.high is None else scale.at(mark.high)
    parts: list[str] = []
    if low is not None and high is not None:
        if mark.low == mark.high:
            return _at(low, y, _diamond(mark, ident))
        parts.append(_bar(mark, low, high, y, ident))
    elif low is not None:
        parts.append(_at(low, y, _arrow(1, mark)))
    elif high is not None:
        parts.append(_at(high, y, _arrow(-1, mark)))
    for place, is_open in ((low, mark.low_open), (high, mark.high_open)):
        if place is not None:
            parts.append(_at(place, y, _RING if is_open else _STROKE))
    return "".join(parts)


def _at(x: float, y: int, body: str) -> str:
    return f'<svg x="{x}%" y="{y}" overflow="visible">{body}</svg>'


_STROKE = '<path class="closed" d="M0-8V8" stroke="currentColor" stroke-width="3"/>'
_RING = '<circle class="open" r="5" fill="#fff" stroke="currentColor" stroke-width="2"/>'


def _look(mark: Mark) -> str:
    if mark.modal:
        return 'fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="4 3"'
    return 'fill="currentColor" fill-opacity=".62" stroke="currentColor"'


def _diamond(mark: Mark, ident: str) -> str:
    path = 'd="M0-8 8 0 0 8-8 0Z"'
    hatched = f'<path {path} fill="url(#{ident}-hatch)"/>' if mark.doubted else ""
    return f'<path class="point" {path} {_look(mark)}/>{hatched}'


def _bar(mark: Mark, low: float, high: float, y: int, ident: str) -> str:
    box = f'x="{low}%" y="{y - 5}" width="{round(high - low, 2)}%" height="10"'
    hatched = f'<rect {box} fill="url(#{ident}-hatch)"/>' if mark.doubted else ""
    return f'<rect class="bar" {box} {_look(mark)}/>{hatched}'


def _arrow(towards: int, mark: Mark) -> str:
    """An unknown end: a dashed line of one length, its head, and a question mark."""
    d = towards
    shaft = (
        f'<path d="M0-5H{d * 34}V5H0Z" fill="currentColor" fill-opacity=".4"/>'
        f'<path d="M{4 * d}-5{"m".join([f"l{4 * d} 10"] + [f"{4 * d}-10l{4 * d} 10"] * 3)}"'
        ' stroke="currentColor"'
        ' stroke-width="1.5" fill="none"/>'
        if mark.doubted
        else f'<path d="M0 0H{d * 36}" stroke="currentColor" stroke-width="2.5"'
        ' stroke-dasharray="5 3"/>'
    )
    head = 'fill="none" stroke="currentColor"' if mark.modal else 'fill="currentColor"'
    return (
        f'<g class="unknown">{shaft}<path d="M{d * 34}-6 {d * 44} 0 {d * 34} 6Z" {head}/>'
        f'<text x="{d * 51}" y="4" text-anchor="middle" font-size="11" fill="currentColor"'
        ' aria-hidden="true">?</text></g>'
    )


def _text(
    x: str, y: int, text: str, kind: str, *, anchor: str = "start", hidden: bool = False
) -> str:
    where = f' text-anchor="{anchor}"' if anchor != "start" else ""
    aside = ' aria-hidden="true"' if hidden else ""
    return (
        f'<text class="{kind}" x="{x}" y="{y}"{where}{aside} fill="#1c1b1a">'
        f"{_isolated(text)}</text>"
    )


def _isolated(text: str) -> str:
    """A text whose direction can't disturb its neighbours."""
    return f"\u2068{escape(text)}\u2069"


def _lines(text: str) -> list[str]:
    """A text on two lines at most."""
    lines = wrap(text, _BOLD) or [""]
    return [lines[0], _cut(" ".join(lines[1:]), _BOLD)] if len(lines) > 1 else lines


def _cut(text: str, most: int = _LONG) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
