"""Places in files: known ones written by hand, and generated texts whose places are known."""

from __future__ import annotations

import doctest
from dataclasses import dataclass, field

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import positions
from kg.names import rdf
from kg.positions import Place, Positions

TEXT = """\
# a comment with <https://e.org/not> a:subject .
PREFIX b: <https://b.org/>
@prefix a: <https://a.org/> .
@base <https://base.org/> .

a:one a b:Kind ;
    a:text "x ; . \\" a:fake" , '''two
 lines; a:no .''' ;  # a:comment ;
    a:list ( a:in [ a:deep a:er ] ) ;
    a:to a:two , <three> .

<four> a:p 1.5 , -2 , true ; a:q a:v1.0 . a:five.six a:p "y"@en-GB .
[] a:p a:z .
a:seven a:p <https://a.org/\\u0041> .
"""


def places(text: str, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> dict[str, list[Place]]:
    """The places of subject, predicate and object of each triple, by its text."""
    quads = list(ox.parse(text, format=form))
    found = Positions(text)
    assert len(found) == len(quads)
    parts = ("subject", "predicate", "object")
    return {
        f"{q.subject.value if not isinstance(q.subject, ox.BlankNode) else '_'} "
        f"{q.predicate.value} {'_' if isinstance(q.object, ox.BlankNode) else q.object.value}": [
            found.place(n, part) for part in parts
        ]
        for n, q in enumerate(quads)
    }


@pytest.mark.parametrize(
    ("triple", "expected"),
    [
        ('a/one a/text x ; . " a:fake', [(6, 1), (7, 5), (7, 12)]),
        ("a/one a/text two\n lines; a:no .", [(6, 1), (7, 5), (7, 32)]),
        ("_ rdf/first a/in", [(9, 14), (9, 14), (9, 14)]),
        ("_ a/deep a/er", [(9, 19), (9, 21), (9, 28)]),
        ("a/one a/list _", [(6, 1), (9, 5), (9, 12)]),
        ("a/one a/to a/two", [(6, 1), (10, 5), (10, 10)]),
        ("a/one a/to base/three", [(6, 1), (10, 5), (10, 18)]),
        ("base/four a/p -2", [(12, 1), (12, 8), (12, 18)]),
        ("base/four a/p true", [(12, 1), (12, 8), (12, 23)]),
        ("base/four a/q a/v1.0", [(12, 1), (12, 30), (12, 34)]),
        ("a/five.six a/p y", [(12, 43), (12, 54), (12, 58)]),
        ("_ a/p a/z", [(13, 1), (13, 4), (13, 8)]),
        ("a/seven a/p a/A", [(14, 1), (14, 9), (14, 13)]),
    ],
)
def test_places(triple: str, expected: list[tuple[int, int]]) -> None:
    for short, iri in {
        "a/": "https://a.org/", "base/": "https://base.org/", "rdf/": rdf.iri,
    }.items():  # fmt: skip
        triple = " ".join(
            iri + word.removeprefix(short) if word.startswith(short) else word
            for word in triple.split(" ")
        )
    assert places(TEXT)[triple] == [Place(*at) for at in expected]


@pytest.mark.parametrize(
    "body",
    [
        ":a :p () .",
        "( :x :y ) :p :o .",
        "[ :x :y ] .",
        "[ :x :y ] :p :o .",
        '( "x" :y ) :p ( "x"@en 1 ( ( "z" ) ) "y"^^:t ) .',
        ':a :p [ :q "x" ] , "z" ; ; :q :r ; .',
        ":a :p 1.5,.5e3,-1.e4,true,false;:a.b :c. :x :y :z. :q :r 1 .",
        ":a:b :c:d :e%20f . :g :h\\,i :j\\.. _:k.l :m _:n .",
        ":a :p <<( :a :b :c )>> , <<( :a :b <<( :d :e 'f' )>> )>> .",
        ":a :p :b ~ :r {| :q :z |} , :c ~ , :d {| :q 'w' |} {| :q2 :z2 |} .",
        "<< :a :b :c >> :p << :d :e :f ~ :g >> . << :a :b << :h :i 'j' >> >> .",
    ],
)
def test_every_shape_of_the_grammar_gives_one_place_for_each_triple(body: str) -> None:
    text = f"@prefix : <https://e.org/> .\n{body}"
    quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    found = Positions(text)
    assert len(found) == len(quads) > 0
    line = text.splitlines()[1]
    for number, quad in enumerate(quads):
        name = quad.predicate.value.removeprefix("https://e.org/")
        at = found.place(number, "predicate")
        assert at.line == 2
        if not name.startswith(rdf.iri) and "," not in name:
            assert line.startswith(f":{name} ", at.column - 1)


def test_every_line_ending() -> None:
    for ending in ("\n", "\r\n", "\r"):
        text = f"<a:s> <a:p> <a:o> .{ending}<a:t> <a:p> <a:o> .{ending}"
        assert Positions(text).place(1, "subject") == Place(2, 1)


def test_a_text_that_is_none_does_not_hang() -> None:
    for text in ("\\" * 50_000, '"' * 50_000, "[" * 20_000, "<" * 50_000, "a:" * 20_000 + "."):
        Positions(text).__len__()


def test_the_example_in_the_docstring() -> None:
    result = doctest.testmod(positions)
    assert (result.attempted, result.failed) == (2, 0)


# --- Generated texts: whoever writes them knows where each term stands


@dataclass
class Writer:
    """Writes a text term by term. Every triple has a predicate of its own, by which it is found;
    `expected` holds the places of its three parts.
    """

    draw: st.DrawFn
    form: str = "ttl"
    text: str = ""
    expected: dict[str, list[Place]] = field(default_factory=dict)
    items: dict[str, Place] = field(default_factory=dict)
    count: int = 0

    def here(self) -> Place:
        lines = self.text.split("\n")
        return Place(len(lines), len(lines[-1]) + 1)

    def put(self, text: str) -> Place:
        at = self.here()
        self.text += text
        return at

    def space(self) -> None:
        choices = [" ", "\t ", "  "]
        if self.form in ("ttl", "trig"):
            choices += ["\n", "\n\n  ", " # :s :p [ ( ; . , \" ''' <\n", "\n#é😀\n "]
        self.text += self.draw(st.sampled_from(choices))

    def number(self) -> int:
        self.count += 1
        return self.count

    def iri(self, name: str) -> str:
        full = f"<https://e.org/{name}>"
        if self.form in ("nt", "nq"):
            return full
        return self.draw(
            st.sampled_from([full, f":{name}", f"e:{name}", f"<{name}>", f"é.x:{name}"])
        )

    def literal(self) -> str:
        marks = '"' if self.form in ("nt", "nq") else self.draw(st.sampled_from(['"', "'"] * 3))
        inside = r"a :p \" \\ ; . , [ ( # < é 😀 \u0041 \n"
        if marks == "'":
            inside = inside.replace(r"\"", r"\'")
        if self.form in ("ttl", "trig") and self.draw(st.booleans()):
            marks, inside = marks * 3, inside + "\n\n two ' \" lines .\n"
        suffix = self.draw(st.sampled_from(["", "@en", "@az-Latn", "^^<https://e.org/t>"]))
        if self.form in ("ttl", "trig") and suffix.startswith("^^") and self.draw(st.booleans()):
            suffix = " ^^ e:t"
        return f"{marks}{inside}{marks}{suffix}"

    def statement(self) -> None:
        n = self.number()
        turtle = self.form in ("ttl", "trig")
        kind = self.draw(st.sampled_from(["iri", "label", "[]", "[", "("] if turtle else ["iri"]))
        at = self.here()
        if kind == "iri":
            self.put(self.iri(f"s{n}"))
        elif kind == "label":
            self.put(f"_:b{n}.x")
        elif kind == "[]":
            self.put("[ ]")
        elif kind == "[":
            self.brackets(1)
        else:
            self.list_(1)
        self.space()
        self.predicates(at, 2)
        if self.form == "nq" and self.draw(st.booleans()):
            self.space()
            self.put(self.draw(st.sampled_from(["<https://e.org/g>", "_:g"])))
            self.space()
        if turtle and self.draw(st.booleans()):
            self.space()
        self.put(" ." if self.form in ("nt", "nq") or self.text[-1:].isdigit() else ".")
        self.put("\n") if self.form in ("nt", "nq") else self.space()

    def predicates(self, subject: Place, depth: int) -> None:
        turtle = self.form in ("ttl", "trig")
        for more in range(self.draw(st.integers(1, 3)) if turtle else 1):
            if more:
                self.put(self.draw(st.sampled_from([" ;", ";", " ; ;"])))
                self.space()
            name = f"p{self.number()}"
            predicate = self.put(self.iri(name))
            self.space()
            for again in range(self.draw(st.integers(1, 3)) if turtle else 1):
                if again:
                    self.put(self.draw(st.sampled_from([" ,", ","])))
                    self.space()
                key = f"{name}/{again}"
                self.expected[key] = [subject, predicate, self.here()]
                self.object(depth)
            if turtle and self.draw(st.booleans()):
                self.space()

    def object(self, depth: int) -> None:
        kinds = ["iri", "literal"]
        if self.form in ("ttl", "trig"):
            kinds += ["number", "true", "[]", "()"] + (["[", "("] if depth else [])
        kind = self.draw(st.sampled_from(kinds))
        if kind == "iri":
            self.put(self.iri(f"o{self.number()}"))
        elif kind == "literal":
            self.put(self.literal())
        elif kind == "number":
            self.put(self.draw(st.sampled_from(["1", "-2.5", "+3e4", ".5", "4.E-1"])) + " ")
        elif kind == "true":
            self.put(self.draw(st.sampled_from(["true ", "false "])))
        elif kind == "[":
            self.brackets(depth)
        elif kind == "(":
            self.list_(depth)
        else:
            self.put(kind)

    def brackets(self, depth: int) -> None:
        at = self.put("[")
        self.space()
        self.predicates(at, depth - 1)
        self.put("]")

    def list_(self, depth: int) -> None:
        self.put("(")
        for _ in range(self.draw(st.integers(1, 3))):
            self.space()
            name = f"i{self.number()}"
            kind = self.draw(
                st.sampled_from(["iri", "literal", "[", "("] if depth > 1 else ["iri"])
            )
            if kind == "iri":
                self.items[f"https://e.org/{name}"] = self.put(self.iri(name))
            elif kind == "literal":
                self.put(self.literal())
            elif kind == "[":
                self.brackets(depth - 1)
            else:
                self.list_(depth - 1)
        self.space()
        self.put(")")

    def document(self) -> None:
        if self.form in ("ttl", "trig"):
            self.put("@prefix : <https://e.org/> .\nPREFIX e: <https://e.org/>\n")
            self.put("@base <https://e.org/> . prefix é.x:<https://e.org/>")
            self.space()
        for _ in range(self.draw(st.integers(1, 4))):
            opened = self.form == "trig" and self.draw(st.booleans())
            if opened:
                self.put(self.draw(st.sampled_from(["{", "GRAPH :g {", "e:g {", "_:g{", "[] {"])))
                self.space()
            self.statement()
            if opened:
                self.put("}")
                self.space()


@st.composite
def documents(draw: st.DrawFn, form: str) -> Writer:
    writer = Writer(draw, form)
    writer.document()
    return writer


_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
}


@pytest.mark.parametrize(
    ("form", "examples"), [("ttl", 250), ("trig", 150), ("nt", 30), ("nq", 40)]
)
def test_places_in_generated_texts_are_where_they_were_written(form: str, examples: int) -> None:
    @settings(max_examples=examples, derandomize=True, deadline=None)
    @given(documents(form))
    def check(written: Writer) -> None:
        quads = list(ox.parse(written.text, format=_FORMATS[form]))
        found = Positions(written.text)
        assert len(found) == len(quads)
        seen: dict[str, int] = {}
        items = 0
        for number, quad in enumerate(quads):
            if quad.predicate in (rdf.first, rdf.rest):
                if isinstance(quad.object, ox.NamedNode) and quad.object.value in written.items:
                    assert found.place(number, "object") == written.items[quad.object.value]
                    items += 1
                continue
            name = quad.predicate.value.rpartition("/")[2]
            again = seen.get(name, 0)
            seen[name] = again + 1
            parts = [found.place(number, p) for p in ("subject", "predicate", "object")]
            assert parts == written.expected[f"{name}/{again}"]
        assert sum(seen.values()) == len(written.expected)
        assert items == len(written.items)

    check()
