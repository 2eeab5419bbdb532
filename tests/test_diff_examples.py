"""Before and after, each pair named for what it shows, in both languages, with the complete expected ops beside it.

The expected record is `NAME.LANG.json`. Where it is missing, or with LAWDIFF_WRITE_EXAMPLES=1, it is written and the
test fails once: look at it, then commit it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hand_built import read_example

from lawdiff.diff import apply, apply_heading
from lawdiff.history import fold
from lawdiff.model import Change, Lang
from lawdiff.render import diff_html, diff_text, summary_sentence

FOLDER = Path(__file__).parent / "examples" / "diff"
EXAMPLES = sorted(FOLDER.glob("*.toml"))
MUST_BE_SHOWN = {
    "replaced_word", "negation", "number", "reference", "table_row", "inserted_part_renumbers_following", "moved_point",
    "heading_only", "restated_article", "exclusion_and_return", "homoglyph_only",
}  # fmt: skip


def record_of(change: Change, lang: Lang) -> dict[str, Any]:
    return {
        "change": change.key,
        "op": str(change.op),
        "weight": str(change.weight),
        "versions": [change.old_version, change.new_version],
        "words": [change.words_added, change.words_removed],
        "moved_from": change.moved_from,
        "sentence": {ui: summary_sentence(change.summary_json, ui) for ui in ("ru", "kk", "en")},
        "redline": diff_text(change.diff_json).split("\n"),
        "diff": json.loads(change.diff_json),
        "html": diff_html(change.diff_json, lang),
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_gives_its_expected_ops(path: Path) -> None:
    redactions = read_example(path)
    lang = redactions[0].header.lang
    found = [record_of(change, lang) for change in fold(redactions).changes]
    expected_file = path.with_suffix(".json")
    if os.environ.get("LAWDIFF_WRITE_EXAMPLES") or not expected_file.is_file():
        expected_file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected_file.name} was written: read it, and run again")
    assert found == json.loads(expected_file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_replays_from_its_first_text_to_its_last(path: Path) -> None:
    history = fold(read_example(path))
    versions = {version.key: version for version in history.versions}
    for change in history.changes:
        old = versions.get(change.old_version or "")
        new = versions[change.new_version or ""]
        assert apply(old.unit.text if old else "", change.diff_json) == new.unit.text
        assert apply_heading(old.unit.heading if old else "", change.diff_json) == new.unit.heading


def test_every_promised_example_is_there_in_both_languages() -> None:
    named = {path.name for path in EXAMPLES}
    assert {f"{name}.{lang}.toml" for name in MUST_BE_SHOWN for lang in ("ru", "kk")} <= named
    assert {path.stem for path in FOLDER.glob("*.json")} <= {path.stem for path in EXAMPLES}
