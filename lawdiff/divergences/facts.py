"""What of a text does not depend on its language: numbers with their units, references, dates."""

from __future__ import annotations

import re
from functools import lru_cache

from lawdiff.dates import find_dates
from lawdiff.model import Lang
from lawdiff.notes.fold import fold
from lawdiff.notes.units import items_in
from lawdiff.numerals import find_numbers, fold_word, read_number

_REFERENCED = frozenset({"art", "part", "point", "chp", "sec"})
_NUMBER_UNITS = {
    Lang.RU: (
        ("mci", r"месячн\w+\s+расчетн\w+\s+показател\w+|мрп\b"),
        ("hours", r"час(?:а|ов|ам|ами|ах)?\b"),
        ("minutes", r"минут\w*"),
        ("days", r"(?:календарн\w+\s+|рабоч\w+\s+)?(?:суток|сутки|суткам|дн(?:я|ей|ям|ями|ях)|день)\b"),
        ("months", r"(?:календарн\w+\s+|полн\w+\s+)?месяц(?:а|ев|ам|ами|ах)?\b"),
        ("years", r"(?:календарн\w+\s+|полн\w+\s+)?(?:лет|летам|год(?:а|ов|ам|ами|ах)?)\b"),
        ("percent", r"процент\w*|%"),
        ("tenge", r"тенге\b"),
    ),
    Lang.KK: (
        ("mci", r"айлық\s+есептік\s+көрсеткіш\w*|аек\b"),
        ("hours", r"сағат\w*"),
        ("minutes", r"минут\w*"),
        ("days", r"(?:күнтізбелік\s+|жұмыс\s+)?(?:тәулі[кг]\w*|күн(?!тізбе)\w*)"),
        ("months", r"ай(?:дан|ға|да|дың|ы)?\b"),
        ("years", r"(?:толық\s+)?жыл\w*|жас(?:қа|тан|тағы|қа\s+дейін)?\b|тол(?:ған|маған|ғанға)\b"),
        ("percent", r"пайыз\w*|процент\w*|%"),
        ("tenge", r"теңге\w*"),
    ),
}
_UNIT_AFTER = {
    lang: re.compile(r"\s*\)?\s*-?\s*(?:" + "|".join(f"(?P<{name}>{words})" for name, words in units) + ")")
    for lang, units in _NUMBER_UNITS.items()
}
# The unit may stand before: «айлық есептік көрсеткіштің бестен бір жүзге дейінгі мөлшерінде», «исполнилось десять».
_UNIT_BEFORE = {
    Lang.RU: re.compile(r"(?P<years>\bисполнил\w+)\s+$"),
    Lang.KK: re.compile(r"(?P<mci>айлық\s+есептік\s+көрсеткіш(?:тің|терінің))\s+$"),
}
# «шестнадцатилетнего возраста», «трехмесячный срок»: Kazakh writes the number apart («он алты жасқа», «үш ай»).
_COMPOUND = re.compile(
    r"\b(?P<count>[а-я]+?|\d+-?)(?:(?P<years>летн)|(?P<months>месячн)|(?P<days>дневн|суточн)|(?P<hours>часов)"
    r"|(?P<mci>кратн(?=\w+\s+(?:размер\w*\s+)?месячн)))\w+"
)
# A number counts with a unit, a reference with a word for the unit: a text without any of these has none.
_NUMBER_STEMS = {
    Lang.RU: (
        "исполнил", "месячн", "мрп", "час", "минут", "сут", "дн", "день", "месяц", "лет", "год", "процент", "%",
        "тенге",
    ),
    Lang.KK: ("тол", "сағат", "минут", "тәулі", "күн", "жыл", "жас", "пайыз", "процент", "%", "теңге", "аек"),
}  # fmt: skip
_KK_MONTH = re.compile(r"ай(?:лық|дан|ға|да|дың|ы)?\b")
_REFERENCE_STEMS = {
    Lang.RU: ("стат", "част", "пункт", "глав", "раздел"),
    Lang.KK: ("бап", "баб", "тарма", "бөлі", "тарау"),
}
_RANGE_GAP = {
    Lang.RU: re.compile(r"\s*(?:до|или|и|либо|,|-)\s*"),
    Lang.KK: re.compile(r"\s*(?:немесе|не|және|мен|бен|пен|,|-|бастап)?\s*"),
}


# Most parts stay as they are from version to version: what was read of a text is read once.
@lru_cache(maxsize=1024)
def numbers_in(text: str, lang: Lang) -> frozenset[str]:
    """Numbers that have a unit, as `200 mci`, `5 years`. One is left out: it is an article of speech in both languages
    («в течение года», «бір жыл ішінде»). A number without its own unit takes that of the next («от двух до пяти лет»).
    """
    folded = fold_word(text).replace("–", "-").replace("—", "-")
    if not (any(stem in folded for stem in _NUMBER_STEMS[lang]) or (lang is Lang.KK and _KK_MONTH.search(folded))):
        return frozenset()
    for day in reversed(find_dates(text)):
        folded = folded[: day.start] + "|" * (day.end - day.start) + folded[day.end :]
    numbers = [number for number in find_numbers(folded, lang) if not number.ordinal]
    found = _compounds(folded) if lang is Lang.RU else set()
    waiting: list[int] = []
    leading: str | None = None  # the unit that stands before the numbers
    for index, number in enumerate(numbers):
        before = _UNIT_BEFORE[lang].search(folded, max(0, number.start - 60), number.start)
        leading = before.lastgroup if before else leading if waiting else None
        following = numbers[index + 1].start if index + 1 < len(numbers) else None
        unit = _UNIT_AFTER[lang].match(folded, number.end)
        name = unit.lastgroup if unit else leading
        if unit or (leading and not (following is not None and _joined(folded, number.end, following, lang))):
            found |= {f"{value} {name}" for value in (*waiting, number.value) if value != 1}
            waiting = []
        elif following is not None and _joined(folded, number.end, following, lang):
            waiting.append(number.value)
        else:
            waiting = []
    return frozenset(found)


def _joined(folded: str, end: int, following: int, lang: Lang) -> bool:
    return _RANGE_GAP[lang].fullmatch(folded, end, following) is not None


def _compounds(folded: str) -> set[str]:
    found: set[str] = set()
    for match in _COMPOUND.finditer(folded):
        count = read_number(match["count"].rstrip("-"), Lang.RU)
        if count is not None and count != 1:
            found.add(f"{count} {match.lastgroup}")
    return found


@lru_cache(maxsize=1024)
def references_in(text: str, lang: Lang) -> frozenset[str]:
    """Articles, parts, points and chapters that a text refers to by number, as `art_99`, `part_2`, `point_1`."""
    plain = fold_word(text)
    if not any(stem in plain for stem in _REFERENCE_STEMS[lang]):
        return frozenset()
    folded = fold(text)
    return frozenset(
        f"{item.level}_{number}"
        for item in items_in(folded, 0, len(text), lang)
        if item.level in _REFERENCED
        for number in item.numbers
    )


@lru_cache(maxsize=1024)
def dates_in(text: str, _lang: Lang) -> frozenset[str]:
    """Days named in a text, ISO."""
    return frozenset(span.on.isoformat() for span in find_dates(text) if span.on)
