"""Every mutant, with --live those of a server too: ``PYTHONPATH=tests python -m mutants``.

Exit 1 when one survives. The last line of stdout is the result as JSON.
"""

from __future__ import annotations

import json
import sys

# Imported once, here, for the processes that are forked from this one; nothing of kg is.
import hypothesis  # noqa: F401
import pyoxigraph  # noqa: F401
import pytest  # noqa: F401
import rdflib.plugins.sparql  # noqa: F401
import werkzeug.test  # noqa: F401

from .faults import LIVE, MUTANTS
from .harness import survivors

if __name__ == "__main__":
    wrong = survivors([*MUTANTS, *(LIVE if "--live" in sys.argv else [])])
    print(json.dumps(wrong, ensure_ascii=False))
    sys.exit(1 if wrong else 0)
