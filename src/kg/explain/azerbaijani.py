"""Azerbaijani: suffixes by vowel harmony, joined to names, after a hyphen on figures."""

from __future__ import annotations

from typing import ClassVar

from kg.explain.labels import Name
from kg.explain.turkic import Harmony, Turkic, common
from kg.explain.when import Moment

__all__ = ["Azerbaijani"]

_NUMBERS = {
    0: "sıfır", 1: "bir", 2: "iki", 3: "üç", 4: "dörd", 5: "beş", 6: "altı", 7: "yeddi",
    8: "səkkiz", 9: "doqquz", 10: "on", 20: "iyirmi", 30: "otuz", 40: "qırx", 50: "əlli",
    60: "altmış", 70: "yetmiş", 80: "səksən", 90: "doxsan", 100: "yüz", 10**3: "min",
    10**6: "milyon", 10**9: "milyard",
}  # fmt: skip
_HARMONY = Harmony("ə", _NUMBERS)


def suffix(case: str, word: str, *, possessed: bool = False) -> str:
    """The ending of a case on a word: ``dative``, ``ablative``, ``accusative``, ``genitive``.

    A `possessed` word already bears its suffix (*iyunu*, its June) and takes an n before the case.
    """
    vowel = _HARMONY.ends_in_vowel(word)
    two, four = _HARMONY.two(word), _HARMONY.four(word)
    if case == "ablative":
        return f"{'n' if possessed else ''}d{two}n"
    if case == "dative":
        return f"{'n' if possessed else 'y' if vowel else ''}{two}"
    if case == "genitive":
        return f"{'n' if vowel else ''}{four}n"
    return f"{'n' if vowel else ''}{four}"


def ordinal(year: int) -> str:
    """A year as the language counts it: 1921-ci, 1910-cu."""
    return f"{year}-c{_HARMONY.four(_HARMONY.spoken(str(year)))}"


class Azerbaijani(Turkic):
    """Azərbaycan dili, Latin alphabet."""

    code = "az"
    quotes = ("«", "»")
    conjunction = "və"
    small = ("bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz", "on")
    languages: ClassVar[dict[str, str]] = {
        "en": "ingiliscəsi",
        "tr": "türkcəsi",
        "az": "azərbaycancası",
        "ru": "ruscası",
    }
    differences: ClassVar[dict[str, str]] = {
        "unit": "vahid",
        "population": "sayılanlar",
        "count mode": "sayma üsulu",
        "time": "zaman",
        "property": "xassə",
        "thing": "mövzu",
    }
    doubts: ClassVar[dict[str, str]] = {
        "web page": "veb-səhifə",
        "cites itself": "özünə istinad edir",
        "same author as the citing work": "istinad edən müəllifin öz əsəri",
        "later than the citing work": "ona istinad edən əsərdən sonra çıxıb",
    }
    reasons: ClassVar[dict[str, str]] = {
        "doubts": "müəllif şübhə ilə yanaşır",
        "rejects": "müəllif rədd edir",
        "not-unconfirmed": "əsər bunu təsdiqlənməmiş sayır",
        "happened-only": "baş verdiyi deyilmir",
        "archival-only": "arxasında arxiv sənədi yoxdur",
        "full-citation-only": "tam istinadı yoxdur",
        "one-voice-per-line": "əvvəlki iddianın əsaslandığı mənbəyə əsaslanır",
        "side": "nə səsi, nə də istinad etdiyi əsər həmin tərəfdəndir",
        "without-side": "səsi və ya istinad etdiyi əsər həmin tərəfdəndir",
    }

    harmony = _HARMONY
    mark = "-"
    with_ = "ilə"
    bodies = frozenset(
        "Alayı Arxivi Birliyi Cümhuriyyəti Diviziyası Heyəti Hökuməti Komandanlığı Komissiyası "
        "Komitəsi Məclisi Məhkəməsi Nazirliyi Ordusu Partiyası İdarəsi".split()
    )
    pages = ("səh.", "səh.")
    note_words = ("qeyd", "qeyd")
    phrases: ClassVar[dict[str, str]] = {
        "exactly": "{counted}",
        "about": "təxminən {counted}",
        "nearly": "{to} yaxın",
        "reached": "{to} çatan say",
        "atLeast": "ən azı {counted}",
        "moreThan": "{from_} çox",
        "upTo": "ən çoxu {counted}",
        "lessThan": "{from_} az",
        "range": "{low} ilə {high} arasında",
        "range, hedged": "təxminən {low} ilə {high} arasında",
        "from": "{first} etibarən",
        "until": "{last} qədər",
        "count, none": "Bu suala cavab verən iddia yoxdur.",
        "count": "Bu suala {works} əsərdən {claims} iddia cavab verir.",
        "one of, alone": "Bu iddia sualın yeganə cavabıdır.",
        "one of": "Bu iddia sualın {answers} cavabından biridir.",
        "after": "{work} görə",
        "in the work": "{work} əsərində",
        "endorses": "bildirir",
        "reports": "nəql edir",
        "doubts": "şübhə ilə qeyd edir",
        "rejects": "qeyd edir və rədd edir",
        "endorses, of others": "başqasına əsaslanaraq bildirir",
        "reports, of others": "başqasından nəql edir",
        "doubts, of others": "başqasından nəql etdiyinə şübhə ilə yanaşır",
        "rejects, of others": "başqasından nəql etdiyini rədd edir",
        "cites, text": "Göstərilən",
        "cites, note": "Qeyddə göstərilən",
        "cites, notes": "Qeydlərdə göstərilən",
        "cites, one": "{where} mənbə: {works}.",
        "cites, more": "{where} mənbələr: {works}.",
        "reason": "Əsaslandırma: {text}",
        "withdrawn": "Bu iddia geri götürülüb: {reason}",
        "modality": "Bu yalnız {label} işdir; baş verdiyi deyilmir.",
        "certainty": "Əsərdəki yəqinlik dərəcəsi: {label}.",
        "date rule": "Vaxt {rule} qaydası ilə oxunub.",
        "supplied, time": "Kvadrat mötərizədəki vaxtı kontekstə görə biz tamamlamışıq.",
        "supplied, answer": "Kvadrat mötərizədəki cavabı kontekstə görə biz tamamlamışıq.",
        "hearsay": "Söz {path}, ondan da {work} keçib.",
        "disjoint": "{all} bir-birini istisna edir.",
        "overlapping": "{all} qismən üst-üstə düşür.",
        "nested": "{all} iç-içədir: biri o birinin hədləri daxilində qalır.",
        "compatible-bound": "{all} uzlaşa bilər: hədlərdən biri məlum deyil.",
        "successive": "{all} zamanca bir-birinin ardınca gəlir, bir-birinə zidd deyil.",
        "same": "{all} eyni şeyi deyir.",
        "not-comparable": "{all} müqayisə olunmur.",
        "set against": "Müəllif {all} qarşı-qarşıya qoyur.",
        "contradiction": "{all} {holder} öz sözüdür; burada oxunduğu kimi bir-birini istisna edir.",
        "beside": "Müqayisə olunmur: {title} ({answers}).",
        "differ, one": "İki sualın fərqləndiyi cəhət: {what}.",
        "differ, more": "İki sualın fərqləndiyi cəhətlər: {what}.",
        "sum": "{work} hissələrin cəmi{plan}: {amount}",
        "sum, subtotal": "; aralıq cəm ola bilən say həqiqətən aralıq cəmdirsə, {amount}",
        "numbered": "{parts} hissənin sayı var",
        "unnumbered": ", {parts} hissəninki yoxdur",
        "these, one": "Bu cavabın",
        "these, more": "Bu cavabların",
        "support, none": "{these} arxasında izlənilə bilən dayaq yoxdur.",
        "support": "{these} arxasında {lines} müstəqil dayaq var: {works}.",
        "broken": "{lines} dayaq açılmamış qısa istinadda qırılır.",
        "same file": "{all} eyni işə istinad edir: {record}.",
        "same leaf": "{all} eyni işə, hətta eyni vərəqə istinad edir: {record}.",
        "second look": "Yenidən baxılmalıdır: {works}.",
        "envelope, low to high": "Rəqəmlər{plan} birlikdə {low} {high} qədərdir.",
        "envelope, low to ?": "Rəqəmlər{plan} birlikdə {low} başlayır; yuxarı hədd məlum deyil.",
        "envelope, ? to high": "Rəqəmlər{plan} birlikdə {high} çatır; aşağı hədd məlum deyil.",
        "envelope, ? to ?": "Rəqəmlərin{plan} birlikdə aşağıya və yuxarıya nə "
        "qədər uzandığı məlum deyil.",
        "width": "Tək rəqəmin qarşısındakı «təxminən» hər iki tərəfə {share} faiz payla "
        "oxunub; aralıqların hədləri çap olunduğu kimidir.",
        "left out": "{policy} prinsipi ilə kənarda qalıb: {what}: {why}.",
        "cite as": "İstinad: {citation}, {address}",
        "borrowed": "[{code}]: verilənlərdə azərbaycancası yoxdur; {language} verilib.",
    }

    def suffix(self, case: str, word: str, *, possessed: bool = False) -> str:
        return suffix(case, word, possessed=possessed)

    def stem(self, word: str) -> str:
        """Bölük gives bölüy-, otaq gives otağ-."""
        many = sum(c in "aeıioöuüə" for c in word.rsplit(maxsplit=1)[-1]) > 1
        if many and word[-1] in "kq":
            return word[:-1] + ("y" if word[-1] == "k" else "ğ")
        return word

    def name_in(self, case: str, name: Name) -> str | None:
        """A name with the ending of a case; None where no suffix can follow it."""
        word = _HARMONY.word(name.text)
        if word is None:
            return None
        ending = suffix(case, word, possessed=self.owned(name.text))
        if name.text[-1:].isdigit():
            return f"{name.text}-{ending}{name.mark}"
        softens = common(word) and case != "ablative" and not name.mark
        return f"{self.stem(name.text) if softens else name.text}{ending}{name.mark}"

    def moment(self, moment: Moment) -> str:
        year = ordinal(moment.year)
        if moment.season is not None:
            text = f"{year} ilin {('yazı', 'yayı', 'payızı', 'qışı')[moment.season]}"
        elif moment.month is None:
            text = f"{year} il"
        elif moment.day:
            text = f"{moment.day} {self.month(moment.month)} {year} il"
        else:
            month = self.month(moment.month, alone=True)
            text = f"{year} ilin {month.lower()}{_HARMONY.four(month)}"
        text = f"təxminən {text}" if moment.approximate else text
        return f"bəlkə {text}" if moment.uncertain else text

    def moment_in(self, case: str, moment: Moment) -> str:
        """A day, month or year with the ending of a case: 31 mart 1915-ci il tarixinə."""
        owned = moment.season is not None or moment.month is not None
        text = f"{self.moment(moment)} tarixi" if moment.day else self.moment(moment)
        return f"{text}{suffix(case, text.split()[-1], possessed=owned)}"
