"""The files run unchanged in another SPARQL engine, and give the same rows in the same order.

rdflib gives one empty row for groups of nothing, where SPARQL gives none: the queries say
``HAVING (COUNT(*) > 0)`` for its sake.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
import pytest
import rdflib
from stored import CATALOGUE, NAMES, OF_THE_INVENTED, Asked, read

from kg import store
from kg.dataset import Dataset
from kg.derive import derive

# rdflib's own parser and evaluator still use what rdflib calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")

# What has no answer in the invented dataset.
WITHOUT_AN_ANSWER = {
    "absences/stated": {"absence": "absence:not-in-the-sources"},
    "claims/doubted": {"source": "edith-quillfeather"},
    "claims/from-source": {"source": "edith-quillfeather"},
    "claims/unconfirmed": {"source": "edith-quillfeather"},
    "claims/without-note": {"about": "edith-quillfeather"},
    "disagreement/compatible-rivals": {"question": "q:reed-war--place"},
    "disagreement/effect-of-policies": {"question": "q:reed-war--place"},
    "disagreement/effect-of-sides": {"question": "q:reed-war--place"},
    "disagreement/kinds": {"question": "q:reed-war--place"},
    "disagreement/not-comparable": {"question": "q:reed-war--place"},
    "disagreement/of-one-question": {"question": "q:reed-war--place"},
    "disagreement/register": {"question": "q:reed-war--place"},
    "events/leaders": {"kind": "con:Retreat"},
    "events/where-and-when": {"kind": "con:Retreat"},
    "figures/for-one-question": {"question": "q:reed-war--place"},
    "figures/growth-in-order": {"question": "q:reed-war--place"},
    "figures/lowest-and-highest": {"question": "q:reed-war--place"},
    "figures/of-things": {"unit": "unit:rifle"},
    "figures/parts-and-whole": {"whole": "q:reed-war--place"},
    "figures/side-by-side": {"about": "edith-quillfeather"},
    "participation/by-side-and-role": {"side": "side:british"},
    "participation/units-and-strength": {"event": "reed-war"},
    "people/names": {"person": "river-guild--unknown"},
    "people/of-a-group": {"group": "otter-flotilla"},
    "people/roles-and-offices": {"person": "edith-quillfeather"},
    "places/held-by": {"place": "kazhvar"},
    "places/names": {"place": "kazhvar"},
    "places/what-happened": {"place": "shurvezan", "from": "1600-01-01", "to": "1600-12-31"},
    "sources/attribution-against-citation": {"source": "edith-quillfeather"},
    "sources/citation-chain": {"claim": "eq:23"},
    "sources/dangling-short-forms": {"source": "edith-quillfeather"},
    "sources/independent-lines": {"question": "q:otter-flotilla--strength--kazhvar"},
    "sources/resting-on-a-file": {"fonds": "7", "inventory": "2", "file": "99"},
    "things/about": {"thing": "edith-quillfeather"},
}


@pytest.fixture(scope="module")
def elsewhere(invented: Dataset) -> rdflib.Dataset:
    """The invented dataset in rdflib: the default graph is the merge, as in our store."""
    quads = store.build(invented, derive(invented)).dump(format=ox.RdfFormat.N_QUADS)
    found = rdflib.Dataset()
    found.parse(data=quads, format="nquads")
    return found


CASES = [(name, OF_THE_INVENTED.get(name, {})) for name in NAMES]
CASES += [(name, WITHOUT_AN_ANSWER[name]) for name in NAMES]


@pytest.mark.parametrize(("name", "params"), CASES)
def test_rdflib_gives_the_same_rows(
    name: str,
    params: dict[str, str],
    elsewhere: rdflib.Dataset,
    asked_of: Mapping[str, Asked],
) -> None:
    ours = asked_of["invented"]
    names = ours.dataset.names
    result = elsewhere.query(CATALOGUE.get(name).fill(params, names))
    theirs = read(result.serialize(format="json"), names)
    assert bool(theirs) == (params not in WITHOUT_AN_ANSWER.values())
    assert theirs == ours.rows(name, params)
