"""Whole datasets and single sources as files with deterministic bytes."""

from kg.exports.files import write_whole
from kg.exports.rdf import export, export_dataset, read_context, used_prefixes

__all__ = ["export", "export_dataset", "read_context", "used_prefixes", "write_whole"]
