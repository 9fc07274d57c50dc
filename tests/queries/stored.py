"""The stored queries, what they are asked of, and their answers as plain Python rows.

Golden rows are written by hand: from the text of the article, with page and note, and from the
Turtle and EXPECTED.md of the invented dataset. `frozen_slice` says of which part of the article's
data they are the whole answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from kg import store
from kg.catalogue import Catalogue
from kg.dataset import Dataset, File
from kg.derive import derive
from kg.engine import Engine, Request
from kg.names import Names, con

Row = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
CATALOGUE = Catalogue.read(ROOT / "queries")
NAMES = tuple(q.name for q in CATALOGUE if q.topic != "checks")

# The queries whose default names something of the article, and what to ask instead of it.
OF_THE_INVENTED = {
    "claims/from-source": {"source": "quillfeather-2001"},
    "disagreement/effect-of-sides": {"side": "side:insurgent"},
    "disagreement/of-one-question": {"question": "q:battle-of-tushkel--killed--soldiers"},
    "events/leaders": {"kind": "con:MilitaryOperation", "role": "role:attacker"},
    "events/where-and-when": {"kind": "con:War"},
    "figures/for-one-question": {"question": "q:battle-of-tushkel--killed--soldiers"},
    "figures/parts-and-whole": {"whole": "q:kazhvar-force--strength"},
    "participation/units-and-strength": {"event": "siege-of-kazhvar"},
    "people/names": {"person": "oshunguz-pasha"},
    "people/of-a-group": {"group": "1st-heron-regiment"},
    "places/what-happened": {"place": "shurvezan", "from": "1731-10-01", "to": "1731-12-31"},
    "sources/citation-chain": {"claim": "vt:33"},
    "sources/independent-lines": {"question": "q:battle-of-tushkel--killed--soldiers"},
    "sources/resting-on-a-file": {"fonds": "7", "inventory": "2", "file": "31"},
    "things/about": {"thing": "river-guild"},
}


@dataclass(frozen=True)
class Asked:
    """A dataset that stored queries can be asked of."""

    dataset: Dataset
    engine: Engine

    def rows(self, name: str, params: Mapping[str, str] | None = None) -> list[Row]:
        """The rows of an answer, in its order; a variable without a value is None."""
        text = CATALOGUE.get(name).fill(params or {}, self.dataset.names)
        return read(self.engine.answer(Request(text)).body, self.dataset.names)


def read(body: bytes, names: Names) -> list[Row]:
    """SPARQL results in JSON as rows: IRIs compact, numbers as Decimal, truth values as bool."""
    document = json.loads(body)
    variables = document["head"]["vars"]
    return [
        {name: value(binding.get(name), names) for name in variables}
        for binding in document["results"]["bindings"]
    ]


def value(term: Mapping[str, str] | None, names: Names) -> Any:
    if term is None:
        return None
    text = term["value"]
    if term["type"] == "uri":
        return names.compact(text)
    datatype = term.get("datatype", "").rpartition("#")[2]
    if datatype in ("integer", "decimal"):
        return Decimal(text)
    if datatype == "boolean":
        return text == "true"
    if text.startswith(("https://w3id.org/", "https://example.org/invented/")):
        return " ".join(names.compact(iri) for iri in text.split())  # several IRIs in one cell
    return text


def asked(dataset: Dataset) -> Asked:
    return Asked(dataset, Engine(store.build(dataset, derive(dataset)), dataset.names))


def frozen_slice(dataset: Dataset) -> Dataset:
    """The article as far as the golden rows go: the claims of pp. 823-827, and the two figures
    for the fighters of the Lankaran-Astara uprising on p. 832 (claims 14 and 15).

    Other claims are left out, and citations that only they cite: a golden row then stays right
    when more pages are added, counts and rivals too.
    """
    claims, pages, cites = set(), {}, {}
    for file in dataset.files:
        for quad in file.quads:
            if quad.predicate == con.page:
                pages[quad.subject] = quad.object.value
            elif quad.predicate == con.answers:
                claims.add(quad.subject)
            elif quad.predicate == con.cites:
                cites.setdefault(quad.object, set()).add(quad.subject)
    kept = {claim for claim in claims if in_slice(claim.value, pages.get(claim, ""))}
    dropped = claims - kept
    dropped |= {citation for citation, citing in cites.items() if not citing & kept}

    def thin(file: File) -> File:
        return replace(file, quads=tuple(q for q in file.quads if q.subject not in dropped))

    return replace(dataset, files=tuple(thin(file) for file in dataset.files))


def in_slice(claim: str, page: str) -> bool:
    """Whether a claim of the article belongs to the frozen slice."""
    printed = [int(number) for number in re.findall(r"\d+", page)]
    on_the_pages = bool(printed) and all(823 <= number <= 827 for number in printed)
    return on_the_pages or claim.endswith(("/suleymanov-2022/14", "/suleymanov-2022/15"))
