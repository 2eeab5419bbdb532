"""Blocks to units: text, notes and states under each heading (FORMAT §4.3, §4.6, §4.7, §5).

The page is walked once. Every block ends in exactly one place: a line of a unit, a note (of a unit or of the act), or
a listed omission.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from lawdiff.model import (
    Issue,
    Lang,
    Line,
    Note,
    NoteKind,
    Omission,
    State,
    Unit,
    UnitKind,
)
from lawdiff.notes import is_normative
from lawdiff.parse import editorial, records
from lawdiff.parse.blocks import Block, NoteBlock, TableBlock, TextBlock
from lawdiff.parse.content import Body, Carried, Content, Placed, kind_of
from lawdiff.parse.cutting import Chunk
from lawdiff.parse.editorial import CONTENTS_WORD
from lawdiff.parse.headings import Level, read_head
from lawdiff.parse.lines import item
from lawdiff.parse.outline import Node, Outline, Segment, is_signature

ACT = "act"
_MAY_SUSPEND = (NoteKind.DEFERRED, NoteKind.SUSPENDED)
_OF_PREAMBLE = re.compile(r"преамбул|кіріспе|кiрiспе", re.I)
_DATED_PLACE = re.compile(r"\S.{0,60}\d{4}\s*(?:г\.|года|жыл).{0,40}|№\s*[\w-]+\s*\w*", re.I)


class Place(NamedTuple):
    """What a unit is, before its text is read."""

    eid: str
    kind: UnitKind
    number: str | None
    heading: str
    path: tuple[str, ...]
    parents: tuple[str, ...]
    anchor: str | None


def make_unit(
    place: Place, before: list[Carried], content: Content, next_has_anchor: bool | None, day: date | None
) -> Unit:
    """The unit at `place`. before: notes handed over by the unit above; next_has_anchor: of the heading that follows,
    None where nothing follows (then every waiting note is this unit's). day: of the redaction, where it is known."""
    eid = place.eid
    notes: tuple[Note, ...] = ()
    if before or content.notes or content.waiting:
        placed = [Placed(one.block, one.kind, "", 0) for one in before]
        placed += content.notes
        placed += [one.placed() for one in content.waiting if next_has_anchor is None or one.stays(next_has_anchor)]
        notes = tuple([make_note(one.block, one.kind, eid + one.suffix, one.line) for one in placed])
    state = _state(place, content.lines, notes, day) if notes or not content.lines else State.IN_FORCE
    return records.make_unit(
        eid,
        place.kind,
        place.number,
        place.heading,
        place.path,
        place.parents,
        content.lines,
        notes,
        state,
        place.anchor,
    )


def _state(place: Place, lines: tuple[Line, ...], notes: tuple[Note, ...], day: date | None) -> State:
    if not lines:
        if place.kind is UnitKind.HEADING:
            if any(editorial.says_division_excluded(note.text) for note in notes):
                return State.EXCLUDED
        elif any(editorial.says_excluded(note.text) for note in notes) or editorial.says_excluded(place.heading):
            return State.EXCLUDED
        elif any(note.kind is NoteKind.DEFERRED for note in notes):
            return State.DEFERRED
    for note in notes:
        if note.kind in _MAY_SUSPEND and note.target == place.eid:
            state = editorial.whole_unit_state(note.text)
            if state is not None and (day is None or editorial.in_time(state, note.text, day)):
                return state
    return State.IN_FORCE


def make_note(block: NoteBlock, kind: NoteKind, target: str, line: int) -> Note:
    links = tuple([records.make_link(*link) for link in block.links])
    return records.make_note(block.text, kind, target, line, links)


def _may_suspend(notes: Iterable[Placed | Carried | Note]) -> bool:
    """Whether one of the notes may suspend the unit, so that its state depends on the day of the redaction."""
    return any(one.kind in _MAY_SUSPEND for one in notes)


class Built(NamedTuple):
    """What a page was made into, for the next one of the same act.

    alone: chunks (by number) that made one unit which no other chunk has a hand in: its place among `units`, and
    whether the heading after it has an anchor (None: nothing follows). dated: those of them whose unit depends on the
    day of the redaction; None where another unit does.
    """

    act_id: str
    chunks: Sequence[Chunk]
    units: tuple[Unit, ...]
    act_notes: tuple[Note, ...]
    omissions: tuple[Omission, ...]
    issues: tuple[Issue, ...]
    alone: dict[int, tuple[int, bool | None]]
    dated: frozenset[int] | None


def rebuild(before: Built, act_id: str, chunks: Sequence[Chunk], day: date | None) -> Built | None:
    """What `Builder` makes of `chunks`, where they differ from those of the page before in articles only: in what is
    under their headings, or in articles added after others. None where more is different."""
    if act_id != before.act_id or before.dated is None:
        return None
    return _Rebuilding(before, before.dated, chunks, day).done()


class _Rebuilding:
    """The page before, with some of its articles made anew."""

    def __init__(self, before: Built, dated: frozenset[int], chunks: Sequence[Chunk], day: date | None) -> None:
        self.before = before
        self.was_dated = dated
        self.chunks = chunks
        self.day = day
        self.alone: dict[int, tuple[int, bool | None]] = {}
        self.dated: set[int] = set()
        self.replaced: dict[int, Unit] = {}  # by their place before
        self.added: list[tuple[int, Unit]] = []  # by their place now
        self.eids: set[str] | None = None

    def done(self) -> Built | None:
        before, chunks = self.before, self.chunks
        held = 0
        for number, chunk in enumerate(chunks):
            was = before.chunks[held] if held < len(before.chunks) else None
            if was is chunk and held not in self.was_dated:
                place = before.alone.get(held)
                if place is not None:
                    self.alone[number] = (place[0] + len(self.added), place[1]) if self.added else place
                held += 1
            elif was is chunk or (was is not None and _same_heading(chunk, was)):
                if not self._keep(number, held, chunk, was):
                    return None
                held += 1
            elif not self._add(number, chunk):
                return None
        if held != len(before.chunks):
            return None
        units = before.units
        if self.replaced or self.added:
            changed = [*units]
            for at, unit in self.replaced.items():
                changed[at] = unit
            for at, unit in self.added:
                changed.insert(at, unit)
            units = tuple(changed)
        return before._replace(chunks=chunks, units=units, alone=self.alone, dated=frozenset(self.dated))

    def _keep(self, number: int, held: int, chunk: Chunk, was: Chunk) -> bool:
        place = self.before.alone.get(held)
        if place is None:
            return was is chunk
        at, next_has_anchor = place
        self.alone[number] = (at + len(self.added), next_has_anchor)
        dated = held in self.was_dated
        if chunk is not was or dated:
            old = self.before.units[at]
            made = self._unit(chunk, next_has_anchor, old.eid, old.path, old.parents)
            if made is None:
                return False
            if made != old:
                self.replaced[at] = made
            dated = _may_suspend(made.notes)
        if dated:
            self.dated.add(number)
        return True

    def _add(self, number: int, chunk: Chunk) -> bool:
        """An article that was not there: after another one, whose place it shares."""
        above = self.alone.get(number - 1)
        if above is None or len(chunk.heads) != 1 or chunk.marked or chunk.layout:
            return False
        neighbour = self.chunks[number - 1].heads
        head, _, anchor = chunk.heads[0]
        if head.level is not Level.ARTICLE or head.number is None or neighbour[0][0].level is not Level.ARTICLE:
            return False
        at, next_has_anchor = above
        if next_has_anchor is not (anchor is not None):
            return False  # the article above ends otherwise than before
        following = self.chunks[number + 1].heads if number + 1 < len(self.chunks) else None
        if following is not None and not following:
            return False
        place = at - len(self.added)
        old = self.replaced.get(place) or self.before.units[place]
        last = self.added[-1] if self.added else None
        if last is not None and last[0] == at:
            old = last[1]
        before, found, rest = old.eid.rpartition(f"art_{old.number}")
        if self.eids is None:
            self.eids = {unit.eid for unit in self.before.units}
        eid = f"{before}art_{head.number}"
        if not found or rest or eid in self.eids:
            return False
        next_has_anchor = None if following is None else following[0][2] is not None
        unit = self._unit(chunk, next_has_anchor, eid, old.path, old.parents)
        if unit is None:
            return False
        self.eids.add(eid)
        self.alone[number] = (at + 1, next_has_anchor)
        self.added.append((at + 1, unit))
        if _may_suspend(unit.notes):
            self.dated.add(number)
        return True

    def _unit(
        self, chunk: Chunk, next_has_anchor: bool | None, eid: str, path: tuple[str, ...], parents: tuple[str, ...]
    ) -> Unit | None:
        content = chunk.content
        if content is None or Builder._going(content, next_has_anchor):
            return None
        head, heading, anchor = chunk.heads[0]
        place = Place(eid, UnitKind.ARTICLE, head.number, heading, path, parents, anchor)
        return make_unit(place, [], content, next_has_anchor, self.day)


def _same_heading(chunk: Chunk, was: Chunk) -> bool:
    """Whether two chunks of articles have one heading, its anchor aside."""
    if len(chunk.heads) != 1 or len(was.heads) != 1 or chunk.marked != was.marked or chunk.layout or was.layout:
        return False
    head, heading, anchor = chunk.heads[0]
    old_head, old_heading, old_anchor = was.heads[0]
    return (head, heading, anchor is None) == (old_head, old_heading, old_anchor is None)


class Builder:
    """Walks the segments of one page. `units`, `act_notes`, `omissions` and `issues` are the outcome."""

    def __init__(self, act_id: str, lang: Lang, plan: Outline, day: date | None, *, for_next: bool = False) -> None:
        """for_next: units are kept with their chunks, and `Built` tells all that `rebuild` needs."""
        self.act_id = act_id
        self.day = day  # of the redaction: a suspension until then is over
        self.lang = lang
        self.plan = plan
        self.units: list[Unit] = []
        self.act_notes: list[Note] = []
        self.omissions: list[Omission] = []
        self.issues: list[Issue] = []
        self.unit: Body | None = None
        self.place: Place | None = None  # of `unit`
        self.node: Node | None = None
        self.handed: list[Carried] = []
        self.stolen: Carried | None = None  # the last note of the act, if it may have taken the first heading's anchor
        self.in_contents = False
        self.signed = False
        self.point_eids: dict[str, int] = {}
        self.restarting_points: set[int] = set()
        self.container = 0
        self.preface = True
        self.for_next = for_next
        self.alone: dict[int, tuple[int, bool | None]] = {}  # as in `Built`

    def build(self, chunks: Sequence[Chunk]) -> Built:
        """Walk the page. chunks: those that the outline was made of."""
        self._plan_points()
        segments = self.plan.segments
        following: list[Node | None] = [None] * len(segments)
        for index in range(len(segments) - 2, -1, -1):
            after = segments[index + 1].nodes
            following[index] = after[0] if after else following[index + 1]
        for index, (segment, next_node) in enumerate(zip(segments, following, strict=True)):
            self.container = segment.container
            if segment.chunk is not None and segment.chunk.content is not None:
                self._read(segment, segment.chunk, segment.chunk.content, next_node)
                continue
            for node in segment.nodes:
                self._open_node(node)
            for block in segment.blocks:
                self.block(block)
            if index + 1 == len(segments) or segments[index + 1].nodes:
                self._close(next_node)
        for eid, heading in self.plan.duplicates:
            self.issue("duplicate_number", f"{heading!r} repeats a number of this page; kept as {eid}", eid)
        by_chunk: frozenset[int] | None = None
        if self.for_next:
            dated = {at for at, unit in enumerate(self.units) if unit.notes and _may_suspend(unit.notes)}
            by_chunk = frozenset(number for number, (at, _) in self.alone.items() if at in dated)
            if len(by_chunk) != len(dated):
                by_chunk = None
        return Built(
            self.act_id,
            chunks,
            tuple(self.units),
            tuple(self.act_notes),
            tuple(self.omissions),
            tuple(self.issues),
            self.alone,
            by_chunk,
        )

    def issue(self, kind: str, detail: str, eid: str | None = None) -> None:
        self.issues.append(Issue(kind, detail, self.act_id, eid, self.lang))

    # headings

    def _open_node(self, node: Node, *, is_read: bool = False) -> None:
        """The unit of `node`. is_read: its content is there already, so that no block will come."""
        self._close(node)
        if self.preface and self.stolen is not None and node.anchor is None:
            self.act_notes.pop()
            self.handed.append(self.stolen)
        self.node = node
        if node.contents:
            self.in_contents = True
            self.omissions.append(Omission("contents", node.heading))
            return
        self.in_contents = False
        self.preface = False
        if node.annex:
            self.signed = False
            kind = UnitKind.ANNEX
        else:
            kind = UnitKind.ARTICLE if node.level is Level.ARTICLE else UnitKind.HEADING
        if is_read:
            self.place = Place(node.eid, kind, node.number, node.heading, node.path, node.parents, node.anchor)
        else:
            self._open(node.eid, kind, node.number, node.heading, node.path, node.parents, node.anchor)

    def _open(
        self,
        eid: str,
        kind: UnitKind,
        number: str | None,
        heading: str,
        path: tuple[str, ...],
        parents: tuple[str, ...],
        anchor: str | None,
    ) -> Body:
        self.place = Place(eid, kind, number, heading, path, parents, anchor)
        self.unit = Body(self.lang, point_unit=kind is UnitKind.POINT)
        return self.unit

    def _close(self, following: Node | None) -> None:
        """The open unit is done. following: the heading after it."""
        if self.unit is not None:
            self._finish(self.unit.done(), None if following is None else following.anchor is not None)

    def _read(self, segment: Segment, chunk: Chunk, content: Content, following: Node | None) -> None:
        """An article whose content is there already; a unit made of the same chunk before is used again."""
        *above, last = segment.nodes
        for node in above:
            self._open_node(node)
        self._open_node(last, is_read=True)
        next_has_anchor = None if following is None else following.anchor is not None
        if not self.for_next:
            self._finish(content, next_has_anchor)
            return
        noted: tuple[Placed | Carried, ...] = (*content.notes, *content.waiting, *self.handed)
        day = self.day if noted and _may_suspend(noted) else None
        key = (self.place, tuple(self.handed), next_has_anchor, day)
        if chunk.made is None or chunk.made[0] != key:
            assert self.place is not None
            chunk.made = (key, make_unit(self.place, self.handed, content, next_has_anchor, self.day))
        alone = not above and not self.handed
        self.units.append(chunk.made[1])
        self.handed = self._going(content, next_has_anchor)
        if alone and not self.handed:
            self.alone[segment.number] = (len(self.units) - 1, next_has_anchor)

    def _finish(self, content: Content, next_has_anchor: bool | None) -> None:
        assert self.place is not None
        self.units.append(make_unit(self.place, self.handed, content, next_has_anchor, self.day))
        self.handed = self._going(content, next_has_anchor)
        self.unit = None

    @staticmethod
    def _going(content: Content, next_has_anchor: bool | None) -> list[Carried]:
        """The waiting notes that belong to the heading which follows."""
        if next_has_anchor is None or not content.waiting:
            return []
        return [one for one in content.waiting if not one.stays(next_has_anchor)]

    # blocks

    def block(self, block: Block) -> None:
        if isinstance(block, NoteBlock):
            self._note(block)
        elif isinstance(block, TableBlock):
            self._table(block)
        else:
            self._text(block)

    def _note(self, block: NoteBlock) -> None:
        if self.unit is None and (self.node is None or self.node.contents):
            kind = kind_of(block.text, self.lang)
            self.act_notes.append(make_note(block, kind, ACT, 0))
            self.stolen = Carried(block, kind, False, 0) if block.red and block.anchor is not None else None
            return
        if self.preface and self._is_preamble() and not _OF_PREAMBLE.search(block.text):
            # it stands below the preamble, and speaks of the act: «По всему тексту слова … заменены …» (FORMAT §4.7)
            self.act_notes.append(make_note(block, kind_of(block.text, self.lang), ACT, 0))
            return
        self._current().note(block)

    def _table(self, block: TableBlock) -> None:
        if is_signature(block):
            self._signature(block.text)
        elif self.in_contents:
            self.omissions.append(Omission("contents", block.text))
        else:
            self._current().table(block)

    def _signature(self, text: str) -> None:
        if self.unit is not None:
            self.unit.settle()
        self.signed = True
        self.omissions.append(Omission("signature", text))

    def _text(self, block: TextBlock) -> None:
        text = block.text
        self.stolen = None
        if block.image:
            self._current().text(block)
            return
        if block.link_only and CONTENTS_WORD.fullmatch(text):
            self.omissions.append(Omission("attachment", text))
            return
        if (self.preface or self.in_contents or CONTENTS_WORD.fullmatch(text)) and self._is_contents(text):
            self.omissions.append(Omission("contents", text))
            return
        if block.italic and (self.units or self.unit) and not self.preface and is_signature(block):
            self._signature(text)
            return
        if self.signed and _DATED_PLACE.fullmatch(text):
            self.omissions.append(Omission("signature", text))
            return
        if text[:1] in "СПВЗРҚЕCEП" and self._is_editorial(text):
            self._note(NoteBlock(text, (), False, block.anchor))
            return
        unit = self.unit
        if unit is not None and not unit.lines and self._is_article() and editorial.is_placeholder(text):
            unit.settle()
            unit.notes.append(Placed(NoteBlock(text), NoteKind.DEFERRED, "", 0))
            return
        if self.container not in self.plan.with_articles:
            found = item(text, block.html)
            if found is not None and found[1] and self._opens_point(found[0]):
                self._point(found[0], block)
                return
        self._current().text(block)

    def _is_article(self) -> bool:
        return self.place is not None and self.place.kind is UnitKind.ARTICLE

    def _is_preamble(self) -> bool:
        return self.unit is not None and self.place is not None and self.place.kind is UnitKind.PREAMBLE

    def _is_editorial(self, text: str) -> bool:
        if editorial.EDITORIAL_TEXT.match(text):
            return True
        return self.lang is Lang.KK and bool(editorial.KK_NOTE.match(text)) and not is_normative(text, self.lang)

    def _is_contents(self, text: str) -> bool:
        """Lines of an inline table of contents: from its title to the first line that is no heading (FORMAT §4.7)."""
        if self.unit is not None and self.unit.lines:
            self.in_contents = False
            return False
        if CONTENTS_WORD.fullmatch(text):
            self.in_contents = True
            return True
        head = read_head(text)
        if head is not None and head.number is not None and (self.preface or self.in_contents):
            self.in_contents = True
            return True
        if self.in_contents and (text[:1].islower() or _is_number_line(text)):
            return True
        self.in_contents = False
        return False

    def _current(self) -> Body:
        """The open unit; before the first heading of the act, the preamble."""
        node = self.node
        if self.signed:
            self.signed = False
            self._close(None)
            self.issue("text_after_signature", "text stands after the signature and under no annex", "closing")
            parents = (*node.parents, node.eid) if node is not None and node.annex else ()
            return self._open(self._free("closing"), UnitKind.ANNEX, None, "", (), parents, None)
        if self.unit is not None:
            return self.unit
        if node is None or node.contents:
            return self._open("preamble", UnitKind.PREAMBLE, None, "", (), (), None)
        # text after a signature or contents under a heading that is closed already
        return self._open(self._free(f"{node.eid}__rest"), UnitKind.HEADING, None, "", node.path, node.parents, None)

    # points of acts and annexes without articles

    def _plan_points(self) -> None:
        """Containers where the numbers of points restart under another heading: there, points carry the heading."""
        for container in {segment.container for segment in self.plan.segments} - self.plan.with_articles:
            seen: dict[str, int] = {}
            for index, segment in enumerate(self.plan.segments):
                if segment.container != container:
                    continue
                for block in segment.blocks:
                    if isinstance(block, TextBlock):
                        found = item(block.text, block.html)
                        counted = found is not None and found[1] and "." not in found[0]
                        if found is not None and counted and seen.setdefault(found[0], index) != index:
                            self.restarting_points.add(container)

    def _opens_point(self, number: str) -> bool:
        """A dotted number («1.8.5.») is a line of the point that it continues, if that is open."""
        place = self.place
        return not (
            "." in number
            and self.unit is not None
            and place is not None
            and place.kind is UnitKind.POINT
            and number.startswith(f"{place.number}.")
        )

    def _point(self, number: str, block: TextBlock) -> None:
        self.preface = False
        node = self.node
        unit = self.unit
        path: tuple[str, ...] = ()
        parents: tuple[str, ...] = ()
        base = f"point_{number}"
        if node is not None:
            path = (*node.path, node.heading) if node.heading else node.path
            parents = (*node.parents, node.eid)
            if self.container in self.restarting_points:
                base = f"{node.eid}__{base}"
            else:
                annex: Node | None = node
                while annex is not None and not annex.annex:
                    annex = annex.parent
                base = f"{annex.eid}__{base}" if annex is not None else base
        if unit is not None:
            self._finish(unit.done(), block.anchor is not None)
        eid = self._free(base)
        if eid != base:
            self.issue("duplicate_number", f"point {number} repeats; kept as {eid}", eid)
        self._open(eid, UnitKind.POINT, number, "", path, parents, block.anchor).text(block)

    def _free(self, base: str) -> str:
        count = self.point_eids.get(base, 0) + 1
        self.point_eids[base] = count
        return base if count == 1 else f"{base}__{count}"


def _is_number_line(text: str) -> bool:
    return text[:1].isdigit() and len(text) < 200
