"""Write the reference pages of docs/ from what they describe: `make docs`.

Each page is generated whole; a test fails when a page is not what this would write now.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from kg import dataset as datasets
from kg.rules import rules as beyond_shapes

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


def rules() -> str:
    """docs/rules.md: every check that is no shape, from its header."""
    found = beyond_shapes(datasets.load(ROOT))
    lines = [
        "# The rules beyond shapes",
        "",
        "What `kg check` looks for that shapes can't see. The name of a rule is what a report "
        "prints, the name of its file (a module of `src/kg/rules/`, or a query of "
        "`queries/checks/`), and the end of its address, "
        "`https://w3id.org/contested/rules#NAME`; `kg check --explain NAME` prints the same. In "
        "the examples `mine:` and `minecite:` are the claims and citations of your source, the "
        "other prefixes those of `ontology/prefixes.ttl`.",
        "",
        "In W3C reports a rule stands as `sh:sourceShape`; the constraint component is "
        "`sh:SPARQLConstraintComponent` for a query, and "
        "`https://w3id.org/contested/rules#RuleConstraintComponent` for the others. A query of "
        "your own in `queries/checks/` is a rule too: each row is a finding. It sees the authored "
        "graphs and the ontology, no derived graphs.",
    ]
    for rule in sorted(found.values(), key=lambda r: r.id):
        lines += ["", f"## {rule.id}", "", f"Severity: {rule.severity}"]
        for title in ("problem", "why", "solution"):
            lines += ["", f"**{title.capitalize()}.** {getattr(rule, title)}"]
        for title in ("valid", "invalid"):
            text = getattr(rule, title).strip()
            lines += ["", f"{title.capitalize()}:", "", "```turtle", text, "```"]
    return HEAD + "\n".join(lines) + "\n"


PAGES = {"shapes.md": shapes, "terms.md": terms, "queries.md": queries, "rules.md": rules}

if __name__ == "__main__":
    for name, write in PAGES.items():
        (ROOT / "docs" / name).write_text(write(), encoding="utf-8")
