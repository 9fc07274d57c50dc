from __future__ import annotations

import doctest

import pytest

from kg import positions
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


@pytest.mark.parametrize(
    ("terms", "line", "column"),
    [
        (["a/one"], 6, 1),
        (["a/one", "a/text"], 7, 5),
        (["a/one", "a/list"], 9, 5),
        (["a/one", "a/to"], 10, 5),
        (["a/one", "a/to", "a/two"], 10, 10),
        (["a/one", "a/to", "base/three"], 10, 18),
        (["base/four"], 12, 1),
        (["base/four", "a/q", "a/v1.0"], 12, 34),
        (["a/five.six"], 12, 43),
        (["a/seven", "a/p", "a/A"], 14, 13),
    ],
)
def test_places(terms: list[str], line: int, column: int) -> None:
    hosts = {"a": "https://a.org/", "b": "https://b.org/", "base": "https://base.org/"}
    iris = [hosts[t.partition("/")[0]] + t.partition("/")[2] for t in terms]
    assert Positions(TEXT).of(*iris) == Place(line, column)


def test_what_stands_in_comments_strings_and_brackets_is_no_subject() -> None:
    found = Positions(TEXT)
    for name in ("subject", "fake", "no", "comment", "deep", "in", "z"):
        assert found.of(f"https://a.org/{name}") is None


def test_the_nearest_place() -> None:
    found = Positions(TEXT)
    assert found.nearest("https://a.org/one", "https://a.org/absent") == Place(6, 1)
    assert found.nearest("https://a.org/absent") is None


def test_every_line_ending() -> None:
    for ending in ("\n", "\r\n", "\r"):
        text = f"<a:s> <a:p> <a:o> .{ending}<a:t> <a:p> <a:o> .{ending}"
        assert Positions(text).of("a:t") == Place(2, 1)


def test_the_example_in_the_docstring() -> None:
    result = doctest.testmod(positions)
    assert (result.attempted, result.failed) == (2, 0)
