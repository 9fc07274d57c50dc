"""Datasets and engines that many tests share; each is loaded once for a run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

# Hooks of their own module; importing them here is what makes pytest find them.
from programs import (  # noqa: F401
    pytest_configure,
    pytest_runtest_makereport,
    pytest_runtest_setup,
)
from werkzeug.test import Client

from kg import dataset as datasets
from kg import store
from kg.dataset import Dataset
from kg.derive import derive
from kg.engine import Engine
from kg.serve.plan import Plan
from kg.serve.simple import local_front, wsgi
from kg.settings import ServeSettings

ROOT = Path(__file__).resolve().parents[1]
INVENTED = ROOT / "tests" / "invented"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def article() -> Dataset:
    """The dataset of this repository."""
    return datasets.load(ROOT)


@pytest.fixture(scope="session")
def invented() -> Dataset:
    """The invented dataset: two works, two languages, namespaces of its own."""
    return datasets.load(INVENTED)


@pytest.fixture(scope="session", params=["article", "invented"])
def either(request: pytest.FixtureRequest) -> Dataset:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def article_engine(article: Dataset) -> Engine:
    return Engine(store.build(article, derive(article)), article.names)


@pytest.fixture(scope="session")
def invented_engine(invented: Dataset) -> Engine:
    return Engine(store.build(invented, derive(invented)), invented.names)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder with the three directories, all empty."""
    folder = tmp_path / "empty"
    for name in ("ontology", "data", "queries"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture
def a_copy(tmp_path: Path) -> Callable[..., Path]:
    """Copy a dataset's three folders to a place where a test may change them."""

    def copy(source: Path = INVENTED) -> Path:
        target = tmp_path / "copy"
        for name in ("ontology", "data", "queries"):
            shutil.copytree(source / name, target / name)
        return target

    return copy


def client_of(folder: Path, base_iri: str) -> Client:
    """A client of a whole server, front door and pages, whose engine is in this process."""
    settings = ServeSettings.from_environment({}, base_iri=base_iri)
    return Client(wsgi(local_front(Plan(folder, settings))))


@pytest.fixture(scope="session", name="client_of")
def _client_of() -> Callable[[Path, str], Client]:
    return client_of


@pytest.fixture(scope="session")
def article_client() -> Client:
    return client_of(ROOT, "http://127.0.0.1:8000/")


@pytest.fixture(scope="session")
def invented_client() -> Client:
    return client_of(INVENTED, "https://example.org/kg/")
