"""Amending laws: each with what it changed, and what notes claim of it."""

from __future__ import annotations

import re
import sqlite3

from lawdiff.identifiers import ACT_ID
from lawdiff.store.pages.ask import CHANGE_COLUMNS, CHANGE_SOURCE, Row, row, rows
from lawdiff.text import fold_key

# The number of a law with its convocation, in letters of either alphabet: «210-VIII», «180-VІ».
_NUMBER = re.compile(r"\b\d{1,4}\s*[-‐‑–]\s*[IVXІХivxіх]+\b")
_LAW_ID = re.compile(ACT_ID.pattern)


def law(conn: sqlite3.Connection, law_id: str) -> Row | None:
    return row(conn, "SELECT * FROM amending_acts WHERE id = ?", [law_id])


def laws_named(conn: sqlite3.Connection, text: str) -> list[Row]:
    """Amending laws that a reader's words name by number («закон № 210-VIII ЗРК») or by the portal's id."""
    numbers = [fold_key(number.upper()) for number in _NUMBER.findall(text)]
    ids = list(_LAW_ID.findall(text.upper()))
    if not numbers and not ids:
        return []
    marks = [", ".join("?" * len(wanted)) for wanted in (numbers, ids)]
    return rows(
        conn,
        f"SELECT * FROM amending_acts WHERE number IN ({marks[0]}) OR id IN ({marks[1]}) "  # noqa: S608 - question marks
        "ORDER BY adopted_on DESC, id LIMIT 10",
        [*numbers, *ids],
    )


def laws(conn: sqlite3.Connection, *, limit: int = 500) -> list[Row]:
    """Amending laws, newest first, with how many articles of how many acts each changed."""
    return rows(
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
    """The newest groups of substantive changes: one row per act, redaction date and law, with the articles touched.

    A change that several laws made together counts for each of them, with the law's own day of entry into force.
    """
    return rows(
        conn,
        """
        SELECT c.redaction_date, a.act_id, t.short_ru, t.short_kk, t.title_ru, t.title_kk, l.id AS law_id,
          l.number AS law_number, l.adopted_on AS law_adopted_on, l.published_on, l.title AS law_title,
          l.title_kk AS law_title_kk,
          min(coalesce(k.in_force_from, iif(l.id IS c.amending_act_id, c.in_force_from, NULL))) AS in_force_from,
          count(DISTINCT c.article_id) AS articles
        FROM (SELECT DISTINCT redaction_date FROM changes WHERE weight = 'substantive'
              ORDER BY redaction_date DESC LIMIT :limit) d
        CROSS JOIN changes c ON c.redaction_date = d.redaction_date AND c.weight = 'substantive'
        JOIN articles a ON a.id = c.article_id JOIN acts t ON t.id = a.act_id
        LEFT JOIN change_laws k ON k.change_id = c.id
        LEFT JOIN amending_acts l ON l.id = coalesce(k.amending_act_id, c.amending_act_id)
        GROUP BY c.redaction_date, a.act_id, l.id
        ORDER BY c.redaction_date DESC, l.adopted_on DESC, articles DESC, a.act_id, l.id LIMIT :limit
        """,
        {"limit": limit},
    )


def law_changes(conn: sqlite3.Connection, law_id: str) -> list[Row]:
    """Every change that a law made, by act and article; a row per language, with the law's own in-force date for it."""
    return rows(
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
    return rows(
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
