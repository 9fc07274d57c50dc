"""One server with two workers and short limits, for every attack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile.victim import Victim, victim

LIMITS = ("--workers", 2, "--timeout", 2, "--memory", 256, "--access-log", "none")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("hostile"))


@pytest.fixture(scope="session")
def _attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    with victim(tmp_path_factory.mktemp("attacked"), *LIMITS) as found:
        yield found


@pytest.fixture
def attacked(_attacked: Victim) -> Iterator[Victim]:
    """The server; it is whole before and after, and its health answers all the while."""
    _attacked.whole()
    with _attacked.watched():
        yield _attacked
    _attacked.whole()
