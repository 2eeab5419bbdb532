"""Rows into the file: one transaction per act, and the database made beside the old one.

`Writer` owns a connection to a file that nobody reads yet; `lawdiff.build` swaps it in when it is whole.
Foreign keys are checked once at the end (`PRAGMA foreign_key_check`) instead of per row: deleting an act's rows would
else scan every table that refers to them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from lawdiff.errors import StoreError
from lawdiff.identifiers import official_url
from lawdiff.model import AmendingAct, Lang
from lawdiff.registry import Registry
from lawdiff.schema import prepare
from lawdiff.store.rows import COLUMNS, ActRows, Row, SearchDoc
from lawdiff.store.words import index_text

_SNAPSHOT_COLUMNS = (
    "id", "url", "act_id", "lang", "redaction_date", "page_kind", "fetched_at", "http_status", "sha256", "size",
    "warc_file", "warc_offset", "verdict", "detail", "article_sha256",
)  # fmt: skip
_LAW_COLUMNS = ("id", "number", "adopted_on", "published_on", "title", "title_kk", "url")
# Children first, so that a failure in the middle never leaves an orphan to explain.
_ACT_TABLES = {
    "change_laws": (
        "change_id IN (SELECT c.id FROM articles a JOIN changes c ON c.article_id = a.id WHERE a.act_id = ?)"
    ),
    "changes": "article_id IN (SELECT id FROM articles WHERE act_id = ?)",
    "amendments": "act_id = ?",
    "article_versions": "article_id IN (SELECT id FROM articles WHERE act_id = ?)",
    "article_topics": "article_id IN (SELECT id FROM articles WHERE act_id = ?)",
    "redactions": "act_id = ?",
    "issues": "act_id = ? AND id NOT LIKE 'snapshot/%'",
    "articles": "act_id = ?",
}


class Writer:
    """Writes into one file. Use as a context manager; leaving it commits nothing that is not committed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._acts_written = 0
        self.connection = sqlite3.connect(path, isolation_level=None)
        # Rows of four kilobytes and more fit a page of sixteen better than one of four (a tenth smaller, measured); it
        # takes effect on a new file only.
        self.connection.execute("PRAGMA page_size = 16384")
        self.connection.execute("PRAGMA journal_mode = MEMORY")
        self.connection.execute("PRAGMA synchronous = OFF")  # the file is synced once, before it is swapped in
        prepare(self.connection)
        self.connection.execute("PRAGMA foreign_keys = OFF")
        self.connection.execute("PRAGMA cache_size = -4000")

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    # What the journal says

    def write_snapshots(self, rows: Iterable[Row]) -> None:
        """Fetches of the archive's journal; those already held stay."""
        self._insert("snapshots", _SNAPSHOT_COLUMNS, rows, "INSERT OR IGNORE")

    def write_snapshot_issues(self, rows: Iterable[Row]) -> None:
        """Refused fetches that no later good fetch of the same page has made good, anew in each build."""
        self.connection.execute("DELETE FROM issues WHERE id LIKE 'snapshot/%'")
        self._insert("issues", COLUMNS["issues"], rows)

    def mention_acts(self, act_ids: Iterable[str], registry: Registry) -> None:
        """A row for every act that is covered, also for one that could not be read."""
        for act_id in act_ids:
            tracked = registry.get(act_id)
            self.connection.execute(
                "INSERT OR IGNORE INTO acts (id, url, short_ru, short_kk, tracked) VALUES (?, ?, ?, ?, ?)",
                (
                    act_id,
                    official_url(act_id, Lang.RU),
                    tracked.short_ru if tracked else None,
                    tracked.short_kk if tracked else None,
                    int(tracked is not None),
                ),
            )

    def write_failures(self, failed: Iterable[tuple[str, str]]) -> None:
        """One issue per act that was not built; it goes when the act is written."""
        self._insert(
            "issues",
            COLUMNS["issues"],
            ((f"{act_id}/not_built", "not_built", act_id, None, None, said, None) for act_id, said in failed),
            "INSERT OR REPLACE",
        )

    def write_coverage(self, rows: Iterable[Row]) -> None:
        self.connection.execute("DELETE FROM coverage")
        self._insert("coverage", COLUMNS["coverage"], rows)

    def write_meta(self, values: Mapping[str, str]) -> None:
        self._insert("meta", ("key", "value"), sorted(values.items()), "INSERT OR REPLACE")

    def write_registry(self, registry: Registry) -> None:
        """Topics, and the short names and topics of the acts that are present."""
        self.connection.execute("DELETE FROM act_topics")
        kept = [topic.id for topic in registry.topics]
        marks = ",".join("?" * len(kept))
        self.connection.execute(f"DELETE FROM article_topics WHERE topic_id NOT IN ({marks})", kept)  # noqa: S608
        self.connection.execute("DELETE FROM topics")
        self._insert(
            "topics",
            ("id", "name_ru", "name_kk", "name_en", "position"),
            (
                (topic.id, topic.name_ru, topic.name_kk, topic.name_en, place)
                for place, topic in enumerate(registry.topics, 1)
            ),
        )
        present = {row[0] for row in self.connection.execute("SELECT id FROM acts")}
        self._insert(
            "act_topics",
            ("act_id", "topic_id"),
            sorted((act.id, topic) for act in registry.acts if act.id in present for topic in act.topics),
        )

        self._write_classification(registry)

    def _write_classification(self, registry: Registry) -> None:
        """What the registry says of offences and of who regulates what."""
        for table in ("regulators", "offence_objects", "severity_overrides"):
            self.connection.execute(f"DELETE FROM {table}")  # noqa: S608
        counts: dict[str, int] = {}
        for one in registry.regulators:
            counts[one.topic] = counts.get(one.topic, 0) + 1
            self.connection.execute(
                "INSERT INTO regulators VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (one.topic, counts[one.topic], *astuple(one)[1:]),
            )
        self.connection.executemany(
            "INSERT INTO offence_objects VALUES (?, ?, ?, ?, ?)", [astuple(one) for one in registry.objects]
        )
        self.connection.executemany(
            "INSERT INTO severity_overrides VALUES (?, ?, ?, ?, ?)", [astuple(one) for one in registry.severities]
        )

    # One act

    def replace_act(self, rows: ActRows, provenance: Row) -> None:
        """Write an act's rows in place of those held before. Call inside a transaction.

        provenance: inputs_sha256, laws_sha256, reader.
        """
        self._acts_written += 1
        self.delete_act(rows.act_id)
        self.write_laws(rows.laws)
        self._mention_laws(rows)
        self._insert("acts", COLUMNS["acts"], rows.rows("acts"), "INSERT OR REPLACE")
        for table in ("articles", "article_topics", "redactions", "article_versions", "changes", "change_laws",
                      "amendments", "issues"):  # fmt: skip
            self._insert(table, COLUMNS[table], rows.rows(table))
        self._index(rows.act_id, rows.search())
        self._insert("provenance", ("act_id", "inputs_sha256", "laws_sha256", "reader"), [(rows.act_id, *provenance)])

    def delete_act(self, act_id: str) -> None:
        """Remove everything that was read of an act; its row, snapshots and coverage stay."""
        self._unindex(act_id)
        for table, where in _ACT_TABLES.items():
            self.connection.execute(f"DELETE FROM {table} WHERE {where}", (act_id,))  # noqa: S608
        self.connection.execute("DELETE FROM provenance WHERE act_id = ?", (act_id,))

    def write_laws(self, laws: Iterable[AmendingAct]) -> None:
        """Amending acts; what an earlier source told stays where this one is silent."""
        self.connection.executemany(
            "INSERT INTO amending_acts (id, number, adopted_on, published_on, title, title_kk, url)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " number = coalesce(excluded.number, number), adopted_on = coalesce(excluded.adopted_on, adopted_on),"
            " published_on = coalesce(excluded.published_on, published_on), title = coalesce(excluded.title, title),"
            " title_kk = coalesce(excluded.title_kk, title_kk), url = coalesce(excluded.url, url)",
            [
                (
                    law.id,
                    law.number,
                    law.adopted_on.isoformat() if law.adopted_on else None,
                    law.published_on.isoformat() if law.published_on else None,
                    law.title,
                    None,
                    law.url,
                )
                for law in laws
            ],
        )

    def _mention_laws(self, rows: ActRows) -> None:
        """A row for every law that a change or claim names, even where nothing but its id is known."""
        self.connection.executemany(
            "INSERT OR IGNORE INTO amending_acts (id) VALUES (?)", [(law,) for law in sorted(rows.named_laws)]
        )

    # Search

    def _index(self, act_id: str, documents: Iterable[SearchDoc]) -> None:
        (last,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM search_docs").fetchone()
        for key, doc in enumerate(documents, last + 1):
            self.connection.execute(
                "INSERT INTO search_docs (id, version_id, act_id, article_id, lang, is_current, weight)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, doc.version_id, act_id, doc.article_id, doc.lang, doc.is_current, doc.weight),
            )
            self.connection.execute(
                "INSERT INTO search_fts (rowid, heading, body) VALUES (?, ?, ?)", (key, doc.heading, doc.body)
            )

    def _unindex(self, act_id: str) -> None:
        """Take an act out of the index. It is contentless: FTS5 needs the words that were put in, so they are made
        again (a change of the word rules changes the reader, and then the whole index is emptied first)."""
        held = self.connection.execute(
            "SELECT d.id, d.lang, v.heading, v.text FROM search_docs d JOIN article_versions v ON v.id = d.version_id"
            " WHERE d.act_id = ?",
            (act_id,),
        )
        self.connection.executemany(
            "INSERT INTO search_fts (search_fts, rowid, heading, body) VALUES ('delete', ?, ?, ?)",
            [(key, index_text(heading, Lang(lang)), index_text(text, Lang(lang))) for key, lang, heading, text in held],
        )
        self.connection.execute("DELETE FROM search_docs WHERE act_id = ?", (act_id,))

    def empty_search(self) -> None:
        """Empty the index, because words are now made in another way."""
        self.connection.execute("INSERT INTO search_fts (search_fts) VALUES ('delete-all')")
        self.connection.execute("DELETE FROM search_docs")

    def finish(self) -> None:
        """Drop what nothing refers to, make the list of words for infix search, check keys, gather statistics, pack the
        file. Where no act was written, none of that is due. The connection is closed.

        Raises StoreError where a reference points nowhere (a defect of the program: nothing is swapped in then).
        """
        if not self._acts_written:
            return
        # The file is not in use yet and is thrown away if this fails: a journal would only hold the index once more.
        self.connection.execute("PRAGMA journal_mode = OFF")
        with self.transaction() as connection:
            connection.execute(
                "DELETE FROM amending_acts WHERE url IS NULL AND id NOT IN (SELECT amending_act_id FROM change_laws)"
                " AND id NOT IN (SELECT amending_act_id FROM changes WHERE amending_act_id IS NOT NULL)"
                " AND id NOT IN (SELECT amending_act_id FROM amendments WHERE amending_act_id IS NOT NULL)"
            )
            connection.execute("DELETE FROM search_terms")
            connection.execute(
                "INSERT INTO search_terms (term) SELECT term FROM search_vocabulary"
                " WHERE length(term) >= 3 AND term GLOB '*[^-0-9]*' ORDER BY term"
            )
            connection.execute("INSERT INTO search_terms (search_terms) VALUES ('optimize')")
            connection.execute("INSERT INTO search_fts (search_fts) VALUES ('optimize')")
        broken = self.connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise StoreError(
                f"row {broken[1]} of {broken[0]} refers to a row of {broken[2]} that is not there; the database was "
                "not replaced: report this with the archive"
            )
        self.connection.execute("ANALYZE")
        self._pack()

    def _pack(self) -> None:
        """Write the file anew without the gaps that ids in no order leave: a twentieth smaller. Into a second file,
        because VACUUM in place holds the whole of it in memory."""
        packed = self.path.with_name(self.path.name + "-packed")
        packed.unlink(missing_ok=True)
        try:
            self.connection.execute("PRAGMA cache_size = -1000")
            self.connection.execute("VACUUM INTO ?", (str(packed),))
            self.connection.close()
            packed.replace(self.path)
        finally:
            packed.unlink(missing_ok=True)

    def _insert(self, table: str, columns: Sequence[str], rows: Iterable[Row], verb: str = "INSERT") -> None:
        marks = ",".join("?" * len(columns))
        self.connection.executemany(f"{verb} INTO {table} ({','.join(columns)}) VALUES ({marks})", rows)


def counts(db: Path) -> dict[str, int]:
    """How many rows the tables that people count hold."""
    connection = sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("acts", "articles", "redactions", "article_versions", "changes", "amendments", "issues")
        }
    finally:
        connection.close()


def dump_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """The rows of every table in the order of its primary key: the same for two databases with the same rows.

    Left out: the search index (made from the texts) and `technical_records` (the history of the program, not of the
    law). `PRAGMA integrity_check` and `lawdiff check` look after those.
    """
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_%' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT IN ('technical_records', '_sqlite_migrations') ORDER BY name"
    ).fetchall()
    for (table,) in [tuple(row) for row in tables]:
        columns = connection.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
        keys = [name for name, place in sorted(map(tuple, columns), key=lambda pair: pair[1]) if place]
        names = ", ".join(f'quote("{name}")' for name, _ in map(tuple, columns))
        order = ", ".join(f'"{key}"' for key in keys)
        for row in connection.execute(f'SELECT {names} FROM "{table}" ORDER BY {order}'):  # noqa: S608
            yield f"{table}({', '.join(row)})"
