"""Frozen records made quickly.

A frozen dataclass sets each field through `object.__setattr__`; a page makes thousands of records, and half of the time
went there. Here a record is filled while it is still of a class that is not frozen but has the same slots, and then
becomes what it is. tests/test_parse_records.py holds what these functions make against what the constructors make.
"""

from __future__ import annotations

from lawdiff.model import Line, LineKind, Note, NoteKind, NoteLink, State, Unit, UnitKind


class _Line:
    __slots__ = ("eid", "html", "kind", "number", "text")

    eid: str
    kind: LineKind
    text: str
    number: str | None
    html: str | None


class _Link:
    __slots__ = ("end", "href", "start")

    start: int
    end: int
    href: str


class _Note:
    __slots__ = ("kind", "line", "links", "target", "text")

    text: str
    kind: NoteKind
    target: str
    line: int
    links: tuple[NoteLink, ...]


class _Unit:
    __slots__ = ("anchor", "eid", "heading", "kind", "lines", "notes", "number", "parents", "path", "state")

    eid: str
    kind: UnitKind
    number: str | None
    heading: str
    path: tuple[str, ...]
    parents: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    state: State
    anchor: str | None


def make_line(eid: str, kind: LineKind, text: str, number: str | None) -> Line:
    """`Line(eid, kind, text, number)`."""
    line = _Line()
    line.eid = eid
    line.kind = kind
    line.text = text
    line.number = number
    line.html = None
    line.__class__ = Line  # type: ignore[assignment]
    return line  # type: ignore[return-value]


def make_link(start: int, end: int, href: str) -> NoteLink:
    """`NoteLink(start, end, href)`."""
    link = _Link()
    link.start = start
    link.end = end
    link.href = href
    link.__class__ = NoteLink  # type: ignore[assignment]
    return link  # type: ignore[return-value]


def make_note(text: str, kind: NoteKind, target: str, line: int, links: tuple[NoteLink, ...]) -> Note:
    """`Note(text, kind, target, line, links)`."""
    note = _Note()
    note.text = text
    note.kind = kind
    note.target = target
    note.line = line
    note.links = links
    note.__class__ = Note  # type: ignore[assignment]
    return note  # type: ignore[return-value]


def make_unit(
    eid: str,
    kind: UnitKind,
    number: str | None,
    heading: str,
    path: tuple[str, ...],
    parents: tuple[str, ...],
    lines: tuple[Line, ...],
    notes: tuple[Note, ...],
    state: State,
    anchor: str | None,
) -> Unit:
    """`Unit` of the same fields."""
    unit = _Unit()
    unit.eid = eid
    unit.kind = kind
    unit.number = number
    unit.heading = heading
    unit.path = path
    unit.parents = parents
    unit.lines = lines
    unit.notes = notes
    unit.state = state
    unit.anchor = anchor
    unit.__class__ = Unit  # type: ignore[assignment]
    return unit  # type: ignore[return-value]
