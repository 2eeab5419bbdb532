"""Frozen records made quickly.

A frozen dataclass sets each field through `object.__setattr__`; a page makes thousands of lines, and half of the time
went there. These functions set the slots of the same classes directly. tests/test_parse_flat.py holds what they make
against what the constructors make.
"""

from __future__ import annotations

from lawdiff.model import Line, LineKind, NoteLink

_new = object.__new__
_eid = Line.__dict__["eid"].__set__
_kind = Line.__dict__["kind"].__set__
_text = Line.__dict__["text"].__set__
_number = Line.__dict__["number"].__set__
_html = Line.__dict__["html"].__set__
_start = NoteLink.__dict__["start"].__set__
_end = NoteLink.__dict__["end"].__set__
_href = NoteLink.__dict__["href"].__set__


def make_line(eid: str, kind: LineKind, text: str, number: str | None) -> Line:
    """`Line(eid, kind, text, number)`."""
    line: Line = _new(Line)
    _eid(line, eid)
    _kind(line, kind)
    _text(line, text)
    _number(line, number)
    _html(line, None)
    return line


def make_link(start: int, end: int, href: str) -> NoteLink:
    """`NoteLink(start, end, href)`."""
    link: NoteLink = _new(NoteLink)
    _start(link, start)
    _end(link, end)
    _href(link, href)
    return link
