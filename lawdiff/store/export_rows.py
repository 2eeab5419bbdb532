"""What exports read, streamed: nothing here holds more than one row, or one act's headings, in memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date

from lawdiff.errors import StoreError
from lawdiff.exports.akn import ActFacts
from lawdiff.exports.gitrepo import FileChange, LawName
from lawdiff.model import Lang
from lawdiff.store.read import redaction_dates

_FILES = """
SELECT * FROM (
SELECT v.valid_from AS day, c.amending_act_id AS law, l.adopted_on AS adopted, a.act_id, a.eid, v.lang, v.heading,
       v.text, v.state, coalesce(c.op, 'baseline') AS op, a.position, v.version_no
FROM article_versions v JOIN articles a ON a.id = v.article_id
LEFT JOIN changes c ON c.new_version_id = v.id AND (c.old_version_id IS NULL OR c.old_version_id <> v.id)
LEFT JOIN amending_acts l ON l.id = c.amending_act_id
WHERE a.act_id IN (SELECT value FROM json_each(:acts))
UNION ALL
SELECT v.valid_to, NULL, NULL, a.act_id, a.eid, v.lang, v.heading, '', 'gone', 'gone', a.position, v.version_no + 1
FROM article_versions v JOIN articles a ON a.id = v.article_id
WHERE a.act_id IN (SELECT value FROM json_each(:acts)) AND v.valid_to IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM article_versions n WHERE n.article_id = v.article_id AND n.lang = v.lang
                  AND n.version_no > v.version_no)
) ORDER BY day, law IS NULL, adopted IS NULL, adopted, law, act_id, lang DESC, position, version_no
"""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def act_ids(conn: sqlite3.Connection, wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The acts with text, or those of `wanted`. Raises StoreError naming one that the database does not hold."""
    held = tuple(row[0] for row in conn.execute("SELECT DISTINCT act_id FROM redactions ORDER BY act_id"))
    missing = [act_id for act_id in wanted if act_id not in held]
    if missing:
        raise StoreError(f"the database holds no text of {', '.join(missing)}; run lawdiff crawl, then lawdiff build")
    return tuple(act_id for act_id in held if not wanted or act_id in wanted)


def act_facts(conn: sqlite3.Connection, act_id: str, lang: Lang, on: date | None) -> ActFacts | None:
    """Facts for the head of a document; None where there is no redaction on the day (None: the newest)."""
    days = [day for day in redaction_dates(conn, act_id, lang) if on is None or day <= on]
    if not days:
        return None
    row = conn.execute("SELECT * FROM acts WHERE id = ?", (act_id,)).fetchone()
    laws = conn.execute(
        "SELECT DISTINCT l.id, l.number, l.adopted_on, l.title FROM amending_acts l JOIN change_laws x"
        " ON x.amending_act_id = l.id JOIN changes c ON c.id = x.change_id JOIN articles a ON a.id = c.article_id"
        " WHERE a.act_id = ? AND c.lang = ? AND c.redaction_date <= ? ORDER BY l.adopted_on, l.id",
        (act_id, lang, days[-1].isoformat()),
    )
    title = row[f"title_{lang}"] or row["title_ru"] or row["title_kk"] or act_id
    return ActFacts(
        act_id, lang, title, row["number"], _day(row["adopted_on"]), row["kind"], row["url"] or "", tuple(days),
        days[-1], tuple((law["id"], law["number"], _day(law["adopted_on"]), law["title"]) for law in laws),
    )  # fmt: skip


def file_changes(conn: sqlite3.Connection, acts: tuple[str, ...]) -> Iterator[FileChange]:
    """Every version of the acts in the order of commits."""
    for row in conn.execute(_FILES, {"acts": json.dumps(acts)}):
        yield FileChange(
            date.fromisoformat(row["day"]), row["law"], row["act_id"], row["eid"], Lang(row["lang"]), row["heading"],
            row["text"], row["state"], row["op"],
        )  # fmt: skip


def law_names(conn: sqlite3.Connection) -> dict[str, LawName]:
    """Amending acts by id."""
    return {
        row["id"]: LawName(row["id"], row["number"], _day(row["adopted_on"]), row["title"])
        for row in conn.execute("SELECT id, number, adopted_on, title FROM amending_acts")
    }


def table_rows(
    conn: sqlite3.Connection, table: str, columns: tuple[str, ...], acts: tuple[str, ...] | None
) -> Iterator[tuple[object, ...]]:
    """Rows of a published table or view in the order of its first columns; only those of `acts` where it has acts.

    table and columns come from the data model, never from a user.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    order = ", ".join(str(number) for number in range(1, min(len(columns), 4) + 1))
    condition, values = "", {}
    if acts is not None and (column := _act_column(table, columns)):
        condition = f" WHERE {column} IN (SELECT value FROM json_each(:acts))"  # noqa: S608 - names of the data model
        values = {"acts": json.dumps(acts)}
    query = f'SELECT {names} FROM "{table}"{condition} ORDER BY {order}'  # noqa: S608 - names of the data model
    for row in conn.execute(query, values):
        yield tuple(row)


def _act_column(table: str, columns: tuple[str, ...]) -> str | None:
    """SQL for the act that a row belongs to."""
    if table == "acts":
        return "id"
    if "act_id" in columns:
        return "act_id"
    if "article_id" in columns:
        return "substr(article_id, 1, 11)"
    if "change_id" in columns:
        return "substr(change_id, 1, 11)"
    return None
