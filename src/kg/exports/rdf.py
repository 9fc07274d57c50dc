"""RDF exports: the same quads always give the same bytes.

Turtle, N-Triples and RDF/XML hold one graph: the RDF merge. TriG, N-Quads and JSON-LD keep the
named graphs. JSON-LD is compacted with the model's context, so that it reads like the model.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from kg.dataset import Dataset, Outline
from kg.derive import derive
from kg.errors import DatasetError
from kg.formats import Format
from kg.names import Names
from kg.terms import rdflib_term

__all__ = ["export", "export_dataset", "read_context", "used_prefixes"]


def export(
    quads: Iterable[ox.Quad], form: Format, names: Names, context: dict[str, Any] | None = None
) -> bytes:
    """The quads in a graph format, sorted.

    `context` is a JSON-LD context (the value of ``@context``) and matters to JSON-LD alone.
    """
    assert isinstance(form.serializer, ox.RdfFormat)
    if form.name == "jsonld":
        return _jsonld(quads, context)
    if form.quads:
        ordered = sorted(set(quads), key=_quad_key)
        statements: list[ox.Quad] | list[ox.Triple] = ordered
    else:
        triples = {ox.Triple(q.subject, q.predicate, q.object) for q in quads}
        statements = sorted(triples, key=_triple_key)
    prefixes = (
        used_prefixes(statements, names) if form.name in ("turtle", "trig", "rdfxml") else None
    )
    return ox.serialize(statements, format=form.serializer, prefixes=prefixes) or b""


def read_context(dataset: Dataset | Outline) -> dict[str, Any] | None:
    """The ``@context`` of the first context.jsonld beside the dataset's ontology files."""
    for folder in dataset.ontology_folders:
        path = folder / "context.jsonld"
        if path.is_file():
            context: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
            return context
    return None


def _triple_key(triple: ox.Triple | ox.Quad) -> tuple[str, bool, str, str]:
    # rdf:type first, as people write it; Turtle then says "a" at the head of a block.
    predicate = triple.predicate.value
    kind = predicate == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    return str(triple.subject), not kind, predicate, str(triple.object)


def _quad_key(quad: ox.Quad) -> tuple[str, str, bool, str, str]:
    return str(quad.graph_name), *_triple_key(quad)


def used_prefixes(statements: Iterable[ox.Triple | ox.Quad], names: Names) -> dict[str, str]:
    """The prefixes that the statements need, so that a small file has a small head."""
    iris = set()
    for statement in statements:
        for node in statement:
            if isinstance(node, ox.NamedNode):
                iris.add(node.value)
            elif isinstance(node, ox.Literal):
                iris.add(node.datatype.value)
    compact = {names.compact(iri).partition(":")[0] for iri in iris}
    return {p: i for p, i in sorted(names.prefixes.items()) if p in compact}


def _jsonld(quads: Iterable[ox.Quad], context: dict[str, Any] | None) -> bytes:
    """Each named graph as an object with ``@graph``; what is in no graph stands beside them."""
    graphs: dict[str, Graph] = defaultdict(lambda: Graph(bind_namespaces="none"))
    for quad in quads:
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        graphs[name].add(
            (
                rdflib_term(quad.subject),
                rdflib_term(quad.predicate),
                rdflib_term(quad.object),
            )
        )
    document: list[Any] = []
    for name, graph in sorted(graphs.items()):
        nodes = _nodes(graph, context)
        document += [{"@id": name, "@graph": nodes}] if name else nodes
    head = {"@context": context} if context else {}
    whole = {**head, "@graph": _sorted(document)}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _nodes(graph: Graph, context: dict[str, Any] | None) -> list[Any]:
    found = json.loads(graph.serialize(format="json-ld", context=context))
    if isinstance(found, list):
        return found
    found.pop("@context", None)
    nodes: list[Any] = found.get("@graph", [found])
    return nodes


def _sorted(node: Any) -> Any:
    """Members by key with ``@…`` first, and lists of nodes or values in a stable order.

    RDF lists (``@list``) keep theirs; everything else in JSON-LD is a set.
    """
    if isinstance(node, dict):
        return {
            key: value if key in ("@context", "@list") else _sorted(value)
            for key, value in sorted(node.items(), key=lambda kv: (not kv[0].startswith("@"), kv))
        }
    if isinstance(node, list):
        return sorted((_sorted(n) for n in node), key=lambda n: json.dumps(n, sort_keys=True))
    return node


def export_dataset(
    dataset: Dataset, form: Format, *, source: str | None = None, derived: bool = False
) -> bytes:
    """The authored graphs of a dataset, or the one graph of a source; with `derived` those too.

    Raises DatasetError for a source that the dataset does not have.
    """
    quads = list(dataset.authored())
    if source is not None:
        graph = ox.NamedNode(dataset.names.graph(f"source/{source}"))
        quads = [q for q in quads if q.graph_name == graph]
        if not quads:
            keys = ", ".join(dataset.sources) or "none"
            raise DatasetError(
                f"there is no source {source!r}", where="--source", hint=f"there is: {keys}"
            )
    if derived:
        quads += derive(dataset)
    return export(quads, form, dataset.names, read_context(dataset))
