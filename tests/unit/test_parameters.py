"""Parameters are read as the standard library reads forms, only faster."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ParameterError
from kg.protocol.parameters import Parameters, is_absolute

PIECES = st.sampled_from([*"%%%%=&+ _0aFz\n\r\t~é", "%41", "%C3%A9", "%E2", "%0A", "%3D", "query"])


@settings(derandomize=True, max_examples=2_000, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_forms_are_decoded_as_by_the_standard_library(text: str) -> None:
    try:
        told = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(ParameterError):
            Parameters(text)
        return
    found = Parameters(text)
    for name in {name for name, _ in told}:
        assert found.all(name) == [value for other, value in told if other == name]
    assert not found.all("none of them")


BEGINNINGS = st.sampled_from(["http://", "http://[", "a:", "urn:x", "", "1a:"])
OF_IRIS = st.sampled_from(
    [*":/?#[]@%|<>\\^` '!-._~aZ0é", "//", "::1", "1:2", "v1.x", "80", "%41", "%zz", "1.2.3.4", "..",
     "\x80", "\u200f", "\ue000", "\uf900", "\ufdd0", "\uffef", "\ufffd", "\U0001fffe", "\U000e0001",
     "\U000e1000", "\U000f0000", "\U0010ffff"]
)  # fmt: skip


@settings(derandomize=True, max_examples=3_000, deadline=None)
@given(BEGINNINGS, st.lists(OF_IRIS, max_size=8).map("".join))
def test_an_iri_here_is_one_for_the_engine(beginning: str, rest: str) -> None:
    iri = beginning + rest
    try:
        ox.NamedNode(iri)
        told = True
    except ValueError:
        told = False
    assert is_absolute(iri) is told
