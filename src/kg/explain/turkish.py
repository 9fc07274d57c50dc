"""Turkish: suffixes by vowel harmony, after an apostrophe on names and figures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from kg.explain.labels import Forms, Name
from kg.explain.language import Language, Voice
from kg.explain.turkic import Harmony
from kg.explain.when import Moment, When
from kg.figures import Figure, Kind

__all__ = ["Turkish"]

_NUMBERS = {
    0: "sıfır", 1: "bir", 2: "iki", 3: "üç", 4: "dört", 5: "beş", 6: "altı", 7: "yedi", 8: "sekiz",
    9: "dokuz", 10: "on", 20: "yirmi", 30: "otuz", 40: "kırk", 50: "elli", 60: "altmış",
    70: "yetmiş", 80: "seksen", 90: "doksan", 100: "yüz", 10**3: "bin", 10**6: "milyon",
    10**9: "milyar",
}  # fmt: skip
_HARMONY = Harmony("e", _NUMBERS)
_SOFT = {"grup": "grub"}  # a word of one syllable that softens all the same
_FRONT = {"saat"}  # words of Arabic that take front vowels against their own


def suffix(case: str, word: str, *, possessed: bool = False) -> str:
    """The ending of a case on a word: ``dative``, ``ablative``, ``accusative``, ``genitive``.

    A `possessed` word already bears its suffix (*yazı*, its summer) and takes an n before the case.
    """
    vowel = _HARMONY.ends_in_vowel(word)
    two, four = _HARMONY.two(word), _HARMONY.four(word)
    if word in _FRONT:
        two, four = "e", "i"
    if case == "ablative":
        return f"{'n' if possessed else ''}{'t' if _HARMONY.hard(word) else 'd'}{two}n"
    if case == "genitive":
        return f"{'n' if vowel else ''}{four}n"
    ending = two if case == "dative" else four
    return f"{'n' if possessed else 'y' if vowel else ''}{ending}"


class Turkish(Language):
    """Türkiye Türkçesi."""

    code = "tr"
    quotes = ("“", "”")
    conjunction = "ve"
    small = ("bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz", "on")
    languages: ClassVar[dict[str, str]] = {
        "en": "İngilizcesi",
        "tr": "Türkçesi",
        "az": "Azerbaycancası",
        "ru": "Rusçası",
    }
    differences: ClassVar[dict[str, str]] = {
        "unit": "birim",
        "population": "sayılan topluluk",
        "count mode": "sayım biçimi",
        "time": "zaman",
        "property": "özellik",
        "thing": "konu",
    }
    doubts: ClassVar[dict[str, str]] = {
        "web page": "web sayfası",
        "cites itself": "kendine atıf yapıyor",
        "same author as the citing work": "atıf yapan yazarın kendi eseri",
        "later than the citing work": "kendisine atıf yapan eserden sonra yayımlanmış",
    }
    reasons: ClassVar[dict[str, str]] = {
        "doubts": "yazar kuşkuyla karşılıyor",
        "rejects": "yazar reddediyor",
        "not-unconfirmed": "eser bunu doğrulanmamış sayıyor",
        "happened-only": "gerçekleştiği söylenmiyor",
        "archival-only": "arkasında arşiv belgesi yok",
        "full-citation-only": "tam künyeli bir atfı yok",
        "one-voice-per-line": "daha önceki bir iddianın dayandığı kaynağa dayanıyor",
        "side": "ne sahibi ne de atıf yapılan bir eser o taraftan",
        "without-side": "sahibi ya da atıf yapılan bir eser o taraftan",
    }

    def capital(self, text: str) -> str:
        return ("İ" + text[1:]) if text.startswith("i") else super().capital(text)

    def number_in(self, case: str, number: Fraction) -> str:
        """A figure with the ending of a case: 6.000'den."""
        text = self.number(number)
        return f"{text}'{suffix(case, _HARMONY.word(text) or '')}"

    def name_in(self, case: str, name: Name) -> str | None:
        """A name with the ending of a case; None where no suffix can follow it."""
        word = _HARMONY.word(name.text)
        return f"{name.text}'{suffix(case, word)}{name.mark}" if word else None

    def counted_in(self, case: str, number: Fraction, unit: Forms | None) -> str:
        """A figure with its unit, the unit with the ending: 70.000 kişiye."""
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
            some = "yaklaşık " if hedged else ""
            low, high = self.number(figure.low), self._counted(figure.high, unit)
            return f"{some}{low} ile {high} arasında"
        counted = self._counted(figure.point, unit)
        of = counted.removeprefix(self.number(figure.point))
        return {
            "exactly": counted,
            "about": f"yaklaşık {counted}",
            "nearly": f"{self.number_in('dative', figure.point)} yakın{of}",
            "reached": f"{self.counted_in('dative', figure.point, unit)} ulaşan bir sayı",
            "atLeast": f"en az {counted}",
            "moreThan": f"{self.number_in('ablative', figure.point)} fazla{of}",
            "upTo": f"en fazla {counted}",
            "lessThan": f"{self.number_in('ablative', figure.point)} az{of}",
        }[figure.comparator]

    def moment(self, moment: Moment) -> str:
        if moment.season is not None:
            season = ("ilkbaharı", "yazı", "sonbaharı", "kışı")[moment.season]
            text = f"{moment.year} {season}"
        elif moment.month is None:
            text = str(moment.year)
        else:
            day = f"{moment.day} " if moment.day else ""
            text = f"{day}{self.month(moment.month)} {moment.year}"
        return f"belki {text}" if moment.hedged else text

    def moment_in(self, case: str, moment: Moment) -> str:
        """A day, month or year with the ending of a case: 31 Mart 1915'e, 1921 yazına."""
        text = self.moment(moment)
        mark = "" if moment.season is not None else "'"
        word = _HARMONY.word(text) or ""
        return f"{text}{mark}{suffix(case, word, possessed=moment.season is not None)}"

    def time(self, when: When) -> str:
        first, last = when.first, when.last
        if when.span == "at" and first:
            return self.moment(first)
        if when.span == "from" and first:
            return f"{self.moment_in('ablative', first)} itibaren"
        if when.span == "until" and last:
            return f"{self.moment_in('dative', last)} kadar"
        if first and last and when.span == "lasting":
            return f"{self.moment_in('ablative', first)} {self.moment_in('dative', last)} kadar"
        if first and last:
            return f"{self.moment(first)} ile {self.moment(last)} arasında"
        return when.raw

    def count(self, claims: int, works: int) -> str:
        if not claims:
            return "Bu soruyu yanıtlayan bir iddia yok."
        return f"Bu soruyu {self.words(works)} eserden {self.words(claims)} iddia yanıtlıyor."

    def one_of(self, claims: int) -> str:
        if claims == 1:
            return "Bu iddia, sorunun tek yanıtı."
        return f"Bu iddia, sorunun {self.words(claims)} yanıtından biri."

    def says(self, work: Name, stance: str, voice: Voice | None) -> str:
        if voice is None:
            after = self.name_in("dative", work) if stance == "endorses" else None
            if after:
                return f"{after} göre:"
            verb = {
                "endorses": "bildiriyor",
                "reports": "aktarıyor",
                "doubts": "kuşkuyla anıyor",
                "rejects": "anıyor ve reddediyor",
            }[stance]
            return f"{work} {verb}:"
        verb = {
            "endorses": "başkasına dayanarak bildiriyor",
            "reports": "başkasından aktarıyor",
            "doubts": "başkasından aktardığına kuşkuyla bakıyor",
            "rejects": "başkasından aktardığını reddediyor",
        }[stance]
        return f"{work} {verb} ({voice}):"

    def page(self, page: str) -> str:
        return f"s. {page.replace('-', '–')}" if page[:1].isdigit() else page

    def notes(self, notes: str) -> str:
        return f"dipnot {notes}"

    def cites(self, works: Sequence[str], notes: int) -> str:
        where = ("Gösterilen", "Dipnotta gösterilen", "Dipnotlarda gösterilen")[min(notes, 2)]
        noun = "kaynaklar" if len(works) > 1 else "kaynak"
        return f"{where} {noun}: {'; '.join(works)}."

    def reason(self, text: str) -> str:
        return f"Gerekçesi: {text}"

    def withdrawn(self, reason: str) -> str:
        return f"Bu iddia geri çekildi: {reason}"

    def modality(self, label: str) -> str:
        return f"Bu yalnızca {label} bir iştir; gerçekleştiği söylenmiyor."

    def certainty(self, label: str) -> str:
        return f"Eserdeki kesinlik derecesi: {label}."

    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        def at(case: str, name: Name, kind: str) -> str:
            inflected = self.name_in(case, name) or str(name)
            return f"{inflected} ({kind})" if kind else inflected

        steps = [at("ablative", *chain[0]), *(at("dative", *link) for link in chain[1:])]
        path = f"{steps[0]} {', ondan '.join(steps[1:])}"
        return f"Söz {path}, ondan da {self.name_in('dative', work) or work} geçmiş."

    def _both(self, refs: Sequence[str]) -> str:
        return " ile ".join(refs) if len(refs) == 2 else self.listed(refs)

    def standing(self, kind: Kind, refs: Sequence[str]) -> str:
        both = self._both(refs)
        return {
            "disjoint": f"{both} birbirini dışlıyor.",
            "overlapping": f"{both} kısmen örtüşüyor.",
            "nested": f"{both} iç içe: biri ötekinin sınırları içinde kalıyor.",
            "compatible-bound": f"{both} bağdaşabilir: uçlardan biri bilinmiyor.",
            "successive": f"{both} zamanca birbirini izliyor, çelişmiyor.",
            "same": f"{both} aynı şeyi söylüyor.",
            "not-comparable": f"{both} karşılaştırılamaz.",
        }[kind]

    def set_against(self, refs: Sequence[str]) -> str:
        last = suffix("accusative", _HARMONY.word(refs[-1].strip("()")) or "")
        return f"Yazar {self._both(refs)}'{last} karşı karşıya koyuyor."

    def contradiction(self, refs: Sequence[str], holder: Name) -> str:
        of = self.name_in("genitive", holder) or str(holder)
        return f"{self._both(refs)} {of} kendi sözüdür ve birbiriyle çelişir."

    def not_comparable(self, title: str, answers: str, differs: Sequence[str]) -> str:
        noun = "noktalar" if len(differs) > 1 else "nokta"
        what = f"Karşılaştırılamaz: {self.quote(title)} ({answers})."
        return f"{what} İki sorunun ayrıldığı {noun}: {self.listed(differs)}."

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
        who = f"{after} göre" if after else f"{work} eserinde"
        plan = f" ({modality})" if modality else ""
        text = f"{who} parçaların toplamı{plan}: {amount}"
        if subtotal:
            text += f"; ara toplam olabilecek sayı gerçekten ara toplamsa {subtotal}"
        some = f"{self.capital(self.words(numbered))} parçanın sayısı var"
        none = f", {self.words(unnumbered)} parçanınki yok" if unnumbered else ""
        return f"{text}. {some}{none}."

    def support(self, claims: int, works: Sequence[str]) -> str:
        these = "Bu yanıtların" if claims > 1 else "Bu yanıtın"
        if not works:
            return f"{these} arkasında izlenebilen bir dayanak yok."
        count = self.words(len(works))
        return f"{these} arkasında {count} bağımsız dayanak var: {'; '.join(works)}."

    def broken(self, lines: int) -> str:
        return f"{self.capital(self.words(lines))} dayanak, çözülemeyen bir kısa atıfta kopuyor."

    def same_file(self, refs: Sequence[str], record: str, *, leaf: bool) -> str:
        same = "aynı dosyaya, hatta aynı yaprağa" if leaf else "aynı dosyaya"
        return f"{self._both(refs)} {same} atıf yapıyor: {record}."

    def second_look(self, works: Sequence[str]) -> str:
        return f"Ayrıca bakılmalı: {'; '.join(works)}."

    def envelope(self, low: Fraction | None, high: Fraction | None, unit: Forms | None) -> str:
        together = "Sayılar birlikte alındığında"
        if low is not None and high is not None:
            end = self.counted_in("dative", high, unit)
            return f"{together} {self.number_in('ablative', low)} {end} uzanıyor."
        if low is not None:
            start = self.counted_in("ablative", low, unit)
            return f"{together} {start} başlıyor; üst uç bilinmiyor."
        if high is not None:
            return f"{together} {self.counted_in('dative', high, unit)} varıyor; alt uç bilinmiyor."
        return "Sayıların birlikte aşağıya ve yukarıya ne kadar uzandığı bilinmiyor."

    def width(self, share: Fraction) -> str:
        return f"“Yaklaşık”, iki yana yüzde {self.percent(share)} pay bırakılarak okundu."

    def left_out(self, policy: str, what: str, why: str) -> str:
        return f"{policy} ilkesiyle dışarıda bırakıldı: {what}: {why}."

    def cite_as(self, citation: str, address: str) -> str:
        return f"Kaynak gösterimi: {citation}, {address}"

    def borrowed(self, code: str) -> str:
        language = self.languages.get(code, code)
        return f"[{code}]: veride Türkçesi yok; {language} verildi."


def _owned(unit: Forms) -> bool:
    """Whether a unit is a compound that bears the suffix of possession: *telefon hattı*."""
    words = unit.name.text.split()
    return len(words) > 1 and words[-1][-1:] in "ıiuü"


def _stem(unit: Forms) -> str:
    """A unit before a suffix that begins with a vowel: bölük gives bölüğ-, kılıç gives kılıc-."""
    text = unit.name.text
    head, last = text[: -len(text.split()[-1])], text.split()[-1]
    if last in _SOFT:
        return head + _SOFT[last]
    many = sum(c in "aeıioöuü" for c in last) > 1
    if many and last[-1] in "kç" and last[-2] not in "n":
        return f"{head}{last[:-1]}{'ğ' if last[-1] == 'k' else 'c'}"
    return text
