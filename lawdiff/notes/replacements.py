"""Replacements throughout a text: «слова "A" и "B" заменены соответственно словами "X" и "Y"» as pairs.

Words that are taken out («слова "A" исключены») are replaced by nothing: («A», «»).
"""

from __future__ import annotations

import re
from itertools import pairwise

from lawdiff.model import Lang
from lawdiff.notes.fold import Folded

_TURN = {
    Lang.RU: re.compile(r"\bзамен(?:ен[аоы]?|ить|яются|яется|ой)\b"),
    Lang.KK: re.compile(r"\b(?:деген\s+)?(?:сөз\w*)\s+(?:тиісінше)?"),
}
_GONE = {
    Lang.RU: re.compile(r"(?<=\ue001)\s{0,3}(?:предусматрива\w+\s+)?исключ\w+"),
    Lang.KK: re.compile(r"\bдеген\s+сөз\w*\s+алып\s+таста\w+"),
}
_KK_VERB = re.compile(r"\b(?:ауыстыр\w+|алмастыр\w+)")


def read_replacements(
    folded: Folded, start: int, end: int, lang: Lang
) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """((old, new), …) and doubts: `replacements_unpaired` where the two lists do not match one to one."""
    pairs: list[tuple[str, str]] = []
    doubts: list[str] = []
    for segment_start, segment_end in _segments(folded, start, end):
        old, new = _sides(folded, segment_start, segment_end, lang)
        gone = _taken_out(folded, segment_start, segment_end, lang) if not (old or new) else []
        if gone:
            pairs += [(one, "") for one in gone]
        elif len(new) == 1:
            pairs += [(one, new[0]) for one in old]
        elif len(old) == len(new):
            pairs += list(zip(old, new, strict=True))
        else:
            doubts.append("replacements_unpaired")
    return tuple(pairs), doubts


def _segments(folded: Folded, start: int, end: int) -> list[tuple[int, int]]:
    """Stretches with one replacement each: cut after «;» and line ends."""
    cuts = [start, *(match.end() for match in re.finditer(r"[;\n]", folded.masked) if start < match.end() < end), end]
    return list(pairwise(cuts))


def _taken_out(folded: Folded, start: int, end: int, lang: Lang) -> list[str]:
    verb = _GONE[lang].search(folded.masked, start, end)
    if verb is None:
        return []
    return [folded.inside(quote) for quote in folded.quotes if start <= quote.start < verb.start()]


def _sides(folded: Folded, start: int, end: int, lang: Lang) -> tuple[list[str], list[str]]:
    quotes = [
        quote
        for quote in folded.quotes
        if start <= quote.start < end and not any(paren.start < quote.start < paren.end for paren in folded.parens)
    ]
    if lang is Lang.RU:
        turn = _TURN[lang].search(folded.masked, start, end)
        if turn is None:
            return [], []
        old = [quote for quote in quotes if quote.start < turn.start()]
        new = [quote for quote in quotes if quote.start >= turn.end()]
        new = [quote for quote in new if not _names_an_act(folded, quote.start)]
    else:
        verb = _KK_VERB.search(folded.masked, start, end)
        if verb is None:
            return [], []
        turn = _TURN[lang].search(folded.masked, start, end)
        if turn is None:
            return [], []
        old = [quote for quote in quotes if quote.start < turn.start()]
        new = [quote for quote in quotes if turn.end() <= quote.start < verb.start()]
    return [folded.inside(quote) for quote in old], [folded.inside(quote) for quote in new]


def _names_an_act(folded: Folded, at: int) -> bool:
    return re.search(r"\b(?:закон\w*|кодекс\w*)\s+(?:рк|республики\s+казахстан)?\s*$", folded.masked[:at]) is not None
