"""The schema: migrations forward from every stored release, and the data model that describes it."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
from stored import ROOT

from lawdiff import datamodel, schema
from lawdiff.errors import StoreError
from lawdiff.store import open_database
from lawdiff.store.write import Writer

STORED = Path(__file__).parent / "examples" / "schema"
# Tables that FTS5 keeps for itself.
SHADOW = re.compile(r"search_(fts|terms)_\w+|sqlite_\w+|_sqlite_migrations")


@pytest.fixture(scope="module")
def fresh() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    schema.prepare(connection)
    return connection


def objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    return {
        (kind, name): re.sub(r"\s+", " ", sql)
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    }


def rows_of(
    connection: sqlite3.Connection, table: str | None = None, columns: tuple[str, ...] | None = None
) -> dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]]:
    """Table → its columns and rows: of every table of ours, or of one in some columns."""
    found = {}
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for name in [table] if table else [name for name in names if not SHADOW.fullmatch(name) and name != "search_fts"]:
        own = columns or tuple(row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (name,)))
        listed = ", ".join(f'"{column}"' for column in own)
        rows = connection.execute(f'SELECT {listed} FROM "{name}"').fetchall()
        found[name] = (own, sorted((tuple(row) for row in rows), key=repr))
    return found


@pytest.mark.parametrize("stored", sorted(STORED.glob("*.db.gz")), ids=lambda path: path.name)
def test_a_file_of_an_earlier_release_comes_to_the_present_schema_with_its_rows(
    stored: Path, fresh: sqlite3.Connection, tmp_path: Path
) -> None:
    db = tmp_path / "lawdiff.db"
    db.write_bytes(gzip.decompress(stored.read_bytes()))
    version = int(stored.name.partition(".")[0])
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        held = rows_of(connection)
        assert len(held["article_versions"][1]) == 3
    if version < schema.schema_version():
        with pytest.raises(StoreError, match="run lawdiff build"):
            open_database(db)
    with Writer(db) as writer:
        writer.finish()
    with closing(open_database(db)) as connection:
        for table, (columns, rows) in held.items():
            assert rows_of(connection, table, columns)[table][1] == rows, table
        migrated = objects(connection)
        assert {
            name: re.sub(r"\s+", " ", sql) for name, sql in migrated.items() if name[1] != "sqlite_stat1"
        } == objects(fresh)
        assert connection.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID


def test_every_release_has_a_stored_file() -> None:
    versions = {int(path.name.partition(".")[0]) for path in STORED.glob("*.db.gz")}
    assert versions == set(range(1, schema.schema_version() + 1))


def test_the_schema_version_is_the_number_of_migrations(fresh: sqlite3.Connection) -> None:
    assert fresh.execute("PRAGMA user_version").fetchone()[0] == schema.schema_version()
    assert fresh.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0] == schema.schema_version()


def test_a_script_is_cut_into_whole_statements() -> None:
    script = "CREATE TABLE a (b TEXT DEFAULT ';');\n-- a ; comment\nCREATE TABLE c (\n d TEXT\n);\n"
    assert len(list(schema.statements(script))) == 2


def test_every_table_view_and_column_is_described_and_nothing_else(fresh: sqlite3.Connection) -> None:
    names = {
        row[0]
        for row in fresh.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        if not SHADOW.fullmatch(row[0])
    }
    assert names == {table.name for table in datamodel.TABLES}
    for table in datamodel.TABLES:
        columns = [row[0] for row in fresh.execute("SELECT name FROM pragma_table_info(?)", (table.name,))]
        assert columns == [column.name for column in table.columns], table.name


def test_types_and_null_rules_are_those_of_the_schema(fresh: sqlite3.Connection) -> None:
    for table in datamodel.TABLES:
        if table.is_view or table.name.startswith("search_"):
            continue
        rows = fresh.execute('SELECT name, type, "notnull" OR pk > 0 FROM pragma_table_info(?)', (table.name,))
        for (name, declared, required), column in zip(rows.fetchall(), table.columns, strict=True):
            assert declared == datamodel.SQLITE_TYPE.get(column.type, "TEXT"), (table.name, name)
            assert bool(required) == (not column.null), (table.name, name)


def test_every_description_says_something() -> None:
    for table in datamodel.TABLES:
        assert table.row
        for column in table.columns:
            assert len(column.meaning) > 3, (table.name, column.name)
            assert column.example, (table.name, column.name)
            if column.values:
                assert column.example in column.values, (table.name, column.name)
            assert fits(column.type, column.example), (table.name, column.name, column.example)
            assert column.type in datamodel.TYPES


def fits(kind: str, example: str) -> bool:
    """Whether an example is a value of the column's type; a JSON example may be cut with «…»."""
    if kind == "integer":
        return example.lstrip("-").isdigit()
    if kind == "real":
        return re.fullmatch(r"-?\d+\.\d+", example) is not None
    if kind == "boolean":
        return example in {"0", "1"}
    if kind == "date":
        return date.fromisoformat(example) is not None
    if kind == "timestamp":
        return datetime.fromisoformat(example).tzinfo is not None
    return kind != "json" or "…" in example or json.loads(example) is not None


def test_the_document_is_what_the_model_prints() -> None:
    document = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    assert document == datamodel.markdown(), "run: python -m lawdiff.datamodel > docs/data-model.md"


def test_dates_json_and_closed_lists_hold_in_a_real_database(tmp_path: Path) -> None:
    """The sample obeys the types and lists of values that the model states."""
    from stored import SAMPLE, build_all, crawl_files, page_files

    crawl_files(tmp_path / "archive", page_files(SAMPLE))
    build_all(tmp_path / "archive", tmp_path / "lawdiff.db")
    with closing(open_database(tmp_path / "lawdiff.db")) as connection:
        for table in datamodel.TABLES:
            if table.name.startswith("search_"):
                continue
            for column in table.columns:
                values = [row[0] for row in connection.execute(f'SELECT DISTINCT "{column.name}" FROM "{table.name}"')]
                assert column.null or None not in values, (table.name, column.name)
                held = [value for value in values if value is not None]
                if column.values:
                    assert set(held) <= set(column.values), (table.name, column.name)
                if column.type == "date":
                    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", value) for value in held), (table.name, column.name)
                if column.type == "boolean":
                    assert set(held) <= {0, 1}
                if column.type == "json":
                    name = f'"{column.name}"'
                    bad = f'SELECT count(*) FROM "{table.name}" WHERE {name} IS NOT NULL AND NOT json_valid({name})'
                    assert connection.execute(bad).fetchone()[0] == 0, (table.name, column.name)
