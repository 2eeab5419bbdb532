"""Which kind of matter a remark is: amendment, future change, excluded point …, or law after all.

The Kazakh «Ескерту.» translates both the editorial «Сноска.» and the normative «Примечание.» (FORMAT §5.6): it is
editorial where it names an act of the Republic or an amending action, else it is law and must stay in the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lawdiff.model import Action, Lang, NoteKind
from lawdiff.notes import words
from lawdiff.notes.fold import Folded, fold

_ENOUGH = 40_000  # the kind of a longer text (the longest note at hand has 3 000 characters) shows in its beginning
_EDITORIAL_PRIMECHANIE = re.compile(
    r"см\.?\s|порядок\s+введения|в\s+соответствии\s+с\s+\w+.{0,200}?нормативн\w+\s+постановлени\w+|вниманию\s+пользовател"
)
_RULING_NUMBER = re.compile(r"(?:№|\bn)\s*\d")
_NAMES_LAW = {
    Lang.RU: re.compile(r"\bрк\b|республики\s+казахстан|\bзакон\w*\s+от\b|(?:№|\bn)\s*\d|\bот\s+\d{1,2}\."),
    Lang.KK: re.compile(r"\bқр\b|(?:№|\bn)\s*\d|заңымен|заңдарымен|қазақстан\s+республикасының"),
}


def label_end(folded: Folded, lang: Lang) -> int:
    """Offset after «Сноска.», «Примечание ИЗПИ!», «ЗҚАИ-ның ескертпесі!», «Ескерту.» (also two in a row), else 0."""
    end = 0
    while match := words.LABEL[lang].match(folded.plain, end):
        if match.end() == end or (match["plain"] and not _ends_label(folded.plain, match)):
            break
        end = match.end()
    return end


def _ends_label(plain: str, match: re.Match[str]) -> bool:
    """«Примечание.» is a label; «Примечание в редакции …», «Примечание к статье 5 …» speak of a note of the law."""
    return not plain[match.end("plain") :].lstrip(" ")[:1].isalpha()


@lru_cache(maxsize=64)  # asked for by classify_note, is_normative and read_note alike
def find_actions(folded: Folded, lang: Lang, start: int = 0) -> tuple[tuple[Action, int, int], ...]:
    """(action, start, end) of every action phrase outside quotations and parentheses, in order, not overlapping."""
    hits = sorted(
        (match.start(), rank, match.end(), action)
        for rank, (action, pattern) in enumerate(words.ACTIONS[lang])
        if any(stem in folded.masked for stem in words.ACTION_STEMS[lang][action])
        for match in pattern.finditer(folded.masked, start)
    )
    found: list[tuple[Action, int, int]] = []
    for begin, _, end, action in hits:
        if not found or begin >= found[-1][2]:
            found.append((action, begin, end))
    return tuple(found)


@lru_cache(maxsize=64)
def is_normative(text: str, lang: Lang) -> bool:
    """Whether a paragraph that opens with «Примечание.» or «Ескерту.» is law, not a remark of the portal."""
    folded = fold(text[:_ENOUGH])
    label = words.LABEL[lang].match(folded.plain)
    if label is None or not label["plain"]:
        return False
    rest = folded.plain[label.end() :]
    if _says_of_a_ruling(folded, lang, label.end()):
        return False
    if lang is Lang.RU:
        return _EDITORIAL_PRIMECHANIE.match(rest) is None and words.SERVICE[lang].search(rest) is None
    if words.SERVICE[lang].search(rest) or words.THIS_ACT_FORCE[lang].search(rest):
        return False
    if words.KK_NAMES_ACT.search(folded.masked) or (words.COURT[lang].search(rest) and words.SEE[lang].search(rest)):
        return False
    return not any(
        action in _KK_EDITORIAL and words.KK_AFTER_ACTION.match(folded.masked, end)
        for action, _, end in find_actions(folded, lang, label.end())
    )


def _says_of_a_ruling(folded: Folded, lang: Lang, start: int) -> bool:
    """Whether it tells that the Constitutional Court found something (not) in conformity, by a ruling with a number."""
    return (
        words.COURT[lang].search(folded.plain, start) is not None
        and _RULING_NUMBER.search(folded.masked, start) is not None
        and any(action is Action.CONSTITUTIONAL_REVIEW for action, _, _ in find_actions(folded, lang, start))
    )


# Actions whose Kazakh words make «Ескерту.» editorial even where no act is named.
_KK_EDITORIAL = frozenset(
    {Action.AMENDED, Action.RESTATED, Action.ADDED, Action.EXCLUDED, Action.REPLACED_WORDS, Action.REPEALED}
)


@lru_cache(maxsize=64)
def classify_note(text: str, lang: Lang) -> NoteKind:
    """Kind of an editorial note (FORMAT §5). Normative matter is not a note: ask `is_normative` first. Never raises."""
    folded = fold(text[:_ENOUGH])
    start = label_end(folded, lang)
    rest = folded.plain[start:]
    if not rest.strip(" .!\n"):
        return NoteKind.SERVICE if start else NoteKind.UNREAD
    if words.SERVICE[lang].search(rest) and not _NAMES_LAW[lang].search(rest):
        return NoteKind.SERVICE
    if words.EXCLUDED_ITEM[lang].match(rest):
        return NoteKind.EXCLUDED_UNIT
    if is_normative(text, lang):
        return NoteKind.UNREAD
    names_law = _NAMES_LAW[lang].search(rest) is not None
    if words.SUSPENDED[lang].search(rest):
        return NoteKind.SUSPENDED
    if words.FUTURE[lang].search(folded.masked, start) and (names_law or start):
        return NoteKind.FUTURE
    if words.TEXT_WIDE[lang].search(folded.masked, start):
        return NoteKind.TEXT_WIDE
    return _by_action(folded, lang, start, names_law)


def _by_action(folded: Folded, lang: Lang, start: int, names_law: bool) -> NoteKind:
    rest = folded.plain[start:]
    actions = find_actions(folded, lang, start)
    first = actions[0] if actions else None
    if words.THIS_ACT_FORCE[lang].search(rest):
        return NoteKind.REFERENCE
    if first is None or first[0] is Action.CONSTITUTIONAL_REVIEW:
        about_court = words.COURT[lang].search(rest) or words.SEE[lang].search(rest)
        return NoteKind.REFERENCE if about_court else NoteKind.UNREAD
    if first[0] is Action.ENTERS_INTO_FORCE:
        # «(см. ст. 10)» in a parenthesis is where it is said; the sentence itself says from when.
        return NoteKind.REFERENCE if words.SEE[lang].search(folded.masked, start) else NoteKind.DEFERRED
    return NoteKind.AMENDMENT if names_law or start else NoteKind.UNREAD
