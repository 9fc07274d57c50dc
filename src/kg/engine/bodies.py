"""RDF that comes in over the network: what no parser should be given is refused before.

Nothing is ever fetched: the parsers are the engine's own, which open no connection. What is left to
refuse is text that costs far more than it weighs.
"""

from __future__ import annotations

import re

from kg.errors import ParseError

__all__ = ["NESTING", "admit_rdf"]

NESTING = 200
"""How deep brackets may nest in a body of RDF."""
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_REMOTE = re.compile(rb'"@(?:context|import)"\s*:\s*(?:"|\[[^\[\]{}]*")')
_SKIP = re.compile(
    rb"""\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+'''"""
    rb"""|\"(?:[^\"\\\n\r]|\\.)*+\"|'(?:[^'\\\n\r]|\\.)*+'|<[^<>\"{}|^`\\\x00-\x20]*>|[\[\](){}]""",
    re.DOTALL,
)


def admit_rdf(body: bytes, form: str) -> None:
    """Let a body of the format called `form` pass, or raise ParseError.

    Refused are document type declarations in RDF/XML (entities that expand without end), remote
    contexts in JSON-LD, and brackets nested deeper than `NESTING`.
    """
    if form == "rdfxml":
        if _DOCTYPE.search(body) or body[:4].count(0):
            raise ParseError(
                "RDF/XML with a document type declaration is not read here",
                hint="write entities out, in UTF-8, or send Turtle",
            )
        _elements(body)
        return
    if form == "jsonld" and _REMOTE.search(body):
        raise ParseError(
            "JSON-LD with a remote context is not read here: nothing is fetched",
            hint="put the context into the document, or send Turtle",
        )
    if form in ("turtle", "trig", "jsonld"):
        _brackets(body)


def _brackets(body: bytes) -> None:
    depth = 0
    for match in _SKIP.finditer(body):
        token = match.group()
        if token in (b"[", b"(", b"{"):
            depth += 1
            if depth > NESTING:
                raise _deep()
        elif token in (b"]", b")", b"}"):
            depth -= 1


def _elements(body: bytes) -> None:
    depth = 0
    for match in re.finditer(rb"<(/?)[^<>!?][^<>]*?(/?)>", body):
        if match.group(1):
            depth -= 1
        elif not match.group(2):
            depth += 1
            if depth > NESTING:
                raise _deep()


def _deep() -> ParseError:
    return ParseError(
        f"the body nests deeper than {NESTING}", hint="give the inner things names of their own"
    )
