"""What a worker can't do: limits and namespaces that the kernel keeps.

A worker evaluates a stranger's text. It gets a ceiling on memory, a stack that the engine's parser
fits in, no core dumps, no files beyond the result cap, and, where the kernel allows, a network
namespace with nothing in it. All of it is inherited by fork, so the zygote sets it once where it
can.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys

__all__ = [
    "ISOLATED",
    "STACK",
    "Isolation",
    "die_with_parent",
    "leave_network",
    "limit",
    "tune_allocator",
]

_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
STACK = 96 << 20
"""Bytes of stack for whoever parses a stranger's text."""
# Of glibc's mallopt(3): keep freed memory for the next query instead of handing it back and
# faulting it in again; and no more places to take it from than a worker has threads.
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -2, -3, -8

Isolation = str
"""What keeps a worker from the network: one of ISOLATED, or ``guard`` (the scan alone)."""
ISOLATED = ("network-namespace", "user-and-network-namespace")


def _libc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None, use_errno=True)
    except OSError:
        return None


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when the one that forked it, `parent`, is gone (Linux);
    end it here if that has happened already, because of what was gone before nobody tells.
    """
    libc = _libc()
    if libc is not None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def leave_network() -> Isolation:
    """Move this single-threaded process into a network namespace with no way out.

    As root by itself, as another user together with a user namespace, where the kernel allows.
    Unix sockets named by a path go on working. Says what was reached.
    """
    libc = _libc()
    if libc is None or not hasattr(libc, "unshare"):
        return "guard"
    if libc.unshare(_CLONE_NEWNET) == 0:
        reached = ISOLATED[0]
    elif libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        reached = ISOLATED[1]
    else:
        return "guard"
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return reached


def tune_allocator() -> None:
    """Let the allocator keep what queries free; a forked worker pays dearly for page faults."""
    libc = _libc()
    if libc is not None and hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, 64 << 20)
        libc.mallopt(_M_TRIM_THRESHOLD, 256 << 20)
        libc.mallopt(_M_TOP_PAD, 1 << 20)
        libc.mallopt(_M_ARENA_MAX, 2)  # a worker's thread has one without the gaps of loading


def limit(memory: int, file: int) -> None:
    """Set this process's ceilings: `memory` bytes beyond what is mapped now, `file` bytes a file.

    The stack grows on demand to 96 MiB, which the guard's limits never reach.
    """
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, file)
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
        wanted = STACK if hard == resource.RLIM_INFINITY else min(STACK, hard)
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
    mapped = _mapped()
    if mapped is not None:
        _lower(resource.RLIMIT_AS, mapped + memory)


def _lower(what: int, value: int) -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (value, value))


def _mapped() -> int | None:
    """Bytes of address space in use; None where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None
