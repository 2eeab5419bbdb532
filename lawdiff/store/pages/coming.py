"""What is to come: announced and adopted changes, and the days on which they enter into force."""

from __future__ import annotations

import sqlite3

from lawdiff.store.pages.ask import Row, rows


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
    return rows(
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
    """Days on which amendments enter into force, newest first: one row per act, law and day, with the articles.

    Those that the text shows, and those that a note announces for a day; `eids` is NULL where it is the whole act.
    """
    return rows(
        conn,
        """
        SELECT f.in_force_from, f.act_id, t.short_ru, t.short_kk, t.title_ru, t.title_kk, f.law_id,
          l.number AS law_number, l.adopted_on AS law_adopted_on, group_concat(DISTINCT a.eid) AS eids,
          max(f.seen) AS seen
        FROM (
          SELECT c.in_force_from, u.act_id, c.amending_act_id AS law_id, c.article_id,
            coalesce(c.first_seen, c.redaction_date) AS seen
          FROM changes c JOIN articles u ON u.id = c.article_id
          WHERE c.in_force_from IS NOT NULL AND c.weight = 'substantive'
          UNION ALL
          SELECT m.in_force_from, m.act_id, m.amending_act_id, m.article_id, m.first_redaction FROM amendments m
          WHERE m.note_kind IN ('future', 'deferred', 'suspended') AND m.last_redaction IS NULL
            AND m.in_force_from IS NOT NULL
        ) f JOIN acts t ON t.id = f.act_id
        LEFT JOIN articles a ON a.id = f.article_id LEFT JOIN amending_acts l ON l.id = f.law_id
        WHERE (:since IS NULL OR f.in_force_from >= :since) AND (:act IS NULL OR f.act_id = :act)
        GROUP BY f.in_force_from, f.act_id, f.law_id
        ORDER BY f.in_force_from DESC, f.act_id, f.law_id LIMIT :limit
        """,
        {"act": act_id, "since": since, "limit": limit},
    )
