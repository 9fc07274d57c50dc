"""Russian: the plural forms of CLDR beside numbers, and the cases that words before them ask for.

Names come from the data in the nominative, and no rule declines every name: each sentence is built
so that a name stands in the nominative.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from kg.explain.labels import Forms, Name
from kg.explain.language import Language, Voice
from kg.explain.when import Moment, When
from kg.figures import Figure, Kind

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
        "count mode": "способ счёта",
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

    def figure(self, figure: Figure, unit: Forms | None, *, hedged: bool = False) -> str:
        if figure.point is None:
            assert figure.low is not None and figure.high is not None
            some = "примерно " if hedged else ""
            high = self._genitive(figure.high, unit)
            return f"{some}от {self.number(figure.low)} до {high}"
        n = figure.point
        return {
            "exactly": self._counted(n, unit),
            "about": f"около {self._genitive(n, unit)}",
            "nearly": f"почти {self._counted(n, unit)}",
            "reached": f"число, достигшее {self._genitive(n, unit)}",
            "atLeast": f"не менее {self._genitive(n, unit)}",
            "moreThan": f"более {self._genitive(n, unit)}",
            "upTo": f"не более {self._genitive(n, unit)}",
            "lessThan": f"менее {self._genitive(n, unit)}",
        }[figure.comparator]

    def _counted(self, number: Fraction, unit: Forms | None) -> str:
        """A figure with its unit, in the nominative: 1 полк, 3 полка, 5 полков."""
        return self._with(number, unit, self.category(number))

    def _genitive(self, number: Fraction, unit: Forms | None) -> str:
        """A figure with its unit after a word that asks for the genitive: около 21 полка."""
        one = self.category(number) in ("one", "other")
        return self._with(number, unit, "other" if one else "many")

    def _with(self, number: Fraction, unit: Forms | None, category: str) -> str:
        if unit is None:
            return self.number(number)
        form = unit.of(category)
        return f"{self.number(number)} {form}" if form else f"{self.number(number)} ({unit.name})"

    def _agreed(self, count: int, words: dict[int, str], forms: tuple[str, str, str]) -> str:
        """A counted noun as the subject: одна линия, две линии, пять линий."""
        category = self.category(Fraction(count))
        form = forms[("one", "few", "many").index(category)]
        return f"{words.get(count, self.words(count))} {form}"

    def moment(self, moment: Moment) -> str:
        return self._moment(moment, 0)

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
        return f"возможно, {text}" if moment.hedged and case == 0 else text

    def time(self, when: When) -> str:
        first, last = when.first, when.last
        if when.span == "at" and first:
            return self.moment(first)
        if when.span == "from" and first:
            return f"с {self._moment(first, 2)}"
        if when.span == "until" and last:
            return f"до {self._moment(last, 2)}"
        if first and last:
            text = f"с {self._moment(first, 2)} по {self._moment(last, 1)}"
            return text if when.span == "lasting" else f"в период {text}"
        return when.raw

    def count(self, claims: int, works: int) -> str:
        if not claims:
            return "На этот вопрос не отвечает ни одно утверждение."
        forms = ("утверждение", "утверждения", "утверждений")
        verb = "отвечает" if self.category(Fraction(claims)) == "one" else "отвечают"
        said = self._agreed(claims, _NEUTER, forms)
        read = "работы" if self.category(Fraction(works)) == "one" else "работ"
        return f"На этот вопрос {verb} {said} из {_of(works)} {read}."

    def one_of(self, claims: int) -> str:
        if claims == 1:
            return "Это утверждение — единственный ответ на вопрос."
        noun = "ответа" if self.category(Fraction(claims)) == "one" else "ответов"
        return f"Это утверждение — один из {_of(claims)} {noun} на вопрос."

    def says(self, work: Name, stance: str, voice: Voice | None) -> str:
        if voice is None:
            verb = {
                "endorses": "утверждает",
                "reports": "передаёт",
                "doubts": "приводит с сомнением",
                "rejects": "приводит и отвергает",
            }[stance]
            return f"{work} {verb}:"
        verb = {
            "endorses": "утверждает, опираясь на чужие слова",
            "reports": "передаёт с чужих слов",
            "doubts": "передаёт с чужих слов и сомневается",
            "rejects": "передаёт с чужих слов и отвергает",
        }[stance]
        return f"{work} {verb} ({voice}):"

    def page(self, page: str) -> str:
        return f"с. {page.replace('-', '–')}" if page[:1].isdigit() else page

    def notes(self, notes: str) -> str:
        return f"примеч. {notes}"

    def cites(self, works: Sequence[str], notes: int) -> str:
        where = ("Указано", "В примечании указано", "В примечаниях указано")[min(notes, 2)]
        return f"{where}: {'; '.join(works)}."

    def reason(self, text: str) -> str:
        return f"Обоснование: {text}"

    def withdrawn(self, reason: str) -> str:
        return f"Это утверждение отозвано: {reason}"

    def modality(self, label: str) -> str:
        return f"Лишь {label}: не сказано, что это произошло."

    def certainty(self, label: str) -> str:
        return f"Степень уверенности в работе: {label}."

    def hearsay(self, chain: Sequence[tuple[Name, str]], work: Name) -> str:
        named = [f"{name} ({kind})" if kind else str(name) for name, kind in chain]
        return f"Путь слов: {' → '.join([*named, str(work)])}."

    def standing(self, kind: Kind, refs: Sequence[str]) -> str:
        both = self.listed(refs)
        return {
            "disjoint": f"{both} исключают друг друга.",
            "overlapping": f"{both} частично пересекаются.",
            "nested": f"{both} вложены одно в другое.",
            "compatible-bound": f"{both} совместимы: один из пределов неизвестен.",
            "successive": f"{both} следуют одно за другим во времени и не спорят.",
            "same": f"{both} говорят одно и то же.",
            "not-comparable": f"{both} несопоставимы.",
        }[kind]

    def set_against(self, refs: Sequence[str]) -> str:
        return f"Автор противопоставляет {self.listed(refs)}."

    def contradiction(self, refs: Sequence[str], holder: Name) -> str:
        return (
            f"{self.listed(refs)} — слова одного голоса ({holder}), и они противоречат друг другу."
        )

    def not_comparable(self, title: str, answers: str, differs: Sequence[str]) -> str:
        noun = "Различия" if len(differs) > 1 else "Различие"
        what = f"Несопоставимо: {self.quote(title)} ({answers})."
        return f"{what} {noun} двух вопросов: {self.listed(differs)}."

    def sum(
        self,
        work: Name,
        amount: str,
        subtotal: str | None,
        numbered: int,
        unnumbered: int,
        modality: str | None,
    ) -> str:
        plan = f" ({modality})" if modality else ""
        text = f"Сумма частей, которые называет {work}{plan}: {amount}"
        if subtotal:
            text += f"; если возможный промежуточный итог и есть промежуточный — {subtotal}"
        noun = "части" if self.category(Fraction(numbered)) == "one" else "частей"
        some = f"Число указано у {_of(numbered)} {noun}"
        none = f", не указано у {_of(unnumbered)}" if unnumbered else ""
        return f"{text}. {some}{none}."

    def support(self, claims: int, works: Sequence[str]) -> str:
        these = "За этими ответами" if claims > 1 else "За этим ответом"
        if not works:
            return f"{these} не удаётся проследить ни одной линии."
        forms = ("независимая линия", "независимые линии", "независимых линий")
        verb = "стоит" if self.category(Fraction(len(works))) == "one" else "стоят"
        lines = self._agreed(len(works), _FEMININE, forms)
        return f"{these} {verb} {lines}: {'; '.join(works)}."

    def broken(self, lines: int) -> str:
        verb = "обрывается" if self.category(Fraction(lines)) == "one" else "обрываются"
        count = self.capital(self._agreed(lines, _FEMININE, ("линия", "линии", "линий")))
        return f"{count} {verb} на нераскрытой краткой ссылке."

    def same_file(self, refs: Sequence[str], record: str, *, leaf: bool) -> str:
        same = "на одно дело и на общий лист" if leaf else "на одно дело"
        return f"{self.listed(refs)} ссылаются {same}: {record}."

    def second_look(self, works: Sequence[str]) -> str:
        return f"Стоит проверить: {'; '.join(works)}."

    def envelope(self, low: Fraction | None, high: Fraction | None, unit: Forms | None) -> str:
        if low is not None and high is not None:
            end = self._genitive(high, unit)
            return f"В совокупности числа простираются от {self.number(low)} до {end}."
        if low is not None:
            start = self._genitive(low, unit)
            return f"В совокупности числа начинаются от {start}; верхний предел неизвестен."
        if high is not None:
            end = self._genitive(high, unit)
            return f"В совокупности числа доходят до {end}; нижний предел неизвестен."
        return "Насколько числа в совокупности простираются вниз и вверх, неизвестно."

    def width(self, share: Fraction) -> str:
        return f"«Около» понимается как ±{self.percent(share)}\u00a0%."

    def left_out(self, policy: str, what: str, why: str) -> str:
        return f"По правилу {policy} исключено: {what}: {why}."

    def cite_as(self, citation: str, address: str) -> str:
        return f"Ссылка: {citation}, {address}"

    def borrowed(self, code: str) -> str:
        language = self.languages.get(code, code)
        return f"[{code}]: в данных этого нет по-русски; приведено {language}."


def _of(count: int) -> str:
    """A count in the genitive, of something feminine."""
    return _GENITIVE[count - 1] if 0 < count <= len(_GENITIVE) else str(count)
