"""Write the reference pages of docs/ from what they describe: `make docs`.

Each page is generated whole; a test fails when a page is not what this would write now.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from kg import dataset as datasets

ROOT = Path(__file__).resolve().parents[1]
HEAD = "<!-- Written by docs/build.py; do not edit. -->\n\n"


def shapes() -> str:
    """docs/shapes.md: every shape that can appear in a report, by the thing it is about."""
    lines = [
        "# The shapes",
        "",
        "What `kg check` demands of data, by the thing it is about. The name is what a report "
        "prints; the file that breaks a shape is `tests/shapes/invalid-NAME.ttl` (or "
        "`warning-NAME.ttl`), its mended neighbour `valid-NAME.ttl`.",
    ]
    for path in sorted((ROOT / "ontology" / "shapes").glob("*.ttl")):
        graph = Graph().parse(path)
        rows = []
        for node in sorted(set(graph.subjects(SH.message, None))):
            name = str(node).rpartition("#")[2]
            severity = "warning" if graph.value(node, SH.severity) == SH.Warning else "violation"
            rows.append(
                f"| `{name}` | {severity} | {graph.value(node, SH.message)} "
                f"| {graph.value(node, RDFS.comment)} |"
            )
        if rows:
            lines += ["", f"## {path.stem}", "", "| name | severity | what to do | why |"]
            lines += ["| --- | --- | --- | --- |", *rows]
    return HEAD + "\n".join(lines) + "\n"


def terms() -> str:
    """docs/terms.md: every class and property, and every list with its concepts."""
    graph = Graph()
    vocabulary = sorted((ROOT / "ontology" / "vocab").glob("*.ttl"))
    for path in [ROOT / "ontology" / "contested.ttl", *vocabulary]:
        graph.parse(path)
    lines = [
        "# The terms",
        "",
        "Classes and properties of `https://w3id.org/contested/ontology#` (`con:`), then the lists "
        "of `https://w3id.org/contested/vocab/`. Labels in Turkish, Azerbaijani and Russian stand "
        "in the files themselves.",
    ]
    kinds = {
        "Classes": OWL.Class,
        "Properties that lead to things": OWL.ObjectProperty,
        "Properties with literal values": OWL.DatatypeProperty,
        "Annotation properties": OWL.AnnotationProperty,
    }
    for title, kind in kinds.items():
        found = sorted(
            s
            for s in graph.subjects(RDF.type, kind)
            if str(s).startswith("https://w3id.org/contested/")
        )
        lines += ["", f"## {title}", "", "| term | means |", "| --- | --- |"]
        lines += [f"| `con:{t.rpartition('#')[2]}` | {definition(graph, t)} |" for t in found]
    schemes: dict[URIRef, list[URIRef]] = defaultdict(list)
    for concept, scheme in graph.subject_objects(SKOS.inScheme):
        schemes[scheme].append(concept)
    for scheme in sorted(schemes):
        name = str(scheme).rpartition("/")[2]
        lines += ["", f"## List: {name}", "", definition(graph, scheme), ""]
        lines += ["| concept | means |", "| --- | --- |"]
        lines += [
            f"| `{str(c).rpartition('/')[2]}` | {definition(graph, c)} |"
            for c in sorted(schemes[scheme])
        ]
    return HEAD + "\n".join(lines) + "\n"


def definition(graph: Graph, term: URIRef) -> str:
    texts = [o for o in graph.objects(term, SKOS.definition) if o.language == "en"]
    return str(texts[0]).replace("|", "\\|").replace("\n", " ") if texts else ""


def queries() -> str:
    """docs/queries.md: every stored question."""
    catalogue = datasets.load(ROOT).catalogue
    lines = [
        "# The stored questions",
        "",
        "Each is a file of queries/, a verb of the command line (`kg query NAME`), and a page "
        "(`/queries/NAME`).",
    ]
    for query in catalogue:
        lines += ["", f"## {query.name}", "", f"**{query.question}** {query.description}".rstrip()]
        if query.params:
            lines += ["", "| parameter | type | what | default |", "| --- | --- | --- | --- |"]
            lines += [
                f"| `{p.name}` | {p.type} | {p.description} | `{p.default}` |" for p in query.params
            ]
        lines += ["", "| column | what |", "| --- | --- |"]
        lines += [f"| `{name}` | {meaning} |" for name, meaning in query.returns.items()]
    return HEAD + "\n".join(lines) + "\n"


PAGES = {"shapes.md": shapes, "terms.md": terms, "queries.md": queries}

if __name__ == "__main__":
    for name, write in PAGES.items():
        (ROOT / "docs" / name).write_text(write(), encoding="utf-8")
