"""Derived graphs: made from a dataset or from quads, and made anew for what has changed."""

from kg.derive.again import Change, affected, rederive
from kg.derive.rules import (
    DIFFERS_IN,
    RULES,
    VERSIONS,
    derive,
    derive_from,
    derive_quads,
    is_derived,
)

__all__ = [
    "DIFFERS_IN",
    "RULES",
    "VERSIONS",
    "Change",
    "affected",
    "derive",
    "derive_from",
    "derive_quads",
    "is_derived",
    "rederive",
]
