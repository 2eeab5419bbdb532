"""Blocks to units: text, notes and states under each heading (FORMAT §4.3, §4.6, §4.7, §5).

The page is walked once. Every block ends in exactly one place: a line of a unit, a note (of a unit or of the act), or
a listed omission.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lawdiff.model import (
    Issue,
    Lang,
    Line,
    Note,
    NoteKind,
    NoteLink,
    Omission,
    State,
    Unit,
    UnitKind,
)
from lawdiff.notes import classify_note, is_normative
from lawdiff.numbering import normalise_number
from lawdiff.parse import editorial
from lawdiff.parse.blocks import Block, NoteBlock, TableBlock, TextBlock
from lawdiff.parse.editorial import CONTENTS_WORD
from lawdiff.parse.headings import Level, read_head
from lawdiff.parse.lines import Numbering, item
from lawdiff.parse.outline import Node, Outline, is_signature

ACT = "act"
_NAMES_INNER_UNIT = re.compile(
    r"(?:В\s+)?(?:под)?(?:пункт|част|абзац)|\d+(?:-\d+)*\)?\s*-?\s*(?:тармақ|бөлі[кг]|абзац)", re.I
)
_DATED_PLACE = re.compile(r"\S.{0,60}\d{4}\s*(?:г\.|года|жыл).{0,40}|№\s*[\w-]+\s*\w*", re.I)


@dataclass(slots=True)
class Carried:
    """A red note that stands before the thing it concerns."""

    block: NoteBlock
    kind: NoteKind
    after_heading: bool
    line: int


class OpenUnit:
    """A unit being read: its lines in order, its notes beside them."""

    def __init__(
        self,
        eid: str,
        kind: UnitKind,
        number: str | None,
        heading: str,
        path: tuple[str, ...],
        parents: tuple[str, ...],
        anchor: str | None,
        lang: Lang,
    ) -> None:
        self.eid = eid
        self.kind = kind
        self.number = number
        self.heading = heading
        self.path = path
        self.parents = parents
        self.anchor = anchor
        self.lang = lang
        self.lines: list[Line] = []
        self.notes: list[Note] = []
        self.carried: list[Carried] = []
        self.numbering = Numbering(point_unit=kind is UnitKind.POINT)

    def text(self, block: TextBlock) -> None:
        """A paragraph; notes that wait for it are given to it."""
        if block.image:
            line = self.numbering.image(block.text, block.html)
        else:
            line = self.numbering.line(block.text, block.html)
        if self.carried:
            self._give_to_line(line.eid, block.anchor is not None)
        self.lines.append(line)

    def table(self, block: TableBlock) -> None:
        rows = self.numbering.rows(block.rows)
        if self.carried:
            self._give_to_line(rows[0].eid.partition("__")[0], block.anchor is not None)
        self.lines += rows

    def note(self, block: NoteBlock) -> None:
        """A note: of this unit, or held back for what follows where it is red or headed «Примечание ИЗПИ!» (§5.4)."""
        kind = classify_note(block.text, self.lang)
        excluded = kind is NoteKind.EXCLUDED_UNIT
        settles = excluded or kind is NoteKind.AMENDMENT
        if not settles and (block.red or editorial.CARRIED.match(block.text)):
            self.carried.append(Carried(block, kind, not self.lines, len(self.lines)))
            return
        self.settle()
        target = self.eid
        if excluded:
            found = editorial.ITEM.match(block.text)
            if found is not None:
                level = "part" if found[2] == "." else "point"
                target = f"{self.eid}__{level}_{normalise_number(found[1])}"
        self.add_note(block, kind, target, len(self.lines))

    def add_note(self, block: NoteBlock, kind: NoteKind, target: str, line: int) -> None:
        self.notes.append(make_note(block, kind, target, line))

    def _give_to_line(self, line_eid: str, line_has_anchor: bool) -> None:
        for one in self.carried:
            stolen = one.block.anchor is not None and not line_has_anchor
            inner = _NAMES_INNER_UNIT.match(editorial.CARRIED.sub("", one.block.text).strip())
            own = one.after_heading and not stolen and inner is None
            target = self.eid if own else f"{self.eid}__{line_eid}"
            self.add_note(one.block, one.kind, target, one.line)
        self.carried.clear()

    def settle(self) -> None:
        """What waits concerns this unit after all: a Сноска or the end of the text follows."""
        for one in self.carried:
            self.add_note(one.block, one.kind, self.eid, one.line)
        self.carried.clear()

    def hand_over(self, next_has_anchor: bool) -> list[Carried]:
        """The notes that belong to the heading which follows; the others stay with this unit."""
        going: list[Carried] = []
        for one in self.carried:
            stays = one.after_heading and (one.block.anchor is None or next_has_anchor)
            if stays:
                self.add_note(one.block, one.kind, self.eid, one.line)
            else:
                going.append(one)
        self.carried.clear()
        return going

    def finish(self) -> Unit:
        self.settle()
        state = self._state()
        return Unit(
            self.eid,
            self.kind,
            self.number,
            self.heading,
            self.path,
            self.parents,
            tuple(self.lines),
            tuple(self.notes),
            state,
            self.anchor,
        )

    def _state(self) -> State:
        if not self.lines:
            if self.kind is UnitKind.HEADING:
                if any(editorial.says_division_excluded(note.text) for note in self.notes):
                    return State.EXCLUDED
            elif any(editorial.says_excluded(note.text) for note in self.notes) or editorial.says_excluded(self.heading):
                return State.EXCLUDED
            elif any(note.kind is NoteKind.DEFERRED for note in self.notes):
                return State.DEFERRED
        for note in self.notes:
            if note.target == self.eid and note.kind in (NoteKind.DEFERRED, NoteKind.SUSPENDED):
                state = editorial.whole_unit_state(note.text)
                if state is not None:
                    return state
        return State.IN_FORCE


def make_note(block: NoteBlock, kind: NoteKind, target: str, line: int) -> Note:
    links = tuple(NoteLink(start, end, href) for start, end, href in block.links)
    return Note(block.text, kind, target, line, links)


class Builder:
    """Walks the segments of one page. `units`, `act_notes`, `omissions` and `issues` are the outcome."""

    def __init__(self, act_id: str, lang: Lang, plan: Outline) -> None:
        self.act_id = act_id
        self.lang = lang
        self.plan = plan
        self.units: list[Unit] = []
        self.act_notes: list[Note] = []
        self.omissions: list[Omission] = []
        self.issues: list[Issue] = []
        self.unit: OpenUnit | None = None
        self.node: Node | None = None
        self.handed: list[Carried] = []
        self.stolen: Carried | None = None  # the last note of the act, if it may have taken the first heading's anchor
        self.in_contents = False
        self.signed = False
        self.point_eids: dict[str, int] = {}
        self.restarting_points: set[int] = set()
        self.container = 0
        self.preface = True

    def build(self) -> None:
        self._plan_points()
        segments = self.plan.segments
        following: list[Node | None] = [None] * len(segments)
        for index in range(len(segments) - 2, -1, -1):
            after = segments[index + 1].nodes
            following[index] = after[0] if after else following[index + 1]
        for segment, next_node in zip(segments, following, strict=True):
            self.container = segment.container
            for node in segment.nodes:
                self._open_node(node)
            for block in segment.blocks:
                self.block(block)
            self._close(next_node)
        for eid, heading in self.plan.duplicates:
            self.issue("duplicate_number", f"{heading!r} repeats a number of this page; kept as {eid}", eid)

    def issue(self, kind: str, detail: str, eid: str | None = None) -> None:
        self.issues.append(Issue(kind, detail, self.act_id, eid, self.lang))

    # headings

    def _open_node(self, node: Node) -> None:
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
    ) -> OpenUnit:
        unit = self.unit = OpenUnit(eid, kind, number, heading, path, parents, anchor, self.lang)
        for one in self.handed:
            unit.add_note(one.block, one.kind, eid, 0)
        self.handed = []
        return unit

    def _close(self, following: Node | None) -> None:
        unit = self.unit
        if unit is None:
            return
        if following is not None and unit.carried:
            self.handed = unit.hand_over(following.anchor is not None)
        self.units.append(unit.finish())
        self.unit = None

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
            kind = classify_note(block.text, self.lang)
            self.act_notes.append(make_note(block, kind, ACT, 0))
            self.stolen = Carried(block, kind, False, 0) if block.red and block.anchor is not None else None
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
        if unit is not None and not unit.lines and unit.kind is UnitKind.ARTICLE and editorial.is_placeholder(text):
            unit.settle()
            unit.add_note(NoteBlock(text), NoteKind.DEFERRED, unit.eid, 0)
            return
        if self.container not in self.plan.with_articles:
            found = item(text, block.html)
            if found is not None and found[1] and self._opens_point(found[0]):
                self._point(found[0], block)
                return
        self._current().text(block)

    def _is_editorial(self, text: str) -> bool:
        return editorial.is_editorial_text(text, self.lang, is_normative(text, self.lang))

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

    def _current(self) -> OpenUnit:
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
                        if found is not None and found[1] and "." not in found[0]:
                            if seen.setdefault(found[0], index) != index:
                                self.restarting_points.add(container)

    def _opens_point(self, number: str) -> bool:
        """A dotted number («1.8.5.») is a line of the point that it continues, if that is open."""
        unit = self.unit
        return not (
            "." in number
            and unit is not None
            and unit.kind is UnitKind.POINT
            and unit.number is not None
            and number.startswith(f"{unit.number}.")
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
            elif node.annex or node.parents:
                top = node.eid if node.annex else next((p for p in node.parents if p.startswith("annex_")), "")
                base = f"{top}__{base}" if top else base
        if unit is not None:
            if unit.carried:
                self.handed = unit.hand_over(block.anchor is not None)
            self.units.append(unit.finish())
            self.unit = None
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
