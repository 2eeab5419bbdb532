"""Terms of the law of information that have one fixed counterpart in the other language.

A glossary, not a translation: each pair stands in the definitions of the codes or in the headings of articles that pair
cleanly; a term with several renderings is left out, for it would accuse clean texts. Longer terms are matched first and
hide the shorter ones in them («ақпараттық-коммуникациялық желі» is no «желі»).
"""

from __future__ import annotations

import re
from functools import lru_cache

from lawdiff.model import Lang
from lawdiff.numerals import fold_word
from lawdiff.text import plain_dashes

# name → (Russian, Kazakh), matched on folded text; the order is the order of matching.
_TERMS: tuple[tuple[str, str, str], ...] = (
    (
        "infocommunication network",
        r"информационно-коммуникационн\w+\s+сет\w+",
        r"ақпараттық-коммуникациялық\s+желі\w*",
    ),
    (
        "critical infrastructure",
        r"критическ\w+\s+важн\w+\s+(?:информационн\w+\s+)?объект\w*",
        r"аса\s+маңызды\s+(?:ақпараттық\s+)?объекті\w*",
    ),
    (
        "telecommunication network",
        r"сет(?:ь|и|ью|ей|ям|ями|ях)\s+телекоммуникаци\w+",
        r"телекоммуникация(?:лар|лық)?\s+желі\w*",
    ),
    ("information object", r"объект\w*\s+информатизаци\w+", r"ақпараттандыру(?:\s+|дың\s+(?:\w+\s+){0,2})объекті\w*"),
    ("information system", r"информационн\w+\s+систем\w*", r"ақпараттық\s+жүйе\w*"),
    ("electronic medium", r"электронн\w+\s+носител\w+", r"электрондық\s+(?:жеткізгіш|тасығыш|тасымалдағыш)\w*"),
    ("internet resource", r"интернет-ресурс\w*", r"интернет-ресурс\w*"),
    ("subscriber device", r"абонентск\w+\s+устройств\w*", r"абоненттік\s+құрылғы\w*"),
    ("criminal group", r"преступн\w+\s+групп\w*", r"қылмыстық\s+топ\w*"),
)
_PATTERNS = {
    Lang.RU: re.compile("|".join(f"(?P<t{index}>{ru})" for index, (_, ru, _) in enumerate(_TERMS))),
    Lang.KK: re.compile("|".join(f"(?P<t{index}>{kk})" for index, (_, _, kk) in enumerate(_TERMS))),
}
# Every term has one of these: a text without them is not searched further.
_STEMS = {
    Lang.RU: (
        "информационн", "критическ", "телекоммуникаци", "информатизаци", "электронн", "интернет", "абонентск",
        "преступн",
    ),
    Lang.KK: ("ақпарат", "маңызды", "телекоммуникация", "электрондық", "интернет", "абоненттік", "қылмыстық"),
}  # fmt: skip


@lru_cache(maxsize=1024)
def terms_in(text: str, lang: Lang) -> frozenset[str]:
    """Names of the terms that a text uses."""
    folded = fold_word(text)
    if not any(stem in folded for stem in _STEMS[lang]):
        return frozenset()
    found = set()
    for match in _PATTERNS[lang].finditer(plain_dashes(folded)):
        assert match.lastgroup is not None
        found.add(_TERMS[int(match.lastgroup[1:])][0])
    return frozenset(found)
