from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .faults import LIVE, MUTANTS
from .harness import PACKAGE, ROOT, Mutant


def test_every_fault_is_noticed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mutants"],
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_there_are_faults_in_every_part() -> None:
    assert len(MUTANTS) == len({m.name for m in MUTANTS}) >= 25
    files = {m.file for m in MUTANTS}
    assert {f"engine/{n}.py" for n in ("guard", "scan", "tokens", "planned", "limits")} <= files


@pytest.mark.parametrize("mutant", [*MUTANTS, *LIVE], ids=lambda mutant: mutant.name)
def test_each_fault_still_fits_the_code(mutant: Mutant) -> None:
    assert (PACKAGE / mutant.file).read_text(encoding="utf-8").count(mutant.old) == 1
