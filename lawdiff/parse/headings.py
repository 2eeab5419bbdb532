"""Heading lines of acts in both languages: which level, which number (FORMAT §4.1, §4.2, §6).

One printed line goes in, a `Head` comes out, or None where the line is no heading. Headings are recognised here by
their words, but only lines that the page marks up as headings are ever asked about (FORMAT §4.8: quoted articles are
ordinary paragraphs).

Look-alike letters are allowed in every level word («Cтатья» with a Latin C, «бөлiм» with a Latin i), as are Roman
numbers in Latin or Cyrillic letters, suffix numbers after any dash, and superscripts.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from lawdiff.errors import BadIdentifier
from lawdiff.numbering import normalise_number

_LATIN_TWIN = {
    "а": "a", "в": "b", "с": "c", "е": "e", "н": "h", "і": "i", "к": "k", "м": "m",
    "о": "o", "р": "p", "т": "t", "х": "x", "у": "y", "ү": "y", "ө": "o", "һ": "h",
}  # fmt: skip


def lookalike_pattern(word: str) -> str:
    """A pattern for `word` (lower case, Cyrillic) in any case, with Latin twins allowed: «бөлім» finds «БӨЛIМ»."""
    classes = []
    for letter in word:
        twin = _LATIN_TWIN.get(letter, "")
        both = letter + letter.upper() + twin + twin.upper() + ("іІ" if letter == "і" else "")
        classes.append(f"[{both}]" if letter.isalpha() else r"\s+" if letter == " " else re.escape(letter))
    return "".join(classes)


class Level(IntEnum):
    """Depth of a heading; a heading closes every open heading of its own depth or deeper."""

    PART = 1  # Общая часть, Ерекше бөлік
    SECTION = 2  # Раздел, бөлім; a numbered title without a level word
    SUBSECTION = 3  # Подраздел, кіші бөлім, бөлімше
    CHAPTER = 4  # Глава, тарау
    PARAGRAPH = 5  # Параграф
    TITLE = 6  # a title without number or level word
    ARTICLE = 7  # Статья, бап


PREFIX = {
    Level.PART: "prt",
    Level.SECTION: "sec",
    Level.SUBSECTION: "subsec",
    Level.CHAPTER: "chp",
    Level.PARAGRAPH: "subchp",
    Level.TITLE: "hd",
    Level.ARTICLE: "art",
}


class Head(NamedTuple):
    """A heading line read: its level, its number in normal form (None: unnumbered), whether a title follows."""

    level: Level
    number: str | None
    titled: bool


_SUP = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_ARABIC = rf"\d+[{_SUP}]*(?:\s?[-‐‑‒–—−]\s?\d+[{_SUP}]*)*"
_ROMAN = r"[IVXLCDMІХѴСМ]+(?:\s?[-‐‑‒–—−]\s?\d+)*"
_NUMBER = rf"(?P<number>{_ARABIC}|{_ROMAN}(?![\w]))"

_RU_WORDS = {
    "статья": Level.ARTICLE,
    "глава": Level.CHAPTER,
    "раздел": Level.SECTION,
    "подраздел": Level.SUBSECTION,
    "параграф": Level.PARAGRAPH,
}
_KK_WORDS = {
    "бап": Level.ARTICLE,
    "тарау": Level.CHAPTER,
    "бөлімше": Level.SUBSECTION,
    "кіші бөлім": Level.SUBSECTION,
    "кіші бөлік": Level.SUBSECTION,
    "бөлім": Level.SECTION,
    "параграф": Level.PARAGRAPH,
    "бөлік": Level.PART,
}


def _word_group(words: dict[str, Level], prefix: str) -> str:
    return "|".join(f"(?P<{prefix}{i}>{lookalike_pattern(word)})" for i, word in enumerate(words))


_RU_LEVELS = tuple(_RU_WORDS.values())
_KK_LEVELS = tuple(_KK_WORDS.values())
# «Статья 115-1. Сталкинг», «РАЗДЕЛ 4.», «Глава 52-1», «Статья 1», «§ 2.», «Раздел II Человек», «Глава. Общие»
_RU = re.compile(rf"(?:{_word_group(_RU_WORDS, 'r')}|(?P<sign>§))(?![^\W\d_])\s*(?:№\s*)?{_NUMBER}?(?P<rest>.*)", re.S)
# «115-1-бап. Сталкинг», «133-1 бап», «238-бап.Әдейi», «1-бап .», «II бөлім», «11-1 тарау»
_KK = re.compile(rf"{_NUMBER}\s*[-‐‑‒–—−]?\s*(?:{_word_group(_KK_WORDS, 'k')})(?![\w])(?P<rest>.*)", re.S)
_KK_SIGN = re.compile(rf"{_NUMBER}\s*[-‐‑‒–—−]?\s*§(?P<rest>.*)", re.S)
_PARTS = (
    (re.compile(rf"(?:{lookalike_pattern('общая')}\s+{lookalike_pattern('часть')})(?![\w])(?P<rest>.*)", re.S), "1"),
    (
        re.compile(rf"(?:{lookalike_pattern('особенная')}\s+{lookalike_pattern('часть')})(?![\w])(?P<rest>.*)", re.S),
        "2",
    ),
    (
        re.compile(
            rf"{lookalike_pattern('жалпы')}\s+(?:{lookalike_pattern('бөлік')}|{lookalike_pattern('бөлім')})"
            r"(?![\w])(?P<rest>.*)",
            re.S,
        ),
        "1",
    ),
    (
        re.compile(
            rf"{lookalike_pattern('ерекше')}\s+(?:{lookalike_pattern('бөлік')}|{lookalike_pattern('бөлім')})"
            r"(?![\w])(?P<rest>.*)",
            re.S,
        ),
        "2",
    ),
)
_NUMBERED_TITLE = re.compile(rf"(?P<number>\d+(?:[-.]\d+)*(?=[.\s])|{_ROMAN}(?=\.))\.?(?=\s|\D)(?P<rest>.*)", re.S)
# The commonest by far, without the tolerance: «Статья 115-1. Сталкинг», «115-1-бап. Сталкинг».
PLAIN_ARTICLE = re.compile(r"(?:Статья (\d+(?:-\d+)*)|(\d+(?:-\d+)*)-бап)\. (?=[^\W\d_])")
_ONLY_STOPS = re.compile(r"[\s.:,;]*")
# What must stand right after a number for the line to be a heading and not a reference («Статья 5 настоящего …»
# is told apart by markup; here only letters glued to the number are refused: «5а»).
_GLUED = re.compile(r"[^\W\d_]")


def read_head(line: str) -> Head | None:
    """The heading that `line` (normalised text) prints, or None. Titles without a level word are not read here."""
    plain = PLAIN_ARTICLE.match(line)
    if plain is not None:
        return Head(Level.ARTICLE, plain[1] or plain[2], True)
    first = line[:1]
    match = _KK.match(line) or _KK_SIGN.match(line) if first.isdigit() or first in "IVXLІХ" else _RU.match(line)
    if match is not None:
        groups = match.groupdict()
        rest = groups.pop("rest")
        number = groups.pop("number")
        if number is None or not _GLUED.match(rest):
            return Head(_level_of(groups), _normal(number), not _ONLY_STOPS.fullmatch(rest))
    for pattern, number in _PARTS:
        part = pattern.match(line)
        if part is not None:
            return Head(Level.PART, number, not _ONLY_STOPS.fullmatch(part["rest"]))
    return None


def read_title(line: str) -> Head:
    """Any other line that the page marks up as a heading: a numbered title («1. Введение») or a plain one."""
    match = _NUMBERED_TITLE.match(line)
    if match is not None:
        number = _normal(match["number"])
        level = Level.SUBSECTION if number is not None and "." in number else Level.SECTION
        return Head(level, number, not _ONLY_STOPS.fullmatch(match["rest"]))
    return Head(Level.TITLE, None, True)


def _level_of(groups: dict[str, str | None]) -> Level:
    for name, word in groups.items():
        if word is not None:
            if name[0] == "r":
                return _RU_LEVELS[int(name[1:])]
            if name[0] == "k":
                return _KK_LEVELS[int(name[1:])]
    return Level.PARAGRAPH


def _normal(number: str | None) -> str | None:
    if number is None:
        return None
    try:
        return normalise_number(number)
    except BadIdentifier:
        head, dash, tail = number.partition("-")
        try:
            return f"{normalise_number(head)}-{normalise_number(tail)}" if dash else None
        except BadIdentifier:
            return None
