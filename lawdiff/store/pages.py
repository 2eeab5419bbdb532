"""The questions that the pages of the site ask, each one function over a connection, answered with plain dicts.

Nothing here knows of HTML or of the reader's language. Dates are ISO strings, as the tables hold them; `day` is the
date that a reader asks for, `today` the date on which the question is asked. The text of an article on a day is the
version with `valid_from <= day` and `valid_to` NULL or later than the day (DESIGN, «SQLite»).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

Row = dict[str, Any]
MANY = 300  # a count is exact up to here; a page says «more than 300» beyond

CHANGE_COLUMNS = """
  c.id, c.article_id, a.act_id, a.eid, a.kind, a.number, a.position, a.heading_ru, a.heading_kk, c.lang,
  c.redaction_date, c.op, c.weight, c.old_version_id, c.new_version_id, c.words_added, c.words_removed, c.summary_json,
  c.amending_act_id, l.number AS law_number, l.adopted_on AS law_adopted_on, l.title AS law_title,
  l.title_kk AS law_title_kk, c.attribution, c.attribution_detail, c.in_force_from, c.in_force_text, c.first_seen,
  c.moved_from, c.seq, c.snapshot_id, o.valid_from AS old_from, n.heading AS new_heading, o.heading AS old_heading,
  n.state AS new_state,
  (SELECT max(r.redaction_date) FROM redactions r
   WHERE r.act_id = a.act_id AND r.lang = c.lang AND r.redaction_date < c.redaction_date) AS before
"""
CHANGE_SOURCE = """
  changes c JOIN articles a ON a.id = c.article_id
  LEFT JOIN amending_acts l ON l.id = c.amending_act_id
  LEFT JOIN article_versions o ON o.id = c.old_version_id
  LEFT JOIN article_versions n ON n.id = c.new_version_id
"""
VERSION_AT = """
  SELECT * FROM article_versions
  WHERE article_id = :article AND lang = :lang AND valid_from <= :day AND (valid_to IS NULL OR valid_to > :day)
  ORDER BY version_no DESC LIMIT 1
"""


def _rows(conn: sqlite3.Connection, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Row]:
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _row(conn: sqlite3.Connection, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> Row | None:
    return next(iter(_rows(conn, sql, values)), None)


def _range(act_id: str) -> dict[str, str]:
    """Bounds of the article ids of one act: `K1400000226/` … `K14000002260` ('0' follows '/')."""
    return {"first": f"{act_id}/", "last": f"{act_id}0"}


# ---- acts and their structure


def acts(conn: sqlite3.Connection) -> list[Row]:
    """Every act that is tracked or held, codes first, with what is known of its freshness."""
    return _rows(
        conn,
        """
        SELECT a.*, (SELECT count(*) FROM articles u WHERE u.act_id = a.id AND u.kind = 'article') AS articles,
          (SELECT count(DISTINCT r.redaction_date) FROM redactions r WHERE r.act_id = a.id) AS redactions,
          (SELECT max(r.redaction_date) FROM redactions r WHERE r.act_id = a.id) AS newest,
          (SELECT max(k.last_good) FROM coverage k WHERE k.act_id = a.id) AS checked
        FROM acts a
        WHERE a.tracked OR EXISTS (SELECT 1 FROM redactions r WHERE r.act_id = a.id)
        ORDER BY newest IS NULL, a.id
        """,
    )


def act_names(conn: sqlite3.Connection) -> list[Row]:
    """The acts of which texts are held, with their names alone: for filters and results."""
    return _rows(
        conn,
        """
        SELECT a.id, a.short_ru, a.short_kk, a.title_ru, a.title_kk FROM acts a
        WHERE EXISTS (SELECT 1 FROM redactions r WHERE r.act_id = a.id) ORDER BY a.id
        """,
    )


def divergences(conn: sqlite3.Connection, article_id: str, day: str) -> list[Row]:
    """Where the two languages of an article disagreed on `day`."""
    return _rows(
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
    return _row(
        conn,
        "SELECT verdict, parts_json FROM sanction_verdicts WHERE version_id = ? AND previous_version_id = ?",
        [new_id, old_id],
    )


def act(conn: sqlite3.Connection, act_id: str) -> Row | None:
    return _row(conn, "SELECT * FROM acts WHERE id = ?", [act_id])


def act_topics(conn: sqlite3.Connection, act_id: str) -> list[Row]:
    return _rows(
        conn,
        "SELECT t.* FROM topics t JOIN act_topics x ON x.topic_id = t.id WHERE x.act_id = ? ORDER BY t.position",
        [act_id],
    )


def structure(conn: sqlite3.Connection, act_id: str, lang: str, day: str) -> list[Row]:
    """Units of an act in page order: how often each changed in `lang`, when last; its heading and state on `day`."""
    return _rows(
        conn,
        """
        SELECT a.id, a.eid, a.kind, a.number, a.parents, a.heading_ru, a.heading_kk, h.versions, h.last_change,
          h.first_seen, v.heading, v.state, v.valid_from
        FROM articles a
        LEFT JOIN (
          SELECT article_id, count(*) AS versions, max(valid_from) AS last_change, min(valid_from) AS first_seen
          FROM article_versions
          WHERE article_id >= :first AND article_id < :last AND lang = :lang GROUP BY article_id
        ) h ON h.article_id = a.id
        LEFT JOIN article_versions v ON v.article_id = a.id AND v.lang = :lang AND v.valid_from <= :day
          AND (v.valid_to IS NULL OR v.valid_to > :day)
        WHERE a.act_id = :act ORDER BY a.position, a.sort_key
        """,
        {"act": act_id, "lang": lang, "day": day, **_range(act_id)},
    )


def redactions(conn: sqlite3.Connection, act_id: str) -> list[Row]:
    """Redactions of an act in date order, with the languages held and the articles substantively changed under each."""
    return _rows(
        conn,
        """
        SELECT r.redaction_date, group_concat(DISTINCT r.lang) AS langs, max(r.is_current) AS is_current,
          min(r.date_basis) AS date_basis, max(r.article_count) AS articles, coalesce(x.changed, 0) AS changed
        FROM redactions r
        LEFT JOIN (
          SELECT redaction_date, count(DISTINCT article_id) AS changed FROM changes
          WHERE article_id >= :first AND article_id < :last AND weight = 'substantive' GROUP BY redaction_date
        ) x ON x.redaction_date = r.redaction_date
        WHERE r.act_id = :act GROUP BY r.redaction_date ORDER BY r.redaction_date
        """,
        {"act": act_id, **_range(act_id)},
    )


def redaction_dates(conn: sqlite3.Connection, act_id: str, lang: str) -> list[str]:
    found = conn.execute(
        "SELECT DISTINCT redaction_date FROM redactions WHERE act_id = ? AND lang = ? ORDER BY 1", [act_id, lang]
    )
    return [row[0] for row in found]


def coverage(conn: sqlite3.Connection, act_id: str | None = None) -> list[Row]:
    """What was checked when, per act and language; every act without `act_id`."""
    return _rows(
        conn,
        """
        SELECT k.*, a.short_ru, a.short_kk, a.title_ru, a.title_kk FROM coverage k JOIN acts a ON a.id = k.act_id
        WHERE :act IS NULL OR k.act_id = :act ORDER BY k.act_id, k.lang DESC
        """,
        {"act": act_id},
    )


# ---- one article


def article(conn: sqlite3.Connection, article_id: str) -> Row | None:
    return _row(
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
    return _rows(
        conn,
        f"SELECT eid, kind, number, heading_ru, heading_kk FROM articles "  # noqa: S608 - only question marks
        f"WHERE act_id = ? AND eid IN ({marks}) ORDER BY position",
        [act_id, *wanted],
    )


def children(conn: sqlite3.Connection, act_id: str, eid: str) -> list[Row]:
    """Units under a heading, in page order."""
    return _rows(
        conn,
        """
        SELECT a.id, a.eid, a.kind, a.number, a.heading_ru, a.heading_kk FROM articles a
        WHERE a.act_id = ? AND instr(' ' || a.parents || ' ', ' ' || ? || ' ') ORDER BY a.position
        """,
        [act_id, eid],
    )


def version_at(conn: sqlite3.Connection, article_id: str, lang: str, day: str) -> Row | None:
    """The version of an article in one language that the portal showed on `day`, with its text."""
    return _row(conn, VERSION_AT, {"article": article_id, "lang": lang, "day": day})


def version(conn: sqlite3.Connection, version_id: str | None) -> Row | None:
    return _row(conn, "SELECT * FROM article_versions WHERE id = ?", [version_id]) if version_id else None


def versions(conn: sqlite3.Connection, article_id: str) -> list[Row]:
    """All versions of an article in both languages, oldest first, without their texts."""
    return _rows(
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
    return _rows(
        conn,
        f"SELECT {CHANGE_COLUMNS} FROM {CHANGE_SOURCE} WHERE c.article_id = ? "  # noqa: S608 - constants of this module
        "ORDER BY c.redaction_date, c.lang DESC, c.id",
        [article_id],
    )


def change(conn: sqlite3.Connection, change_id: str) -> Row | None:
    """One change with its diff."""
    return _row(
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
        for row in _rows(
            conn,
            "SELECT x.*, l.number, l.adopted_on, l.published_on, l.title, l.title_kk, l.url FROM change_laws x "  # noqa: S608 - only question marks
            f"JOIN amending_acts l ON l.id = x.amending_act_id WHERE x.change_id IN ({marks}) "
            "ORDER BY x.change_id, x.position",
            batch,
        ):
            found[row["change_id"]].append(row)
    return found


def neighbours(conn: sqlite3.Connection, act_id: str, position: int) -> tuple[Row | None, Row | None]:
    """The units before and after in page order, headings left out."""
    sql = """
      SELECT eid, number, kind, heading_ru, heading_kk FROM articles
      WHERE act_id = ? AND kind <> 'heading' AND position {} ? ORDER BY position {} LIMIT 1
    """
    return (
        _row(conn, sql.format("<", "DESC"), [act_id, position]),
        _row(conn, sql.format(">", "ASC"), [act_id, position]),
    )


def snapshot(conn: sqlite3.Connection, snapshot_id: int | None) -> Row | None:
    return _row(conn, "SELECT * FROM snapshots WHERE id = ?", [snapshot_id]) if snapshot_id is not None else None


def redaction_snapshot(conn: sqlite3.Connection, act_id: str, lang: str, day: str) -> Row | None:
    """The page behind the newest redaction on or before `day`: where the text of that day can be seen."""
    return _row(
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
    return _rows(
        conn,
        """
        SELECT m.*, l.number AS law_number, l.adopted_on AS law_adopted_on FROM amendments m
        LEFT JOIN amending_acts l ON l.id = m.amending_act_id
        WHERE m.article_id = ? ORDER BY m.first_redaction, m.id
        """,
        [article_id],
    )


# ---- what is to come


def pending(
    conn: sqlite3.Connection,
    today: str,
    *,
    act_id: str | None = None,
    article_id: str | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[Row]:
    """What is announced or adopted and not yet in force on `today`, soonest first, unknown dates last.

    One row per unit, law and date; `langs` are the languages that say so, `source` the words of one of them.
    """
    return _rows(
        conn,
        """
        SELECT p.basis, p.act_id, p.article_id, p.action, p.law_id, p.in_force_from,
          min(p.in_force_text) AS in_force_text,
          max(p.source) AS source, min(p.since) AS since, group_concat(DISTINCT p.lang) AS langs,
          max(p.change_id) AS change_id, a.eid, a.kind, a.number, a.heading_ru, a.heading_kk, a.position,
          t.short_ru, t.short_kk, t.title_ru, t.title_kk, l.number AS law_number, l.adopted_on AS law_adopted_on
        FROM (
          SELECT 'announced' AS basis, m.act_id, m.article_id, m.lang, m.action, m.amending_act_id AS law_id,
            m.in_force_from, m.in_force_text, m.note AS source, m.first_redaction AS since, NULL AS change_id
          FROM amendments m
          WHERE m.note_kind IN ('future', 'deferred', 'suspended') AND m.last_redaction IS NULL
            AND (m.in_force_from IS NULL OR m.in_force_from > :today)
          UNION ALL
          SELECT 'adopted', u.act_id, c.article_id, c.lang, c.op, c.amending_act_id, c.in_force_from, c.in_force_text,
            NULL, c.redaction_date, c.id
          FROM changes c JOIN articles u ON u.id = c.article_id
          WHERE c.in_force_from > :today AND c.weight = 'substantive'
        ) p
        LEFT JOIN articles a ON a.id = p.article_id
        JOIN acts t ON t.id = p.act_id
        LEFT JOIN amending_acts l ON l.id = p.law_id
        WHERE (:act IS NULL OR p.act_id = :act) AND (:article IS NULL OR p.article_id = :article)
        GROUP BY p.basis, p.act_id, p.article_id, p.law_id, p.in_force_from,
          CASE WHEN p.law_id IS NULL THEN p.action END
        ORDER BY p.in_force_from IS NULL, p.in_force_from, p.act_id, a.position LIMIT :limit OFFSET :offset
        """,
        {"today": today, "act": act_id, "article": article_id, "limit": limit, "offset": offset},
    )


def force_dates(
    conn: sqlite3.Connection, *, act_id: str | None = None, since: str | None = None, limit: int = 2000
) -> list[Row]:
    """Days on which changes enter into force, newest first: one row per act, law and day, with the articles."""
    return _rows(
        conn,
        """
        SELECT c.in_force_from, a.act_id, t.short_ru, t.short_kk, t.title_ru, t.title_kk, c.amending_act_id AS law_id,
          l.number AS law_number, l.adopted_on AS law_adopted_on, group_concat(DISTINCT a.eid) AS eids,
          max(coalesce(c.first_seen, c.redaction_date)) AS seen
        FROM changes c JOIN articles a ON a.id = c.article_id JOIN acts t ON t.id = a.act_id
        LEFT JOIN amending_acts l ON l.id = c.amending_act_id
        WHERE c.in_force_from IS NOT NULL AND (:since IS NULL OR c.in_force_from >= :since)
          AND (:act IS NULL OR a.act_id = :act) AND c.weight = 'substantive'
        GROUP BY c.in_force_from, a.act_id, c.amending_act_id
        ORDER BY c.in_force_from DESC, a.act_id LIMIT :limit
        """,
        {"act": act_id, "since": since, "limit": limit},
    )


# ---- the stream of changes


@dataclass(frozen=True)
class Filters:
    """What a reader asks of the stream. None: no such wish. `weight` None means both weights."""

    act: str | None = None
    chapter: str | None = None
    article: str | None = None
    topic: str | None = None
    law: str | None = None
    op: str | None = None
    weight: str | None = None
    lang: str | None = None
    attribution: str | None = None
    since: str | None = None
    until: str | None = None

    def chosen(self) -> dict[str, str]:
        """The wishes that were made, by field name."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}


# Each wish is one condition. The article's own id range lets the index by article serve «act».
CONDITIONS = {
    "act": "c.article_id >= :act || '/' AND c.article_id < :act || '0'",
    "chapter": "(instr(' ' || a.parents || ' ', ' ' || :chapter || ' ') OR a.eid = :chapter)",
    "article": "a.eid = :article",
    "topic": """(c.article_id IN (SELECT article_id FROM article_topics WHERE topic_id = :topic)
               OR a.act_id IN (SELECT act_id FROM act_topics WHERE topic_id = :topic)
               AND NOT EXISTS (SELECT 1 FROM article_topics y JOIN articles b ON b.id = y.article_id
                               WHERE y.topic_id = :topic AND b.act_id = a.act_id))""",
    "law": "c.id IN (SELECT change_id FROM change_laws WHERE amending_act_id = :law UNION ALL "
    "SELECT id FROM changes WHERE amending_act_id = :law)",
    "op": "c.op = :op",
    "weight": "c.weight = :weight",
    "lang": "c.lang = :lang",
    "attribution": "c.attribution = :attribution",
    "since": "c.redaction_date >= :since",
    "until": "c.redaction_date <= :until",
}


def _where(filters: Filters) -> str:
    return " AND ".join(f"({CONDITIONS[name]})" for name in filters.chosen()) or "1"


def stream(conn: sqlite3.Connection, filters: Filters, *, limit: int = 50, offset: int = 0) -> list[Row]:
    """Changes newest first, whole articles at a time: `limit` counts pairs of article and date.

    A row comes per language. The rows of one article and date stand together, Russian first.
    """
    join = "JOIN articles a ON a.id = c.article_id" if {"chapter", "article", "topic"} & set(filters.chosen()) else ""
    return _rows(
        conn,
        f"""
        SELECT {CHANGE_COLUMNS}, t.short_ru, t.short_kk, t.title_ru, t.title_kk
        FROM (
          SELECT c.redaction_date AS day, c.article_id AS unit FROM changes c {join} WHERE {_where(filters)}
          GROUP BY c.redaction_date, c.article_id ORDER BY c.redaction_date DESC, c.article_id DESC
          LIMIT :limit OFFSET :offset
        ) s CROSS JOIN changes c ON c.article_id = s.unit AND c.redaction_date = s.day
        JOIN articles a ON a.id = c.article_id JOIN acts t ON t.id = a.act_id
        LEFT JOIN amending_acts l ON l.id = c.amending_act_id
        LEFT JOIN article_versions o ON o.id = c.old_version_id
        LEFT JOIN article_versions n ON n.id = c.new_version_id
        WHERE {_where(filters)}
        ORDER BY c.redaction_date DESC, a.act_id, coalesce(l.number, ''), a.position, c.lang DESC, c.id
        """,  # noqa: S608 - conditions are constants of this module
        {**filters.chosen(), "limit": limit, "offset": offset},
    )


def stream_count(conn: sqlite3.Connection, filters: Filters) -> int:
    """How many pairs of article and date the stream holds; counting stops at MANY + 1."""
    join = "JOIN articles a ON a.id = c.article_id" if {"chapter", "article", "topic"} & set(filters.chosen()) else ""
    found = conn.execute(
        f"""
        SELECT count(*) FROM (SELECT 1 FROM changes c {join} WHERE {_where(filters)}
        GROUP BY c.redaction_date, c.article_id ORDER BY c.redaction_date DESC, c.article_id DESC LIMIT {MANY + 1})
        """,  # noqa: S608 - conditions are constants of this module
        filters.chosen(),
    )
    return int(found.fetchone()[0])


def feed_changes(conn: sqlite3.Connection, filters: Filters, *, limit: int, offset: int) -> list[Row]:
    """Changes newest first with their redlines, one row per change: what a feed carries."""
    join = "JOIN articles a ON a.id = c.article_id" if {"chapter", "article", "topic"} & set(filters.chosen()) else ""
    return _rows(
        conn,
        f"""
        SELECT {CHANGE_COLUMNS}, c.diff_html, t.short_ru, t.short_kk, t.title_ru, t.title_kk
        FROM (
          SELECT c.id AS chosen FROM changes c {join} WHERE {_where(filters)}
          ORDER BY c.redaction_date DESC, c.article_id, c.lang DESC, c.id LIMIT :limit OFFSET :offset
        ) s CROSS JOIN changes c ON c.id = s.chosen
        JOIN articles a ON a.id = c.article_id JOIN acts t ON t.id = a.act_id
        LEFT JOIN amending_acts l ON l.id = c.amending_act_id
        LEFT JOIN article_versions o ON o.id = c.old_version_id
        LEFT JOIN article_versions n ON n.id = c.new_version_id
        ORDER BY c.redaction_date DESC, c.article_id, c.lang DESC, c.id
        """,  # noqa: S608 - conditions are constants of this module
        {**filters.chosen(), "limit": limit, "offset": offset},
    )


def first_change(conn: sqlite3.Connection, act_id: str | None) -> str | None:
    """Date of the earliest change, of one act or of all."""
    if act_id is None:
        found = conn.execute("SELECT min(redaction_date) FROM changes").fetchone()
    else:
        bounds = _range(act_id)
        found = conn.execute(
            "SELECT min(redaction_date) FROM changes WHERE article_id >= :first AND article_id < :last", bounds
        ).fetchone()
    return str(found[0]) if found[0] else None


def chapters(conn: sqlite3.Connection, act_id: str) -> list[Row]:
    """Headings of an act, for a filter."""
    return _rows(
        conn,
        "SELECT eid, heading_ru, heading_kk, parents FROM articles WHERE act_id = ? AND kind = 'heading' "
        "ORDER BY position",
        [act_id],
    )


# ---- laws, topics, statistics


def law(conn: sqlite3.Connection, law_id: str) -> Row | None:
    return _row(conn, "SELECT * FROM amending_acts WHERE id = ?", [law_id])


def laws(conn: sqlite3.Connection, *, limit: int = 500) -> list[Row]:
    """Amending laws, newest first, with how many articles of how many acts each changed."""
    return _rows(
        conn,
        """
        SELECT l.*, coalesce(x.articles, 0) AS articles, coalesce(x.acts, 0) AS acts, x.redaction_date, x.in_force_from
        FROM amending_acts l LEFT JOIN (
          SELECT y.amending_act_id AS law, count(DISTINCT c.article_id) AS articles,
            count(DISTINCT a.act_id) AS acts, max(c.redaction_date) AS redaction_date,
            min(y.in_force_from) AS in_force_from
          FROM change_laws y JOIN changes c ON c.id = y.change_id JOIN articles a ON a.id = c.article_id
          GROUP BY y.amending_act_id
        ) x ON x.law = l.id
        ORDER BY coalesce(l.adopted_on, x.redaction_date) DESC, l.id LIMIT ?
        """,
        [limit],
    )


def latest_laws(conn: sqlite3.Connection, *, limit: int = 6) -> list[Row]:
    """The newest groups of substantive changes: one row per act, redaction date and law, with the articles touched."""
    return _rows(
        conn,
        """
        SELECT c.redaction_date, a.act_id, t.short_ru, t.short_kk, t.title_ru, t.title_kk, c.amending_act_id AS law_id,
          l.number AS law_number, l.adopted_on AS law_adopted_on, l.published_on, l.title AS law_title,
          l.title_kk AS law_title_kk, min(c.in_force_from) AS in_force_from, max(c.in_force_from) AS in_force_to,
          count(DISTINCT c.article_id) AS articles
        FROM (SELECT DISTINCT redaction_date FROM changes WHERE weight = 'substantive'
              ORDER BY redaction_date DESC LIMIT :limit) d
        CROSS JOIN changes c ON c.redaction_date = d.redaction_date AND c.weight = 'substantive'
        JOIN articles a ON a.id = c.article_id JOIN acts t ON t.id = a.act_id
        LEFT JOIN amending_acts l ON l.id = c.amending_act_id
        GROUP BY c.redaction_date, a.act_id, c.amending_act_id
        ORDER BY c.redaction_date DESC, articles DESC LIMIT :limit
        """,
        {"limit": limit},
    )


def law_changes(conn: sqlite3.Connection, law_id: str) -> list[Row]:
    """Every change that a law made, by act and article; a row per language, with the law's own in-force date for it."""
    return _rows(
        conn,
        f"""
        SELECT {CHANGE_COLUMNS}, t.short_ru, t.short_kk, t.title_ru, t.title_kk, x.action, x.unit,
          coalesce(x.in_force_from, c.in_force_from) AS law_in_force_from,
          coalesce(x.in_force_text, c.in_force_text) AS law_in_force_text, x.in_force_basis
        FROM change_laws x JOIN {CHANGE_SOURCE.replace("changes c", "changes c ON c.id = x.change_id", 1)}
        JOIN acts t ON t.id = a.act_id
        WHERE x.amending_act_id = ?
        ORDER BY a.act_id, a.position, c.redaction_date, c.lang DESC, x.position
        """,  # noqa: S608 - constants of this module
        [law_id],
    )


def law_claims(conn: sqlite3.Connection, law_id: str) -> list[Row]:
    """Units whose notes name a law although no observed change is attributed to it, by act and article."""
    return _rows(
        conn,
        """
        SELECT m.act_id, m.article_id, a.eid, a.kind, a.number, a.heading_ru, a.heading_kk, t.short_ru, t.short_kk,
          t.title_ru, t.title_kk, min(m.note) AS note, min(m.action) AS action, min(m.in_force_from) AS in_force_from,
          group_concat(DISTINCT m.lang) AS langs
        FROM amendments m JOIN acts t ON t.id = m.act_id LEFT JOIN articles a ON a.id = m.article_id
        WHERE m.amending_act_id = :law AND NOT EXISTS (
          SELECT 1 FROM change_laws x JOIN changes c ON c.id = x.change_id
          WHERE x.amending_act_id = :law AND c.article_id = m.article_id)
        GROUP BY m.act_id, m.article_id ORDER BY m.act_id, a.position
        """,
        {"law": law_id},
    )


def topics(conn: sqlite3.Connection) -> list[Row]:
    """Topics in the registry's order, with the acts and single articles that belong to each."""
    return _rows(
        conn,
        """
        SELECT t.*, (SELECT count(*) FROM act_topics x WHERE x.topic_id = t.id) AS acts,
          (SELECT count(*) FROM article_topics y WHERE y.topic_id = t.id) AS articles
        FROM topics t ORDER BY t.position
        """,
    )


def topic(conn: sqlite3.Connection, topic_id: str) -> Row | None:
    return _row(conn, "SELECT * FROM topics WHERE id = ?", [topic_id])


def topic_acts(conn: sqlite3.Connection, topic_id: str) -> list[Row]:
    return _rows(
        conn,
        """
        SELECT a.*, (SELECT max(r.redaction_date) FROM redactions r WHERE r.act_id = a.id) AS newest
        FROM acts a JOIN act_topics x ON x.act_id = a.id WHERE x.topic_id = ? ORDER BY a.id
        """,
        [topic_id],
    )


def topic_articles(conn: sqlite3.Connection, topic_id: str) -> list[Row]:
    return _rows(
        conn,
        """
        SELECT a.*, (SELECT count(DISTINCT c.redaction_date) FROM changes c
                     WHERE c.article_id = a.id AND c.weight = 'substantive') AS changes
        FROM article_topics x JOIN articles a ON a.id = x.article_id
        WHERE x.topic_id = ? ORDER BY a.act_id, a.position
        """,
        [topic_id],
    )


def most_amended(conn: sqlite3.Connection, *, limit: int = 10) -> list[Row]:
    """Articles by the number of dates on which their text changed in substance."""
    return _rows(
        conn,
        """
        SELECT x.*, a.act_id, a.eid, a.kind, a.number, a.heading_ru, a.heading_kk, t.short_ru, t.short_kk, t.title_ru,
          t.title_kk
        FROM (
          SELECT article_id, count(DISTINCT redaction_date) AS changes, max(redaction_date) AS last_change
          FROM changes WHERE weight = 'substantive' AND op <> 'added'
          GROUP BY article_id ORDER BY 2 DESC, 3 DESC LIMIT :limit
        ) x JOIN articles a ON a.id = x.article_id JOIN acts t ON t.id = a.act_id
        WHERE a.kind <> 'heading' ORDER BY x.changes DESC, x.last_change DESC, a.position
        """,
        {"limit": limit},
    )


def totals(conn: sqlite3.Connection) -> Row:
    """Counts and dates for the home page."""
    found = _row(
        conn,
        """
        SELECT (SELECT count(*) FROM acts) AS acts, (SELECT count(*) FROM redactions) AS redactions,
          (SELECT count(*) FROM articles WHERE kind = 'article') AS articles,
          (SELECT count(*) FROM article_versions) AS versions, (SELECT count(*) FROM changes) AS changes,
          (SELECT count(*) FROM issues) AS issues,
          (SELECT max(last_checked) FROM coverage) AS last_checked,
          (SELECT max(redaction_date) FROM changes) AS last_change,
          (SELECT count(*) FROM snapshots) AS snapshots
        """,
    )
    assert found is not None
    return found


def issue_counts(conn: sqlite3.Connection) -> list[Row]:
    return _rows(
        conn,
        """
        SELECT kind, count(*) AS n, count(DISTINCT act_id) AS acts, min(detail) AS example
        FROM issues GROUP BY kind ORDER BY n DESC, kind
        """,
    )


def article_ids(conn: sqlite3.Connection) -> Iterable[str]:
    """Every article id, for the site's map."""
    return (row[0] for row in conn.execute("SELECT id FROM articles ORDER BY act_id, position"))
