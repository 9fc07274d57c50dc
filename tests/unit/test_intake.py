"""What is refused before a parser sees it, and how a format is told."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import intake
from kg.dataset import read_file
from kg.errors import InputRefused
from kg.intake import Limits, admit, guess

TURTLE, JSON, XML = ox.RdfFormat.TURTLE, ox.RdfFormat.JSON_LD, ox.RdfFormat.RDF_XML
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    f"<rdf:RDF {RDF}><e:T><e:p>&b;</e:p></e:T></rdf:RDF>"
)


@pytest.mark.parametrize(
    ("text", "form", "says"),
    [
        (BOMB, XML, "DOCTYPE"),
        (
            f"<rdf:RDF {RDF}>" + "<e:T><e:p>" * 300 + "</e:p></e:T>" * 300 + "</rdf:RDF>",
            XML,
            "nest",
        ),
        ('{"@context": "http://127.0.0.1:1/c", "@id": "a:a"}', JSON, "fetched"),
        ('{"@context": ["http://127.0.0.1:1/c"], "@id": "a:a"}', JSON, "fetched"),
        ('{"@context": [{"x": "a:x"}, "c.jsonld"], "@id": "a:a"}', JSON, "fetched"),
        ('{"@context": {"@import": "http://127.0.0.1:1/c"}}', JSON, "fetched"),
        ('{"a:p":' * 1000 + "1" + "}" * 1000, JSON, "nest"),
        ("<a:s> <a:p> " + "<<( <a:a> <a:b> " * 200 + "<a:c>" + " )>>" * 200 + " .", TURTLE, "nest"),
    ],
)
def test_what_could_harm_is_refused_with_its_line(text: str, form: ox.RdfFormat, says: str) -> None:
    with pytest.raises(InputRefused, match=says) as caught:
        admit(text.encode(), form, "file")
    assert caught.value.where.startswith("file:")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (f"<?xml version='1.0'?><!-- <!DOCTYPE --><rdf:RDF {RDF}><e:T/></rdf:RDF>", XML),
        ('{"@context": {"p": "http://e/p"}, "p": "@context"}', JSON),
        ('{"a:p": "' + "{" * 5000 + '"}', JSON),
        ('<a:a> <a:b> "' + "<<(" * 500 + '" . # <<' + "<< " * 200, TURTLE),
        ("<a:a> <a:b> " + "(" * 500 + ")" * 500 + " .", TURTLE),
        ("\n".join("<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>> ." for _ in range(300)), TURTLE),
    ],
)
def test_what_is_harmless_passes(text: str, form: ox.RdfFormat) -> None:
    admit(text.encode(), form, "file")
    assert list(ox.parse(text.encode(), format=form))


def test_size_is_looked_at_before_the_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputRefused, match="1,001 bytes"):
        admit(b" " * 1001, TURTLE, "file", Limits(size=1000))
    path = tmp_path / "large.ttl"
    with path.open("wb") as stream:
        stream.truncate(intake.LIMITS.size + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(InputRefused, match="bytes"):
        read_file(path, "")


@pytest.mark.parametrize("form", ["trig", "json-ld", "rdf-xml", "n-quads"])
def test_a_format_is_told_by_the_beginning(form: str) -> None:
    kind = {
        "trig": ox.RdfFormat.TRIG,
        "json-ld": JSON,
        "rdf-xml": XML,
        "n-quads": ox.RdfFormat.N_QUADS,
    }
    quads = [ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("http://e/b"), ox.Literal('x "y"'))]
    if form == "n-quads":
        quads = [ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode("a:g")) for q in quads]
    if form == "rdf-xml":
        quads = [ox.Triple(q.subject, q.predicate, q.object) for q in quads]
    text = ox.serialize(quads, format=kind[form])
    assert guess(text) == kind[form]
    assert guess(b"\xef\xbb\xbf \n" + text) == kind[form]


@pytest.mark.parametrize(
    "text",
    ["# a\n@prefix a: <b:> .", "{ <a:a> <a:b> <a:c> }", "[] <a:b> 1 .", "<a:a> <a:b> <a:c> ."],
)
def test_turtle_and_trig_are_not_taken_for_something_else(text: str) -> None:
    assert guess(text.encode()) == ox.RdfFormat.TRIG
