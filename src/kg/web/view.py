"""What a page shows, read from the records of one query.

A page asks the engine once for everything it needs (`neighbourhood`), and `View` turns those
records into labels, claims and citations for the templates. Nothing is escaped here: the templates
do that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import pyoxigraph as ox
from flask_babel import gettext

from kg.explain import LANGUAGES as GRAMMARS
from kg.explain import titles
from kg.figures import COMPARATORS, Figure
from kg.names import Names, bibo, con, prov, rdf, rdfs, sh, skos
from kg.web import languages
from kg.web.records import Cited, ClaimView, Label, Record, Value
from kg.web.site import Site
from kg.web.titles import title

__all__ = ["CLAIMS_PER_PAGE", "ClaimView", "Label", "Value", "View", "look", "neighbourhood"]

CLAIMS_PER_PAGE = 100

_NEIGHBOURHOOD = """PREFIX con: <https://w3id.org/contested/ontology#>
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ SELECT DISTINCT ?s WHERE {{
    {{ VALUES ?s {{ {things} }} }}
    UNION {{ VALUES ?thing {{ {things} }} ?thing ?any ?s }}
    UNION {{ VALUES ?thing {{ {things} }} ?thing ?s ?any }}
    UNION {{
      {{ SELECT DISTINCT ?claim WHERE {{
          VALUES ?thing {{ {things} }}
          {{ ?claim con:answers/con:about ?thing }}
          UNION {{ ?claim con:answers ?thing }}
          UNION {{ ?claim con:object|con:statedIn|con:attribution|con:cites ?thing }}
          UNION {{ ?claim con:cites/con:work ?thing }}
          UNION {{ ?claim con:attribution/con:conveyedBy*/(con:speaker|con:speaksIn) ?thing }}
          UNION {{ ?thing con:answers/^con:answers ?claim }}
        }} ORDER BY STRLEN(STR(?claim)) STR(?claim) LIMIT {limit} OFFSET {offset} }}
      {{ ?claim con:answers? ?s }}  # the claim itself too: BIND would not see it in here
      UNION {{ ?claim ?any ?s }}
      UNION {{ ?claim con:answers/(con:about|con:property|con:unitCounted|con:population) ?s }}
      UNION {{ ?claim con:cites/con:work ?s }}
      UNION {{ ?claim con:attribution/con:conveyedBy* ?s }}
      UNION {{ ?claim con:attribution/con:conveyedBy*/
        (con:speaker|con:side|con:attributionKind|con:speaksIn) ?s }}
    }}
  }} }}
  FILTER(isIRI(?s))
  ?s ?p ?o FILTER(?p != con:translation || LANG(?o) IN ({read}))
}}"""


def neighbourhood(things: Iterable[str], *, offset: int = 0, limit: int = CLAIMS_PER_PAGE) -> str:
    """The CONSTRUCT query for a page about some IRIs: they themselves, the claims that bear on
    them (`limit` of them from `offset`), and everything those claims need to be read.
    """
    listed = " ".join(f"<{iri}>" for iri in things)
    return _NEIGHBOURHOOD.format(things=listed, limit=limit, offset=offset, read=languages.read())


def look(site: Site, things: Iterable[str], *, offset: int = 0) -> View:
    """What a page about some IRIs shows, by one question to the engine."""
    return View(site.records(neighbourhood(things, offset=offset)), site.names)


class View:
    """Labels, values and claims out of the records of a page; `named` has more names of things."""

    def __init__(
        self,
        table: Mapping[str, Record],
        names: Names,
        named: Mapping[str, Record] | None = None,
    ) -> None:
        self.names = names
        self._languages = languages.order()
        self._table = table
        self._named_too = named or {}
        # A page names the same things, voices and citations again and again.
        self._things: dict[str, Value] = {}
        self._claims: dict[str, ClaimView] = {}
        self._voices: dict[str, list[Value]] = {}
        self._citations: dict[str, Cited] = {}

    def subjects(self) -> list[str]:
        """Everything that the triples say something about, sorted."""
        return sorted(self._table)

    def instances(self, kind: str) -> list[str]:
        """The subjects of that rdf:type, sorted."""
        return [s for s in self.subjects() if kind in self.iris(s, _TYPE)]

    def objects(self, subject: str, predicate: ox.NamedNode) -> Sequence[Label | str]:
        """What is said of a subject under a predicate: texts, and then IRIs, each sorted."""
        name = predicate.value
        record = self._table.get(subject)
        if record is not None and name in record:
            return record[name]
        record = self._named_too.get(subject)
        return record.get(name, ()) if record is not None else ()

    def texts(self, subject: str, predicate: ox.NamedNode) -> list[Label]:
        """The literal objects with their languages."""
        return [o for o in self.objects(subject, predicate) if isinstance(o, Label)]

    def iris(self, subject: str, predicate: ox.NamedNode) -> list[str]:
        """The objects that are IRIs."""
        return [o for o in self.objects(subject, predicate) if isinstance(o, str)]

    def text(self, subject: str, predicate: ox.NamedNode) -> str:
        """The first literal, or nothing."""
        for value in self.objects(subject, predicate):
            if isinstance(value, Label):
                return value.text
        return ""

    def worded(self, subject: str, predicate: ox.NamedNode) -> Label | None:
        """A literal in the reader's language, else in English, else in another one."""
        found = {label.language: label for label in self.texts(subject, predicate)}
        return next((found[n] for n in (*self._languages, *sorted(found)) if n in found), None)

    def worded_all(self, subject: str, predicate: ox.NamedNode) -> list[Label]:
        """All literals in the language in which `worded` finds one."""
        chosen = self.worded(subject, predicate)
        found = self.texts(subject, predicate) if chosen else []
        return [label for label in found if chosen and label.language == chosen.language]

    def label(self, iri: str) -> Label:
        """The name of a thing: in the reader's language, else in English, else in another one; its
        last part when it has none.
        """
        return self.thing(iri).label

    def _named(self, iri: str) -> Label:
        predicates = (rdfs.label, skos.prefLabel, _TITLE, sh.name)
        worded = next(filter(None, (self.worded(iri, predicate) for predicate in predicates)), None)
        if worded is None or worded.language != self._languages[0]:
            title = self._title(iri, worded)
            worded = worded if title is None else title
        if worded is not None:
            return worded
        identifier = self.names.identifier(iri)
        answers = bool(self.iris(iri, con.answers))
        # What belongs to a claim, such as its anchor, is named after it and is none.
        if identifier is not None and (answers or _CLAIM.fullmatch(identifier)):
            answer = self._answer(iri).label.text if answers else ""
            name = gettext("Claim %(number)s", number=identifier.rpartition("/")[2])
            return Label(f"{name}: {answer}" if answer else name, self._languages[0])
        if identifier is not None and identifier.startswith("citation/"):
            work = self.first(iri, con.work)
            place = self.text(iri, bibo.locator)
            if work is not None:
                language = work.label.language
                return Label(f"{work.label.text}, {place}" if place else work.label.text, language)
        if identifier is not None:
            return Label(identifier)
        return Label(self.names.compact(iri).strip("<>"))

    def _title(self, iri: str, worded: Label | None) -> Label | None:
        """What a question is made of, in the reader's language; None for anything else."""
        about, asked = self.first(iri, con.about), self.first(iri, con.property)
        if about is None or asked is None:
            return None
        details = [self.first(iri, con.population), self.first(iri, con.countMode)]
        return title(
            about.label,
            asked.label,
            [value.label for value in details if value and value.iri != titles.MEASURE],
            self.text(iri, con.during),
            worded,
            whole=titles.OPEN not in self.iris(asked.iri or "", skos.broader),
        )

    def names_of(self, iri: str) -> list[Label]:
        """The labels and titles of a thing in all languages, those of the interface first."""
        found = [n for p in (rdfs.label, skos.prefLabel, _TITLE) for n in self.texts(iri, p)]
        order = {language: number for number, language in enumerate(self._languages)}
        return sorted(found, key=lambda n: (order.get(n.language, len(order)), n.language))

    def thing(self, iri: str) -> Value:
        """A thing with its label."""
        found = self._things.get(iri)
        if found is None:
            found = self._things[iri] = Value(self._named(iri), iri)
        return found

    def things(self, subject: str, predicate: ox.NamedNode) -> list[Value]:
        """The things under a predicate."""
        return [self.thing(iri) for iri in self.iris(subject, predicate)]

    def first(self, subject: str, predicate: ox.NamedNode) -> Value | None:
        """The first thing under a predicate."""
        for value in self.objects(subject, predicate):
            if isinstance(value, str):
                return self.thing(value)
        return None

    def types(self, iri: str) -> list[Value]:
        """What a thing is."""
        return self.things(iri, _TYPE)

    def facts(self, iri: str) -> list[tuple[Value, list[Value]]]:
        """Everything stated of a thing, by property, what defines it first; labels and types are
        left to the heading.
        """
        hidden = {_TYPE.value, rdfs.label.value, skos.prefLabel.value}
        rows = []
        for predicate in sorted(self._table.get(iri, {}), key=self._place):
            if predicate in hidden:
                continue
            values = [
                self.thing(o) if isinstance(o, str) else Value(o)
                for o in self.objects(iri, ox.NamedNode(predicate))
            ]
            rows.append((self.thing(predicate), values))
        return rows

    def _place(self, predicate: str) -> tuple[int, str]:
        return _FIRST.get(predicate, len(_FIRST)), self.names.compact(predicate)

    def claims(self) -> list[ClaimView]:
        """All claims among the triples, those of one question together, in order of number."""
        found = [self.claim(iri) for iri in list(self._table) if self.iris(iri, con.answers)]
        return sorted(found, key=lambda c: (c.question.label.text, len(c.iri), c.iri))

    @property
    def bracketed(self) -> bool:
        """Whether anything of the claims read so far is ours, so that a page has to say so."""
        return any(claim.supplied for claim in self._claims.values())

    def claim(self, iri: str) -> ClaimView:
        """One claim, with what it needs to be read."""
        found = self._claims.get(iri)
        if found is None:
            found = self._claims[iri] = self._read(iri)
        return found

    def _read(self, iri: str) -> ClaimView:
        question = next(iter(self.iris(iri, con.answers)), "")
        voice = next(iter(self.iris(iri, con.attribution)), None)
        during = self.text(iri, con.holdsDuring)
        supplied = frozenset(p.rpartition("#")[2] for p in self.iris(iri, con.supplied))
        held = languages.date(during) if during else ""
        return ClaimView(
            iri=iri,
            question=self.thing(question),
            answer=self._answer(iri),
            is_figure=bool(self.iris(iri, con.comparator)),
            counted=[
                *self.things(question, con.unitCounted),
                *self.things(question, con.population),
            ],
            role=self.first(iri, con.role),
            side=self.first(iri, con.onSide),
            during=languages.supplied(held) if "holdsDuring" in supplied else held,
            rule=self.first(iri, con.dateRule),
            supplied=supplied,
            page=self.text(iri, con.page) or self.text(iri, con.section),
            notes=", ".join(t.text for t in self.texts(iri, con.note)),
            wording=self.texts(iri, con.wording),
            translation=self._translation(iri),
            voice=self._voice(voice) if voice else [],
            voice_side=self.first(voice, con.side) if voice else None,
            stance=self.first(iri, con.stance),
            certainty=self.first(iri, con.certainty),
            modality=self.first(iri, con.modality),
            reason=self.worded_all(iri, con.reason),
            source=self.first(iri, con.statedIn),
            cited=[self._cited(cite) for cite in self.iris(iri, con.cites)],
            withdrawn=bool(self.iris(iri, prov.wasInvalidatedBy)),
        )

    def _answer(self, iri: str) -> Value:
        figure = self._figure(iri)
        if figure:
            return Value(Label(figure, self._languages[0]))
        for predicate in (con.object, con.noValue):
            thing = self.first(iri, predicate)
            if thing is not None:
                if predicate.value in self.iris(iri, con.supplied):
                    return Value(languages.bracketed(thing.label), thing.iri)
                return thing
        date = self.text(iri, con.date)
        if date:
            label = Label(languages.date(date), self._languages[0])
            ours = con.date.value in self.iris(iri, con.supplied)
            return Value(languages.bracketed(label) if ours else label)
        worded = self.worded(iri, con.text)
        if worded is not None:
            return Value(worded)
        return Value(Label(gettext("no answer"), self._languages[0]))

    def _translation(self, iri: str) -> Label | None:
        """The wording in the reader's language, else in English; None for who reads it as it is."""
        mine = self._languages[0]
        found = {label.language: label for label in self.texts(iri, con.translation)}
        if mine in found:  # that of a Russian wording in Latin letters, say
            return found[mine]
        written = {w.language.partition("-")[0] for w in self.texts(iri, con.wording)}
        return None if mine in written else found.get("en")

    def _figure(self, iri: str) -> str:
        comparator = next(iter(self.iris(iri, con.comparator)), "").rpartition("/")[2]
        if not comparator:
            return ""
        hedged = self.text(iri, con.approximate) in ("true", "1")
        low, high = self.text(iri, con.low), self.text(iri, con.high)
        if low and high:
            span = f"{languages.number(low)}–{languages.number(high)}"
            return gettext("about %(range)s", range=span) if hedged else span
        point = self.text(iri, con.point) or low or high
        plain = _DECIMAL.fullmatch(point)
        if plain is None or comparator not in COMPARATORS or comparator == "between":
            return point  # no figure that the model knows
        figure = Figure(comparator, Fraction(point))
        return GRAMMARS[self._languages[0]].figure(figure, None, hedged=hedged)

    def _voice(self, iri: str) -> list[Value]:
        """Who is said to speak, from the origin to the link nearest to us."""
        if iri not in self._voices:
            self._voices[iri] = self._chain(iri)
        return self._voices[iri]

    def _chain(self, iri: str) -> list[Value]:
        chain: list[Value] = []
        seen: set[str] = set()
        link: str | None = iri
        while link is not None and link not in seen:
            seen.add(link)
            speaker = self.first(link, con.speaker)
            named = self.worded(link, rdfs.label)
            kind = self.first(link, con.attributionKind)
            label = speaker.label if speaker else named
            if label is None and kind is not None:
                side = self.first(link, con.side)
                words = [kind.label.text] + ([f"({side.label.text})"] if side else [])
                label = Label(" ".join(words), kind.label.language)
            chain.append(Value(label or self.label(link), link))
            link = next(iter(self.iris(link, con.conveyedBy)), None)
        return chain

    def _cited(self, iri: str) -> Cited:
        found = self._citations.get(iri)
        if found is None:
            found = self._citations[iri] = self._citation(iri)
        return found

    def _citation(self, iri: str) -> Cited:
        work = next(iter(self.iris(iri, con.work)), iri)
        return Cited(
            work=self.thing(work),
            locator=self.text(iri, bibo.locator),
            resolution=next(iter(self.iris(iri, con.resolution)), "").rpartition("/")[2],
            short_form=self.text(iri, con.shortForm),
            note=self.text(iri, con.note),
        )


_FIRST = {
    predicate.value: place
    for place, predicate in enumerate((skos.definition, skos.scopeNote, skos.example))
}
_TYPE = rdf["type"]
_TITLE = ox.NamedNode("http://purl.org/dc/terms/title")
_CLAIM = re.compile(r"claim/(?:.*/)?[0-9]+")
_DECIMAL = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?")
