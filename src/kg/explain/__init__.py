"""A question or a claim in plain words: who says what, on whose authority, against whom.

What is said is planned once (`plan`), from claims and rules alone; a language says it (`english`,
`turkish`, `azerbaijani`, `russian`). Names come from the data; where they have none in the language
asked for, another is given, marked as such. No sentence says which claim is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from kg.dataset import Dataset
from kg.derive import VERSIONS
from kg.disputes import Chosen
from kg.errors import ParameterError
from kg.explain.azerbaijani import Azerbaijani
from kg.explain.english import English
from kg.explain.language import Language
from kg.explain.plan import of_claim, of_question
from kg.explain.russian import Russian
from kg.explain.telling import Sentence, Teller
from kg.explain.turkish import Turkish
from kg.figures import ABOUT
from kg.names import Names
from kg.policies import Policy

__all__ = ["LANGUAGES", "Explanation", "explain", "told"]

LANGUAGES: dict[str, Language] = {
    language.code: language for language in (English(), Turkish(), Azerbaijani(), Russian())
}
"""The languages by their codes."""

_SUMMARY = ("counts", "stands", "set-against", "contradicts", "supported", "spans", "width")


@dataclass(frozen=True)
class Explanation:
    """What was asked, and the sentences that answer it.

    `borrowed` maps a language code to the things that had to be named in that language. `summary`
    are the sentences on what the claims of a question amount to, as they can stand alone.
    """

    asked: str
    kind: str
    language: str
    policy: Policy
    about: Fraction
    sentences: tuple[Sentence, ...]
    borrowed: dict[str, tuple[str, ...]]
    names: Names
    summary: tuple[Sentence, ...] = ()

    def text(self, *, trace: bool = False) -> str:
        """The sentences in paragraphs; with `trace` one a line, each with the claims behind it."""
        if trace:
            lines = []
            for sentence in self.sentences:
                lines.append(sentence.text)
                if sentence.claims:
                    ids = ", ".join(self.names.compact(iri) for iri in sentence.claims)
                    lines.append(f"    {sentence.kind}: {ids}")
            return "\n".join(lines)
        paragraphs: dict[int, list[str]] = {}
        for sentence in self.sentences:
            paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
        return "\n".join(" ".join(texts) for texts in paragraphs.values())

    def as_json(self) -> dict[str, Any]:
        """The explanation as ``kg explain --format json`` gives it."""
        return {
            self.kind: self.asked,
            "language": self.language,
            "policy": str(self.policy),
            "about_width": float(self.about),
            "rule": f"disagreements/{VERSIONS['disagreements']}",
            "text": self.text(),
            "clauses": [
                {"clause": s.kind, "text": s.text, "claims": list(s.claims)} for s in self.sentences
            ],
            "borrowed": {code: list(things) for code, things in sorted(self.borrowed.items())},
        }


def explain(
    dataset: Dataset,
    name: str,
    *,
    language: str = "en",
    policy: str = "all",
    about: Fraction = ABOUT,
) -> Explanation:
    """Explain a claim or a question, named by its IRI, ``prefix:local`` or minted id.

    Raises ParameterError for a name that is neither (with the nearest that is one), and for a
    policy that does not exist.
    """
    chosen = Chosen(dataset, policy=policy, about=about)
    known = [claim.iri for claim in chosen.facts.claims()]
    iri = _found(name, dataset.names, [*known, *chosen.rivals.questions])
    return told(chosen, iri, dataset.names, language=language)


def told(
    chosen: Chosen, iri: str, names: Names, *, language: str = "en", pairs: bool = True
) -> Explanation:
    """Explain a claim or a question that `chosen` holds, named by its IRI; without `pairs` nothing
    is said of how claims stand to each other, which is much where there are many.
    """
    claim = next(iter(chosen.facts.claims([iri])), None)
    if claim is not None:
        plan = of_claim(chosen, claim, pairs=pairs)
    else:
        plan = of_question(chosen, iri, pairs=pairs)
    teller = Teller(chosen, names, LANGUAGES[language])
    sentences = tuple(teller.tell(plan))
    borrowed = {code: tuple(things) for code, things in teller.labels.borrowed.items()}
    return Explanation(
        asked=iri,
        kind="claim" if claim else "question",
        language=language,
        policy=chosen.policy,
        about=chosen.about,
        sentences=sentences,
        borrowed=borrowed,
        names=names,
        summary=() if claim else tuple(teller.tell(plan, only=_SUMMARY)),
    )


def _found(name: str, names: Names, known: list[str]) -> str:
    """The IRI that a name stands for. Raises ParameterError, with the nearest, for no such name."""
    space = set(known)
    tries = (f"{part}{name}" for part in ("", "claim/", "question/"))
    for iri in (names.expand(name), *(names.thing(local) for local in tries)):
        if iri in space:
            return iri
    short = {names.compact(iri): iri for iri in known}
    near = get_close_matches(name.removeprefix("<").removesuffix(">"), [*short, *known], n=1)
    shown = names.compact(near[0]) if near and near[0] in space else "".join(near)
    raise ParameterError(
        f"there is no claim or question {name!r}",
        where="CLAIM|QUESTION",
        hint=f"did you mean {shown}?" if shown else "kg disputes lists questions, with claims",
    )
