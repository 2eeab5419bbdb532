"""The records that travel from the parser to the store, and the words they use.

Everything here is frozen, hashable data with no behaviour beyond what derives from its own fields. Texts are `str`
as the page shows them: stripped, runs of white space (NBSP included) folded to one space, nothing else altered.
Dates are `datetime.date`; None means that the source does not say (never a default).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import TypeVar

_Record = TypeVar("_Record")


def _handed_over_by_fields(record: type[_Record]) -> type[_Record]:
    """Let pickle hand a frozen record over as its fields and make it by its constructor. The way of `dataclasses` asks
    for the list of fields at every record: it took two thirds of the time in which an act goes from process to process.
    """
    fields = attrgetter(*record.__slots__)  # type: ignore[attr-defined]
    setattr(record, "__reduce__", lambda one: (record, fields(one)))  # noqa: B010
    return record


class Lang(StrEnum):
    """Language of a text, ISO 639-1."""

    __hash__ = str.__hash__  # that of Enum is written in Python, and half of all look-ups are by language

    RU = "ru"
    KK = "kk"


class Verdict(StrEnum):
    """What a response turned out to be, before anything is read from it (FORMAT §0, §2)."""

    TEXT = "text"
    HISTORY = "history"
    INFO = "info"
    RSS = "rss"
    ROBOTS = "robots"
    SHELL = "shell"
    CHALLENGE = "challenge"
    LOGIN = "login"
    MAINTENANCE = "maintenance"
    NOT_FOUND = "not_found"
    SERVER_ERROR = "server_error"
    TRUNCATED = "truncated"
    OTHER_ACT = "other_act"
    OTHER_LANG = "other_lang"
    UNKNOWN = "unknown"


class UnitKind(StrEnum):
    """Kind of an addressable unit whose text is versioned."""

    ARTICLE = "article"
    POINT = "point"
    PREAMBLE = "preamble"
    ANNEX = "annex"
    HEADING = "heading"


class State(StrEnum):
    """State of one article version."""

    IN_FORCE = "in_force"
    EXCLUDED = "excluded"
    DEFERRED = "deferred"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


class LineKind(StrEnum):
    """What one line of a unit's text is."""

    PART = "part"  # numbered «1.» «1-1.» (часть, пункт; бөлік, тармақ)
    POINT = "point"  # numbered «1)» (подпункт; тармақша)
    PARA = "para"  # unnumbered paragraph (абзац)
    NOTE = "note"  # normative «Примечание.» / «Ескерту.»: law, not editorial
    ROW = "row"  # one row of a table, cells joined by a tab
    IMAGE = "image"  # an image; the text is its alt text, or empty


class NoteKind(StrEnum):
    """What an editorial note of the portal is about (FORMAT §5)."""

    AMENDMENT = "amendment"  # Сноска. … / Ескерту. …: history of the unit
    EXCLUDED_UNIT = "excluded_unit"  # a point that survives only inside a note
    FUTURE = "future"  # предусматривается изменение …: text shown is the old wording
    DEFERRED = "deferred"  # вводится в действие после …: shown, not yet in force
    SUSPENDED = "suspended"  # действие приостановлено до …
    REFERENCE = "reference"  # См. нормативное постановление …; порядок введения …
    TEXT_WIDE = "text_wide"  # По всему тексту слова … заменены …
    SERVICE = "service"  # Вниманию пользователей!, СОДЕРЖАНИЕ
    UNREAD = "unread"


class Action(StrEnum):
    """What an amending act did to a unit, as a note claims."""

    __hash__ = str.__hash__

    ADDED = "added"
    AMENDED = "amended"
    RESTATED = "restated"
    EXCLUDED = "excluded"
    REPLACED_WORDS = "replaced_words"
    SUSPENDED = "suspended"
    DEFERRED = "deferred"
    ENTERS_INTO_FORCE = "enters_into_force"
    REPEALED = "repealed"
    NONE = "none"
    UNKNOWN = "unknown"
    EXPIRED = "expired"  # действовал до …: validity ended by its own term
    CONSTITUTIONAL_REVIEW = "constitutional_review"  # признано соответствующим Конституции


class Op(StrEnum):
    """What happened to an article between two redactions."""

    ADDED = "added"
    AMENDED = "amended"
    EXCLUDED = "excluded"
    RESTORED = "restored"
    RENUMBERED = "renumbered"
    DEFERRED = "deferred"
    TOOK_EFFECT = "took_effect"
    NOTE_ONLY = "note_only"
    TYPOGRAPHIC = "typographic"
    SILENT_EDIT = "silent_edit"


class Weight(StrEnum):
    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"


class Attribution(StrEnum):
    """How a change and the source's notes agree."""

    CORROBORATED = "corroborated"
    NOTE_WITHOUT_DIFF = "note_without_diff"
    DIFF_WITHOUT_NOTE = "diff_without_note"
    TEXT_WIDE = "text_wide"
    DISPUTED = "disputed"
    UNPARSED = "unparsed"


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class NoteLink:
    """A link inside a note: `start`/`end` are character offsets into the note's text."""

    start: int
    end: int
    href: str


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Note:
    """One editorial note, its lines already joined.

    text: normalised, as shown, e.g. «Сноска. Статья 205 с изменениями, …».
    target: eid of the unit that it concerns by position (`art_205`, `art_205__part_2`, `chp_7`, `act`).
    line: index into the unit's `lines` before which it stands (0: before the first; len(lines): after the last).
    """

    text: str
    kind: NoteKind
    target: str
    line: int = 0
    links: tuple[NoteLink, ...] = ()


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph (or table row) of a unit: one line of `Unit.text`.

    eid: relative to the unit, `part_1`, `part_1__point_2`, `part_1__para_1`, `note_1`, `table_1__row_3`.
    number: as printed without its dot or bracket («1-1»), else None. text holds the printed number too.
    html: safe HTML where text alone loses something (`<sup>`, table row, image), else None.
    """

    eid: str
    kind: LineKind
    text: str
    number: str | None = None
    html: str | None = None


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Unit:
    """One addressable unit of an act in one language and redaction.

    eid: language-free, `art_115-1`, `annex_1`, `preamble`, `chp_7` (a heading), `sec_2__point_4`.
    number: normalised («115-1»), None for unnumbered units.
    heading: the printed heading line («Статья 115-1. Сталкинг»), empty where there is none.
    path: printed headings above it, outermost first. parents: their eids.
    lines: paragraphs of law text; notes: editorial matter set apart. anchor: portal anchor (`z3`), a link target only.
    """

    eid: str
    kind: UnitKind
    number: str | None
    heading: str
    path: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    notes: tuple[Note, ...] = ()
    state: State = State.IN_FORCE
    anchor: str | None = None

    @property
    def text(self) -> str:
        """The law text: lines joined by a newline, without the heading."""
        return "\n".join([line.text for line in self.lines])

    @property
    def notes_text(self) -> str:
        """The notes joined by a newline, in page order."""
        return "\n".join([note.text for note in self.notes])


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Issue:
    """Something that a person must look at. kind: a snake_case name listed in docs."""

    kind: str
    detail: str
    act_id: str | None = None
    eid: str | None = None
    lang: Lang | None = None
    snapshot_id: int | None = None


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Omission:
    """A listed exception: visible text of the body that is in no unit and no note, with its reason.

    reason: `contents` (inline table of contents), `signature`, `service`, `attachment`, `quotation_break`.
    """

    reason: str
    text: str


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class ActHeader:
    """What the page says of the act above its text (FORMAT §3)."""

    act_id: str
    lang: Lang
    title: str
    requisites: str
    status: str  # the class without its prefix: new, upd, yts, stp …
    kind: str | None = None  # code, law, constitution, resolution …, from the requisites
    number: str | None = None
    adopted_on: date | None = None


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Redaction:
    """One text page read: an act in one language under one date of the portal.

    redaction_date: the portal's date; for a current page, from the history; None when the portal gives none
    (`date_basis` in the store then says that the day of first observation stands in).
    units: in page order, unique eids. omissions: the listed exceptions.
    """

    header: ActHeader
    redaction_date: date | None
    is_current: bool
    units: tuple[Unit, ...]
    act_notes: tuple[Note, ...] = ()
    omissions: tuple[Omission, ...] = ()
    issues: tuple[Issue, ...] = ()
    snapshot_id: int | None = None
    observed_on: date | None = None

    @property
    def article_count(self) -> int:
        return len([unit for unit in self.units if unit.kind is UnitKind.ARTICLE])


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class LawRef:
    """A law named in a note.

    adopted_on, number: as read (`210-VIII`, homoglyphs folded); printed: the characters of the page.
    act_id: from the link's href, else None. link_disagrees: the link's year or number contradicts the label.
    in_force_text: the phrase in the parenthesis; in_force_on: the date stated in it, if any;
    in_force_rule: how it counts from publication: ("days", 60), ("months", 6), ("publication", 0), or None.
    exception_text: a part of the phrase that starts at another time; exception_on: its date.
    """

    adopted_on: date | None
    number: str | None
    printed: str
    action: Action
    act_id: str | None = None
    link_disagrees: bool = False
    in_force_text: str | None = None
    in_force_on: date | None = None
    in_force_rule: tuple[str, int] | None = None
    exception_text: str | None = None
    exception_on: date | None = None
    until: date | None = None  # end of a suspension or of validity that the phrase states


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Reading:
    """What one note claims.

    unit: eid within the act (`art_205`, `art_188__part_2__point_2`, `heading__art_205`, `chp_8`, `act`), or None where
    the note names none. container: eid of what it was added to (`act`, `chp_8`).
    """

    action: Action
    unit: str | None
    laws: tuple[LawRef, ...] = ()
    container: str | None = None
    replacements: tuple[tuple[str, str], ...] = ()  # («слова», «слова») of a replacement throughout the text
    flags: tuple[str, ...] = ()  # source anomalies and doubts, snake_case
    documents: tuple[LawRef, ...] = ()  # rulings referred to (Constitutional Court): they amend nothing
    until: date | None = None  # end of a suspension or of validity that the note states
    in_force_text: str | None = None  # phrase on entry into force of the unit itself (deferred, suspended, expired)
    in_force_on: date | None = None


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class AmendingAct:
    """An amending law as known from notes and its info page."""

    id: str  # portal id, else «number@date»
    number: str | None
    adopted_on: date | None
    published_on: date | None = None
    title: str | None = None
    url: str | None = None


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """One text of one unit in one language over the redactions that show it."""

    act_id: str
    eid: str
    lang: Lang
    version_no: int  # 1, 2, … in the order of valid_from, then of observation
    unit: Unit  # the unit of the newest redaction that shows this text (its notes are the newest)
    state: State
    text_sha256: str
    valid_from: date
    valid_to: date | None
    first_seen: date | None
    snapshot_id: int | None  # of the first redaction that shows it
    predecessor: str | None = None  # eid it was renumbered from

    @property
    def key(self) -> str:
        """`K1400000226/art_115-1/ru/1`: what other records and the store call this version."""
        return f"{self.act_id}/{self.eid}/{self.lang}/{self.version_no}"


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class ChangeLaw:
    """One law behind a change, as the newer note names it. amending_act: AmendingAct.id; unit as in Reading.unit."""

    amending_act: str
    action: Action
    unit: str | None = None
    in_force_text: str | None = None
    in_force_from: date | None = None
    in_force_basis: str | None = None  # stated, computed, NULL: unknown
    note: str | None = None


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Change:
    """What was observed between two versions of a unit (or between two notes of one version)."""

    act_id: str
    eid: str
    lang: Lang
    redaction_date: date
    op: Op
    weight: Weight
    old_version: str | None  # ArticleVersion.key
    new_version: str | None
    words_added: int
    words_removed: int
    diff_json: str  # specified in docs/diff-format.md
    summary_json: str  # machine-readable facts for a sentence: {"added": ["part_3"], …}
    amending_act: str | None = None  # AmendingAct.id
    attribution: Attribution = Attribution.DIFF_WITHOUT_NOTE
    attribution_detail: str | None = None
    in_force_from: date | None = None
    in_force_text: str | None = None
    first_seen: date | None = None
    moved_from: str | None = None  # printed path above it before, when it moved between chapters
    laws: tuple[ChangeLaw, ...] = ()  # every law named for this change; amending_act is the first of them
    seq: int = 0  # distinguishes several changes of one unit under one date (silent edits)

    @property
    def key(self) -> str:
        """`K1400000226/art_205/ru/2025-09-16`, `~2` and so on appended for later ones under one date."""
        suffix = f"~{self.seq + 1}" if self.seq else ""
        return f"{self.act_id}/{self.eid}/{self.lang}/{self.redaction_date.isoformat()}{suffix}"


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class Amendment:
    """A claim of the source, one row per law and unit that a note names, over the time that notes make it."""

    act_id: str
    eid: str  # the versioned unit in whose notes it stands; `act` for notes on the whole act
    lang: Lang
    note: str
    note_kind: NoteKind
    action: Action
    unit: str | None
    amending_act: str | None
    in_force_text: str | None
    in_force_from: date | None
    in_force_basis: str | None  # stated, computed, NULL: unknown
    first_redaction: date  # of the first redaction whose notes make this claim
    last_redaction: date | None  # of the first that no longer does; None: still made
    flags: tuple[str, ...] = ()


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class NoteState:
    """The notes of one unit (or of the act: eid `act`) from one redaction on, until the next NoteState of that eid.

    seq: place of the redaction in the fold, which tells observations under one date apart; shown: False when the unit
    is gone.
    """

    eid: str
    since: date
    seq: int
    notes: tuple[Note, ...]
    shown: bool = True


@_handed_over_by_fields
@dataclass(frozen=True, slots=True)
class History:
    """Everything folded from the redactions of one act and language."""

    act_id: str
    lang: Lang
    versions: tuple[ArticleVersion, ...]
    changes: tuple[Change, ...]
    redactions: tuple[tuple[date, bool, int | None, int], ...]  # (date, is_current, snapshot_id, article_count)
    issues: tuple[Issue, ...] = field(default=())
    amendments: tuple[Amendment, ...] = field(default=())
    note_log: tuple[NoteState, ...] = field(default=(), repr=False)
    change_seq: tuple[int, ...] = field(default=(), repr=False)  # per change, the place of its redaction in the fold
