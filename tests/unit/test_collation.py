"""Names in the order of the reader's alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.collation import key


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Ali", "Âli", "Álib", "Bağır", "Caesar", "Çavuş", "Əli", "Nargin", "Zeynalov"]),
        ("tr", ["Ali", "Cuma", "Çavuş", "Dağ", "Gence", "Ğ", "Halil", "Isparta", "İzmir", "Jale"]),
        ("tr", ["Ordu", "Öz", "Sadi", "Şuşa", "Turan", "Uğur", "Ünal", "Van"]),
        (
            "az",
            [
                "Eldar",
                "Əli",
                "Fuzuli",
                "Həsən",
                "Xan",
                "Iğdır",
                "İrəvan",
                "Kür",
                "Quba",
                "Lənkəran",
            ],
        ),
        ("ru", ["11-я армия", "Ёлкин", "Ельня", "Жданов", "Шуша", "Щорс", "Baku", "Nargin"]),
        ("en", ["1st company", "2nd company", "11th Red Army", "18th Division", "Army"]),
        (
            "en",
            ["A. M. Topchubashov", "Akif Aşırlı", "Ali Efendi", "Ali, the father", "Alisgender"],
        ),
        ("en", ["“Karabakh” in print", "Karabakh rising", "Karabakhs"]),
    ],
)
def test_names_stand_in_their_order(language: str, names: list[str]) -> None:
    assert sorted(names, key=lambda name: key(name, language)) == names


@given(st.lists(st.text(max_size=8), max_size=6), st.sampled_from(["en", "tr", "az", "ru", "xx"]))
def test_any_text_has_a_key_and_only_one_text_has_it(texts: list[str], language: str) -> None:
    import unicodedata

    keys = [key(text, language) for text in texts]
    assert sorted(keys) == sorted(keys, reverse=True)[::-1]
    for text, found in zip(texts, keys, strict=True):
        assert found[1] == unicodedata.normalize("NFC", text)
