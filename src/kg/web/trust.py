"""The asker's choice in the address of a page: policies, and the width of “about”.

``?policy=not-doubted&policy=side:soviet&about=20%`` and ``?policy=not-doubted,side:soviet`` mean
the same; the form of the page writes the first, links the second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from flask import request

from kg.disputes import share
from kg.errors import ParameterError
from kg.figures import ABOUT
from kg.policies import ONE_VOICE, POLICIES, Policy

__all__ = ["PLAIN", "Choice", "named", "read"]

PLAIN = (*(name for name in POLICIES if name != "all"), ONE_VOICE)
"""The policies that take no side, in the order in which the form applies them."""


@dataclass(frozen=True)
class Choice:
    """Policies by their names joined by commas, and the width of “about” as a share."""

    policy: str
    about: Fraction

    @property
    def names(self) -> tuple[str, ...]:
        """The policies one by one; none for all claims."""
        return () if self.policy == "all" else tuple(self.policy.split(","))

    def side(self, kind: str) -> str:
        """The side that ``side`` or ``without-side`` names; empty for none."""
        found = (name.partition(":")[2] for name in self.names if name.startswith(f"{kind}:"))
        return next(found, "")

    @property
    def percent(self) -> str:
        """The width in hundredths, as people write it into the form."""
        hundredths = self.about * 100
        if hundredths.denominator == 1:
            return str(hundredths.numerator)
        return f"{float(hundredths):.6g}"

    @property
    def is_plain(self) -> bool:
        """Whether nothing was chosen."""
        return not self.names and self.about == ABOUT

    def parameters(self) -> dict[str, str]:
        """The parameters of an address that makes the same choice; none for the plain one."""
        chosen: dict[str, str] = {}
        if self.names:
            chosen["policy"] = self.policy
        if self.about != ABOUT:
            chosen["about"] = f"{self.percent}%"
        return chosen


def read() -> Choice:
    """The choice in the address. Raises ParameterError for a policy or width that is none."""
    given = ",".join(text for text in request.args.getlist("policy") if text.strip())
    width = request.args.get("about", "").strip()
    if width.isascii() and width.isdigit():
        width += "%"  # the form has the sign beside its field
    try:
        about = share(width) if width else ABOUT
    except ParameterError as error:
        raise ParameterError(error.message, where="about", hint=error.hint) from None
    return Choice(named(given), about)


def named(given: str, sides: Iterable[str] = ()) -> str:
    """Policies as they are called, each once. Raises ParameterError for one that does not exist,
    or, where `sides` are given, for a side that is none of them.
    """
    try:
        return str(Policy.parse(given or "all", sides))
    except ParameterError as error:
        raise ParameterError(error.message, where="policy", hint=error.hint) from None
