"""Updates where the default graph is a merge and derived graphs follow from the claims."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
from live import ROOT, Client

from hostile.victim import Victim, victim
from kg import dataset as datasets
from kg.derive import derive_quads

TOKEN = "a-token-for-tests"
SPACE = "https://example.org/invented/"
SOURCE = f"{SPACE}graph/source/heron-2020"
QUESTION = f"{SPACE}id/question/battle-of-tushkel--killed--soldiers"
CLAIM = f"""
PREFIX bibo: <http://purl.org/ontology/bibo/>
PREFIX comparator: <https://w3id.org/contested/vocab/comparator/>
PREFIX con: <https://w3id.org/contested/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX id: <{SPACE}id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX review: <https://w3id.org/contested/vocab/review/>
PREFIX stance: <https://w3id.org/contested/vocab/stance/>
INSERT DATA {{ GRAPH <{SOURCE}> {{
  <{SPACE}id/claim/heron-2020/1> a con:Claim ;
    con:answers <{QUESTION}> ; con:point 7777 ; con:comparator comparator:about ;
    con:statedIn id:heron-2020 ; con:page "3" ; con:wording "some 7,777"@en ;
    con:stance stance:endorses ; con:reviewStatus review:read .
  id:heron-2020 a bibo:Book ; rdfs:label "Heron 2020"@en ;
    dcterms:title "The Reed War once more"@en .
}} }}"""
RIVALS = f"""PREFIX con: <https://w3id.org/contested/ontology#>
SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{SPACE}graph/derived/disagreements> {{
  ?pair con:betweenClaim <{SPACE}id/claim/heron-2020/1> }} }}"""


def number(client: Client, text: str) -> int:
    return int(client.query(text).json()["results"]["bindings"][0]["n"]["value"])


def graphs(server: Victim, client: Client) -> dict[str, set[ox.Quad]]:
    """Every named graph of the server, read by the Graph Store Protocol."""
    names = client.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }").json()
    found = {}
    for row in names["results"]["bindings"]:
        name = row["g"]["value"]
        reply = client.get(f"/graph-store?graph={quote(name, safe='')}", "application/n-triples")
        node = ox.NamedNode(name)
        found[name] = {
            ox.Quad(q.subject, q.predicate, q.object, node)
            for q in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)
        }
    return found


def test_what_follows_from_an_update_follows(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n")
    options = ["--update-token-file", tmp_path / "token", "--journal", tmp_path / "journal",
               "--workers", 2, "--access-log", "none"]  # fmt: skip
    with victim(tmp_path, *options) as server:
        client = server.client(TOKEN)
        version = server.health()["digest"]
        everything = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
        merged = number(client, everything)

        for refused in (
            "INSERT DATA { <a:a> <a:b> <a:c> }",
            f"INSERT DATA {{ GRAPH <{SPACE}graph/derived/plain> {{ <a:a> <a:b> <a:c> }} }}",
            f"DELETE WHERE {{ ?s <{SPACE}none> ?o . <{QUESTION}> ?p ?o2 }} ; "
            f"DELETE WHERE {{ <{QUESTION}> ?p ?o }}",
        ):
            assert client.update(refused).status == 403, refused
        assert server.health()["digest"] == version

        broken = client.update(CLAIM.replace("con:stance stance:endorses ;", ""))
        assert broken.status == 422
        problem = broken.json()
        assert any("stance" in found["shape"] for found in problem["report"])
        assert server.health()["digest"] == version
        assert number(client, everything) == merged

        assert client.update(CLAIM).status == 200
        assert number(client, everything) > merged
        assert number(client, RIVALS) > 0
        told = client.query(f"ASK {{ <{SPACE}id/claim/heron-2020/1> ?p ?o }}")
        assert told.json()["boolean"] is True
        now = graphs(server, client)
        derived = {q for name, quads in now.items() if "/graph/derived/" in name for q in quads}
        authored = [
            q for name, quads in now.items() if "/graph/derived/" not in name for q in quads
        ]
        names = datasets.outline(ROOT / "tests" / "invented").names
        digest = str(server.health()["digest"])
        assert digest != version
        assert derived == set(derive_quads(authored, names, digest))
        merge = {ox.Triple(q.subject, q.predicate, q.object) for q in authored}
        assert number(client, everything) == len(merge)
        client.close()

    with victim(tmp_path, *options) as server:
        client = server.client(TOKEN)
        assert server.health()["digest"] == digest, "the journal leads to the same version"
        assert graphs(server, client) == now
        assert client.update(f"DROP GRAPH <{SOURCE}>").status == 200
        assert number(client, everything) == merged
        assert number(client, RIVALS) == 0
        client.close()
