"""The lines and notes under one heading, before it is known which unit they make.

`Body` takes blocks in page order; `Content` is what comes out. Nothing in it names the unit: eids of lines are
relative, targets of notes are suffixes. So the content of an article can be kept and used again for the next redaction.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lawdiff.model import Lang, Line, NoteKind
from lawdiff.notes import classify_note
from lawdiff.numbering import normalise_number
from lawdiff.parse import editorial
from lawdiff.parse.blocks import NoteBlock, TableBlock, TextBlock
from lawdiff.parse.lines import Numbering

_NAMES_INNER_UNIT = re.compile(
    r"(?:В\s+)?(?:под)?(?:пункт|част|абзац)|\d+(?:-\d+)*\)?\s*-?\s*(?:тармақ|бөлі[кг]|абзац)", re.I
)
# The commonest notes by far, read without the grammar: an amendment of one unit by laws that are named.
# tests/test_parse_records.py holds them against `lawdiff.notes.classify_note`.
_PLAIN_AMENDMENT = {
    Lang.RU: re.compile(
        r"Сноска\. (?:Заголовок )?[А-Яа-я]+ [\d-]+ (?:[–-] )?"
        r"(?:с изменени(?:ями|ем), внесенным|в редакции|исключена)"
        r"|Сноска\. (?:Глава \d+ дополнена|Кодекс дополнен|Закон дополнен|Конституция дополнена) "
        r"(?:статьей|главой) [\d-]+ "
    ).match,
    Lang.KK: re.compile(
        r"Ескерту\. (?:\d+-тарау |Кодекс |Заң )?\d+(?:-\d+)?-(?:баппен толықтырылды|бапқа өзгеріс(?:тер)? енгізілді"
        r"|бап жаңа редакцияда|бап алып тасталды|баптың тақырыбы(?:на өзгеріс енгізілді| жаңа редакцияда)) [–-] ҚР "
    ).match,
}
_NOT_PLAIN = {Lang.RU: ("риоста", "редус", "текст", "настоящ"), Lang.KK: ("тоқтат", "көзде", "мәтін", "осы ")}


# «Примечание. См. нормативное постановление Конституционного Суда РК от 08.04.2023 № 8-НП; от …»
_PLAIN_REFERENCE = re.compile(
    r"Примечание\. См\. нормативн(?:ое|ые) постановлени[ея] Конституционного Суда РК от [\d.,;№НПот \-]+"
)


class Placed(NamedTuple):
    """A note in its place. suffix: what its target adds to the unit's eid (`__part_4`). line: as `Note.line`."""

    block: NoteBlock
    kind: NoteKind
    suffix: str
    line: int


class Carried(NamedTuple):
    """A red note that waits for the thing it concerns (FORMAT §5.4). after_heading: no text stands before it."""

    block: NoteBlock
    kind: NoteKind
    after_heading: bool
    line: int

    def stays(self, next_has_anchor: bool) -> bool:
        """Whether it concerns the unit in which it stands although nothing but the next heading follows it: it stands
        right after this heading, and did not take the next one's anchor."""
        return self.after_heading and (self.block.anchor is None or next_has_anchor)

    def placed(self) -> Placed:
        return Placed(self.block, self.kind, "", self.line)


class Content(NamedTuple):
    """What stands under one heading. waiting: red notes at its end, for the next heading."""

    lines: tuple[Line, ...]
    notes: tuple[Placed, ...]
    waiting: tuple[Carried, ...]


def kind_of(text: str, lang: Lang) -> NoteKind:
    """`classify_note`, with short cuts for plain amendments and rulings of the Constitutional Court."""
    if _PLAIN_AMENDMENT[lang](text) is not None and (" РК " in text or lang is Lang.KK):
        first, second, third, fourth = _NOT_PLAIN[lang]
        if first not in text and second not in text and third not in text and fourth not in text:
            return NoteKind.AMENDMENT
    elif lang is Lang.RU and _PLAIN_REFERENCE.fullmatch(text) is not None:
        return NoteKind.REFERENCE
    return classify_note(text, lang)


class Body:
    """Content being read, block by block."""

    def __init__(self, lang: Lang, *, point_unit: bool = False) -> None:
        self.lang = lang
        self.lines: list[Line] = []
        self.notes: list[Placed] = []
        self.waiting: list[Carried] = []
        self.numbering = Numbering(point_unit=point_unit)

    def text(self, block: TextBlock) -> None:
        """A paragraph; notes that wait for it are given to it."""
        if block.image:
            line = self.numbering.image(block.text, block.html)
        else:
            line = self.numbering.line(block.text, block.html)
        if self.waiting:
            self.give(line.eid, block.anchor is not None)
        self.lines.append(line)

    def table(self, block: TableBlock) -> None:
        """A table; notes that wait for it are given to the whole of it."""
        rows = self.numbering.rows(block.rows)
        if self.waiting:
            self.give(rows[0].eid.partition("__")[0], block.anchor is not None)
        self.lines += rows

    def note(self, block: NoteBlock) -> None:
        """A note: placed here, or held back for what follows where it is red or headed «Примечание ИЗПИ!» (§5.4)."""
        kind = kind_of(block.text, self.lang)
        excluded = kind is NoteKind.EXCLUDED_UNIT
        headed = editorial.CARRIED.match(block.text) is not None
        settles = excluded or (kind is NoteKind.AMENDMENT and not headed)
        if not settles and (block.red or headed):
            self.waiting.append(Carried(block, kind, not self.lines, len(self.lines)))
            return
        self.settle()
        suffix = ""
        if excluded:
            found = editorial.ITEM.match(block.text)
            if found is not None:
                suffix = self._excluded(normalise_number(found[1]), is_part=found[2] == ".")
        self.notes.append(Placed(block, kind, suffix, len(self.lines)))

    def _excluded(self, number: str, *, is_part: bool) -> str:
        """What a point that survives only in its note is called: as its line was, under the part that is open."""
        if is_part:
            return f"__part_{number}"
        return f"__{self.numbering.scope}point_{number}"

    def give(self, line_eid: str, line_has_anchor: bool) -> None:
        """The line `line_eid` follows the waiting notes: they concern it, or the unit if they follow its heading."""
        for one in self.waiting:
            stolen = one.block.anchor is not None and not line_has_anchor
            inner = _NAMES_INNER_UNIT.match(editorial.CARRIED.sub("", one.block.text).strip())
            own = one.after_heading and not stolen and inner is None
            self.notes.append(Placed(one.block, one.kind, "" if own else f"__{line_eid}", one.line))
        self.waiting.clear()

    def settle(self) -> None:
        """What waits concerns this unit after all: a Сноска or the end of the text follows."""
        self.notes += [one.placed() for one in self.waiting]
        self.waiting.clear()

    def done(self) -> Content:
        return Content(tuple(self.lines), tuple(self.notes), tuple(self.waiting))
