"""What a process asks of the kernel for itself."""

from __future__ import annotations

import os
import sys

import pytest

from kg.engine.isolation import die_with_parent


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
@pytest.mark.parametrize("gone", [True, False])
def test_an_orphan_does_not_outlive_its_parent_by_asking_too_late(gone: bool) -> None:
    """The kernel tells nobody of a parent that was gone before it was asked to."""
    answer, told = os.pipe()
    wait, go = os.pipe()
    parent = os.fork()
    if parent == 0:
        above = os.getpid()
        if os.fork() == 0:  # the child, that asks only when it is let
            os.close(go)
            os.read(wait, 1)  # until nobody holds the other end
            die_with_parent(above)
            os.write(told, b"alive")
            os._exit(0)
        if gone:
            os._exit(0)
        os.close(go)
        os.wait()
        os._exit(0)
    if gone:
        os.waitpid(parent, 0)
    os.close(told)
    os.close(go)
    with open(answer, "rb") as said:
        assert said.read() == (b"" if gone else b"alive")
    os.close(wait)
    if not gone:
        os.waitpid(parent, 0)
