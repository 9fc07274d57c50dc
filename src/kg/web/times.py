"""When something was, as pages show it: in words, between the brackets of editors where the time is
ours, with the rule that read a loose word, and the claims that date a thing where they are others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.names import CONTESTED, con
from kg.web import languages
from kg.web.records import Value
from kg.web.view import View

__all__ = ["DATED", "DATES", "Time", "dated", "own", "read", "rules_in"]

DATES = tuple(f"{CONTESTED}vocab/property/{name}" for name in ("date", "began", "ended"))
"""The properties under which an event is dated."""

DATED = """      ?dayQuestion con:about ?thing ; con:property ?dating .
      ?dated con:answers ?dayQuestion ; con:date ?day .
      FILTER NOT EXISTS { ?dated prov:wasInvalidatedBy ?gone }
      OPTIONAL { ?dated con:supplied ?given FILTER(?given = con:date) }
      OPTIONAL { ?dated con:dateRule ?byRule }
      # A claim, whether its date is supplied from the context, the rule that read it, and the date.
      BIND(CONCAT(STR(?dated), " ", IF(BOUND(?given), "supplied", "printed"), " ",
        COALESCE(STR(?byRule), ""), " ", STR(?day)) AS ?told)"""
"""A graph pattern that binds ?told to what `read` reads, for a bound ?thing and ?dating."""


@dataclass(frozen=True)
class Time:
    """An EDTF text; whether it is ours, from the context; the rule by which a loose word was read;
    and the claims that date the thing, where those that are shown have no time of their own.
    """

    edtf: str
    supplied: bool = False
    rule: Value | None = None
    elsewhere: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The time in the reader's language."""
        said = languages.date(self.edtf)
        return languages.supplied(said) if self.supplied else said


def own(view: View, claim: str) -> tuple[Time, ...]:
    """The date that a claim gives, or the time for which it holds."""
    ours = view.iris(claim, con.supplied)
    for predicate in (con.date, con.holdsDuring):
        text = view.text(claim, predicate)
        if text:
            rule = view.first(claim, con.dateRule)
            return (Time(text, predicate.value in ours, rule),)
    return ()


def dated(view: View, thing: str) -> tuple[Time, ...]:
    """The times that claims give a thing, where the names of a page have them."""
    texts = (label.text for name in DATES for label in view.texts(thing, NamedNode(name)))
    return read(texts, view)


def read(told: Iterable[str], view: View) -> tuple[Time, ...]:
    """Times as `DATED` binds them, in order, each once with all claims that give it."""
    found: dict[Time, list[str]] = defaultdict(list)
    for claim, ours, rule, day in map(_parts, told):
        time = Time(day, ours == "supplied", view.thing(rule) if rule else None)
        found[time].append(claim)
    return tuple(
        Time(t.edtf, t.supplied, t.rule, tuple(sorted(found[t]))) for t in sorted(found, key=_order)
    )


def rules_in(told: Iterable[str]) -> list[str]:
    """The rules by which dates were read, among what `DATED` binds."""
    return [rule for _, _, rule, _ in map(_parts, told) if rule]


def _parts(told: str) -> list[str]:
    return told.split(" ", 3)


def _order(time: Time) -> tuple[str, bool, str]:
    return time.edtf, time.supplied, (time.rule and time.rule.iri) or ""
