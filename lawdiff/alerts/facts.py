"""What can be alerted: facts read from the published database, and the records in which they travel.

A `Fact` is one row of what the database knows, in one language: a change between two texts, an announcement in a live
note, or an act that could not be checked. Facts carry no text of the law; `Texts` are fetched for those that matter.
Pure records: no SQL (that is `lawdiff.store.alert_facts`), no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lawdiff.model import Lang


class FactKind(StrEnum):
    CHANGE = "change"
    ANNOUNCEMENT = "announcement"
    TROUBLE = "trouble"


class Phase(StrEnum):
    """When in the life of a change a reader is told. The values are what rules and keys write."""

    ANNOUNCED = "announced"  # a live note says that it will change, or is shown but not in force
    ADOPTED = "adopted"  # the text changed on the portal
    T30 = "T-30"  # thirty days before it takes effect
    T7 = "T-7"
    IN_FORCE = "in_force"
    RESCHEDULED = "rescheduled"  # the day of effect that was told has moved
    SILENT_EDIT = "silent_edit"  # the text changed under an unchanged date of the portal
    DISPUTED = "disputed"  # the source's claim and the text contradict each other
    SOURCE_TROUBLE = "source_trouble"  # could not be checked for some days
    SOURCE_RECOVERED = "source_recovered"  # was told to be in trouble, and was checked again


TIMED = (Phase.T30, Phase.T7, Phase.IN_FORCE)


@dataclass(frozen=True, slots=True)
class FactLaw:
    """One law behind a fact, with the day on which its change takes effect (None: the source does not say)."""

    id: str
    number: str | None
    adopted_on: date | None
    title: str | None = None
    title_kk: str | None = None
    url: str | None = None
    in_force_from: date | None = None
    in_force_text: str | None = None

    @property
    def key(self) -> str:
        """The law's name in keys: number and date, which a later found link does not change."""
        return f"{self.number}@{self.adopted_on.isoformat()}" if self.number and self.adopted_on else self.id


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to be told of, in one language.

    day: redaction date of a change, first redaction of a note, day after the last good check. eid: empty for the act
    itself.
    discriminator: what tells apart two facts of one unit and day (law or digest of a note; observation day of a
    silent edit). aliases: eids that this unit bore before it was renumbered. parents: eids of the headings above it.
    """

    kind: FactKind
    act_id: str
    eid: str
    lang: Lang | None
    day: date
    op: str
    weight: str
    id: str
    discriminator: str = ""
    number: str | None = None
    unit_kind: str = ""
    sort_key: str = ""
    position: int = 0
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    heading: str = ""
    path: str = ""
    attribution: str = ""
    detail: str = ""
    laws: tuple[FactLaw, ...] = ()
    words_added: int = 0
    words_removed: int = 0
    summary_json: str = ""
    moved_from: str | None = None
    first_seen: date | None = None
    old_from: date | None = None
    old_sha: str = ""
    new_sha: str = ""
    anchor: str | None = None
    current: bool = False  # its redaction is the newest, which the portal serves under its plain address only
    live: bool = True  # an announcement still made by the newest redaction; a change that is no technical record


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a fact: what was added and removed, the whole text on either side, and the redline as HTML."""

    changed: str
    whole: str
    diff_html: str


@dataclass(frozen=True, slots=True)
class ActInfo:
    """An act as messages name it."""

    id: str
    title_ru: str | None
    title_kk: str | None
    short_ru: str | None
    short_kk: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far an act is known in one language: what the newest page holds and when it was fetched.

    newest: newest redaction date that the portal states (dates of first observation left out).
    fingerprint: digest of the newest page's `<article>`; equal fingerprints: nothing new was fetched.
    observed_to: day of the newest good fetch.
    """

    act_id: str
    lang: Lang
    newest: date | None
    fingerprint: str
    observed_to: date | None
