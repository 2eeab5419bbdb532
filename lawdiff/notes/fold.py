"""A note folded for matching without moving a character, and with its quotations and parentheses hidden.

Everything that the grammar matches, it matches on `Folded.plain` or `Folded.masked`; offsets in them are offsets in the
note as printed, so that links and printed forms can be taken from there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lawdiff.numerals import fold_word
from lawdiff.text import plain_dashes

_OPEN_QUOTES = {"«": "»", "“": "”", "„": "“", '"': '"'}
_QUOTE = re.compile('[«“„"]')
_PAREN = re.compile(r"[()]")
# «подпункт 3)», «подпункты 1) и 3)», «3) тармақша» inside a parenthesis do not end it.
_RU_ITEM_BEFORE = re.compile(
    r"(?:пункт|подпункт)[а-я]*\s+(?:\d{1,9}(?:-\d{1,9}){0,4}\)(?:\s*,\s*|\s+и\s+|\s+или\s+|\s*-\s*))*\d{1,9}(?:-\d{1,9}){0,4}$"
)
_KK_ITEM_AFTER = re.compile(r"\)\s*(?:тармақ|(?:,|және|пен|мен|-)\s*\d{1,9}(?:-\d{1,9}){0,4}\))")
# A note of several lines may repeat its header; it is no unit («примечание» is one, too).
_HEADER = re.compile(
    r"примечани[ея]\s+(?:изпи|рцпи)\s*[!.:]?|(?:рқао|зқаи)\s*-?\s*ның\s+ескертпе\w*\s*[!.:]?|(?:сноска|ескерту)\s*[.:]"
)
_SPACES = "\u00a0\t\r\u2009\u202f"
_MASK = "\ue000"  # private use: neither a letter nor white space, so that no pattern runs through it
_QUOTED = "\ue001"  # the same for quotations


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A parenthesis or quotation: offsets include the signs. closed: False where the closing sign is missing."""

    start: int
    end: int
    closed: bool = True


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity: what is made of it is remembered by it
class Folded:
    """text: as printed. plain: lower case, one kind of dash and space. masked: plain, enclosures blanked."""

    text: str
    plain: str
    masked: str
    parens: tuple[Enclosed, ...]
    quotes: tuple[Enclosed, ...]

    def inside(self, enclosed: Enclosed) -> str:
        """What an enclosure holds, as printed, without its signs and outer space."""
        end = enclosed.end - 1 if enclosed.closed else enclosed.end
        return " ".join(self.text[enclosed.start + 1 : end].split())


@lru_cache(maxsize=512)  # a note is folded by classify_note, is_normative and read_note alike
def fold(text: str) -> Folded:
    """Fold a note. Never raises; a parenthesis without its end reaches to the next «;» or line end."""
    plain = plain_dashes(fold_word(text))
    for space in _SPACES:
        plain = plain.replace(space, " ")
    quotes = _quotes(plain)
    without_quotes = _blank(plain, quotes, _QUOTED)
    parens = _parens(without_quotes)
    masked = _HEADER.sub(lambda match: _MASK * len(match[0]), _blank(without_quotes, parens, _MASK))
    return Folded(text, plain, masked, parens, quotes)


def _quotes(plain: str) -> tuple[Enclosed, ...]:
    found: list[Enclosed] = []
    at = 0
    while opening := _QUOTE.search(plain, at):
        end = plain.find(_OPEN_QUOTES[opening[0]], opening.end())
        at = opening.end() if end < 0 else end + 1
        if end >= 0:
            found.append(Enclosed(opening.start(), at))
    return tuple(found)


def _parens(plain: str) -> tuple[Enclosed, ...]:
    """Outermost parentheses. «5)» of a list number closes nothing."""
    found: list[Enclosed] = []
    depth = start = 0
    for sign in _PAREN.finditer(plain):
        if sign[0] == "(":
            start = sign.start() if depth == 0 else start
            depth += 1
        elif depth and not (depth == 1 and _ends_item(plain, sign.start())):
            depth -= 1
            if depth == 0:
                found.append(Enclosed(start, sign.end()))
    if depth:
        ends = [end for cut in ";\n" if (end := plain.find(cut, start)) >= 0]
        found.append(Enclosed(start, min(ends, default=len(plain)), closed=False))
    return tuple(found)


def _ends_item(plain: str, at: int) -> bool:
    """Whether the «)» at this place belongs to the number of a point."""
    return bool(
        plain[at - 1].isdigit()
        and (_RU_ITEM_BEFORE.search(plain, max(0, at - 80), at) or _KK_ITEM_AFTER.match(plain, at))
    )


def _blank(plain: str, enclosures: tuple[Enclosed, ...], mask: str) -> str:
    parts: list[str] = []
    at = 0
    for enclosed in enclosures:
        parts += [plain[at : enclosed.start], mask * (enclosed.end - enclosed.start)]
        at = enclosed.end
    return "".join([*parts, plain[at:]])
