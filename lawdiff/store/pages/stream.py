"""The stream of changes under a reader's filters, as a page and as a feed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, fields

from lawdiff.store.pages.ask import CHANGE_COLUMNS, Row, id_range, rows

MANY = 300  # a count is exact up to here; a page says «more than 300» beyond


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
    return rows(
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
    return rows(
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
        bounds = id_range(act_id)
        found = conn.execute(
            "SELECT min(redaction_date) FROM changes WHERE article_id >= :first AND article_id < :last", bounds
        ).fetchone()
    return str(found[0]) if found[0] else None


def chapters(conn: sqlite3.Connection, act_id: str) -> list[Row]:
    """Headings of an act, for a filter."""
    return rows(
        conn,
        "SELECT eid, heading_ru, heading_kk, parents FROM articles WHERE act_id = ? AND kind = 'heading' "
        "ORDER BY position",
        [act_id],
    )
