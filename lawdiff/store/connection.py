"""Opening the database: read-only for readers, and SQLite's errors as one line that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from lawdiff.errors import StoreError
from lawdiff.schema import check_readable


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say about `path` into StoreError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: {error}; {_advice(str(error))}") from error
    except BrokenPipeError:
        raise  # the reader of our output has seen enough
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; {_advice(str(error).lower())}") from error


def _advice(message: str) -> str:
    if "full" in message or "no space" in message:
        return "free some space and run lawdiff build again (the earlier database is untouched)"
    if "locked" in message or "busy" in message:
        return "another program holds the file: stop it, or wait, and try again"
    if "readonly" in message or "read-only" in message or "permission" in message:
        return "make the folder and the file writable, or name another place with --db"
    if "not a database" in message:
        return "name the database with --db; if this file should be it, move it away and run lawdiff build"
    if "malformed" in message or "corrupt" in message:
        return "delete the file and run lawdiff build: the archive holds everything"
    return "check the path (--db) and run lawdiff build"


def open_database(path: Path, *, immutable: bool = True) -> sqlite3.Connection:
    """A read-only connection with rows by name. Builds replace the file whole, so an open one never changes.

    Raises StoreError where the file is missing, foreign, of another schema, or damaged.
    """
    if not path.is_file():
        raise StoreError(f"there is no database {path}; run lawdiff build first, or name it with --db")
    with translated(path):
        address = f"file:{quote(str(path.resolve()))}?mode=ro" + ("&immutable=1" if immutable else "")
        connection = sqlite3.connect(address, uri=True)
        try:
            check_readable(connection)
        except BaseException:
            connection.close()
            raise
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """`open_database` for the length of a block; what SQLite says meanwhile (a damaged page) is a StoreError too."""
    with translated(path):
        connection = open_database(path)
        try:
            yield connection
        finally:
            connection.close()
