"""``python -m kg.finding ROOT VERSION FILE``: N-Triples on stdin become an index in a file.

A process of its own, so that whoever serves pages need not stop for it, and can stop it.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pyoxigraph as ox

from kg.finding.index import build
from kg.finding.texts import things

_MEMORY = 2 << 30
_SECONDS = 300


def main(root: str, version: str, path: Path) -> None:
    """Read, and write the index whole."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    triples = ox.parse(sys.stdin.buffer, format=ox.RdfFormat.N_TRIPLES)
    build(things(triples, root), path, version)


main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
