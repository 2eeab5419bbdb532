"""Histories of both languages: every disagreement with its first and last day, and the changes that lag behind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from lawdiff.continuity import same_law
from lawdiff.divergences.records import Divergence, DivergenceKind, Finding
from lawdiff.divergences.units import compare_units, laws_of
from lawdiff.model import ArticleVersion, History, Lang, Unit, UnitKind
from lawdiff.notes import read_note


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
    steps = pairwise(versions)
    return {after.valid_from for before, after in steps if not same_law(_words(before.unit), _words(after.unit))}


def _words(unit: Unit) -> str:
    return f"{unit.heading}\n{unit.text}"


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
