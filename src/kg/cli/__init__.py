"""The command line: verbs, and no logic of their own. One module for each family of verbs."""

from kg.cli import check, disputes, export, query, reading, serve
from kg.cli.frame import main

__all__ = ["check", "disputes", "export", "main", "query", "reading", "serve"]
