"""One address for each kind of page. Whoever adds a kind adds it here; a test counts the routes."""

from __future__ import annotations

from urllib.parse import quote

ROWS = "SELECT ?claim ?point WHERE { ?claim con:point ?point } ORDER BY ?claim LIMIT 50"
CON = "PREFIX con: <https://w3id.org/contested/ontology#>\n"

KINDS: dict[str, str] = {
    "home": "",
    "question": "page/question/russian-imperial-army--prisoners-taken",
    "question of things": "page/question/karabakh-rising--participant",
    "claim": "page/claim/suleymanov-2022/1",
    "source": "page/suleymanov-2022",
    "work": "page/asirli-2011",
    "person": "page/alaaddin-efendi",
    "record": "page/arpa-276-23-333",
    "unit": "page/11th-red-army",
    "group": "page/huseyin-band",
    "camp": "page/nargin-camp",
    "place": "page/absheron-peninsula",
    "event": "page/ganja-rising",
    "uprising": "page/karabakh-rising",
    "act": "page/mudros-treaty",
    "voice": "page/by-a-report-n3",
    "citation": "page/citation/suleymanov-2022/n3",
    "concept": "page/accused-persons",
    "anchor": "page/claim/suleymanov-2022/1-anchor",
    "the dataset": "dataset",
    "list of questions": "list/questions",
    "list of people": "list/people",
    "list of places": "list/places",
    "list of claims": "list/claims",
    "list, second page": "list/claims?from=100",
    "search": "search?q=Huseyin",
    "search, a question": "search?q=how+many+prisoners",
    "search, nothing": "search?q=zzzzqqqq",
    "search, empty": "search",
    "map": "map",
    "timeline": "timeline",
    "queries": "queries/",
    "query": "queries/figures/side-by-side",
    "sparql": "sparql",
    "sparql, rows": "sparql?query=" + quote(CON + ROWS),
    "sparql, error": "sparql?query=SELECT",
    "ontology": "ontology",
    "vocabulary": "vocab/stance",
    "shapes": "shapes",
    "dataset": "dataset.html",
    "graph": "graph/source/suleymanov-2022",
    "about": "about",
    "licences": "about/licences",
    "not found": "nothing-here",
}
STATUS = {"sparql, error": 400, "not found": 404}
