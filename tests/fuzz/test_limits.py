"""At its limits no text kills or stalls the engine, in any shape that we know."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable

from kg.engine.scan import scan
from kg.errors import KgError

from .shapes import PROLOGUE, SHAPES

_MOST = 4_000  # beyond this a shape has no limit but the length of the text
_SECONDS = 2.0  # of processor time; the dearest shape takes 0.35
_ASK = """
import json, sys, time
import pyoxigraph as ox
store = ox.Store()
store.add(ox.Quad(*(ox.NamedNode(f"http://e/{x}") for x in "spo")))
for line in sys.stdin:
    name, text = json.loads(line)
    print(json.dumps([name, None]), flush=True)
    began = time.process_time()
    try:
        answer = store.query(text)
        for _ in range(3):
            next(answer, None)
    except (SyntaxError, RuntimeError, TypeError):
        pass
    print(json.dumps([name, time.process_time() - began]), flush=True)
"""


def admitted(text: str) -> bool:
    try:
        scan(text)
    except KgError:
        return False
    return True


def largest(shape: Callable[[int], str]) -> int:
    """The largest size of a shape that the guard admits, up to `_MOST`."""
    low, high = 0, 1
    while high < _MOST and admitted(PROLOGUE + shape(high)):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if admitted(PROLOGUE + shape(middle)):
            low = middle
        else:
            high = middle
    return low


def small_stack() -> None:
    """The usual 8 MiB for the main thread, whatever the shell allows."""
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, hard))


def test_at_the_limit_every_shape_is_answered_soon() -> None:
    lines = [json.dumps([name, PROLOGUE + s(largest(s))]) for name, s in SHAPES.items()]
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=180,
        preexec_fn=small_stack,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"{told[-1][0]} killed the engine: {done.returncode}"
    assert {name for name, seconds in told if seconds is not None} == set(SHAPES)
    slow = {name: round(s, 2) for name, s in told if s is not None and s > _SECONDS}
    assert slow == {}


def test_most_shapes_have_a_limit() -> None:
    """A shape that stops being held by any is seen here: data lists are all that may be free."""
    free = {name for name, shape in SHAPES.items() if admitted(PROLOGUE + shape(_MOST))}
    assert free == {
        "many-coalescec",
        "many-concatc",
        "many-constr2",
        "many-constrcoll",
        "many-construct",
        "many-in",
        "many-inmix",
        "many-notin",
        "many-prefix",
        "many-values",
        "many-values2",
        "many-valuesr",
        "many-valuesw",
    }
