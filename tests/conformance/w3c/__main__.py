"""``python -m w3c --suite FOLDER``: run the suite, write results.json and README's table.

Exit code 0 when everything is as it must be, or when there is no suite; 1 with a list when not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from live import Client, serving_writable

from w3c import description, evaluation, messages, prose, record
from w3c.evaluation import Outcome
from w3c.manifests import Suite


def run(suite: Suite, client: Client) -> dict[str, list[Outcome]]:
    """Every group in the order of the table."""
    groups = {
        group: [o for folder in folders for o in evaluation.outcomes(suite, client, folder)]
        for group, folders in evaluation.FOLDERS.items()
    }
    store = [
        o
        for name in ("direct", "indirect")
        for o in messages.outcomes(suite, client, f"graph-store-protocol/manifest-{name}.ttl")
    ]
    rest = [
        messages.outcomes(suite, client, "protocol/manifest.ttl"),
        description.outcomes(client),
        store,
        prose.outcomes(client),
    ]
    return groups | dict(zip(record.WHOLE, rest, strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make conformance", description=__doc__)
    parser.add_argument("--suite", type=Path, help="the folder that holds sparql/sparql11")
    parser.add_argument("--dry", action="store_true", help="write no file")
    arguments = parser.parse_args()
    folder = arguments.suite / "sparql" / "sparql11" if arguments.suite else None
    if folder is None or not (folder / "manifest.ttl").is_file():
        print(f"skipped: no W3C suite in {arguments.suite or 'W3C='}", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as place, serving_writable(Path(place)) as client:
        groups = run(Suite(folder), client)
    why = record.reasons()
    content = record.document(groups, why)
    print(record.table(content))
    wrong = record.faults(groups, why)
    if wrong:
        print(*wrong, sep="\n", file=sys.stderr)
    if not arguments.dry:
        record.write(content)
        record.write_readme(content)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
