"""Azerbaijani: suffixes by vowel harmony, joined to names, after a hyphen on figures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from kg.explain.labels import Forms, Name
from kg.explain.language import Language, Voice
from kg.explain.turkic import Harmony
from kg.explain.when import Moment, When
from kg.figures import Figure, Kind

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


class Azerbaijani(Language):
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
        "population": "sayılan toplum",
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
        "one-voice-per-line": "əvvəlki iddianın dayandığı mənbəyə dayanır",
        "side": "nə səsi, nə də istinad etdiyi əsər həmin tərəfdəndir",
        "without-side": "səsi və ya istinad etdiyi əsər həmin tərəfdəndir",
    }

    def capital(self, text: str) -> str:
        return ("İ" + text[1:]) if text.startswith("i") else super().capital(text)

    def number_in(self, case: str, number: Fraction) -> str:
        """A figure with the ending of a case: 6.000-dən."""
        text = self.number(number)
        return f"{text}-{suffix(case, _HARMONY.word(text) or '')}"

    def name_in(self, case: str, name: Name) -> str | None:
        """A name with the ending of a case; None where no suffix can follow it."""
        word = _HARMONY.word(name.text)
        hyphen = "-" if name.text[-1:].isdigit() else ""
        return f"{name.text}{hyphen}{suffix(case, word)}{name.mark}" if word else None

    def counted_in(self, case: str, number: Fraction, unit: Forms | None) -> str:
        """A figure with its unit, the unit with the ending: 70.000 nəfərə."""
        if unit is None:
            return self.number_in(case, number)
        if unit.name.mark:
            return f"{self.number_in(case, number)} ({unit.name})"
        word = unit.name.text
        ending = suffix(case, word, possessed=_owned(unit))
        stem = _stem(unit) if case == "dative" and not _HARMONY.ends_in_vowel(word) else word
        return f"{self.number(number)} {stem}{ending}"

    def _counted(self, number: Fraction, unit: Forms | None) -> str:
        if unit is None:
            return self.number(number)
        if unit.name.mark:
            return f"{self.number(number)} ({unit.name})"
        return f"{self.number(number)} {unit.name.text}"

    def figure(self, figure: Figure, unit: Forms | None, *, hedged: bool = False) -> str:
        if figure.point is None:
            assert figure.low is not None and figure.high is not None
            some = "təxminən " if hedged else ""
            low, high = self.number(figure.low), self._counted(figure.high, unit)
            return f"{some}{low} ilə {high} arasında"
        counted = self._counted(figure.point, unit)
        return {
            "exactly": counted,
            "about": f"təxminən {counted}",
            "nearly": f"{self.counted_in('dative', figure.point, unit)} yaxın",
            "reached": f"{self.counted_in('dative', figure.point, unit)} çatan say",
            "atLeast": f"ən azı {counted}",
            "moreThan": f"{self.counted_in('ablative', figure.point, unit)} çox",
            "upTo": f"ən çoxu {counted}",
            "lessThan": f"{self.counted_in('ablative', figure.point, unit)} az",
        }[figure.comparator]

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
        return f"bəlkə {text}" if moment.hedged else text

    def moment_in(self, case: str, moment: Moment) -> str:
        """A day, month or year with the ending of a case: 31 mart 1915-ci ilə."""
        owned = moment.season is not None or bool(moment.month and not moment.day)
        text = self.moment(moment)
        return f"{text}{suffix(case, text.split()[-1], possessed=owned)}"

    def time(self, when: When) -> str:
        first, last = when.first, when.last
        if when.span == "at" and first:
            return self.moment(first)
        if when.span == "from" and first:
            return f"{self.moment_in('ablative', first)} etibarən"
        if when.span == "until" and last:
            return f"{self.moment_in('dative', last)} qədər"
        if first and last and when.span == "lasting":
            return f"{self.moment_in('ablative', first)} {self.moment_in('dative', last)} qədər"
        if first and last:
            return f"{self.moment(first)} ilə {self.moment(last)} arasında"
        return when.raw

    def count(self, claims: int, works: int) -> str:
        if not claims:
            return "Bu suala cavab verən iddia yoxdur."
        return f"Bu suala {self.words(works)} əsərdən {self.words(claims)} iddia cavab verir."

    def one_of(self, claims: int) -> str:
        if claims == 1:
            return "Bu iddia sualın yeganə cavabıdır."
        return f"Bu iddia sualın {self.words(claims)} cavabından biridir."

    def says(self, work: Name, stance: str, voice: Voice | None) -> str:
        if voice is None:
            after = self.name_in("dative", work) if stance == "endorses" else None
            if after:
                return f"{after} görə:"
            verb = {
                "endorses": "bildirir",
                "reports": "nəql edir",
                "doubts": "şübhə ilə xatırladır",
                "rejects": "xatırladır və rədd edir",
            }[stance]
            return f"{work} {verb}:"
        verb = {
            "endorses": "başqasına əsaslanaraq bildirir",
            "reports": "başqasından nəql edir",
            "doubts": "başqasından nəql etdiyinə şübhə ilə yanaşır",
            "rejects": "başqasından nəql etdiyini rədd edir",
        }[stance]
        return f"{work} {verb} ({voice}):"

    def page(self, page: str) -> str:
        return f"səh. {page.replace('-', '–')}" if page[:1].isdigit() else page

    def notes(self, notes: str) -> str:
        return f"qeyd {notes}"

    def cites(self, works: Sequence[str], notes: int) -> str:
        where = ("Göstərilən", "Qeyddə göstərilən", "Qeydlərdə göstərilən")[min(notes, 2)]
        noun = "mənbələr" if len(works) > 1 else "mənbə"
        return f"{where} {noun}: {'; '.join(works)}."

    def reason(self, text: str) -> str:
        return f"Əsaslandırma: {text}"

    def withdrawn(self, reason: str) -> str:
        return f"Bu iddia geri götürülüb: {reason}"

    def modality(self, label: str) -> str:
        return f"Bu yalnız {label} işdir; baş verdiyi deyilmir."

    def certainty(self, label: str) -> str:
        return f"Əsərdəki əminlik dərəcəsi: {label}."

    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        def at(case: str, name: Name, kind: str) -> str:
            inflected = self.name_in(case, name) or str(name)
            return f"{inflected} ({kind})" if kind else inflected

        steps = [at("ablative", *chain[0]), *(at("dative", *link) for link in chain[1:])]
        path = f"{steps[0]} {', ondan '.join(steps[1:])}"
        return f"Söz {path}, ondan da {self.name_in('dative', work) or work} keçib."

    def _both(self, refs: Sequence[str]) -> str:
        return " ilə ".join(refs) if len(refs) == 2 else self.listed(refs)

    def standing(self, kind: Kind, refs: Sequence[str]) -> str:
        both = self._both(refs)
        return {
            "disjoint": f"{both} bir-birini istisna edir.",
            "overlapping": f"{both} qismən üst-üstə düşür.",
            "nested": f"{both} iç-içədir: biri o birinin hədləri daxilində qalır.",
            "compatible-bound": f"{both} uyuşa bilər: hədlərdən biri məlum deyil.",
            "successive": f"{both} zamanca bir-birinin ardınca gəlir, zidd deyil.",
            "same": f"{both} eyni şeyi deyir.",
            "not-comparable": f"{both} müqayisə olunmur.",
        }[kind]

    def set_against(self, refs: Sequence[str]) -> str:
        last = suffix("accusative", _HARMONY.word(refs[-1].strip("()")) or "")
        return f"Müəllif {self._both(refs)}-{last} qarşı-qarşıya qoyur."

    def contradiction(self, refs: Sequence[str], holder: Name) -> str:
        of = self.name_in("genitive", holder) or str(holder)
        return f"{self._both(refs)} {of} öz sözüdür və bir-birinə ziddir."

    def not_comparable(self, title: str, answers: str, differs: Sequence[str]) -> str:
        noun = "cəhətlər" if len(differs) > 1 else "cəhət"
        what = f"Müqayisə olunmur: {self.quote(title)} ({answers})."
        return f"{what} İki sualın fərqləndiyi {noun}: {self.listed(differs)}."

    def sum(
        self,
        work: Name,
        amount: str,
        subtotal: str | None,
        numbered: int,
        unnumbered: int,
        modality: str | None,
    ) -> str:
        after = self.name_in("dative", work)
        who = f"{after} görə" if after else f"{work} əsərində"
        plan = f" ({modality})" if modality else ""
        text = f"{who} hissələrin cəmi{plan}: {amount}"
        if subtotal:
            text += f"; aralıq cəm ola bilən say həqiqətən aralıq cəmdirsə, {subtotal}"
        some = f"{self.capital(self.words(numbered))} hissənin sayı var"
        none = f", {self.words(unnumbered)} hissəninki yoxdur" if unnumbered else ""
        return f"{text}. {some}{none}."

    def support(self, claims: int, works: Sequence[str]) -> str:
        these = "Bu cavabların" if claims > 1 else "Bu cavabın"
        if not works:
            return f"{these} arxasında izlənilə bilən dayaq yoxdur."
        count = self.words(len(works))
        return f"{these} arxasında {count} müstəqil dayaq var: {'; '.join(works)}."

    def broken(self, lines: int) -> str:
        return f"{self.capital(self.words(lines))} dayaq açılmamış qısa istinadda qırılır."

    def same_file(self, refs: Sequence[str], record: str, *, leaf: bool) -> str:
        same = "eyni işə, hətta eyni vərəqə" if leaf else "eyni işə"
        return f"{self._both(refs)} {same} istinad edir: {record}."

    def second_look(self, works: Sequence[str]) -> str:
        return f"Yenidən baxılmalıdır: {'; '.join(works)}."

    def envelope(self, low: Fraction | None, high: Fraction | None, unit: Forms | None) -> str:
        together = "Rəqəmlər birlikdə"
        if low is not None and high is not None:
            end = self.counted_in("dative", high, unit)
            return f"{together} {self.number_in('ablative', low)} {end} qədərdir."
        if low is not None:
            start = self.counted_in("ablative", low, unit)
            return f"{together} {start} başlayır; yuxarı hədd məlum deyil."
        if high is not None:
            end = self.counted_in("dative", high, unit)
            return f"{together} {end} çatır; aşağı hədd məlum deyil."
        return "Rəqəmlərin birlikdə aşağıya və yuxarıya nə qədər uzandığı məlum deyil."

    def width(self, share: Fraction) -> str:
        return f"«Təxminən» hər iki tərəfə {self.percent(share)} faiz payla oxunub."

    def left_out(self, policy: str, what: str, why: str) -> str:
        return f"{policy} prinsipi ilə kənarda qalıb: {what}: {why}."

    def cite_as(self, citation: str, address: str) -> str:
        return f"İstinad: {citation}, {address}"

    def borrowed(self, code: str) -> str:
        language = self.languages.get(code, code)
        return f"[{code}]: verilənlərdə azərbaycancası yoxdur; {language} verilib."


def _owned(unit: Forms) -> bool:
    """Whether a unit is a compound that bears the suffix of possession: *telefon xətti*."""
    words = unit.name.text.split()
    return len(words) > 1 and words[-1][-1:] in "ıiuü"


def _stem(unit: Forms) -> str:
    """A unit before a suffix that begins with a vowel: bölük gives bölüy-, otaq gives otağ-."""
    text = unit.name.text
    many = sum(c in "aeıioöuüə" for c in text.split()[-1]) > 1
    if many and text[-1] in "kq":
        return text[:-1] + ("y" if text[-1] == "k" else "ğ")
    return text
