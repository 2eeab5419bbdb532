"""Redactions built by hand from lines of text, for tests of the core that need no page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lawdiff.model import (
    ActHeader,
    Lang,
    Line,
    LineKind,
    Note,
    NoteKind,
    Redaction,
    State,
    Unit,
    UnitKind,
)

ACT = "K2000000001"
_NUMBERED = re.compile(r"(\d+(?:-\d+)*)([.)])\s")


def lines_of(texts: Sequence[str]) -> tuple[Line, ...]:
    """Lines with the eids that the parser gives: parts, points under them, paragraphs and table rows."""
    lines: list[Line] = []
    part = ""
    paras = rows = 0
    used: set[str] = set()
    for text in texts:
        match = _NUMBERED.match(text)
        if "\t" in text:
            rows += 1
            eid, kind, number = f"table_1__row_{rows}", LineKind.ROW, None
        elif match and match[2] == ".":
            part, paras, number = f"part_{match[1]}", 0, match[1]
            eid, kind = part, LineKind.PART
        elif match:
            eid, kind, number = f"{part}__point_{match[1]}".removeprefix("__"), LineKind.POINT, match[1]
        else:
            paras += 1
            eid, kind, number = f"{part}__para_{paras}".removeprefix("__"), LineKind.PARA, None
        while eid in used:
            eid += "_2"
        used.add(eid)
        lines.append(Line(eid, kind, text, number))
    return tuple(lines)


def unit(
    number: str,
    texts: Sequence[str] = (),
    *,
    heading: str | None = None,
    notes: Iterable[str] = (),
    state: State = State.IN_FORCE,
    chapter: str | None = None,
    note_kind: NoteKind = NoteKind.AMENDMENT,
) -> Unit:
    """An article."""
    eid = f"art_{number}"
    chapter_number = re.search(r"\d+", chapter) if chapter else None
    return Unit(
        eid=eid,
        kind=UnitKind.ARTICLE,
        number=number,
        heading=heading if heading is not None else f"Статья {number}. О предмете {number}",
        path=(chapter,) if chapter else (),
        parents=(f"chp_{chapter_number[0]}",) if chapter_number else (),
        lines=lines_of(texts),
        notes=tuple(Note(text, note_kind, eid, len(texts)) for text in notes),
        state=state,
    )


def chapter(number: str, heading: str, notes: Iterable[str] = ()) -> Unit:
    """A heading above articles."""
    eid = f"chp_{number}"
    return Unit(
        eid, UnitKind.HEADING, number, heading, notes=tuple(Note(text, NoteKind.AMENDMENT, eid) for text in notes)
    )


def redaction(
    day: str,
    units: Sequence[Unit],
    *,
    lang: Lang = Lang.RU,
    observed: str | None = None,
    snapshot: int | None = None,
    act_notes: Iterable[str] = (),
    current: bool = False,
) -> Redaction:
    """A redaction of the act `ACT`."""
    return Redaction(
        header=ActHeader(ACT, lang, "Об образцах", "", "upd"),
        redaction_date=date.fromisoformat(day),
        is_current=current,
        units=tuple(units),
        act_notes=tuple(Note(text, NoteKind.TEXT_WIDE, "act") for text in act_notes),
        snapshot_id=snapshot,
        observed_on=date.fromisoformat(observed) if observed else None,
    )


def read_example(path: Path) -> list[Redaction]:
    """The redactions of an example file (tests/examples/diff/*.toml)."""
    with path.open("rb") as stream:
        record = tomllib.load(stream)
    return [
        redaction(
            entry["date"].isoformat(),
            [_unit_of(fields) for fields in entry["units"]],
            lang=Lang(record["lang"]),
            observed=entry["observed"].isoformat() if "observed" in entry else None,
        )
        for entry in record["redactions"]
    ]


def _unit_of(fields: dict[str, Any]) -> Unit:
    return unit(
        fields["number"],
        fields["lines"],
        heading=fields["heading"],
        notes=fields.get("notes", ()),
        state=State(fields.get("state", "in_force")),
        chapter=fields.get("chapter"),
    )
