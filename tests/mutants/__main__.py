"""Run every mutant; exit 1 when one survives. The last line of stdout is the result as JSON."""

from __future__ import annotations

import json
import sys

# Imported once, here, for the processes that are forked from this one; nothing of kg is.
import hypothesis  # noqa: F401
import pyoxigraph  # noqa: F401
import pytest  # noqa: F401
import rdflib.plugins.sparql  # noqa: F401
import werkzeug.test  # noqa: F401

from .faults import MUTANTS
from .harness import survivors

if __name__ == "__main__":
    chosen = [m for m in MUTANTS if not sys.argv[1:] or any(a in m.name for a in sys.argv[1:])]
    wrong = survivors(chosen)
    print(json.dumps(wrong, ensure_ascii=False))
    sys.exit(1 if wrong else 0)
