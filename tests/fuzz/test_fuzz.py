"""The generators make what they say, and a live server stands what they make, for a while."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from live import serving

from kg.dataset import Dataset
from kg.engine import guard
from kg.errors import KgError, QueryRefused

from .drive import drive, one, words
from .mutate import hostile, mutated
from .queries import Queries

INVENTED = Path(__file__).resolve().parents[1] / "invented"


def test_whole_queries_are_sparql_of_every_form(invented: Dataset) -> None:
    vocabulary = words(invented)
    made = [Queries(Random(seed), vocabulary).query() for seed in range(400)]
    store = ox.Store()
    for text in made:
        guard.admit(text)
        store.query(text)
    for piece in (
        "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "OPTIONAL", "UNION", "MINUS", "FILTER", "BIND",
        "VALUES", "GRAPH", "FROM <", "FROM NAMED", "ORDER BY", "LIMIT", "GROUP BY", "HAVING",
        "EXISTS", "{ SELECT", "COUNT(", "REGEX(", ")+", ")*", "UNDEF", "[ <",
    ):  # fmt: skip
        assert sum(piece in text for text in made) >= 3, piece


def test_a_seed_makes_the_same_requests_again(invented: Dataset) -> None:
    vocabulary = words(invented)
    for seed in range(50):
        first, second = (one(Random(seed), vocabulary, 9) for _ in range(2))
        assert first == second


def test_broken_and_hostile_texts_are_broken_and_hostile(invented: Dataset) -> None:
    vocabulary = words(invented)
    broken = refused = 0
    for seed in range(300):
        text = mutated(Random(seed), Queries(Random(seed), vocabulary).query())
        try:
            guard.admit(text)
            ox.Store().query(text)
        except (KgError, SyntaxError):
            broken += 1
        try:
            guard.admit(hostile(Random(seed)))
        except QueryRefused:
            refused += 1
        except KgError:
            pass
    assert broken > 150 and refused > 30


@pytest.mark.xdist_group("fuzz")
def test_a_server_stands_what_comes(invented: Dataset) -> None:
    options = ["--timeout", "1", "--workers", "2", "--memory", "256", "--access-log", "none"]
    with serving(INVENTED, *options) as url:
        found = drive(url, 8, 20261124, invented)
    assert found.wrong == []
    assert sum(found.statuses.values()) > 50
    assert {200, 400, 403, 404, 405} <= set(found.statuses)
