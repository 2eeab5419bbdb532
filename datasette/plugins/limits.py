"""A bound on single values in readers' SQL, beside Datasette's bounds on time and rows.

`select randomblob(500000000)` takes a second and is one row: without this bound the server builds half a gigabyte for
it and its answer in JSON. The longest rows of the database, a unit with its lines, stay far below. The site's own pages
read through connections of their own.
"""

import sqlite3

from datasette import hookimpl

LONGEST = 16 * 1024 * 1024  # bytes of a text, a blob or a row


@hookimpl
def prepare_connection(conn):
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
