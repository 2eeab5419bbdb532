"""Composed pages, one or two for each construct of docs/markup.md, with the complete record of each beside it.

`NAME.LANG.html` is the page, `NAME.LANG.json` everything that `parse_page` gives for it. Where the record is missing,
or with LAWDIFF_WRITE_EXAMPLES=1, it is written and the test fails once: read it, then commit it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from parse_checks import ACT, assert_conserved, shown_by_lxml, shown_by_tokens

from lawdiff.model import Lang, Redaction
from lawdiff.parse import ChunkCache, parse_page

FOLDER = Path(__file__).parent / "examples" / "parse"
EXAMPLES = sorted(FOLDER.glob("*.html"))
MUST_BE_SHOWN = {
    "annexes", "bare_text", "carried", "contents", "excluded", "headings", "normative_notes", "notes",
    "quoted_headings", "resolution", "states", "tables",
}  # fmt: skip


def read(path: Path, cache: ChunkCache | None = None) -> Redaction:
    lang = Lang(path.stem.rpartition(".")[2])
    return parse_page(
        path.read_bytes(), act_id=ACT, lang=lang, redaction_date=date(2026, 1, 1), is_current=False, cache=cache
    )


def record_of(redaction: Redaction) -> dict[str, Any]:
    """Everything, as JSON, without the fields of a record that say nothing (None, empty)."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bare(one) for key, one in value.items() if one not in (None, "", (), [], 0)}
        if isinstance(value, list | tuple):
            return [bare(one) for one in value]
        return value.isoformat() if isinstance(value, date) else value

    return bare(asdict(redaction))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_page_gives_its_complete_record(path: Path) -> None:
    found = record_of(read(path))
    expected_file = path.with_suffix(".json")
    if os.environ.get("LAWDIFF_WRITE_EXAMPLES") or not expected_file.is_file():
        expected_file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected_file.name} was written: read it, and run again")
    assert found == json.loads(expected_file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_example_page_loses_or_gains_a_character(path: Path) -> None:
    redaction = read(path)
    assert_conserved(redaction, shown_by_lxml(path.read_bytes()))
    assert_conserved(redaction, shown_by_tokens(path.read_bytes()))


def test_reading_with_a_cache_gives_the_same_records_in_any_order() -> None:
    cache = ChunkCache()
    for path in (*EXAMPLES, *reversed(EXAMPLES)):
        assert read(path, cache) == read(path)


def test_every_construct_is_shown_in_both_languages() -> None:
    assert {path.stem for path in EXAMPLES} >= {f"{name}.{lang}" for name in MUST_BE_SHOWN for lang in Lang}
