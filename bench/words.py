"""Invented names for invented things: one name, one deterministic spelling in each language."""

from __future__ import annotations

import random

__all__ = ["Dice", "cyrillic", "name"]

_STARTS = "Bar Dov Kal Mer Nar Os Pel Rov Sal Tar Ul Var Yel Zor Gan Hal Ir Lod Quel Fen".split()
_MIDDLES = "a e i o u an er il or us".split()
_ENDS = "bad dor gan kand kent lim mir nat rak san tal vesk zan ral tin".split()

_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "а б ц д е ф г х и й к л м н о п к р с т у в в кс ы з".split(),
        strict=True,
    )
)


class Dice:
    """Choices from one seed. Only `random.Random.random` is used: its sequence is promised to stay
    the same in every release of Python, that of `choice` and `sample` is not.
    """

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random

    def below(self, end: int) -> int:
        """A whole number from 0 to `end` - 1."""
        return int(self._next() * end)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, share: float) -> bool:
        """True in that share of the throws."""
        return self._next() < share

    def of(self, choice: list[str] | tuple[str, ...]) -> str:
        """One of the choices."""
        return choice[self.below(len(choice))]

    def early(self, end: int) -> int:
        """A whole number below `end`, small ones more often: some sources say much, most little."""
        return int(end * self._next() ** 1.6)


def name(number: int) -> str:
    """The name with a number: the same for ever, different for each number."""
    size = len(_STARTS) * len(_MIDDLES) * len(_ENDS)
    series, rest = divmod(number * 1171 % size + number // size * size, size)
    rest, start = divmod(rest, len(_STARTS))
    end, middle = divmod(rest, len(_MIDDLES))
    word = _STARTS[start] + _MIDDLES[middle] + _ENDS[end]
    return f"{word} {series + 1}" if series else word


def cyrillic(text: str) -> str:
    """The same name in Russian letters."""
    return "".join(_LETTERS.get(c, _LETTERS.get(c.lower(), c).upper()) for c in text)
