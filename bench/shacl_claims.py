"""Shapes and claims for `bench/shacl.py`: as many claims as asked for, a share of them at fault.

The vocabulary is nobody's: what is compared are validators, and each reads the same two files. A
work cites only works that came out before it.
"""

# ruff: noqa: E501  the shapes read better so

from __future__ import annotations

import random

__all__ = ["CORE", "QUERIES", "changed", "claims"]

PREFIXES = """@prefix : <http://bench/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CORE = (
    PREFIXES
    + """
:Claim a sh:NodeShape ; sh:targetClass :C ;
  sh:property :answers, :statedIn, :point, :low, :high, :comparator, :page, :note, :wording,
    :stance, :attribution, :cites .
:answers sh:path :answersQ ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Question .
:statedIn sh:path :inWork ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Work .
:point sh:path :hasPoint ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 0 .
:low sh:path :hasLow ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:lessThanOrEquals :hasHigh .
:high sh:path :hasHigh ; sh:maxCount 1 ; sh:datatype xsd:integer .
:comparator sh:path :hasComparator ; sh:maxCount 1 ; sh:in (:about :exactly :over :under :between) .
:page sh:path :onPage ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ; sh:pattern "^[0-9]+$" .
:note sh:path :inNote ; sh:maxCount 1 ; sh:datatype xsd:integer .
:wording sh:path :words ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:minLength 1 ; sh:maxLength 80 .
:stance sh:path :hasStance ; sh:minCount 1 ; sh:in (:reports :doubts :denies) .
:attribution sh:path :by ; sh:minCount 1 ; sh:nodeKind sh:IRI ; sh:node :Voice .
:cites sh:path :citesC ; sh:nodeKind sh:IRI ; sh:class :Citation .
:Voice a sh:NodeShape ; sh:property [ sh:path :voiceLabel ; sh:minCount 1 ] .
:CitationShape a sh:NodeShape ; sh:targetClass :Citation ; sh:property :resolution, :cited .
:resolution sh:path :hasResolution ; sh:minCount 1 ; sh:in (:resolved :dangling) .
:cited sh:path :toWork ; sh:maxCount 1 ; sh:class :Work .
"""
)
QUERIES = """
: sh:declare [ sh:prefix "b" ; sh:namespace "http://bench/"^^xsd:anyURI ] .
:Claim sh:sparql :bound, :selfCited .
:bound sh:prefixes : ; sh:message "A range has both ends." ; sh:select
  "SELECT $this WHERE { $this b:hasComparator b:between . FILTER NOT EXISTS { $this b:hasHigh ?h } }" .
:selfCited sh:prefixes : ; sh:message "It cites its own work." ; sh:select
  "SELECT $this ?value WHERE { $this b:citesC ?value . ?value b:toWork ?w . $this b:inWork ?w }" .
"""


def claims(count: int, share: float = 0.01, seed: int = 1) -> str:
    """Turtle of so many claims, of which a share has one fault each."""
    chance = random.Random(seed)
    works, questions, voices = max(2, count // 100), max(2, count // 10), max(2, count // 20)
    lines = [PREFIXES]
    lines += [f":w{n} a :Work ." for n in range(works)]
    lines += [f":q{n} a :Question ." for n in range(questions)]
    lines += [f':v{n} :voiceLabel "voice {n}" .' for n in range(voices)]
    for n in range(count):
        work = chance.randrange(1, works)
        low = chance.randrange(1, 50_000)
        fields = {
            "answersQ": f":q{chance.randrange(questions)}",
            "inWork": f":w{work}",
            "onPage": f'"{chance.randrange(1, 900)}"',
            "inNote": str(chance.randrange(1, 90)),
            "words": f'"some {low}"',
            "hasStance": chance.choice((":reports", ":reports", ":doubts")),
            "by": f":v{chance.randrange(voices)}",
            "citesC": f":c{n}x",
        }
        if chance.random() < 0.4:
            fields |= {"hasComparator": ":between", "hasLow": str(low), "hasHigh": str(low + 5)}
        else:
            fields |= {"hasComparator": ":about", "hasPoint": str(low)}
        cited = chance.randrange(work)
        if chance.random() < share:
            match chance.randrange(8):
                case 0:
                    del fields["onPage"]
                case 1:
                    fields["hasStance"] = ":shouts"
                case 2:
                    fields["hasPoint"] = '"many"'
                case 3:
                    fields["answersQ"] += f", :q{chance.randrange(questions)}x"
                case 4:
                    fields |= {"hasLow": "9", "hasHigh": "3"}
                case 5:
                    fields["by"] = ":nobody"
                case 6:
                    cited = work
                case 7:
                    fields["hasComparator"] = ":between"
                    fields.pop("hasHigh", None)
        body = " ; ".join(f":{key} {value}" for key, value in fields.items())
        lines.append(f":k{n} a :C ; {body} .")
        lines.append(f":c{n}x a :Citation ; :hasResolution :resolved ; :toWork :w{cited} .")
    return "\n".join(lines) + "\n"


def changed(count: int, number: int) -> str:
    """Turtle by which one of `claims(count)` gets a fault: a stance that there is not."""
    return f"{PREFIXES}:k{number * 7919 % count} :hasStance :shouts .\n"
