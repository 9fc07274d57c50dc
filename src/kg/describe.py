"""What the endpoint is and what the dataset holds: service description, VoID counts, statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.engine import limits as texts
from kg.formats import GRAPHS, RESULTS
from kg.model import Facts
from kg.names import Names, con, rdf, rdfs, schema, sd, sh, void, xsd

__all__ = ["service_description", "statistics"]

_W3C_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_IRIS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "trig": "TriG",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
}
NEUTRALITY = (
    "A claim served here is what a source says, not what this project holds to be true. "
    "No value is stored as the best."
)


def service_description(
    names: Names,
    counts: Mapping[str, int],
    endpoint: str,
    *,
    updates: str | None = None,
    seconds: float,
    memory: int,
    result: int,
) -> Iterator[ox.Quad]:
    """The endpoint at `endpoint` in terms of SPARQL 1.1 Service Description.

    `counts` gives the triples of each named graph, and of the default graph under ``""``;
    `updates` is where updates go, if anywhere. What a query may cost stands beside it as
    schema:PropertyValue: the deadline in `seconds`, `memory` and `result` in bytes, and what the
    guard counts.
    """

    def say(s: ox.NamedNode, p: ox.NamedNode, o: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(s, p, o)

    def number(n: float) -> ox.Literal:
        whole = float(n).is_integer()
        return ox.Literal(f"{n:.15g}", datatype=xsd.integer if whole else xsd.decimal)

    service = ox.NamedNode(endpoint)
    described = ox.NamedNode(f"{names.root}dataset")
    default = ox.NamedNode(f"{endpoint}#default-graph")
    yield say(service, rdf["type"], sd.Service)
    yield say(service, sd.endpoint, service)
    yield say(service, sd.supportedLanguage, sd.SPARQL11Query)
    yield say(service, sd.feature, sd.EmptyGraphs)
    if updates is not None:
        writing = ox.NamedNode(f"{endpoint}#update")
        yield say(writing, rdf["type"], sd.Service)
        yield say(writing, sd.endpoint, ox.NamedNode(updates))
        yield say(writing, sd.supportedLanguage, sd.SPARQL11Update)
        yield say(writing, sd.defaultDataset, described)
    yield say(service, rdfs.comment, ox.Literal(NEUTRALITY, language="en"))
    for form in (*RESULTS, *GRAPHS):
        yield say(service, sd.resultFormat, ox.NamedNode(_W3C_FORMATS + _FORMAT_IRIS[form.name]))
    for form in GRAPHS:
        yield say(service, sd.inputFormat, ox.NamedNode(_W3C_FORMATS + _FORMAT_IRIS[form.name]))
    limits = [
        ("seconds", seconds, "A query that runs longer is stopped (504)."),
        ("memory", memory, "Bytes of memory that a query may need (507)."),
        ("result", result, "Bytes that an answer may have (507)."),
        *texts.rows(),
    ]
    for name, value, reason in limits:
        limit = ox.NamedNode(f"{endpoint}#limit-{name.replace('_', '-')}")
        yield say(service, schema.additionalProperty, limit)
        yield say(limit, rdf["type"], schema.PropertyValue)
        yield say(limit, schema.name, ox.Literal(name))
        yield say(limit, schema.maxValue, number(value))
        yield say(limit, schema.description, ox.Literal(reason, language="en"))
    yield say(service, sd.defaultDataset, described)
    yield say(described, rdf["type"], sd.Dataset)
    for prefix, namespace in sorted(names.prefixes.items()):  # SHACL 1.0, 5.2.1
        declared = ox.NamedNode(f"{endpoint}#prefix-{prefix}")
        yield say(described, sh.declare, declared)
        yield say(declared, sh.prefix, ox.Literal(prefix))
        yield say(declared, sh.namespace, ox.Literal(namespace, datatype=xsd.anyURI))
    yield say(described, sd.defaultGraph, default)
    yield say(default, rdf["type"], sd.Graph)
    yield say(default, void.triples, number(counts.get("", 0)))
    for name, count in sorted(counts.items()):
        if not name:
            continue
        graph = ox.NamedNode(name)
        node = ox.NamedNode(f"{endpoint}#{name}")
        yield say(described, sd.namedGraph, node)
        yield say(node, rdf["type"], sd.NamedGraph)
        yield say(node, sd.name, graph)
        yield say(node, sd.graph, graph)
        yield say(graph, rdf["type"], sd.Graph)
        yield say(graph, void.triples, number(count))


def statistics(dataset: Dataset) -> dict[str, Any]:
    """Counts of a dataset: triples by graph, things by class, claims by what tells them apart."""
    facts = Facts(dataset.quads())
    compact = dataset.names.compact
    graphs = Counter(
        q.graph_name.value for q in dataset.quads() if isinstance(q.graph_name, ox.NamedNode)
    )
    authored = Facts(dataset.authored())
    classes = Counter(
        compact(kind)
        for subject in authored.subjects()
        for kind in authored.values(subject, rdf["type"])
    )
    claims = facts.instances(con.Claim)

    def by(predicate: ox.NamedNode) -> dict[str, int]:
        values = (facts.value(claim, predicate) for claim in claims)
        return dict(sorted(Counter(_tail(v) for v in values if v).items(), key=_numerically))

    def voices(predicate: ox.NamedNode) -> dict[str, int]:
        found = (facts.value(claim, con.attribution) for claim in claims)
        values = (facts.value(voice, predicate) for voice in found if voice)
        return dict(sorted(Counter(_tail(v) for v in values if v).items()))

    def asked(predicate: ox.NamedNode) -> dict[str, int]:
        found = (facts.value(claim, con.answers) for claim in claims)
        values = (facts.value(question, predicate) for question in found if question)
        return dict(sorted(Counter(_tail(v) for v in values if v).items()))

    def answer(claim: str) -> str:
        kinds = {
            "number": con.comparator,
            "thing or concept": con.object,
            "date": con.date,
            "words": con.text,
            "stated absence": con.noValue,
        }
        return next((kind for kind, p in kinds.items() if facts.values(claim, p)), "none")

    return {
        "digest": dataset.digest,
        "triples": dict(sorted(graphs.items())),
        "things": dict(sorted(classes.items())),
        "claims": {
            "total": len(claims),
            "by source": by(con.statedIn),
            "by kind of answer": dict(sorted(Counter(map(answer, claims)).items())),
            "by property": asked(con.property),
            "by page": by(con.page),
            "by stance": by(con.stance),
            "by certainty": by(con.certainty),
            "by modality": by(con.modality),
            "by attribution": by(con.attribution),
            "by kind of attribution": voices(con.attributionKind),
            "by side of attribution": voices(con.side),
        },
        "queries": len(dataset.catalogue),
    }


def _tail(iri: str) -> str:
    return iri.rstrip("/").rpartition("/")[2]


def _numerically(item: tuple[str, int]) -> tuple[int, str]:
    head = item[0].partition("-")[0]
    return (int(head) if head.isdigit() else 0, item[0])
