"""Work in processes of its own: values, errors, and an end for what has none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from kg import bounded
from kg.errors import CheckTimeout, DatasetError, SettingsError

Note = Callable[[str], None]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers of other tests leave threads in this process; the works here touch none of them."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def test_beside_a_thread_nothing_is_forked() -> None:
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        with pytest.raises(SettingsError, match="one thread"):
            bounded.run(lambda _: 1, 5)
        assert bounded.run(lambda _: 1, None) == 1
    finally:
        end.set()
        other.join()


def sleeper(note: Note) -> None:
    note("a long sleep")
    time.sleep(60)


def talker(note: Note) -> None:
    while True:
        note("talk")


def failing(note: Note) -> None:
    raise DatasetError("no good", where="here")


@pytest.mark.usefixtures("alone")
def test_the_values_come_in_order_whichever_ends_first() -> None:
    def late(note: Note) -> int:
        time.sleep(0.2)
        return 1

    heard: list[tuple[int, str]] = []
    works = (late, lambda note: note("quick") or 2)
    assert bounded.run_all(works, 20, lambda *said: heard.append(said)) == [1, 2]
    assert heard == [(1, "quick")]
    assert bounded.run_all(works, None, lambda *said: heard.append(said)) == [1, 2]
    assert heard == [(1, "quick")] * 2


@pytest.mark.usefixtures("alone")
def test_an_error_ends_the_rest() -> None:
    start = time.monotonic()
    with pytest.raises(DatasetError, match="no good"):
        bounded.run_all((sleeper, failing), 50)
    assert time.monotonic() - start < 20


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("work", [sleeper, talker])
def test_what_has_no_end_is_stopped(work: Callable[[Note], None]) -> None:
    start = time.monotonic()
    with pytest.raises(CheckTimeout, match=r"it was at (a long sleep|talk)"):
        bounded.run(work, 0.3)
    assert time.monotonic() - start < 20


@pytest.mark.usefixtures("alone")
def test_all_that_still_runs_is_named_and_told() -> None:
    told: list[list[str]] = []
    quick = lambda note: note("quick")  # noqa: E731  a name of one word reads best here
    with pytest.raises(CheckTimeout, match="it was at a long sleep and at a long sleep"):
        bounded.run_all((sleeper, quick, sleeper), 1.2, waiting=told.append)
    assert told[-1] == ["a long sleep", "a long sleep"]
