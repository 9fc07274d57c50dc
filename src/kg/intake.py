"""RDF from anywhere, before anything parses it: what is refused, and how a format is told.

A parser can be killed or held up for hours by a small file, so what makes it so is found first, by
linear scans: a DOCTYPE in RDF/XML (its entities can grow without end), nesting (triple terms
overflow the native stack; JSON-LD and RDF/XML take quadratic time), contexts of JSON-LD that would
have to be fetched, and size. Nothing here or behind it opens a connection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

import pyoxigraph as ox

from kg.errors import InputRefused

__all__ = ["LIMITS", "Limits", "admit", "admit_size", "guess"]


@dataclass(frozen=True)
class Limits:
    """What a file may be at most: `size` in bytes, `nesting` of objects, elements or terms."""

    size: int = 1 << 30
    nesting: int = 100


LIMITS = Limits()

_JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)
_TURTLE_TOKEN = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    rb'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\'|#[^\n\r]*|<<\(?|\)?>>|<[^<>\s]*>|[\[({\])}]',
    re.DOTALL,
)
_CONTEXT = re.compile(rb'"@(?:context|import)"\s*:\s*(?:"|\[(?:[^\[\]{}"]|\{[^{}]*\})*")')


def admit(data: bytes, form: ox.RdfFormat, where: str, limits: Limits = LIMITS) -> None:
    """Let the bytes of a file pass to the parser, or raise InputRefused."""
    admit_size(len(data), where, limits)
    if form == ox.RdfFormat.RDF_XML:
        _admit_xml(data, where, limits)
    elif form == ox.RdfFormat.JSON_LD:
        _admit_json(data, where, limits)
    else:
        _admit_turtle(data, where, limits)


def admit_size(size: int, where: str, limits: Limits = LIMITS) -> None:
    """Let an input of so many bytes pass, or raise InputRefused."""
    if size > limits.size:
        raise InputRefused(
            f"the input has {size:,} bytes",
            where=where,
            hint=f"the limit is {limits.size:,}: split it into several files",
        )


def _too_deep(what: str, where: str, limits: Limits) -> InputRefused:
    return InputRefused(
        f"{what} nest more than {limits.nesting} deep",
        where=where,
        hint="give the inner things names of their own",
    )


def _admit_xml(data: bytes, where: str, limits: Limits) -> None:
    depth = 0
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        line = parser.CurrentLineNumber
        raise InputRefused(
            "RDF/XML with a DOCTYPE is not read, because its entities can grow without end",
            where=f"{where}:{line}",
            hint="take the DOCTYPE out, and write in full what its entities stand for",
        )

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > 2 * limits.nesting:  # a node and a property element for each step
            raise _too_deep("the elements", f"{where}:{parser.CurrentLineNumber}", limits)

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return  # the reader says it better, with the line


def _admit_json(data: bytes, where: str, limits: Limits) -> None:
    remote = _CONTEXT.search(data)
    if remote:
        line = data.count(b"\n", 0, remote.start()) + 1
        raise InputRefused(
            "this JSON-LD names a context that would have to be fetched",
            where=f"{where}:{line}",
            hint="write the context into the file; nothing is fetched here",
        )
    if data.count(b"{") + data.count(b"[") <= limits.nesting:
        return
    depth = 0
    for match in _JSON_TOKEN.finditer(data):
        token = match.group()
        if token in (b"{", b"["):
            depth += 1
            if depth > 2 * limits.nesting:  # an object and an array for each step
                line = data.count(b"\n", 0, match.start()) + 1
                raise _too_deep("the objects", f"{where}:{line}", limits)
        elif token in (b"}", b"]"):
            depth -= 1


def _admit_turtle(data: bytes, where: str, limits: Limits) -> None:
    """Triple terms overflow the stack of the parser; plain brackets do not."""
    if data.count(b"<<") <= limits.nesting:
        return
    depth = 0
    for match in _TURTLE_TOKEN.finditer(data):
        token = match.group()
        if token in (b"<<", b"<<("):
            depth += 1
            if depth > limits.nesting:
                line = data.count(b"\n", 0, match.start()) + 1
                raise _too_deep("the triple terms", f"{where}:{line}", limits)
        elif token in (b">>", b")>>"):
            depth -= 1


def guess(data: bytes) -> ox.RdfFormat:
    """The format of bytes that come without a name: by how they begin.

    TriG reads Turtle and N-Triples too; N-Quads is told by its fourth term.
    """
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    if re.match(rb"(?:\{|\[\s*\{)\s*[\"}]", start):  # no graph of TriG begins with a string
        return ox.RdfFormat.JSON_LD
    if start.startswith((b"<?xml", b"<!DOCTYPE", b"<rdf:RDF", b"<RDF", b"<!--")):
        return ox.RdfFormat.RDF_XML
    quad = rb"(?:<[^<>]*>|_:\S+)\s+<[^<>]*>\s+(?:<[^<>]*>|_:\S+|\"(?:[^\"\\]|\\.)*\"\S*)\s+"
    if re.match(rb"(?:#[^\n]*\n\s*)*" + quad + rb"(?:<[^<>]*>|_:\S+)\s*\.", start):
        return ox.RdfFormat.N_QUADS
    return ox.RdfFormat.TRIG
