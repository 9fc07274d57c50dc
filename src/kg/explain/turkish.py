"""Turkish: suffixes by vowel harmony, after an apostrophe on names and figures."""

from __future__ import annotations

from typing import ClassVar

from kg.explain.labels import Name
from kg.explain.turkic import Harmony, Turkic, common
from kg.explain.when import Moment

__all__ = ["Turkish"]

_NUMBERS = {
    0: "sıfır", 1: "bir", 2: "iki", 3: "üç", 4: "dört", 5: "beş", 6: "altı", 7: "yedi", 8: "sekiz",
    9: "dokuz", 10: "on", 20: "yirmi", 30: "otuz", 40: "kırk", 50: "elli", 60: "altmış",
    70: "yetmiş", 80: "seksen", 90: "doksan", 100: "yüz", 10**3: "bin", 10**6: "milyon",
    10**9: "milyar",
}  # fmt: skip
_HARMONY = Harmony("e", _NUMBERS)
_SOFT = {"grup": "grub"}  # a word of one syllable that softens all the same
_KIN = frozenset({"oğlu", "kızı"})  # the end of a person's name, though written small
_FRONT = frozenset(  # words of other languages that take front vowels against their own
    "saat kemal cemal celal resul hilal istiklal ihtilal işgal hal usul general korgeneral "
    "tümgeneral tuğgeneral amiral mareşal rol kontrol petrol protokol".split()
)


def suffix(case: str, word: str, *, possessed: bool = False) -> str:
    """The ending of a case on a word: ``dative``, ``ablative``, ``accusative``, ``genitive``.

    A `possessed` word already bears its suffix (*yazı*, its summer) and takes an n before the case.
    """
    vowel = _HARMONY.ends_in_vowel(word)
    two, four = _HARMONY.two(word), _HARMONY.four(word)
    if _HARMONY.low(word) in _FRONT:
        two, four = "e", "ü" if four == "u" else "i"
    if case == "ablative":
        return f"{'n' if possessed else ''}{'t' if _HARMONY.hard(word) else 'd'}{two}n"
    if case == "genitive":
        return f"{'n' if vowel else ''}{four}n"
    ending = two if case == "dative" else four
    return f"{'n' if possessed else 'y' if vowel else ''}{ending}"


class Turkish(Turkic):
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
        "cites itself": "kendisine atıf yapıyor",
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

    harmony = _HARMONY
    mark = "'"
    with_ = "ile"
    bodies = frozenset(
        "Alayı Arşivi Bakanlığı Birliği Cumhuriyeti Dairesi Heyeti Hükümeti Komisyonu Komitesi "
        "Komutanlığı Mahkemesi Meclisi Nezareti Ordusu Partisi Tugayı Tümeni Yönetimi".split()
    )
    pages = ("s.", "s.")
    note_words = ("dipnot", "dipnot")
    phrases: ClassVar[dict[str, str]] = {
        "exactly": "{counted}",
        "about": "yaklaşık {counted}",
        "nearly": "{to_number} yakın{unit}",
        "reached": "{to} ulaşan bir sayı",
        "atLeast": "en az {counted}",
        "moreThan": "{from_number} fazla{unit}",
        "upTo": "en fazla {counted}",
        "lessThan": "{from_number} az{unit}",
        "range": "{low} ile {high} arasında",
        "range, hedged": "yaklaşık {low} ile {high} arasında",
        "from": "{first} itibaren",
        "until": "{last} kadar",
        "count, none": "Bu soruya cevap veren bir iddia yok.",
        "count": "Bu soruya {works} eserden {claims} iddia cevap veriyor.",
        "one of, alone": "Bu iddia, sorunun tek cevabı.",
        "one of": "Bu iddia, sorunun {answers} cevabından biri.",
        "after": "{work} göre",
        "in the work": "{work} eserinde",
        "endorses": "bildiriyor",
        "reports": "aktarıyor",
        "doubts": "kuşkuyla anıyor",
        "rejects": "anıyor ve reddediyor",
        "endorses, of others": "başkasına dayanarak bildiriyor",
        "reports, of others": "başkasından aktarıyor",
        "doubts, of others": "başkasından aktardığına kuşkuyla bakıyor",
        "rejects, of others": "başkasından aktardığını reddediyor",
        "cites, text": "Gösterilen",
        "cites, note": "Dipnotta gösterilen",
        "cites, notes": "Dipnotlarda gösterilen",
        "cites, one": "{where} kaynak: {works}.",
        "cites, more": "{where} kaynaklar: {works}.",
        "reason": "Gerekçesi: {text}",
        "withdrawn": "Bu iddia geri çekildi: {reason}",
        "modality": "Bu yalnızca {label} bir iştir; gerçekleştiği söylenmiyor.",
        "certainty": "Eserdeki kesinlik derecesi: {label}.",
        "date rule": "Zaman {rule} kuralıyla okundu.",
        "supplied, time": "Köşeli ayraç içindeki zamanı bağlamdan biz tamamladık.",
        "supplied, answer": "Köşeli ayraç içindeki cevabı bağlamdan biz tamamladık.",
        "hearsay": "Söz {path}, ondan da {work} geçmiş.",
        "disjoint": "{all} birbirini dışlıyor.",
        "overlapping": "{all} kısmen örtüşüyor.",
        "nested": "{all} iç içe: biri ötekinin sınırları içinde kalıyor.",
        "compatible-bound": "{all} bağdaşabilir: uçlardan biri bilinmiyor.",
        "successive": "{all} zamanca birbirini izliyor, çelişmiyor.",
        "same": "{all} aynı şeyi söylüyor.",
        "not-comparable": "{all} karşılaştırılamaz.",
        "set against": "Yazar {all} karşı karşıya koyuyor.",
        "contradiction": "{all} {holder} kendi sözüdür; burada okundukları biçimiyle birbirini"
        " dışlar.",
        "beside": "Karşılaştırılamaz: {title} ({answers}).",
        "differ, one": "İki sorunun ayrıldığı nokta: {what}.",
        "differ, more": "İki sorunun ayrıldığı noktalar: {what}.",
        "sum": "{work} parçaların toplamı{plan}: {amount}",
        "sum, subtotal": "; ara toplam olabilecek sayı gerçekten ara toplamsa {amount}",
        "numbered": "{parts} parçanın sayısı var",
        "unnumbered": ", {parts} parçanınki yok",
        "these, one": "Bu cevabın",
        "these, more": "Bu cevapların",
        "support, none": "{these} arkasında izlenebilen bir dayanak yok.",
        "support": "{these} arkasında {lines} bağımsız dayanak var: {works}.",
        "broken": "{lines} dayanak, çözülemeyen bir kısa atıfta kopuyor.",
        "same file": "{all} aynı dosyaya atıf yapıyor: {record}.",
        "same leaf": "{all} aynı dosyaya, hatta aynı yaprağa atıf yapıyor: {record}.",
        "second look": "Ayrıca bakılmalı: {works}.",
        "envelope, low to high": "Sayılar{plan} birlikte alındığında {low} {high} uzanıyor.",
        "envelope, low to ?": "Sayılar{plan} birlikte alındığında {low} "
        "başlıyor; üst uç bilinmiyor.",
        "envelope, ? to high": "Sayılar{plan} birlikte alındığında {high} "
        "varıyor; alt uç bilinmiyor.",
        "envelope, ? to ?": "Sayıların{plan} birlikte aşağıya ve yukarıya ne "
        "kadar uzandığı bilinmiyor.",
        "width": "Tek bir sayının önündeki “yaklaşık”, iki yana yüzde {share} pay "
        "bırakılarak okundu; aralıkların uçları basıldığı gibidir.",
        "left out": "{policy} ilkesiyle dışarıda bırakıldı: {what}: {why}.",
        "cite as": "Kaynak gösterimi: {citation}, {address}",
        "borrowed": "[{code}]: veride Türkçesi yok; {language} verildi.",
    }

    def suffix(self, case: str, word: str, *, possessed: bool = False) -> str:
        return suffix(case, word, possessed=possessed)

    def stem(self, word: str) -> str:
        """Bölük gives bölüğ-, kılıç gives kılıc-."""
        head, last = word[: -len(word.rsplit(maxsplit=1)[-1])], word.rsplit(maxsplit=1)[-1]
        if last in _SOFT:
            return head + _SOFT[last]
        many = sum(c in "aeıioöuü" for c in last) > 1
        if many and last[-1] in "kç" and last[-2] not in "n":
            return f"{head}{last[:-1]}{'ğ' if last[-1] == 'k' else 'c'}"
        return word

    def name_in(self, case: str, name: Name) -> str | None:
        """A name with the ending of a case; None where no suffix can follow it."""
        word = _HARMONY.word(name.text)
        if word is None:
            return None
        ending = suffix(case, word, possessed=self.owned(name.text))
        last = name.text.rsplit(maxsplit=1)[-1]
        if name.mark or not common(last) or last in _KIN:
            return f"{name.text}'{ending}{name.mark}"
        softens = case != "ablative" and not _HARMONY.ends_in_vowel(word)
        return f"{self.stem(name.text) if softens else name.text}{ending}"

    def moment(self, moment: Moment) -> str:
        if moment.season is not None:
            season = ("ilkbaharı", "yazı", "sonbaharı", "kışı")[moment.season]
            text = f"{moment.year} {season}"
        elif moment.month is None:
            text = str(moment.year)
        else:
            day = f"{moment.day} " if moment.day else ""
            text = f"{day}{self.month(moment.month)} {moment.year}"
        text = f"{text} dolayları" if moment.approximate else text
        return f"belki {text}" if moment.uncertain else text

    def moment_in(self, case: str, moment: Moment) -> str:
        """A day, month or year with the ending of a case: 31 Mart 1915'e, 1920 dolaylarına."""
        text = self.moment(moment)
        owned = moment.season is not None or moment.approximate
        mark = "" if owned else "'"
        word = _HARMONY.word(text) or ""
        return f"{text}{mark}{suffix(case, word, possessed=owned)}"
