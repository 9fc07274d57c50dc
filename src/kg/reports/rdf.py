"""Findings as a W3C validation report (SHACL 3.6), in any RDF syntax.

Rules that are no shapes report in the same way: sh:sourceShape is the rule, and the constraint
component is sh:SPARQLConstraintComponent for a check query, the rules' own one for the others.
"""

from __future__ import annotations

import pyoxigraph as ox

from kg.names import sh, xsd
from kg.reports.model import Report
from kg.shacl.report import report as results_as_triples

__all__ = ["jsonld", "ntriples", "turtle", "write", "xml"]


def write(report: Report, form: ox.RdfFormat) -> bytes:
    """The report; each result behind a finding stands in it."""
    results = [r for found in report.files.values() for f in found for r in f.results]
    prefixes = {"sh": sh.iri, "xsd": xsd.iri}
    for prefix, namespace in report.names.prefixes.items():
        prefixes.setdefault(prefix, namespace)
    triples = results_as_triples(results, report.shapes)
    body = ox.serialize(triples, format=form, prefixes=prefixes)
    assert body is not None
    return body if body.endswith(b"\n") else body + b"\n"


def turtle(report: Report) -> bytes:
    """The report in Turtle."""
    return write(report, ox.RdfFormat.TURTLE)


def jsonld(report: Report) -> bytes:
    """The report in JSON-LD."""
    return write(report, ox.RdfFormat.JSON_LD)


def xml(report: Report) -> bytes:
    """The report in RDF/XML."""
    return write(report, ox.RdfFormat.RDF_XML)


def ntriples(report: Report) -> bytes:
    """The report in N-Triples."""
    return write(report, ox.RdfFormat.N_TRIPLES)
