"""Where the Russian and the Kazakh text of one unit do not say the same, found without translating.

Both texts are law. Paired by eid, they are compared in what does not depend on language:

| kind | compared |
|---|---|
| `missing_unit` | the set of parts, points, notes and tables; an article that one language lacks |
| `number` | numbers with their units: МРП/АЕК, years, months, days, hours, percent, tenge; bounds of sanctions |
| `sanction` | the punishments of a part: which, to choose from or additional, obligatory or not |
| `reference` | references to articles, parts and points |
| `term` | technical terms with one fixed counterpart (`lawdiff.terms`), in the heading and in every part |
| `date` | dates in the text |
| `law` | laws named in the notes, and what each is said to have done to which unit |
| `lag` | a change of text that the other language shows later, or not yet |

Every finding holds both places and what only one side has. A fact that cannot be read on one side is not compared:
silence is not disagreement. Pure: units and histories in, findings out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from lawdiff.dates import find_dates
from lawdiff.model import Action, ArticleVersion, History, Lang, Line, LineKind, NoteKind, Unit, UnitKind
from lawdiff.notes import classify_note, read_note
from lawdiff.notes.fold import fold
from lawdiff.notes.units import items_in
from lawdiff.numerals import find_numbers, fold_word, read_number
from lawdiff.sanctions import Sanction, SanctionReading, read_sanctions
from lawdiff.terms import terms_in
from lawdiff.text import close_dashes, fold_key


class DivergenceKind(StrEnum):
    MISSING_UNIT = "missing_unit"
    NUMBER = "number"
    SANCTION = "sanction"
    REFERENCE = "reference"
    TERM = "term"
    DATE = "date"
    LAW = "law"
    LAG = "lag"


@dataclass(frozen=True, slots=True)
class Divergence:
    """One disagreement. place: eid within the unit (`part_3`, `heading`, `notes`), empty for the whole unit.

    only_ru, only_kk: the facts that one side alone has, in language-free words (`200 mci`, `part_2`, `art_99`).
    """

    kind: DivergenceKind
    place: str
    only_ru: tuple[str, ...] = ()
    only_kk: tuple[str, ...] = ()

    @property
    def detail(self) -> str:
        """Both sides in one line: `ru: 160 mci; kk: 300 mci`."""
        return f"ru: {', '.join(self.only_ru) or '—'}; kk: {', '.join(self.only_kk) or '—'}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A divergence over time. since: first day on which both texts show it; until: first on which they no longer do.

    ru_version, kk_version: keys of the newest pair that shows it, None where a language has no text.
    """

    act_id: str
    eid: str
    divergence: Divergence
    since: date
    until: date | None
    ru_version: str | None
    kk_version: str | None


# ---- one pair of units -----------------------------------------------------------------------------------------------

_SAYS_EXCLUDED = ("сключ", "таста", "ығар")
_SCOPE = re.compile(r"(?:part|point|note|table|annex)_")
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


def compare_units(ru: Unit, kk: Unit) -> tuple[Divergence, ...]:
    """Everything in which the two texts of one unit disagree, by place and kind."""
    ru_lines, kk_lines = _law_lines(ru, Lang.RU), _law_lines(kk, Lang.KK)
    ru_scopes = {_scope(line.eid) for line in ru_lines}
    kk_scopes = {_scope(line.eid) for line in kk_lines}
    found: list[Divergence] = []
    if ru_scopes != kk_scopes:
        found.append(
            Divergence(DivergenceKind.MISSING_UNIT, "", _listed(ru_scopes - kk_scopes), _listed(kk_scopes - ru_scopes))
        )
    sanctions = (read_sanctions(ru_lines, Lang.RU), read_sanctions(kk_lines, Lang.KK))
    found += _sanction_divergences(*sanctions)
    common = ru_scopes & kk_scopes
    ru_texts = _texts(ru_lines, common, _sanction_lines(*sanctions, side=0))
    kk_texts = _texts(kk_lines, common, _sanction_lines(*sanctions, side=1))
    ru_texts["heading"], kk_texts["heading"] = ru.heading, kk.heading
    for place in dict.fromkeys([*ru_texts, *kk_texts]):
        found += _text_divergences(place, ru_texts.get(place, ""), kk_texts.get(place, ""))
    return tuple(found + _law_divergences(ru, kk))


def _law_lines(unit: Unit, lang: Lang) -> list[Line]:
    """Lines of law: «2) исключен Законом …» printed as a line is a note, compared with the notes."""
    return [line for line in unit.lines if line.kind is not LineKind.IMAGE and not _is_exclusion(line, lang)]


def _is_exclusion(line: Line, lang: Lang) -> bool:
    """Whether a printed line is the note of an excluded point. The cheap test first: nearly every line is law."""
    return _reads_as_exclusion(line.text, lang)


@lru_cache(maxsize=1024)
def _reads_as_exclusion(text: str, lang: Lang) -> bool:
    lowered = text.lower()
    if not any(stem in lowered for stem in _SAYS_EXCLUDED):
        return False
    return classify_note(text, lang) is NoteKind.EXCLUDED_UNIT


@lru_cache(maxsize=4096)
def _scope(eid: str) -> str:
    """The numbered unit that a line belongs to: `part_3__para_1` → `part_3`, `para_2` → the whole article."""
    steps = []
    for step in eid.split("__"):
        if not _SCOPE.match(step):
            break
        steps.append(step)
    return "__".join(steps)


def _texts(lines: Iterable[Line], common: set[str], leave_out: set[str]) -> dict[str, str]:
    """Text of each scope that both languages have; a scope of one language alone counts for the scope around it."""
    texts: dict[str, list[str]] = {}
    for line in lines:
        if line.eid in leave_out:
            continue
        scope = _scope(line.eid)
        while scope and scope not in common:
            scope = scope.rpartition("__")[0]
        texts.setdefault(scope, []).append(line.text)
    return {scope: "\n".join(parts) for scope, parts in texts.items()}


def _listed(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(fact for fact in facts if fact))


def _text_divergences(place: str, ru: str, kk: str) -> list[Divergence]:
    found: list[Divergence] = []
    for kind, read in (
        (DivergenceKind.NUMBER, numbers_in),
        (DivergenceKind.REFERENCE, references_in),
        (DivergenceKind.DATE, dates_in),
        (DivergenceKind.TERM, terms_in),
    ):
        if kind is DivergenceKind.REFERENCE and place == "heading":
            continue
        of_ru, of_kk = read(ru, Lang.RU), read(kk, Lang.KK)
        if of_ru != of_kk:
            found.append(Divergence(kind, place, _listed(of_ru - of_kk), _listed(of_kk - of_ru)))
    return found


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


# ---- sanctions -------------------------------------------------------------------------------------------------------


def _sanction_lines(ru: SanctionReading, kk: SanctionReading, *, side: int) -> set[str]:
    """Lines whose numbers are compared as sanctions, in parts whose sanctions both languages read whole."""
    unread = {one.part for one in (*ru.unread, *kk.unread)}
    whole = {one.part for one in ru.sanctions} & {one.part for one in kk.sanctions} - unread
    return {one.line for one in (ru, kk)[side].sanctions if one.part in whole}


def _sanction_divergences(ru: SanctionReading, kk: SanctionReading) -> list[Divergence]:
    if [one.facts for one in ru.sanctions] == [one.facts for one in kk.sanctions]:
        return []
    found: list[Divergence] = []
    for part in dict.fromkeys([*ru.parts, *kk.parts]):
        mine, theirs = ru.of_part(part), kk.of_part(part)
        if mine.unread or theirs.unread or not (mine.sanctions and theirs.sanctions):
            continue
        only_ru = [one for one in mine.sanctions if one.facts not in {two.facts for two in theirs.sanctions}]
        only_kk = [one for one in theirs.sanctions if one.facts not in {two.facts for two in mine.sanctions}]
        if not (only_ru or only_kk):
            continue
        same_shape = sorted(map(_shape, only_ru)) == sorted(map(_shape, only_kk))
        kind = DivergenceKind.NUMBER if same_shape else DivergenceKind.SANCTION
        found.append(
            Divergence(kind, part or "", tuple(map(_sanction_words, only_ru)), tuple(map(_sanction_words, only_kk)))
        )
    return found


def _shape(one: Sanction) -> tuple[str, ...]:
    """What a sanction is apart from its bounds: where two differ in nothing else, the difference is a number."""
    return tuple(str(part) for part in (one.case, one.subject, one.kind, one.role))


def _sanction_words(one: Sanction) -> str:
    bounds = f" {one.minimum if one.minimum is not None else ''}..{one.maximum if one.maximum is not None else ''}"
    amount = f"{bounds} {one.unit}" if one.unit and (one.minimum, one.maximum) != (None, None) else ""
    life = " life" if one.unit == "life" else ""
    where = f" in case of {one.case}" if one.case else ""
    who = f" for {one.subject}" if one.subject else ""
    return f"{one.kind}{amount}{life} ({one.role}){who}{where}"


# ---- notes -----------------------------------------------------------------------------------------------------------


def _law_divergences(ru: Unit, kk: Unit) -> list[Divergence]:
    of_ru, of_kk = laws_of(ru, Lang.RU), laws_of(kk, Lang.KK)
    if of_ru == of_kk:
        return []
    return [Divergence(DivergenceKind.LAW, "notes", _listed(of_ru - of_kk), _listed(of_kk - of_ru))]


def laws_of(unit: Unit, lang: Lang) -> frozenset[str]:
    """Laws that the notes of a unit name, with action and unit: `210-VIII of 2025-07-16: restated art_208`."""
    facts: set[str] = set()
    texts = [(note.text, note.links, note.target, note.kind is NoteKind.AMENDMENT) for note in unit.notes]
    texts += [(line.text, (), f"{unit.eid}__{line.eid}", False) for line in unit.lines if _is_exclusion(line, lang)]
    for text, links, target, plain in texts:
        for reading in read_note(text, lang, links=links, target=target, is_amendment=plain):
            if reading.action is Action.UNKNOWN:
                continue
            for law in reading.laws:
                day = law.adopted_on.isoformat() if law.adopted_on else "?"
                facts.add(f"{law.number or '?'} of {day}: {law.action} {reading.unit or unit.eid}")
    return frozenset(facts)


# ---- over time -------------------------------------------------------------------------------------------------------


def compare_histories(ru: History, kk: History) -> tuple[Finding, ...]:
    """Every divergence of an act over the redactions of both languages, with its first and last day."""
    found: list[Finding] = []
    by_eid: dict[str, dict[Lang, list[ArticleVersion]]] = {}
    for history in (ru, kk):
        for version in history.versions:
            if version.unit.kind is not UnitKind.HEADING:
                by_eid.setdefault(version.eid, {}).setdefault(history.lang, []).append(version)
    common = sorted({day for day, *_ in ru.redactions} & {day for day, *_ in kk.redactions})
    if not common:
        return ()
    for eid, versions in by_eid.items():
        of_ru, of_kk = versions.get(Lang.RU, []), versions.get(Lang.KK, [])
        found += _over_time(ru.act_id, eid, of_ru, of_kk, common)
        found += _lags(ru.act_id, eid, of_ru, of_kk, common)
    return in_order(found)


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the one order in which they are given out; those of several units may be joined in any order."""
    return tuple(sorted(found, key=lambda one: (one.eid, one.since, one.divergence.kind, one.divergence.place)))


def _at(versions: Sequence[ArticleVersion], day: date) -> ArticleVersion | None:
    for version in reversed(versions):
        if version.valid_from <= day and (version.valid_to is None or day < version.valid_to):
            return version
    return None


def _over_time(
    act_id: str, eid: str, ru: Sequence[ArticleVersion], kk: Sequence[ArticleVersion], common: Sequence[date]
) -> list[Finding]:
    """Pairs at every date that both languages have; what the next pair shows too is one finding."""
    cache: dict[tuple[str | None, str | None], tuple[Divergence, ...]] = {}
    open_: dict[Divergence, Finding] = {}
    found: list[Finding] = []
    for day in _days_of_change([*ru, *kk], common):
        one, two = _at(ru, day), _at(kk, day)
        keys = (one.key if one else None, two.key if two else None)
        if keys not in cache:
            cache[keys] = _pair(eid, one, two)
        now = cache[keys]
        for gone in [divergence for divergence in open_ if divergence not in now]:
            last = open_.pop(gone)
            found.append(Finding(act_id, eid, gone, last.since, day, last.ru_version, last.kk_version))
        for divergence in now:
            since = open_[divergence].since if divergence in open_ else day
            open_[divergence] = Finding(act_id, eid, divergence, since, None, *keys)
    return [*found, *open_.values()]


def _days_of_change(versions: Iterable[ArticleVersion], common: Sequence[date]) -> list[date]:
    """The common days on which another pair can stand than on the day before: the first, and the first since each
    version's beginning or end."""
    places = {0}
    for version in versions:
        places.add(bisect_left(common, version.valid_from))
        if version.valid_to is not None:
            places.add(bisect_left(common, version.valid_to))
    return [common[place] for place in sorted(places) if place < len(common)]


def _pair(eid: str, ru: ArticleVersion | None, kk: ArticleVersion | None) -> tuple[Divergence, ...]:
    if ru is not None and kk is not None:
        return compare_units(ru.unit, kk.unit)
    if ru is None and kk is None:
        return ()
    return (Divergence(DivergenceKind.MISSING_UNIT, "", (eid,) if ru else (), (eid,) if kk else ()),)


def _lags(
    act_id: str, eid: str, ru: Sequence[ArticleVersion], kk: Sequence[ArticleVersion], common: Sequence[date]
) -> list[Finding]:
    """Dates on which one language's text changed in substance and the other's, present before and then, did not.

    The next change that the other language has alone is taken for its catching up: it ends the lag and is none itself.
    So does a common change after which the notes name the same laws. A change after which fewer facts differ than
    before is catching up, too: with what the other language had before the first redaction held.
    """
    texts = {Lang.RU: ru, Lang.KK: kk}
    changed = {lang: _change_dates(versions) for lang, versions in texts.items()}
    waiting: dict[Lang, list[tuple[date, str | None, str | None]]] = {Lang.RU: [], Lang.KK: []}
    found: list[Finding] = []
    for day in sorted((changed[Lang.RU] | changed[Lang.KK]) & set(common)):
        one, two = _at(ru, day), _at(kk, day)
        if day in changed[Lang.RU] & changed[Lang.KK]:
            ended = [*Lang] if one and two and _same_laws(one, two) else []
        else:
            lang = Lang.RU if day in changed[Lang.RU] else Lang.KK
            ended = [_PAIRS[lang]]
            if not waiting[_PAIRS[lang]] and (differ := _differ_around(ru, kk, day, common, lang)):
                if differ[1] >= differ[0]:
                    waiting[lang].append((day, one.key if one else None, two.key if two else None))
                elif not differ[1]:
                    ended.append(lang)  # it came back to what the other says
        for lang in ended:
            found += [_lag(act_id, eid, lang, since, day, keys) for since, *keys in waiting[lang]]
            waiting[lang] = []
    found += [_lag(act_id, eid, lang, since, None, keys) for lang in waiting for since, *keys in waiting[lang]]
    return found


_PAIRS = {Lang.RU: Lang.KK, Lang.KK: Lang.RU}


def _differ_around(
    ru: Sequence[ArticleVersion], kk: Sequence[ArticleVersion], day: date, common: Sequence[date], lang: Lang
) -> tuple[int, int] | None:
    """How many facts differ before and after a change that one language made alone; None where it can be no lag: the
    other was not there, or a note says that it does not change."""
    before = max((earlier for earlier in common if earlier < day), default=None)
    if before is None:
        return None
    own, others = (ru, kk) if lang is Lang.RU else (kk, ru)
    there = _at(others, day)
    if _at(others, before) is None or there is None:
        return None
    if _says_unchanged(_at(own, before), _at(own, day), there):
        return None
    return _facts_that_differ(_at(ru, before), _at(kk, before)), _facts_that_differ(_at(ru, day), _at(kk, day))


def _facts_that_differ(ru: ArticleVersion | None, kk: ArticleVersion | None) -> int:
    if ru is None or kk is None:
        return 0
    return sum(len(one.only_ru) + len(one.only_kk) for one in compare_units(ru.unit, kk.unit))


def _same_laws(ru: ArticleVersion, kk: ArticleVersion) -> bool:
    return laws_of(ru.unit, Lang.RU) == laws_of(kk.unit, Lang.KK)


def _lag(act_id: str, eid: str, lang: Lang, since: date, until: date | None, keys: Sequence[str | None]) -> Finding:
    fact = (f"text changed on {since.isoformat()}",)
    divergence = Divergence(DivergenceKind.LAG, "", *((fact, ()) if lang is Lang.RU else ((), fact)))
    return Finding(act_id, eid, divergence, since, until, *keys)


def _change_dates(versions: Sequence[ArticleVersion]) -> set[date]:
    """First days of versions whose law text differs from the one before in more than typography."""
    dates: set[date] = set()
    keys = [_key(version.unit) for version in versions] if len(versions) > 1 else []
    for (before, after), version in zip(pairwise(keys), versions[1:], strict=False):
        if before != after:
            dates.add(version.valid_from)
    return dates


def _key(unit: Unit) -> str:
    """`fold_key` of heading and text, made of the keys of their lines: no word crosses a line, only a dash may."""
    keys = [fold_key(unit.heading), *(_line_key(line.text) for line in unit.lines)]
    return close_dashes(" ".join(key for key in keys if key))


@lru_cache(maxsize=512)
def _line_key(text: str) -> str:
    return fold_key(text)


def _says_unchanged(old: ArticleVersion | None, new: ArticleVersion | None, other: ArticleVersion) -> bool:
    """Whether a note tells that the other language's text does not change (FORMAT §5.2): then nothing lags.

    Either language's note may say so. It tells of the laws that it names: it excuses a change whose own notes gain one
    of these, or gain none at all and say so themselves.
    """
    if new is None:
        return False
    flag = f"text_unchanged_in_{other.lang}"
    gained = _named_laws(new) - (_named_laws(old) if old else frozenset())
    if not gained:
        return bool(_named_laws(new, flag))
    return bool(gained & (_named_laws(new, flag) | _named_laws(other, flag)))


def _named_laws(version: ArticleVersion, flag: str | None = None) -> frozenset[tuple[str | None, date | None]]:
    """(number, date) of the laws in the notes of a version; with a flag those of the readings that have it."""
    return frozenset(
        (law.number, law.adopted_on)
        for note in version.unit.notes
        for reading in read_note(note.text, version.lang, links=note.links, target=note.target)
        if flag is None or flag in reading.flags
        for law in reading.laws
    )
