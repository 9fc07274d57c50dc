"""Russian: the plural forms of CLDR beside numbers, and the cases that words before them ask for.

Names come from the data in the nominative, and no rule declines every name: each sentence is built
so that a name stands in the nominative.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from kg.explain.labels import Forms, Name
from kg.explain.language import Language
from kg.explain.when import Moment, When

__all__ = ["Russian"]

_GENITIVE = (
    "одной", "двух", "трёх", "четырёх", "пяти", "шести", "семи", "восьми", "девяти", "десяти",
)  # fmt: skip
_FEMININE = {1: "одна", 2: "две"}
_NEUTER = {1: "одно"}
_SEASONS = (  # nominative and accusative, genitive
    ("весна", "весну", "весны"),
    ("лето", "лето", "лета"),
    ("осень", "осень", "осени"),
    ("зима", "зиму", "зимы"),
)


class Russian(Language):
    """Русский язык."""

    code = "ru"
    quotes = ("«", "»")
    conjunction = "и"
    small = ("один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять")
    languages: ClassVar[dict[str, str]] = {
        "en": "по-английски",
        "tr": "по-турецки",
        "az": "по-азербайджански",
        "ru": "по-русски",
    }
    differences: ClassVar[dict[str, str]] = {
        "unit": "единица счёта",
        "population": "кого считают",
        "count mode": "способ подсчёта",
        "time": "время",
        "property": "свойство",
        "thing": "предмет",
    }
    doubts: ClassVar[dict[str, str]] = {
        "web page": "веб-страница",
        "cites itself": "ссылается на себя",
        "same author as the citing work": "работа того же автора, который на неё ссылается",
        "later than the citing work": "вышла позже работы, которая на неё ссылается",
    }
    reasons: ClassVar[dict[str, str]] = {
        "doubts": "автор сомневается",
        "rejects": "автор отвергает",
        "not-unconfirmed": "в работе это названо неподтверждённым",
        "happened-only": "не сказано, что это произошло",
        "archival-only": "за этим не стоит архивный документ",
        "full-citation-only": "нет полной ссылки",
        "one-voice-per-line": "опирается на то же, на что и более раннее утверждение",
        "side": "ни голос, ни цитируемая работа не принадлежат этой стороне",
        "without-side": "голос или цитируемая работа принадлежит этой стороне",
    }

    pages = ("с.", "с.")
    note_words = ("примеч.", "примеч.")
    phrases: ClassVar[dict[str, str]] = {
        "exactly": "{counted}",
        "about": "около {genitive}",
        "nearly": "почти {counted}",
        "reached": "число, достигшее {genitive}",
        "atLeast": "не менее {genitive}",
        "moreThan": "более {genitive}",
        "upTo": "не более {genitive}",
        "lessThan": "менее {genitive}",
        "range": "от {low} до {high}",
        "range, hedged": "примерно от {low} до {high}",
        "count, none": "На этот вопрос не отвечает ни одно утверждение.",
        "count": "На этот вопрос {claims} из {works}.",
        "one of, alone": "Это утверждение — единственный ответ на вопрос.",
        "one of": "Это утверждение — один из {answers} на вопрос.",
        "endorses": "утверждает",
        "reports": "передаёт",
        "doubts": "приводит с сомнением",
        "rejects": "приводит и отвергает",
        "endorses, of others": "утверждает, опираясь на чужие слова",
        "reports, of others": "передаёт с чужих слов",
        "doubts, of others": "передаёт с чужих слов и сомневается",
        "rejects, of others": "передаёт с чужих слов и отвергает",
        "cites, text": "Указано",
        "cites, note": "В примечании указано",
        "cites, notes": "В примечаниях указано",
        "cites, one": "{where}: {works}.",
        "cites, more": "{where}: {works}.",
        "reason": "Обоснование: {text}",
        "withdrawn": "Это утверждение отозвано: {reason}",
        "modality": "Лишь {label}: не сказано, что это произошло.",
        "certainty": "Степень уверенности в работе: {label}.",
        "date rule": "Время прочитано по правилу {rule}.",
        "supplied, time": "Время в квадратных скобках восстановлено нами по контексту.",
        "supplied, answer": "Ответ в квадратных скобках восстановлен нами по контексту.",
        "hearsay": "Как дошли эти слова: {path}.",
        "disjoint": "{all} исключают друг друга.",
        "overlapping": "{all} частично пересекаются.",
        "nested": "{all} вложены одно в другое.",
        "compatible-bound": "{all} совместимы: один из пределов неизвестен.",
        "successive": "{all} следуют одно за другим во времени и не противоречат друг другу.",
        "same": "{all} говорят одно и то же.",
        "not-comparable": "{all} несопоставимы.",
        "set against": "Автор противопоставляет {all}.",
        "contradiction": "{all} — слова одного голоса ({holder}); в данном прочтении они исключают"
        " друг друга.",
        "beside": "Несопоставимо: {title} ({answers}).",
        "differ, one": "Различие двух вопросов: {what}.",
        "differ, more": "Различия двух вопросов: {what}.",
        "sum": "Сумма частей, которые называет {work}{plan}: {amount}",
        "sum, subtotal": "; если возможный промежуточный итог и есть промежуточный — {amount}",
        "these, one": "За этим ответом",
        "these, more": "За этими ответами",
        "support, none": "{these} не удаётся проследить ни одной линии.",
        "support": "{these} {lines}: {works}.",
        "same file": "{all} ссылаются на одно дело: {record}.",
        "same leaf": "{all} ссылаются на одно дело и на общий лист: {record}.",
        "second look": "Стоит проверить: {works}.",
        "envelope, low to high": "Взятые вместе, числа{plan} лежат в пределах от {low} до {high}.",
        "envelope, low to ?": "Взятые вместе, числа{plan} начинаются с {low}; "
        "верхний предел неизвестен.",
        "envelope, ? to high": "Взятые вместе, числа{plan} доходят до {high}; "
        "нижний предел неизвестен.",
        "envelope, ? to ?": "Насколько далеко числа{plan}, взятые вместе, уходят "
        "вниз и вверх, неизвестно.",
        "width": "«Около» при одном числе понимается как ±{share}\u00a0%; границы "
        "диапазонов\u00a0— как напечатано.",
        "left out": "По правилу {policy} исключено: {what}: {why}.",
        "cite as": "Ссылка: {citation}, {address}",
        "borrowed": "[{code}]: в данных этого нет по-русски; приведено {language}.",
    }

    def forms(self, number: Fraction, unit: Forms | None) -> dict[str, str]:
        return {"counted": self.counted(number, unit), "genitive": self._genitive(number, unit)}

    def upper_end(self, number: Fraction, unit: Forms | None) -> str:
        return self._genitive(number, unit)

    def _genitive(self, number: Fraction, unit: Forms | None) -> str:
        """A figure with its unit after a word that asks for the genitive: около 21 полка."""
        one = self.category(number) in ("one", "other")
        return self.counted(number, unit, "other" if one else "many")

    def _agreed(self, count: int, words: dict[int, str], forms: tuple[str, str, str]) -> str:
        """A counted noun as the subject: одна линия, две линии, пять линий."""
        category = self.category(Fraction(count))
        form = forms[("one", "few", "many").index(category)]
        return f"{words.get(count, self.words(count))} {form}"

    def moment(self, moment: Moment) -> str:
        text = f"около {self._moment(moment, 2)}" if moment.approximate else self._moment(moment, 0)
        return f"{_doubt(moment)}{text}"

    def _end(self, preposition: str, moment: Moment, case: int) -> str:
        """One end of a span: the words of doubt stand before the preposition."""
        about = "примерно " if moment.approximate else ""
        return f"{about}{preposition} {self._moment(moment, case)}"

    def _moment(self, moment: Moment, case: int) -> str:
        """The same: 0 nominative, 1 accusative, 2 genitive."""
        if moment.season is not None:
            text = f"{_SEASONS[moment.season][case]} {moment.year} года"
        elif moment.month is None:
            text = f"{moment.year} {'года' if case == 2 else 'год'}"
        elif moment.day:
            text = f"{moment.day} {self.month(moment.month)} {moment.year} года"
        else:
            text = f"{self.month(moment.month, alone=case < 2)} {moment.year} года"
        return text

    def time(self, when: When) -> str:
        first, last = when.first, when.last
        if when.span == "at" and first:
            return self.moment(first)
        if when.span == "from" and first:
            return f"{_doubt(first)}{self._end('с', first, 2)}"
        if when.span == "until" and last:
            return f"{_doubt(last)}{self._end('до', last, 2)}"
        if first and last:
            since, until = self._end("с", first, 2), self._end("по", last, 1)
            text = f"{since}{f', {_doubt(last)}' if last.uncertain else ' '}{until}"
            if when.span == "lasting":
                return f"{_doubt(first)}{text}"
            return f"в период{f', {_doubt(first)}' if first.uncertain else ' '}{text}"
        return when.raw

    def agreed(self, claims: int, works: int) -> dict[str, str]:
        forms = ("утверждение", "утверждения", "утверждений")
        verb = "отвечает" if self._is_one(claims) else "отвечают"
        read = "работы" if self._is_one(works) else "работ"
        return {
            "claims": f"{verb} {self._agreed(claims, _NEUTER, forms)}",
            "works": f"{_of(works)} {read}",
        }

    def answers(self, count: int) -> str:
        return f"{_of(count)} {'ответа' if self._is_one(count) else 'ответов'}"

    def _is_one(self, count: int) -> bool:
        return self.category(Fraction(count)) == "one"

    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        named = [f"{name} ({kind})" if kind else str(name) for name, kind in chain]
        return self.phrase("hearsay", path=" → ".join([*named, str(work)]))

    def numbered(self, parts: int) -> str:
        noun = "части" if self._is_one(parts) else "частей"
        return f"число указано у {_of(parts)} {noun}"

    def unnumbered(self, parts: int) -> str:
        return f", не указано у {_of(parts)}"

    def lines(self, count: int) -> str:
        forms = ("независимая линия", "независимые линии", "независимых линий")
        verb = "стоит" if self._is_one(count) else "стоят"
        return f"{verb} {self._agreed(count, _FEMININE, forms)}"

    def broken(self, lines: int) -> str:
        verb = "обрывается" if self._is_one(lines) else "обрываются"
        count = self.capital(self._agreed(lines, _FEMININE, ("линия", "линии", "линий")))
        return f"{count} {verb} на нераскрытой краткой ссылке."

    def start(self, number: Fraction, unit: Forms | None) -> str:
        return self._genitive(number, unit)

    def end(self, number: Fraction, unit: Forms | None) -> str:
        return self._genitive(number, unit)


def _of(count: int) -> str:
    """A count in the genitive, of something feminine."""
    return _GENITIVE[count - 1] if 0 < count <= len(_GENITIVE) else str(count)


def _doubt(moment: Moment) -> str:
    return "возможно, " if moment.uncertain else ""
