"""Search by name: a text index beside the store, and what a query finds in it. Pure: no engine."""

from kg.finding.index import Index, build
from kg.finding.ranking import Found, Hit, search

__all__ = ["Found", "Hit", "Index", "build", "search"]
