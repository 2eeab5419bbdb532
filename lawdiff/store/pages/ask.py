"""What the questions of a page share: rows as dicts, the range of an act's ids, a change with its law and versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]


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


def rows(conn: sqlite3.Connection, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Row]:
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def row(conn: sqlite3.Connection, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> Row | None:
    return next(iter(rows(conn, sql, values)), None)


def id_range(act_id: str) -> dict[str, str]:
    """Bounds of the article ids of one act: `K1400000226/` … `K14000002260` ('0' follows '/')."""
    return {"first": f"{act_id}/", "last": f"{act_id}0"}
