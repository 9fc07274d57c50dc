"""Write the reference pages of docs/ from what they describe: `make docs`.

Each page is generated whole; a test fails when a page is not what this would write now.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from kg import dataset as datasets
from kg.engine import guard
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
        "your own in `queries/checks/` is a rule too: each row is a finding. It sees what is "
        "served: the authored graphs, the ontology, and the derived graphs; one that says GRAPH or "
        "FROM is answered sooner when `derived:` beside `severity:` names the derived graphs that "
        "it reads (`disagreements lines`, or `none`).",
    ]
    for rule in sorted(found.values(), key=lambda r: r.id):
        lines += ["", f"## {rule.id}", "", f"Severity: {rule.severity}"]
        for title in ("problem", "why", "solution"):
            lines += ["", f"**{title.capitalize()}.** {getattr(rule, title)}"]
        for title in ("valid", "invalid"):
            text = getattr(rule, title).strip()
            lines += ["", f"{title.capitalize()}:", "", "```turtle", text, "```"]
    return HEAD + "\n".join(lines) + "\n"


def limits() -> str:
    """docs/limits.md: what a query or update may be at most, and why."""
    rows = [f"| `{name}` | {value:,} | {reason} |" for name, value, reason in guard.rows()]
    return HEAD + LIMITS.replace("ROWS", "\n".join(rows))


LIMITS = """# What a query may be at most

Before anything parses a text, the guard counts what it holds and refuses what would hurt: 400
`query-too-complex` beyond a limit, 403 `query-refused` for SERVICE and LOAD, 400 `query-syntax`
for a text that can be read in two ways. `?explain` shows the counts of a query beside the limits.

| limit | at most | reason |
| --- | --- | --- |
ROWS

## How they were chosen

Each construct that nests, repeats, joins or is read again (`tests/fuzz/shapes.py` has 180 of
them) was grown until the engine (pyoxigraph 0.5.13, a stack of 8 MiB, one triple in the store)
died or stalled; the limits are where every one of them is answered in well under a second. A test
asks each of them at its limit, in a process of its own. Some of what it found:

| text | without the guard | at the limit |
| --- | --- | --- |
| 2,226 nested groups, 4.5 KB | the process dies | 63 groups: no time to speak of |
| DESCRIBE with 20,000 names | the process dies | 998 names: no time to speak of |
| 32 nested REPLACE, REGEX, SUBSTR or GROUP_CONCAT | no end in sight | nine: some 10 ms |
| 150 triple patterns about one subject | 6 s and more | 64 patterns: 0.2-0.35 s |
| 200 OPTIONAL | 6 s and more | 62: 0.3 s |
| an IN with 20,000 variables | 11 s | 990 variables: no time to speak of |
| a path of 200 steps | 1.1 s | 63 steps: 0.1 s |

Times are of one processor, without waiting. `patterns` counts what is joined with one another;
where a query has several such groups (the branches of a UNION, the insides of OPTIONAL, MINUS and
EXISTS), it is the size of the one group that would take as long as all of them: the fourth root
of the sum of the fourth powers. A long list of constants in VALUES or IN costs nothing of this.

## How the text is read

The guard cuts the text into tokens exactly as the engine's parser does, which is not everywhere
as SPARQL's grammar has it: words need no space between them, a local name has one run of dots,
`<` after an operand of an expression is an operator even where an IRI could stand, code point
escapes count inside strings and IRIs only. A guard that read otherwise could be shown a string
where the parser sees a SERVICE. Where a text has two readings (two words written as one, an
escape that SPARQL does not know, a quote that is not closed) it is refused; where escapes could
be written out first, as SPARQL 1.1, 19.2, has it, it must pass in both readings. A release of the
engine that reads differently fails a test.

Short texts are admitted without a scan when counts of single characters prove that no reading of
them comes near a limit. A short text that differs from an admitted one only in its
addresses (`<http…>`), as a stored query of another thing does, is not scanned again.
"""


PAGES = {
    "limits.md": limits,
    "shapes.md": shapes,
    "terms.md": terms,
    "queries.md": queries,
    "rules.md": rules,
}

if __name__ == "__main__":
    for name, write in PAGES.items():
        (ROOT / "docs" / name).write_text(write(), encoding="utf-8")
