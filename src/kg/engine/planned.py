"""How much the planner has to order: what is joined in one group, and what stands alone.

The planner orders what one group joins, its nested groups and sub-selects among them, in a time
that grows with the fourth power of their number. The branches of a UNION and the inside of
OPTIONAL, MINUS and EXISTS are ordered by themselves and count as one in the group around them.
"""

from __future__ import annotations

import math

__all__ = ["Planned"]


class Planned:
    """The open groups, innermost last; `load` is the sum of the fourth powers of all groups."""

    def __init__(self) -> None:
        self.load = 0
        self.closed: tuple[int, bool] | None = None  # size, stands alone; until the next token
        self._groups = [(0, True)]

    def add(self, number: int) -> None:
        """So many patterns (or steps, or tables) more in the innermost group."""
        size, alone = self._groups[-1]
        self.load += (size + number) ** 4 - size**4
        self._groups[-1] = size + number, alone

    def open(self, alone: bool) -> None:
        """A group begins, and counts as one from its brace on."""
        self._groups.append((0, alone))
        self.add(1)

    def close(self) -> None:
        """The innermost group ends; only the next token tells whether a UNION follows."""
        if len(self._groups) > 1:
            self.closed = self._groups.pop()

    def settle(self, union: bool) -> None:
        """The token after a group: what the group adds to the one around it."""
        if self.closed is None:
            return
        size, alone = self.closed
        self.closed = None
        if len(self._groups) == 1:
            return
        if alone or union:
            self.add(1)
        else:
            self.load -= size**4
            self.add(size)

    def patterns(self) -> int:
        """The patterns of one group that would cost as much, rounded up."""
        root = round(math.sqrt(math.sqrt(self.load)))
        return root + (root**4 < self.load)
