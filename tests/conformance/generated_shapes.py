"""Shapes and data made up by chance: every constraint component, path and kind of target.

`make` takes its choices from a function, so that hypothesis can shrink them and a seed can repeat
them. Every shape has an IRI, so that reports can be compared by their source shapes; a shape refers
only to shapes made after it, so that none is recursive.
"""

# ruff: noqa: E501  tables read better on one line each

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
Choose = Callable[[Sequence[T]], T]

PREFIXES = """@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NODES = (":a", ":b", ":c", ":d", "_:x", "_:y")
CLASSES = (":A", ":B", ":C")
PROPERTIES = (":p", ":q", ":r")
LITERALS = (
    "1", "2", "7", "-3", "2.5", "2.50", "1.0e0", "7e0", "true", "false", '"01"^^xsd:integer',
    '"many"^^xsd:integer', '"x"', '"xy"', '"Ab-cd"', '""', '"x"@en', '"x"@tr', '"y"@en', '"y"@EN-gb',
    '"z"@de', '"1920-05-01"^^xsd:date', '"1921-01-01"^^xsd:date', '"1920-02-31"^^xsd:date',
    '"1920-05-01T10:00:00"^^xsd:dateTime', '"1920-05-01T10:00:00Z"^^xsd:dateTime',
    '"1920-05-01T12:00:00+03:00"^^xsd:dateTime', '"10:00:00"^^xsd:time', '"1920"^^xsd:gYear',
    '"5"^^xsd:byte', '"500"^^xsd:byte', '"-1"^^xsd:nonNegativeInteger', '"1"^^xsd:boolean',
    '"u"^^:own', '"v"^^:own', '"a b"^^xsd:string', '"1.5"^^xsd:float', '"one"^^xsd:decimal',
)  # fmt: skip
DATATYPES = """xsd:integer xsd:decimal xsd:string xsd:boolean xsd:date xsd:dateTime xsd:time
    xsd:double xsd:float xsd:byte xsd:nonNegativeInteger xsd:gYear xsd:anyURI rdf:langString
    :own rdfs:Literal""".split()
BOUNDS = (
    "1", "2", "2.5", "7e0", '"x"', '"1920-05-01"^^xsd:date', '"1920-05-01T10:00:00"^^xsd:dateTime',
    '"1920-05-01T09:30:00Z"^^xsd:dateTime', '"10:30:00"^^xsd:time', '"xy"',
)  # fmt: skip
KINDS = "IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral".split()
PATTERNS = ("^x", "e/[ab]", "Y$", "^[0-9]+$", "b-C", "^$", ".")
LANGUAGES = ('"en"', '"tr"', '"en-GB"', '"de" "EN"')
QUERIES = (
    ("SELECT $this WHERE { $this :p ?x . $this :q ?x }", False),
    ("SELECT $this ?value WHERE { $this :p ?value . FILTER (isIRI(?value)) }", False),
    ("SELECT $this ?value WHERE { $this $PATH ?value . FILTER NOT EXISTS { ?value :q ?z } }", True),
    ("SELECT $this (?v AS ?value) WHERE { $this $PATH ?v . ?v a :A }", True),
    ("SELECT DISTINCT $this WHERE { ?z :p $this . FILTER EXISTS { ?z :r ?w } }", False),
    ("SELECT $this (COUNT(?x) AS ?n) WHERE { $this :p ?x } GROUP BY $this HAVING (COUNT(?x) > 1)",
     False),
    ("SELECT $this ?value WHERE { $this :p|:q ?value . OPTIONAL { ?value :r ?m } "
     "FILTER (!bound(?m)) }", False),
    ("SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER (?path = :r) }", False),
    ("SELECT $this WHERE { { $this :p ?x } UNION { $this :q ?x } FILTER (isBlank(?x)) }", False),
    ("SELECT $this WHERE { $this :p ?x . ?x :q+ ?y . FILTER (?y != $this) }", False),
    ("SELECT $this WHERE { $this :p ?x . ?o :p ?x . FILTER (?o != $this) }", False),
)  # fmt: skip
MESSAGES = ('"Wrong."', '"Falsch."@de', '"See {?value} of {$this}."')
SEVERITIES = ("sh:Warning", "sh:Info", "sh:Violation", ":grave")


@dataclass
class Maker:
    """Makes one shapes graph; `choose` picks a member of a sequence."""

    choose: Choose
    number: int = 0
    blocks: list[str] = field(default_factory=list)
    shapes: list[tuple[str, bool]] = field(default_factory=list)  # name, whether it has a path

    def flag(self, one_in: int = 2) -> bool:
        return self.choose(range(one_in)) == 0

    def some(self, of: Sequence[T], most: int) -> list[T]:
        return [self.choose(of) for _ in range(self.choose(range(1, most + 1)))]

    def path(self, depth: int = 2) -> str:
        kind = self.choose(range(8)) if depth else 0
        inner = lambda: self.path(depth - 1)  # noqa: E731
        match kind:
            case 2:
                return f"({inner()} {inner()})"
            case 3:
                return f"[ sh:alternativePath ({inner()} {inner()}) ]"
            case 4:
                return f"[ sh:inversePath {inner()} ]"
            case 5:
                return f"[ sh:zeroOrMorePath {inner()} ]"
            case 6:
                return f"[ sh:oneOrMorePath {inner()} ]"
            case 7:
                return f"[ sh:zeroOrOnePath {inner()} ]"
        return self.choose((*PROPERTIES, "rdf:type"))

    def term(self) -> str:
        return self.choose((*NODES[:4], *CLASSES, *LITERALS))

    def shape(self, depth: int, *, path: bool | None = None) -> str:
        """A shape and those that it refers to; its name."""
        name = f":S{self.number}"
        self.number += 1
        has_path = self.flag() if path is None else path
        lines = [f"sh:path {self.path()}"] if has_path else []
        lines += self.constraints(depth, has_path)
        if self.flag(5):
            lines.append(f"sh:severity {self.choose(SEVERITIES)}")
        if self.flag(5):
            lines.append(f"sh:message {self.choose(MESSAGES[:2])}")
        if self.flag(12):
            lines.append(f"sh:deactivated {self.choose(('true', 'false'))}")
        kind = "sh:PropertyShape" if has_path else "sh:NodeShape"
        self.blocks.append(
            f"{name} a {kind} ; {' ; '.join(lines)} ." if lines else f"{name} a {kind} ."
        )
        self.shapes.append((name, has_path))
        return name

    def constraints(self, depth: int, path: bool) -> list[str]:
        names = list(SIMPLE) + (list(ON_PATH) if path else ["closed"])
        lines: list[str] = []
        used: set[str] = set()
        for _ in range(self.choose((1, 1, 2, 3))):
            name = self.choose(names)
            if name not in used:
                used.add(name)
                lines.append({**SIMPLE, **ON_PATH, "closed": Maker.closed}[name](self))
        if depth:
            for _ in range(self.choose((0, 1, 1, 2))):
                name = self.choose(NESTED)
                if name == "qualified" and not path:
                    name = "property"
                if name in used and name == "qualified":
                    continue
                used.add(name)
                lines.append(self.nested(name, depth - 1))
        return lines

    def nested(self, name: str, depth: int) -> str:
        match name:
            case "property":
                return f"sh:property {self.shape(depth, path=True)}"
            case "node":
                return f"sh:node {self.shape(depth, path=False)}"
            case "not":
                return f"sh:not {self.shape(depth)}"
            case "qualified":
                line = f"sh:qualifiedValueShape {self.shape(depth)}"
                if self.flag(3):
                    line += " ; sh:qualifiedValueShapesDisjoint true"
                counts = self.choose((("Min",), ("Max",), ("Min", "Max")))
                return line + "".join(
                    f" ; sh:qualified{c}Count {self.choose((0, 1, 2))}" for c in counts
                )
            case _:
                members = [self.shape(depth) for _ in range(self.choose((1, 2, 2, 3)))]
                if self.flag(8):
                    members.append(members[0])
                return f"sh:{name} ({' '.join(members)})"

    def closed(self) -> str:
        ignored = f" ; sh:ignoredProperties ({' '.join(self.some((*PROPERTIES, 'rdf:type'), 2))})"
        return "sh:closed true" + (ignored if self.flag() else "")

    def sparql(self, path: bool) -> str:
        query, needs_path = self.choose(QUERIES)
        if needs_path and not path:
            query = query.replace("$PATH", ":p")
        name = f":Q{self.number}x{len(self.blocks)}"
        message = f" ; sh:message {self.choose(MESSAGES)}" if self.flag(3) else ""
        off = " ; sh:deactivated true" if self.flag(10) else ""
        self.blocks.append(
            f'{name} a sh:SPARQLConstraint ; sh:prefixes : {message}{off} ; sh:select """{query}""" .'
        )
        return f"sh:sparql {name}"

    def targets(self, name: str) -> None:
        for _ in range(self.choose((1, 1, 2))):
            match self.choose(range(5)):
                case 0:
                    self.blocks.append(f"{name} sh:targetClass {self.choose(CLASSES)} .")
                case 1:
                    node = self.choose((*NODES[:4], *LITERALS[:4], '"x"@en', ":absent"))
                    self.blocks.append(f"{name} sh:targetNode {node} .")
                case 2:
                    self.blocks.append(f"{name} sh:targetSubjectsOf {self.choose(PROPERTIES)} .")
                case 3:
                    self.blocks.append(f"{name} sh:targetObjectsOf {self.choose(PROPERTIES)} .")
                case 4:
                    self.blocks.append(f"{name} a {self.choose(('rdfs:Class', 'owl:Class'))} .")

    def graph(self) -> str:
        tops = [self.shape(2) for _ in range(self.choose((1, 2, 3)))]
        for top in tops:
            self.targets(top)
        declared = ': sh:declare [ sh:prefix "" ; sh:namespace "http://e/"^^xsd:anyURI ] .\n'
        return (
            PREFIXES
            + declared
            + "owl:Class rdfs:subClassOf rdfs:Class .\n"
            + "\n".join(self.blocks)
        )

    def data(self) -> str:
        lines = []
        nodes = NODES if self.flag(3) else NODES[:4]
        for _ in range(self.choose(range(3, 22))):
            subject = self.choose(nodes)
            match self.choose(range(7)):
                case 0 | 1:
                    lines.append(f"{subject} a {self.choose((*CLASSES, ':S0', ':S1', ':S2'))} .")
                case 2 | 3:
                    lines.append(f"{subject} {self.choose(PROPERTIES)} {self.choose(nodes)} .")
                case _:
                    lines.append(f"{subject} {self.choose(PROPERTIES)} {self.choose(LITERALS)} .")
        if self.flag(3):
            lines.append(f"{self.choose(CLASSES)} rdfs:subClassOf {self.choose(CLASSES)} .")
        return PREFIXES + "\n".join(dict.fromkeys(lines))


SIMPLE: dict[str, Callable[[Maker], str]] = {
    "class": lambda m: f"sh:class {m.choose(CLASSES)}",
    "datatype": lambda m: f"sh:datatype {m.choose(DATATYPES)}",
    "nodeKind": lambda m: f"sh:nodeKind sh:{m.choose(KINDS)}",
    "range": lambda m: (
        f"sh:{m.choose(('min', 'max'))}{m.choose(('In', 'Ex'))}clusive {m.choose(BOUNDS)}"
    ),
    "length": lambda m: f"sh:{m.choose(('min', 'max'))}Length {m.choose((0, 1, 2, 10))}",
    "pattern": lambda m: (
        f'sh:pattern "{m.choose(PATTERNS)}"'
        + (f' ; sh:flags "{m.choose(("i", "m", "im"))}"' if m.flag(3) else "")
    ),
    "languageIn": lambda m: f"sh:languageIn ({m.choose(LANGUAGES)})",
    "in": lambda m: f"sh:in ({' '.join(m.term() for _ in range(m.choose((1, 3, 12))))})",
    "hasValue": lambda m: f"sh:hasValue {m.term()}",
    "equals": lambda m: f"sh:equals {m.choose(PROPERTIES)}",
    "disjoint": lambda m: f"sh:disjoint {m.choose(PROPERTIES)}",
    "sparql": lambda m: m.sparql(path=False),
}
ON_PATH: dict[str, Callable[[Maker], str]] = {
    "minCount": lambda m: f"sh:minCount {m.choose((0, 1, 2))}",
    "maxCount": lambda m: f"sh:maxCount {m.choose((0, 1, 2))}",
    "uniqueLang": lambda m: "sh:uniqueLang true",
    "lessThan": lambda m: f"sh:lessThan {m.choose(PROPERTIES)}",
    "lessThanOrEquals": lambda m: f"sh:lessThanOrEquals {m.choose(PROPERTIES)}",
    "sparqlOnPath": lambda m: m.sparql(path=True),
}
NESTED = ("property", "property", "property", "node", "not", "and", "or", "xone", "qualified")


def make(choose: Choose) -> tuple[str, str]:
    """A shapes graph and a data graph, in Turtle."""
    maker = Maker(choose)
    return maker.graph(), maker.data()


def seeded(seed: int) -> tuple[str, str]:
    """What `make` makes of one seed."""
    return make(random.Random(seed).choice)
