"""Acts: which are held and how fresh, their structure on a day, their redactions."""

from __future__ import annotations

import sqlite3

from lawdiff.store.pages.ask import Row, id_range, row, rows


def acts(conn: sqlite3.Connection) -> list[Row]:
    """Every act that is tracked or held, codes first, with what is known of its freshness."""
    return rows(
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
    return rows(
        conn,
        """
        SELECT a.id, a.short_ru, a.short_kk, a.title_ru, a.title_kk FROM acts a
        WHERE EXISTS (SELECT 1 FROM redactions r WHERE r.act_id = a.id) ORDER BY a.id
        """,
    )


def act(conn: sqlite3.Connection, act_id: str) -> Row | None:
    return row(conn, "SELECT * FROM acts WHERE id = ?", [act_id])


def act_topics(conn: sqlite3.Connection, act_id: str) -> list[Row]:
    return rows(
        conn,
        "SELECT t.* FROM topics t JOIN act_topics x ON x.topic_id = t.id WHERE x.act_id = ? ORDER BY t.position",
        [act_id],
    )


def structure(conn: sqlite3.Connection, act_id: str, lang: str, day: str) -> list[Row]:
    """Units of an act in page order: how often each changed in `lang`, when last; its heading and state on `day`."""
    return rows(
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
        {"act": act_id, "lang": lang, "day": day, **id_range(act_id)},
    )


def held_since(conn: sqlite3.Connection, act_id: str) -> dict[str, str]:
    """Date of the first redaction held of an act, by language."""
    found = rows(
        conn, "SELECT lang, min(redaction_date) AS day FROM redactions WHERE act_id = ? GROUP BY lang", (act_id,)
    )
    return {row["lang"]: row["day"] for row in found}


def redactions(conn: sqlite3.Connection, act_id: str) -> list[Row]:
    """Redactions of an act in date order, with the languages held and the articles substantively changed under each."""
    return rows(
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
        {"act": act_id, **id_range(act_id)},
    )


def redaction_dates(conn: sqlite3.Connection, act_id: str, lang: str) -> list[str]:
    found = conn.execute(
        "SELECT DISTINCT redaction_date FROM redactions WHERE act_id = ? AND lang = ? ORDER BY 1", [act_id, lang]
    )
    return [row[0] for row in found]


def coverage(conn: sqlite3.Connection, act_id: str | None = None) -> list[Row]:
    """What was checked when, per act and language; every act without `act_id`."""
    return rows(
        conn,
        """
        SELECT k.*, a.short_ru, a.short_kk, a.title_ru, a.title_kk FROM coverage k JOIN acts a ON a.id = k.act_id
        WHERE :act IS NULL OR k.act_id = :act ORDER BY k.act_id, k.lang DESC
        """,
        {"act": act_id},
    )
