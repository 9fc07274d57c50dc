# ruff: noqa: E501
"""Texts that are broken, hostile or in disguise, made of whole ones."""

from __future__ import annotations

from random import Random

from .shapes import PROLOGUE, SHAPES

__all__ = ["hostile", "mutated"]

_PIECES = (
    "{ } ( ) [ ] << >> <<( )>> {| |} . ; , ? $ : < > ' \" ''' \"\"\" \\ # @ ^^ ^ | / * + ! - = ~ % & ` _: ex:"
    " \\u0027 \\u0022 \\U0000005C \\uD800 \\u0000 SERVICE LOAD FILTER SELECT UNION OPTIONAL VALUES INSERT"
    " DROP EXISTS NOT DISTINCT true 1e999 1e5 .5 0x1 NaN a\x00b \ufeff \u202e é · ０ 𝒳"
).split(" ")
_LONG = ("a" * 70_000, "'" * 999, "(" * 3_000, "é" * 5_000, "\\u0041" * 500, "9" * 5_000)
_FAR = "SERVICE <http://127.0.0.1:{port}/> {{ ?a ?b ?c }}"
_DISGUISES = (
    "SELECT * {{ ?s ?p true{far} }}",
    "SELECT * {{ ?s ?p 1e5{far} }}",
    "SELECT * {{ ?s ?p ex:.{far} }}",
    "SELECT * {{ ?s ?p ex:a.b.{far} }}",
    "SELECT * {{ ?s ?p ?o FILTER(?o<1&&?o='>'){far}#'\n}}",
    "SELECT * {{ ?s ?p ?o FILTERex:f(?o<?p#>'''\n){far}#'''\n}}",
    "SELECT * {{ ?s ?p '\\u0027' {far}#'\n}}",
    "SELECT * {{ VALUES ?x {{'''a' }} {far}#\\q'''\n}}",
    "SELECT * {{ OPTIONAL {{ {far} }} }}",
    "SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}",
    "LOAD <http://127.0.0.1:{port}/>",
    "ASK {{ {far} }}",
)
# Work without end, or memory without end, in texts that no count of tokens can refuse.
_DEAR = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a ?l",
    "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT * { ?a (!<x:y>|^!<x:y>)* ?b . ?c (!<x:y>|^!<x:y>)* ?d }",
    "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT ?x24 { BIND('0123456789abcdef' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(27))
    + " }",
    "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c FILTER(REGEX(STR(?c), '(a|aa)+(b|bb)*(a|aa)+$')) }",
)


def mutated(random: Random, text: str) -> str:
    """The text with one to four changes of any kind."""
    for _ in range(random.randint(1, 4)):
        at = random.randint(0, len(text))
        to = min(len(text), at + random.randint(0, 12))
        kind = random.randrange(9)
        if kind == 0:
            text = text[:at] + text[to:]
        elif kind == 1:
            text = text[:at] + text[at:to] * random.choice((2, 3, 50)) + text[to:]
        elif kind == 2:
            text = text[:at]
        elif kind in (3, 4, 5):
            text = text[:at] + random.choice(_PIECES) + text[at:]
        elif kind == 6:
            text = text[:at] + text[at:to].swapcase() + text[to:]
        elif kind == 7:
            text = text[:at] + "".join(f"\\u{ord(c) & 0xFFFF:04X}" for c in text[at:to]) + text[to:]
        elif random.random() < 0.2:
            text = text[:at] + random.choice(_LONG) + text[at:]
        else:
            text = text[:at] + text[to:] + text[at:to]
    return text


def hostile(random: Random, port: int = 9, *, dear: bool = True) -> str:
    """A text of a shape that hurts: too deep, too wide, reaching out, or (`dear`) without end.

    What reaches out asks for ``http://127.0.0.1:PORT/``, where a test may listen.
    """
    chance = random.random()
    if chance < 0.3:
        far = _FAR.format(port=port)
        return PROLOGUE + random.choice(_DISGUISES).format(far=far, port=port)
    if chance < 0.4 and dear:
        return random.choice(_DEAR)
    shape = random.choice(list(SHAPES.values()))
    return PROLOGUE + shape(random.choice((1, 9, 63, 64, 65, 100, 101, 500, 3_000)))
