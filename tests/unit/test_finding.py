"""The search index: spellings that are one, what is found and in which order, without FTS5 too."""

from __future__ import annotations

import random
import sqlite3
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.dataset import Dataset
from kg.finding import Index, build, search
from kg.finding.folding import fold, sound, words
from kg.finding.index import has_trigrams
from kg.finding.ranking import LONGEST
from kg.finding.texts import KINDS, Text, Thing, things


def thing(name: str, text: str, kind: str = "person", language: str = "", **more) -> Thing:
    return Thing(name, kind, texts=[Text("name", text, language)], **more)


@pytest.fixture
def index_of(tmp_path: Path) -> Callable[..., Index]:
    numbers = iter(range(100))

    def make(found: list[Thing], *, trigram: bool = True) -> Index:
        path = tmp_path / f"{next(numbers)}.sqlite"
        build(found, path, "v1", trigram=trigram)
        return Index(path)

    return make


@pytest.fixture(scope="module")
def article_index(article: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("index") / "index.sqlite"
    build(things(article.quads(), article.names.root), path, article.digest)
    return Index(path)


def iris(index: Index, text: str, **more) -> list[str]:
    return [hit.iri for hit in search(index, text, **more).hits]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HÜSEYİN", "hüseyin"),
        ("Hu\u0308seyin", "Hüseyin"),
        ("Iğdır", "igdir"),
        ("ƏLİ", "eli"),
        ("Şuşa", "Susa"),
        ("Гусейн", "gusein"),
        ("Шуша", "shusha"),
        ("Гәнҹә", "gence"),
        ("ბაქო", "bako"),
        ("Երևան", "erevan"),
        ("22.000", "22000"),
        ("22\u00a0000", "22000"),
        ("ﬁrka", "firka"),
    ],
)
def test_folding(one: str, other: str) -> None:
    assert [fold(word.text) for word in words(one)] == [fold(word.text) for word in words(other)]


@pytest.mark.parametrize(
    "group",
    [
        "Hüseyin Huseyn Hüseyn Гусейн Hussein Husain",
        "Karabağ Qarabağ Karabakh Карабах Qarabag",
        "Şıxlinski Shikhlinski Şihlinski Шихлинский",
        "Cavad Javad Djavad Джавад Dzhavad",
        "Ənvər Enver Anvar Энвер",
        "Gəncə Gence Ganja Гянджа",
        "Əhməd Ahmed Ahmet Ахмед",
        "Yusuf Юсуф",
    ],
)
def test_spellings_of_one_name_sound_the_same(group: str) -> None:
    assert len({sound(fold(name)) for name in group.split()}) == 1


def test_names_that_differ_do_not_sound_the_same() -> None:
    names = "Hasan Hüseyin Enver Nuri Baku Batum Shusha Sheki Ali Kerim Kazim Karabakh Kars".split()
    assert len({sound(fold(name)) for name in names}) == len(names)


def test_words_know_where_they_stand() -> None:
    text = "Hüseyin Efendi’nin 1.500 atlısı, „İsmail“"
    assert [text[w.start : w.end] for w in words(text)] == [
        "Hüseyin", "Efendi", "nin", "1.500", "atlısı", "İsmail"
    ]  # fmt: skip


@pytest.mark.parametrize("spelling", ["Hüseyin", "HUSEYIN", "Huseyn", "Hüseyn", "Гусейн"])
def test_a_name_is_found_in_every_spelling(article_index: Index, spelling: str) -> None:
    found = search(article_index, spelling)
    assert found.hits[0].iri == "https://w3id.org/contested/id/huseyin-efendi"
    hit = found.hits[0]
    assert [hit.matched.text[a:b] for a, b in hit.marks] in (["Hüseyin"], ["Hüseyn"], ["Гусейн"])
    assert {name.language for name in hit.names} == {"en", "tr", "az", "ru"}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Карабах", "karabakh"),
        ("Qarabağ", "karabakh"),
        ("susa", "shusha"),
        ("shushinskiy", None),
        ("nargin kampı", "nargin-camp"),
        ("Шихлинский", "ali-agha-shikhlinski"),
        ("22 000", None),
        ("22.000", "claim/suleymanov-2022/3"),
        ("How many Ottoman prisoners were in Russian hands?",
         "question/russian-imperial-army--prisoners-taken"),
        ("сколько турецких пленных", None),
        ("Gafarof", "vasif-gafarov"),
    ],
)  # fmt: skip
def test_what_comes_first(article_index: Index, text: str, first: str | None) -> None:
    found = iris(article_index, text)
    if first:
        assert found[0] == f"https://w3id.org/contested/id/{first}"


def test_order_of_words_tells_two_questions_apart(article_index: Index) -> None:
    root = "https://w3id.org/contested/id/question/"
    for asked, first in (
        ("how many Ottoman soldiers did the Russians take prisoner", "russian-imperial-army"),
        ("how many Russian soldiers did the Ottomans take prisoner", "ottoman-army"),
    ):
        assert iris(article_index, asked)[0] == f"{root}{first}--prisoners-taken"


def test_exact_then_prefix_then_part_then_alike(index_of: Callable[..., Index]) -> None:
    index = index_of(
        [
            thing("alike", "Karabaj"),
            thing("part", "Dagkarabag"),
            thing("sound", "Qarabakh"),
            thing("begins", "Karabaghi Mirza"),
            thing("word", "Mirza Karabag"),
            thing("exact", "Karabag"),
        ]
    )
    assert iris(index, "Karabağ") == ["exact", "begins", "word", "sound", "part"]
    # Nothing has this word, so what is alike is found.
    assert iris(index, "Karabaz") == ["alike", "exact", "word", "begins"]


def test_kinds_are_weighed_counted_and_chosen(index_of: Callable[..., Index]) -> None:
    index = index_of(
        [
            thing("claim", "Nargin", "claim"),
            thing("place", "Nargin", "place"),
            thing("person", "Nargin", "person"),
            thing("silent", "Nargin", "question"),
            thing("answered", "Nargin", "question", claims=3),
        ]
    )
    assert iris(index, "nargin") == ["answered", "silent", "person", "place", "claim"]
    found = search(index, "nargin", kind="place")
    assert [hit.iri for hit in found.hits] == ["place"]
    assert found.total == 1
    assert found.kinds == {"question": 2, "person": 1, "place": 1, "claim": 1}


def test_what_is_spoken_of_more_comes_first(index_of: Callable[..., Index]) -> None:
    index = index_of([thing("a", "Ali"), thing("b", "Ali", spoken_of=40)])
    assert iris(index, "ali") == ["b", "a"]


@pytest.mark.parametrize("trigram", [True, False])
def test_one_and_two_letters_are_the_beginning_of_a_word(
    index_of: Callable[..., Index], trigram: bool
) -> None:
    index = index_of(
        [thing("a", "Əli Bəy"), thing("b", "Baku"), thing("c", "Kemal")], trigram=trigram
    )
    assert iris(index, "b") == ["b", "a"]
    assert iris(index, "be") == ["a"]
    assert iris(index, "Б") == ["b", "a"]
    assert iris(index, "al") == []


def test_pages_are_pieces_of_one_order(article_index: Index) -> None:
    whole = search(article_index, "Baku", limit=1000)
    assert whole.total == len(whole.hits) == sum(whole.kinds.values())
    pieces = [
        hit
        for start in range(0, whole.total, 7)
        for hit in search(article_index, "Baku", start=start, limit=7).hits
    ]
    assert pieces == list(whole.hits)
    assert search(article_index, "Baku", start=10_000).hits == ()


def test_the_slower_search_finds_the_same(article: Dataset, index_of: Callable[..., Index]) -> None:
    if not has_trigrams():
        pytest.skip("this SQLite has no trigrams to compare with")
    found = things(article.quads(), article.names.root)
    quick, slow = index_of(found), index_of(found, trigram=False)
    assert quick.trigrams
    assert not slow.trigrams
    for text in ("Hüseyin", "avala", "Gafarof", "prisoners", "Baku", "b", "arabag", "pleniya"):
        one, other = search(quick, text, limit=500), search(slow, text, limit=500)
        assert one.total > 0, text
        assert {h.iri for h in one.hits} == {h.iri for h in other.hits}, text


def test_every_name_finds_its_thing(article: Dataset, article_index: Index) -> None:
    every = [t for t in things(article.quads(), article.names.root) if t.kind == "person"]
    assert len(every) > 50
    for person in every:
        for text in person.texts:
            assert person.iri in iris(article_index, text.text, limit=10), text


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "*", '"', "'", '"OR NEAR(', "word:x", "a AND", "^a", "{a b}", "-", "(" * 300,
     "%", "_", "a" * 10_000, "é" * 500, "\u202e", "\ud83d\ude00", "'; DROP TABLE words;--",
     " ".join(["x"] * 5000), "\ufffd\ufdfa" * 30],
)  # fmt: skip
@pytest.mark.parametrize("trigram", [True, False])
def test_any_text_is_only_a_text(index_of: Callable[..., Index], text: str, trigram: bool) -> None:
    index = index_of([thing("a", "Drop of words near OR and")], trigram=trigram)
    search(index, text)
    assert iris(index, "drop") == ["a"]


def test_random_texts_never_fail(article_index: Index) -> None:
    dice = random.Random(7)
    letters = string.printable + "əışğüöçҹәшщАОЯ\"'*()\u0301\u0000\U0001f600"
    for _ in range(300):
        text = "".join(dice.choice(letters) for _ in range(dice.randrange(1, LONGEST)))
        for hit in search(article_index, text).hits:
            assert all(0 <= a < b <= len(hit.matched.text) for a, b in hit.marks)


def test_things_have_kinds(article: Dataset, invented: Dataset) -> None:
    for dataset in (article, invented):
        found = things(dataset.quads(), dataset.names.root)
        assert found == sorted(found, key=lambda t: t.iri)
        kinds = {t.kind for t in found}
        assert kinds <= set(KINDS)
        assert {"question", "person", "place", "event", "work", "claim", "concept"} <= kinds
        assert sum(t.kind == "other" for t in found) < 5


def test_the_index_is_one_file_that_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    build([thing("a", "Ali")], path, "v7")
    index = Index(path)
    path.unlink()
    assert index.version == "v7"
    assert iris(index, "ali") == ["a"]
    with index.reading() as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM texts")


def test_a_translation_comes_after_a_wording(index_of: Callable[..., Index]) -> None:
    found = [
        Thing("a", "claim", texts=[Text("translation", "sixteen officers fled", "en")]),
        Thing("b", "claim", texts=[Text("wording", "sixteen officers fled", "en")]),
        Thing("c", "claim", texts=[Text("short form", "sixteen officers fled", "en")]),
    ]
    hits = search(index_of(found), "sixteen officers fled").hits
    assert [(hit.iri, hit.matched.field) for hit in hits] == [
        ("b", "wording"), ("a", "translation"), ("c", "short form")
    ]  # fmt: skip
