"""Tables as files: newline-delimited JSON, one JSON document, CSV with a Frictionless data package.

The columns, their types and meanings come from `lawdiff.datamodel`. Rows come as a stream and leave as a stream.
Columns `*_json` are nested values in JSON and text in CSV; NULL is null in JSON and an empty cell in CSV.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lawdiff.datamodel import TABLES, Table

Rows = Callable[[str, tuple[str, ...]], Iterable[tuple[object, ...]]]
_FRICTIONLESS = {
    "text": "string", "integer": "integer", "real": "number", "date": "date", "timestamp": "string", "json": "string",
    "html": "string", "boolean": "string",
}  # fmt: skip
_JSON_TYPE = {"integer": "integer", "real": "number", "boolean": "integer"}


@dataclass(frozen=True, slots=True)
class CsvFile:
    """One file of the package: name, the table behind it, bytes in chunks."""

    name: str
    table: Table
    chunks: Iterator[bytes]


def exported_tables() -> tuple[Table, ...]:
    """The tables of the contract: what is stable and no view."""
    return tuple(table for table in TABLES if table.stable and not table.is_view)


def _names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def _record(table: Table, row: tuple[object, ...]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for column, value in zip(table.columns, row, strict=True):
        if column.type == "json" and isinstance(value, str):
            out[column.name] = json.loads(value)
        else:
            out[column.name] = value
    return out


def ndjson(rows: Rows) -> Iterator[bytes]:
    """One line per row: `{"table": …, "row": {…}}`, tables in the order of the data model."""
    for table in exported_tables():
        for row in rows(table.name, _names(table)):
            line = {"table": table.name, "row": _record(table, row)}
            yield json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def one_json(rows: Rows) -> Iterator[bytes]:
    """One document, `{"acts": [{…}, …], …}`, written as it goes."""
    yield b"{"
    for number, table in enumerate(exported_tables()):
        yield f"{',' if number else ''}\n{json.dumps(table.name)}:[".encode()
        for index, row in enumerate(rows(table.name, _names(table))):
            text = json.dumps(_record(table, row), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            yield f"{',' if index else ''}\n{text}".encode()
        yield b"\n]"
    yield b"\n}\n"


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a line of `ndjson`."""
    definitions = {}
    for table in exported_tables():
        properties = {column.name: _property(column.type, column.null, column.meaning, column.values)
                      for column in table.columns}  # fmt: skip
        definitions[table.name] = {
            "type": "object", "description": table.row, "properties": properties, "required": sorted(properties),
            "additionalProperties": False,
        }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lawdiff export, one line",
        "oneOf": [
            {
                "type": "object",
                "properties": {"table": {"const": name}, "row": {"$ref": f"#/$defs/{name}"}},
                "required": ["row", "table"],
                "additionalProperties": False,
            }
            for name in definitions
        ],
        "$defs": definitions,
    }


def _property(kind: str, null: str, meaning: str, values: tuple[str, ...]) -> dict[str, Any]:
    if kind == "json":
        return {"description": meaning}
    name = _JSON_TYPE.get(kind, "string")
    out: dict[str, Any] = {"type": [name, "null"] if null else name, "description": meaning}
    if values:
        out["enum"] = [*values, None] if null else list(values)
    return out


def csv_files(rows: Rows) -> Iterator[CsvFile]:
    """The CSV files of the package (RFC 4180, UTF-8, header line, `\\n`), each as chunks of bytes."""
    for table in exported_tables():
        yield CsvFile(f"{table.name}.csv", table, _csv(table, rows))


def _csv(table: Table, rows: Rows) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_names(table))
    for row in rows(table.name, _names(table)):
        writer.writerow(["" if value is None else value for value in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode("utf-8")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8")


def data_package(version: str) -> dict[str, Any]:
    """`datapackage.json` (Frictionless Data Package) that describes the CSV files."""
    return {
        "profile": "tabular-data-package",
        "name": "lawdiff",
        "title": "Amendment history of the law of Kazakhstan",
        "version": version,
        "description": "Unofficial; the official texts are on adilet.zan.kz. Texts of official acts are outside "
        "copyright.",
        "resources": [_resource(table) for table in exported_tables()],
    }


def _resource(table: Table) -> dict[str, Any]:
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "description": table.row,
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "schema": {
            "fields": [
                {"name": column.name, "type": _FRICTIONLESS[column.type], "description": column.meaning}
                for column in table.columns
            ],
            "missingValues": [""],
        },
    }
