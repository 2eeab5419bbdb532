"""One article: its text on a day, its versions and changes, what stands around it and where it comes from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from lawdiff.store.pages.ask import CHANGE_COLUMNS, CHANGE_SOURCE, Row, row, rows

VERSION_AT = """
  SELECT * FROM article_versions
  WHERE article_id = :article AND lang = :lang AND valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
  ORDER BY version_no DESC LIMIT 1
"""


def article(conn: sqlite3.Connection, article_id: str) -> Row | None:
    return row(
        conn,
        """
        SELECT a.*, t.title_ru AS act_title_ru, t.title_kk AS act_title_kk, t.short_ru, t.short_kk,
          t.number AS act_number, t.adopted_on AS act_adopted_on, t.status AS act_status
        FROM articles a JOIN acts t ON t.id = a.act_id WHERE a.id = ?
        """,
        [article_id],
    )


def headings(conn: sqlite3.Connection, act_id: str, eids: Iterable[str]) -> list[Row]:
    """The units named by `eids`, in page order: the headings above an article."""
    wanted = list(eids)
    if not wanted:
        return []
    marks = ", ".join("?" * len(wanted))
    return rows(
        conn,
        f"SELECT eid, kind, number, heading_ru, heading_kk FROM articles "  # noqa: S608 - only question marks
        f"WHERE act_id = ? AND eid IN ({marks}) ORDER BY position",
        [act_id, *wanted],
    )


def children(conn: sqlite3.Connection, act_id: str, eid: str) -> list[Row]:
    """Units under a heading, in page order."""
    return rows(
        conn,
        """
        SELECT a.id, a.eid, a.kind, a.number, a.heading_ru, a.heading_kk FROM articles a
        WHERE a.act_id = ? AND instr(' ' || a.parents || ' ', ' ' || ? || ' ') ORDER BY a.position
        """,
        [act_id, eid],
    )


def version_at(conn: sqlite3.Connection, article_id: str, lang: str, day: str) -> Row | None:
    """The version of an article in one language that the portal showed on `day`, with its text."""
    return row(conn, VERSION_AT, {"article": article_id, "lang": lang, "day": day})


def version(conn: sqlite3.Connection, version_id: str | None) -> Row | None:
    return row(conn, "SELECT * FROM article_versions WHERE id = ?", [version_id]) if version_id else None


def versions(conn: sqlite3.Connection, article_id: str) -> list[Row]:
    """All versions of an article in both languages, oldest first, without their texts."""
    return rows(
        conn,
        """
        SELECT v.id, v.lang, v.version_no, v.heading, v.state, v.valid_from, v.valid_to, v.first_seen, v.text_sha256,
          v.snapshot_id, v.predecessor_id
        FROM article_versions v WHERE v.article_id = ? ORDER BY v.valid_from, v.version_no, v.lang DESC
        """,
        [article_id],
    )


def changes_of(conn: sqlite3.Connection, article_id: str) -> list[Row]:
    """All changes of an article in both languages, oldest first, without their diffs."""
    return rows(
        conn,
        f"SELECT {CHANGE_COLUMNS} FROM {CHANGE_SOURCE} WHERE c.article_id = ? "  # noqa: S608 - constants of this module
        "ORDER BY c.redaction_date, c.lang DESC, c.id",
        [article_id],
    )


def change(conn: sqlite3.Connection, change_id: str) -> Row | None:
    """One change with its diff."""
    return row(
        conn,
        f"SELECT {CHANGE_COLUMNS}, c.diff_json, c.diff_html FROM {CHANGE_SOURCE} WHERE c.id = ?",  # noqa: S608 - constants
        [change_id],
    )


def laws_of(conn: sqlite3.Connection, change_ids: Iterable[str]) -> dict[str, list[Row]]:
    """Every law named for each of the changes, in the order in which the note names them."""
    wanted = list(change_ids)
    found: dict[str, list[Row]] = {change_id: [] for change_id in wanted}
    for start in range(0, len(wanted), 500):
        batch = wanted[start : start + 500]
        marks = ", ".join("?" * len(batch))
        for named in rows(
            conn,
            "SELECT x.*, l.number, l.adopted_on, l.published_on, l.title, l.title_kk, l.url FROM change_laws x "  # noqa: S608 - only question marks
            f"JOIN amending_acts l ON l.id = x.amending_act_id WHERE x.change_id IN ({marks}) "
            "ORDER BY x.change_id, x.position",
            batch,
        ):
            found[named["change_id"]].append(named)
    return found


def neighbours(conn: sqlite3.Connection, act_id: str, position: int) -> tuple[Row | None, Row | None]:
    """The units before and after in page order, headings left out."""
    sql = """
      SELECT eid, number, kind, heading_ru, heading_kk FROM articles
      WHERE act_id = ? AND kind <> 'heading' AND position {} ? ORDER BY position {} LIMIT 1
    """
    return (
        row(conn, sql.format("<", "DESC"), [act_id, position]),
        row(conn, sql.format(">", "ASC"), [act_id, position]),
    )


def snapshot(conn: sqlite3.Connection, snapshot_id: int | None) -> Row | None:
    return row(conn, "SELECT * FROM snapshots WHERE id = ?", [snapshot_id]) if snapshot_id is not None else None


def redaction_snapshot(conn: sqlite3.Connection, act_id: str, lang: str, day: str) -> Row | None:
    """The page behind the newest redaction on or before `day`: where the text of that day can be seen."""
    return row(
        conn,
        """
        SELECT s.*, r.redaction_date, r.is_current, r.date_basis FROM redactions r
        LEFT JOIN snapshots s ON s.id = r.snapshot_id
        WHERE r.act_id = ? AND r.lang = ? AND r.redaction_date <= ? ORDER BY r.redaction_date DESC LIMIT 1
        """,
        [act_id, lang, day],
    )


def amendments_of(conn: sqlite3.Connection, article_id: str) -> list[Row]:
    """What the source's notes claim of an article, one row per law and unit named, oldest claim first."""
    return rows(
        conn,
        """
        SELECT m.*, l.number AS law_number, l.adopted_on AS law_adopted_on FROM amendments m
        LEFT JOIN amending_acts l ON l.id = m.amending_act_id
        WHERE m.article_id = ? ORDER BY m.first_redaction, m.id
        """,
        [article_id],
    )


def divergences(conn: sqlite3.Connection, article_id: str, day: str) -> list[Row]:
    """Where the two languages of an article disagreed on `day`."""
    return rows(
        conn,
        """
        SELECT d.* FROM divergence_findings d
        WHERE d.article_id = :article AND d.since <= :day AND (d.until IS NULL OR d.until > :day)
        ORDER BY d.kind, d.place, d.id
        """,
        {"article": article_id, "day": day},
    )


def sanction_verdict(conn: sqlite3.Connection, old_id: str | None, new_id: str | None) -> Row | None:
    """How the sanctions of a version compare with those of the version before it, where that is `old_id`."""
    return row(
        conn,
        "SELECT verdict, parts_json FROM sanction_verdicts WHERE version_id = ? AND previous_version_id = ?",
        [new_id, old_id],
    )
