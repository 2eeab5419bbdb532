"""Questions to the database that the command line, the exports and other programs ask, answered with records.

Every function takes a connection with rows by name (`lawdiff.store.open_database`). Dates go in and come out as
`date`. The text of an article on a day is the version with `valid_from` on or before the day and `valid_to` after it:
dates of redactions as the portal gives them, not the days on which texts took effect (DESIGN, «Words»).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lawdiff.diff import ArticleDiff, diff_lines
from lawdiff.errors import BadIdentifier, StoreError
from lawdiff.identifiers import article_id
from lawdiff.model import Lang, Line, Note, State, Unit, UnitKind
from lawdiff.numbering import normalise_number
from lawdiff.store.rows import unpack_lines, unpack_notes

_EID = re.compile(r"[a-z]+(?:_[\w.-]+)*")


@dataclass(frozen=True, slots=True)
class Article:
    """A versioned unit. heading: by language, newest."""

    id: str
    act_id: str
    eid: str
    kind: UnitKind
    number: str | None
    position: int
    headings: tuple[tuple[Lang, str], ...]
    path: tuple[str, ...]

    def heading(self, lang: Lang) -> str:
        held = dict(self.headings)
        return held.get(lang) or next(iter(held.values()), self.eid)


@dataclass(frozen=True, slots=True)
class Version:
    """One stored text. `unit` brings back what the parser read: lines with their eids, notes with their links."""

    id: str
    article_id: str
    eid: str
    kind: UnitKind
    number: str | None
    lang: Lang
    version_no: int
    heading: str
    text: str
    notes: str
    state: State
    text_sha256: str
    valid_from: date
    valid_to: date | None
    first_seen: date | None
    snapshot_id: int | None
    anchor: str | None
    lines: tuple[Line, ...]
    note_records: tuple[Note, ...]
    path: tuple[str, ...]

    @property
    def unit(self) -> Unit:
        return Unit(
            self.eid, self.kind, self.number, self.heading, self.path, (), self.lines, self.note_records, self.state,
            self.anchor,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One observed change, with the laws named for it: (id, number, in force from, phrase)."""

    id: str
    article_id: str
    eid: str
    heading: str
    lang: Lang
    redaction_date: date
    op: str
    weight: str
    old_version_id: str | None
    new_version_id: str | None
    words_added: int
    words_removed: int
    diff_json: str
    diff_html: str
    summary_json: str
    amending_act_id: str | None
    law_number: str | None
    attribution: str
    attribution_detail: str | None
    in_force_from: date | None
    in_force_text: str | None
    first_seen: date | None
    moved_from: str | None
    snapshot_id: int | None
    laws: tuple[tuple[str, str | None, date | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An article on two days. old, new: None where it had no version on that day."""

    article: Article
    lang: Lang
    old: Version | None
    new: Version | None
    diff: ArticleDiff

    @property
    def changed(self) -> bool:
        return (self.old and (self.old.heading, self.old.text)) != (self.new and (self.new.heading, self.new.text))


_VERSION = """
SELECT v.*, a.eid, a.kind, a.number FROM article_versions v JOIN articles a ON a.id = v.article_id
"""
_CHANGE = """
SELECT c.*, a.eid, l.number AS law_number,
       coalesce(n.heading, o.heading, CASE c.lang WHEN 'kk' THEN a.heading_kk ELSE a.heading_ru END, '') AS heading
FROM changes c JOIN articles a ON a.id = c.article_id LEFT JOIN amending_acts l ON l.id = c.amending_act_id
LEFT JOIN article_versions n ON n.id = c.new_version_id LEFT JOIN article_versions o ON o.id = c.old_version_id
"""
_CHANGE_LAW = """
SELECT x.change_id, x.amending_act_id, l.number, x.in_force_from, x.in_force_text FROM change_laws x
JOIN changes c ON c.id = x.change_id JOIN articles a ON a.id = c.article_id
LEFT JOIN amending_acts l ON l.id = x.amending_act_id
"""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _path(text: str | None) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def article_eid_of(text: str) -> str:
    """`115-1`, `115¹`, `art_115-1`, `chp_7` → the eid. Raises BadIdentifier with the forms that are understood."""
    try:
        return f"art_{normalise_number(text)}"
    except BadIdentifier:
        if _EID.fullmatch(text):
            return text
        raise BadIdentifier(f"{text!r} names no article: write its number (115-1) or its eid (art_115-1)") from None


def require_act(conn: sqlite3.Connection, act_id: str) -> None:
    """StoreError unless the database holds the act."""
    if conn.execute("SELECT 1 FROM redactions WHERE act_id = ? LIMIT 1", (act_id,)).fetchone() is None:
        raise StoreError(f"the database holds no text of {act_id}; run lawdiff crawl {act_id}, then lawdiff build")


def find_article(conn: sqlite3.Connection, act_id: str, text: str) -> Article:
    """The article of an act by number or eid. Raises StoreError where there is none, naming numbers nearby."""
    require_act(conn, act_id)
    eid = article_eid_of(text)
    found = article(conn, article_id(act_id, eid))
    if found is None:
        near = conn.execute(
            "SELECT number FROM articles WHERE act_id = ? AND kind = 'article' AND number GLOB ? ORDER BY sort_key"
            " LIMIT 5",
            (act_id, eid.removeprefix("art_").partition("-")[0] + "*"),
        ).fetchall()
        hint = f"; it has {', '.join(row[0] for row in near)}" if near else ""
        raise StoreError(f"{act_id} has no {eid} in any redaction held{hint}")
    return found


def article(conn: sqlite3.Connection, key: str) -> Article | None:
    """An article by its id, `K1400000226/art_115-1`."""
    row = conn.execute("SELECT * FROM articles WHERE id = ?", (key,)).fetchone()
    return _article(row) if row else None


def articles_of(conn: sqlite3.Connection, act_id: str) -> list[Article]:
    """The units of an act in page order."""
    return [
        _article(row) for row in conn.execute("SELECT * FROM articles WHERE act_id = ? ORDER BY position", (act_id,))
    ]


def _article(row: sqlite3.Row) -> Article:
    headings = tuple((lang, row[f"heading_{lang}"]) for lang in Lang if row[f"heading_{lang}"] is not None)
    return Article(
        row["id"], row["act_id"], row["eid"], UnitKind(row["kind"]), row["number"], row["position"], headings,
        _path(row["path"] or row["path_kk"]),
    )  # fmt: skip


def _version(row: sqlite3.Row) -> Version:
    return Version(
        row["id"], row["article_id"], row["eid"], UnitKind(row["kind"]), row["number"], Lang(row["lang"]),
        row["version_no"], row["heading"], row["text"], row["notes"], State(row["state"]), row["text_sha256"],
        date.fromisoformat(row["valid_from"]), _day(row["valid_to"]), _day(row["first_seen"]), row["snapshot_id"],
        row["anchor"], unpack_lines(row["text"], row["lines_json"], row["html_json"]),
        unpack_notes(row["notes"], row["notes_json"]), _path(row["path"]),
    )  # fmt: skip


def article_at(conn: sqlite3.Connection, key: str, lang: Lang, day: date | None) -> Version | None:
    """The text of an article on a day (None: in the newest redaction), or None where it had none."""
    clause = (
        "v.valid_to IS NULL" if day is None else "v.valid_from <= :day AND (v.valid_to IS NULL OR v.valid_to > :day)"
    )
    row = conn.execute(
        f"{_VERSION} WHERE v.article_id = :key AND v.lang = :lang AND {clause} ORDER BY v.version_no DESC LIMIT 1",
        {"key": key, "lang": lang, "day": day.isoformat() if day else None},
    ).fetchone()
    return _version(row) if row else None


def version(conn: sqlite3.Connection, version_id: str) -> Version | None:
    row = conn.execute(f"{_VERSION} WHERE v.id = ?", (version_id,)).fetchone()
    return _version(row) if row else None


def versions_of(conn: sqlite3.Connection, key: str, lang: Lang) -> list[Version]:
    """All texts of an article in one language, oldest first."""
    rows = conn.execute(f"{_VERSION} WHERE v.article_id = ? AND v.lang = ? ORDER BY v.version_no", (key, lang))
    return [_version(row) for row in rows]


def act_at(conn: sqlite3.Connection, act_id: str, lang: Lang, day: date | None) -> Iterator[Version]:
    """Every unit of an act on a day, in page order."""
    clause = (
        "v.valid_to IS NULL" if day is None else "v.valid_from <= :day AND (v.valid_to IS NULL OR v.valid_to > :day)"
    )
    for row in conn.execute(
        f"{_VERSION} WHERE a.act_id = :act AND v.lang = :lang AND {clause} ORDER BY a.position, v.version_no",
        {"act": act_id, "lang": lang, "day": day.isoformat() if day else None},
    ):
        yield _version(row)


def redaction_dates(conn: sqlite3.Connection, act_id: str, lang: Lang) -> list[date]:
    """Dates of the redactions held, oldest first."""
    rows = conn.execute(
        "SELECT redaction_date FROM redactions WHERE act_id = ? AND lang = ? ORDER BY redaction_date", (act_id, lang)
    )
    return [date.fromisoformat(row[0]) for row in rows]


def last_look(conn: sqlite3.Connection, act_id: str, lang: Lang) -> date | None:
    """The day on which the current page of an act was last read whole; None where it never was."""
    row = conn.execute("SELECT last_good FROM coverage WHERE act_id = ? AND lang = ?", (act_id, lang)).fetchone()
    return date.fromisoformat(row[0][:10]) if row is not None and row[0] else None


def changes(
    conn: sqlite3.Connection,
    *,
    act_id: str | None = None,
    key: str | None = None,
    lang: Lang | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[ChangeRow]:
    """Changes of an act or of one article, oldest first, both bounds included."""
    laws: dict[str, list[tuple[str, str | None, date | None, str | None]]] = {}
    where = {"act": act_id, "key": key, "lang": lang, "since": since and since.isoformat(),
             "until": until and until.isoformat()}  # fmt: skip
    condition = (
        "WHERE (:act IS NULL OR a.act_id = :act) AND (:key IS NULL OR c.article_id = :key)"
        " AND (:lang IS NULL OR c.lang = :lang) AND (:since IS NULL OR c.redaction_date >= :since)"
        " AND (:until IS NULL OR c.redaction_date <= :until)"
    )
    if key is not None:
        condition = condition.replace("(:key IS NULL OR c.article_id = :key)", "c.article_id = :key")
    elif act_id is not None:
        condition = condition.replace("(:act IS NULL OR a.act_id = :act)", "a.act_id = :act")
    for row in conn.execute(
        f"{_CHANGE_LAW} {condition} ORDER BY x.change_id, x.position",
        where,
    ):
        laws.setdefault(row[0], []).append((row[1], row[2], _day(row[3]), row[4]))
    rows = conn.execute(f"{_CHANGE} {condition} ORDER BY c.redaction_date, a.position, c.lang DESC, c.seq", where)
    return [_change(row, tuple(laws.get(row["id"], ()))) for row in rows]


def changes_of(conn: sqlite3.Connection, key: str, lang: Lang | None = None) -> list[ChangeRow]:
    """Changes of one article, oldest first."""
    return changes(conn, key=key, lang=lang)


def _change(row: sqlite3.Row, laws: tuple[tuple[str, str | None, date | None, str | None], ...]) -> ChangeRow:
    return ChangeRow(
        row["id"], row["article_id"], row["eid"], row["heading"], Lang(row["lang"]),
        date.fromisoformat(row["redaction_date"]), row["op"], row["weight"], row["old_version_id"],
        row["new_version_id"], row["words_added"], row["words_removed"], row["diff_json"], row["diff_html"],
        row["summary_json"], row["amending_act_id"], row["law_number"], row["attribution"], row["attribution_detail"],
        _day(row["in_force_from"]), row["in_force_text"], _day(row["first_seen"]), row["moved_from"],
        row["snapshot_id"], laws,
    )  # fmt: skip


def compare(conn: sqlite3.Connection, found: Article, lang: Lang, since: date, until: date) -> Comparison:
    """Any two days of an article, word by word."""
    return _comparison(found, lang, article_at(conn, found.id, lang, since), article_at(conn, found.id, lang, until))


def compare_act(conn: sqlite3.Connection, act_id: str, lang: Lang, since: date, until: date) -> Iterator[Comparison]:
    """Every unit of an act whose heading or text differs between two days, in page order."""
    before = {
        row["article_id"]: (row["id"], row["heading"], row["text_sha256"]) for row in _held(conn, act_id, lang, since)
    }
    after = {
        row["article_id"]: (row["id"], row["heading"], row["text_sha256"]) for row in _held(conn, act_id, lang, until)
    }
    for found in articles_of(conn, act_id):
        old, new = before.get(found.id), after.get(found.id)
        if old == new or (old and new and old[1:] == new[1:]):
            continue
        yield _comparison(found, lang, version(conn, old[0]) if old else None, version(conn, new[0]) if new else None)


def _held(conn: sqlite3.Connection, act_id: str, lang: Lang, day: date) -> list[sqlite3.Row]:
    return conn.execute(
        "SELECT v.id, v.article_id, v.heading, v.text_sha256 FROM articles a JOIN article_versions v ON"
        " v.article_id = a.id WHERE a.act_id = :act AND v.lang = :lang AND v.valid_from <= :day"
        " AND (v.valid_to IS NULL OR v.valid_to > :day) ORDER BY v.version_no",
        {"act": act_id, "lang": lang, "day": day.isoformat()},
    ).fetchall()


def _comparison(found: Article, lang: Lang, old: Version | None, new: Version | None) -> Comparison:
    return Comparison(
        found,
        lang,
        old,
        new,
        diff_lines(
            old.lines if old else (),
            new.lines if new else (),
            old_heading=old.heading if old else "",
            new_heading=new.heading if new else "",
        ),
    )


@dataclass(frozen=True, slots=True)
class Presence:
    """When an article was on the portal in one language: first and last redactions that show it."""

    first: date | None
    last_gone: date | None
    earliest_redaction: date | None


def presence(conn: sqlite3.Connection, found: Article, lang: Lang) -> Presence:
    """Since when an article exists, until when (None: still), and since when its act is held at all."""
    row = conn.execute(
        "SELECT min(valid_from), CASE WHEN sum(valid_to IS NULL) THEN NULL ELSE max(valid_to) END FROM article_versions"
        " WHERE article_id = ? AND lang = ?",
        (found.id, lang),
    ).fetchone()
    dates = redaction_dates(conn, found.act_id, lang)
    return Presence(_day(row[0]), _day(row[1]), dates[0] if dates else None)


@dataclass(frozen=True, slots=True)
class Impact:
    """One thing that an amending act changed."""

    act_id: str
    article_id: str
    lang: Lang
    op: str
    action: str
    unit: str | None
    in_force_from: date | None
    in_force_text: str | None
    attribution: str
    redaction_date: date
    change_id: str


def law_impact(conn: sqlite3.Connection, law_id: str) -> list[Impact]:
    """Everything that an amending act changed, by act and page order."""
    rows = conn.execute(
        "SELECT i.* FROM law_impact i JOIN articles a ON a.id = i.article_id WHERE i.amending_act_id = ?"
        " ORDER BY i.act_id, a.position, i.lang DESC, i.redaction_date",
        (law_id,),
    )
    return [
        Impact(
            row["act_id"], row["article_id"], Lang(row["lang"]), row["op"], row["action"], row["unit"],
            _day(row["in_force_from"]), row["in_force_text"], row["attribution"],
            date.fromisoformat(row["redaction_date"]), row["change_id"],
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pending:
    """Something announced or adopted and not yet in force. since: the first redaction that tells it."""

    basis: str
    act_id: str
    article_id: str | None
    lang: Lang
    unit: str | None
    action: str
    amending_act_id: str | None
    in_force_from: date | None
    in_force_text: str | None
    source: str | None
    since: date


def pending(conn: sqlite3.Connection, today: date, act_id: str | None = None) -> list[Pending]:
    """What takes effect after `today`, soonest first, undated last (the view `pending_changes` with its own day)."""
    rows = conn.execute(
        "SELECT 'announced' AS basis, m.act_id, m.article_id, m.lang, m.unit, m.action, m.amending_act_id,"
        " m.in_force_from, m.in_force_text, m.note AS source, m.first_redaction AS since FROM amendments m"
        " WHERE m.note_kind IN ('future', 'deferred', 'suspended') AND m.first_redaction <= :today"
        " AND (m.last_redaction IS NULL OR m.last_redaction > :today)"
        " AND (m.in_force_from IS NULL OR m.in_force_from > :today) AND (:act IS NULL OR m.act_id = :act)"
        " UNION ALL SELECT 'adopted', a.act_id, c.article_id, c.lang, a.eid, c.op, c.amending_act_id, c.in_force_from,"
        " c.in_force_text, c.attribution_detail, c.redaction_date FROM changes c JOIN articles a ON a.id = c.article_id"
        " WHERE c.in_force_from > :today AND c.redaction_date <= :today AND (:act IS NULL OR a.act_id = :act)"
        " ORDER BY 8 IS NULL, 8, 2, 3, 4 DESC",
        {"today": today.isoformat(), "act": act_id},
    )
    return [
        Pending(
            row["basis"], row["act_id"], row["article_id"], Lang(row["lang"]), row["unit"], row["action"],
            row["amending_act_id"], _day(row["in_force_from"]), row["in_force_text"], row["source"],
            date.fromisoformat(row["since"]),
        )
        for row in rows
    ]  # fmt: skip
