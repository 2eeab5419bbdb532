"""Notes → claims: which law did what to which unit, with the laws of all notes told apart and named alike.

A claim is one law of one reading of one note. Laws are keyed by the portal's id where a link gives it; a link that
disagrees with its label does not (FORMAT §5.2): then number and date decide, by way of the same law named with a
sound link elsewhere, or `210-VIII@2025-07-16`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lawdiff.dates import in_force_date
from lawdiff.identifiers import law_id_from_number, official_url
from lawdiff.model import Action, AmendingAct, History, Lang, LawRef, Note, NoteKind, Reading
from lawdiff.notes import read_note

STATED, COMPUTED = "stated", "computed"
# Notes on what is announced or under a condition: they explain no difference between two texts.
ANNOUNCING = frozenset({NoteKind.FUTURE, NoteKind.DEFERRED, NoteKind.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Claim:
    """One law (or none) that one reading of one note names."""

    note: Note
    reading: Reading
    ref: LawRef | None
    law: str | None

    @property
    def action(self) -> Action:
        """What the law did; the reading's own action where the note names no law."""
        return self.ref.action if self.ref is not None else self.reading.action

    @property
    def key(self) -> tuple[str | None, Action, str | None]:
        """What makes two claims the same claim, however the note around them is reworded."""
        return (self.law, self.action, self.reading.unit)

    def spares(self, lang: Lang) -> bool:
        """Whether the note says that the text in `lang` is not changed (FORMAT §5.2: one language only)."""
        return f"text_unchanged_in_{lang}" in self.reading.flags

    @property
    def announces(self) -> bool:
        """Whether it speaks of what is not yet, or conditionally, in the text."""
        return self.note.kind in ANNOUNCING or "future" in self.reading.flags


@dataclass(frozen=True, slots=True)
class Force:
    """When a claim's law takes effect, in the source's words and as a date where it is stated or can be computed."""

    text: str | None
    on: date | None
    basis: str | None


NoteRead = tuple[Note, tuple[Reading, ...]]


def read_notes(history: History) -> tuple[NoteRead, ...]:
    """Every note of a history with its readings, for a `NoteReader`: the same very objects as the history holds."""
    found: dict[int, NoteRead] = {}
    for state in history.note_log:
        for note in state.notes:
            if id(note) not in found:
                found[id(note)] = _read(note, history.lang)
    return tuple(found.values())


def _read(note: Note, lang: Lang) -> NoteRead:
    plain = note.kind is NoteKind.AMENDMENT
    return note, read_note(note.text, lang, links=note.links, target=note.target, is_amendment=plain)


class NoteReader:
    """Reads notes of one act, each distinct note once, and names the laws alike in both languages."""

    def __init__(self, laws: Mapping[str, AmendingAct], read: Iterable[NoteRead] = ()) -> None:
        """read: notes that were read already, by `read_notes`."""
        self.known = laws
        # By identity, with the note held so that the identity stays its own: hashing a note is slow.
        self._read: dict[int, NoteRead] = {id(one[0]): one for one in read}
        self._learned: set[int] = set()
        self._ids: dict[tuple[str, date], str] = {
            (law.number, law.adopted_on): key
            for key, law in laws.items()
            if law.number is not None and law.adopted_on is not None
        }
        self._refs: dict[str, LawRef] = {}

    def readings(self, note: Note, lang: Lang) -> tuple[Reading, ...]:
        held = self._read.get(id(note))
        if held is None:
            held = self._read[id(note)] = _read(note, lang)
        return held[1]

    def learn(self, notes: Iterable[Note], lang: Lang) -> None:
        """Note which portal id goes with which number and date, from links that agree with their labels."""
        for note in notes:
            if id(note) in self._learned:
                continue
            readings = self.readings(note, lang)
            self._learned.add(id(note))  # the reader holds the note from now on: its identity stays its own
            for reading in readings:
                for ref in reading.laws:
                    if ref.act_id and ref.number and ref.adopted_on and not ref.link_disagrees:
                        self._ids.setdefault((ref.number, ref.adopted_on), ref.act_id)

    def law_of(self, ref: LawRef) -> str | None:
        """The key of a law, None where the note gives too little to name one."""
        named = (ref.number, ref.adopted_on)
        law = None
        if ref.number is not None and ref.adopted_on is not None:
            law = self._ids.get((ref.number, ref.adopted_on))
        if law is None and ref.act_id is not None and not ref.link_disagrees:
            law = ref.act_id
        if law is None and ref.number is not None and ref.adopted_on is not None:
            law = law_id_from_number(ref.number, ref.adopted_on)
        if law is None and ref.act_id is not None and named == (None, None):
            law = ref.act_id
        if law is not None:
            self._refs.setdefault(law, ref)
        return law

    def claims(self, notes: Iterable[Note], lang: Lang) -> list[Claim]:
        """Every claim of some notes, in page order. Notes that claim nothing (service, references) give none."""
        found: list[Claim] = []
        for note in notes:
            for reading in self.readings(note, lang):
                if reading.laws:
                    found += [Claim(note, reading, ref, self.law_of(ref)) for ref in reading.laws]
                elif reading.action is not Action.NONE:
                    found.append(Claim(note, reading, None, None))
        return found

    def force(self, claim: Claim) -> Force:
        """When the claim's law takes effect for this unit."""
        ref = claim.ref
        if ref is None:
            on = claim.reading.in_force_on
            return Force(claim.reading.in_force_text, on, STATED if on else None)
        if ref.in_force_on is not None:
            return Force(ref.in_force_text, ref.in_force_on, STATED)
        if claim.reading.in_force_on is not None:
            return Force(ref.in_force_text or claim.reading.in_force_text, claim.reading.in_force_on, STATED)
        card = self.known.get(claim.law) if claim.law is not None else None
        published = card.published_on if card is not None else None
        on = in_force_date(ref.in_force_rule, published)
        text = ref.in_force_text or claim.reading.in_force_text
        return Force(text, on, COMPUTED if on is not None else None)

    def amending_acts(self, keys: Iterable[str]) -> dict[str, AmendingAct]:
        """The rows of the laws named: what their information card says, else what the note says."""
        rows: dict[str, AmendingAct] = {}
        for key in sorted(set(keys)):
            card, ref = self.known.get(key), self._refs.get(key)
            number = card.number if card and card.number else (ref.number if ref else None)
            adopted = card.adopted_on if card and card.adopted_on else (ref.adopted_on if ref else None)
            rows[key] = AmendingAct(
                id=key,
                number=number,
                adopted_on=adopted,
                published_on=card.published_on if card else None,
                title=card.title if card else None,
                url=card.url if card and card.url else (None if "@" in key else official_url(key, Lang.RU)),
            )
        return rows
