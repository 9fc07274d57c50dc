"""Names of our namespaces that nothing defines."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kg.names import Names, owl
from kg.rules.model import Material, Rule
from kg.shapes import Finding

__all__ = ["RULE", "find"]

RULE = Rule(
    id="undefined-term",
    severity="violation",
    problem="An IRI in the namespaces of the model or of the dataset is used, and no file states "
    "anything about it. Names of graphs are no terms.",
    why="A name that nothing defines is mostly a slip of the pen: a claim under it is lost to "
    "every query.",
    solution="Take the nearest name that is defined (the finding proposes it), or define the term.",
    valid="mine:1 a con:Claim ; con:stance stance:endorses .",
    invalid="mine:1 a con:Claim ; con:stanze stance:endorses .",
)


def find(material: Material) -> Iterator[Finding]:
    """IRIs that are used but state nothing themselves, once for each file, where first used.

    The finding is about the IRI, not about the claim that uses it first: which one that is may
    change with every line that is moved.
    """
    dataset, names = material.dataset, material.names
    files = (*dataset.files, *dataset.ontology, *dataset.shapes)
    defined = {
        q.subject.value for f in files for q in f.quads if isinstance(q.subject, ox.NamedNode)
    }
    reported: set[tuple[Path, str]] = set()
    for file in files:
        for number, quad in enumerate(file.quads):
            for node in (quad.predicate, quad.object):
                if not isinstance(node, ox.NamedNode) or node.value in defined:
                    continue
                if not names.owns(node.value) or _is_space(node.value, names):
                    continue
                if quad.predicate == owl.versionIRI:  # names a release, states nothing itself
                    continue
                if (file.path, node.value) in reported:
                    continue
                reported.add((file.path, node.value))
                yield RULE.finding(
                    node.value,
                    f"Nothing defines {names.compact(node.value)}: "
                    + _hint(node.value, defined, names),
                    partial(
                        file.place, number, "predicate" if node == quad.predicate else "object"
                    ),
                    path=None if node == quad.predicate else quad.predicate,
                    value=node,
                )


def _is_space(iri: str, names: Names) -> bool:
    """Namespaces, graphs and other addresses that are no terms: they end in / or #, or lie below
    graph/.
    """
    return iri.endswith(("/", "#")) or iri.startswith(names.root + "graph/")


def _hint(iri: str, defined: set[str], names: Names) -> str:
    stem = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
    near = get_close_matches(iri, [d for d in defined if d.startswith(stem)], 1, 0.6)
    return f"did you mean {names.compact(near[0])}?" if near else "define it, or mend the name"
