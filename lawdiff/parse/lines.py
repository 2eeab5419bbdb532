"""Lines of a unit: which number a paragraph carries and which eid it gets (FORMAT §4.3).

Eids are relative to the unit and language-free:

- `part_1`, `part_1-1`: a line that starts «1.», «1-1.» (часть, пункт; бөлік, тармақ);
- `part_1__point_2`: «2)» under it; `point_2` where no part is open;
- `part_1__para_1`: the first unnumbered line under part 1 (also after its points); `para_1` where no part is open;
- `note_1`: a normative «Примечание.», with `note_1__part_1` and so on where it is numbered itself;
- `table_1__row_3`, `image_1`: counted over the unit;
- the lines of a quoted article or item are unnumbered lines.

Point numbers restart where a list starts anew (part two of an article without part numbers): the second list hangs on
the unnumbered line before it, `para_2__point_1`. A number that repeats all the same gets `__2`: no line is lost.
"""

from __future__ import annotations

import re

from lawdiff.model import Line, LineKind
from lawdiff.numbering import normalise_number
from lawdiff.parse.records import make_line

ITEM = re.compile(r"(\d+(?:[-–.]\d+)*)\s?(\.|\))(?!\d)")
_RAISED_ITEM = re.compile(r"(\d+)<sup>(\d+)</sup>\s?(\.|\))")
_NOTE = re.compile(r"(?:Примечани[ея]|Ескерт(?:у|пе)(?:лер)?)\s*[.:]", re.I)
_PARA, _PART, _POINT = LineKind.PARA, LineKind.PART, LineKind.POINT
_DIGITS = frozenset("0123456789")
_QUOTES = frozenset('"«“')
_NOTE_FIRST = frozenset("ПпЕеPpEe")


def item(text: str, html: str | None) -> tuple[str, bool] | None:
    """Number of a line in normal form and whether it is a part («1.») rather than a point («1)»), or None."""
    if text[:1] not in _DIGITS:
        return None
    if html is not None:
        raised = _RAISED_ITEM.match(html)
        if raised is not None:
            return f"{raised[1]}-{raised[2]}", raised[3] == "."
    match = ITEM.match(text)
    if match is None:
        return None
    number = match[1]
    return (number if number.isdigit() else normalise_number(number)), match[2] == "."


# A quotation of a whole heading or item that does not close on its line: «"Статья 5. …», «"119-бап. …», «"1. …»
_QUOTE_OPENS = re.compile(
    r"[\"«“](?:(?:[СC]татья|Глава|Раздел|Параграф|Подраздел)\s+\d|\d+(?:-\d+)*\s?[-.)]|[IVX]+\s)", re.I
)
_QUOTE_CLOSES = re.compile(r".*[\"»”]\s*[;.,]?\s*", re.S)


def opens_quotation(text: str) -> bool:
    """Whether a line opens a quotation of numbered matter that later lines close (FORMAT §4.8)."""
    return _QUOTE_OPENS.match(text) is not None and not _QUOTE_CLOSES.fullmatch(text)


class Numbering:
    """Gives the lines of one unit their eids, in page order."""

    scope = ""  # `part_1__`, `note_1__`
    _note = ""  # `note_1__` once a normative note has begun
    _paras = 0
    _last_para = ""
    _notes = _tables = _images = 0
    _quoted = False  # inside a quotation of numbered matter

    def __init__(self, *, point_unit: bool = False) -> None:
        self.used: dict[str, int] = {}
        self._own_line = point_unit  # the first line of a point unit is the point itself

    def line(self, text: str, html: str | None = None) -> Line:
        """The line for a paragraph of law. Quoted lines are unnumbered: their numbers are those of another text."""
        first = text[0]
        if self._quoted or (first in _QUOTES and opens_quotation(text)):
            self._quoted = not _QUOTE_CLOSES.fullmatch(text)
            return self.paragraph(text, html)
        if first in _DIGITS:
            found = item(text, html)
            if found is not None:
                number, is_part = found
                return self.part(number, text, html) if is_part else self._point(number, text, html)
        elif first in _NOTE_FIRST and _NOTE.match(text):
            self._notes += 1
            self._note = self.scope = f"note_{self._notes}__"
            self._paras = 0
            self._last_para = ""
            return Line(f"note_{self._notes}", LineKind.NOTE, text, None, html)
        return self.paragraph(text, html)

    def paragraph(self, text: str, html: str | None = None) -> Line:
        """An unnumbered line."""
        self._paras += 1
        eid = f"{self.scope}para_{self._paras}"
        self._last_para = eid = self._unique(eid) if eid in self.used else eid
        self.used[eid] = 1
        return make_line(eid, _PARA, text, None) if html is None else Line(eid, _PARA, text, None, html)

    def numbered(self, match: re.Match[str], text: str) -> Line:
        """A line of which `ITEM` matched."""
        number, stop = match.groups()
        if not number.isdigit():
            number = normalise_number(number)
        if stop == ".":
            return self.part(number, text)
        return self.point(number, text)

    def point(self, number: str, text: str) -> Line:
        """A line that starts «1)»."""
        eid = f"{self.scope}point_{number}"
        used = self.used
        if eid in used:
            return self._point(number, text, None)
        used[eid] = 1
        return make_line(eid, _POINT, text, number)

    def part(self, number: str, text: str, html: str | None = None) -> Line:
        """A line that starts «1.»."""
        if self._own_line:
            self._own_line = False
            self._paras = 1
            return Line(self._unique("para_1"), LineKind.PART, text, number, html)
        if self._note and number != "1" and f"{self._note}part_1" not in self.used:
            self._note = ""  # the numbers of the article go on after a note without numbers
        eid = f"{self._note}part_{number}"
        if eid in self.used:
            eid = self._unique(eid)
        else:
            self.used[eid] = 1
        self.scope = f"{eid}__"
        self._paras = 0
        self._last_para = ""
        return make_line(eid, _PART, text, number) if html is None else Line(eid, _PART, text, number, html)

    def _point(self, number: str, text: str, html: str | None) -> Line:
        eid = f"{self.scope}point_{number}"
        if eid in self.used and self._last_para:
            eid = f"{self._last_para}__point_{number}"
        return Line(self._unique(eid), LineKind.POINT, text, number, html)

    def rows(self, rows: tuple[tuple[str, str], ...]) -> list[Line]:
        """The lines of a table."""
        self._tables += 1
        return [
            Line(f"table_{self._tables}__row_{index}", LineKind.ROW, text, None, html)
            for index, (text, html) in enumerate(rows, start=1)
        ]

    def image(self, text: str, html: str | None) -> Line:
        """The line of an image that stands alone."""
        self._images += 1
        return Line(f"image_{self._images}", LineKind.IMAGE, text, None, html)

    def _unique(self, eid: str) -> str:
        count = self.used.get(eid, 0) + 1
        self.used[eid] = count
        if count == 1:
            return eid
        other = f"{eid}__{count}"
        return other if other not in self.used else self._unique(other)
