"""«до двухсот месячных расчетных показателей», «үш жылдан жеті жылға дейінгі мерзімге» as bounds and a unit.

A stretch is read only if every number in it belongs to one recognised form: a number left over means that the phrase
says more than the form knows, and the whole stretch is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lawdiff.model import Lang
from lawdiff.numerals import find_numbers, read_number
from lawdiff.sanctions.records import AmountUnit

_UNITS_RU = (
    (AmountUnit.MCI, r"месячн\w+\s+расчетн\w+\s+показател\w+|мрп\b"),
    (AmountUnit.HOURS, r"час(?:а|ов)?\b"),
    (AmountUnit.DAYS, r"суток\b|сутки\b|(?:календарн\w+\s+)?дн(?:я|ей)\b|день\b"),
    (AmountUnit.MONTHS, r"месяц(?:а|ев)?\b"),
    (AmountUnit.YEARS, r"лет\b|год(?:а|ов)?\b"),
    (AmountUnit.PERCENT, r"процент\w*|%"),
)
_UNITS_KK = (
    (AmountUnit.MCI, r"айлық\s+есептік\s+көрсеткіш\w*|аек\b"),
    (AmountUnit.HOURS, r"сағат\w*"),
    (AmountUnit.DAYS, r"тәулі[кг]\w*|күн\w*"),
    (AmountUnit.MONTHS, r"ай(?:дан|ға|лық)?\b"),
    (AmountUnit.YEARS, r"жыл\w*"),
    (AmountUnit.PERCENT, r"пайыз\w*|процент\w*|%"),
    (AmountUnit.MULTIPLE, r"есе\w*"),
)
_UNIT = {
    Lang.RU: "|".join(f"(?P<{unit}>{words})" for unit, words in _UNITS_RU),
    Lang.KK: "|".join(f"(?P<{unit}>{words})" for unit, words in _UNITS_KK),
}
_RU_FROM_UNIT = "(?:" + "|".join(words for _, words in _UNITS_RU) + ")"
_KK_FROM_UNIT = "(?:" + "|".join(words for _, words in _UNITS_KK) + ")"
# `#` stands for a number, `#a` in Kazakh for one in the ablative («бір мыңнан»).
_FORMS = {
    Lang.RU: (
        re.compile(rf"\bот\s+(?P<low>#\d+)\s*(?:{_RU_FROM_UNIT})?\s*до\s+(?P<high>#\d+)\s*(?:{_UNIT[Lang.RU]})?"),
        re.compile(rf"\bдо\s+(?P<high>#\d+)\s*(?:{_UNIT[Lang.RU]})?"),
        re.compile(rf"(?<!\bот\s)(?<!\bдо\s)(?<!\bсвыше\s)(?<!\bменее\s)(?P<exact>#\d+)\s*(?:{_UNIT[Lang.RU]})?"),
    ),
    Lang.KK: (
        re.compile(
            rf"(?P<low>#\d+)(?:a\s*(?:{_KK_FROM_UNIT})?|\s*(?:{_KK_FROM_UNIT})(?<=[ае]н))\s*(?:бастап\s+)?(?P<high>#\d+)\s*"
            rf"(?:{_UNIT[Lang.KK]})?\s*дейін\w*"
        ),
        re.compile(rf"(?P<high>#\d+)\s*(?:{_UNIT[Lang.KK]})?\s*дейін\w*"),
        re.compile(rf"(?P<exact>#\d+)(?!a)\s*(?:{_UNIT[Lang.KK]})?"),
    ),
}
_RU_MULTIPLE = re.compile(r"\b(?P<count>[а-я]+?|\d+)-?\s*кратн\w+")
_RU_MULTIPLE_FORM = (
    re.compile(r"\bот\s+(?P<low>#\d+)\s+до\s+(?P<high>#\d+)"),
    re.compile(r"\bдо\s+(?P<high>#\d+)"),
    re.compile(r"(?<!\bот\s)(?P<exact>#\d+)"),
)
_ABLATIVE = re.compile(r"(?:дан|ден|тан|тен|нан|нен)$")
_NOT_NUMBERS = {Lang.RU: re.compile(r"$^"), Lang.KK: re.compile(r"белгілі\s+бір|бірінші\s+болып")}


@dataclass(frozen=True, slots=True)
class Amount:
    """Bounds as stated. start, end: offsets of the form in the text read."""

    minimum: int | None
    maximum: int | None
    unit: AmountUnit | None
    start: int
    end: int


def read_amounts(folded: str, lang: Lang) -> tuple[Amount, ...] | None:
    """Every amount of a folded stretch, in order; None where a number fits no form. No number at all: ()."""
    if lang is Lang.RU and _RU_MULTIPLE.search(folded):
        return _multiples(folded)
    template, values, places = _template(folded, lang)
    return _match_all(template, values, places, _FORMS[lang])


def _template(folded: str, lang: Lang) -> tuple[str, list[int], list[tuple[int, int]]]:
    """The stretch with its numbers as `#0`, `#1` …, their values, and where each stood."""
    blanked = _NOT_NUMBERS[lang].sub(lambda match: " " * len(match[0]), folded)
    pieces: list[str] = []
    values: list[int] = []
    places: list[tuple[int, int]] = []
    at = 0
    for number in find_numbers(blanked, lang):
        if (
            number.ordinal
            or blanked[number.end : number.end + 1] == ")"
            or blanked[number.end : number.end + 2] == "-б"
        ):
            continue
        mark = "a" if lang is Lang.KK and _ABLATIVE.search(blanked[number.start : number.end]) else ""
        pieces += [blanked[at : number.start], f"#{len(values)}{mark}"]
        values.append(number.value)
        places.append((number.start, number.end))
        at = number.end
    return "".join([*pieces, blanked[at:]]), values, places


def _multiples(folded: str) -> tuple[Amount, ...] | None:
    """«от двухкратного до трехкратного размера …», «пятидесятикратной суммы …»."""
    values: list[int] = []
    places: list[tuple[int, int]] = []
    pieces: list[str] = []
    at = 0
    for match in _RU_MULTIPLE.finditer(folded):
        count = _multiple_count(match["count"])
        if count is None:
            return None
        pieces += [folded[at : match.start()], f"#{len(values)}"]
        values.append(count)
        places.append((match.start(), match.end()))
        at = match.end()
    template = "".join([*pieces, folded[at:]])
    if any(not number.ordinal for number in find_numbers(re.sub(r"#\d+", "", template), Lang.RU)):
        return None
    found = _match_all(template, values, places, _RU_MULTIPLE_FORM)
    if found is None:
        return None
    return tuple(Amount(one.minimum, one.maximum, AmountUnit.MULTIPLE, one.start, one.end) for one in found)


def _multiple_count(word: str) -> int | None:
    """«двух» → 2, «пятидесяти» → 50, «одно» → 1, «сто» → 100, «20» → 20."""
    if word.isdigit():
        return int(word)
    return {"одно": 1, "дву": 2, "тре": 3}.get(word) or read_number(word, Lang.RU)


def _match_all(
    template: str, values: list[int], places: list[tuple[int, int]], forms: tuple[re.Pattern[str], ...]
) -> tuple[Amount, ...] | None:
    """Every `#` in turn, each inside a form; None at the first that is in none."""
    found: list[Amount] = []
    at = 0
    while (mark := template.find("#", at)) >= 0:
        begin = max(at, template.rfind(" от ", at, mark), template.rfind(" до ", at, mark))
        match = next((m for form in forms if (m := form.search(template, begin)) and m.start() <= mark < m.end()), None)
        if match is None:
            return None
        groups = match.groupdict()
        indexes = {name: int(re.sub(r"\D", "", groups[name])) for name in ("low", "high", "exact") if groups.get(name)}
        unit = next((AmountUnit(name) for name in AmountUnit if groups.get(name)), None)
        first, last = min(indexes.values()), max(indexes.values())
        exact = values[indexes["exact"]] if "exact" in indexes else None
        low = values[indexes["low"]] if "low" in indexes else exact
        high = values[indexes["high"]] if "high" in indexes else exact
        if low is not None and high is not None and low > high:
            return None
        found.append(Amount(low, high, unit, places[first][0], places[last][1]))
        at = match.end()
    return tuple(found)
