"""Editorial matter: which runs are one note, and what a note says about where it belongs (FORMAT §5).

The reading of a note into laws and dates is `lawdiff.notes`; here is only what the physical page needs: joining the
lines of one note, telling editorial «Ескерту.» from normative, and the few phrases that decide a unit's state.
"""

from __future__ import annotations

import re
from datetime import date

from lawdiff.dates import read_date
from lawdiff.model import State
from lawdiff.parse.blocks import Block, NoteBlock
from lawdiff.parse.headings import lookalike_pattern as _like

# «Примечание ИЗПИ!», «ЗҚАИ-ның ескертпесі!», «Вниманию пользователей!»: the head of the next line (FORMAT §5.5, §6)
_HEADER = (
    r"(?:Примечани[ея]\s+(?:ИЗПИ|РЦПИ)\s*[!:.]?"
    rf"|(?:ЗҚАИ|РҚАО)\s*[-–]?\s*н[ыі]ң\s+{_like('ескертпесі')}\s*[!:.]?"
    rf"|Вниманию\s+пользователей\s*!?|(?:Қолданушылар(?:дың)?|Пайдаланушылар(?:дың)?)\s+назарына\s*!?)"
)
_HEADER_ONLY = re.compile(rf"(?:{_HEADER}\s*)+", re.I)
_STARTS_NOTE = re.compile(
    rf"Сноск[аи]|{_like('ескерту')}(?:лер)?\s*[.:!]|Примечани[ея]|{_HEADER}|Содержание|МАЗМ", re.I
)
CARRIED = re.compile(_HEADER, re.I)
ITEM = re.compile(r"(\d+(?:[-–]\d+)*)\s*([.)])")
CONTENTS_WORD = re.compile(rf"(?:содержание|оглавление|{_like('мазмұны')}|{_like('мазмұн')})\s*[.:]?", re.I)
EDITORIAL_TEXT = re.compile(rf"Сноска\.|{_HEADER}", re.I)
MAYBE_NOTE = re.compile(rf"Сноск|{_like('примечани')}|{_like('ескерту')}|{_like('ескертпе')}|{_HEADER}", re.I)
KK_NOTE = re.compile(rf"{_like('ескерту')}(?:лер)?\s*[.:]", re.I)
RU_NORMATIVE = re.compile(r"Примечани[ея]\s*[.:]", re.I)

_EXCLUDED = re.compile(
    r"(?<![\w])(?:исключен[аоы]?|утратил[аио]?\s+силу)(?![\w])"
    rf"|{_like('алып')}\s+{_like('тасталды')}|{_like('алынып')}\s+{_like('тасталды')}|{_like('күші')}\s+{_like('жойылды')}",
    re.I,
)
_EXCLUDED_DIVISION = re.compile(
    r"(?:Глава|Параграф|Раздел|Подраздел|Часть|Приложение)\b[^.;]{0,80}?(?<!\w)(?:исключен[аоы]?|утратил[аио]?\s+силу)(?!\w)"
    rf"|(?:{_like('тарау')}|{_like('параграф')}|{_like('бөлім')}|{_like('бөлімше')}|{_like('қосымша')})\w{{0,3}}\s+"
    rf"(?:{_like('алып')}\s+{_like('тасталды')}|{_like('күші')}\s+{_like('жойылды')})",
    re.I,
)
_RU_DAY = r"(?:\d{2}\.\d{2}\.\d{4}|\d{1,2}\s+[а-я]+\s+\d{4})(?:\s*(?:года|г\.))?"
_KK_DAY = r"(?:\d{2}\.\d{2}\.\d{4}|\d{4}\.\d{2}\.\d{2}|\d{4}\s+жылғы\s+\d{1,2}\s+\w+)"
_PLACEHOLDER = re.compile(
    rf"\(?(?:Стать[яи]\s+[\d-]+\s+)?вводится\s+в\s+действие\s+(?:[сc]\s+)?{_RU_DAY}"
    r"(?:\s+в\s+соответствии\s+со?\s.{0,120}?)?\)?\s*[.;]?"
    rf"|\(?(?:[\d-]+-?{_like('бап')}\s+)?{_KK_DAY}\s+бастап\s+{_like('қолданысқа')}\s+{_like('енгізіледі')}\)?\s*[.;]?",
    re.I,
)
_WHOLE_DEFERRED = re.compile(
    rf"(?:{_HEADER}\s*)*(?:(?:Стать[яи]|Глава|Параграф|Раздел)\s+[\d-]+\s+вводится\s+в\s+действие"
    rf"|[\d-]+\s*-?\s*(?:{_like('бап')}|{_like('тарау')}|{_like('параграф')}|{_like('бөлім')})\s.{{0,120}}?"
    rf"{_like('қолданысқа')}\s+{_like('енгізіледі')})",
    re.I,
)
_WHOLE_SUSPENDED = re.compile(
    rf"(?:{_HEADER}\s*)*(?:(?:Сноска|{_like('ескерту')})\.\s*)?(?:(?:Действие\s+)?стать[яи]\s+[\d-]+\s+приостановлен[ао]"
    r"|Приостанов(?:лено|ить)\s.{0,60}?действие\s+статьи\s+[\d-]+"
    rf"|[\d-]+\s*-?\s*{_like('баптың')}\s+{_like('қолданылуы')}\s.{{0,80}}?{_like('тоқтатыл')})",
    re.I,
)
_STARTS = re.compile(
    rf"вводится\s+в\s+действие\s+(?:[сc]\s+)?({_RU_DAY})|({_KK_DAY})\w*\s+бастап\s+{_like('қолданысқа')}", re.I
)
_UNTIL = re.compile(rf"(?:(?<![а-я])до\s+({_RU_DAY})|({_KK_DAY})\w*\s+{_like('дейін')})", re.I)
_SENTENCE_END = (".", ")", "!", ";", ":")


def join_notes(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """`blocks` with the lines of one note made one block (see `join`)."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if type(block) is NoteBlock and type(last) is NoteBlock:
            merged = join(last, block)
            if merged is not None:
                joined[-1] = merged
                continue
        joined.append(block)
    return tuple(joined)


def join(last: NoteBlock, block: NoteBlock) -> NoteBlock | None:
    """Two lines that follow each other as one note, or None: a header («Примечание ИЗПИ!») takes the next line, and a
    line that goes on in mid-sentence is joined to the one before (FORMAT §4.7, §5.1)."""
    return _merged(last, block) if _continues(last.text, block.text) else None


def _continues(before: str, text: str) -> bool:
    if _HEADER_ONLY.fullmatch(before):
        return not CONTENTS_WORD.fullmatch(text)
    if _STARTS_NOTE.match(text) or CONTENTS_WORD.fullmatch(text) or CONTENTS_WORD.fullmatch(before):
        return False
    if ITEM.match(text):
        return False
    return not before.endswith(_SENTENCE_END) or text[0].islower() or text[0] in '"«'


def _merged(first: NoteBlock, second: NoteBlock) -> NoteBlock:
    shift = len(first.text) + 1
    links = first.links + tuple((start + shift, end + shift, href) for start, end, href in second.links)
    return NoteBlock(f"{first.text} {second.text}", links, first.red, first.anchor or second.anchor)


def says_excluded(text: str) -> bool:
    """Whether a note or heading of a unit without text says that the unit was excluded or lost force."""
    return _EXCLUDED.search(text) is not None


def says_division_excluded(text: str) -> bool:
    """Whether a note says that a whole chapter, paragraph, section or annex was excluded (FORMAT §5.3)."""
    return _EXCLUDED_DIVISION.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether a line only says when the unit comes into force, in place of its text."""
    return _PLACEHOLDER.fullmatch(text) is not None


def whole_unit_state(text: str) -> State | None:
    """DEFERRED or SUSPENDED where a note says so of the whole article or division, else None."""
    if _WHOLE_SUSPENDED.match(text):
        return State.SUSPENDED
    return State.DEFERRED if _WHOLE_DEFERRED.match(text) else None


def in_time(state: State, text: str, day: date) -> bool:
    """Whether a deferral or suspension that the note `text` states still stands on `day`, the redaction's date. The
    note stays on the page after its date; a condition instead of a date is never over by itself."""
    found = (_STARTS if state is State.DEFERRED else _UNTIL).search(text)
    stated = read_date(found[1] or found[2]) if found is not None else None
    return stated is None or stated > day
