"""Redactions of one act and language, in any order → its history: versions of units, changes between them, issues.

Guarantees: the order of arrival does not matter; folding the same redactions twice changes nothing; a version opens
only where text, heading or (of a unit without text) state changed; both texts of a silent edit are kept; each
change's `diff_json` replays on the text before it.

Legal time: `valid_from` is the date of the first redaction that shows the text, `valid_to` of the first that no
longer does. Observation time: `first_seen` is the earliest day on which a fetched redaction showed it. Redactions of
one date are observations of one text, in the order in which they were made: a text that differs between them is a
`silent_edit`.

Decisions that DESIGN.md leaves open:
- a pure move to another chapter changes no text: no version opens, the change is `renumbered`, editorial, with
  `moved_from`;
- a state that changes under an equal text (a placeholder's note goes: `took_effect`) opens no version either, and old
  and new version are then one, as for `note_only`;
- an article that vanishes with no note gets an empty version of state `unknown` and an issue `vanished`, and no
  change: a gap is no repeal; when it returns it is `restored`;
- an article of a chapter excluded as a whole gets an empty version of state `excluded` with the chapter's note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from lawdiff import continuity
from lawdiff.diff import ArticleDiff, diff_lines
from lawdiff.errors import LawdiffError
from lawdiff.model import (
    ArticleVersion,
    Change,
    History,
    Issue,
    Lang,
    Line,
    Note,
    NoteState,
    Op,
    Redaction,
    State,
    Unit,
    UnitKind,
    Weight,
)
from lawdiff.ordering import effective_date, in_order
from lawdiff.summary import summarise
from lawdiff.text import fold_key, sha256_text

_EDITORIAL = frozenset({Op.NOTE_ONLY, Op.TYPOGRAPHIC})
_EMPTY_STATES = frozenset({State.EXCLUDED, State.UNKNOWN})
_PLACEHOLDERS = frozenset({State.EXCLUDED, State.DEFERRED})  # states in which a text may rightly be empty


def fold(redactions: Iterable[Redaction], *, accept: frozenset[str] = frozenset()) -> History:
    """The history of one act in one language. No attribution: that is `lawdiff.attribution`.

    accept: redactions that the guard against mass deletion must let pass: `2025-09-16`, the act and language
    before it (`K1400000226/ru/2025-09-16`), the act alone, or a snapshot id as text.
    Raises LawdiffError for redactions of several acts or languages, or none.
    """
    found = list(redactions)
    if not found:
        raise LawdiffError("there is no redaction to fold; crawl the act first")
    folder = Folder(found[0].header.act_id, found[0].header.lang, accept=accept)
    for redaction in in_order(found):
        folder.step(redaction)
    return folder.finish()


@dataclass(slots=True)
class _Version:
    """A version while the fold goes on. start, end: places of the first redaction that shows it and of the first that
    no longer does."""

    number: int
    unit: Unit
    size: int  # characters of the text
    valid_from: date
    start: int
    snapshot_id: int | None
    valid_to: date | None = None
    end: int | None = None
    predecessor: str | None = None

    @property
    def text(self) -> str:
        """Joined anew: kept twice, the texts of all versions would be a tenth of a build's memory."""
        return self.unit.text

    def key(self, folder: Folder) -> str:
        return f"{folder.act_id}/{self.unit.eid}/{folder.lang}/{self.number}"


@dataclass(frozen=True, slots=True)
class _Step:
    """One redaction being folded."""

    redaction: Redaction
    day: date
    place: int
    silent: bool  # another redaction of this date was folded before


class Folder:
    """Folds redactions one by one, in the order of `in_order`; `finish` gives the history so far."""

    def __init__(self, act_id: str, lang: Lang, *, accept: frozenset[str] = frozenset()) -> None:
        self.act_id = act_id
        self.lang = lang
        self._accept = accept
        self._shown: dict[str, _Version] = {}  # the open version of each unit on the newest page
        self._absent: dict[str, _Version] = {}  # units no longer on the page; their last version, open or closed
        self._versions: dict[str, list[_Version]] = {}
        self._changes: list[tuple[Change, int, _Version | None]] = []
        self._issues: list[Issue] = []
        self._notes: list[NoteState] = []
        self._act_notes: tuple[Note, ...] = ()
        self._observed: list[date | None] = []
        self._listed: dict[date, tuple[bool, int | None, int]] = {}
        self._day: date | None = None
        self._units: tuple[Unit, ...] = ()

    # -- one redaction -----------------------------------------------------------------------------------------------

    def step(self, redaction: Redaction) -> bool:
        """Fold one redaction; False when it was refused (an issue says why)."""
        self._belongs(redaction)
        day = effective_date(redaction)
        if day is None:
            self._issue("undated_redaction", "neither the portal nor the fetch gives this page a date", redaction)
            return False
        if self._day is not None and day < self._day:
            raise LawdiffError(f"redaction {day} comes after {self._day}; give redactions in the order of in_order()")
        step = _Step(redaction, day, len(self._observed), silent=day == self._day)
        if not self._observed:
            self._open_place(step)
            self._begin(step)
            return True
        if redaction.units is self._units:
            self._open_place(step, repeats=True)
            return True
        return self._compare(step)

    def _belongs(self, redaction: Redaction) -> None:
        if (redaction.header.act_id, redaction.header.lang) != (self.act_id, self.lang):
            raise LawdiffError(
                f"a redaction of {redaction.header.act_id} ({redaction.header.lang}) among those of "
                f"{self.act_id} ({self.lang}); fold each act and language by itself"
            )

    def _open_place(self, step: _Step, *, repeats: bool = False) -> None:
        """Take the redaction in. One that repeats the page before it is another observation of the same place."""
        redaction, day = step.redaction, step.day
        if repeats and _keys(self._act_notes) == _keys(redaction.act_notes):
            days = [seen for seen in (self._observed[-1], redaction.observed_on) if seen is not None]
            self._observed[-1] = min(days, default=None)
        else:
            self._observed.append(redaction.observed_on)
        known = self._listed.get(day)
        changed = redaction.units is not self._units
        snapshot = redaction.snapshot_id if known is None or changed else known[1]
        self._listed[day] = (redaction.is_current or bool(known and known[0]), snapshot, redaction.article_count)
        self._day = day
        self._units = redaction.units
        if _keys(self._act_notes) != _keys(redaction.act_notes):
            self._notes.append(NoteState("act", day, step.place, redaction.act_notes))
        self._act_notes = redaction.act_notes

    def _begin(self, step: _Step) -> None:
        for unit in step.redaction.units:
            if unit.eid not in self._shown:
                self._open(unit, step)
        self._repeated(step)

    def _repeated(self, step: _Step) -> None:
        for eid in continuity.repeated(step.redaction.units):
            self._issue("repeated_number", "the page holds this number twice; the first is kept", step.redaction, eid)

    def _compare(self, step: _Step) -> bool:
        page: dict[str, Unit] = {}
        for unit in step.redaction.units:
            page.setdefault(unit.eid, unit)
        changed, quiet, added = self._sort_out(page)
        gone = [eid for eid in self._shown if eid not in page]
        olds = {eid: self._shown[eid].unit for eid in [*changed, *gone]}
        news = {eid: page[eid] for eid in [*changed, *added]}
        renumbered = continuity.renumbered(olds, news) if olds and news else {}
        if self._refused(step, page, gone, changed, renumbered):
            return False
        unchanged_page = not (changed or quiet or added or gone)
        self._open_place(step, repeats=unchanged_page)
        if len(page) != len(step.redaction.units):
            self._repeated(step)
        if unchanged_page:
            return True
        self._apply(step, page, (changed, quiet, added, gone), renumbered)
        return True

    def _sort_out(self, page: dict[str, Unit]) -> tuple[dict[str, str], list[Unit], dict[str, Unit]]:
        """Units of a page as changed (eid → new text), changed only in notes, state or place, and added."""
        changed: dict[str, str] = {}
        quiet: list[Unit] = []
        added: dict[str, Unit] = {}
        shown = self._shown
        for eid, unit in page.items():
            version = shown.get(eid)
            if version is None:
                added[eid] = unit
                continue
            old = version.unit
            if old is unit:
                continue
            if old.heading != unit.heading or not _same_lines(old.lines, unit.lines):
                changed[eid] = unit.text
            elif old.notes != unit.notes or old.state is not unit.state or old.parents != unit.parents:
                quiet.append(unit)
            else:
                version.unit = unit
        return changed, quiet, added

    def _refused(
        self,
        step: _Step,
        page: dict[str, Unit],
        gone: list[str],
        changed: dict[str, str],
        renumbered: dict[str, str],
    ) -> bool:
        continued = set(renumbered.values())
        articles = [version for version in self._shown.values() if version.unit.kind is not UnitKind.HEADING]
        lost = [
            eid
            for eid in gone
            if eid not in continued
            and self._shown[eid].unit.kind is not UnitKind.HEADING
            and self._shown[eid].unit.state not in _EMPTY_STATES
            and continuity.excluded_parent(self._shown[eid].unit, page) is None
        ]
        lost += [
            eid
            for eid, text in changed.items()
            if not text and self._shown[eid].size and page[eid].state not in _PLACEHOLDERS
        ]
        if not continuity.too_many_gone(len(lost), len(articles)) and not self._has_shrunk(page, changed):
            return False
        day = step.day.isoformat()
        if self._accept & {self.act_id, day, f"{self.act_id}/{self.lang}/{day}", str(step.redaction.snapshot_id)}:
            return False
        self._issue(
            "mass_deletion",
            f"redaction {day} lacks {len(lost)} of {len(articles)} articles without a note "
            f"({', '.join(lost[:5])}{' …' if len(lost) > 5 else ''}); it was not folded. "
            f"Look at the page, then build with --accept {self.act_id}/{self.lang}/{day} if the law says so",
            step.redaction,
        )
        return True

    def _has_shrunk(self, page: dict[str, Unit], changed: dict[str, str]) -> bool:
        """Whether the texts that stay in force lost more than half of their characters together."""
        # The unchanged ones lose nothing: the changed ones must have lost more than half of their own.
        if not continuity.shrunk_alone([(self._shown[eid].size, len(text)) for eid, text in changed.items()]):
            return False
        old_size = new_size = articles = 0
        for eid, version in self._shown.items():
            new = page.get(eid)
            if new is None or new.state is State.EXCLUDED:
                continue
            articles += version.unit.kind is not UnitKind.HEADING
            old_size += version.size
            new_size += len(changed[eid]) if eid in changed else version.size
        return continuity.shrunk(old_size, new_size, articles)

    # -- what became of each unit ------------------------------------------------------------------------------------

    def _apply(
        self,
        step: _Step,
        page: dict[str, Unit],
        parts: tuple[dict[str, str], list[Unit], dict[str, Unit], list[str]],
        renumbered: dict[str, str],
    ) -> None:
        changed, quiet, added, gone = parts
        before = {eid: self._shown[eid] for eid in [*changed, *gone]}
        quiet_eids = {unit.eid for unit in quiet}
        continued = set(renumbered.values())
        for eid, unit in page.items():
            if eid in renumbered:
                self._renumber(unit, before[renumbered[eid]], step)
            elif eid in added:
                self._add(unit, step)
            elif eid in changed:
                self._change(unit, before[eid], step, replaced=eid in continued)
            elif eid in quiet_eids:
                self._requalify(unit, self._shown[eid], step)
        for eid in gone:
            version = before[eid]
            if eid in continued:
                self._shown.pop(eid, None)
                self._close(version, step)
                self._absent[eid] = version
                self._notes.append(NoteState(eid, step.day, step.place, (), shown=False))
            else:
                self._vanish(version, page, step)

    def _renumber(self, unit: Unit, old: _Version, step: _Step) -> None:
        previous = self._shown.get(unit.eid)
        if previous is not None and previous.end is None:
            self._close(previous, step)
        new = self._open(unit, step)
        new.predecessor = old.unit.eid
        editorial = continuity.same_law(old.text, new.text)
        self._record(Op.RENUMBERED, old, new, step, weight=Weight.EDITORIAL if editorial else Weight.SUBSTANTIVE)

    def _add(self, unit: Unit, step: _Step) -> None:
        previous = self._absent.get(unit.eid)
        if previous is not None and previous.end is None:
            if (
                previous.text == unit.text
                and previous.unit.heading == unit.heading
                and previous.unit.state is unit.state
            ):
                previous.unit = unit
                self._shown[unit.eid] = self._absent.pop(unit.eid)
                return
            self._change(unit, self._absent.pop(unit.eid), step)
            return
        self._absent.pop(unit.eid, None)
        new = self._open(unit, step)
        ops = {State.EXCLUDED: Op.EXCLUDED, State.DEFERRED: Op.DEFERRED}
        self._record(ops.get(unit.state, Op.ADDED), None, new, step)

    def _change(self, unit: Unit, old: _Version, step: _Step, *, replaced: bool = False) -> None:
        was = old.unit
        self._close(old, step)
        new = self._open(unit, step)
        if replaced:  # its old text went on under another number: what stands here now is new
            self._record(Op.ADDED, None, new, step)
            return
        if not new.size and old.size and unit.state not in _PLACEHOLDERS and unit.kind is not UnitKind.HEADING:
            detail = f"the page of {step.day} has its heading and no text, and no note says why"
            self._issue("emptied", detail, step.redaction, unit.eid)
        op = self._op(was, unit, old.text, new.text, step)
        self._record(op, old, new, step, was=was)

    def _op(self, old: Unit, new: Unit, old_text: str, new_text: str, step: _Step) -> Op:
        if new.state is not old.state:
            if new.state is State.EXCLUDED:
                return Op.EXCLUDED
            if old.state in _EMPTY_STATES:
                return Op.RESTORED
            if new.state is State.DEFERRED:
                return Op.DEFERRED
            if old.state is State.DEFERRED:
                return Op.TOOK_EFFECT
        if continuity.same_law(old_text, new_text) and fold_key(old.heading) == fold_key(new.heading):
            return Op.TYPOGRAPHIC
        return Op.SILENT_EDIT if step.silent else Op.AMENDED

    def _requalify(self, unit: Unit, version: _Version, step: _Step) -> None:
        """A unit whose text is unchanged: its notes, its state or its place may have changed."""
        was, version.unit = version.unit, unit
        noted = _keys(was.notes) != _keys(unit.notes)
        if noted:
            self._notes.append(NoteState(unit.eid, step.day, step.place, unit.notes))
        if was.state is not unit.state:
            if not version.text and (was.state in _EMPTY_STATES or unit.state in _EMPTY_STATES):
                version.unit = was
                if noted:
                    self._notes.pop()
                self._change(unit, version, step)
                return
            op = Op.NOTE_ONLY
            if unit.state is State.DEFERRED:
                op = Op.DEFERRED
            elif was.state is State.DEFERRED:
                op = Op.TOOK_EFFECT
            self._record(op, version, version, step, was=was)
        elif continuity.moved_from(was, unit) is not None:
            self._record(Op.RENUMBERED, version, version, step, was=was, weight=Weight.EDITORIAL)
        elif noted:
            self._record(Op.NOTE_ONLY, version, version, step, was=was)

    def _vanish(self, version: _Version, page: dict[str, Unit], step: _Step) -> None:
        was = version.unit
        del self._shown[was.eid]
        if was.state in _EMPTY_STATES:  # an excluded article that is no longer printed stays excluded
            self._absent[was.eid] = version
            return
        chapter = continuity.excluded_parent(was, page)
        state = State.UNKNOWN if chapter is None else State.EXCLUDED
        notes = () if chapter is None else continuity.exclusion_notes(chapter) or chapter.notes
        self._close(version, step)
        empty = replace(was, lines=(), notes=notes, state=state, anchor=None)
        new = self._open(empty, step)
        self._absent[was.eid] = self._shown.pop(was.eid)
        if chapter is None:
            self._issue(
                "vanished", f"no longer on the page of {step.day}, and no note says why", step.redaction, was.eid
            )
        else:
            self._record(Op.EXCLUDED, version, new, step, was=was)

    # -- records -----------------------------------------------------------------------------------------------------

    def _open(self, unit: Unit, step: _Step) -> _Version:
        versions = self._versions.setdefault(unit.eid, [])
        version = _Version(len(versions) + 1, unit, len(unit.text), step.day, step.place, step.redaction.snapshot_id)
        versions.append(version)
        self._shown[unit.eid] = version
        if len(versions) > 1 or unit.notes:
            self._notes.append(NoteState(unit.eid, step.day, step.place, unit.notes))
        return version

    def _close(self, version: _Version, step: _Step) -> None:
        version.valid_to = step.day
        version.end = step.place

    def _record(
        self,
        op: Op,
        old: _Version | None,
        new: _Version,
        step: _Step,
        *,
        was: Unit | None = None,
        weight: Weight | None = None,
    ) -> None:
        before = was if was is not None else (old.unit if old is not None else None)
        after = new.unit
        diff = compare_units(before, after, with_notes=op is Op.NOTE_ONLY)
        if weight is None:
            weight = Weight.EDITORIAL if op in _EDITORIAL else Weight.SUBSTANTIVE
        change = Change(
            act_id=self.act_id,
            eid=after.eid,
            lang=self.lang,
            redaction_date=step.day,
            op=op,
            weight=weight,
            old_version=old.key(self) if old is not None else None,
            new_version=new.key(self),
            words_added=diff.words_added,
            words_removed=diff.words_removed,
            diff_json=diff.to_json(),
            summary_json=summarise(self.act_id, op, diff, before, after),
            first_seen=step.redaction.observed_on,
            moved_from=continuity.moved_from(before, after) if before is not None else None,
        )
        self._changes.append((change, step.place, new if new is not old else None))

    def _issue(self, kind: str, detail: str, redaction: Redaction, eid: str | None = None) -> None:
        issue = Issue(kind, detail, self.act_id, eid, self.lang, redaction.snapshot_id)
        if issue not in self._issues:
            self._issues.append(issue)

    def finish(self) -> History:
        """The history of what was folded so far."""
        versions = tuple(
            self._finished(version) for eid in sorted(self._versions, key=_natural) for version in self._versions[eid]
        )
        changes, places = self._finished_changes()
        newest = max(self._listed, default=None)
        redactions = tuple(
            (day, is_current and day == newest, snapshot, count)
            for day, (is_current, snapshot, count) in sorted(self._listed.items())
        )
        return History(
            act_id=self.act_id,
            lang=self.lang,
            versions=versions,
            changes=changes,
            redactions=redactions,
            issues=tuple(self._issues),
            note_log=tuple(self._notes),
            change_seq=places,
        )

    def _finished(self, version: _Version) -> ArticleVersion:
        return ArticleVersion(
            act_id=self.act_id,
            eid=version.unit.eid,
            lang=self.lang,
            version_no=version.number,
            unit=version.unit,
            state=version.unit.state,
            text_sha256=sha256_text(version.text),
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            first_seen=self._first_seen(version),
            snapshot_id=version.snapshot_id,
            predecessor=version.predecessor,
        )

    def _first_seen(self, version: _Version) -> date | None:
        days = [day for day in self._observed[version.start : version.end] if day is not None]
        return min(days, default=None)

    def _finished_changes(self) -> tuple[tuple[Change, ...], tuple[int, ...]]:
        numbers: Counter[tuple[str, date]] = Counter()
        finished: list[Change] = []
        for change, _, opened in self._changes:
            where = (change.eid, change.redaction_date)
            seen = self._first_seen(opened) if opened is not None else change.first_seen
            finished.append(replace(change, seq=numbers[where], first_seen=seen))
            numbers[where] += 1
        return tuple(finished), tuple(place for _, place, _ in self._changes)


def compare_units(old: Unit | None, new: Unit | None, *, with_notes: bool = False) -> ArticleDiff:
    """The diff between any two versions of a unit; None stands for a unit that was not there."""
    return diff_lines(
        old.lines if old is not None else (),
        new.lines if new is not None else (),
        old_heading=old.heading if old is not None else "",
        new_heading=new.heading if new is not None else "",
        old_notes=[note.text for note in old.notes] if with_notes and old is not None else (),
        new_notes=[note.text for note in new.notes] if with_notes and new is not None else (),
    )


def _same_lines(old: tuple[Line, ...], new: tuple[Line, ...]) -> bool:
    return len(old) == len(new) and all(one.text == other.text for one, other in zip(old, new, strict=True))


def _keys(notes: tuple[Note, ...]) -> list[str]:
    return [fold_key(note.text) for note in notes]


def _natural(eid: str) -> str:
    return re.sub(r"\d+", lambda digits: digits[0].zfill(6), eid)
