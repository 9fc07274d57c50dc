"""The three Service Description tests.

The suite names them and leaves their content to SPARQL 1.1 Service Description: a GET without a
query returns RDF (section 2), which names the endpoint (3.4.2), and follows the vocabulary: no term
of its namespace that it does not define, and domains and ranges as in section 3.
"""

from __future__ import annotations

import pyoxigraph as ox
from live import Client

from w3c import answers
from w3c.evaluation import FAILED, PASSED, Miss, Outcome, expect
from w3c.manifests import RDF

FOLDER = "service-description"
SD = "http://www.w3.org/ns/sparql-service-description#"
CLASSES = (
    "Aggregate Dataset EntailmentProfile EntailmentRegime Feature Function Graph GraphCollection"
    " Language NamedGraph Service"
).split()
INSTANCES = (
    "BasicFederatedQuery DereferencesURIs EmptyGraphs RequiresDataset SPARQL10Query SPARQL11Query"
    " SPARQL11Update UnionDefaultGraph"
).split()
# Property: the class of its subjects, and of its objects (None: any resource).
PROPERTIES: dict[str, tuple[str, str | None]] = {
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultDataset": ("Service", "Dataset"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "defaultGraph": ("Dataset", "Graph"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "endpoint": ("Service", None),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "extensionAggregate": ("Service", "Aggregate"),
    "extensionFunction": ("Service", "Function"),
    "feature": ("Service", "Feature"),
    "graph": ("NamedGraph", "Graph"),
    "inputFormat": ("Service", None),
    "languageExtension": ("Service", "Feature"),
    "name": ("NamedGraph", None),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "propertyFeature": ("Service", "Feature"),
    "resultFormat": ("Service", None),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "supportedLanguage": ("Service", "Language"),
}
# A node of the class on the right is one of the class on the left.
WIDER = {"GraphCollection": ("Dataset",), "Graph": (), "Dataset": ()}
KNOWN_INSTANCES = {
    "Feature": set(INSTANCES) - {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"},
    "Language": {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"},
}


def outcomes(client: Client) -> list[Outcome]:
    found = []
    for name, test in TESTS.items():
        try:
            test(client, *described(client))
        except Miss as miss:
            found.append(Outcome(f"{FOLDER}/{name}", FAILED, str(miss)))
        else:
            found.append(Outcome(f"{FOLDER}/{name}", PASSED))
    return found


def described(client: Client) -> tuple[str, ox.Dataset]:
    """The media type and the triples of a GET that neither asks nor prefers anything."""
    reply = expect(client.get("/sparql"), 200)
    form = ox.RdfFormat.from_media_type(reply.media_type)
    if form is None:
        raise Miss(f"{reply.media_type} is not RDF")
    return reply.media_type, answers.from_graph(reply.body, form, client.url("/sparql"))


def has_endpoint(client: Client, _: str, graph: ox.Dataset) -> None:
    wanted = ox.NamedNode(client.url("/sparql"))
    endpoints = [q.object for q in graph if q.predicate == ox.NamedNode(f"{SD}endpoint")]
    if wanted not in endpoints:
        raise Miss(f"sd:endpoint is {endpoints}, not {wanted}")


def returns_rdf(client: Client, media: str, graph: ox.Dataset) -> None:
    if not len(graph):
        raise Miss("no triples")
    for wanted in ("text/turtle", "application/ld+json", "application/rdf+xml"):
        reply = expect(client.get("/sparql", wanted), 200)
        if reply.media_type != wanted:
            raise Miss(f"asked for {wanted}, got {reply.media_type}")
        form = ox.RdfFormat.from_media_type(wanted)
        assert form is not None
        other = answers.from_graph(reply.body, form, client.url("/sparql"))
        if not answers.same(graph, other, values=True):
            raise Miss(f"{wanted} says other things than {media}")


def conforms(client: Client, _: str, graph: ox.Dataset) -> None:
    kinds: dict[object, set[str]] = {}
    for quad in graph:
        if quad.predicate.value == f"{RDF}type" and quad.object.value.startswith(SD):
            kinds.setdefault(quad.subject, set()).add(quad.object.value.removeprefix(SD))
    wrong = [f"sd:{k} is no class" for k in set().union(*kinds.values()) - set(CLASSES)]

    def is_a(node: object, kind: str) -> bool:
        own = kinds.get(node, set())
        if isinstance(node, ox.NamedNode) and node.value.startswith(SD):
            return node.value.removeprefix(SD) in KNOWN_INSTANCES.get(kind, set())
        return kind in own or any(wider in own for wider in WIDER.get(kind, ()))

    for quad in graph:
        if not quad.predicate.value.startswith(SD):
            continue
        name = quad.predicate.value.removeprefix(SD)
        if name not in PROPERTIES:
            wrong.append(f"sd:{name} is no property")
            continue
        domain, target = PROPERTIES[name]
        if not is_a(quad.subject, domain):
            wrong.append(f"{quad.subject} has sd:{name} and is no sd:{domain}")
        if isinstance(quad.object, ox.Literal):
            wrong.append(f"sd:{name} has the literal {quad.object}")
        elif target == "EntailmentRegime" and not quad.object.value.startswith(SD):
            continue  # regimes are named by http://www.w3.org/ns/entailment/
        elif target is not None and not is_a(quad.object, target):
            wrong.append(f"{quad.object} is the sd:{name} of something and is no sd:{target}")
    for node, own in kinds.items():
        names = [q for q in graph.quads_for_subject(node) if q.predicate.value == f"{SD}name"]
        if "NamedGraph" in own and len(names) != 1:
            wrong.append(f"{node} is an sd:NamedGraph with {len(names)} names")
    if not any("Service" in k for k in kinds.values()):
        wrong.append("there is no sd:Service")
    if wrong:
        raise Miss("; ".join(sorted(wrong)))


TESTS = {
    "has-endpoint-triple": has_endpoint,
    "returns-rdf": returns_rdf,
    "conforms-to-schema": conforms,
}
