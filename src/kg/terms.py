"""Terms of pyoxigraph as terms of rdflib, with the lexical form as it was written."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

__all__ = ["rdflib_term"]


def rdflib_term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """The same term for rdflib; ``01`` stays ``01``. Raises TypeError for RDF 1.2 triple terms."""
    if isinstance(node, ox.NamedNode):
        return URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return BNode(node.value)
    if isinstance(node, ox.Literal):
        if node.language:
            return Literal(node.value, lang=node.language)
        return Literal(node.value, datatype=URIRef(node.datatype.value), normalize=False)
    raise TypeError("RDF 1.2 triple terms are not read here")
