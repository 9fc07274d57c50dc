"""What is known of an open bracket while a text is read for mistakes."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Level"]


@dataclass
class Level:
    """What is known of the bracket that is open: ``s`` none, ``g`` a group or template, ``b`` a
    blank node, ``p`` an expression, ``t`` terms or a path, ``v`` the rows of VALUES.
    """

    kind: str
    opener: str = ""
    at: int = 0
    terms: int = 0  # of the triple that is being written
    whole: bool = False  # it may end here, whatever is missing
    joins: bool = False  # the next term belongs to the path or literal before it
    waits: str = ""  # the word whose bracket or brace has not come yet
    select: bool = False  # a query stands here, not triples
    columns: bool = False  # between SELECT and WHERE
    done: bool = False  # its braces have been closed
    rank: int = 0  # of the last of GROUP BY … VALUES
    called: bool = False  # a function's arguments or the members of a list
    named: bool = False  # has AS
    last: int = 0  # where its last term ends
