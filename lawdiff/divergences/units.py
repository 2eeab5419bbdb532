"""One pair of texts of a unit: everything in which the languages disagree, by place and kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from lawdiff.divergences.facts import dates_in, numbers_in, references_in
from lawdiff.divergences.records import Divergence, DivergenceKind
from lawdiff.model import Action, Lang, Line, LineKind, NoteKind, Unit
from lawdiff.notes import classify_note, read_note
from lawdiff.sanctions import Sanction, SanctionReading, read_sanctions
from lawdiff.terms import terms_in

_SAYS_EXCLUDED = ("сключ", "таста", "ығар")
_SCOPE = re.compile(r"(?:part|point|note|table|annex)_")


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
