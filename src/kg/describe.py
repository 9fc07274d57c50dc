"""What the endpoint is and what the dataset holds: service description, VoID counts, statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kg.dataset import Dataset
from kg.engine import limits as texts
from kg.formats import GRAPHS, RESULTS
from kg.model import Facts
from kg.names import Names, con, dcat, dcterms, rdf, rdfs, schema, sd, sh, void, xsd

__all__ = ["dataset_description", "service_description", "statistics"]

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
    digest: str = "",
    seconds: float,
    memory: int,
    result: int,
) -> Iterator[ox.Quad]:
    """The endpoint at `endpoint` in terms of SPARQL 1.1 Service Description.

    `counts` gives the triples of each named graph, and of the default graph under ``""``;
    `updates` is where updates go, if anywhere; `digest` is the version of the data. What a query
    may cost stands beside it as schema:PropertyValue: the deadline in `seconds`, `memory` and
    `result` in bytes, and what the guard counts.
    """
    service = ox.NamedNode(endpoint)
    described = ox.NamedNode(f"{names.root}dataset")
    yield _say(service, rdf["type"], sd.Service)
    yield _say(service, sd.endpoint, service)
    yield _say(service, sd.supportedLanguage, sd.SPARQL11Query)
    yield _say(service, sd.feature, sd.EmptyGraphs)
    if updates is not None:
        writing = ox.NamedNode(f"{endpoint}#update")
        yield _say(writing, rdf["type"], sd.Service)
        yield _say(writing, sd.endpoint, ox.NamedNode(updates))
        yield _say(writing, sd.supportedLanguage, sd.SPARQL11Update)
        yield _say(writing, sd.defaultDataset, described)
    yield _say(service, rdfs.comment, ox.Literal(NEUTRALITY, language="en"))
    for form in (*RESULTS, *GRAPHS):
        yield _say(service, sd.resultFormat, ox.NamedNode(_W3C_FORMATS + _FORMAT_IRIS[form.name]))
    for form in GRAPHS:
        yield _say(service, sd.inputFormat, ox.NamedNode(_W3C_FORMATS + _FORMAT_IRIS[form.name]))
    limits = [
        ("seconds", seconds, "A query that runs longer is stopped (504)."),
        ("memory", memory, "Bytes of memory that a query may need (507)."),
        ("result", result, "Bytes that an answer may have (507)."),
        *texts.rows(),
    ]
    for name, value, reason in limits:
        limit = ox.NamedNode(f"{endpoint}#limit-{name.replace('_', '-')}")
        yield _say(service, schema.additionalProperty, limit)
        yield _say(limit, rdf["type"], schema.PropertyValue)
        yield _say(limit, schema.name, ox.Literal(name))
        yield _say(limit, schema.maxValue, _number(value))
        yield _say(limit, schema.description, ox.Literal(reason, language="en"))
    yield _say(service, sd.defaultDataset, described)
    yield from dataset_description(names, counts, endpoint, digest=digest)


def dataset_description(
    names: Names,
    counts: Mapping[str, int],
    endpoint: str,
    *,
    digest: str = "",
    classes: Mapping[str, int] | None = None,
    entities: int | None = None,
    sources: Iterable[str] = (),
    examples: Iterable[str] = (),
) -> Iterator[ox.Quad]:
    """The dataset behind the endpoint at `endpoint` in terms of VoID and DCAT, and of SPARQL 1.1
    Service Description for its graphs.

    `counts` as for `service_description`; `digest` is its version. Where they are known: the things
    of each class, how many `entities` there are, the IRIs of the works that were read, and the
    addresses of its stored queries.
    """
    base = endpoint.removesuffix("sparql")
    described = ox.NamedNode(f"{names.root}dataset")
    default = ox.NamedNode(f"{endpoint}#default-graph")
    for kind in (sd.Dataset, void.Dataset, dcat.Dataset):
        yield _say(described, rdf["type"], kind)
    yield _say(described, void.sparqlEndpoint, ox.NamedNode(endpoint))
    yield _say(described, void.uriSpace, ox.Literal(names.root))
    yield _say(described, void.triples, _number(counts.get("", 0)))
    yield _say(described, dcat.landingPage, ox.NamedNode(f"{base}dataset.html"))
    yield _say(described, rdfs.comment, ox.Literal(NEUTRALITY, language="en"))
    if digest:
        yield _say(described, dcat.version, ox.Literal(digest))
    if entities is not None:
        yield _say(described, void.entities, _number(entities))
    if classes is not None:
        yield _say(described, void.classes, _number(len(classes)))
        for iri, count in sorted(classes.items()):
            part = ox.NamedNode(f"{names.root}dataset#class-{quote(names.compact(iri), safe=':')}")
            yield _say(described, void.classPartition, part)
            yield _say(part, void["class"], ox.NamedNode(iri))
            yield _say(part, void.entities, _number(count))
    for work in sorted(sources):
        yield _say(described, dcterms.source, ox.NamedNode(work))
    for form in GRAPHS:
        address = f"{base}graph-store?default&format={form.name}"
        dump = ox.NamedNode(f"{names.root}dataset#{form.name}")
        yield _say(described, void.dataDump, ox.NamedNode(address))
        yield _say(described, dcat.distribution, dump)
        yield _say(dump, rdf["type"], dcat.Distribution)
        yield _say(dump, dcat.downloadURL, ox.NamedNode(address))
        media = f"https://www.iana.org/assignments/media-types/{form.media_type}"
        yield _say(dump, dcat.mediaType, ox.NamedNode(media))
    for address in examples:
        yield _say(described, void.exampleResource, ox.NamedNode(address))
    for prefix, namespace in sorted(names.prefixes.items()):  # SHACL 1.0, 5.2.1
        declared = ox.NamedNode(f"{endpoint}#prefix-{prefix}")
        yield _say(described, sh.declare, declared)
        yield _say(declared, sh.prefix, ox.Literal(prefix))
        yield _say(declared, sh.namespace, ox.Literal(namespace, datatype=xsd.anyURI))
    yield _say(described, sd.defaultGraph, default)
    yield _say(default, rdf["type"], sd.Graph)
    yield _say(default, void.triples, _number(counts.get("", 0)))
    for name, count in sorted(counts.items()):
        if not name:
            continue
        graph = ox.NamedNode(name)
        node = ox.NamedNode(f"{endpoint}#{name}")
        yield _say(described, sd.namedGraph, node)
        yield _say(node, rdf["type"], sd.NamedGraph)
        yield _say(node, sd.name, graph)
        yield _say(node, sd.graph, graph)
        yield _say(graph, rdf["type"], sd.Graph)
        yield _say(graph, void.triples, _number(count))


def _say(s: ox.NamedNode, p: ox.NamedNode, o: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(s, p, o)


def _number(n: float) -> ox.Literal:
    whole = float(n).is_integer()
    return ox.Literal(f"{n:.15g}", datatype=xsd.integer if whole else xsd.decimal)


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
