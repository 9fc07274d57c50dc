"""One live server for every test of the protocols, emptied and filled before each.

The tests speak HTTP only. They run in one group, so that one worker of xdist starts one server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile.victim import Victim, victim
from live import DATA, Client, serving, serving_writable


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.fixture(scope="session")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server that takes updates, with an exact default graph."""
    with serving_writable(tmp_path_factory.mktemp("writable")) as client:
        yield client


@pytest.fixture
def server(writable: Client) -> Client:
    """The server with DATA in it."""
    reply = writable.update(DATA)
    assert reply.status in (200, 204), reply
    return writable


@pytest.fixture(scope="session")
def read_only() -> Iterator[Client]:
    """A server as `kg serve DIR` starts it: no token, nothing to write with."""
    root = Path(__file__).resolve().parents[2]
    with serving(root / "tests" / "invented") as address:
        client = Client(address)
        yield client
        client.close()


@pytest.fixture(scope="session")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    """A server that trusts a proxy on this machine, and whose access log can be read."""
    folder = tmp_path_factory.mktemp("proxied")
    with victim(folder, "--trusted-proxy", "127.0.0.1", "--workers", 1) as found:
        yield found
