"""Answers of queries as values, and whether two of them are the same.

The server writes its answers with pyoxigraph. What it wrote in JSON, XML, CSV and TSV is read here
by the standard library, so that a fault of the writer cannot hide behind the same fault of its
reader. Graphs are compared after RDFC-1.0, solutions as multisets up to the names of blank nodes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = dict[str, Term]
XSD = "http://www.w3.org/2001/XMLSchema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
SRX = "{http://www.w3.org/2005/sparql-results#}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
WHOLE = re.compile(
    r"(integer|decimal|(non)?(positive|negative)Integer|long|int|short|byte|unsigned.*)"
)


class Unreadable(Exception):
    """An answer that is not well-formed in the format it claims."""


@dataclass
class Solutions:
    """The table of a SELECT; variables in the order of the answer."""

    variables: list[str]
    rows: list[Row]


Answer = Solutions | bool | ox.Dataset


def from_json(body: bytes) -> Answer:
    """SPARQL 1.1 Query Results JSON Format, section 3."""
    document = json.loads(body)
    if "boolean" in document:
        assert document["boolean"] in (True, False)
        return document["boolean"]
    rows = []
    for binding in document["results"]["bindings"]:
        row: Row = {}
        for name, value in binding.items():
            if value["type"] == "uri":
                row[name] = ox.NamedNode(value["value"])
            elif value["type"] == "bnode":
                row[name] = ox.BlankNode(value["value"])
            elif value["type"] in ("literal", "typed-literal"):
                row[name] = literal(value["value"], value.get("datatype"), value.get("xml:lang"))
            else:
                raise Unreadable(f"the type {value['type']!r} of ?{name}")
        rows.append(row)
    return Solutions(document["head"]["vars"], rows)


def from_xml(body: bytes) -> Answer:
    """SPARQL Query Results XML Format (second edition), section 2."""
    root = ET.fromstring(body)
    if root.tag != f"{SRX}sparql":
        raise Unreadable(f"the root element {root.tag}")
    if (answer := root.find(f"{SRX}boolean")) is not None:
        return {"true": True, "false": False}[(answer.text or "").strip()]
    variables = [v.attrib["name"] for v in root.iterfind(f"{SRX}head/{SRX}variable")]
    rows = []
    for result in root.iterfind(f"{SRX}results/{SRX}result"):
        row: Row = {}
        for binding in result.iterfind(f"{SRX}binding"):
            (value,) = binding
            text = value.text or ""
            if value.tag == f"{SRX}uri":
                row[binding.attrib["name"]] = ox.NamedNode(text)
            elif value.tag == f"{SRX}bnode":
                row[binding.attrib["name"]] = ox.BlankNode(text)
            else:
                language = value.attrib.get(XML_LANG)
                row[binding.attrib["name"]] = literal(text, value.attrib.get("datatype"), language)
        rows.append(row)
    return Solutions(variables, rows)


def from_tsv(body: bytes) -> Answer:
    """SPARQL 1.1 Query Results CSV and TSV Formats, section 4: cells are terms as in Turtle."""
    lines = body.decode("utf-8").removesuffix("\n").split("\n")
    header, *rest = [line.removesuffix("\r").split("\t") for line in lines]
    variables = [name.removeprefix("?") for name in header if name]
    rows = []
    for cells in rest:
        if len(cells) != max(1, len(variables)):
            raise Unreadable(f"{len(cells)} cells under {len(variables)} variables")
        rows.append({v: turtle_term(c) for v, c in zip(variables, cells, strict=False) if c})
    return Solutions(variables, rows)


def table(body: bytes) -> tuple[list[str], list[list[str]]]:
    """CSV as it stands: its header and its rows, column by column."""
    header, *rows = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
    return header, rows


def from_graph(body: bytes, form: ox.RdfFormat, base: str) -> ox.Dataset:
    return ox.Dataset(ox.parse(body, format=form, base_iri=base))


def result_set(graph: ox.Dataset) -> Answer:
    """A graph that describes a table (`rs:ResultSet`) as that table; else the graph itself."""

    def objects(subject: Term, predicate: str) -> list[Term]:
        return [
            q.object for q in graph.quads_for_subject(subject) if q.predicate.value == predicate
        ]

    sets = [q.subject for q in graph if q.object == ox.NamedNode(f"{RS}ResultSet")]
    if not sets:
        return graph
    (head,) = sets
    for answer in objects(head, f"{RS}boolean"):
        return answer.value == "true"
    rows = []
    for solution in objects(head, f"{RS}solution"):
        bindings = objects(solution, f"{RS}binding")
        pairs = [(objects(b, f"{RS}variable"), objects(b, f"{RS}value")) for b in bindings]
        rows.append({name[0].value: value[0] for name, value in pairs})
    return Solutions([v.value for v in objects(head, f"{RS}resultVariable")], rows)


def literal(text: str, datatype: str | None, language: str | None) -> ox.Literal:
    if language:
        return ox.Literal(text, language=language)
    return ox.Literal(text, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(text)


def turtle_term(cell: str) -> Term:
    (quad,) = ox.parse(f"<a:a> <a:a> {cell} .".encode(), format=ox.RdfFormat.TURTLE)
    return quad.object


def by_value(term: Term) -> Term:
    """A number or boolean in one spelling of its value: 1.50 as 1.5, 01 as 1, 1.0E0 as 1.0.

    The types derived from xsd:integer share its values (XML Schema Part 2, 3.4.13 and on).
    """
    if not isinstance(term, ox.Literal) or not term.datatype.value.startswith(XSD):
        return term
    kind = term.datatype.value.removeprefix(XSD)
    try:
        if kind in ("double", "float"):
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
        if kind == "boolean":
            return ox.Literal(term.value in ("1", "true"))
        if WHOLE.fullmatch(kind):
            number = Decimal(term.value)
            shared = "decimal" if kind == "decimal" else "integer"
            return ox.Literal(plain(number), datatype=ox.NamedNode(XSD + shared))
    except (ValueError, InvalidOperation):
        pass
    return term


def plain(number: Decimal) -> str:
    text = f"{number + 0:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def canonical(quads: Iterable[ox.Quad]) -> list[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def rows_key(rows: list[Row]) -> tuple[Counter[str], list[str]]:
    """A multiset of rows, equal for two tables that differ in the names of blank nodes only.

    Rows without blank nodes are counted as they are; the others become a graph with one node for
    each row, which is made canonical.
    """
    ground: Counter[str] = Counter()
    quads = []
    for number, row in enumerate(rows):
        if any(isinstance(term, ox.BlankNode) for term in row.values()):
            node = ox.BlankNode(f"row{number}")
            quads.append(ox.Quad(node, ox.NamedNode("row:is"), ox.NamedNode("row:row")))
            for name, term in row.items():
                own = ox.BlankNode(f"own{term.value}") if isinstance(term, ox.BlankNode) else term
                quads.append(ox.Quad(node, ox.NamedNode(f"var:{name}"), own))
        else:
            ground[" ".join(f"{name}={row[name]}" for name in sorted(row))] += 1
    return ground, canonical(quads)


def same(expected: Answer, found: Answer, *, values: bool = False) -> bool:
    """Whether two answers say the same; with `values`, numbers are equal when their values are."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, ox.Dataset) or isinstance(found, ox.Dataset):
        if not (isinstance(expected, ox.Dataset) and isinstance(found, ox.Dataset)):
            return False
        sides = [list(expected), list(found)]
        if values:
            sides = [
                [ox.Quad(q.subject, q.predicate, by_value(q.object), q.graph_name) for q in side]
                for side in sides
            ]
        return canonical(sides[0]) == canonical(sides[1])
    if set(expected.variables) != set(found.variables):
        return False
    tables = [expected.rows, found.rows]
    if values:
        tables = [[{n: by_value(t) for n, t in row.items()} for row in rows] for rows in tables]
    return rows_key(tables[0]) == rows_key(tables[1])
