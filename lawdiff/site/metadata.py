"""`datasette/metadata.yml` and the data model → the metadata that Datasette is started with.

Titles, canned queries, facets and orders are in the YAML file, where a person edits them; what each table and column
means comes from `lawdiff.datamodel`, so that the pages cannot say anything else than the documentation.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import yaml

from lawdiff.datamodel import TABLES, TYPES, Column
from lawdiff.errors import LawdiffError


def site_metadata(source: Path) -> dict[str, Any]:
    """The metadata as a dict that `json.dumps` takes. Raises LawdiffError where the YAML file cannot be read."""
    try:
        metadata = yaml.safe_load(source.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise LawdiffError(f"cannot read {source}: {error}; restore the file from the release") from error
    tables = metadata["databases"]["lawdiff"]["tables"]
    for table in TABLES:
        entry = tables.setdefault(table.name, {})
        entry["description_html"] = f"A row is {escape(table.row)}.".replace("`", "")
        entry["columns"] = {column.name: _meaning(column) for column in table.columns}
        if not table.stable:
            entry["hidden"] = True
    return dict(metadata)


def _meaning(column: Column) -> str:
    """One line for a column: meaning, type, unit, what NULL says, an example."""
    said = column.meaning + (f" ({', '.join(column.values)})" if column.values else "")
    kind = TYPES[column.type].partition(",")[0]
    facts = [kind + (f", {column.unit}" if column.unit else "")]
    if column.null:
        facts.append(f"empty: {column.null}")
    if column.example:
        facts.append(f"for example {column.example}")
    return f"{said}. {'; '.join(facts)}".replace("..", ".").replace("`", "")
