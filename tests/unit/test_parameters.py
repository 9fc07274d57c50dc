"""Parameters are read as the standard library reads forms, only faster."""

from __future__ import annotations

from urllib.parse import parse_qsl

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


IRIS = ["http://", "x:", "urn:x:y", "x:y", "HTTP://x/é", "http://[::1]:8/", "http://[v1.x]/",
        "a:%41", "http://a/b?c=d#e", "http://a/?\ue000", "http://u:p@h/"]  # fmt: skip
NONE = ["", "a", "/a", "#a", "?a", "1a:", "http:/a b", "http://a/\n", "http://[::1%25eth0]/",
        "a:%zz", "http://[1:2]/", "http://a/<", "http://a/{b}", "http://a/\ue000", "a:\ufdd0",
        "http://h:x/"]  # fmt: skip


@pytest.mark.parametrize("iri", IRIS)
def test_an_absolute_iri_is_one(iri: str) -> None:
    assert is_absolute(iri)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_absolute_iri_is_told(text: str) -> None:
    assert not is_absolute(text)
