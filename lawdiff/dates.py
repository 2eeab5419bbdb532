"""Dates as the portal writes them, and the phrases that say when a law takes effect.

Date forms (FORMAT §5.2, §6, §7): `10.03.2017`, `2007.07.06`, `31.08.95`, «30 июня 2021 года», «2 марта 1998 г.»,
«2017 жылғы 1 қаңтар(дан)», «2008 жылғы 5 шілдедегі». An impossible day (`31.02.2020`) is found, and has no date.

A force phrase stands in the parenthesis after an amending law. `read_force_phrase` gives the date where the phrase
states one, or the rule by which it counts from the first official publication (FORMAT §7); what depends on anything
else (another act, an article of the amending law, an ambiguous start) gives neither, and a flag says why.
`in_force_date` does the arithmetic once the publication day is known: a date is never taken from the law's own date.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from lawdiff.model import Lang
from lawdiff.numerals import find_numbers, fold_word, read_number

_RU_MONTHS: Final = [
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
]
_KK_MONTHS: Final = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
]
_LONGEST_PHRASE: Final = 4000  # the longest phrase of the pages at hand has 300 characters
_TWO_DIGIT_PIVOT: Final = 50  # `31.08.95` is 1995; the earliest acts of the portal are of the 1960s

_DATE = re.compile(
    r"""
    (?<![\d.])
    (?:
        (?P<d1>\d{1,2})\.(?P<m1>\d{1,2})\.(?P<y1>\d{4}|\d{2})(?![\d]|\.\d)
      | (?P<y2>\d{4})\.(?P<m2>\d{1,2})\.(?P<d2>\d{1,2})(?![\d]|\.\d)
      | (?P<d3>\d{1,2})\s+
        (?P<m3>январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья])
        \s+(?P<y3>\d{4})(?!\d)(?:\s*(?:года|г\b\.?))?
      | (?P<y4>\d{4})\s*жыл(?:ғы|дың)\s+(?P<d4>\d{1,2})\s*-?\s*
        (?P<m4>қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан)[^\W\d_]*
    )
    """,
    re.VERBOSE,
)


# What every date has, said so that the search leaps from digit to digit; most lines of law name no day.
_LIKE_DATE = re.compile(r"\d\.\d{1,2}\.\d|\d\s+[а-я]{3,8}\s+\d|\d\s*жыл")


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text. on: None where the written day does not exist. year_first: `2007.07.06`."""

    on: date | None
    start: int
    end: int
    year_first: bool = False
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class ForcePhrase:
    """What a phrase on entry into force says.

    on: the date stated. rule: ("days", 60), ("months", 6), ("publication", 0): counted from publication by
    `in_force_date`. exception_on, exception_text: a listed part that starts at another time.
    until: end of a suspension or of validity. flags: `ambiguous_start`, `day_word_absent`, `preposition_absent`,
    `exception`, `suspended`, `sunset`, `condition`, `see_article`, `several_dates`, `working_days`,
    `numeral_disagrees`, `bad_date`, `retroactive`, `cut_short`, `unread`. Both on and rule None: not known.
    """

    on: date | None = None
    rule: tuple[str, int] | None = None
    exception_on: date | None = None
    exception_text: str | None = None
    flags: tuple[str, ...] = ()
    until: date | None = None


def find_dates(text: str) -> tuple[DateSpan, ...]:
    """All dates of a text, in order, both languages."""
    return find_dates_folded(fold_word(text))


def find_dates_folded(folded: str) -> tuple[DateSpan, ...]:
    """`find_dates` of a text that went through `fold_word` already."""
    if _LIKE_DATE.search(folded) is None:
        return ()
    return tuple(_span(match) for match in _DATE.finditer(folded))


def read_date(text: str) -> date | None:
    """The first date of a text, None where there is none or the day does not exist."""
    found = find_dates(text)
    return found[0].on if found else None


def _span(match: re.Match[str]) -> DateSpan:
    groups = match.groupdict()
    form = next(form for form in "1234" if groups[f"y{form}"])
    year, day, month_text = int(groups[f"y{form}"]), int(groups[f"d{form}"]), groups[f"m{form}"]
    if len(groups[f"y{form}"]) == 2:
        year += 1900 if year >= _TWO_DIGIT_PIVOT else 2000
    month = int(month_text) if month_text.isdigit() else _month(month_text)
    try:
        on = date(year, month, day)
    except ValueError:
        on = None
    return DateSpan(on, match.start(), match.end(), form in "24", form in "34")


def _month(word: str) -> int:
    stems = _KK_MONTHS if word in _KK_MONTHS else _RU_MONTHS
    candidates = [index for index, stem in enumerate(stems, 1) if word.startswith(stem)]
    return max(candidates, key=lambda index: len(stems[index - 1]))  # «марта» is not «ма»


def in_force_date(rule: tuple[str, int] | None, published_on: date | None) -> date | None:
    """The day on which a rule takes effect, None where the rule or the publication day is not known (FORMAT §7).

    ("days", N): N days pass from the day after publication, so that P + N + 1 is the first day in force.
    ("months", N): P plus N calendar months, clipped to the month's end, then the next day. ("publication", 0): P.
    """
    if rule is None or published_on is None:
        return None
    unit, count = rule
    try:
        if unit == "days":
            return published_on + timedelta(days=count + 1)
        if unit == "months":
            return _add_months(published_on, count) + timedelta(days=1)
        return published_on if unit == "publication" else None
    except (OverflowError, ValueError):
        return None


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# What precedes or follows a date that ends something instead of starting it.
_UNTIL = {Lang.RU: re.compile(r"\bдо\s*$"), Lang.KK: re.compile(r"^\s*(?:-?\s*(?:ге|ға|ке|қа))?\s*дейін")}
_START = {
    Lang.RU: re.compile(r"(?:\b[сc]|\bв\s+действие|\bначиная\s+[сc])\s*$"),
    Lang.KK: re.compile(r"^\s*(?:-?\s*(?:нан|нен|дан|ден|тан|тен))?\s*бастап"),
}
_KK_FROM_CASE = re.compile(r"(?:дан|ден|тан|тен|нан|нен)$")
_KK_DATIVE_CASE = re.compile(r"(?:ға|ге|қа|ке)$")
_PERIOD = {
    Lang.RU: re.compile(
        r"по\s+истечении\s+(?P<count>[^()]{1,60}?)\s*(?:\((?P<again>[^()]{1,40})\)\s*)?(?P<kind>календарн\w+|рабоч\w+)?\s*"
        r"\b(?P<unit>дн\w+|месяц\w*|год\w*|лет)\b"
    ),
    Lang.KK: re.compile(
        r"(?P<kind>күнтізбелік|жұмыс)?\s*(?P<count>[^(),]{1,60}?)\s*(?:\((?P<again>[^()]{1,40})\)\s*)?(?P<kind2>күнтізбелік|жұмыс)?\s*"
        r"\b(?P<unit>күн|ай|жыл)\s+(?:өткен\s+соң|өткеннен\s+кейін)"
    ),
}
_AFTER_DAY = {
    Lang.RU: re.compile(r"после\s+(?P<day>дня\s+)?(?:его|ее|их)?\s*(?:первого\s+)?(?:официального\s+)?опубликования"),
    Lang.KK: re.compile(r"жариялан(?:ған\s+(?P<day>күнінен)|ғаннан|ғанынан)\s+кейін"),
}
_FROM_DAY = {
    Lang.RU: re.compile(r"\b[сc]о?\s+дня\s+(?:его|ее|их)?\s*(?:первого\s+)?(?:официального\s+)?опубликования"),
    Lang.KK: re.compile(r"жарияланған\s+күнінен\s+бастап"),
}
_EXCEPTION = {Lang.RU: re.compile(r",?\s*за\s+исключением\b"), Lang.KK: re.compile(r"\bқоспағанда\b\s*,?")}
# The same said without «за исключением»: «…, абзацы второй и третий пункта 1 вводятся в действие с 01.07.2020».
_RU_OTHER_START = re.compile(
    r"[,;]\s*(?:а\s+|при\s+этом\s+)?(?:изменени|абзац|пункт|подпункт|част|стать)[^;]*?\bввод(?:ится|ятся)\s+в\s+действие\b"
)
# Relations of an earlier day that a law extends to: a date that starts nothing.
_RETROACTIVE = {
    Lang.RU: re.compile(r"[\s,]*(?:и\s+)?распространя\w+\s+(?:сво\w+\s+)?(?:действи\w+\s+)?на\b.*"),
    Lang.KK: re.compile(
        r"\S+\s+бастап\s+туындаған\s+(?:құқықтық\s+)?қатынастарға\s+\S+|туындаған\s+қатынастарға\s+\S+"
    ),
}
_CONDITION = {
    Lang.RU: re.compile(
        r"(?:после|со|с)\s+(?:дня\s+|момента\s+|даты\s+)?(?:введения\s+в\s+действие|вступления|ратификации|принятия|избрания)"
    ),
    Lang.KK: re.compile(r"қолданысқа\s+енгізіл(?:ген|геннен)\s*(?:күн\w+)?\s*(?:кейін|соң|бастап)|ратификацияла"),
}
_SEE = {
    Lang.RU: re.compile(r"порядок\s+введения|\bсм\.?\s*ст|в\s+соответствии\s+со\s+стать"),
    Lang.KK: re.compile(r"енгізілу\s+тәртібін|қараңыз|бабын(?:а|ан)?\s+(?:сәйкес|қара)"),
}
_SUSPENDED = {Lang.RU: re.compile(r"приостановлен"), Lang.KK: re.compile(r"тоқтат(?:ыл|а\s+тұр)")}
_SUNSET = {
    Lang.RU: re.compile(r"действ(?:ует|уют|овал\w*)\s+(?:[сc]\s+[\d.]+\s+)?до\b|утрачива\w+\s+силу"),
    Lang.KK: re.compile(r"дейін\s+(?:қолданылады|қолданыста|қолданылды)"),
}
_ABOUT_FORCE = {
    Lang.RU: re.compile(r"действи|действ(?:ует|уют|овал)|опубликовани|приостановлен|\bсм\.?\s*ст"),
    Lang.KK: re.compile(r"қолдан|жариялан|тоқтат|бастап"),
}
_CUT_SHORT = re.compile(r"енгізіле?д?$|вводи(?:тс?)?$|опубликова(?:ни?)?$")


@lru_cache(maxsize=512)
def is_force_phrase(text: str, lang: Lang) -> bool:
    """Whether a parenthesis speaks of entry into force at all («(Налоговый кодекс)» does not)."""
    return _ABOUT_FORCE[lang].search(fold_word(text)) is not None


@lru_cache(maxsize=512)  # notes repeat a few dozen phrases
def read_force_phrase(text: str, lang: Lang) -> ForcePhrase:
    """A phrase such as «вводится в действие с 01.07.2021» read by the rules of FORMAT §7. Never raises."""
    if len(text) > _LONGEST_PHRASE:
        return ForcePhrase(flags=("unread",))
    folded = fold_word(" ".join(text.split())).strip(" .;,")
    main, exception_text, exception_on = _split_exception(" ".join(text.split()).strip(" .;,"), folded, lang)
    flags: list[str] = []
    if exception_text is not None:
        flags.append("exception")
    if _RETROACTIVE[lang].search(main):
        flags.append("retroactive")
        main = _RETROACTIVE[lang].sub("", main)
    starts, untils, bad = _dates_by_role(main, lang)
    if bad:
        flags.append("bad_date")
    if lang is Lang.RU and re.search(r"в\s+действие\s+\d", main):
        flags.append("preposition_absent")
    if _CUT_SHORT.search(main):
        flags.append("cut_short")
    suspended = _SUSPENDED[lang].search(main) is not None
    if suspended:
        flags.append("suspended")
    elif untils and (starts or _SUNSET[lang].search(main)):
        flags.append("sunset")
    until = untils[0] if len(untils) == 1 and (suspended or "sunset" in flags) else None
    on, rule = _start(main, starts, lang, flags)
    if on is None and rule is None and until is None and not flags:
        flags.append("unread")
    return ForcePhrase(on, rule, exception_on, exception_text, tuple(flags), until)


def _split_exception(text: str, folded: str, lang: Lang) -> tuple[str, str | None, date | None]:
    """(main phrase folded, exception as printed, the single date in it). In Kazakh the exception stands first."""
    match = _EXCEPTION[lang].search(folded)
    if match is None and lang is Lang.RU:
        match = _RU_OTHER_START.search(folded)
    if match is None:
        return folded, None, None
    if lang is Lang.RU:
        main, exception = folded[: match.start()], text[match.start() :].lstrip(",; ")
    else:
        main, exception = folded[match.end() :], text[: match.end()].rstrip(", ")
    dates = {span.on for span in find_dates(exception)}
    return main.strip(" ,"), exception, dates.pop() if len(dates) == 1 else None


def _dates_by_role(main: str, lang: Lang) -> tuple[list[date], list[date], bool]:
    """(dates that start, dates that end, whether a written day does not exist)."""
    starts: list[date] = []
    untils: list[date] = []
    bad = False
    for span in find_dates(main):
        before, after, own = (
            main[max(0, span.start - 40) : span.start],
            main[span.end : span.end + 40],
            main[span.start : span.end],
        )
        context = before if lang is Lang.RU else after
        is_until = _UNTIL[lang].search(context) is not None
        is_start = _START[lang].search(context) is not None
        if not (is_until or is_start):
            continue
        if span.on is None:
            bad = True
        elif is_until and (lang is Lang.RU or not _KK_FROM_CASE.search(own)):
            untils.append(span.on)
        elif is_start and not (lang is Lang.KK and _KK_DATIVE_CASE.search(own)):
            starts.append(span.on)
    return starts, untils, bad


def _start(main: str, starts: list[date], lang: Lang, flags: list[str]) -> tuple[date | None, tuple[str, int] | None]:
    """The date or the rule from which the phrase counts; the reason joins `flags` where there is neither."""
    period = _PERIOD[lang].search(main)
    if len(set(starts)) > 1 or (starts and period):
        flags.append("several_dates")
        return None, None
    if starts:
        if _CONDITION[lang].search(main):
            flags.append("condition")
            return None, None
        return starts[0], None
    if _CONDITION[lang].search(main):
        flags.append("condition")
        return None, None
    if period:
        return None, _period_rule(period, main, lang, flags)
    if _SEE[lang].search(main):
        flags.append("see_article")
        return None, None
    if _FROM_DAY[lang].search(main):
        return None, ("publication", 0)
    return None, None


def _period_rule(period: re.Match[str], main: str, lang: Lang, flags: list[str]) -> tuple[str, int] | None:
    numbers = [number for number in find_numbers(period["count"], lang) if not number.ordinal]
    again = read_number(period["again"], lang) if period["again"] else None
    if len(numbers) == 1:
        count = numbers[0].value
    elif not numbers and lang is Lang.RU and period["unit"] in ("месяца", "года") and not period["count"].strip():
        count = 1
    else:
        flags.append("unread")
        return None
    if period["again"] and again != count:
        flags.append("numeral_disagrees")
        return None
    kind = period["kind"] or (period.groupdict().get("kind2") or "")
    if kind.startswith(("рабоч", "жұмыс")):
        flags.append("working_days")
        return None
    after = _AFTER_DAY[lang].search(main)
    if after is None:
        flags.append("ambiguous_start" if _FROM_DAY[lang].search(main) else "condition")
        return None
    if not after["day"]:
        flags.append("day_word_absent")
    unit = period["unit"]
    if unit.startswith(("дн", "күн")):
        return ("days", count)
    return ("months", count * (12 if unit.startswith(("год", "лет", "жыл")) else 1))
