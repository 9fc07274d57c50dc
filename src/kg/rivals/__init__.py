"""Kinds of disagreement between claims: of pairs (`pairs`), and of crowds without pairing."""

from kg.rivals.answers import standing
from kg.rivals.pairs import DIFFERENCES, Pair, Rivals

__all__ = ["DIFFERENCES", "Pair", "Rivals", "standing"]
