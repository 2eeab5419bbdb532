"""Histories of one act in both languages → the law behind each change, as far as the source's notes tell.

Our fact (the diff) and the source's claim (the note) stay apart; this module says how they agree. The laws of a
change are those that the newer note names and the older did not. What a claim says was done (part 2 added, point 3
excluded, words replaced) is checked against the diff:

- corroborated: text differs, the note gained a law, and the diff bears out what the note says;
- diff_without_note: text differs and no gained claim explains it (claims that the diff contradicts are listed, the
  change's `amending_act` stays None: named in one signal only, never asserted);
- note_without_diff: only the note changed; text_wide: a gained note on the whole act explains exactly the words that
  changed;
- disputed: Russian and Kazakh name different laws for one change, and neither language knows the other's law for that
  unit;
- unparsed: the note grew, and what it says could not be read (laws in it are listed, none is asserted).

The day in force is what the note states, or its rule counted from the law's publication, else None: never the
redaction's date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lawdiff.bearing import Bearing, explains_all, names_heading, seen
from lawdiff.claims import Claim, NoteRead, NoteReader
from lawdiff.model import (
    Action,
    AmendingAct,
    Amendment,
    Attribution,
    Change,
    ChangeLaw,
    History,
    Lang,
    Note,
    NoteState,
    Op,
)

_ACT = "act"
_REWORDED = frozenset({Op.AMENDED, Op.SILENT_EDIT})


@dataclass(frozen=True, slots=True)
class Attributed:
    """histories with the laws of each change and with amendments; laws: every amending act that they name."""

    histories: dict[Lang, History]
    laws: dict[str, AmendingAct]


def attribute(
    histories: Mapping[Lang, History], laws: Mapping[str, AmendingAct], read: Iterable[NoteRead] = ()
) -> Attributed:
    """Find the law behind each change.

    histories: folded, of one act. laws: what information cards say, by act id (publication dates come from there).
    read: notes of these histories that were read already (`lawdiff.claims.read_notes`).
    """
    reader = NoteReader(laws, read)
    for lang in sorted(histories):
        for state in histories[lang].note_log:
            reader.learn(state.notes, lang)
    attributed: dict[Lang, History] = {}
    timelines = {lang: _Timeline(histories[lang], reader) for lang in sorted(histories)}
    for lang, history in sorted(histories.items()):
        changes = [
            _attribute(change, place, timelines[lang], reader)
            for change, place in zip(history.changes, history.change_seq, strict=True)
        ]
        attributed[lang] = replace(history, changes=tuple(changes), amendments=_amendments(history, timelines[lang]))
    attributed = _dispute(attributed, timelines)
    return Attributed(attributed, reader.amending_acts(_named(attributed)))


def _named(histories: Mapping[Lang, History]) -> set[str]:
    named: set[str] = set()
    for history in histories.values():
        named |= {law.amending_act for change in history.changes for law in change.laws}
        named |= {claim.amending_act for claim in history.amendments if claim.amending_act}
    return named


class _Timeline:
    """The notes of each unit of one history over the places of its fold, and their claims."""

    def __init__(self, history: History, reader: NoteReader) -> None:
        self.lang = history.lang
        self.reader = reader
        self.parents = {version.eid: version.unit.parents for version in history.versions}
        self._states: dict[str, list[NoteState]] = {}
        self._claims: dict[int, list[Claim]] = {}  # by identity: the history keeps its notes, and hashing them is slow
        for state in history.note_log:
            self._states.setdefault(state.eid, []).append(state)

    def states(self) -> Mapping[str, Sequence[NoteState]]:
        return self._states

    def claims(self, notes: tuple[Note, ...]) -> list[Claim]:
        found = self._claims.get(id(notes))
        if found is None:
            found = self._claims[id(notes)] = self.reader.claims(notes, self.lang)
        return found

    def notes(self, eid: str, before: int) -> tuple[Note, ...]:
        """The notes of a unit as they stood before a place of the fold."""
        notes: tuple[Note, ...] = ()
        for state in self._states.get(eid, ()):
            if state.seq >= before:
                break
            notes = state.notes
        return notes

    def gained(self, eid: str, place: int, predecessor: str | None = None) -> list[Claim]:
        """Claims of the notes at `place` that the notes before it did not make (as often)."""
        new = self.claims(self.notes(eid, place + 1))
        old = self.claims(self.notes(predecessor or eid, place))
        return _more(new, old)

    def lost(self, eid: str, place: int) -> list[Claim]:
        return _more(self.claims(self.notes(eid, place)), self.claims(self.notes(eid, place + 1)))

    def laws(self, eid: str, place: int) -> set[str]:
        """Every law that the notes of a unit name at a place."""
        return {claim.law for claim in self.claims(self.notes(eid, place + 1)) if claim.law}


def _more(claims: Iterable[Claim], than: Iterable[Claim]) -> list[Claim]:
    """Claims beyond those held, each as often. That a law was announced before is not that it came (FORMAT §5.5)."""
    held = Counter((claim.key, claim.announces) for claim in than)
    more = []
    for claim in claims:
        key = (claim.key, claim.announces)
        if held[key]:
            held[key] -= 1
        else:
            more.append(claim)
    return more


def _attribute(change: Change, place: int, timeline: _Timeline, reader: NoteReader) -> Change:
    predecessor = change.old_version.split("/")[1] if change.old_version and change.op is Op.RENUMBERED else None
    gained = timeline.gained(change.eid, place, predecessor)
    if change.op is Op.TOOK_EFFECT and not any(claim.law for claim in gained):
        promised = _promised(change, place, timeline, reader)
        if promised:
            detail = "the note before named the law and put its entry into force off"
            return _with_laws(change, promised, reader, Attribution.CORROBORATED, detail)
    if change.op is Op.NOTE_ONLY or change.old_version == change.new_version:
        return _noted(change, gained, reader)
    explaining = [claim for claim in gained if not claim.announces and not claim.spares(change.lang)]
    readable = [claim for claim in explaining if claim.law is not None and claim.action is not Action.UNKNOWN]
    if readable:
        return _checked(change, readable, reader)
    above = _above(change, place, timeline)
    if above:
        detail = f"the note on {above[0].reading.unit} says so"
        return _with_laws(change, above, reader, Attribution.CORROBORATED, detail)
    wide = _text_wide(change, place, timeline)
    if wide:
        detail = "an act-wide replacement explains every word that changed"
        return _with_laws(change, wide, reader, Attribution.TEXT_WIDE, detail)
    announced = [claim for claim in timeline.lost(change.eid, place) if claim.announces and claim.law is not None]
    if announced and not explaining:
        detail = "the note that announced this change is gone from the page"
        return _with_laws(change, announced, reader, Attribution.CORROBORATED, detail)
    if explaining:
        return _unasserted(_with_laws(change, explaining, reader, Attribution.UNPARSED, _excerpt(explaining)))
    return _with_laws(change, (), reader, Attribution.DIFF_WITHOUT_NOTE, None)


def _promised(change: Change, place: int, timeline: _Timeline, reader: NoteReader) -> list[Claim]:
    """Claims of the notes before an entry into force that the unit was added or put off, and not to a later day."""
    deeds = (Action.ADDED, Action.RESTATED, Action.DEFERRED, Action.ENTERS_INTO_FORCE)
    found = []
    for claim in timeline.claims(timeline.notes(change.eid, place)):
        on = reader.force(claim).on
        if claim.law is not None and claim.action in deeds and (on is None or on <= change.redaction_date):
            found.append(claim)
    return found


def _noted(change: Change, gained: list[Claim], reader: NoteReader) -> Change:
    laws = [claim for claim in gained if claim.law is not None]
    if not laws and any(claim.action is Action.UNKNOWN for claim in gained):
        return _with_laws(change, (), reader, Attribution.UNPARSED, _excerpt(gained))
    spared = laws and all(claim.spares(change.lang) for claim in laws)
    detail = "the note says that this language's text is not changed" if spared else None
    return _with_laws(change, laws, reader, Attribution.NOTE_WITHOUT_DIFF, detail)


def _checked(change: Change, claims: list[Claim], reader: NoteReader) -> Change:
    bearing = Bearing(change)
    verdicts = [(claim, seen(claim, bearing)) for claim in claims]
    borne = [claim for claim, verdict in verdicts if verdict]
    missing = [claim for claim, verdict in verdicts if not verdict]
    remarks = [f"not seen in the diff: {_said(claim)}" for claim in missing]
    if (
        bearing.heading_differs
        and change.op in _REWORDED
        and not any(names_heading(claim, change.eid) for claim in borne)
    ):
        remarks.append("the heading differs too, and no claim names it")
    detail = "; ".join(remarks) or None
    if borne:
        ordered = sorted(borne, key=lambda claim: not _is_the_op(claim, change))
        return _with_laws(change, [*ordered, *missing], reader, Attribution.CORROBORATED, detail)
    return _unasserted(_with_laws(change, missing, reader, Attribution.DIFF_WITHOUT_NOTE, detail))


def _unasserted(change: Change) -> Change:
    """The laws stay listed, but none is said to have made the change."""
    return replace(change, amending_act=None, in_force_from=None, in_force_text=None)


def _is_the_op(claim: Claim, change: Change) -> bool:
    """Whether the claim is the very deed that the op names: the law that added or excluded the unit comes first."""
    deeds = {Op.ADDED: (Action.ADDED,), Op.EXCLUDED: (Action.EXCLUDED, Action.REPEALED)}
    return claim.action in deeds.get(change.op, (claim.action,)) or change.op not in deeds


def _said(claim: Claim) -> str:
    return f"{claim.law} {claim.action} {claim.reading.unit or 'unit not named'}"


def _excerpt(claims: Sequence[Claim]) -> str:
    return f"could not read: {claims[0].note.text[:200]}"


def _above(change: Change, place: int, timeline: _Timeline) -> list[Claim]:
    """Gained claims of a heading above the unit that cover all under it: chapter added, restated, excluded."""
    deeds = {
        Op.ADDED: {Action.ADDED, Action.RESTATED},
        Op.EXCLUDED: {Action.EXCLUDED, Action.REPEALED, Action.RESTATED},
    }
    fitting = deeds.get(change.op, {Action.RESTATED})
    return [
        claim
        for eid in reversed(timeline.parents.get(change.eid, ()))
        for claim in timeline.gained(eid, place)
        if claim.law is not None and claim.reading.unit == eid and claim.action in fitting and not claim.announces
    ]


def _text_wide(change: Change, place: int, timeline: _Timeline) -> list[Claim]:
    gained = [
        claim
        for eid in (_ACT, *timeline.parents.get(change.eid, ()))
        for claim in timeline.gained(eid, place)
        if claim.reading.replacements and claim.law is not None and not claim.announces
    ]
    if not gained:
        return []
    pairs = [pair for claim in gained for pair in claim.reading.replacements]
    bearing = Bearing(change)
    if not explains_all(bearing, pairs):
        return []
    return [claim for claim in gained if any(bearing.replaces(pair) for pair in claim.reading.replacements)]


def _with_laws(
    change: Change, claims: Sequence[Claim], reader: NoteReader, attribution: Attribution, detail: str | None
) -> Change:
    laws: list[ChangeLaw] = []
    for claim in claims:
        if claim.law is None:
            continue
        force = reader.force(claim)
        law = ChangeLaw(
            amending_act=claim.law,
            action=claim.action,
            unit=claim.reading.unit,
            in_force_text=force.text,
            in_force_from=force.on,
            in_force_basis=force.basis,
            note=claim.note.text,
        )
        if law not in laws:
            laws.append(law)
    first = laws[0] if laws else None
    return replace(
        change,
        laws=tuple(laws),
        amending_act=first.amending_act if first else None,
        attribution=attribution,
        attribution_detail=detail,
        in_force_from=first.in_force_from if first else None,
        in_force_text=first.in_force_text if first else None,
    )


def _amendments(history: History, timeline: _Timeline) -> tuple[Amendment, ...]:
    rows: list[Amendment] = []
    for eid, states in timeline.states().items():
        rows += _claimed(history, eid, states, timeline)
    return tuple(rows)


def _claimed(history: History, eid: str, states: Sequence[NoteState], timeline: _Timeline) -> list[Amendment]:
    """The claims of a unit's notes over time: one row per claim and unbroken stretch of redactions."""
    open_rows: dict[tuple[object, ...], tuple[Claim, date]] = {}
    rows: list[Amendment] = []
    for state in states:
        present = _numbered(timeline.claims(state.notes))
        for key in [key for key in open_rows if key not in present]:
            claim, since = open_rows.pop(key)
            if since != state.since:
                rows.append(_amendment(history, eid, claim, timeline, (since, state.since)))
        for key, claim in present.items():
            open_rows[key] = (claim, open_rows[key][1] if key in open_rows else state.since)
    rows += [_amendment(history, eid, claim, timeline, (since, None)) for claim, since in open_rows.values()]
    return rows


def _numbered(claims: Iterable[Claim]) -> dict[tuple[object, ...], Claim]:
    counts: Counter[tuple[object, ...]] = Counter()
    numbered: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (*claim.key, claim.note.kind)
        numbered[(*key, counts[key])] = claim
        counts[key] += 1
    return numbered


def _amendment(
    history: History, eid: str, claim: Claim, timeline: _Timeline, shown: tuple[date, date | None]
) -> Amendment:
    force = timeline.reader.force(claim)
    return Amendment(
        act_id=history.act_id,
        eid=eid,
        lang=history.lang,
        note=claim.note.text,
        note_kind=claim.note.kind,
        action=claim.action,
        unit=claim.reading.unit,
        amending_act=claim.law,
        in_force_text=force.text,
        in_force_from=force.on,
        in_force_basis=force.basis,
        first_redaction=shown[0],
        last_redaction=shown[1],
        flags=claim.reading.flags,
    )


def _dispute(histories: dict[Lang, History], timelines: Mapping[Lang, _Timeline]) -> dict[Lang, History]:
    """Mark the changes for which the languages name laws that exclude each other.

    A change that only the other language has a law for is told so, and stays without one: it may be another's work.
    """
    if len(histories) < 2:
        return histories
    one, other = sorted(histories)
    places = {
        lang: {(change.eid, change.redaction_date, change.seq): at for at, change in enumerate(histories[lang].changes)}
        for lang in (one, other)
    }
    changed = {lang: list(histories[lang].changes) for lang in (one, other)}
    for key in places[one].keys() & places[other].keys():
        here, there = changed[one][places[one][key]], changed[other][places[other][key]]
        if not _are_disjoint(here, there):
            for lang, change, twin in ((one, here, there), (other, there, here)):
                changed[lang][places[lang][key]] = _with_hint(change, twin)
            continue
        eid = here.eid
        known_here = timelines[one].laws(eid, histories[one].change_seq[places[one][key]])
        known_there = timelines[other].laws(eid, histories[other].change_seq[places[other][key]])
        if _laws(here) & known_there or _laws(there) & known_here:
            continue
        detail = f"{one} names {', '.join(sorted(_laws(here)))}; {other} names {', '.join(sorted(_laws(there)))}"
        for lang, change in ((one, here), (other, there)):
            changed[lang][places[lang][key]] = replace(
                change, attribution=Attribution.DISPUTED, attribution_detail=detail
            )
    return {lang: replace(history, changes=tuple(changed[lang])) for lang, history in histories.items()}


def _with_hint(change: Change, twin: Change) -> Change:
    if change.attribution is not Attribution.DIFF_WITHOUT_NOTE or change.laws or change.attribution_detail:
        return change
    if twin.attribution is not Attribution.CORROBORATED or not twin.amending_act:
        return change
    return replace(change, attribution_detail=f"no note here; {twin.lang} names {twin.amending_act} for its own change")


def _laws(change: Change) -> set[str]:
    return {law.amending_act for law in change.laws}


def _are_disjoint(here: Change, there: Change) -> bool:
    settled = (Attribution.CORROBORATED, Attribution.TEXT_WIDE)
    both = here.attribution in settled and there.attribution in settled
    return both and bool(_laws(here)) and bool(_laws(there)) and not _laws(here) & _laws(there)
