"""A test that needs a program runs where the program is, and says what to install elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
INNER = """
import pytest

@pytest.mark.virtuoso
def test_one():
    {body}
"""


def run(folder: Path, body: str, *, installed: bool) -> tuple[int, str]:
    (folder / "conftest.py").write_text("from programs import *\n", encoding="utf-8")
    (folder / "test_inner.py").write_text(INNER.format(body=body), encoding="utf-8")
    programs = folder / "bin"
    programs.mkdir()
    if installed:
        (programs / "virtuoso-t").write_text("#!/bin/sh\n", encoding="utf-8")
        (programs / "virtuoso-t").chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider",
         "--strict-markers", str(folder)],
        env={**os.environ, "PATH": str(programs), "PYTHONPATH": str(TESTS)},
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("body", "installed", "code", "said"),
    [
        ("assert False", False, 0, "install virtuoso-opensource-7"),
        ("pass", True, 0, "1 passed"),
        ("assert False", True, 1, "1 failed"),
        ("pytest.skip('not today')", True, 1, "though virtuoso is here"),
    ],
)
def test_marked_tests(tmp_path: Path, body: str, installed: bool, code: int, said: str) -> None:
    returned, output = run(tmp_path, body, installed=installed)
    assert returned == code, output
    assert said in output
