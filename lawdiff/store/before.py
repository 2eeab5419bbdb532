"""The database as it was before a build: what it was made from, and which changes it held.

A newer reader (code that reads pages) may read an old page differently. Such a difference is no event of the law: it is
recorded in `technical_records`, per change, so that alerts stay silent about it. The records outlive rebuilds, because
they are a history of the program; the dump that proves rebuild identity leaves them out.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lawdiff.errors import StoreError
from lawdiff.schema import check_readable
from lawdiff.store.connection import translated
from lawdiff.store.rows import Row

_CHANGES = """
SELECT c.id, c.lang, c.redaction_date, c.op, c.weight, c.diff_json, o.text_sha256, n.text_sha256
FROM articles a JOIN changes c ON c.article_id = a.id
LEFT JOIN article_versions o ON o.id = c.old_version_id LEFT JOIN article_versions n ON n.id = c.new_version_id
WHERE a.act_id = ? ORDER BY c.id
"""
_USED_LAWS = """
SELECT a.act_id, x.amending_act_id FROM change_laws x JOIN changes c ON c.id = x.change_id
JOIN articles a ON a.id = c.article_id
UNION SELECT act_id, amending_act_id FROM amendments WHERE amending_act_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What identifies one change as read: its event (op and weight), and a digest of its texts and words."""

    lang: str
    redaction_date: str
    event: str
    words: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The changes of one act by id, and the redactions with the pages they came from."""

    reader: str
    changes: dict[str, Mark]
    redactions: frozenset[tuple[str, str, int | None]]


@dataclass(frozen=True, slots=True)
class Provenance:
    inputs_sha256: str
    laws_sha256: str
    reader: str


@dataclass(frozen=True, slots=True)
class Before:
    """What the earlier file says; empty where there is none."""

    path: Path | None = None
    meta: dict[str, str] = field(default_factory=dict)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    used_laws: dict[str, frozenset[str]] = field(default_factory=dict)
    technical: tuple[Row, ...] = ()

    @property
    def journal_seq(self) -> int:
        return int(self.meta.get("journal_seq", "0"))

    @property
    def journal_hash(self) -> str:
        return self.meta.get("journal_hash", "")

    def marks(self, act_id: str, reader: str) -> Marks | None:
        """The changes of an act if another reader read them, to be compared with what this one reads."""
        held = self.provenance.get(act_id)
        if self.path is None or held is None or held.reader == reader:
            return None
        connection = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return Marks(held.reader, _changes(connection, act_id), _redactions(connection, act_id))
        finally:
            connection.close()


def read_before(db: Path) -> Before:
    """What `db` says of itself. Raises StoreError for a foreign or newer file, or one that is damaged."""
    if not db.exists():
        return Before()
    if db.stat().st_size == 0:
        raise StoreError(f"{db} is empty, no lawdiff database; delete it or name another with --db")
    with translated(db):
        connection = sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            check_readable(connection, empty_is_fine=True)
            used: dict[str, set[str]] = {}
            for act_id, law in connection.execute(_USED_LAWS):
                used.setdefault(act_id, set()).add(law)
            return Before(
                db,
                dict(connection.execute("SELECT key, value FROM meta")),
                {row[0]: Provenance(*row[1:]) for row in connection.execute(
                    "SELECT act_id, inputs_sha256, laws_sha256, reader FROM provenance")},
                {act_id: frozenset(laws) for act_id, laws in used.items()},
                tuple(connection.execute("SELECT * FROM technical_records ORDER BY id")),
            )  # fmt: skip
        finally:
            connection.close()


def carry_over(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Keep the technical records of the earlier file."""
    connection.executemany("INSERT OR IGNORE INTO technical_records VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def record_differences(connection: sqlite3.Connection, act_id: str, before: Marks | None, reader: str) -> list[str]:
    """Compare an act's changes with those of the earlier reader; record the differences, and name them.

    Only redactions that both readers read from the same page count: a page that came since is an event, not a reading.
    """
    if before is None:
        return []
    shared = {key[:2] for key in before.redactions & _redactions(connection, act_id)}
    now = _changes(connection, act_id)
    rows: list[Sequence[str]] = []
    for change_id in sorted(now.keys() | before.changes.keys()):
        old, new = before.changes.get(change_id), now.get(change_id)
        either = new or old
        if old == new or either is None or (either.lang, either.redaction_date) not in shared:
            continue
        what = _difference(old, new)
        rows.append(
            (
                f"{change_id}@{reader[:12]}",
                change_id,
                act_id,
                either.lang,
                either.redaction_date,
                what,
                before.reader,
                reader,
            )
        )
    carry_over(connection, (tuple(row) for row in rows))
    return [str(row[1]) for row in rows]


def _difference(old: Mark | None, new: Mark | None) -> str:
    """`reworded` is the same event in other words: what is still to come of it (its day in force) may be told."""
    if old is None or new is None:
        return "new" if old is None else "gone"
    return "reworded" if old.event == new.event else "different"


def _changes(connection: sqlite3.Connection, act_id: str) -> dict[str, Mark]:
    return {
        row[0]: Mark(row[1], row[2], f"{row[3]} {row[4]}", hashlib.sha256(repr(row[5:]).encode()).hexdigest())
        for row in connection.execute(_CHANGES, (act_id,))
    }


def _redactions(connection: sqlite3.Connection, act_id: str) -> frozenset[tuple[str, str, int | None]]:
    rows = connection.execute("SELECT lang, redaction_date, snapshot_id FROM redactions WHERE act_id = ?", (act_id,))
    return frozenset((row[0], row[1], row[2]) for row in rows)
