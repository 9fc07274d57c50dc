"""Parameters are read as the standard library reads forms, only faster."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ParameterError
from kg.protocol.parameters import Parameters

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
