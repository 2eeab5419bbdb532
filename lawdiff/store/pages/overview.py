"""Topics, and what the home and status pages count."""

from __future__ import annotations

import sqlite3

from lawdiff.store.pages.ask import Row, row, rows


def topics(conn: sqlite3.Connection) -> list[Row]:
    """Topics in the registry's order, with the acts and single articles that belong to each."""
    return rows(
        conn,
        """
        SELECT t.*, (SELECT count(*) FROM act_topics x WHERE x.topic_id = t.id) AS acts,
          (SELECT count(*) FROM article_topics y WHERE y.topic_id = t.id) AS articles
        FROM topics t ORDER BY t.position
        """,
    )


def topic(conn: sqlite3.Connection, topic_id: str) -> Row | None:
    return row(conn, "SELECT * FROM topics WHERE id = ?", [topic_id])


def topic_acts(conn: sqlite3.Connection, topic_id: str) -> list[Row]:
    return rows(
        conn,
        """
        SELECT a.*, (SELECT max(r.redaction_date) FROM redactions r WHERE r.act_id = a.id) AS newest
        FROM acts a JOIN act_topics x ON x.act_id = a.id WHERE x.topic_id = ? ORDER BY a.id
        """,
        [topic_id],
    )


def topic_articles(conn: sqlite3.Connection, topic_id: str) -> list[Row]:
    return rows(
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
    return rows(
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
    found = row(
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


def holds_sample(conn: sqlite3.Connection) -> bool:
    """Whether the texts are the bundled sample, which says so in the titles of its acts: no page may hide that."""
    return conn.execute("SELECT 1 FROM acts WHERE instr(title_ru, 'образец lawdiff') LIMIT 1").fetchone() is not None


def issue_counts(conn: sqlite3.Connection) -> list[Row]:
    return rows(
        conn,
        """
        SELECT kind, count(*) AS n, count(DISTINCT act_id) AS acts, min(detail) AS example
        FROM issues GROUP BY kind ORDER BY n DESC, kind
        """,
    )
