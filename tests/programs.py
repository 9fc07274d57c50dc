"""Tests that need a program of the machine: skipped with one line where it is not installed.

A test says so by a marker: ``@pytest.mark.virtuoso``. Where the program is there, such a test must
run: one that skips itself all the same fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator

import pytest

# Marker: the program that is looked for, and the Debian package that brings it.
PROGRAMS = {
    "virtuoso": ("virtuoso-t", "virtuoso-opensource-7"),
    "browser": ("chromium", "chromium"),
}


def pytest_configure(config: pytest.Config) -> None:
    for marker, (_, package) in PROGRAMS.items():
        config.addinivalue_line("markers", f"{marker}: needs a program; install {package}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (program, package) in PROGRAMS.items():
        if item.get_closest_marker(marker) and not shutil.which(program):
            pytest.skip(f"install {package}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    marked = [m for m in PROGRAMS if item.get_closest_marker(m)]
    if report.skipped and marked and all(shutil.which(PROGRAMS[m][0]) for m in marked):
        report.outcome = "failed"
        report.longrepr = f"skipped, though {', '.join(marked)} is here: {report.longrepr}"
    return report
