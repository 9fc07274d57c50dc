"""Namespaces, and the prefix table that ontology/prefixes.ttl declares.

The canonical IRIs are not tied to a host: the server maps its own paths onto them. A dataset of
another project has namespaces of its own; only those of the model are fixed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode

__all__ = [
    "CONTESTED",
    "ID_PATTERN",
    "KEY_PATTERN",
    "Names",
    "bibo",
    "con",
    "consh",
    "crm",
    "dcat",
    "dcterms",
    "edtf",
    "oa",
    "owl",
    "prov",
    "rdf",
    "rdfs",
    "rico",
    "schema",
    "sd",
    "sh",
    "skos",
    "void",
    "xsd",
]

CONTESTED = "https://w3id.org/contested/"
"""The root of the model's own IRIs (ontology, shapes, lists)."""

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9_/-]{0,119}")
"""A minted id, the part after ``…/id/``: ASCII, no dot, no fragment, at most 120 characters."""

KEY_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]*")
"""The key of a source: the name of its folder below data/sources/."""


class _Namespace:
    """IRIs below one address: ``con.Claim`` or ``rdf["type"]`` gives a pyoxigraph NamedNode."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, local: str) -> NamedNode:
        if local.startswith("__"):
            raise AttributeError(local)
        found = NamedNode(self.iri + local)
        self.__dict__[local] = found  # asked for a million times when graphs are derived
        return found

    def __getitem__(self, local: str) -> NamedNode:
        return NamedNode(self.iri + local)

    def __contains__(self, iri: object) -> bool:
        return str(getattr(iri, "value", iri)).startswith(self.iri)


con = _Namespace(f"{CONTESTED}ontology#")
consh = _Namespace(f"{CONTESTED}shapes#")
bibo = _Namespace("http://purl.org/ontology/bibo/")
crm = _Namespace("http://www.cidoc-crm.org/cidoc-crm/")
dcat = _Namespace("http://www.w3.org/ns/dcat#")
dcterms = _Namespace("http://purl.org/dc/terms/")
edtf = _Namespace("http://id.loc.gov/datatypes/edtf/")
oa = _Namespace("http://www.w3.org/ns/oa#")
owl = _Namespace("http://www.w3.org/2002/07/owl#")
prov = _Namespace("http://www.w3.org/ns/prov#")
rdf = _Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
rdfs = _Namespace("http://www.w3.org/2000/01/rdf-schema#")
rico = _Namespace("https://www.ica.org/standards/RiC/ontology#")
schema = _Namespace("http://schema.org/")
sd = _Namespace("http://www.w3.org/ns/sparql-service-description#")
sh = _Namespace("http://www.w3.org/ns/shacl#")
skos = _Namespace("http://www.w3.org/2004/02/skos/core#")
void = _Namespace("http://rdfs.org/ns/void#")
xsd = _Namespace("http://www.w3.org/2001/XMLSchema#")

# PN_LOCAL without the escapes: what may stand behind a prefix as it is.
_LOCAL = re.compile(r"(?:[\w][\w-]*)?", re.ASCII)


@dataclass(frozen=True)
class Names:
    """The prefix table of one dataset, and the root of the IRIs that it mints.

    `root` ends in a slash; things stand below ``root + "id/"``, graphs below ``root + "graph/"``.
    """

    root: str = CONTESTED
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def thing(self, identifier: str) -> str:
        """The IRI of the thing with this minted id."""
        return f"{self.root}id/{identifier}"

    def identifier(self, iri: str) -> str | None:
        """The minted id in an IRI of this dataset; None for any other IRI."""
        space = f"{self.root}id/"
        if iri.startswith(space) and ID_PATTERN.fullmatch(iri, len(space)):
            return iri[len(space) :]
        return None

    def graph(self, name: str) -> str:
        """The IRI of a graph: ``entities``, ``ontology``, ``source/<key>``, ``derived/<rule>``."""
        return f"{self.root}graph/{name}"

    def compact(self, iri: str) -> str:
        """``prefix:local`` by the longest namespace that fits, else ``<iri>``."""
        spaces, odd = self._spaces
        # One that ends before the last slash or hash would leave it in the local name.
        best = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        for namespace in odd:
            if iri.startswith(namespace) and len(namespace) > len(best):
                best = namespace
        prefix = spaces.get(best)
        if prefix is not None and _LOCAL.fullmatch(iri, len(best)):
            return f"{prefix}:{iri[len(best) :]}"
        return f"<{iri}>"

    @cached_property
    def _spaces(self) -> tuple[dict[str, str], list[str]]:
        """The first prefix of each namespace; those that end in neither slash nor hash."""
        spaces: dict[str, str] = {}
        for prefix, namespace in self.prefixes.items():
            spaces.setdefault(namespace, prefix)
        return spaces, [space for space in spaces if not space.endswith(("/", "#"))]

    def expand(self, text: str) -> str | None:
        """The IRI that ``<iri>``, ``prefix:local`` or a bare absolute IRI stands for, else None."""
        if text.startswith("<") and text.endswith(">"):
            return text[1:-1]
        prefix, colon, local = text.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        if re.match(r"[a-z][a-z0-9+.-]*://\S+$", text, re.IGNORECASE):
            return text
        return None

    def owns(self, iri: str) -> bool:
        """Whether the IRI lies in a namespace that the model or this dataset is answerable for."""
        return iri.startswith((CONTESTED, self.root))
