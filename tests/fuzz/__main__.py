"""``PYTHONPATH=tests python -m fuzz --seconds 60 --seed 1 [--url http://127.0.0.1:8000]``.

Without an address a server of its own is started over the invented dataset. Exit 1 when something
is wrong; what is said of a request can be had again by its seed.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from live import serving

from kg import dataset

from .drive import drive

INVENTED = Path(__file__).resolve().parents[1] / "invented"


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", help="a server that runs; else one is started")
    told = parser.parse_args()
    options = ["--timeout", "2", "--workers", "2", "--memory", "256", "--access-log", "none"]
    with nullcontext(told.url) if told.url else serving(INVENTED, *options) as url:
        found = drive(url, told.seconds, told.seed, dataset.load(INVENTED))
    replies = ", ".join(f"{n} × {status}" for status, n in sorted(found.statuses.items()))
    print(f"fuzz: seed {told.seed}: {sum(found.statuses.values())} replies: {replies}")
    print(f"fuzz: the slowest /health took {found.slowest_health:.2f} s")
    for wrong in found.wrong:
        print(f"fuzz: {wrong}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
