"""Numbers, units, names and dates as each language inflects them, written by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kg.explain import LANGUAGES, azerbaijani, turkish
from kg.explain.azerbaijani import Azerbaijani
from kg.explain.labels import Forms, Labels, Name
from kg.explain.plan import together
from kg.explain.turkish import Turkish
from kg.explain.when import when
from kg.figures import Figure
from kg.model import Claim, Facts
from kg.rivals import Pair

EN, TR, AZ, RU = (LANGUAGES[code] for code in ("en", "tr", "az", "ru"))
NBSP = "\u00a0"
REGIMENT = {
    "en": Forms(Name("regiment"), {"one": "regiment", "other": "regiments"}),
    "tr": Forms(Name("alay"), {"one": "alay"}),
    "az": Forms(Name("alay"), {"one": "alay"}),
    "ru": Forms(Name("полк"), {"one": "полк", "few": "полка", "many": "полков", "other": "полка"}),
}


@pytest.mark.parametrize(
    ("number", "dative", "ablative"),
    [
        (0, "0'a", "0'dan"), (1, "1'e", "1'den"), (2, "2'ye", "2'den"), (3, "3'e", "3'ten"),
        (4, "4'e", "4'ten"), (5, "5'e", "5'ten"), (6, "6'ya", "6'dan"), (7, "7'ye", "7'den"),
        (8, "8'e", "8'den"), (9, "9'a", "9'dan"), (10, "10'a", "10'dan"), (20, "20'ye", "20'den"),
        (30, "30'a", "30'dan"), (40, "40'a", "40'tan"), (50, "50'ye", "50'den"),
        (60, "60'a", "60'tan"), (70, "70'e", "70'ten"), (80, "80'e", "80'den"),
        (90, "90'a", "90'dan"), (100, "100'e", "100'den"), (345, "345'e", "345'ten"),
        (6000, "6.000'e", "6.000'den"), (1000000, "1.000.000'a", "1.000.000'dan"),
    ],
)  # fmt: skip
def test_turkish_numbers(number: int, dative: str, ablative: str) -> None:
    language = Turkish()
    assert language.number_in("dative", Fraction(number)) == dative
    assert language.number_in("ablative", Fraction(number)) == ablative


@pytest.mark.parametrize(
    ("number", "dative", "ablative"),
    [
        (1, "1-ə", "1-dən"), (2, "2-yə", "2-dən"), (3, "3-ə", "3-dən"), (6, "6-ya", "6-dan"),
        (9, "9-a", "9-dan"), (10, "10-a", "10-dan"), (20, "20-yə", "20-dən"),
        (40, "40-a", "40-dan"), (60, "60-a", "60-dan"), (80, "80-ə", "80-dən"),
        (100, "100-ə", "100-dən"), (6000, "6.000-ə", "6.000-dən"),
    ],
)  # fmt: skip
def test_azerbaijani_numbers(number: int, dative: str, ablative: str) -> None:
    language = Azerbaijani()
    assert language.number_in("dative", Fraction(number)) == dative
    assert language.number_in("ablative", Fraction(number)) == ablative


@pytest.mark.parametrize(
    ("year", "ordinal"),
    [(1920, "1920-ci"), (1919, "1919-cu"), (1910, "1910-cu"), (1906, "1906-cı"), (1900, "1900-cü"),
     (1903, "1903-cü"), (2000, "2000-ci"), (1940, "1940-cı")],
)  # fmt: skip
def test_azerbaijani_years(year: int, ordinal: str) -> None:
    assert azerbaijani.ordinal(year) == ordinal


@pytest.mark.parametrize(
    ("name", "tr", "az"),
    [
        ("Kaşıyuğun 2018", "Kaşıyuğun 2018'e", "Kaşıyuğun 2018-ə"),
        ("Süleymanov", "Süleymanov'a", "Süleymanova"),
        ("Karabekir", "Karabekir'e", "Karabekirə"),
        ("Aşırlı", "Aşırlı'ya", "Aşırlıya"),
        ("Gümüşgöz", "Gümüşgöz'e", "Gümüşgözə"),
        ("IŞIK", "IŞIK'a", "IŞIKa"),
        ("Mustafa Kemal", "Mustafa Kemal'e", "Mustafa Kemala"),
        ("Celâl", "Celâl'e", "Celâla"),
        ("İhtilal", "İhtilal'e", "İhtilala"),
        ("İstanbul", "İstanbul'a", "İstanbula"),
        ("a report (p. 824)", None, None),
        ("birkaç Türk askeri", "birkaç Türk askerine", "birkaç Türk askerinə"),
        ("Kafkas İslam Ordusu", "Kafkas İslam Ordusu'na", "Kafkas İslam Ordusuna"),
        ("Ali Osman oğlu", "Ali Osman oğlu'na", "Ali Osman oğluna"),
        ("Hüseyin efendi", "Hüseyin efendiye", "Hüseyin efendiyə"),
        ("Hacı Ali", "Hacı Ali'ye", "Hacı Aliyə"),
    ],
)
def test_names_in_the_dative(name: str, tr: str | None, az: str | None) -> None:
    assert Turkish().name_in("dative", Name(name)) == tr
    assert Azerbaijani().name_in("dative", Name(name)) == az


@pytest.mark.parametrize(
    ("language", "name", "ablative", "dative"),
    [
        (Turkish(), "görgü tanığı", "görgü tanığından", "görgü tanığına"),
        (Turkish(), "adı verilmeyen kaynak", "adı verilmeyen kaynaktan", "adı verilmeyen kaynağa"),
        (Turkish(), "hatırat", "hatırattan", "hatırata"),
        (Azerbaijani(), "arxiv sənədi", "arxiv sənədindən", "arxiv sənədinə"),
        (Azerbaijani(), "mətbuat", "mətbuatdan", "mətbuata"),
    ],
)
def test_kinds_of_voices_are_common_nouns(
    language: Turkish | Azerbaijani, name: str, ablative: str, dative: str
) -> None:
    assert language.name_in("ablative", Name(name)) == ablative
    assert language.name_in("dative", Name(name)) == dative


def test_units_soften_before_a_vowel() -> None:
    def said(text: str, language: Turkish | Azerbaijani) -> str:
        return language.counted_in("dative", Fraction(3), Forms(Name(text), {}))

    turkish_, azerbaijani_ = Turkish(), Azerbaijani()
    pairs = {"bölük": "bölüğe", "uçak": "uçağa", "kılıç": "kılıca", "grup": "gruba", "at": "ata",
             "saat": "saate", "telefon hattı": "telefon hattına", "kişi": "kişiye"}  # fmt: skip
    assert {said(text, turkish_) for text in pairs} == {f"3 {form}" for form in pairs.values()}
    assert said("bölük", azerbaijani_) == "3 bölüyə"
    assert said("telefon xətti", azerbaijani_) == "3 telefon xəttinə"
    assert turkish.suffix("genitive", "iki") == "nin"


@pytest.mark.parametrize(
    ("comparator", "number", "expected"),
    [
        ("exactly", 1, "1 полк"), ("exactly", 2, "2 полка"), ("exactly", 5, "5 полков"),
        ("exactly", 11, "11 полков"), ("exactly", 21, "21 полк"), ("exactly", 22, "22 полка"),
        ("about", 2, "около 2 полков"), ("about", 21, "около 21 полка"),
        ("nearly", 3, "почти 3 полка"), ("atLeast", 101, "не менее 101 полка"),
        ("moreThan", 6000, f"более 6{NBSP}000 полков"), ("upTo", 4, "не более 4 полков"),
        ("lessThan", 12, "менее 12 полков"), ("reached", 50, "число, достигшее 50 полков"),
    ],
)  # fmt: skip
def test_russian_figures(comparator: str, number: int, expected: str) -> None:
    assert RU.figure(Figure(comparator, Fraction(number)), REGIMENT["ru"]) == expected


def test_fractions() -> None:
    half = Figure("exactly", Fraction(25, 2))
    assert RU.figure(half, REGIMENT["ru"]) == "12,5 полка"
    assert EN.figure(half, REGIMENT["en"]) == "12.5 regiments"
    assert TR.figure(half, REGIMENT["tr"]) == "12,5 alay"


def test_every_comparator_in_every_language() -> None:
    def said(comparator: str) -> list[str]:
        figure = Figure(comparator, Fraction(3))
        return [language.figure(figure, REGIMENT[code]) for code, language in LANGUAGES.items()]

    assert said("nearly") == [
        "nearly 3 regiments",
        "3'e yakın alay",
        "3 alaya yaxın",
        "почти 3 полка",
    ]
    assert said("reached")[:3] == [
        "a number that reached 3 regiments", "3 alaya ulaşan bir sayı", "3 alaya çatan say",
    ]  # fmt: skip
    assert said("lessThan")[:3] == ["fewer than 3 regiments", "3'ten az alay", "3 alaydan az"]
    assert said("upTo")[:3] == ["up to 3 regiments", "en fazla 3 alay", "ən çoxu 3 alay"]
    assert said("atLeast")[:3] == ["at least 3 regiments", "en az 3 alay", "ən azı 3 alay"]


def test_a_unit_without_forms_stands_openly_in_brackets() -> None:
    unknown = Forms(Name("wagon", " [en]"), {})
    said = [
        language.figure(Figure("exactly", Fraction(3)), unknown) for language in LANGUAGES.values()
    ]
    assert said == ["3 (wagon [en])"] * 4


TIMES = {
    "1918-05-28": ("28 May 1918", "28 Mayıs 1918", "28 may 1918-ci il", "28 мая 1918 года"),
    "1920-06": ("June 1920", "Haziran 1920", "1920-ci ilin iyunu", "июнь 1920 года"),
    "1920": ("1920", "1920", "1920-ci il", "1920 год"),
    "1921-22": ("summer 1921", "1921 yazı", "1921-ci ilin yayı", "лето 1921 года"),
    "../1915-03-31": (
        "until 31 March 1915",
        "31 Mart 1915'e kadar",
        "31 mart 1915-ci il tarixinə qədər",
        "до 31 марта 1915 года",
    ),
    "1921-10-21/..": (
        "from 21 October 1921 on",
        "21 Ekim 1921'den itibaren",
        "21 oktyabr 1921-ci il tarixindən etibarən",
        "с 21 октября 1921 года",
    ),
    "1920-06/1920-22": (
        "from June 1920 to summer 1920",
        "Haziran 1920'den 1920 yazına kadar",
        "1920-ci ilin iyunundan 1920-ci ilin yayına qədər",
        "с июня 1920 года по лето 1920 года",
    ),
    "[1920-24..1921]": (
        "between winter 1920 and 1921",
        "1920 kışı ile 1921 arasında",
        "1920-ci ilin qışı ilə 1921-ci il arasında",
        "в период с зимы 1920 года по 1921 год",
    ),
    "1920-06~": (
        "about June 1920",
        "Haziran 1920 dolayları",
        "təxminən 1920-ci ilin iyunu",
        "около июня 1920 года",
    ),
    "1920-06?": (
        "perhaps June 1920",
        "belki Haziran 1920",
        "bəlkə 1920-ci ilin iyunu",
        "возможно, июнь 1920 года",
    ),
    "1920%": (
        "perhaps about 1920",
        "belki 1920 dolayları",
        "bəlkə təxminən 1920-ci il",
        "возможно, около 1920 года",
    ),
    "1920-06~/1920-06-11": (
        "from about June 1920 to 11 June 1920",
        "Haziran 1920 dolaylarından 11 Haziran 1920'ye kadar",
        "təxminən 1920-ci ilin iyunundan 11 iyun 1920-ci il tarixinə qədər",
        "примерно с июня 1920 года по 11 июня 1920 года",
    ),
    "../1920-06~": (
        "until about June 1920",
        "Haziran 1920 dolaylarına kadar",
        "təxminən 1920-ci ilin iyununa qədər",
        "примерно до июня 1920 года",
    ),
    "1920-06?/..": (
        "from perhaps June 1920 on",
        "belki Haziran 1920'den itibaren",
        "bəlkə 1920-ci ilin iyunundan etibarən",
        "возможно, с июня 1920 года",
    ),
    "1920-05/1920-06?": (
        "from May 1920 to perhaps June 1920",
        "Mayıs 1920'den belki Haziran 1920'ye kadar",
        "1920-ci ilin mayından bəlkə 1920-ci ilin iyununa qədər",
        "с мая 1920 года, возможно, по июнь 1920 года",
    ),
    "[1920?..1921~]": (
        "between perhaps 1920 and about 1921",
        "belki 1920 ile 1921 dolayları arasında",
        "bəlkə 1920-ci il ilə təxminən 1921-ci il arasında",
        "в период, возможно, с 1920 года примерно по 1921 год",
    ),
    "192X": ("192X", "192X", "192X", "192X"),
}


@pytest.mark.parametrize(("text", "expected"), TIMES.items())
def test_times(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(language.time(when(text)) for language in LANGUAGES.values()) == expected


def test_russian_counts_agree() -> None:
    assert RU.count(1, 1) == "На этот вопрос отвечает одно утверждение из одной работы."
    assert RU.count(5, 3) == "На этот вопрос отвечают пять утверждений из трёх работ."
    assert RU.count(21, 21) == "На этот вопрос отвечает 21 утверждение из 21 работы."
    assert RU.one_of(22) == "Это утверждение — один из 22 ответов на вопрос."
    assert RU.broken(2).startswith("Две линии обрываются")
    assert RU.broken(5).startswith("Пять линий обрываются")


def test_a_number_takes_the_accusative_by_its_sound() -> None:
    assert TR.set_against(["(1)", "(3)"]) == "Yazar (1) ile (3)'ü karşı karşıya koyuyor."
    assert TR.set_against(["(1)", "(6)"]) == "Yazar (1) ile (6)'yı karşı karşıya koyuyor."
    assert AZ.set_against(["(1)", "(6)"]) == "Müəllif (1) ilə (6)-nı qarşı-qarşıya qoyur."


def test_a_capital_i_keeps_its_dot() -> None:
    assert TR.capital("isyan") == "İsyan"
    assert AZ.capital("iştirakçı") == "İştirakçı"
    assert EN.capital("iron") == "Iron"


def test_what_has_no_name_at_all_is_called_by_its_address() -> None:
    labels = Labels(Facts([]), "tr")
    assert str(labels.name("https://example.org/id/nobody")) == "nobody"
    assert labels.borrowed == {}


def pair(a: str, b: str) -> Pair:
    def claim(iri: str) -> Claim:
        return Claim(iri, "q", "w", "endorses", *[None] * 6, (), (), (), False)

    return Pair(claim(a), claim(b), "same", False)


def test_pairs_become_groups_in_which_every_two_are_paired() -> None:
    full = [pair("c1", "c2"), pair("c1", "c10"), pair("c2", "c10")]
    assert together(full) == [("c1", "c2", "c10")]
    assert together([*full, pair("c2", "c3")]) == [("c1", "c2", "c10"), ("c2", "c3")]
    assert together([]) == []
